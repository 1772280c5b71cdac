package escrow_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// judged runs a dispute under a policy: each agent's ballots, "" for silence. It
// goes on to the tally.
func judged(t testing.TB, terms escrow.Terms, ballots ...string) *desk {
	t.Helper()
	terms.AcceptanceCriteria = terms.AcceptanceCriteria[:len(longest(ballots))]
	k := newDesk(t, escrow.OpenContract, terms)
	toDisputed(k)
	agents := make([]string, len(ballots))
	for i := range agents {
		agents[i] = fmt.Sprintf("0xJ%d", i)
	}
	k.do(escrow.Draw{BackupAgents: agents}, bySystem)
	for i, letters := range ballots {
		if letters != "" {
			k.do(votes(letters), escrow.Agent(agents[i]))
		}
	}
	if k.c.Status() != escrow.Resolved {
		k.at(june(9, 0)).do(escrow.Advance{}, bySystem)
	}
	require.Equal(t, escrow.Resolved, k.c.Status())
	return k
}

// longest returns the longest of some texts, "mmm" when all are empty.
func longest(list []string) (text string) {
	for _, s := range list {
		if len(s) > len(text) {
			text = s
		}
	}
	if text == "" {
		return "mmm"
	}
	return text
}

// letters prints results as m, n and u.
func letters(results []escrow.Verdict) string {
	text := ""
	for _, v := range results {
		text += map[escrow.Verdict]string{escrow.Met: "m", escrow.NotMet: "n", escrow.Unclear: "u"}[v]
	}
	return text
}

func recruit(n int) func(*escrow.Policy) { return func(p *escrow.Policy) { p.BARecruitCount = n } }

func unclearWithoutQuorum(p *escrow.Policy) { p.NoQuorum = "unclear" }

// TestTally decides one criterion by any jury: a quorum is more than half of
// those drawn, a majority more than half of those who voted.
func TestTally(t *testing.T) {
	for ballots, want := range map[string]string{
		"m m m": "m", "m m n": "m", "n n m": "n", "u u m": "u", "u u n": "u", "m m u": "m", "n n u": "n",
		"m n u": "u", // three ways: no majority
		"m m -": "m", "n n -": "n", "u u -": "u",
		"m n -": "u", "m u -": "u", // two of three, divided: quorum without majority
		"m - -": "m", "n - -": "m", "u - -": "m", "- - -": "m", // no quorum: the delivery stands
		"n": "n", "u": "u", "m": "m", "-": "m",
		"n n n - -": "n", "n n - - -": "m", "n n m - -": "n", "n n m m -": "u", "n n n m m": "n", "n n m m u": "u", "u u u n m": "u",
	} {
		list := strings.Split(strings.ReplaceAll(ballots, "-", ""), " ")
		k := judged(t, under(workTerms(), escrow.OpenContract, recruit(len(list))), list...)
		assert.Equal(t, want, letters(k.c.CriteriaMet())[:1], ballots)
		noQuorum := 2*len(strings.Join(list, "")) <= len(list)
		k = judged(t, under(workTerms(), escrow.OpenContract, func(p *escrow.Policy) { recruit(len(list))(p); unclearWithoutQuorum(p) }), list...)
		if noQuorum {
			want = "u"
		}
		assert.Equal(t, want, letters(k.c.CriteriaMet())[:1], "%s, unclear without quorum", ballots)
	}
}

// TestNobodyDrawn is no quorum either.
func TestNobodyDrawn(t *testing.T) {
	k := workAt(t, "disputed")
	k.at(june(8, 0)).do(escrow.Advance{}, bySystem)
	assert.Equal(t, "mmm", letters(k.c.CriteriaMet()))
	d := k.do(escrow.Settle{}, bySystem)
	assert.Equal(t, []string{"47.5 escrow -> worker:0xWorker (payout)", "2.5 escrow -> treasury (protocol_fee)", "2.5 stake -> worker:0xWorker (stake_return)",
		"2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}, moves(d), "a silent jury costs the client nothing")
	k = newDesk(t, escrow.OpenContract, under(workTerms(), escrow.OpenContract, unclearWithoutQuorum))
	toDisputed(k)
	k.at(june(8, 0)).do(escrow.Advance{}, bySystem)
	assert.Equal(t, "uuu", letters(k.c.CriteriaMet()))
	d = k.do(escrow.Settle{}, bySystem)
	assert.Equal(t, escrow.SettledNoneMet, d.To)
	assert.Equal(t, []string{"50 escrow -> client:0xClient (escrow_refund)", "2.5 stake -> worker:0xWorker (stake_return)",
		"2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}, moves(d), "nobody is slashed because nobody could tell")
}

// TestBondTable is the table of what a vote comes to: one criterion, the first
// of three agents is looked at.
func TestBondTable(t *testing.T) {
	for _, c := range []struct{ ballots, majority, bond, reward, back, slash string }{
		{"m m m", "met", "returned", "10", "2.5", ""},
		{"n n m", "not met", "returned", "10", "2.5", ""},
		{"u u m", "unclear", "returned", "4", "2.5", ""},
		{"u m m", "met", "partially slashed", "0", "1.75", "0.75"},
		{"u n n", "not met", "partially slashed", "0", "1.75", "0.75"},
		{"n m m", "met", "slashed", "0", "", "2.5"},
		{"m n n", "not met", "slashed", "0", "", "2.5"},
		{"m u u", "unclear", "returned", "0", "2.5", ""},
		{"n u u", "unclear", "returned", "0", "2.5", ""},
		{"m n u", "unclear", "returned", "0", "2.5", ""},
		{"u m n", "unclear", "returned", "0", "2.5", ""},
		{"m - -", "met", "returned", "0", "2.5", ""},
		{"n - -", "met", "returned", "0", "2.5", ""},
		{"u - -", "met", "returned", "0", "2.5", ""},
		{"n m -", "unclear", "returned", "0", "2.5", ""},
	} {
		k := judged(t, workTerms(), strings.Split(strings.ReplaceAll(c.ballots, "-", ""), " ")...)
		v := k.c.Votes()[0]
		assert.Equal(t, "0xJ0", v.BackupAgent)
		assert.Equal(t, c.majority, string(v.MajorityOutcome), c.ballots)
		assert.Equal(t, c.bond, v.BondOutcome, c.ballots)
		assert.Equal(t, c.reward, v.Reward, c.ballots)
		d := k.do(escrow.Settle{}, bySystem)
		text := strings.Join(moves(d), "\n")
		for line, amount := range map[string]string{" backup-bond:0xJ0 -> backup:0xJ0 (backup_bond_return)": c.back, " backup-bond:0xJ0 -> treasury (backup_bond_slash)": c.slash} {
			if amount == "" {
				assert.NotContains(t, text, line, c.ballots)
			} else {
				assert.Contains(t, text, "\n"+amount+line, c.ballots)
			}
		}
	}
}

// TestVotesBeforeTheTally say nothing of outcomes.
func TestVotesBeforeTheTally(t *testing.T) {
	k := workAt(t, "disputed, last vote")
	list := k.c.Votes()
	require.Len(t, list, 6)
	for i, v := range list {
		assert.Equal(t, []string{"0xA", "0xB"}[i/3], v.BackupAgent)
		assert.Equal(t, i%3, v.CriterionIndex)
		assert.Empty(t, v.MajorityOutcome)
		assert.Empty(t, v.BondOutcome)
		assert.Empty(t, v.Reward)
	}
}

// TestRewards lists what the settlement mints, zero ones left out.
func TestRewards(t *testing.T) {
	k := judged(t, workTerms(), "mmu", "mnu", "mmm")
	assert.Equal(t, []string{"0xJ0/0 10", "0xJ0/1 10", "0xJ0/2 4", "0xJ1/0 10", "0xJ1/2 4", "0xJ2/0 10", "0xJ2/1 10"}, tokens(k.do(escrow.Settle{}, bySystem)))
	cancelled := workAt(t, "created")
	assert.Empty(t, tokens(cancelled.do(escrow.Cancel{}, byClient)))
	fractions := under(workTerms(), escrow.OpenContract, func(p *escrow.Policy) {
		p.TokenMintRewardFull, p.TokenMintRewardReduced = decimal.RequireFromString("0.50"), decimal.Decimal{}
	})
	k = judged(t, fractions, "mu", "mu", "mm")
	assert.Equal(t, []string{"0xJ0/0 0.5", "0xJ1/0 0.5", "0xJ2/0 0.5"}, tokens(k.do(escrow.Settle{}, bySystem)))
}

// tokens prints rewards as "0xJ0/1 10".
func tokens(d escrow.Decision) []string {
	var list []string
	for _, r := range d.Rewards() {
		list = append(list, fmt.Sprintf("%s/%d %s", r.BackupAgent, r.CriterionIndex, r.Tokens))
	}
	return list
}

// TestSettlement is the settlement table with a price of 50: the parts that do
// not depend on the votes of single agents.
func TestSettlement(t *testing.T) {
	half := func(p *escrow.Policy) { p.UnclearCredit, _ = escrow.ParseRatio("0.5") }
	full := func(p *escrow.Policy) { p.UnclearCredit, _ = escrow.ParseRatio("1") }
	toTreasury := func(p *escrow.Policy) { p.DisputeForfeitTo = "treasury" }
	for name, c := range map[string]struct {
		policy  func(*escrow.Policy)
		ballots []string
		to      escrow.Status
		want    []string
	}{
		"every criterion met": {nil, []string{"mmm", "mmm", "mmm"}, "settled-fully-met", []string{"47.5 escrow -> worker:0xWorker (payout)",
			"2.5 escrow -> treasury (protocol_fee)", "2.5 stake -> worker:0xWorker (stake_return)", "2.5 dispute-bond -> worker:0xWorker (dispute_bond_forfeit)"}},
		"the same, forfeit to the treasury": {toTreasury, []string{"mmm", "mmm", ""}, "settled-fully-met", []string{"47.5 escrow -> worker:0xWorker (payout)",
			"2.5 escrow -> treasury (protocol_fee)", "2.5 stake -> worker:0xWorker (stake_return)", "2.5 dispute-bond -> treasury (dispute_bond_forfeit)"}},
		"two of three met": {nil, []string{"mmn", "mmn", "mmn"}, "settled-partially-met", []string{"31.666666 escrow -> worker:0xWorker (payout)",
			"1.666667 escrow -> treasury (protocol_fee)", "16.666667 escrow -> client:0xClient (escrow_refund)", "2.5 stake -> worker:0xWorker (stake_return)",
			"2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
		"one of three met": {nil, []string{"mnn", "mnn", "mnn"}, "settled-partially-met", []string{"15.833334 escrow -> worker:0xWorker (payout)",
			"0.833333 escrow -> treasury (protocol_fee)", "33.333333 escrow -> client:0xClient (escrow_refund)", "2.5 stake -> worker:0xWorker (stake_return)",
			"2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
		"most not met": {nil, []string{"nnu", "nnu", "nnu"}, "settled-none-met", []string{"50 escrow -> client:0xClient (escrow_refund)",
			"2 stake -> client:0xClient (stake_slash)", "0.5 stake -> treasury (stake_slash)", "2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
		"most unclear": {nil, []string{"nuu", "nuu", "nuu"}, "settled-none-met", []string{"50 escrow -> client:0xClient (escrow_refund)",
			"2.5 stake -> worker:0xWorker (stake_return)", "2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
		"half not met": {nil, []string{"nu", "nu", "nu"}, "settled-none-met", []string{"50 escrow -> client:0xClient (escrow_refund)",
			"2.5 stake -> worker:0xWorker (stake_return)", "2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
		"unclear, half a credit": {half, []string{"uu", "uu", "uu"}, "settled-partially-met", []string{"23.75 escrow -> worker:0xWorker (payout)",
			"1.25 escrow -> treasury (protocol_fee)", "25 escrow -> client:0xClient (escrow_refund)", "2.5 stake -> worker:0xWorker (stake_return)",
			"2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
		"unclear, full credit": {full, []string{"mu", "mu", "mu"}, "settled-fully-met", []string{"47.5 escrow -> worker:0xWorker (payout)",
			"2.5 escrow -> treasury (protocol_fee)", "2.5 stake -> worker:0xWorker (stake_return)", "2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
		"one voted of three": {nil, []string{"nnn", "", ""}, "settled-fully-met", []string{"47.5 escrow -> worker:0xWorker (payout)",
			"2.5 escrow -> treasury (protocol_fee)", "2.5 stake -> worker:0xWorker (stake_return)", "2.5 dispute-bond -> client:0xClient (dispute_bond_return)"}},
	} {
		t.Run(name, func(t *testing.T) {
			terms := workTerms()
			if c.policy != nil {
				terms = under(terms, escrow.OpenContract, c.policy)
			}
			k := judged(t, terms, c.ballots...)
			d := k.do(escrow.Settle{}, bySystem)
			assert.Equal(t, "OC-16", d.Rule)
			assert.Equal(t, c.to, d.To)
			assert.Equal(t, c.want, moves(d)[:len(c.want)])
			for _, rest := range moves(d)[len(c.want):] {
				assert.Contains(t, rest, "backup-bond:", "bonds come last")
			}
			assert.Empty(t, held(k.c))
		})
	}
}

// TestBondsSplitPerCriterion: an agent's slash is the sum over its criteria, each
// divided by itself.
func TestBondsSplitPerCriterion(t *testing.T) {
	terms := under(workTerms(), escrow.OpenContract, func(p *escrow.Policy) { p.BackupSlashTo = "client" })
	terms.Price = decimal.New(30, -6) // a bond of 2 units a criterion, 0.6 rounded up for a partial slash
	k := judged(t, terms, "uun", "mmm", "mmm")
	d := k.do(escrow.Settle{}, bySystem)
	text := strings.Join(moves(d), "\n")
	assert.Contains(t, text, "0.000002 backup-bond:0xJ0 -> backup:0xJ0 (backup_bond_return)")
	assert.Contains(t, text, "0.000004 backup-bond:0xJ0 -> client:0xClient (backup_bond_slash)")
	assert.Contains(t, text, "0.000006 backup-bond:0xJ1 -> backup:0xJ1 (backup_bond_return)")
	order := []string{"0xJ0 -> backup", "0xJ0 -> client", "0xJ1 -> backup", "0xJ2 -> backup"}
	for i := range order[1:] {
		assert.Less(t, strings.Index(text, order[i]), strings.Index(text, order[i+1]), "in drawn order, returned before slashed")
	}
}

// TestSilentAgents post no bond and lose none, and are seen in the snapshot.
func TestSilentAgents(t *testing.T) {
	k := judged(t, workTerms(), "mmm", "", "mmm")
	assert.Equal(t, []string{"0xJ0", "0xJ1", "0xJ2"}, k.c.BackupAgents())
	assert.NotContains(t, held(k.c), "0xJ1")
	d := k.do(escrow.Settle{}, bySystem)
	assert.NotContains(t, strings.Join(moves(d), "\n"), "0xJ1")
}

// TestOddUnits settles amounts that do not divide, down to a single unit.
func TestOddUnits(t *testing.T) {
	for _, c := range []struct {
		units  int64
		ballot string
		want   []string
	}{
		{1, "mmm", []string{"0.000001 escrow -> worker:0xWorker (payout)"}},
		{10, "mmm", []string{"0.000009 escrow -> worker:0xWorker (payout)", "0.000001 escrow -> treasury (protocol_fee)"}},
		{1, "mnn", []string{"0.000001 escrow -> client:0xClient (escrow_refund)"}},
		{1, "mmn", []string{"0.000001 escrow -> worker:0xWorker (payout)"}},
	} {
		terms := workTerms()
		terms.Price = decimal.New(c.units, -6)
		k := judged(t, terms, c.ballot, c.ballot, c.ballot)
		var escrowed []string
		for _, m := range moves(k.do(escrow.Settle{}, bySystem)) {
			if strings.Contains(m, " escrow -> ") {
				escrowed = append(escrowed, m)
			}
		}
		assert.Equal(t, c.want, escrowed, "%d units, %s", c.units, c.ballot)
	}
}

// TestFifteenAgents are the most, and are stored and read again.
func TestFifteenAgents(t *testing.T) {
	k := newDesk(t, escrow.OpenContract, under(workTerms(), escrow.OpenContract, recruit(15)))
	toDisputed(k)
	var draw escrow.Draw
	for i := range 15 {
		draw.BackupAgents = append(draw.BackupAgents, fmt.Sprint("0xJ", i))
	}
	k.do(draw, bySystem)
	stored := parsed(t, jsonOf(t, k.c))
	assert.Equal(t, draw.BackupAgents, stored.BackupAgents())
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, stored))
}

// TestBondsOfOneCriterion are taken once, which is not said.
func TestBondsOfOneCriterion(t *testing.T) {
	for letters, want := range map[string]bool{"m": false, "mm": true} {
		terms := workTerms()
		terms.AcceptanceCriteria = terms.AcceptanceCriteria[:len(letters)]
		k := newDesk(t, escrow.OpenContract, terms)
		toDrawn(k)
		text := jsonOf(t, k.do(votes(letters), byAgents[0]))
		assert.Equal(t, want, strings.Contains(text, `"times":2`))
		assert.NotContains(t, text, `"times":1`)
	}
}
