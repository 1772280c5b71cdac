package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// defaults are the scenarios of empty documents.
func defaults() []*Scenario {
	return []*Scenario{Default(opencontract.Lifecycle), Default(opentrain.Lifecycle)}
}

// TestSameSeedSameBytes: the same scenario gives the same bytes on 1, 2 and 8
// goroutines, another seed others.
func TestSameSeedSameBytes(t *testing.T) {
	for _, s := range defaults() {
		s.Contracts = 3_001
		s.Policies = append(s.Policies, Policy{"other", otherPolicy(t, s)})
		var first []byte
		for _, workers := range []int{1, 2, 8} {
			r, err := Run(context.Background(), s, Workers(workers))
			require.NoError(t, err)
			text, err := json.Marshal(r)
			require.NoError(t, err)
			if first == nil {
				first = text
			}
			assert.True(t, bytes.Equal(first, text), "%s on %d goroutines", s.Lifecycle.Name(), workers)
		}
		s.Seed++
		r, err := Run(context.Background(), s)
		require.NoError(t, err)
		text, _ := json.Marshal(r.Policies)
		assert.NotContains(t, string(first), string(text))
	}
}

// otherPolicy is the default policy but for two fields.
func otherPolicy(t testing.TB, s *Scenario) escrow.Policy {
	other := opencontract.EarlyWithdrawalSlashRatio.To(ratio(t, "0.6"))
	if s.Lifecycle == opentrain.Lifecycle {
		other = opentrain.ApprovalTTL.To(24 * time.Hour)
	}
	p, err := s.Lifecycle.DefaultPolicy().With(other)
	require.NoError(t, err)
	fifty, err := s.Lifecycle.Spec().Asset.Parse("50")
	require.NoError(t, err)
	p, err = p.WithReview(fifty, 1)
	require.NoError(t, err)
	return p
}

// TestMoneyIsConserved: over ten million contracts, what all parties got is what
// all paid, to the smallest unit. OpenTrain's, whose contracts may stay open, are
// fewer, and what is left in custody is counted in.
func TestMoneyIsConserved(t *testing.T) {
	sizes := map[*escrow.Lifecycle]int{opencontract.Lifecycle: 10_000_000, opentrain.Lifecycle: 100_000}
	for _, s := range defaults() {
		s.Contracts = sizes[s.Lifecycle]
		if testing.Short() {
			s.Contracts /= 100
		}
		prices := s.offers()
		crews := []*crew{newCrew(s, prices), newCrew(s, prices)}
		held := conserved(t, s, crews)
		if s.Lifecycle == opencontract.Lifecycle {
			assert.Zero(t, held.Sign(), "nothing stays in custody")
		}
	}
}

// conserved lives through a scenario and returns what is left in custody.
func conserved(t *testing.T, s *Scenario, crews []*crew) *big.Int {
	var held [2]wide
	faults := make(chan error, len(crews))
	for i, c := range crews {
		go func() {
			var fault error
			for contract := i; contract < s.Contracts && fault == nil; contract += len(crews) {
				fault = c.live(contract)
				o := &c.lives[0].out
				held[i].add(o.held)
				if net := o.values[clientNet] + o.values[workerNet] + o.values[agentsNet] + o.values[treasuryGets] + o.values[platformGets]; fault == nil && net != -o.held {
					fault = fmt.Errorf("contract %d: nets add up to %d with %d in custody", contract, net, o.held)
				}
			}
			faults <- fault
		}()
	}
	for range crews {
		require.NoError(t, <-faults)
	}
	crews[0].merge(crews[1])
	held[0].merge(held[1])
	total := new(big.Int)
	known := &crews[0].known[0]
	for _, measure := range []int{clientNet, workerNet, agentsNet, treasuryGets, platformGets} {
		total.Add(total, known.sums[measure].big())
	}
	require.Equal(t, s.Contracts, known.n)
	assert.Zero(t, total.Add(total, held[0].big()).Sign(), "%s: paid in, paid out and held", s.Lifecycle.Name())
	return held[0].big()
}

// TestStopped: a run that is stopped gives what a run of fewer contracts gives.
func TestStopped(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	s.Contracts = 50_000
	ctx, stop := context.WithCancel(context.Background())
	r, err := Run(ctx, s, Watch(func(p Progress) {
		assert.Equal(t, 50_000, p.Total)
		if p.Done >= 2_000 {
			stop()
		}
	}))
	require.NoError(t, err)
	require.True(t, r.Stopped)
	require.Less(t, r.Contracts, 50_000)
	s.Contracts = r.Contracts
	whole, err := Run(context.Background(), s)
	require.NoError(t, err)
	r.Stopped = false
	assert.Equal(t, whole, r)
}

// TestPairedRandomNumbers: a policy that differs in nothing differs in nothing,
// and one that slashes more costs exactly those more who withdraw.
func TestPairedRandomNumbers(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	s.Contracts = 5_000
	s.Policies = append(s.Policies, Policy{"same", s.Policies[0].Policy}, Policy{"dearer", otherPolicy(t, s)})
	r := lived(t, s)
	for _, m := range r.Differences[0].Measures {
		assert.Equal(t, Estimate{}, m.Mean, m.Name)
	}
	assert.Zero(t, r.Differences[0].Changed)
	pays, _ := r.Differences[1].Measure("worker.pays")
	assert.Equal(t, Estimate{}, pays.Mean, "who accepts does not depend on the slash")
	slashed, _ := r.Differences[1].Measure("stake.slashed")
	assert.Positive(t, slashed.Mean.Low)
}

// TestMemoryDoesNotGrow: a run of twenty times the contracts allocates no more for
// what it keeps.
func TestMemoryDoesNotGrow(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	small, large := newCrew(s, s.offers()), newCrew(s, s.offers())
	for contract := range 20_000 {
		if contract < 1_000 {
			require.NoError(t, small.live(contract))
		}
		require.NoError(t, large.live(contract))
	}
	assert.LessOrEqual(t, cap(large.lives[0].out.changes), 64)
	assert.Equal(t, cap(small.lives[0].sign.answers), cap(large.lives[0].sign.answers))
}

// TestLargestPrices: at the greatest price and the greatest parts of it that a
// scenario takes, nothing wraps.
func TestLargestPrices(t *testing.T) {
	for _, lifecycle := range []string{`"price": 10000000000, "terms": {"criteria": 10}`, `"lifecycle": "opentrain", "price": 100000000000000, "terms": {"milestones": 10}`} {
		s, err := ParseScenario([]byte(`{"contracts": 500, ` + lifecycle + `, "value": 10, "workers": [
			{"behaviour": "reliable", "share": 0.5, "cost": 10, "quality": 1}, {"behaviour": "poor", "share": 0.5}]}`))
		require.NoError(t, err)
		r := lived(t, s)
		value, volume, paid := mean(t, r, "work.value"), mean(t, r, "volume"), mean(t, r, "worker.gets")
		assert.Positive(t, value.Low)
		assert.LessOrEqual(t, value.High, 11*volume.High)
		assert.Positive(t, paid.Low)
		cost := mean(t, r, "work.cost")
		assert.Positive(t, cost.Low)
		assert.LessOrEqual(t, cost.High, 11*volume.High)
	}
}
