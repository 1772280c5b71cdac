package escrow

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// edited returns a contract's JSON with one text put in the place of another.
func edited(t *testing.T, c Contract, old, new string) string {
	t.Helper()
	text, err := c.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("there is no %s in %s", old, text)
	}
	return strings.Replace(string(text), old, new, 1)
}

func TestContractRefusals(t *testing.T) {
	all := testLife(t)
	review, funded := all[len(all)-2], all[4]
	for _, test := range []struct {
		name     string
		c        Contract
		old, new string
		reason   Reason
		field    string
	}{
		{"a field twice", review, `"title"`, `"title":"x","title"`, Malformed, "title"},
		{"letter case", review, `"title"`, `"Title"`, Malformed, "Title"},
		{"unknown", review, `"title"`, `"titel":"x","title"`, Malformed, "titel"},
		{"no UTF-8", review, `done`, "\xff", Malformed, "work"},
		{"half a pair", review, `done`, `\ud800`, Malformed, "work"},
		{"bidi", review, `first`, "\u202e", Malformed, "name"},
		{"control", review, `first`, `\n`, Malformed, "name"},
		{"too fine a time", review, `"decidedAt":"2026-06-02T01:00:00Z"`, `"decidedAt":"2026-06-02T01:00:00.0000000001Z"`, Malformed, "decidedAt"},
		{"count", review, `"revision":11`, `"revision":9007199254740992`, Malformed, "revision"},
		{"kind", review, `"rounds":3`, `"rounds":"3"`, Malformed, "rounds"},
		{"bounds", review, `"rounds":3`, `"rounds":10`, Malformed, "rounds"},
		{"choice", review, `"closed"`, `"close"`, Malformed, "mode"},
		{"amount", review, `"amount":"20.25"`, `"amount":"20.255"`, AmountScale, "parts.amount"},
		{"nothing", review, `"amount":"20.25"`, `"amount":"0"`, Malformed, "amount"},
		{"digits", review, `"price":"50.5"`, `"price":"` + strings.Repeat("9", 1000) + `"`, AmountBounds, "price"},
		{"number", review, `"partNumber":2`, `"partNumber":3`, Malformed, "parts.partNumber"},
		{"key twice", review, `"id":"p2"`, `"id":"p3"`, Malformed, "parts"},
		{"item field twice", review, `"id":"p2"`, `"id":"p2","id":"p2"`, Malformed, "parts.id"},
		{"item unknown", review, `"id":"p2"`, `"id":"p2","x":1`, Malformed, "parts.x"},
		{"item status", review, `"status":"planned"`, `"status":"plan"`, Malformed, "parts.status"},
		{"both names", review, `"price":"50.5"`, `"price":"50.5","priceUsd":"50.5"`, Malformed, "priceUsd"},
		{"alias in another asset", review, `"code":"USD","scale":2},"policy"`, `"code":"EUR","scale":2},"priceUsd":"50.5","policy"`, Malformed, "price"},
		{"policy unknown", review, `"fee":"0.05"`, `"fee":"0.05","separateDutys":true`, InvalidPolicy, "policy.separateDutys"},
		{"policy not whole", review, `"fee":"0.05",`, ``, Malformed, "policy"},
		{"policy bounds", review, `"quorum":1,"startFee"`, `"quorum":11,"startFee"`, Malformed, "quorum"},
		{"review", review, `"payoutReview":null`, `"payoutReview":{"minPayout":"1","quorum":11}`, Malformed, "payoutReview"},
		{"schema", review, `"schema":1`, `"schema":2`, Malformed, "schema"},
		{"version", review, `"lifecycleVersion":1`, `"lifecycleVersion":7`, UnknownLifecycle, ""},
		{"lifecycle", review, `"lifecycle":"parts"`, `"lifecycle":"other"`, UnknownLifecycle, ""},
		{"status", review, `"status":"review"`, `"status":"reviewed"`, Malformed, "status"},
		{"custody", funded, `{"account":"escrow","amount":"50.5"}`, `{"account":"escrow","amount":"50"}`, Malformed, "custody"},
		{"custody of an item", funded, `{"account":"part:p 1","amount":"10"}`, `{"account":"part:p 1","amount":"11"}`, Malformed, "custody"},
		{"custody of a stranger", funded, `{"account":"part:p 1"`, `{"account":"part:p 9"`, Malformed, "custody"},
		{"no such pot", funded, `{"account":"escrow"`, `{"account":"pot"`, Malformed, "custody.account"},
		{"too much", funded, `{"account":"tips","amount":"1.5"}`, `{"account":"tips","amount":"1000000000000000000000000000000000000.01"}`, AmountBounds, "custody.amount"},
		{"sheet", review, `["good",null,"bad"]`, `["good",null]`, Malformed, "result"},
		{"sheet's choice", review, `["good",null,"bad"]`, `["good",null,"ugly"]`, Malformed, "result"},
		{"form", review, `["j1","j2"]`, `["j1","j1"]`, Malformed, "jury"},
		{"form's rows", review, `["j1","j2"]`, `["j1","j2","j3","j4"]`, Malformed, "jury"},
		{"form's reader", review, `["j1","j2"]`, `{"a":1}`, Malformed, "jurors"},
		{"form's duplicate", review, `["j1","j2"]`, `[{"a":1,"a":2}]`, Malformed, "jurors.a"},
		{"approval's hash", review, `"hash":"e`, `"hash":"f`, Malformed, "approvals.hash"},
		{"approval's target", review, `"partId":"p 1","jobId"`, `"partId":"p2","jobId"`, Malformed, "approvals.partId"},
		{"approval's job", review, `"jobId":"job-1","bidId":"bid-1","expiresAt"`, `"jobId":"job-2","bidId":"bid-1","expiresAt"`, Malformed, "approvals.jobId"},
		{"approval's id", review, `"id":"c1-ap-6"`, `"id":"c1-ap-12"`, Malformed, "approvals.id"},
		{"approval's type", review, `"type":"pay_part"`, `"type":"amendment"`, Malformed, "approvals.type"},
		{"approval's account", review, `"from":"part:p 1","to":"house"`, `"from":"part:p 1","to":"mouse"`, Malformed, "approvals.movements.to"},
		{"approval's quorum", review, `"quorum":1,"confirmedBy":["h1"]`, `"quorum":2,"confirmedBy":["h1"]`, Malformed, "approvals.quorum"},
		{"approval's people", review, `["h1"]`, `["h1","h1"]`, Malformed, "approvals.confirmedBy"},
		{"approval's command", review, `{"action":"pay","partId":"p 1"}`, `{"action":"pay","partId":"p 1","x":1}`, Malformed, "approvals.command.x"},
		{"what follows", review, `"custody":[`, `"custody":[],"custody":[`, Malformed, "custody"},
	} {
		text := edited(t, test.c, test.old, test.new)
		_, err := ParseContract([]byte(text), testBook)
		var e *Error
		if !errors.As(err, &e) || e.Reason() != test.reason {
			t.Errorf("%s: %v, want %s", test.name, err, test.reason)
			continue
		}
		if at, _ := e.Details()["field"].(string); at != test.field {
			t.Errorf("%s: the field is %q, want %q: %v", test.name, at, test.field, err)
		}
	}
}

func TestTablesOfTheSameName(t *testing.T) {
	other, err := Define(testSpec())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseContract([]byte(`{}`), testBook, other); !errors.Is(err, UnknownLifecycle) {
		t.Fatal(err)
	}
	if _, err := ParseContract([]byte(`{}`)); !errors.Is(err, UnknownLifecycle) {
		t.Fatal(err)
	}
}

func TestImport(t *testing.T) {
	text := `{"title":"A","buyer":"acct_b","status":"review","work":"done","tries":1,"result":["good"],"price":50.5,"end":"2026-06-10T00:00:00Z","grace":"P1D","rounds":1,"mode":"open","checks":["one"],
		"createdAt":"2026-06-01T00:00:00Z","id":"c7","strange":{"a":[1,2]},"escrowed":"50.5",
		"parts":[{"id":"p1","amountUsd":7,"status":"funded","odd":null}],"custody":[{"account":"escrow","amount":"50.5"},{"account":"part:p1","amount":"7"}]}`
	c, err := ParseContract([]byte(text), testBook)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, c)
	v := c.View()
	if got := v.Time(sWorkAt); !got.Equal(mustTime("2026-06-10T00:00:00Z")) {
		t.Errorf("the implied moment is %v", got)
	}
	if want := mustTime("2026-06-01T00:00:00Z"); !c.DecidedAt().Equal(want) || !c.EnteredAt().Equal(want) {
		t.Errorf("decided at %v, entered at %v", c.DecidedAt(), c.EnteredAt())
	}
	if v.At(tParts, 0).Held(potPart) != Units(700) || v.Held(potPrice) != Units(5050) {
		t.Error("the pots do not hold what the custody says")
	}
	if _, err := ReadStored([]byte(text), testBook); !errors.Is(err, Malformed) {
		t.Error(err)
	}
}

func TestFaultyDrafts(t *testing.T) {
	draft := testDraft()
	for old, reason := range map[string]Reason{
		`"price":"50.5"|"price":"50.555"`:                                     AmountScale,
		`"price":"50.5"|"price":"0"`:                                          InvalidTerms,
		`"mode":"closed"|"mode":"shut"`:                                       InvalidTerms,
		`"fee":"0.05"|"fee":"1.5"`:                                            InvalidPolicy,
		`"fee":"0.05"|"fees":"1.5"`:                                           InvalidPolicy,
		`"schema":1|"revision":3`:                                             Malformed,
		`"schema":1|"work":"x"`:                                               Malformed,
		`"schema":1|"jurors":["a"]`:                                           Malformed,
		`"id":"p2"|"id":"p2","status":"funded"`:                               Malformed,
		`"id":"p2"|"id":"p2","partNumber":2`:                                  Malformed,
		`"id":"c1"|"id":"c/1"`:                                                Malformed,
		`"scale":2|"scale":0`:                                                 InvalidPolicy,
		`"rounds":3|"custody":[{"account":"escrow","amount":"1"}],"rounds":3`: Malformed,
	} {
		before, after, _ := strings.Cut(old, "|")
		text := edited(t, draft, before, after)
		c, err := ParseContract([]byte(text), testBook)
		if err != nil {
			t.Errorf("%s: %v", old, err)
			continue
		}
		if again, _ := c.MarshalJSON(); string(again) != text {
			t.Errorf("%s: written as\n%s", old, again)
		}
		if _, err := Decide(c, actFound.Command(), Agent("acct_b"), At(mustTime("2026-06-01T00:00:00Z"))); !errors.Is(err, reason) {
			t.Errorf("%s: %v, want %s", old, err, reason)
		}
	}
}

func TestCommandRefusals(t *testing.T) {
	for text, reason := range map[string]Reason{
		`{"action":"leave"}`: UnknownAction, `{}`: Malformed, `[]`: Malformed, `{"action":"tip","tip":"1","tip":"1"}`: Malformed, `{"action":"tip","Tip":"1"}`: Malformed,
		`{"Action":"tip"}`: Malformed, `{"action":"tip","action":"tip"}`: Malformed, `{"action":"tip","tip":"1e9"}`: Malformed, `{"action":"tip","tip":"0.0000000000000000001"}`: AmountScale,
		`{"action":"deliver","rows":[{"how":"fast","x":1}]}`: Malformed, `{"action":"deliver","rows":[{"how":"fast","how":"fast"}]}`: Malformed, `{"action":"deliver","how":"quick"}`: Malformed,
		`{"action":"deliver","times":9007199254740992}`: Malformed, `{"action":"deliver","split":"1.1"}`: Malformed, `{"action":"add","part":{"amount":"1","amountUsd":"1"}}`: Malformed,
		`{"action":"found"} x`: Malformed,
	} {
		if _, err := testBook.ParseCommand([]byte(text)); !errors.Is(err, reason) {
			t.Errorf("%s: %v, want %s", text, err, reason)
		}
	}
}

// TestTargets: a text that no item can have as its key is malformed; another that none
// has is not found.
func TestTargets(t *testing.T) {
	c := testLife(t)[1]
	for key, reason := range map[string]Reason{"p\n1": Malformed, "p\u202e1": Malformed, "p9": ItemNotFound} {
		cmd := actFund.Command(TextOf(cTarget, key))
		if _, err := Decide(c, cmd, Agent("acct_b"), At(mustTime("2026-06-02T00:00:00Z"))); !errors.Is(err, reason) {
			t.Errorf("%q: %v, want %s", key, err, reason)
		}
	}
}

func TestAliasOfACommand(t *testing.T) {
	c := testLife(t)[1]
	cmd, err := testBook.ParseCommand([]byte(`{"action":"add","part":{"id":"n","amountUsd":"5"}}`))
	if err != nil {
		t.Fatal(err)
	}
	now := At(mustTime("2026-06-01T00:30:00Z"))
	if _, err := Decide(c, cmd, Agent("acct_b"), now); err != nil {
		t.Error(err)
	}
	euro := testBook.DraftIn("c2", Asset{"EUR", 2}, draftValues()...).WithItems(tParts, []Value{TextOf(mKey, "p"), AmountValue(mAmount, Units(5))})
	d, err := Decide(euro, actFound.Command(), Agent("acct_b"), now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decide(d.Contract, cmd, Agent("acct_b"), now); !errors.Is(err, Reason("invalid_part")) {
		t.Error(err)
	}
}

func TestPolicies(t *testing.T) {
	p, err := testBook.ParsePolicy([]byte(`{"fee":0.25,"payoutReview":{"minPayout":"50","quorum":2}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := p.View().Ratio(pFee).String(); got != "0.25" {
		t.Error(got)
	}
	_, err = testBook.ParsePolicy([]byte(`{"fees":1}`))
	var e *Error
	if !errors.As(err, &e) || e.Reason() != InvalidPolicy || !strings.Contains(e.Message(), `did you mean "fee"`) {
		t.Error(err)
	}
	for _, text := range []string{`{"fee":1.5}`, `{"ttl":"PT0S"}`, `{"side":"mine"}`, `{"side":""}`, `{"quorum":0}`, `{"startFee":"0.001"}`, `{"payoutReview":{"quorum":0}}`} {
		if _, err := testBook.ParsePolicy([]byte(text)); !errors.Is(err, InvalidPolicy) {
			t.Errorf("%s: %v", text, err)
		}
	}
	q, err := p.With(DurationValue(pTTL, time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	c := testDraft().WithPolicy(q)
	if c.Policy().View().Duration(pTTL) != time.Hour || c.terms.fault != nil {
		t.Error(c.terms.fault)
	}
	roundTrip(t, c)
	if _, err := p.With(CountValue(pQuorum, 11)); !errors.Is(err, InvalidPolicy) {
		t.Error(err)
	}
	if _, err := p.WithReview(Units(1), 11); !errors.Is(err, InvalidPolicy) {
		t.Error(err)
	}
	text, _ := testBook.DefaultPolicy().MarshalJSON()
	if string(text) != string(testBook.policyText) {
		t.Errorf("%s", text)
	}
}

func TestPolicyInAnotherAsset(t *testing.T) {
	d := testBook.DraftIn("c2", Asset{"USDC", 6}, draftValues()...)
	if got := d.Policy().View().Amount(pStart); got != Units(9950000) {
		t.Errorf("%v smallest units", got)
	}
	coarse := testBook.DraftIn("c2", Asset{"JPY", 0}, draftValues()...)
	if e := coarse.terms.fault; e == nil || e.Reason() != InvalidPolicy {
		t.Errorf("%v", e)
	}
	values := append(draftValues(), DecimalValue(pStart, decimal.NewFromInt(9)))
	values[3] = DecimalValue(tPrice, decimal.NewFromInt(50))
	fitting := testBook.DraftIn("c2", Asset{"JPY", 0}, values...).
		WithItems(tParts, []Value{TextOf(mKey, "p1"), AmountValue(mAmount, Units(1000))})
	if e := fitting.terms.fault; e != nil {
		t.Errorf("%v", e)
	}
	// What cannot be written is not written as something else.
	fine := testBook.Draft("c1", append(draftValues(), DecimalValue(pStart, decimal.New(9956, -3)))...).
		WithItems(tParts, []Value{TextOf(mKey, "p1"), AmountValue(mAmount, Units(1000))})
	for _, c := range []Contract{coarse, fine} {
		text, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseContract(text, testBook); err == nil && back.terms.fault == nil {
			t.Errorf("%s is in order", text)
		}
	}
}

func TestValuesByThemselves(t *testing.T) {
	type row struct {
		A Amount
		R Ratio
		S Asset
		C Account
		H Holding
	}
	ratio, _ := ParseRatio("0.05")
	text, err := json.Marshal(row{Units(2500000), ratio, Asset{"USD", 2}, Account{Kind: "client", ID: "x"}, Holding{Account{Kind: "escrow", Custody: true}, Units(505), Asset{"USD", 2}}})
	want := `{"A":"2500000","R":"0.05","S":{"code":"USD","scale":2},"C":"client:x","H":{"account":"escrow","amount":"5.05","asset":{"code":"USD","scale":2}}}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
	var back struct {
		A Amount
		R Ratio
		S Asset
	}
	if err := json.Unmarshal(text, &back); err != nil || back.A != Units(2500000) || back.R != ratio || back.S != (Asset{"USD", 2}) {
		t.Errorf("%v, %v", back, err)
	}
	for _, bad := range []string{`{"A":"1.5"}`, `{"A":-1}`, `{"R":"1.5"}`, `{"R":"x"}`, `{"S":{"code":"x"}}`, `{"A":true}`} {
		if json.Unmarshal([]byte(bad), &back) == nil {
			t.Error(bad)
		}
	}
}

func TestRequestOrder(t *testing.T) {
	for text, reason := range map[string]Reason{
		`{"contract":{},"command":{}}`: NoActor, `{"actor":{"id":"a"},"contract":{"id":"x","status":"nowhere"}}`: Malformed, `{"actor":{"id":"a"}}`: Malformed,
		`{"x":1}`: Malformed, `{"actor":{"id":"a","x":1}}`: Malformed, `{"actor":{"id":"a"},"contract":{"lifecycle":"no"},"command":{"action":"x"}}`: UnknownLifecycle,
	} {
		if _, err := ParseRequest([]byte(text), testBook); !errors.Is(err, reason) {
			t.Errorf("%s: %v, want %s", text, err, reason)
		}
	}
	var refusal *Error
	if _, err := ParseRequest([]byte(`[]`), testBook); !errors.As(err, &refusal) || refusal.Details()["field"] != "request" {
		t.Error(err)
	}
	// The command may stand before its contract.
	c, _ := testLife(t)[1].MarshalJSON()
	q, err := ParseRequest([]byte(`{"command":{"action":"advance"},"now":"2026-06-03T00:00:00Z","actor":{"id":"a"},"contract":`+string(c)+`}`), testBook)
	if err != nil || q.Command.Action() != "advance" {
		t.Errorf("%v, %v", q.Command, err)
	}
}

// TestHostileInput is answered in time that grows with its length alone.
func TestHostileInput(t *testing.T) {
	c := testLife(t)[6]
	long := make([]string, 100_000)
	for i := range long {
		long[i] = `"` + itoa(i) + `"`
	}
	many := make([]string, 100_000)
	for i := range many {
		many[i] = `"k` + itoa(i) + `":0`
	}
	stored, _ := c.MarshalJSON()
	texts := []string{
		edited(t, c, `"confirmedBy":[]`, `"confirmedBy":[`+strings.Join(long, ",")+`]`),
		strings.Replace(strings.Replace(string(stored), `"schema":1,`, ``, 1), `"title"`, strings.Join(many, ",")+`,"title"`, 1),
		strings.Repeat("[", 1_000_000), strings.Repeat(`{"a":`, 1_000_000), `{"id":"` + strings.Repeat("x", 2_000_000), `{"price":` + strings.Repeat("9", 2_000_000) + `}`,
		`{"parts":[` + strings.Repeat(`{},`, 100_000) + `{}]}`, `{"strange":` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + `}`,
	}
	for i, text := range texts {
		start := time.Now()
		_, _ = ParseContract([]byte(text), testBook)
		_, _ = testBook.ParseCommand([]byte(text))
		_, _ = testBook.ParsePolicy([]byte(text))
		_, _ = ParseRequest([]byte(text), testBook)
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("text %d of %d bytes took %v", i, len(text), took)
		}
	}
}

func TestFormsThatFail(t *testing.T) {
	spec := testSpec()
	spec.Forms = []Form{{List: tJury, Members: tJuryForm.Members, Write: func(View, string) []byte { panic("w") }, Read: func(View, map[string][]byte) ([][]Value, *Error) { panic("r") }}}
	l, err := Define(spec)
	if err != nil {
		t.Fatal(err)
	}
	stored, _ := testLife(t)[11].MarshalJSON()
	if _, err := ParseContract(stored, l); !errors.Is(err, RuleFailed) {
		t.Error(err)
	}
	draft, _ := testDraft().MarshalJSON()
	c, err := ParseContract(draft, l)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.MarshalJSON(); !errors.Is(err, RuleFailed) {
		t.Error(err)
	}
	d := Decision{Contract: c}
	if answer := AppendAnswer(nil, &d, nil); !strings.Contains(string(answer), "rule_failed") || !json.Valid(answer) {
		t.Errorf("%s", answer)
	}
}
