package escrow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A sheet keeps a choice for each of 32 entries, in two halves, beside a sheet that
// is kept as a plain list.
func TestSheetEntries(t *testing.T) {
	var sheet Sheet
	plain := map[int]int{}
	for i, choice := range []int{1, 15, 0, 7, 2, 8, 4, 9, 15, 3, 1, 1, 6, 5, 12, 11, 10, 13, 14, 15, 1, 0, 2, 3, 3, 3, 8, 8, 4, 2, 1, 15} {
		sheet, plain[i] = sheet.With(i, choice), choice
	}
	for i := range 40 {
		assert.Equal(t, plain[i], sheet.Entry(i), "entry %d", i)
	}
	for choice := 1; choice < 16; choice++ {
		n := 0
		for _, c := range plain {
			if c == choice {
				n++
			}
		}
		assert.Equal(t, n, sheet.Count(choice), "choice %d", choice)
	}
	for _, strange := range []Sheet{sheet.With(-1, 1), sheet.With(32, 1), sheet.With(0, 16), sheet.With(0, -1)} {
		assert.Equal(t, sheet, strange, "what is none changes nothing")
	}
	assert.Zero(t, sheet.Entry(-1))
	assert.Equal(t, 0, sheet.With(31, 0).Entry(31), "a choice is taken back")
}

// A sheet that is filled has the same choice for each of its entries, and no more.
func TestFilledSheets(t *testing.T) {
	for n := range sheetEntries + 1 {
		for choice := range 16 {
			c := filled(n, uint64(choice))
			for i := range sheetEntries {
				want := 0
				if i < n {
					want = choice
				}
				assert.Equal(t, want, Sheet{c}.Entry(i), "%d of %d, entry %d", choice, n, i)
			}
		}
	}
}
