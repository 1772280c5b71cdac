package explore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/declare"
	"github.com/escrow-go/escrow/explore"
	"github.com/escrow-go/escrow/lifecycles"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	"github.com/escrow-go/escrow/opentrain"
	otplay "github.com/escrow-go/escrow/opentrain/play"
)

var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// first explores and returns the first violation of a guarantee.
func first(t *testing.T, s explore.Scope, guarantee string) explore.Found {
	t.Helper()
	r, err := explore.Run(s)
	require.NoError(t, err)
	i := slices.IndexFunc(r.Violations, func(f explore.Found) bool { return f.Guarantee == guarantee })
	require.GreaterOrEqual(t, i, 0, "no violation of %s: %v", guarantee, r.Violations)
	assert.False(t, r.Passed())
	return r.Violations[i]
}

// The words of small tables.
var (
	client = declare.Party("client", "not_client")
	worker = declare.Party("worker", "not_worker")
	toll   = declare.Receiver("toll")
	price  = declare.Amount("price", "what it costs").Positive()
	until  = declare.Instant("until", "until when it may be taken")

	found  = declare.Do("found")
	pay    = declare.Do("pay")
	take   = declare.Do("take")
	cancel = declare.Do("cancel")
)

// small returns the scope of a small table.
func small(t *testing.T, name string, rules ...escrow.Rule) explore.Scope {
	t.Helper()
	l, err := escrow.Define(escrow.Spec{Name: name, Version: 1, Asset: escrow.Asset{Code: "EUR", Scale: 2}, Terminal: escrow.In("over"),
		Parties: []*escrow.Party{client, worker, toll}, Terms: []escrow.Word{price, until}, Rules: rules,
		Reasons: []escrow.CatalogueEntry{{Reason: "not_client", Code: escrow.Forbidden}, {Reason: "not_worker", Code: escrow.Forbidden}}})
	require.NoError(t, err)
	draft := l.Draft("small", escrow.TextOf(client.Account, "client"), escrow.TextOf(worker.Account, "worker"),
		escrow.AmountValue(price, escrow.Units(100)), until.To(start.Add(time.Hour)))
	return explore.Scope{Start: start, Drafts: []escrow.Contract{draft}, Actors: []escrow.Actor{escrow.Agent("client"), escrow.Agent("worker"), escrow.Agent("stranger")},
		Commands: []escrow.Command{found.Command(), pay.Command(), take.Command(), cancel.Command(), escrow.Advance()}}
}

// A rule that charges and stays where it is charges again.
func TestFindsThatAskingTwiceGains(t *testing.T) {
	t.Parallel()
	f := first(t, small(t, "toll",
		escrow.Rule{ID: "T-1", On: found, By: client, From: escrow.In(escrow.Draft), To: "open"},
		escrow.Rule{ID: "T-2", On: pay, By: client, From: escrow.In("open"), To: escrow.Same, Money: declare.Money{declare.Charge(declare.The(price), client, toll, "toll")}},
		escrow.Rule{ID: "T-3", On: cancel, By: client, From: escrow.In("open"), To: "over"}), "G7")
	assert.Len(t, f.Story.Steps, 2)
}

// Where only one side can leave, it can; where nobody can, states are stuck.
func TestFindsWhatIsStuck(t *testing.T) {
	t.Parallel()
	r, err := explore.Run(small(t, "trap",
		escrow.Rule{ID: "S-1", On: found, By: client, From: escrow.In(escrow.Draft), To: "open"},
		escrow.Rule{ID: "S-2", On: take, By: worker, From: escrow.In("open"), To: "over", Window: declare.Before(declare.At(until))}))
	require.NoError(t, err)
	assert.NotZero(t, r.Stuck, "after the deadline nobody accepts any more")
}

// A scope that cannot be explored is refused, and a limit is reported.
func TestScopes(t *testing.T) {
	t.Parallel()
	for text, scope := range map[string]explore.Scope{"at least one draft": {}, "actors and commands": {Drafts: otplay.Scope(escrow.Policy{}).Drafts},
		"the time at which": {Drafts: otplay.Scope(escrow.Policy{}).Drafts, Actors: []escrow.Actor{{}}, Commands: []escrow.Command{opentrain.Hire{}.Command()}}} {
		_, err := explore.Run(scope)
		assert.ErrorContains(t, err, text)
	}
	mixed := otplay.Scope(escrow.Policy{})
	mixed.Drafts = append(mixed.Drafts, octplay.Scope(escrow.Policy{}).Drafts[0])
	_, err := explore.Run(mixed)
	assert.ErrorContains(t, err, "not of the lifecycle")
	r, err := explore.Run(otplay.Scope(escrow.Policy{}), explore.AtMost(100))
	require.NoError(t, err)
	assert.True(t, r.Truncated)
	assert.False(t, r.Passed())
	for text, want := range map[string]string{`{`: "no scope", `{"surprise":1}`: "surprise", `{"contracts":[{"id":5}]}`: "contract 0",
		`{"start":"2026-06-01T00:00:00Z","contracts":[{"id":"a","client":"b"}],"actors":[{"id":"b"}],"commands":[{"action":"dance"}]}`: "command 0"} {
		_, err := explore.ParseScope([]byte(text), lifecycles.All()...)
		assert.ErrorContains(t, err, want)
	}
}

// What is found does not depend on how many explore.
func TestWorkers(t *testing.T) {
	t.Parallel()
	s := otplay.Scope(escrow.Policy{})
	s.Drafts, s.Actors = s.Drafts[:1], s.Actors[:3]
	s.Commands = []escrow.Command{escrow.Advance(), opentrain.Hire{}.Command(), opentrain.End{}.Command(), escrow.Confirm("", ""), escrow.DeclineApproval("", ""), opentrain.ApproveMilestone{MilestoneID: "m1"}.Command()}
	var reports []*explore.Report
	for _, n := range []int{1, 4} {
		r, err := explore.Run(s, explore.Workers(n))
		require.NoError(t, err)
		reports = append(reports, r)
	}
	assert.Equal(t, reports[0].String(), reports[1].String())
	assert.Equal(t, reports[0].States, reports[1].States)
}
