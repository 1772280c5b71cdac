package payoff

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDefaults: the default policies have nothing that is refused.
func TestDefaults(t *testing.T) {
	for l, want := range map[*escrow.Lifecycle][]string{opencontract.Lifecycle: {"dispute-pays"}, opentrain.Lifecycle: {"locked-without-limit"}} {
		list, err := Lint(DefaultCase(l), DefaultAssumptions())
		require.NoError(t, err)
		assert.Equal(t, want, names(list))
		for _, f := range list {
			assert.Equal(t, Warn, f.Severity)
		}
	}
}

func names(list []Finding) (out []string) {
	for _, f := range list {
		out = append(out, f.Check)
	}
	return out
}

// harmful are cases that do harm: by which check it is found, and by which field
// it clears.
func harmful(t *testing.T) []struct {
	check, field string
	c            Case
	a            Assumptions
} {
	task, hire, usual := DefaultCase(opencontract.Lifecycle), DefaultCase(opentrain.Lifecycle), DefaultAssumptions()
	pricey, cheap, weak, unsure, lived := usual, usual, usual, usual, usual
	pricey.PriceTo, cheap.PriceFrom = decimal.New(3000, 0), decimal.New(7, -6)
	unsure.Accuracy = ratio(t, "0.6")
	weak.Turnout, lived.ApprovalLife = ratio(t, "0.41"), 25*time.Hour+time.Second
	return []struct {
		check, field string
		c            Case
		a            Assumptions
	}{
		{"vanishing-not-dearer", "earlyWithdrawalSlashRatio", set(t, task, "earlyWithdrawalSlashRatio", "0.99999999"), usual},
		{"vanishing-not-dearer", "workerStakeRatio", set(t, task, "workerStakeRatio", "0"), usual},
		{"fee-above-payout", "protocolFee", set(t, task, "protocolFee", "0.7"), usual},
		{"fee-above-payout", "initiationFee", set(t, hire, "price", "5"), usual},
		{"stake-below-unit", "workerStakeRatio", task, cheap},
		{"dispute-bond-below-unit", "disputeBondRatio", task, cheap},
		{"backup-bond-below-unit", "backupAgentBondRatio", task, cheap},
		{"review-too-short", "review", task, lived},
		{"review-too-short", "approvalTTL", set(t, hire, "review", "P1D"), usual},
		{"dispute-free", "disputeBondRatio", set(t, task, "disputeBondRatio", "0"), usual},
		{"dispute-pays", "disputeBondRatio", task, usual},
		{"dispute-pays", "baRecruitCount", set(t, task, "disputeBondRatio", "1"), unsure},
		{"jury-of-one", "baRecruitCount", set(t, task, "baRecruitCount", "1"), usual},
		{"jury-undecided", "", task, weak},
		{"honest-vote-loses", "backupAgentBondRatio", task, pricey},
		{"locked-too-long", "delivery", set(t, task, "delivery", "P60D"), usual},
		{"locked-too-long", "baVotingWindow", set(t, task, "baVotingWindow", "P20D"), usual},
		{"locked-without-limit", "", hire, usual},
	}
}

// TestFindings: what does harm is found; the change clears it, and one step less
// does not.
func TestFindings(t *testing.T) {
	seen := map[string]bool{}
	for _, h := range harmful(t) {
		t.Run(h.check+" "+h.field, func(t *testing.T) {
			list, err := Lint(h.c, h.a)
			require.NoError(t, err)
			i := slices.IndexFunc(list, func(f Finding) bool { return f.Check == h.check })
			require.GreaterOrEqual(t, i, 0, "found %v", names(list))
			f := list[i]
			seen[h.check] = true
			assert.NotEmpty(t, f.Message)
			assert.NotEmpty(t, f.Threshold)
			if h.field == "" {
				assert.Empty(t, f.Change)
				return
			}
			require.Equal(t, h.field, f.Field)
			require.NotEmpty(t, f.Change)
			assert.False(t, finds(t, set(t, h.c, f.Field, f.Change), h.a, f), "%s to %s does not clear it", f.Field, f.Change)
			less := set(t, h.c, f.Field, oneLess(h.c, f))
			assert.True(t, finds(t, less, h.a, f), "%s to %s clears it already", f.Field, oneLess(h.c, f))
		})
	}
	for _, c := range Checks()[1:] {
		assert.True(t, seen[c.Name], "nothing shows %s", c.Name)
	}
}

// finds reports whether a case still does the harm of a finding.
func finds(t *testing.T, c Case, a Assumptions, f Finding) bool {
	t.Helper()
	i := slices.IndexFunc(checks, func(k check) bool { return k.Name == f.Check })
	h, err := checks[i].at(c, a)
	require.NoError(t, err)
	return h != nil
}

// oneLess returns a change that is less by its last digit, or by the field's step.
func oneLess(c Case, f Finding) string {
	g := c.gridOf(f.Field)
	step := big.NewInt(1)
	if _, places, _ := strings.Cut(f.Change, "."); g.rounds {
		step.Exp(big.NewInt(10), big.NewInt(int64(18-len(places))), nil)
	}
	to := g.read(f.Change)
	if to.Cmp(g.read(f.Value)) > 0 {
		step.Neg(step)
	}
	return g.write(to.Add(to, step))
}

// TestShort: a change is nearly the smallest there is, and short.
func TestShort(t *testing.T) {
	now := big.NewInt(0)
	for threshold, want := range map[int64]int64{1: 1, 123: 123, 98_765: 99_000, 123_456_789: 124_000_000, 100: 100, 999_999: 1_000_000} {
		n := shortened(now, big.NewInt(threshold), func(n *big.Int) bool { return n.Int64() >= threshold })
		assert.Equal(t, want, n.Int64())
	}
	down := shortened(big.NewInt(1_000_000), big.NewInt(123_456), func(n *big.Int) bool { return n.Int64() <= 123_456 })
	assert.Equal(t, int64(120_000), down.Int64())
	little := shortened(big.NewInt(1_000_000), big.NewInt(23), func(n *big.Int) bool { return n.Int64() <= 23 })
	assert.Equal(t, int64(20), little.Int64(), "not 0")
}

// TestTimingOnly: how many criteria there are and how many more than three
// judge changes no lock's length.
func TestTimingOnly(t *testing.T) {
	c := set(t, DefaultCase(opencontract.Lifecycle), "criteria", "2", "baRecruitCount", "5")
	table, err := Of(c)
	require.NoError(t, err)
	longest := time.Duration(0)
	for _, e := range table.Endings {
		l, _, _ := e.Worst()
		longest = max(longest, l.Longest)
	}
	worst, _, err := worstLock(c, func(Lock) bool { return true })
	require.NoError(t, err)
	assert.Equal(t, longest, worst.Longest)
}

// TestLintUnfit: terms and assumptions out of bounds are errors.
func TestLintUnfit(t *testing.T) {
	task, usual := DefaultCase(opencontract.Lifecycle), DefaultAssumptions()
	_, err := Lint(Case{}, usual)
	assert.Error(t, err)
	low, high, worth, locked, life, fine := usual, usual, usual, usual, usual, usual
	low.PriceFrom, high.PriceFrom, high.PriceTo = decimal.New(-1, 0), decimal.New(2, 0), decimal.New(1, 0)
	worth.TokenValue, locked.MaxLocked, life.ApprovalLife = decimal.New(-1, 0), 0, -1
	fine.PriceTo = decimal.New(1, 1_000_000_000)
	for i, a := range []Assumptions{low, high, worth, locked, life, fine} {
		_, err := Lint(task, a)
		assert.Error(t, err, fmt.Sprint(i))
	}
	task.Price = decimal.New(1, -9)
	_, err = Lint(task, usual)
	assert.ErrorIs(t, err, escrow.AmountScale)
}

// TestRefusedPolicies: what the engine refuses in a policy is found with the change
// that clears it, and one step less does not.
func TestRefusedPolicies(t *testing.T) {
	for _, row := range []struct {
		l                         *escrow.Lifecycle
		field, value, less, close string
	}{
		{opencontract.Lifecycle, "baRecruitCount", "4", "4", "5"},
		{opencontract.Lifecycle, "earlyWithdrawalSlashRatio", `"1"`, `"1"`, "0.999999999999999999"},
		{opencontract.Lifecycle, "baVotingWindow", `"PT24H0.5S"`, `"PT24H0.5S"`, "PT24H"},
		{opentrain.Lifecycle, "approvalTTL", `"P400D"`, `"PT8760H1S"`, "PT8760H"},
	} {
		_, list, err := NearestPolicy(row.l, []byte(`{"`+row.field+`": `+row.value+`}`))
		require.NoError(t, err)
		require.Len(t, list, 1, row.field)
		assert.Equal(t, []any{policyCheck, Refuse, row.field, row.close}, []any{list[0].Check, list[0].Severity, list[0].Field, list[0].Change})
		assert.NotEmpty(t, list[0].Message)
		assert.NotEmpty(t, list[0].Threshold)
		_, err = With(DefaultCase(row.l), row.field, list[0].Change)
		assert.NoError(t, err)
		_, err = row.l.ParsePolicy([]byte(`{"` + row.field + `": ` + row.less + `}`))
		assert.ErrorIs(t, err, escrow.InvalidRequest)
	}
}
