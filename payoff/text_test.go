package payoff

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSpell(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0", WithoutLimit: "without limit", day: "1 d", day - 3: "just under 1 d", 2*day + 1: "just over 2 d",
		day + 2*time.Hour + 3*time.Minute + 4*time.Second: "1 d 2 h 3 min 4 s", 1: "just over 0"} {
		assert.Equal(t, want, Spell(d))
	}
}

func TestExactISO(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "PT0S", day: "PT24H", day - 1: "PT23H59M59.999999999S", day + 1: "PT24H0.000000001S", time.Hour + time.Second + time.Second/2: "PT1H1.5S"} {
		assert.Equal(t, want, exactISO(d))
	}
}

func TestText(t *testing.T) {
	usd := escrow.Asset{Code: "USD", Scale: 2}
	assert.Equal(t, "-0.05", Text(usd, big.NewInt(-5)))
	assert.Equal(t, "12", Text(usd, big.NewInt(1200)))
	huge := new(big.Int).Exp(big.NewInt(10), big.NewInt(50), nil)
	assert.Contains(t, Text(usd, huge), "smallest units")
	assert.Equal(t, int64(-3), rounded(big.NewRat(-5, 2)).Int64())
}

// TestJSON: programs get exact amounts and times, and null for no limit.
func TestJSON(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		table, err := Of(DefaultCase(l))
		require.NoError(t, err)
		text, err := json.Marshal(table)
		require.NoError(t, err)
		var read struct {
			Endings []jsonEnding
			Votes   []jsonVote
			Case    map[string]string
		}
		require.NoError(t, json.Unmarshal(text, &read))
		require.Len(t, read.Endings, len(table.Endings))
		assert.Len(t, read.Votes, len(table.Votes))
		last := read.Endings[len(read.Endings)-1]
		assert.Equal(t, table.Endings[len(read.Endings)-1].Name, last.Name)
		limited := last.Flows[0].Locked[0].Longest != nil
		assert.Equal(t, l == opencontract.Lifecycle, limited)
	}
}

// TestPage: the page has every ending, closes, and asks for nothing from
// elsewhere.
func TestPage(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		for _, c := range variants(t, l) {
			table, err := Of(c)
			require.NoError(t, err)
			page, err := table.Page()
			require.NoError(t, err)
			for _, e := range table.Endings {
				assert.Contains(t, page, e.Name)
			}
			assert.True(t, strings.HasSuffix(page, "</html>\n"))
			assert.NotContains(t, page, "http")
			assert.NotContains(t, page, "ZgotmplZ")
		}
	}
}

// TestSmallestPrice: where nobody has anything, nothing is drawn, and nothing
// breaks.
func TestSmallestPrice(t *testing.T) {
	c := set(t, DefaultCase(opencontract.Lifecycle), "price", "0.000001")
	table, err := Of(c)
	require.NoError(t, err)
	assert.Contains(t, table.String(), "nobody has more or less")
	one := set(t, DefaultCase(opentrain.Lifecycle), "milestones", "1")
	table, err = Of(one)
	require.NoError(t, err)
	assert.Contains(t, table.String(), "1 milestone of 500 USD")
	_, err = table.Page()
	assert.NoError(t, err)
}

// TestLargest: the largest case that there is, with the largest price.
func TestLargest(t *testing.T) {
	c := set(t, DefaultCase(opencontract.Lifecycle), "price", "1000000000000000000000000000000", "criteria", "10")
	table, err := Of(c)
	require.NoError(t, err)
	assert.Len(t, table.Votes, 20)
	assert.Contains(t, table.String(), "950000000000000000000000000000")
}
