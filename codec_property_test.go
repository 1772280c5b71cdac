package escrow

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// oddValues are what a mutation puts in the place of a value.
var oddValues = []any{nil, "", "x", "0", "1", "50.5", "-1", "1e3", "0.001", strings.Repeat("9", 37), strings.Repeat("9", 39), "acct_b", "acct_m", "p2", "p 1", "escrow", "part:p2",
	"2026-06-02T00:00:00Z", "2026-06-02T00:00:00.0000000001Z", "9999-12-31T23:59:59.999999999Z", "PT1H", "P200Y", "active", "review", "done", "funded", "planned", "pending", "confirmed", "expired",
	"open", "a\u202eb", "a\u0001b", "c1-ap-1", "c1-ap-6", "c1-ap-99", "pay_part", "amendment", true, false, json.Number("0"), json.Number("1"), json.Number("2"), json.Number("9007199254740992"),
	json.Number("1.5"), json.Number("-1"), []any{}, []any{"one"}, []any{nil}, map[string]any{}, "JPY", "human"}

// mutate changes one place of a decoded JSON value.
func mutate(r *rand.Rand, v any, depth int) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 || r.IntN(6) == 0 && depth > 0 {
			return oddValues[r.IntN(len(oddValues))]
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		k := keys[r.IntN(len(keys))]
		switch r.IntN(12) {
		case 0:
			delete(v, k)
		case 1:
			v[strings.ToUpper(k)] = v[k]
		case 2:
			v["strange"] = v[k]
		default:
			v[k] = mutate(r, v[k], depth+1)
		}
		return v
	case []any:
		if len(v) == 0 || r.IntN(6) == 0 {
			return append(v, oddValues[r.IntN(len(oddValues))])
		}
		i := r.IntN(len(v))
		switch r.IntN(8) {
		case 0:
			return append(v[:i:i], v[i+1:]...)
		case 1:
			return append(v, v[i])
		}
		v[i] = mutate(r, v[i], depth+1)
		return v
	}
	return oddValues[r.IntN(len(oddValues))]
}

// mutated returns JSON with some places changed.
func mutated(r *rand.Rand, text []byte, times int) []byte {
	var v any
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return text
	}
	for range times {
		v = mutate(r, v, 0)
	}
	out, _ := json.Marshal(v)
	return out
}

// closed checks of a contract that was accepted that it is written and read back,
// and that whatever is decided from it is, too.
func closed(t failing, c Contract) {
	text, err := c.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadStored(text, testBook)
	if c.terms.text != "" { // a faulty draft is written as it came
		back, err = ParseContract(text, testBook)
	}
	if err != nil {
		t.Fatalf("not read back: %v\n%s", err, text)
	}
	if again, _ := back.MarshalJSON(); string(again) != string(text) {
		t.Fatalf("written\n%s\nand again\n%s", text, again)
	}
	id := ""
	for _, a := range c.Approvals() {
		id = a.ID
	}
	commands := []Command{actFound.Command(), Advance(), actFund.Command(TextOf(cTarget, "p2")), actPay.Command(TextOf(cTarget, "p 1")), Confirm(id, ""), DeclineApproval(id, ""), RevokeConfirmation(id),
		actTip.Command(DecimalValue(cTip, Asset{"", 0}.Decimal(Units(5)))), actAdd.Command(RowsOf(cPart, []Value{TextOf(mKey, "p9"), DecimalValue(mAmount, Asset{"USD", 0}.Decimal(Units(5)))})),
		actWork.Command(TextOf(cWork, "x")), actJury.Command(TextsOf(cJury, []string{"j7"})), actAmend.Command(AmountValue(tExtra, Units(5)), TimeValue(tEnd, mustTime("2027-01-01T00:00:00Z")))}
	for _, cmd := range commands {
		for _, actor := range []Actor{Agent("acct_b"), Human("h9", "acct_b"), Human("h8", "acct_m"), SystemActor()} {
			for _, at := range []string{"2026-06-01T05:30:00Z", "2026-09-01T00:00:00Z"} {
				after(t, c, cmd, actor, mustTime(at))
			}
		}
	}
}

func after(t failing, c Contract, cmd Command, actor Actor, at time.Time) {
	d, err := Decide(c, cmd, actor, At(at))
	var e *Error
	if errors.As(err, &e) {
		if e.Code() == InternalError {
			text, _ := c.MarshalJSON()
			t.Fatalf("%s: %v\n%s", cmd.Action(), err, text)
		}
		return
	}
	text, err := d.Contract.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadStored(text, testBook)
	if err != nil {
		before, _ := c.MarshalJSON()
		t.Fatalf("after %s by %s: %v\n%s\nfrom\n%s", cmd.Action(), actor.ID, err, text, before)
	}
	if again, _ := back.MarshalJSON(); string(again) != string(text) {
		t.Fatalf("after %s: written\n%s\nand again\n%s", cmd.Action(), text, again)
	}
}

// TestClosedDomain mutates stored contracts and imports: whatever is accepted is
// written and read back, now and after every decision.
func TestClosedDomain(t *testing.T) {
	all := testLife(t)
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		c := all[rapid.IntRange(0, len(all)-1).Draw(t, "contract")]
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		text, _ := c.MarshalJSON()
		if rapid.Bool().Draw(t, "import") {
			text = []byte(strings.Replace(string(text), `"schema":1,`, "", 1))
		}
		text = mutated(r, text, rapid.IntRange(0, 3).Draw(t, "times"))
		got, err := ParseContract(text, testBook)
		if err != nil {
			return
		}
		accepted++
		closed(t, got)
	})
	t.Logf("%d were accepted", accepted)
}

// failing is what helpers need of a test, a fuzz or a rapid check.
type failing interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func TestCommandsRoundTrip(t *testing.T) {
	texts := []string{`{"action":"found"}`, `{"action":"tip","tip":"5.50"}`, `{"tip":5.5,"action":"tip"}`, `{"action":"deliver","work":"x","marks":["good",null],"rows":[{"how":"fast"}]}`,
		`{"action":"add","part":{"id":"a","amountUsd":1}}`}
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		text := mutated(r, []byte(rapid.SampledFrom(texts).Draw(t, "text")), rapid.IntRange(0, 2).Draw(t, "times"))
		sameCommand(t, text)
	})
}

func sameCommand(t failing, text []byte) {
	cmd, err := testBook.ParseCommand(text)
	if err != nil {
		return
	}
	first, _ := cmd.MarshalJSON()
	back, err := testBook.ParseCommand(first)
	if err != nil {
		t.Fatalf("%v: %s from %s", err, first, text)
	}
	if again, _ := back.MarshalJSON(); string(again) != string(first) || !back.equal(cmd) {
		t.Fatalf("%s, %s", first, again)
	}
	w := canonical{}
	w.command(cmd)
	if want, e := canonicalJSON(first); e != nil || string(want) != string(w.buf) {
		t.Fatalf("canonically %s, want %s", w.buf, want)
	}
}

func FuzzParseContract(f *testing.F) {
	for _, c := range testLife(f) {
		text, _ := c.MarshalJSON()
		f.Add(text)
		f.Add([]byte(strings.Replace(string(text), `"schema":1,`, "", 1)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, err := ParseContract(text, testBook); err == nil {
			closed(t, c)
		}
	})
}

func FuzzParseCommand(f *testing.F) {
	f.Add([]byte(`{"action":"deliver","work":"x\n","marks":["good",null],"rows":[{"how":"fast","times":3}],"long":"PT1H","split":"0.5","sure":true}`))
	f.Add([]byte(`{"part":{"id":"a","amountUsd":"1.0","due":"2026-06-01T00:00:00Z"},"action":"add"}`))
	f.Fuzz(func(t *testing.T, text []byte) { sameCommand(t, text) })
}

func FuzzParseRequest(f *testing.F) {
	for _, c := range testLife(f) {
		q := Request{Contract: c, Command: Advance(), Actor: Agent("acct_b"), Now: mustTime("2026-06-03T00:00:00Z")}
		text, err := q.MarshalJSON()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		q, err := ParseRequest(text, testBook)
		if err != nil {
			return
		}
		first, err := q.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseRequest(first, testBook)
		if err != nil {
			t.Fatalf("%v: %s", err, first)
		}
		if again, _ := back.MarshalJSON(); string(again) != string(first) {
			t.Fatalf("%s\n%s", first, again)
		}
		d, err := q.Decide()
		if answer := AppendAnswer(nil, &d, err); !json.Valid(answer) {
			t.Fatalf("%s", answer)
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(`{"fee":"0.05","ttl":"PT72H","quorum":1,"startFee":"9.95","tokens":"10","separateDuties":false,"side":"maker","payoutReview":null}`))
	f.Add([]byte(`{"fee":0.1,"payoutReview":{"minPayout":"50","quorum":2}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := testBook.ParsePolicy(text)
		if err != nil {
			return
		}
		first, _ := p.MarshalJSON()
		back, err := testBook.ParsePolicy(first)
		if err != nil {
			t.Fatalf("%v: %s", err, first)
		}
		if again, _ := back.MarshalJSON(); string(again) != string(first) {
			t.Fatalf("%s\n%s", first, again)
		}
	})
}

// TestUnescape compares the reader's strings with those of encoding/json, which
// puts a replacement where half of a surrogate pair stands.
func TestUnescape(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "é", `\n`, `\"`, `\\`, `\/`, `\u0041`, `\u00e9`, `\ud83d\ude00`, `\ud83d`, `\ude00`, `\u12`, `\x`, "\x01", "\xff", `\b\f\r\t`, `\uD83D\uDE00`, `\ufffd`, `\u+123`})
	rapid.Check(t, func(t *rapid.T) {
		text := `"` + strings.Join(rapid.SliceOfN(piece, 0, 4).Draw(t, "pieces"), "") + `"`
		r := &reader{s: text}
		got := r.text()
		var want string
		ok := json.Unmarshal([]byte(text), &want) == nil && utf8.ValidString(text)
		half := strings.Count(want, "\ufffd") > strings.Count(strings.ToLower(text), `\ufffd`)
		switch {
		case r.fault == nil && (!ok || half || got != want):
			t.Fatalf("%s is read as %q, want %q (%v)", text, got, want, ok)
		case r.fault != nil && ok && !half:
			t.Fatalf("%s is refused: %v", text, r.fault)
		}
	})
}
