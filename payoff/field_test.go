package payoff

import (
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWith: every field can be set to what it is, and to something else.
func TestWith(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		c := DefaultCase(l)
		for _, name := range append(policyNames(l), termNames...) {
			same, err := With(c, name, c.value(name))
			require.NoError(t, err, name)
			assert.Equal(t, c.value(name), same.value(name))
		}
	}
	c := set(t, DefaultCase(opencontract.Lifecycle), "protocolFee", "0.1", "noQuorum", "unclear", "baRecruitCount", "7", "price", "12.5", "criteria", "2", "review", "P2D", "milestones", "4")
	assert.Equal(t, ratio(t, "0.1"), opencontract.ProtocolFee.In(c.Policy.View()))
	assert.Equal(t, "unclear", opencontract.NoQuorum.In(c.Policy.View()))
	assert.Equal(t, 7, c.recruits())
	assert.Equal(t, "12.5", c.Price.String())
	assert.Equal(t, 2*day, c.Review)
	assert.Equal(t, ratio(t, "0.05"), opencontract.ProtocolFee.In(DefaultCase(opencontract.Lifecycle).Policy.View()), "the default is left alone")
}

// TestWithUnfit: what cannot be read says which field, and an unknown one what
// is near.
func TestWithUnfit(t *testing.T) {
	for field, want := range map[string]string{"protocolfees": `"protocolFee"`, "prize": `"price"`, "reviews": `"review"`} {
		_, err := With(DefaultCase(opencontract.Lifecycle), field, "1")
		assert.ErrorContains(t, err, want)
	}
	for field, value := range map[string]string{"protocolFee": "much", "price": "1e9", "criteria": "x", "match": "1h", "baVotingWindow": "soon", "payoutReview": "["} {
		_, err := With(DefaultCase(opencontract.Lifecycle), field, value)
		assert.ErrorContains(t, err, field)
	}
	_, err := With(Case{}, "price", "1")
	assert.Error(t, err)
}

// TestParsePolicy: what the engine refuses becomes the nearest it takes.
func TestNearestPolicy(t *testing.T) {
	for _, row := range []struct {
		l                  *escrow.Lifecycle
		field, json, value string
	}{
		{opencontract.Lifecycle, "protocolFee", `"1.5"`, "1"},
		{opencontract.Lifecycle, "protocolFee", `-0.1`, "0"},
		{opencontract.Lifecycle, "unclearCredit", `"0.12345678901234567891"`, "0.123456789012345679"},
		{opencontract.Lifecycle, "earlyWithdrawalSlashRatio", `"1"`, "0.999999999999999999"},
		{opencontract.Lifecycle, "baUnclearSlashRatio", `"some"`, "0.3"},
		{opencontract.Lifecycle, "baRecruitCount", `4`, "5"},
		{opencontract.Lifecycle, "baRecruitCount", `0`, "1"},
		{opencontract.Lifecycle, "baRecruitCount", `100`, "15"},
		{opencontract.Lifecycle, "baVotingWindow", `"P20000D"`, "PT87600H"},
		{opencontract.Lifecycle, "baVotingWindow", `"PT0S"`, "PT1S"},
		{opencontract.Lifecycle, "baVotingWindow", `"a day"`, "PT24H"},
		{opencontract.Lifecycle, "noQuorum", `"aprove"`, "approve"},
		{opencontract.Lifecycle, "noQuorum", `"uncler"`, "unclear"},
		{opencontract.Lifecycle, "disputeForfeitTo", `"tresury"`, "treasury"},
		{opentrain.Lifecycle, "initiationFee", `"9.956"`, "9.96"},
		{opentrain.Lifecycle, "endDisposition", `"released"`, "release"},
		{opentrain.Lifecycle, "quorum", `11`, "10"},
		{opentrain.Lifecycle, "separateDuties", `"yes"`, "false"},
		{opentrain.Lifecycle, "payoutReview", `{"minPayout":"5","quorum":0}`, "null"},
	} {
		p, list, err := NearestPolicy(row.l, []byte(`{"`+row.field+`": `+row.json+`}`))
		require.NoError(t, err, row.field)
		require.Len(t, list, 1, row.field)
		assert.Equal(t, row.field, list[0].Field)
		assert.Equal(t, row.value, list[0].Change, "%s %s", row.field, row.json)
		c := DefaultCase(row.l)
		c.Policy = p
		assert.Equal(t, row.value, c.value(row.field))
		assert.NoError(t, founded(c.Draft("c", begin)))
	}
}

// TestNearestPolicyWhole: a good policy is read, several faults are all told, and
// what is no policy is an error.
func TestNearestPolicyWhole(t *testing.T) {
	p, list, err := NearestPolicy(opencontract.Lifecycle, []byte(`{"protocolFee": 0.1}`))
	require.NoError(t, err)
	assert.Empty(t, list)
	assert.Equal(t, ratio(t, "0.1"), opencontract.ProtocolFee.In(p.View()))
	_, list, err = NearestPolicy(opencontract.Lifecycle, []byte(`{"protocolFee": 2, "baRecruitCount": 2, "baVotingWindow": 3}`))
	require.NoError(t, err)
	assert.Len(t, list, 3)
	for text, want := range map[string]string{`[]`: "expected an object", `{"protocolfee": 1}`: `"protocolFee"`, `{"approvalTTL": "PT1H"}`: "no field"} {
		_, _, err := NearestPolicy(opencontract.Lifecycle, []byte(text))
		assert.ErrorContains(t, err, want)
	}
	_, _, err = NearestPolicy(nil, []byte(`{}`))
	assert.Error(t, err)
}

// TestHostile: what is far too long or too large is told in short, at once.
func TestHostile(t *testing.T) {
	long := strings.Repeat("9", 1<<22)
	for _, text := range []string{`{"protocolFee": "` + long + `"}`, `{"baRecruitCount": ` + long + `}`, `{"noQuorum": "` + long + `"}`, `{"protocolFee": 1e999999999}`} {
		_, list, err := NearestPolicy(opencontract.Lifecycle, []byte(text))
		require.NoError(t, err)
		require.Len(t, list, 1)
		assert.Less(t, len(list[0].Value)+len(list[0].Message), 400)
	}
	_, _, err := NearestPolicy(opencontract.Lifecycle, []byte(`{"`+long+`": 1}`))
	assert.Less(t, len(err.Error()), 600)
	c := DefaultCase(opencontract.Lifecycle)
	c.Price = decimal.New(1, 1_000_000_000)
	_, err = Lint(c, DefaultAssumptions())
	assert.ErrorIs(t, err, escrow.AmountBounds)
	_, err = c.Policy.With(opencontract.TokenMintRewardFull.Decimal(decimal.New(1, 1_000_000_000)))
	assert.ErrorIs(t, err, escrow.InvalidPolicy)
	_, err = With(c, "tokenMintRewardFull", "1e1000000000")
	assert.ErrorIs(t, err, escrow.InvalidRequest)
}

// TestEmptyModes: no award and no mode mean a direct award that the client reviews.
func TestEmptyModes(t *testing.T) {
	c := DefaultCase(opencontract.Lifecycle)
	want, err := Of(c)
	require.NoError(t, err)
	c.Award, c.Mode = "", ""
	got, err := Of(c)
	require.NoError(t, err)
	assert.Equal(t, want.Endings, got.Endings)
}
