package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/declare"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSchema: every lifecycle has a schema, which is one JSON document.
func TestSchema(t *testing.T) {
	for _, l := range lifecycles.All() {
		got := call("", "schema", l.Name())
		require.Equal(t, 0, got.status, got.err)
		assert.JSONEq(t, string(l.Schema()), got.out)
		assert.Contains(t, got.out, "\n  \"$defs\": {\n")
		compact := call("", "schema", l.Name(), "--compact")
		assert.Equal(t, string(l.Schema())+"\n", compact.out)
	}
}

// TestLifecycles: every lifecycle is listed with what it is for.
func TestLifecycles(t *testing.T) {
	got := call("", "lifecycles")
	require.Equal(t, 0, got.status, got.err)
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	require.Len(t, lines, len(lifecycles.All()))
	for i, l := range lifecycles.All() {
		assert.True(t, strings.HasPrefix(lines[i], l.Name()+" "), lines[i])
		assert.True(t, strings.HasSuffix(lines[i], " 1  "+l.Spec().About), lines[i])
	}
}

// keys returns a version of a lifecycle of one's own: a flat's keys are handed over,
// and come back at the latest after so many days.
func keys(version int, days string) *escrow.Lifecycle {
	owner, guest := declare.Party("owner", "not_owner"), declare.Party("guest", "not_guest")
	window := declare.Window("stay", "how long the keys are away").Default(`"P` + days + `D"`)
	pot := declare.Pot("deposit", guest, "deposit_paid", declare.To(guest, "deposit_back"), declare.To(owner, "deposit_lost"))
	deposit := declare.Amount("deposit", "what the guest leaves").Positive()
	return declare.Must(declare.Spec{
		Name: "keys", Version: version, About: "A flat's keys.", Asset: escrow.Asset{Code: "EUR", Scale: 2},
		Parties: declare.Parties{owner, guest}, Terms: declare.Fields{deposit}, Policy: declare.Fields{window}, Pots: declare.Pots{pot},
		Terminal: declare.In("back", "lost"), Labels: map[escrow.Status]string{"away": "keys away"},
		Reasons: []escrow.CatalogueEntry{{Reason: "not_owner", Code: escrow.Forbidden, Meaning: "only the owner may do this", Remedy: "ask as the owner"},
			{Reason: "not_guest", Code: escrow.Forbidden, Meaning: "only the guest may do this", Remedy: "ask as the guest"}},
		Rules: []escrow.Rule{
			{ID: "K-1", On: escrow.Do("take"), By: guest, From: declare.In(escrow.Draft), To: "away",
				Money: declare.Money{declare.Deposit(declare.The(deposit), guest, pot)}},
			{ID: "K-2", On: escrow.Do("give_back"), By: owner, From: declare.In("away"), To: "back", Money: declare.Money{declare.All(pot, guest)}},
			{ID: "K-3", On: escrow.Time, By: escrow.Anyone, From: declare.In("away"), To: "lost",
				Window: declare.Due(&escrow.Moment{Name: "stayEnds", SinceEntered: true, Plus: window}), Money: declare.Money{declare.All(pot, owner)}},
		},
	})
}

// own calls a command line of one's own lifecycles.
func own(input string, args ...string) called {
	var out, complaint bytes.Buffer
	status := Run(args, Stdio{strings.NewReader(input), &out, &complaint}, keys(1, "7"), keys(2, "5"))
	return called{out.String(), complaint.String(), status}
}

const taken = `{"contract": {"id": "k1", "lifecycle": "keys", "lifecycleVersion": 1, "owner": "o", "guest": "g", "deposit": "50"},
	"command": {"action": "take"}, "actor": {"id": "g"}, "now": "2026-06-01T00:00:00Z"}`

// TestOwnLifecycle: every command takes a lifecycle that it was handed, and knows no
// other.
func TestOwnLifecycle(t *testing.T) {
	got := own(taken, "decide", "-")
	require.Equal(t, 0, got.status, got.err+got.out)
	assert.Equal(t, []string{"50 guest:g -> deposit"}, moves(t, got.out))
	var answer struct {
		Decision struct{ Contract json.RawMessage }
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &answer))

	got = own(string(answer.Decision.Contract), "explain", "-", "--now", "2026-06-02T00:00:00Z")
	require.Equal(t, 0, got.status, got.err)
	golden(t, "testdata/explain/keys.txt", got.out)

	got = own("", "rulebook", "keys")
	assert.Contains(t, got.out, "| `stayEnds` | when the status was entered + stay |")
	got = own("", "decide", "../../../examples/withdraw.json")
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.out, "unknown_lifecycle")
}

// TestVersions: of several versions the newest is meant, unless one is named.
func TestVersions(t *testing.T) {
	for name, want := range map[string]string{"keys": "Version 2.", "keys@1": "Version 1.", "keys@2": "Version 2."} {
		got := own("", "rulebook", name)
		assert.Equal(t, 0, got.status, got.err)
		assert.Contains(t, got.out, want)
	}
	got := own("", "rulebook", "keys@3")
	assert.Equal(t, 2, got.status)
	assert.Contains(t, got.err, `did you mean "keys@1"?`)
}
