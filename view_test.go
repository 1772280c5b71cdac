package escrow_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// TestViewReadsAll that a contract has: terms, state, policy, parties, custody.
func TestViewReadsAll(t *testing.T) {
	v := standing(t, "shipped").c.View()
	assert.Equal(t, "a bicycle", goods.In(v))
	assert.Equal(t, escrow.Units(10000), price.In(v))
	assert.True(t, takeBy.In(v).Equal(june(4, 0)))
	assert.Equal(t, "T-1", tracking.In(v))
	assert.Equal(t, "0.05", commission.In(v).String())
	assert.Equal(t, 48*time.Hour, checkWindow.In(v))
	assert.Equal(t, uint64(1), quorum.In(v))
	assert.False(t, separate.In(v))
	assert.Equal(t, "sam", v.Account(seller))
	assert.Equal(t, escrow.Units(10000), v.Held(escrowPot))
	assert.Equal(t, Status("shipped"), v.Status())
	assert.Equal(t, "o1", v.ID())
	assert.Equal(t, "EUR", v.Asset().Code)
	assert.True(t, v.Has(shippedAt))
	assert.True(t, v.Now().IsZero(), "a contract alone has no time")
	account, kind := v.Actor()
	assert.Empty(t, account)
	assert.Empty(t, kind)
	assert.False(t, v.Direct() || v.Confirms() || v.TermsNamed(), "nobody asks")
}

// TestViewOfItems: an item's fields are read in its own view.
func TestViewOfItems(t *testing.T) {
	k := standing(t, "taken, extra paid")
	k.do(extra("x2", 3), byBuyer)
	v := k.c.View()
	assert.Equal(t, 2, v.Len(extras))
	assert.Equal(t, 1, v.Find(extras, "x2"))
	assert.Equal(t, -1, v.Find(extras, "x9"))
	assert.Equal(t, -1, v.Index())
	assert.Equal(t, escrow.Units(700), v.Total(extraPot))
	item := v.At(extras, 0)
	assert.Equal(t, "x1", item.Key())
	assert.Equal(t, "x1", extraID.In(item))
	assert.Equal(t, "PAID", item.ItemStatus())
	assert.Equal(t, escrow.Units(700), extraCost.In(item))
	assert.Equal(t, escrow.Units(700), item.Held(extraPot))
	assert.Equal(t, 0, item.Index())
	assert.Equal(t, "a bicycle", goods.In(item), "the contract is still seen")
	assert.Zero(t, v.Held(extraPot), "which item's?")
	for _, none := range []escrow.View{v.At(extras, 2), v.At(extras, -1), v.At(pieces, 0)} {
		assert.Empty(t, none.Key())
		assert.Empty(t, none.ItemStatus())
		assert.Zero(t, extraCost.In(none))
	}
	assert.Zero(t, v.Len(pieces))
	assert.Equal(t, -1, v.Find(pieces, "p1"))
}

// TestViewOfWhatIsNotThere reads as the zero value of its kind.
func TestViewOfWhatIsNotThere(t *testing.T) {
	v := standing(t, "open").c.View()
	texts := Texts("texts", "none")
	sheet := Sheet("sheet", "none", texts, "yes", "no")
	for _, view := range []escrow.View{v, escrow.Contract{}.View(), escrow.Command{}.View(), {}} {
		assert.Empty(t, tracking.In(view))
		assert.Zero(t, rent.In(view))
		assert.Zero(t, until.In(view))
		assert.Zero(t, people.In(view))
		assert.Zero(t, share.In(view))
		assert.Zero(t, consent.In(view))
		assert.Nil(t, texts.In(view))
		assert.Zero(t, texts.Len(view))
		assert.Zero(t, sheet.In(view).Entry(0))
		assert.Zero(t, sheet.In(view).Entry(-1))
		assert.Zero(t, sheet.In(view).Entry(99))
		assert.False(t, view.Has(rent))
	}
	assert.Zero(t, v.Held(rentPot))
	assert.Zero(t, v.Total(rentPot))
	assert.Empty(t, v.Account(lender))
	assert.Zero(t, v.Amount(goods), "a text is no amount")
	assert.Empty(t, v.Text(price), "an amount is no text")
}

// TestViewOfACommand reads what it carries, and nothing of a contract.
func TestViewOfACommand(t *testing.T) {
	v := extra("x1", 7).View()
	assert.Equal(t, "x1", extraID.In(v))
	assert.Empty(t, goods.In(v))
	assert.Equal(t, "x1", theExtra.In(payFor("x1").View()))
	assert.Equal(t, "0.25", verdict.In(judged("0.25").View()).String())
	assert.True(t, v.Has(extraCost))
	assert.False(t, cancel.Command().View().Has(extraCost))
}
