package fixedprice_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/fixedprice"
)

// row is a rule that answers: from a contract, what follows, to the unit.
type row struct {
	rule  string
	from  escrow.Contract
	move  move
	to    escrow.Status
	then  string // the milestone's status
	held  uint64 // what the milestone holds then
	moved []string
}

func TestRules(t *testing.T) {
	for _, r := range rows(t) {
		t.Run(r.rule, func(t *testing.T) {
			d, err := r.move.cmd.On(r.from, r.move.actor, escrow.At(start.Add(r.move.after)))
			require.NoError(t, err)
			assert.Equal(t, r.rule, d.Rule)
			assert.Equal(t, r.to, d.To)
			assert.Equal(t, r.then, only(d.Contract).Status)
			assert.Equal(t, escrow.Units(r.held), only(d.Contract).Held)
			assert.Equal(t, r.moved, moved(d))
		})
	}
}

// advance is the command of time.
type advance struct{}

func (advance) On(c escrow.Contract, a escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, escrow.Advance(), a, clock)
}

func rows(t *testing.T) []row {
	offered := live(t, oneMilestone("400").Draft(), move{client, fixedprice.Offer{}, 0})
	at := func(status string) escrow.Contract { return in(t, status) }
	const none, funded, submitted, asked, disputed = fixedprice.NotFunded, fixedprice.Funded, fixedprice.Submitted, fixedprice.RefundAsked, fixedprice.Disputed
	return []row{
		{"FP-1", oneMilestone("400").Draft(), move{client, fixedprice.Offer{}, 0}, fixedprice.Offered, none, 0, nil},
		{"FP-2", offered, move{freelancer, fixedprice.Accept{}, 0}, fixedprice.Active, none, 0, nil},
		{"FP-3", offered, move{freelancer, fixedprice.Decline{}, 0}, fixedprice.Declined, none, 0, nil},
		{"FP-4", offered, move{client, fixedprice.Withdraw{}, 0}, fixedprice.Withdrawn, none, 0, nil},
		{"FP-5", at(none), move{client, fixedprice.AddMilestone{ID: "m2", Name: "Final", Amount: dec("1")}, 0}, fixedprice.Active, none, 0, nil},
		{"FP-6", at(none), fundIt, fixedprice.Active, funded, 40000, []string{
			"400 USD client:acct_client -> milestone:m1 (milestone_deposit)", "20 USD client:acct_client -> platform (client_fee)"}},
		{"FP-7", at(funded), submitIt, fixedprice.Active, submitted, 40000, nil},
		{"FP-7", at(submitted), submitIt, fixedprice.Active, submitted, 40000, nil},
		{"FP-8", at(submitted), move{client, fixedprice.RequestChanges{Milestone: "m1"}, 14*day - tick}, fixedprice.Active, funded, 40000, nil},
		{"FP-9", at(funded), move{client, fixedprice.Release{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Released, 0, paid},
		{"FP-9", at(submitted), move{client, fixedprice.Release{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Released, 0, paid},
		{"FP-9", at(asked), move{client, fixedprice.Release{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Released, 0, paid},
		{"FP-9", at(disputed), move{client, fixedprice.Release{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Released, 0, paid},
		{"FP-10", at(submitted), move{client, fixedprice.ReleasePart{Milestone: "m1", Amount: dec("100.05")}, 0}, fixedprice.Active, funded, 29995, []string{
			"90.04 USD milestone:m1 -> freelancer:acct_freelancer (partial_release)", "10.01 USD milestone:m1 -> platform (service_fee)"}},
		{"FP-10", at(funded), move{client, fixedprice.ReleasePart{Milestone: "m1", Amount: dec("399.99")}, 0}, fixedprice.Active, funded, 1, []string{
			"359.99 USD milestone:m1 -> freelancer:acct_freelancer (partial_release)", "40 USD milestone:m1 -> platform (service_fee)"}},
		{"FP-11", at(submitted), move{stranger, advance{}, 14 * day}, fixedprice.Active, fixedprice.Released, 0, []string{
			"360 USD milestone:m1 -> freelancer:acct_freelancer (auto_release)", "40 USD milestone:m1 -> platform (service_fee)"}},
		{"FP-12", at(funded), askIt, fixedprice.Active, asked, 40000, nil},
		{"FP-12", at(submitted), askIt, fixedprice.Active, asked, 40000, nil},
		{"FP-13", at(funded), move{freelancer, fixedprice.GrantRefund{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Refunded, 0, back},
		{"FP-13", at(submitted), move{freelancer, fixedprice.GrantRefund{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Refunded, 0, back},
		{"FP-13", at(asked), move{freelancer, fixedprice.GrantRefund{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Refunded, 0, back},
		{"FP-13", at(disputed), move{freelancer, fixedprice.GrantRefund{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Refunded, 0, back},
		{"FP-14", at(asked), move{stranger, advance{}, 7 * day}, fixedprice.Active, fixedprice.Refunded, 0, []string{
			"400 USD milestone:m1 -> client:acct_client (auto_refund)"}},
		{"FP-15", at(asked), move{freelancer, fixedprice.Dispute{Milestone: "m1"}, 7*day - tick}, fixedprice.Active, disputed, 40000, nil},
		{"FP-16", at(disputed), move{arbitrator, fixedprice.Arbitrate{Milestone: "m1", FreelancerShare: ratio("0.75")}, 30*day - tick}, fixedprice.Active, fixedprice.Divided, 0, []string{
			"20 USD milestone:m1 -> arbitrator:acct_arbitrator (arbitration_fee)",
			"256.5 USD milestone:m1 -> freelancer:acct_freelancer (milestone_release)",
			"28.5 USD milestone:m1 -> platform (service_fee)",
			"95 USD milestone:m1 -> client:acct_client (milestone_refund)"}},
		{"FP-16", at(disputed), move{arbitrator, fixedprice.Arbitrate{Milestone: "m1"}, 0}, fixedprice.Active, fixedprice.Divided, 0, []string{
			"20 USD milestone:m1 -> arbitrator:acct_arbitrator (arbitration_fee)",
			"380 USD milestone:m1 -> client:acct_client (milestone_refund)"}},
		{"FP-17", at(disputed), move{stranger, advance{}, 30 * day}, fixedprice.Active, fixedprice.Refunded, 0, []string{
			"400 USD milestone:m1 -> client:acct_client (auto_refund)"}},
		{"FP-19", at(funded), move{client, fixedprice.Bonus{Amount: dec("50")}, 0}, fixedprice.Active, funded, 40000, []string{
			"50 USD client:acct_client -> freelancer:acct_freelancer (bonus)", "2.5 USD client:acct_client -> platform (client_fee)"}},
		{"FP-20", at(none), move{client, fixedprice.End{}, 0}, fixedprice.Ended, none, 0, nil},
		{"FP-20", at(fixedprice.Released), move{freelancer, fixedprice.End{}, 0}, fixedprice.Ended, fixedprice.Released, 0, nil},
	}
}

var (
	paid = []string{"360 USD milestone:m1 -> freelancer:acct_freelancer (milestone_release)", "40 USD milestone:m1 -> platform (service_fee)"}
	back = []string{"400 USD milestone:m1 -> client:acct_client (milestone_refund)"}
)

// FP-18: a division waits for the other party, whoever proposes it.
func TestDivisionByConsent(t *testing.T) {
	half := fixedprice.Divide{Milestone: "m1", FreelancerShare: ratio("0.5")}
	for _, status := range []string{fixedprice.Funded, fixedprice.Submitted, fixedprice.RefundAsked, fixedprice.Disputed} {
		for _, pair := range [][2]escrow.Actor{{client, freelancer}, {freelancer, client}} {
			d, err := half.On(in(t, status), pair[0], escrow.At(start))
			require.NoError(t, err)
			assert.Equal(t, "FP-18", d.Rule)
			assert.Empty(t, moved(d))
			a, ok := d.Approval()
			require.True(t, ok)
			assert.Equal(t, []string{pair[1].ID}, a.Confirmers)
			assert.Equal(t, "agreed_division", a.Type)
			assert.Equal(t, "m1", a.Target)

			_, err = escrow.Decide(d.Contract, escrow.Confirm(a.ID, a.Hash), pair[0], escrow.At(start))
			refusedAs(t, err, escrow.Forbidden, escrow.NotConfirmer, "AP-1")

			d, err = escrow.Decide(d.Contract, escrow.Confirm(a.ID, a.Hash), pair[1], escrow.At(start))
			require.NoError(t, err)
			assert.Equal(t, "FP-18", d.Executes)
			assert.Equal(t, fixedprice.Divided, only(d.Contract).Status)
			assert.Equal(t, []string{
				"180 USD milestone:m1 -> freelancer:acct_freelancer (milestone_release)",
				"20 USD milestone:m1 -> platform (service_fee)",
				"200 USD milestone:m1 -> client:acct_client (milestone_refund)"}, moved(d))
		}
	}
}

// A proposal lives for the consent window, is answered by a counter-proposal, and
// goes stale when the milestone holds something else.
func TestDivisionThatIsNotCarriedOut(t *testing.T) {
	half := fixedprice.Divide{Milestone: "m1", FreelancerShare: ratio("0.5")}
	d, err := half.On(in(t, fixedprice.Funded), client, escrow.At(start))
	require.NoError(t, err)
	a, _ := d.Approval()
	assert.Equal(t, start.Add(3*day), a.ExpiresAt)

	_, err = escrow.Decide(d.Contract, escrow.Confirm(a.ID, a.Hash), freelancer, escrow.At(start.Add(3*day)))
	refusedAs(t, err, escrow.Conflict, escrow.ApprovalExpired, "AP-1")

	counter, err := fixedprice.Divide{Milestone: "m1", FreelancerShare: ratio("0.6")}.On(d.Contract, freelancer, escrow.At(start))
	require.NoError(t, err)
	old, _ := counter.Contract.Approval(a.ID)
	assert.Equal(t, escrow.ApprovalIsSuperseded, old.Status)

	part := live(t, d.Contract, move{client, fixedprice.ReleasePart{Milestone: "m1", Amount: dec("1")}, 0})
	_, err = escrow.Decide(part, escrow.Confirm(a.ID, a.Hash), freelancer, escrow.At(start))
	refusedAs(t, err, escrow.Conflict, escrow.ApprovalStale, "AP-1")

	_, err = half.On(in(t, fixedprice.Funded), arbitrator, escrow.At(start))
	refusedAs(t, err, escrow.Forbidden, fixedprice.NotParty, "FP-18")
}

// A row that is about a milestone answers in the statuses that it names, and in no
// other.
func TestMilestoneStatuses(t *testing.T) {
	const none, funded, submitted, asked, disputed = fixedprice.NotFunded, fixedprice.Funded, fixedprice.Submitted, fixedprice.RefundAsked, fixedprice.Disputed
	held := []string{funded, submitted, asked, disputed}
	for _, r := range []struct {
		rule  string
		move  move
		being []string
	}{
		{"FP-6", fundIt, []string{none}},
		{"FP-7", submitIt, []string{funded, submitted}},
		{"FP-8", move{client, fixedprice.RequestChanges{Milestone: "m1"}, 0}, []string{submitted}},
		{"FP-9", move{client, fixedprice.Release{Milestone: "m1"}, 0}, held},
		{"FP-10", move{client, fixedprice.ReleasePart{Milestone: "m1", Amount: dec("1")}, 0}, []string{funded, submitted}},
		{"FP-12", askIt, []string{funded, submitted}},
		{"FP-13", move{freelancer, fixedprice.GrantRefund{Milestone: "m1"}, 0}, held},
		{"FP-15", disputeIt, []string{asked}},
		{"FP-16", move{arbitrator, fixedprice.Arbitrate{Milestone: "m1"}, 0}, []string{disputed}},
		{"FP-18", move{client, fixedprice.Divide{Milestone: "m1"}, 0}, held},
	} {
		for _, status := range []string{none, funded, submitted, asked, disputed, fixedprice.Released, fixedprice.Refunded, fixedprice.Divided} {
			_, err := r.move.cmd.On(in(t, status), r.move.actor, escrow.At(start))
			if slices.Contains(r.being, status) {
				assert.NoError(t, err, "%s from %s", r.rule, status)
				continue
			}
			refusedAs(t, err, escrow.Conflict, fixedprice.WrongMilestone, r.rule)
			assert.Equal(t, status, err.(*escrow.Error).Details()["status"])
		}
	}
}

// Nobody but the party that a rule names may ask.
func TestWhoMayAsk(t *testing.T) {
	funded, asked := in(t, fixedprice.Funded), in(t, fixedprice.RefundAsked)
	offered := live(t, oneMilestone("400").Draft(), move{client, fixedprice.Offer{}, 0})
	for _, r := range []struct {
		rule   string
		from   escrow.Contract
		cmd    asks
		reason escrow.Reason
		others []escrow.Actor
	}{
		{"FP-1", oneMilestone("400").Draft(), fixedprice.Offer{}, fixedprice.NotClient, []escrow.Actor{freelancer, arbitrator, stranger}},
		{"FP-2", offered, fixedprice.Accept{}, fixedprice.NotFreelancer, []escrow.Actor{client, arbitrator, stranger}},
		{"FP-3", offered, fixedprice.Decline{}, fixedprice.NotFreelancer, []escrow.Actor{client, stranger}},
		{"FP-4", offered, fixedprice.Withdraw{}, fixedprice.NotClient, []escrow.Actor{freelancer, stranger}},
		{"FP-5", funded, fixedprice.AddMilestone{ID: "m2", Name: "x", Amount: dec("1")}, fixedprice.NotClient, []escrow.Actor{freelancer}},
		{"FP-6", funded, fixedprice.Fund{Milestone: "m1"}, fixedprice.NotClient, []escrow.Actor{freelancer}},
		{"FP-7", funded, fixedprice.Submit{Milestone: "m1", Work: "x"}, fixedprice.NotFreelancer, []escrow.Actor{client}},
		{"FP-8", funded, fixedprice.RequestChanges{Milestone: "m1"}, fixedprice.NotClient, []escrow.Actor{freelancer}},
		{"FP-9", funded, fixedprice.Release{Milestone: "m1"}, fixedprice.NotClient, []escrow.Actor{freelancer, arbitrator}},
		{"FP-10", funded, fixedprice.ReleasePart{Milestone: "m1", Amount: dec("1")}, fixedprice.NotClient, []escrow.Actor{freelancer}},
		{"FP-12", funded, fixedprice.RequestRefund{Milestone: "m1"}, fixedprice.NotClient, []escrow.Actor{freelancer}},
		{"FP-13", asked, fixedprice.GrantRefund{Milestone: "m1"}, fixedprice.NotFreelancer, []escrow.Actor{client}},
		{"FP-15", asked, fixedprice.Dispute{Milestone: "m1"}, fixedprice.NotFreelancer, []escrow.Actor{client}},
		{"FP-16", in(t, fixedprice.Disputed), fixedprice.Arbitrate{Milestone: "m1"}, fixedprice.NotArbitrator, []escrow.Actor{client, freelancer, escrow.SystemActor()}},
		{"FP-19", funded, fixedprice.Bonus{Amount: dec("1")}, fixedprice.NotClient, []escrow.Actor{freelancer}},
		{"FP-20", active(t, oneMilestone("400")), fixedprice.End{}, fixedprice.NotParty, []escrow.Actor{arbitrator, stranger}},
	} {
		for _, other := range r.others {
			_, err := r.cmd.On(r.from, other, escrow.At(start))
			refusedAs(t, err, escrow.Forbidden, r.reason, r.rule)
		}
	}
}

// What is wrong with a command by itself, or with what it asks for.
func TestRefusals(t *testing.T) {
	funded := in(t, fixedprice.Funded)
	for _, r := range []struct {
		name   string
		move   move
		code   escrow.Code
		reason escrow.Reason
		rule   string
	}{
		{"a milestone without a name", move{client, fixedprice.AddMilestone{ID: "m2", Name: " ", Amount: dec("1")}, 0}, escrow.InvalidRequest, fixedprice.InvalidMilestone, "FP-5"},
		{"a milestone without an id", move{client, fixedprice.AddMilestone{Name: "x", Amount: dec("1")}, 0}, escrow.InvalidRequest, fixedprice.InvalidMilestone, "FP-5"},
		{"a milestone of nothing", move{client, fixedprice.AddMilestone{ID: "m2", Name: "x"}, 0}, escrow.InvalidRequest, fixedprice.InvalidMilestone, "FP-5"},
		{"a milestone of parts of a cent", move{client, fixedprice.AddMilestone{ID: "m2", Name: "x", Amount: dec("0.001")}, 0}, escrow.InvalidRequest, escrow.AmountScale, "FP-5"},
		{"a milestone that is there", move{client, fixedprice.AddMilestone{ID: "m1", Name: "x", Amount: dec("1")}, 0}, escrow.Conflict, escrow.ItemExists, "FP-5"},
		{"no such milestone", move{client, fixedprice.Release{Milestone: "m9"}, 0}, escrow.NotFound, fixedprice.MilestoneNotFound, "FP-9"},
		{"no milestone", move{client, fixedprice.Release{}, 0}, escrow.InvalidRequest, escrow.Malformed, "FP-9"},
		{"no work", move{freelancer, fixedprice.Submit{Milestone: "m1", Work: "\n"}, 0}, escrow.InvalidRequest, fixedprice.WorkMissing, "FP-7"},
		{"a part of nothing", move{client, fixedprice.ReleasePart{Milestone: "m1"}, 0}, escrow.InvalidRequest, escrow.Malformed, "FP-10"},
		{"a part that is all", move{client, fixedprice.ReleasePart{Milestone: "m1", Amount: dec("400")}, 0}, escrow.Conflict, fixedprice.ReleaseWhole, "FP-10"},
		{"a bonus of nothing", move{client, fixedprice.Bonus{}, 0}, escrow.InvalidRequest, escrow.Malformed, "FP-19"},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := r.move.cmd.On(funded, r.move.actor, escrow.At(start))
			refusedAs(t, err, r.code, r.reason, r.rule)
		})
	}
}

// FP-20 ends nothing while a milestone holds money, and says so.
func TestEndHoldsNothing(t *testing.T) {
	for _, status := range []string{fixedprice.Funded, fixedprice.Submitted, fixedprice.RefundAsked, fixedprice.Disputed} {
		_, err := fixedprice.End{}.On(in(t, status), client, escrow.At(start))
		refusedAs(t, err, escrow.Conflict, escrow.WrongStatus, "FP-20")
		assert.Equal(t, "no milestone holds money", err.(*escrow.Error).Details()["case"])
	}
	ended := live(t, in(t, fixedprice.Released), move{client, fixedprice.End{}, 0})
	assert.True(t, ended.IsTerminal())
	assert.Empty(t, ended.Custody())
	_, err := fixedprice.Bonus{Amount: dec("1")}.On(ended, client, escrow.At(start))
	require.ErrorIs(t, err, escrow.Conflict)
}

// At the exact instant silence has decided: what was open a moment before is
// refused, and nothing is due a moment before.
func TestWindowsAtTheInstant(t *testing.T) {
	for _, r := range []struct {
		status string
		late   move
		rule   string
		by     string
	}{
		{fixedprice.Submitted, move{client, fixedprice.RequestChanges{Milestone: "m1"}, 14 * day}, "FP-8", "FP-11"},
		{fixedprice.Submitted, move{client, fixedprice.RequestRefund{Milestone: "m1"}, 14 * day}, "FP-12", "FP-11"},
		{fixedprice.RefundAsked, move{freelancer, fixedprice.Dispute{Milestone: "m1"}, 7 * day}, "FP-15", "FP-14"},
		{fixedprice.Disputed, move{arbitrator, fixedprice.Arbitrate{Milestone: "m1"}, 30 * day}, "FP-16", "FP-17"},
	} {
		c := in(t, r.status)
		_, err := r.late.cmd.On(c, r.late.actor, escrow.At(start.Add(r.late.after)))
		refusedAs(t, err, escrow.Conflict, escrow.DeadlineDue, r.rule)
		_, err = r.late.cmd.On(c, r.late.actor, escrow.At(start.Add(r.late.after-tick)))
		assert.NoError(t, err)

		_, err = advance{}.On(c, stranger, escrow.At(start.Add(r.late.after-tick)))
		refusedAs(t, err, escrow.Conflict, escrow.NothingDue, r.by)
		late, err := advance{}.On(c, stranger, escrow.At(start.Add(r.late.after+100*day)))
		require.NoError(t, err)
		assert.Equal(t, r.by, late.Rule)
		assert.Equal(t, start.Add(r.late.after), late.At(), "late is on time")
	}
}

// Each milestone has a clock of its own: the earliest is applied first, one a
// decision, and a later one goes on running.
func TestManyClocks(t *testing.T) {
	terms := oneMilestone("400")
	terms.Milestones = append(terms.Milestones, fixedprice.MilestoneTerms{ID: "m2", Name: "Final", Amount: dec("100")})
	c := live(t, active(t, terms), fundIt, move{client, fixedprice.Fund{Milestone: "m2"}, 0},
		move{freelancer, fixedprice.Submit{Milestone: "m2", Work: "b"}, day}, move{freelancer, fixedprice.Submit{Milestone: "m1", Work: "a"}, 2 * day})
	next, made, err := escrow.AsOf(c, start.Add(16*day-tick))
	require.NoError(t, err)
	require.Len(t, made, 1)
	assert.Equal(t, []string{fixedprice.Submitted, fixedprice.Released}, statuses(next))
	next, made, err = escrow.AsOf(c, start.Add(16*day))
	require.NoError(t, err)
	require.Len(t, made, 2)
	assert.Equal(t, []string{fixedprice.Released, fixedprice.Released}, statuses(next))
	deadline, ok := escrow.NextDeadline(c)
	require.True(t, ok)
	assert.Equal(t, "releaseDue", deadline.Moment)
	assert.Equal(t, start.Add(15*day), deadline.At)
}

func statuses(c escrow.Contract) (list []string) {
	for _, m := range fixedprice.Milestones(c) {
		list = append(list, m.Status)
	}
	return list
}

// What an offer refuses of its terms.
func TestTerms(t *testing.T) {
	for name, r := range map[string]struct {
		change func(*fixedprice.Terms)
		reason escrow.Reason
		field  string
	}{
		"no title":              {func(x *fixedprice.Terms) { x.Title = "" }, escrow.InvalidTerms, "title"},
		"no client":             {func(x *fixedprice.Terms) { x.Client = "" }, escrow.InvalidTerms, "client"},
		"no freelancer":         {func(x *fixedprice.Terms) { x.Freelancer = "" }, escrow.InvalidTerms, "freelancer"},
		"no arbitrator":         {func(x *fixedprice.Terms) { x.Arbitrator = "" }, escrow.InvalidTerms, "arbitrator"},
		"hired by oneself":      {func(x *fixedprice.Terms) { x.Freelancer = x.Client }, escrow.InvalidTerms, "freelancer"},
		"judge in own cause":    {func(x *fixedprice.Terms) { x.Arbitrator = x.Client }, escrow.InvalidTerms, "arbitrator"},
		"judge in own cause, f": {func(x *fixedprice.Terms) { x.Arbitrator = x.Freelancer }, escrow.InvalidTerms, "arbitrator"},
		"no milestone":          {func(x *fixedprice.Terms) { x.Milestones = nil }, escrow.InvalidTerms, "milestones"},
		"a milestone twice":     {func(x *fixedprice.Terms) { x.Milestones = append(x.Milestones, x.Milestones[0]) }, escrow.InvalidTerms, "milestones"},
		"a milestone of zero":   {func(x *fixedprice.Terms) { x.Milestones[0].Amount = dec("0") }, fixedprice.InvalidMilestone, "milestones[0].amount"},
		"a nameless milestone":  {func(x *fixedprice.Terms) { x.Milestones[0].Name = "" }, fixedprice.InvalidMilestone, "milestones[0].name"},
		"an arbitrator takes all": {func(x *fixedprice.Terms) {
			x.Policy = []escrow.Value{fixedprice.ArbitrationFee.To(ratio("1"))}
		}, escrow.InvalidPolicy, "arbitrationFee"},
	} {
		t.Run(name, func(t *testing.T) {
			terms := oneMilestone("400")
			r.change(&terms)
			_, err := fixedprice.Offer{}.On(terms.Draft(), client, escrow.At(start))
			refusedAs(t, err, escrow.InvalidRequest, r.reason, "FP-1")
			assert.Equal(t, r.field, err.(*escrow.Error).Details()["field"])
		})
	}
}

// A policy of one's own is what the contract lives by.
func TestPolicy(t *testing.T) {
	terms := oneMilestone("400")
	terms.Asset = escrow.Asset{Code: "USDC", Scale: 6}
	terms.Policy = []escrow.Value{fixedprice.ReviewWindow.To(day), fixedprice.ServiceFee.To(ratio("0.2")), fixedprice.ClientFee.To(escrow.Ratio{})}
	c := live(t, active(t, terms), fundIt, submitIt)
	d, err := advance{}.On(c, stranger, escrow.At(start.Add(day)))
	require.NoError(t, err)
	assert.Equal(t, []string{"320 USDC milestone:m1 -> freelancer:acct_freelancer (auto_release)", "80 USDC milestone:m1 -> platform (service_fee)"}, moved(d))
}

func TestViews(t *testing.T) {
	c := in(t, fixedprice.Submitted)
	m, ok := fixedprice.MilestoneOf(c, "m1")
	require.True(t, ok)
	assert.Equal(t, fixedprice.Milestone{
		ID: "m1", Name: "Sketches", Status: fixedprice.Submitted, Price: escrow.Units(40000), Held: escrow.Units(40000),
		Work: "https://example.org/v1", SubmittedAt: start, Due: start.Add(14 * day),
	}, m)
	_, ok = fixedprice.MilestoneOf(c, "m9")
	assert.False(t, ok)
	assert.Equal(t, start.Add(7*day), only(in(t, fixedprice.RefundAsked)).Due)
	assert.Equal(t, start.Add(30*day), only(in(t, fixedprice.Disputed)).Due)
	assert.True(t, only(in(t, fixedprice.Funded)).Due.IsZero())
	assert.Empty(t, fixedprice.Milestones(escrow.Contract{}))
}
