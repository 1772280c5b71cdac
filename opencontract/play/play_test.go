package play_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opencontract/play"
)

// The play reaches all that the lifecycle has.
func TestPlay(t *testing.T) { escrowtest.Run(t, escrowtest.Engine(), escrowtest.Playing(play.Play())) }

// A worker that withdraws in time gets at least what it would get by vanishing, and
// more whenever its share of the stake is at least one smallest unit.
func TestWithdrawingBeatsVanishing(t *testing.T) {
	lives := rapid.SliceOfN(escrowtest.Lives(play.Play()), 10, 10)
	withdrawn := 0
	rapid.Check(t, func(t *rapid.T) {
		for _, s := range steps(lives.Draw(t, "lives")) {
			if s.Answer.To != opencontract.CancelledWithdrawn || s.Before.Status() != opencontract.Matched {
				continue
			}
			withdrawn++
			next, ok := escrow.NextDeadline(s.Before)
			require.True(t, ok)
			kept, left := new(big.Int), new(big.Int)
			for _, m := range s.Answer.Movements {
				gains(kept, m.To, m.Amount)
			}
			for _, m := range next.Then.Movements() {
				gains(left, m.To, m.Amount)
			}
			require.GreaterOrEqual(t, kept.Cmp(left), 0, "%s by withdrawing, %s by vanishing", kept, left)
			rest := new(big.Int).Sub(one, opencontract.EarlyWithdrawalSlashRatio.In(s.Before.View()).Decimal().Shift(18).BigInt())
			stake := s.Before.View().Held(opencontract.Stake).BigInt()
			if rest.Mul(rest, stake).Cmp(one) >= 0 {
				require.Positive(t, kept.Cmp(left), "%s by withdrawing, %s by vanishing", kept, left)
			}
		}
	})
	t.Logf("%d withdrawals", withdrawn)
}

func steps(lives []*escrowtest.Story) (all []escrowtest.Step) {
	for _, life := range lives {
		all = append(all, life.Steps...)
	}
	return all
}

// one is the ratio 1, in the units of ratios.
var one = new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)

// gains adds what the worker is paid.
func gains(sum *big.Int, to escrow.Account, amount escrow.Amount) {
	if to.Kind == opencontract.Worker.Name {
		sum.Add(sum, amount.BigInt())
	}
}
