package explore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/explore"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// faulty returns a scope of OpenContract with changed rules.
func faulty(t *testing.T, change func(*escrow.Rule)) explore.Scope {
	spec := escrow.OpenContract.Spec()
	for i := range spec.Rules {
		change(&spec.Rules[i])
	}
	law, err := escrow.Define(spec)
	require.NoError(t, err)
	s := explore.OpenContract(nil)
	terms := s.Drafts[0].Terms()
	s.Drafts = []escrow.Contract{law.Draft(terms)}
	return s
}

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

// A worker that loses all its stake by withdrawing may as well vanish.
func TestFindsThatVanishingIsNoWorse(t *testing.T) {
	t.Parallel()
	f := first(t, faulty(t, func(r *escrow.Rule) {
		if r.ID == "OC-7" {
			r.Money = escrow.Money{escrow.All(escrow.Escrow, escrow.Client), escrow.All(escrow.Stake, escrow.Client)}
		}
	}), "G12")
	assert.Len(t, f.Story.Steps, 3, "create, accept, withdraw: the shortest way there is")
	assert.Equal(t, escrow.Withdraw{}, f.Story.Steps[2].Command)
}

// A rule that charges and stays where it is charges again.
func TestFindsThatAskingTwiceGains(t *testing.T) {
	t.Parallel()
	law, err := escrow.Define(escrow.Spec{Name: "toll", Asset: escrow.Asset{Code: "EUR", Scale: 2}, Terminal: escrow.In("over"),
		Rules: []escrow.Rule{
			{ID: "T-1", On: escrow.Create{}, By: escrow.Client, From: escrow.In(escrow.Draft), To: "open"},
			{ID: "T-2", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: escrow.Same,
				Money: escrow.Money{escrow.Charge(escrow.Price, escrow.Client, escrow.Platform)}},
			{ID: "T-3", On: escrow.Cancel{}, By: escrow.Client, From: escrow.In("open"), To: "over"},
		}})
	require.NoError(t, err)
	terms := explore.OpenContract(nil).Drafts[0].Terms()
	terms.Policy, terms.Asset = nil, escrow.Asset{Code: "USDC", Scale: 6}
	s := explore.Scope{Start: start, Drafts: []escrow.Contract{law.Draft(terms)}, Actors: []escrow.Actor{escrow.Agent("client"), escrow.Agent("stranger")},
		Commands: []escrow.Command{escrow.Create{}, escrow.Approve{}, escrow.Cancel{}, escrow.Advance{}}}
	f := first(t, s, "G7")
	assert.Len(t, f.Story.Steps, 2)
}

// Where only one side can leave, it can; where nobody can, states are stuck.
func TestFindsWhatIsStuck(t *testing.T) {
	t.Parallel()
	law, err := escrow.Define(escrow.Spec{Name: "trap", Asset: escrow.Asset{Code: "EUR", Scale: 2}, Terminal: escrow.In("over"),
		Rules: []escrow.Rule{
			{ID: "S-1", On: escrow.Create{}, By: escrow.Client, From: escrow.In(escrow.Draft), To: "open"},
			{ID: "S-2", On: escrow.Accept{}, By: escrow.AnyoneButClient, From: escrow.In("open"), To: "over", Window: escrow.Before(escrow.MatchDeadline)},
		}})
	require.NoError(t, err)
	terms := explore.OpenContract(nil).Drafts[0].Terms()
	terms.Policy = nil
	s := explore.Scope{Start: start, Drafts: []escrow.Contract{law.Draft(terms)}, Actors: []escrow.Actor{escrow.Agent("client"), escrow.Agent("worker")},
		Commands: []escrow.Command{escrow.Create{}, escrow.Accept{}, escrow.Advance{}}}
	r, err := explore.Run(s)
	require.NoError(t, err)
	assert.NotZero(t, r.Stuck, "after the deadline nobody accepts any more")
}

// A scope that cannot be explored is refused, and a limit is reported.
func TestScopes(t *testing.T) {
	t.Parallel()
	for text, scope := range map[string]explore.Scope{"at least one draft": {}, "actors and commands": {Drafts: explore.OpenTrain(nil).Drafts},
		"the time at which": {Drafts: explore.OpenTrain(nil).Drafts, Actors: []escrow.Actor{{}}, Commands: []escrow.Command{escrow.Hire{}}}} {
		_, err := explore.Run(scope)
		assert.ErrorContains(t, err, text)
	}
	mixed := explore.OpenTrain(nil)
	mixed.Drafts = append(mixed.Drafts, explore.OpenContract(nil).Drafts[0])
	_, err := explore.Run(mixed)
	assert.ErrorContains(t, err, "not of the lifecycle")
	r, err := explore.Run(explore.OpenTrain(nil), explore.AtMost(100))
	require.NoError(t, err)
	assert.True(t, r.Truncated)
	assert.False(t, r.Passed())
	for text, want := range map[string]string{`{`: "no scope", `{"surprise":1}`: "surprise", `{"contracts":[{"id":5}]}`: "contract 0",
		`{"start":"2026-06-01T00:00:00Z","contracts":[{"id":"a","client":"b"}],"actors":[{"id":"b"}],"commands":[{"action":"dance"}]}`: "command 0"} {
		_, err := explore.ParseScope([]byte(text))
		assert.ErrorContains(t, err, want)
	}
}

// What is found does not depend on how many explore.
func TestWorkers(t *testing.T) {
	t.Parallel()
	s := explore.OpenTrain(nil)
	s.Drafts, s.Actors = s.Drafts[:1], s.Actors[:3]
	s.Commands = []escrow.Command{escrow.Advance{}, escrow.Hire{}, escrow.End{}, escrow.Confirm{}, escrow.DeclineApproval{}, escrow.ApproveMilestone{MilestoneID: "m1"}}
	var reports []*explore.Report
	for _, n := range []int{1, 4} {
		r, err := explore.Run(s, explore.Workers(n))
		require.NoError(t, err)
		reports = append(reports, r)
	}
	assert.Equal(t, reports[0].String(), reports[1].String())
	assert.Equal(t, reports[0].States, reports[1].States)
}
