package opencontract_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

var (
	start      = time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC)
	match      = start.Add(24 * time.Hour)
	withdrawal = start.Add(48 * time.Hour)
	delivery   = start.Add(72 * time.Hour)
	review     = start.Add(120 * time.Hour)

	client   = escrow.Agent("0xC")
	worker   = escrow.Agent("0xW")
	stranger = escrow.Agent("0xS")
	system   = escrow.SystemActor()
	b1       = escrow.Agent("b1")
	b2       = escrow.Agent("b2")
	b3       = escrow.Agent("b3")
)

// terms are those of the documents' example: 50 USDC, three criteria, a named
// worker, the client reviews.
func terms() opencontract.Terms {
	return opencontract.Terms{
		ID: "contract_xyz789", Client: "0xC", Worker: "0xW", Price: decimal.NewFromInt(50), TaskDescription: "Summarize 10 papers",
		AcceptanceCriteria: []string{"length", "method", "all covered"},
		ContractType:       opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: match, WithdrawalDeadline: withdrawal, DeliveryDeadline: delivery, ReviewDeadline: review,
	}
}

// tender is an open tender.
func tender() opencontract.Terms {
	t := terms()
	t.Worker, t.AwardMethod = "", opencontract.AwardOpenTender
	return t
}

// standard is a contract that backup agents judge in any case.
func standard() opencontract.Terms {
	t := terms()
	t.VerificationMode, t.ReviewDeadline = opencontract.Standard, time.Time{}
	return t
}

// under returns terms with a policy that differs from the default.
func under(t opencontract.Terms, policy ...escrow.Value) opencontract.Terms {
	t.Policy = policy
	return t
}

func ratio(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

// step is one command of a life.
type step struct {
	cmd command
	by  escrow.Actor
	at  time.Time
}

// command is what decides by itself.
type command interface {
	On(escrow.Contract, escrow.Actor, escrow.Clock) (escrow.Decision, error)
}

// advance is what time does.
type advance struct{}

func (advance) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, escrow.Advance(), actor, clock)
}

// live carries out one step after another, and returns the last decision.
func live(t testing.TB, terms opencontract.Terms, steps ...step) escrow.Decision {
	t.Helper()
	d := escrow.Decision{Contract: terms.Draft()}
	for _, s := range steps {
		next, err := s.cmd.On(d.Contract, s.by, escrow.At(s.at))
		require.NoError(t, err, "%T at %s", s.cmd, s.at)
		d = next
	}
	return d
}

// path joins parts of a life.
func path(parts ...[]step) (all []step) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

var (
	created   = []step{{opencontract.Create{}, client, start}}
	matched   = path(created, []step{{opencontract.Accept{}, worker, start}})
	delivered = path(matched, []step{{opencontract.Deliver{Delivery: "ipfs://x"}, worker, start.Add(time.Hour)}})
	approved  = path(delivered, []step{{opencontract.Approve{}, client, start.Add(2 * time.Hour)}})
	disputed  = path(delivered, []step{{opencontract.Dispute{}, client, start.Add(2 * time.Hour)}})
	drawn     = path(disputed, []step{{draw("b1", "b2", "b3"), system, start.Add(3 * time.Hour)}})
	settled   = []step{{opencontract.Settle{}, system, review.Add(48 * time.Hour)}}
)

func draw(agents ...string) opencontract.Draw { return opencontract.Draw{BackupAgents: agents} }

const (
	met     = opencontract.Met
	notMet  = opencontract.NotMet
	unclear = opencontract.Unclear
)

// votes is a backup agent's vote, in another order than the criteria's.
func votes(verdicts ...string) opencontract.Vote {
	var v opencontract.Vote
	for i := len(verdicts) - 1; i >= 0; i-- {
		v.Ballots = append(v.Ballots, opencontract.Ballot{CriterionIndex: i, Vote: verdicts[i]})
	}
	return v
}

// judged is a life up to the votes of so many of the three agents.
func judged(verdicts ...[]string) []step {
	steps := drawn
	for i, v := range verdicts {
		steps = path(steps, []step{{votes(v...), []escrow.Actor{b1, b2, b3}[i], start.Add(4 * time.Hour)}})
	}
	return steps
}

func movements(d escrow.Decision) (out []string) {
	for _, m := range d.Movements() {
		out = append(out, m.String())
	}
	return out
}

func held(c escrow.Contract) string {
	text := ""
	for _, h := range c.Custody() {
		text += fmt.Sprintf("%s %s, ", h.Account, h.Asset.Text(h.Amount))
	}
	return text
}

const refund = "50 USDC escrow -> client:0xC (escrow_refund)"

// TestRules: what every rule does, from where, with what money, and what is held
// afterwards.
func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		terms opencontract.Terms
		steps []step
		to    escrow.Status
		moves []string
		held  string
	}{
		"OC-1 create": {terms(), created, opencontract.Created, []string{"50 USDC client:0xC -> escrow (escrow_deposit)"}, "escrow 50, "},
		"OC-2 accept": {terms(), matched, opencontract.Matched, []string{"2.5 USDC worker:0xW -> stake (stake_deposit)"}, "escrow 50, stake 2.5, "},
		"OC-3 accept a tender": {tender(), path(created, []step{{opencontract.Accept{}, stranger, match.Add(-1)}}), opencontract.Matched,
			[]string{"2.5 USDC worker:0xS -> stake (stake_deposit)"}, "escrow 50, stake 2.5, "},
		"OC-4 decline": {terms(), path(created, []step{{opencontract.Decline{}, worker, start}}), opencontract.CancelledUnmatched, []string{refund}, ""},
		"OC-5 cancel":  {terms(), path(created, []step{{opencontract.Cancel{}, client, start}}), opencontract.CancelledByClient, []string{refund}, ""},
		"OC-6 nobody matched": {terms(), path(created, []step{{advance{}, stranger, match}}), opencontract.CancelledUnmatched,
			[]string{refund}, ""},
		"OC-7 withdraw": {terms(), path(matched, []step{{opencontract.Withdraw{}, worker, withdrawal.Add(-1)}}), opencontract.CancelledWithdrawn,
			[]string{refund, "0.75 USDC stake -> client:0xC (stake_slash)", "1.75 USDC stake -> worker:0xW (stake_return)"}, ""},
		"OC-8 deliver": {terms(), delivered, opencontract.UnderReview, nil, "escrow 50, stake 2.5, "},
		"OC-9 absent": {terms(), path(matched, []step{{advance{}, system, delivery.Add(time.Hour)}}), opencontract.CancelledAbsent,
			[]string{refund, "2 USDC stake -> client:0xC (stake_slash)", "0.5 USDC stake -> treasury (stake_slash)"}, ""},
		"OC-10 approve": {terms(), approved, opencontract.Resolved, nil, "escrow 50, stake 2.5, "},
		"OC-11 dispute": {terms(), disputed, opencontract.Disputed, []string{"2.5 USDC client:0xC -> dispute-bond (dispute_bond_deposit)"},
			"escrow 50, stake 2.5, dispute-bond 2.5, "},
		"OC-12 silence approves": {terms(), path(delivered, []step{{advance{}, client, review}}), opencontract.Resolved, nil, "escrow 50, stake 2.5, "},
		"OC-13 draw":             {terms(), drawn, opencontract.Disputed, nil, "escrow 50, stake 2.5, dispute-bond 2.5, "},
		"OC-13 draw in standard mode": {standard(), path(delivered, []step{{draw("b1", "b2", "b3"), system, start.Add(25*time.Hour - 1)}}),
			opencontract.UnderReview, nil, "escrow 50, stake 2.5, "},
		"OC-14 vote": {terms(), judged([]string{met, met, met}), opencontract.Disputed,
			[]string{"7.5 USDC backup:b1 -> backup-bond:b1 (backup_bond_deposit)"}, "escrow 50, stake 2.5, dispute-bond 2.5, backup-bond:b1 7.5, "},
		"OC-14 the last vote": {terms(), judged([]string{met, met, met}, []string{met, met, met}, []string{met, notMet, met}), opencontract.Resolved,
			[]string{"7.5 USDC backup:b3 -> backup-bond:b3 (backup_bond_deposit)"},
			"escrow 50, stake 2.5, dispute-bond 2.5, backup-bond:b1 7.5, backup-bond:b2 7.5, backup-bond:b3 7.5, "},
		"OC-15 never drawn": {terms(), path(disputed, []step{{advance{}, system, start.Add(26 * time.Hour)}}), opencontract.Resolved, nil,
			"escrow 50, stake 2.5, dispute-bond 2.5, "},
		"OC-15 voting is over": {terms(), path(judged([]string{met, met, met}), []step{{advance{}, system, start.Add(27 * time.Hour)}}), opencontract.Resolved, nil,
			"escrow 50, stake 2.5, dispute-bond 2.5, backup-bond:b1 7.5, "},
		"OC-16 settle": {terms(), path(approved, settled), opencontract.SettledFullyMet,
			[]string{"47.5 USDC escrow -> worker:0xW (payout)", "2.5 USDC escrow -> treasury (protocol_fee)", "2.5 USDC stake -> worker:0xW (stake_return)"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := live(t, c.terms, c.steps...)
			require.Equal(t, name[:len(d.Rule)], d.Rule)
			require.Equal(t, c.to, d.To)
			require.Equal(t, c.moves, movements(d))
			require.Equal(t, c.held, held(d.Contract))
		})
	}
}

// TestSettlement: every row of the settlement table, to the unit.
func TestSettlement(t *testing.T) {
	full := []string{"47.5 USDC escrow -> worker:0xW (payout)", "2.5 USDC escrow -> treasury (protocol_fee)", "2.5 USDC stake -> worker:0xW (stake_return)"}
	bondBack := "2.5 USDC dispute-bond -> client:0xC (dispute_bond_return)"
	back := func(agents ...string) (all []string) {
		for _, a := range agents {
			all = append(all, "7.5 USDC backup-bond:"+a+" -> backup:"+a+" (backup_bond_return)")
		}
		return all
	}
	join := func(parts ...[]string) (all []string) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	all, none, dunno := []string{met, met, met}, []string{notMet, notMet, notMet}, []string{unclear, unclear, unclear}
	over := []step{{advance{}, system, start.Add(27 * time.Hour)}}
	for name, c := range map[string]struct {
		terms   opencontract.Terms
		steps   []step
		to      escrow.Status
		moves   []string
		rewards []opencontract.Reward
	}{
		"a rejected dispute": {terms(), judged(all, all, all), opencontract.SettledFullyMet,
			join(full, []string{"2.5 USDC dispute-bond -> worker:0xW (dispute_bond_forfeit)"}, back("b1", "b2", "b3")), rewards("10", all, all, all)},
		"a rejected dispute, to the treasury": {under(terms(), opencontract.DisputeForfeitTo.To("treasury")), judged(all, all, all), opencontract.SettledFullyMet,
			join(full, []string{"2.5 USDC dispute-bond -> treasury (dispute_bond_forfeit)"}, back("b1", "b2", "b3")), rewards("10", all, all, all)},
		"a silent jury": {terms(), path(judged(none), over), opencontract.SettledFullyMet, join(full, []string{bondBack}, back("b1")), nil},
		"a silent jury that is unclear": {under(terms(), opencontract.NoQuorum.To("unclear")), path(judged(none), over), opencontract.SettledNoneMet,
			join([]string{refund, "2.5 USDC stake -> worker:0xW (stake_return)", bondBack}, back("b1")), nil},
		"unclear is worth the whole": {under(terms(), opencontract.UnclearCredit.To(ratio("1"))), judged(dunno, dunno, dunno), opencontract.SettledFullyMet,
			join(full, []string{bondBack}, back("b1", "b2", "b3")), rewards("4", dunno, dunno, dunno)},
		"partly met": {terms(), judged([]string{met, notMet, met}, []string{met, notMet, unclear}, []string{unclear, met, met}), opencontract.SettledPartiallyMet,
			[]string{"31.666666 USDC escrow -> worker:0xW (payout)", "1.666667 USDC escrow -> treasury (protocol_fee)", "16.666667 USDC escrow -> client:0xC (escrow_refund)",
				"2.5 USDC stake -> worker:0xW (stake_return)", bondBack, "7.5 USDC backup-bond:b1 -> backup:b1 (backup_bond_return)",
				"6.75 USDC backup-bond:b2 -> backup:b2 (backup_bond_return)", "0.75 USDC backup-bond:b2 -> treasury (backup_bond_slash)",
				"4.25 USDC backup-bond:b3 -> backup:b3 (backup_bond_return)", "3.25 USDC backup-bond:b3 -> treasury (backup_bond_slash)"},
			[]opencontract.Reward{{"b1", 0, "10"}, {"b1", 1, "10"}, {"b1", 2, "10"}, {"b2", 0, "10"}, {"b2", 1, "10"}, {"b3", 2, "10"}}},
		"half a credit": {under(terms(), opencontract.UnclearCredit.To(ratio("0.5")), opencontract.BackupSlashTo.To("client")),
			judged([]string{unclear, notMet, notMet}, []string{unclear, notMet, notMet}, []string{unclear, notMet, met}), opencontract.SettledPartiallyMet,
			[]string{"7.916666 USDC escrow -> worker:0xW (payout)", "0.416667 USDC escrow -> treasury (protocol_fee)", "41.666667 USDC escrow -> client:0xC (escrow_refund)",
				"2.5 USDC stake -> worker:0xW (stake_return)", bondBack, "7.5 USDC backup-bond:b1 -> backup:b1 (backup_bond_return)",
				"7.5 USDC backup-bond:b2 -> backup:b2 (backup_bond_return)", "5 USDC backup-bond:b3 -> backup:b3 (backup_bond_return)",
				"2.5 USDC backup-bond:b3 -> client:0xC (backup_bond_slash)"},
			[]opencontract.Reward{{"b1", 0, "4"}, {"b1", 1, "10"}, {"b1", 2, "10"}, {"b2", 0, "4"}, {"b2", 1, "10"}, {"b2", 2, "10"}, {"b3", 0, "4"}, {"b3", 1, "10"}}},
		"none met": {terms(), judged(none, none, none), opencontract.SettledNoneMet,
			join([]string{refund, "2 USDC stake -> client:0xC (stake_slash)", "0.5 USDC stake -> treasury (stake_slash)", bondBack}, back("b1", "b2", "b3")), rewards("10", none, none, none)},
		"nobody could tell": {terms(), judged(dunno, dunno, dunno), opencontract.SettledNoneMet,
			join([]string{refund, "2.5 USDC stake -> worker:0xW (stake_return)", bondBack}, back("b1", "b2", "b3")), rewards("4", dunno, dunno, dunno)},
		"no majority": {terms(), judged(all, none, dunno), opencontract.SettledNoneMet,
			join([]string{refund, "2.5 USDC stake -> worker:0xW (stake_return)", bondBack}, back("b1", "b2", "b3")), nil},
		"decisive against an unclear majority": {terms(), judged(dunno, dunno, all), opencontract.SettledNoneMet,
			join([]string{refund, "2.5 USDC stake -> worker:0xW (stake_return)", bondBack}, back("b1", "b2", "b3")), rewards("4", dunno, dunno)},
		"standard mode, no bond of the client": {standard(), path(delivered, []step{{draw("b1", "b2", "b3"), system, start.Add(2 * time.Hour)}},
			[]step{{votes(all...), b1, start.Add(3 * time.Hour)}, {votes(all...), b2, start.Add(3 * time.Hour)}, {votes(all...), b3, start.Add(3 * time.Hour)}}),
			opencontract.SettledFullyMet, join(full, back("b1", "b2", "b3")), rewards("10", all, all, all)},
		"standard mode, never drawn": {standard(), path(delivered, []step{{advance{}, system, start.Add(25 * time.Hour)}}), opencontract.SettledFullyMet, full, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := live(t, c.terms, path(c.steps, settled)...)
			require.Equal(t, "OC-16", d.Rule)
			require.Equal(t, c.to, d.To)
			require.Equal(t, c.moves, movements(d))
			require.Equal(t, c.rewards, opencontract.Rewards(d))
			require.Empty(t, d.Contract.Custody())
		})
	}
}

// rewards are so many tokens for every vote.
func rewards(tokens string, votes ...[]string) (list []opencontract.Reward) {
	for i := range votes {
		for j := range votes[i] {
			list = append(list, opencontract.Reward{BackupAgent: fmt.Sprintf("b%d", i+1), CriterionIndex: j, Tokens: tokens})
		}
	}
	return list
}

// TestWithdrawBeatsVanishing: under every policy a worker who withdraws loses no
// more than one who is absent.
func TestWithdrawBeatsVanishing(t *testing.T) {
	for _, slash := range []string{"0", "0.3", "0.999999999999999999"} {
		for _, price := range []string{"0.000001", "0.00002", "50", "1000000000000"} {
			at := under(terms(), opencontract.EarlyWithdrawalSlashRatio.To(ratio(slash)))
			at.Price = decimal.RequireFromString(price)
			back := func(steps []step) (sum escrow.Amount) {
				for _, m := range movementsOf(live(t, at, steps...)) {
					if m.To.Kind == "worker" {
						sum = sum.Plus(m.Amount)
					}
				}
				return sum
			}
			withdrawn := back(path(matched, []step{{opencontract.Withdraw{}, worker, start}}))
			absent := back(path(matched, []step{{advance{}, system, delivery}}))
			require.LessOrEqual(t, absent.Cmp(withdrawn), 0, "%s %s", slash, price)
		}
	}
}

func movementsOf(d escrow.Decision) (list []escrow.Movement) {
	for _, m := range d.Movements() {
		list = append(list, m)
	}
	return list
}

// TestViews: what has come of a contract, at every stage of it.
func TestViews(t *testing.T) {
	c := live(t, terms(), created...).Contract
	require.Empty(t, opencontract.Delivery(c))
	require.Nil(t, opencontract.BackupAgents(c))
	require.Nil(t, opencontract.Votes(c))
	require.Nil(t, opencontract.CriteriaMet(c))
	require.Equal(t, "0xW", c.Account(opencontract.Worker))

	c = live(t, tender(), matched...).Contract
	require.Equal(t, "0xW", c.Account(opencontract.Worker))

	steps := judged([]string{met, notMet, unclear}, []string{met, notMet, met})
	c = live(t, terms(), steps...).Contract
	require.Equal(t, "ipfs://x", opencontract.Delivery(c))
	require.Equal(t, start.Add(27*time.Hour), opencontract.VotingDeadline.In(c.View()))
	require.Equal(t, []string{"b1", "b2", "b3"}, opencontract.BackupAgents(c))
	require.Equal(t, opencontract.CastVote{BackupAgent: "b2", CriterionIndex: 1, Vote: notMet}, opencontract.Votes(c)[4])
	require.Len(t, opencontract.Votes(c), 6)
	require.Nil(t, opencontract.CriteriaMet(c))

	d := live(t, terms(), path(steps, []step{{votes(met, met, met), b3, start.Add(4 * time.Hour)}})...)
	require.Equal(t, []string{met, notMet, met}, opencontract.CriteriaMet(d.Contract))
	require.Empty(t, opencontract.Rewards(d))
	require.Equal(t, []opencontract.CastVote{
		{"b1", 0, met, met, opencontract.BondReturned, "10"}, {"b1", 1, notMet, notMet, opencontract.BondReturned, "10"}, {"b1", 2, unclear, met, opencontract.BondPartiallySlashed, "0"},
		{"b2", 0, met, met, opencontract.BondReturned, "10"}, {"b2", 1, notMet, notMet, opencontract.BondReturned, "10"}, {"b2", 2, met, met, opencontract.BondReturned, "10"},
		{"b3", 0, met, met, opencontract.BondReturned, "10"}, {"b3", 1, met, notMet, opencontract.BondSlashed, "0"}, {"b3", 2, met, met, opencontract.BondReturned, "10"},
	}, opencontract.Votes(d.Contract))
	require.Equal(t, opencontract.Votes(d.Contract), opencontract.Votes(live(t, terms(), path(steps, []step{{votes(met, met, met), b3, start.Add(4 * time.Hour)}}, settled)...).Contract))
}

// TestTime: the moments of a contract, and what time and the system do alone.
func TestTime(t *testing.T) {
	for name, c := range map[string]struct {
		terms  opencontract.Terms
		steps  []step
		moment string
		at     time.Time
		to     escrow.Status
		work   []escrow.Action
		end    time.Time
	}{
		"created":              {terms(), created, "matchDeadline", match, opencontract.CancelledUnmatched, nil, match},
		"matched":              {terms(), matched, "deliveryDeadline", delivery, opencontract.CancelledAbsent, nil, delivery},
		"under review":         {terms(), delivered, "reviewDeadline", review, opencontract.Resolved, nil, review},
		"standard mode":        {standard(), delivered, "drawDeadline", start.Add(25 * time.Hour), opencontract.Resolved, []escrow.Action{"draw"}, start.Add(25 * time.Hour)},
		"disputed":             {terms(), disputed, "drawDeadline", start.Add(26 * time.Hour), opencontract.Resolved, []escrow.Action{"draw"}, start.Add(26 * time.Hour)},
		"drawn":                {terms(), drawn, "votingDeadline", start.Add(27 * time.Hour), opencontract.Resolved, nil, start.Add(27 * time.Hour)},
		"resolved":             {terms(), approved, "", time.Time{}, "", []escrow.Action{"settle"}, time.Time{}},
		"drawn, standard mode": {standard(), path(delivered, []step{{draw("b1", "b2", "b3"), system, start.Add(2 * time.Hour)}}), "votingDeadline", start.Add(26 * time.Hour), opencontract.Resolved, nil, start.Add(26 * time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			d := live(t, c.terms, c.steps...)
			next, ok := escrow.NextDeadline(d.Contract)
			require.Equal(t, c.moment != "", ok)
			require.Equal(t, c.moment, next.Moment)
			require.True(t, next.At.Equal(c.at))
			require.Equal(t, c.to, next.Then.To)
			require.Equal(t, c.work, escrow.SystemWork(d.Contract, d.At()))
			end, ok := escrow.MaxTime(d.Contract)
			require.True(t, ok)
			require.True(t, end.Equal(c.end), end)
		})
	}
}

// TestLateIsOnTime: advancing late comes to what advancing on time does.
func TestLateIsOnTime(t *testing.T) {
	late := live(t, terms(), path(delivered, []step{{advance{}, system, review.Add(1000 * time.Hour)}})...)
	require.Equal(t, review, late.At())
	require.Equal(t, review, late.Contract.EnteredAt())
}
