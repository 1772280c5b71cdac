package escrow

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the proof is tried on: escrow, stake, dispute bond and milestones.
const (
	inE = potSet(1) << potEscrow
	inS = potSet(1) << potStake
	inB = potSet(1) << potDisputeBond
	inM = potSet(1) << potMilestone
)

// TestCustodyAfterSteps: a step changes what is known of its own pot, and of no
// other.
func TestCustodyAfterSteps(t *testing.T) {
	before := custody{true, inE | inS | inM, inE | inS, inB}
	for name, c := range map[string]struct {
		step Step
		want custody
	}{
		"a deposit":         {Deposit(Price, Client, DisputeBond), custody{true, inE | inS | inB | inM, inE | inS | inB, 0}},
		"into one of many":  {Deposit(Price, Client, BackupBond), custody{true, inE | inS | inM | potBackupBond.set(), inE | inS, inB}},
		"a payout":          {All(Escrow, Client), custody{true, inS | inM, inS, inE | inB}},
		"a payout of many":  {All(Each(MilestonePot), Client), custody{true, inE | inS, inE | inS, inB}},
		"a payout of one":   {All(MilestonePot, Client), before},
		"a charge":          {Charge(Price, Client, Platform), before},
		"a payout, divided": {Split(Stake, By(ProtocolFee), Client, Worker), custody{true, inE | inM, inE, inS | inB}},
	} {
		got := before.after([]Step{c.step}, func(err error) { t.Error(name, err) })
		assert.Equal(t, c.want, got, name)
	}
	paid := custody{true, 0, 0, inE | inB}.after([]Step{Deposit(Price, Client, Escrow)}, func(err error) { t.Error(err) })
	assert.Equal(t, custody{true, inE, inE, inB}, paid, "paid out before, and filled again")
}

// TestCustodyJoin: two ways into a status may hold what either holds, and surely
// hold what both do.
func TestCustodyJoin(t *testing.T) {
	one, other := custody{true, inE | inS, inE | inS, inB}, custody{true, inE | inM, inE, inS}
	assert.Equal(t, custody{true, inE | inS | inM, inE, inS | inB}, one.join(other))
	assert.Equal(t, one, one.join(custody{}))
	assert.Equal(t, one, custody{}.join(one))
}

// TestProofWhateverTheOrder of the rules, which may be told from the end.
func TestProofWhateverTheOrder(t *testing.T) {
	for _, l := range []*Lifecycle{OpenContract, OpenTrain} {
		spec := l.Spec()
		spec.Rules = slices.Clone(spec.Rules)
		slices.Reverse(spec.Rules)
		reversed, err := Define(spec)
		require.NoError(t, err)
		for i, status := range l.statuses {
			at := reversed.indexOf(status)
			assert.Equal(t, l.held[i], reversed.held[at], status)
			assert.Equal(t, l.sure[i], reversed.sure[at], status)
		}
	}
}

// TestCasesEmptyTheirOwnPot: a case that says that no milestone is funded says
// nothing of the price.
func TestCasesEmptyTheirOwnPot(t *testing.T) {
	l, err := Define(Spec{Name: "x", Asset: Asset{"X", 2}, Terminal: In("closed"), OpenEnded: Client, Rules: []Rule{
		{ID: "1", On: Create{}, By: Client, From: In(Draft), To: "open", Money: Money{Deposit(Price, Client, Escrow)}},
		{ID: "2", On: Approve{}, By: Client, From: In("open"), When: Cases{NothingFunded}, To: "later"},
		{ID: "3", On: Cancel{}, By: Client, From: In("open", "later"), To: "closed", Money: Money{All(Escrow, Client)}},
	}})
	require.NoError(t, err)
	assert.Equal(t, inE, l.sure[l.indexOf("later")])
	assert.Equal(t, inE, l.held[l.indexOf("later")])
}
