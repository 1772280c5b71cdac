package escrow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// TestTermsRefused breaks one thing each: a draft takes it, the founding refuses it.
func TestTermsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		value escrow.Value
		want  escrow.Reason
		field string
	}{
		"no buyer":        {escrow.TextOf(buyer.Account, ""), escrow.InvalidTerms, "buyer"},
		"blank in buyer":  {escrow.TextOf(buyer.Account, "a b"), escrow.Malformed, "buyer"},
		"unicode seller":  {escrow.TextOf(seller.Account, "é"), escrow.Malformed, "seller"},
		"blank goods":     {goods.To(" \t"), escrow.Malformed, "goods"},
		"blank":           {goods.To("  "), escrow.InvalidTerms, "goods"},
		"control":         {goods.To("a\x01"), escrow.Malformed, "goods"},
		"turned around":   {goods.To("a\u202eb"), escrow.Malformed, "goods"},
		"line feed":       {goods.To("a\nb"), escrow.Malformed, "goods"},
		"too long":        {goods.To(strings.Repeat("x", 1<<20)), "", ""},
		"no price":        {escrow.Unset(price), escrow.InvalidTerms, "price"},
		"nothing":         {price.To(escrow.Amount{}), escrow.InvalidTerms, "price"},
		"negative":        {price.Decimal(decimal.NewFromInt(-1)), escrow.Malformed, "price"},
		"too fine":        {price.Decimal(decimal.New(1, -3)), escrow.AmountScale, "price"},
		"enormous":        {price.Decimal(decimal.New(1, 1e8)), escrow.AmountBounds, "price"},
		"more than 10^36": {price.Decimal(decimal.New(1, 35)), escrow.AmountBounds, "price"},
		"no deadline":     {takeBy.To(time.Time{}), escrow.InvalidTerms, "takeBy"},
		"far away":        {takeBy.To(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)), escrow.Malformed, "takeBy"},
		"what rules set":  {tracking.To("T-1"), escrow.Malformed, "contract"},
		"another's":       {rent.To(escrow.Units(1)), escrow.Malformed, "rent"},
		"an item's":       {extraCost.To(escrow.Units(1)), escrow.Malformed, "cost"},
		"a policy":        {quorum.To(11), escrow.InvalidPolicy, "quorum"},
		"fractions":       {checkWindow.To(500 * time.Millisecond), escrow.InvalidPolicy, "checkWindow"},
		"least price":     {price.To(escrow.Units(1)), "", ""},
		"greatest price":  {price.Decimal(decimal.New(1, 34)), "", ""},
		"zeros":           {price.Decimal(decimal.New(5000000, -5)), "", ""},
		"a good policy":   {quorum.To(10), "", ""},
		"nothing set":     {escrow.Value{}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := ordered(t, terms(c.value)...)
			if c.want == "" {
				k.do(open.Command(), byBuyer)
				return
			}
			e := k.refused(c.want, open.Command(), byBuyer)
			assert.Equal(t, c.field, e.Details()["field"])
			assert.Equal(t, escrow.InvalidRequest, e.Code())
		})
	}
}

// TestUnusableIDsAndAssets of a draft.
func TestUnusableIDsAndAssets(t *testing.T) {
	for id, want := range map[string]bool{"": false, "a b": false, "a/b": false, "é": false, strings.Repeat("x", 201): false, strings.Repeat("x", 200): true} {
		k := &desk{t, order.Draft(id, terms()...), june(3, 0)}
		_, err := escrow.Decide(k.c, open.Command(), byBuyer, k)
		assert.Equal(t, want, err == nil, "%.20q: %v", id, err)
	}
	for _, asset := range []escrow.Asset{{Code: "X", Scale: 19}, {Scale: 2}, {Code: "a b", Scale: 2}} {
		k := &desk{t, order.DraftIn("o1", asset, terms()...), june(3, 0)}
		_, err := escrow.Decide(k.c, open.Command(), byBuyer, k)
		assert.ErrorIs(t, err, escrow.Malformed)
	}
}

// TestFaultsInOrder: what cannot be read comes before the policy, that before the
// terms.
func TestFaultsInOrder(t *testing.T) {
	faults := []escrow.Value{escrow.TextOf(buyer.Account, "a b"), quorum.To(11), goods.To("  ")}
	for i, want := range []escrow.Reason{escrow.Malformed, escrow.InvalidPolicy, escrow.InvalidTerms} {
		ordered(t, terms(faults[i:]...)...).refused(want, open.Command(), byBuyer)
	}
	standingLoan := &desk{t, loan.Draft("l1"), june(3, 0)}
	assert.Equal(t, "lender", standingLoan.refused(escrow.InvalidTerms, lend.Command(), byBorrower).Details()["field"], "the first that is missing")
}

// TestItemsOfADraft are as many as the list wants, each of its own key.
func TestItemsOfADraft(t *testing.T) {
	draft := loan.Draft("l1", escrow.TextOf(lender.Account, "lena"), escrow.TextOf(borrower.Account, "bo"), escrow.TextOf(guard.Account, "gus"),
		rent.To(escrow.Units(100)), until.To(june(10, 0)))
	one := func(id string, euro int64) []escrow.Value {
		return []escrow.Value{piece.To(id), worth.Decimal(decimal.NewFromInt(euro))}
	}
	for name, c := range map[string]struct {
		items [][]escrow.Value
		want  escrow.Reason
	}{
		"none":          {nil, escrow.InvalidTerms},
		"four":          {[][]escrow.Value{one("a", 1), one("b", 1), one("c", 1), one("d", 1)}, escrow.InvalidTerms},
		"twice":         {[][]escrow.Value{one("a", 1), one("a", 1)}, escrow.InvalidTerms},
		"no key":        {[][]escrow.Value{one("", 1)}, escrow.InvalidTerms},
		"key":           {[][]escrow.Value{one("a b", 1)}, escrow.Malformed},
		"nothing worth": {[][]escrow.Value{one("a", 0)}, escrow.InvalidTerms},
		"too fine":      {[][]escrow.Value{{piece.To("a"), worth.Decimal(decimal.New(1, -3))}}, escrow.AmountScale},
		"enormous":      {[][]escrow.Value{{piece.To("a"), worth.Decimal(decimal.New(1, 60))}}, escrow.AmountBounds},
		"another's":     {[][]escrow.Value{append(one("a", 1), goods.To("x"))}, escrow.Malformed},
		"three":         {[][]escrow.Value{one("a", 1), one("b", 2), one("c", 3)}, ""},
	} {
		k := &desk{t, draft.WithItems(pieces, c.items...), june(3, 0)}
		_, err := k.ask(lend.Command(), byBorrower)
		if c.want == "" {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorIs(t, err, c.want, name)
		}
	}
	assert.True(t, draft == draft.WithItems(extras), "a list of another lifecycle")
}

// TestPayloads that are wrong by themselves are refused before it is asked who may.
func TestPayloads(t *testing.T) {
	k := standing(t, "taken")
	for name, c := range map[string]struct {
		cmd  escrow.Command
		want escrow.Reason
	}{
		"missing":       {ship.Command(), escrow.Malformed},
		"control":       {ship.Command(tracking.To("a\x00")), escrow.Malformed},
		"no cost":       {add.Command(extraID.To("x1")), escrow.Malformed},
		"nothing":       {extra("x1", 0), escrow.Malformed},
		"too fine":      {add.Command(extraID.To("x1"), extraCost.Decimal(decimal.New(1, -3))), escrow.AmountScale},
		"negative":      {extra("x1", -1), escrow.Malformed},
		"id":            {extra("a b", 1), escrow.Malformed},
		"another field": {ship.Command(tracking.To("x"), goods.To("y")), escrow.Malformed},
		"no ratio":      {judge.Command(verdict.Decimal(decimal.NewFromInt(2))), escrow.AmountBounds},
		"no target":     {pay.Command(), escrow.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			for _, who := range []escrow.Actor{byStranger, bySystem, byBuyer} {
				assert.Equal(t, escrow.InvalidRequest, k.refused(c.want, c.cmd, who).Code())
			}
		})
	}
	k.do(extra("x1", 1), byBuyer)
	e := k.refused(escrow.ItemExists, extra("x1", 1), byBuyer)
	assert.Equal(t, escrow.Conflict, e.Code())
	for i := range 19 {
		k.do(extra("y"+string(rune('a'+i)), 1), byBuyer)
	}
	k.refused(escrow.TooMany, extra("z", 1), byBuyer)
}

// TestWhatIsFoundedIsFixed: items and policy of a contract that is founded do not
// change by what makes drafts.
func TestWhatIsFoundedIsFixed(t *testing.T) {
	b := lent(t)
	assert.True(t, b.c == b.c.WithItems(pieces, []Value{piece.To("p9")}))
}
