package escrow_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	escrow "github.com/escrow-go/escrow"
)

// gone takes a member away, and twice repeats it.
type (
	gone  struct{}
	twice struct{}
)

// edit is a change of one place of a contract's JSON, such as "approvals.0.hash".
type edit struct {
	path  string
	value any
	field string // that is refused; empty for none
}

// edited returns JSON with the value at a path set.
func edited(t testing.TB, text, path string, value any) string {
	t.Helper()
	var root any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	require.NoError(t, d.Decode(&root))
	const mark = "\x00twice"
	if _, again := value.(twice); again {
		value = mark
	}
	out, err := json.Marshal(put(t, root, strings.Split(path, "."), value))
	require.NoError(t, err)
	last := path[strings.LastIndex(path, ".")+1:]
	return strings.Replace(string(out), `"`+last+`":"\u0000twice"`, `"`+last+`":null,"`+last+`":null`, 1)
}

// put sets a value inside another.
func put(t testing.TB, in any, path []string, value any) any {
	t.Helper()
	if len(path) == 0 {
		return value
	}
	switch in := in.(type) {
	case map[string]any:
		if _, remove := value.(gone); remove && len(path) == 1 {
			delete(in, path[0])
		} else {
			in[path[0]] = put(t, in[path[0]], path[1:], value)
		}
		return in
	case []any:
		i, err := strconv.Atoi(path[0])
		require.NoError(t, err)
		if i == len(in) {
			in = append(in, in[0])
		}
		in[i] = put(t, in[i], path[1:], value)
		return in
	}
	t.Fatalf("there is no %v", path)
	return nil
}

// refusesEdits reads a contract with each of the changes.
func refusesEdits(t *testing.T, c escrow.Contract, edits []edit) {
	t.Helper()
	text := jsonOf(t, c)
	for _, e := range edits {
		changed := edited(t, text, e.path, e.value)
		_, err := escrow.ParseContract([]byte(changed), c.Lifecycle())
		if e.field == "" {
			assert.NoError(t, err, "%s = %v", e.path, e.value)
			continue
		}
		if assert.ErrorIs(t, err, escrow.InvalidRequest, "%s = %v", e.path, e.value) {
			assert.Contains(t, err.Error(), e.field, "%s = %v", e.path, e.value)
		}
	}
}

// TestStoredContractsAreWhole: what a stored contract must have, and have once.
func TestStoredContractsAreWhole(t *testing.T) {
	refusesEdits(t, standing(t, "shipped").c, []edit{
		{"lifecycle", gone{}, "lifecycle"}, {"lifecycleVersion", gone{}, "version"}, {"asset", gone{}, "asset"}, {"policy", gone{}, "policy"},
		{"custody", gone{}, "custody"}, {"revision", gone{}, "revision"}, {"createdAt", gone{}, ""}, {"enteredAt", gone{}, "enteredAt"}, {"decidedAt", gone{}, "decidedAt"},
		{"shippedAt", gone{}, "shippedAt"}, {"tracking", gone{}, "tracking"}, {"price", gone{}, "price"}, {"seller", gone{}, "seller"},
		{"id", "a/b", "id"}, {"id", "", "id"}, {"revision", 1 << 53, "revision"}, {"status", "shiped", `did you mean "shipped"`},
		{"status", "", ""}, {"status", "received", "custody"}, {"strange", 1, "strange"}, {"goods", twice{}, "twice"}, {"custody", twice{}, "twice"},
		{"asset", nil, "asset"}, {"asset.x", 1, "asset"}, {"asset.scale", 19, "scale"}, {"asset.scale", gone{}, "scale"}, {"asset.code", "a b", "code"},
		{"custody", nil, "custody"}, {"custody.0.amount", "100.001", "amount"}, {"custody.0.amount", "0", "holds nothing"}, {"custody.0.x", 1, "x"},
		{"custody.0.account", "escro", "escro"}, {"custody.2", map[string]any{"account": "escrow", "amount": "1"}, "twice"}, {"custody.0.account", gone{}, "account"},
		{"custody.0", gone{}, "holds nothing"}, {"custody.0", 5, "object"}, {"approvals", nil, ""}, {"extras", nil, ""}, {"policy.quorum", twice{}, "twice"}, {"policy", nil, "policy"},
		{"policy.payoutReview", nil, ""}, {"policy.payoutReview", map[string]any{"minPayout": "1"}, "payoutReview"}, {"policy.checkWindow", "P101Y", "checkWindow"},
		{"policy.checkWindow", "P36501D", "checkWindow"}, {"policy.checkWindow", nil, "policy"}, {"policy.commission", "1.5", "commission"}, {"policy.separateDuties", "no", "separateDuties"},
	})
}

// TestImportsAreLenient: without a schema unknown fields are ignored, and what is not
// there has its default; what contradicts the rest is refused all the same.
func TestImportsAreLenient(t *testing.T) {
	text := edited(t, jsonOf(t, standing(t, "taken").c), "schema", gone{})
	for _, e := range []edit{
		{"strange", map[string]any{"a": 1}, ""}, {"policy", gone{}, ""}, {"asset", gone{}, ""}, {"asset.x", 1, ""}, {"custody.0.x", 1, ""}, {"policy", nil, ""}, {"custody", nil, "custody"},
		{"custody", gone{}, "custody"}, {"enteredAt", gone{}, ""}, {"revision", gone{}, ""}, {"seller", gone{}, "seller"}, {"strange", map[string]any{"a": twice{}}, ""},
	} {
		changed := edited(t, text, e.path, e.value)
		_, err := escrow.ParseContract([]byte(changed), order)
		if e.field == "" {
			assert.NoError(t, err, "%s = %v", e.path, e.value)
		} else if assert.ErrorIs(t, err, escrow.Malformed, e.path) {
			assert.Contains(t, err.Error(), e.field)
		}
	}
	for _, null := range []string{"asset", "extras", "approvals", "createdAt", "enteredAt", "decidedAt", "revision", "tracking"} {
		_, err := escrow.ParseContract([]byte(edited(t, text, null, nil)), order)
		assert.NoError(t, err, "%s is null", null)
	}
	for _, place := range []string{`"id":"x1"`, `"account":"escrow"`, `"quorum":1`, `"id":"o1-ap-4"`, `"goods"`} {
		waiting := edited(t, jsonOf(t, asked(t).c), "schema", gone{})
		require.Contains(t, waiting, place)
		_, err := escrow.ParseContract([]byte(strings.Replace(waiting, place, `"strange":1,"strange":2,`+place, 1)), order)
		assert.ErrorIs(t, err, escrow.InvalidRequest, "%s: a stranger twice", place)
	}
	_, err := escrow.ReadStored([]byte(text), order)
	assert.ErrorIs(t, err, escrow.Malformed, "storage has a schema")
}

// TestStoredItems are whole, known and of their own key.
func TestStoredItems(t *testing.T) {
	refusesEdits(t, standing(t, "taken, extra paid").c, []edit{
		{"extras.0.status", gone{}, "status"}, {"extras.0.status", "PAYED", "status"}, {"extras.0.status", twice{}, "twice"}, {"extras.0.status", "BACK", "extra:x1"},
		{"extras.0.id", "a b", "id"}, {"extras.0.id", gone{}, "id"}, {"extras.0.cost", gone{}, "cost"}, {"extras.0.cost", "0", "cost"}, {"extras.0.x", 1, "x"},
		{"extras.1", map[string]any{"id": "x1", "cost": "1", "status": "ASKED"}, "x1"}, {"extras.1", map[string]any{"id": "x2", "cost": "1", "status": "ASKED"}, ""},
		{"extras.1", map[string]any{"id": "x2", "cost": "1", "status": "PAID"}, ""}, {"extras", gone{}, "extra"}, {"extras.0", 5, "object"},
		{"custody.2.account", "extra:x9", "that is not there"}, {"custody.2.amount", "6", ""}, {"extras", map[string]any{}, "list"},
	})
}

// TestStoredApprovals hang together with their command and their contract.
func TestStoredApprovals(t *testing.T) {
	k := asked(t)
	refusesEdits(t, k.c, []edit{
		{"approvals.0.contractId", "other", "contractId"}, {"approvals.0.id", "o1-ap-9", "id"}, {"approvals.0.id", "o1-ap-04", "id"}, {"approvals.0.supersedes", "x", "supersedes"},
		{"approvals.0.supersededBy", "o1-ap-2", "supersededBy"}, {"approvals.0.approvalUrl", "a\u202e", "approvalUrl"}, {"approvals.0.approvalUrl", "https://a.example", ""},
		{"approvals.0.command", gone{}, "command"}, {"approvals.0.command", nil, "command"}, {"approvals.0.movements", gone{}, "command"}, {"approvals.0.quorum", gone{}, "quorum"},
		{"approvals.0.command", map[string]any{"action": "receive"}, "type"}, {"approvals.0.command.extraId", "x9", "target"}, {"approvals.0.command.extraId", gone{}, "extraId"}, {"approvals.0.target", "x9", "target"},
		{"approvals.0.target", twice{}, "twice"}, {"approvals.0.resolvedAt", twice{}, "twice"}, {"approvals.0.x", 1, "x"}, {"approvals.0.account", "eve", "confirmers"}, {"approvals.0.account", gone{}, "account"},
		{"approvals.0.requestedBy", gone{}, "requestedBy"}, {"approvals.0.requestedByKind", "robot", "requestedByKind"}, {"approvals.0.requestedByKind", gone{}, "requestedByKind"},
		{"approvals.0.confirmers", []string{}, "confirmers"}, {"approvals.0.confirmers", []string{"eve"}, "confirmers"}, {"approvals.0.confirmedFor", []string{"bea"}, "confirmedFor"},
		{"approvals.0.status", "done", "status"}, {"approvals.0.status", "declined", "resolvedAt"}, {"approvals.0.resolvedAt", "2026-06-04T00:00:00Z", "resolvedAt"},
		{"approvals.0.expiresAt", gone{}, "expiresAt"}, {"approvals.0.createdAt", gone{}, "expiresAt"}, {"approvals.0.expiresAt", "2026-06-01T00:00:00Z", "before createdAt"},
		{"approvals.0.movements.0.amount", "0", "movements"}, {"approvals.0.movements.0.amount", "1.001", "amount"}, {"approvals.0.movements.0.reason", "tip", "reason"}, {"approvals.0.movements.0.x", 1, "x"},
		{"approvals.0.movements.0.to", gone{}, "movements"}, {"approvals.0.movements.0.from", "extra:x1", "movements"},
		{"approvals.0.movements", nil, "hash"}, {"approvals.0.result", map[string]any{"a": 1}, ""}, {"approvals.0.confirmedBy", []string{"ann", "ann"}, "confirmedBy"},
		{"approvals.0.quorum", 11, "quorum"}, {"approvals.0.type", "other", "type"}, {"approvals.1", nil, "object"},
	})
	text := jsonOf(t, k.c)
	one := text[strings.Index(text, `{"id":"o1-ap-4"`):]
	one = one[:strings.Index(one, "]}")+2]
	require.True(t, json.Valid([]byte(one)), one)
	_, err := escrow.ParseContract([]byte(strings.Replace(text, one, one+","+one, 1)), order)
	assert.ErrorContains(t, err, "stands twice")
	other := strings.Replace(one, "o1-ap-4", "o1-ap-3", 1)
	_, err = escrow.ParseContract([]byte(strings.Replace(text, one, one+","+other, 1)), order)
	assert.ErrorIs(t, err, escrow.Malformed)
}

// TestStoredConsents: who must agree is what the rule says.
func TestStoredConsents(t *testing.T) {
	b := lent(t)
	b.do(note.Command(noted.To("n")), byBorrower)
	b.do(b.confirm(), byGuard)
	refusesEdits(t, b.c, []edit{
		{"approvals.0.confirmers", []string{"lena"}, "confirmedFor"}, {"approvals.0.confirmers", []string{"gus", "lena"}, "hash"}, {"approvals.0.confirmers", []string{"lena", "gus", "bo"}, "confirmers"},
		{"approvals.0.confirmedFor", gone{}, "confirmedFor"}, {"approvals.0.confirmedFor", []string{"lena"}, ""}, {"approvals.0.confirmedFor", []string{"bo"}, "confirmedBy"},
		{"approvals.0.confirmedFor", []string{"gus", "lena"}, "confirmedFor"}, {"memo", "x", ""},
	})
}

// TestStoredWaiting: a status that waits has its approval, and an ended contract none.
func TestStoredWaiting(t *testing.T) {
	k := proposed(t)
	refusesEdits(t, k.c, []edit{
		{"approvals", gone{}, "approval"}, {"approvals", []any{}, "approval"}, {"status", "lapsed", "pending"}, {"status", "carried", "pending"},
	})
	ann := escrow.Human("ann", "moe")
	k.do(escrow.Confirm(k.approval(), ""), ann)
	refusesEdits(t, k.c, []edit{{"status", "declined", "has not been done"}, {"status", "asked", "approval"}, {"approvals", gone{}, ""}})
}

// TestRequestsAreWhole: contract, command, actor and time.
func TestRequestsAreWhole(t *testing.T) {
	text := jsonOf(t, escrow.Request{Contract: standing(t, "open").c, Command: cancel.Command(), Actor: byBuyer, Now: june(3, 12)})
	q, err := escrow.ParseRequest([]byte(text), order)
	require.NoError(t, err)
	d, err := q.Decide()
	require.NoError(t, err)
	assert.Equal(t, "O-4", d.Rule)
	for _, e := range []edit{
		{"contract", gone{}, "contract"}, {"contract", nil, "contract"}, {"command", gone{}, "command"}, {"command", nil, "command"}, {"command.action", gone{}, "action"}, {"command.x", 1, "x"},
		{"now", gone{}, "now"}, {"now", nil, "now"}, {"now", "today", "now"}, {"x", 1, "x"}, {"actor.x", 1, "x"}, {"actor.kind", 5, "kind"}, {"command", []any{}, "object"},
	} {
		_, err := escrow.ParseRequest([]byte(edited(t, text, e.path, e.value)), order)
		if assert.ErrorIs(t, err, escrow.InvalidRequest, e.path) {
			assert.Contains(t, err.Error(), e.field, e.path)
		}
	}
	_, err = escrow.ParseRequest([]byte(text), order, nil)
	assert.ErrorIs(t, err, escrow.UnknownLifecycle)
	_, err = escrow.ParseRequest([]byte(text+" x"), order)
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = escrow.ParseRequest([]byte(edited(t, text, "actor", nil)), order)
	assert.ErrorIs(t, err, escrow.NoActor)
	_, err = escrow.ParseContract([]byte(text), nil)
	assert.ErrorIs(t, err, escrow.UnknownLifecycle)
}

// TestValuesByThemselves have JSON forms that are read back; null changes nothing.
func TestValuesByThemselves(t *testing.T) {
	type values struct {
		Amount escrow.Amount
		Ratio  escrow.Ratio
		Asset  escrow.Asset
		Actor  escrow.Actor
	}
	half, _ := escrow.ParseRatio("0.5")
	want := values{escrow.Units(7), half, escrow.Asset{Code: "EUR", Scale: 2}, theToken}
	var got values
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, want)), &got))
	assert.Equal(t, want, got)
	require.NoError(t, json.Unmarshal([]byte(`{"Amount":null,"Ratio":null,"Asset":null}`), &got))
	assert.Equal(t, want, got)
	for _, text := range []string{`{"Amount":"1.5"}`, `{"Amount":"x"}`, `{"Amount":"999999999999999999999999999999999999999"}`, `{"Ratio":"2"}`, `{"Ratio":[]}`, `{"Asset":{"code":"EUR"}}`,
		`{"Asset":{"code":"EUR","scale":2,"x":1}}`, `{"Asset":5}`, `{"Actor":{"x":1}}`, `{"Actor":5}`} {
		assert.Error(t, json.Unmarshal([]byte(text), &got), text)
	}
	assert.Equal(t, want, got, "what is refused changes nothing")
	assert.Equal(t, `"extra:x1"`, jsonOf(t, escrow.Account{Kind: "extra", ID: "x1"}))
}

// TestImportedApprovals: what an import leaves out of an approval follows from the
// contract.
func TestImportedApprovals(t *testing.T) {
	b := lent(t)
	b.do(note.Command(noted.To("n")), byBorrower)
	b.do(escrow.Confirm(b.last().ID, ""), byGuard)
	text := edited(t, jsonOf(t, b.c), "schema", gone{})
	for _, name := range []string{"confirmers", "hash", "quorum", "movements", "termsBy", "strange"} {
		text = edited(t, text, "approvals.0."+name, gone{})
	}
	c, err := escrow.ParseContract([]byte(edited(t, text, "approvals.0.strange", 1)), loan)
	require.NoError(t, err)
	a := c.Approvals()[0]
	assert.Equal(t, []string{"lena", "gus"}, a.Confirmers)
	assert.Equal(t, b.last().Hash, a.Hash)
	k := asked(t)
	text = edited(t, jsonOf(t, k.c), "schema", gone{})
	for _, name := range []string{"account", "confirmers", "hash"} {
		text = edited(t, text, "approvals.0."+name, gone{})
	}
	c, err = escrow.ParseContract([]byte(text), order)
	require.NoError(t, err)
	assert.Equal(t, "bea", c.Approvals()[0].Account)
	claim := lent(t)
	claim.do(whole.Command(thePiece.To("p1"), claimed.Decimal(decimal.NewFromInt(5))), byLender)
	text = edited(t, edited(t, jsonOf(t, claim.c), "schema", gone{}), "approvals.0.confirmers", gone{})
	_, err = escrow.ParseContract([]byte(text), loan)
	require.NoError(t, err)
}

// TestReadersOfEveryKind refuse what they cannot take, in a command.
func TestReadersOfEveryKind(t *testing.T) {
	for _, text := range []string{`{"action":"amend","rent":"1","until":""}`, `{"action":"amend","rent":true,"until":"2026-06-12T00:00:00Z"}`, `{"action":"split","share":[]}`, `{"action":"split","share":"x"}`,
		`{"action":"claim","pieceId":5,"claimed":"1"}`, `{"action":"claim","pieceId":"p1","claimed":"1e5"}`, `{"action":"amend","rent":"1" "until":null}`, `{"action":"note","noted":"\ud800\u0041"}`} {
		cmd, err := loan.ParseCommand([]byte(text))
		if err == nil {
			_, err = escrow.Decide(lent(t).c, cmd, byLender, escrow.At(dawn))
		}
		assert.ErrorIs(t, err, escrow.InvalidRequest, text)
	}
}
