package payoff

import (
	"math/big"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestChoices: the few lives of a choice are endings of the table.
func TestChoices(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		for _, c := range variants(t, l) {
			w, client, err := Choices(c)
			require.NoError(t, err)
			table, err := Of(c)
			require.NoError(t, err)
			nets := func(name, party string) *big.Int { return ending(t, table, name).Flow(party).Net() }
			switch {
			case c.isTrain():
				assert.Equal(t, nets("every milestone is paid", WorkerAccount), w.Accepted)
				assert.Equal(t, nets("ended, 0 paid, the rest refunded", ClientAccount), client.Won)
				assert.Equal(t, nets("ended, 0 paid, the rest released", ClientAccount), client.Lost)
			case c.mode() == opencontract.Standard:
				assert.Equal(t, nets("judged: all say 3 met", WorkerAccount), w.Accepted)
				assert.Equal(t, client.Lost, client.Approved)
			default:
				assert.Equal(t, nets("the client approves", WorkerAccount), w.Accepted)
				assert.Equal(t, nets("disputed: all say 3 not met", WorkerAccount), w.Rejected)
				assert.Equal(t, nets("the worker withdraws in time", WorkerAccount), w.Withdrawn)
				assert.Equal(t, nets("the worker vanishes", WorkerAccount), w.Absent)
				assert.Equal(t, nets("the client approves", ClientAccount), client.Approved)
				assert.Equal(t, nets("disputed: all say 3 not met", ClientAccount), client.Won)
				assert.Equal(t, nets("disputed: all say 3 met", ClientAccount), client.Lost)
			}
		}
	}
}

// TestChoose: the best is chosen, and on a tie the earlier.
func TestChoose(t *testing.T) {
	worker := func(accepted, rejected, withdrawn, absent int64) Worker {
		return Worker{big.NewInt(accepted), big.NewInt(rejected), big.NewInt(withdrawn), big.NewInt(absent)}
	}
	for _, row := range []struct {
		w     Worker
		p     string
		cost  int64
		limit *big.Rat
		want  Act
	}{
		{worker(95, -5, -2, -5), "1", 97, big.NewRat(97, 1), Deliver},
		{worker(95, -5, -2, -5), "1", 98, big.NewRat(97, 1), Withdraw},
		{worker(95, -5, -2, -5), "0.5", 47, big.NewRat(47, 1), Deliver},
		{worker(95, -6, -2, -5), "0.5", 47, big.NewRat(93, 2), Withdraw},
		{worker(95, -5, -5, -2), "0", 0, big.NewRat(-3, 1), Vanish},
		{worker(95, -5, -5, -5), "0", 1, big.NewRat(0, 1), Withdraw},
	} {
		assert.Zero(t, row.limit.Cmp(row.w.Break(ratio(t, row.p))), "%v", row)
		assert.Equal(t, row.want, row.w.Choose(big.NewInt(row.cost), ratio(t, row.p)), "%v", row)
	}
}

// TestTableSaysWhatIsChosenBetween: the table has the same nets as Choices, and
// says up to which cost a worker delivers, never where nothing makes it worth it.
func TestTableSaysWhatIsChosenBetween(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		c := DefaultCase(l)
		table, err := Of(c)
		require.NoError(t, err)
		worker, client, err := Choices(c)
		require.NoError(t, err)
		assert.Equal(t, worker, table.Worker)
		assert.Equal(t, client, table.Client)
	}
	c, err := With(DefaultCase(opencontract.Lifecycle), "workerStakeRatio", "1")
	require.NoError(t, err)
	table, err := Of(c)
	require.NoError(t, err)
	// 0.25 * 47.5 - 0.75 * 50 + 15 is below 0, 0.5 * 47.5 - 0.5 * 50 + 15 is not.
	assert.Equal(t, [][2]string{{"1", "62.5"}, {"0.95", "57.625"}, {"0.9", "52.75"}, {"0.75", "38.125"}, {"0.5", "13.75"}, {"0.25", "never"}}, table.breaks())
}
