package escrow

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// TestFaultyDraftsAreWrittenBack: a draft made in code with a value that is none of
// its field's is refused for the same after it was written and read.
func TestFaultyDraftsAreWrittenBack(t *testing.T) {
	fine := decimal.RequireFromString("1.001")
	whole := func(more ...Value) []Value {
		return append([]Value{buyer.Is("acct_b"), TextOf(tTitle, "A"), DecimalValue(tPrice, decimal.NewFromInt(5)), TimeValue(tEnd, mustTime("2026-06-10T00:00:00Z")),
			DurationValue(tGrace, time.Hour), CountValue(tRounds, 1), TextOf(tMode, "open"), TextsOf(tChecks, []string{"one"})}, more...)
	}
	item := []Value{TextOf(mKey, "p1"), DecimalValue(mAmount, decimal.NewFromInt(7))}
	for _, c := range []Contract{
		testBook.Draft("c1", whole(DecimalValue(tPrice, fine))...).WithItems(tParts, item),
		testBook.Draft("c1", whole(DecimalValue(pStart, fine))...).WithItems(tParts, item),
		testBook.Draft("c1", whole()...).WithItems(tParts, []Value{TextOf(mKey, "p1"), DecimalValue(mAmount, fine)}),
	} {
		text, err := c.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		read, err := ParseContract(text, testBook)
		if err != nil {
			t.Fatal(err)
		}
		if want, got := c.terms.fault, read.terms.fault; want == nil || got == nil || want.reason != got.reason {
			t.Errorf("%s: refused for %v, and read back for %v", text, want, got)
		}
	}
}
