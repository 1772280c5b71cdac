package escrow_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// A hoard in two chests, to be filled as far as a contract can be.
var (
	hoarder = Party("hoarder", "not_hoarder")
	load    = Amount("load", "how much is put in").Positive()
	left    = Pot("left", hoarder, "left_in", To(hoarder, "left_out"))
	right   = Pot("right", hoarder, "right_in", To(hoarder, "right_out"))
	toLeft  = Do("fill_left", load)
	toRight = Do("fill_right", load)
	dig     = Do("dig")
	leave1  = Do("leave")

	hoard = Must(Spec{
		Name: "hoard", Version: 1, Asset: escrow.Asset{Code: "USD", Scale: 0}, About: "A hoard, for tests.",
		Parties: Parties{hoarder}, Pots: Pots{left, right}, Terminal: In("gone"), OpenEnded: map[Status]*escrow.Party{"open": hoarder},
		Rules: []Rule{
			{ID: "H-1", On: dig, By: hoarder, From: In(Draft), To: "open"},
			{ID: "H-2", On: toLeft, By: hoarder, From: In("open"), To: Same, Money: Money{TopUp(Given(load), hoarder, left)}},
			{ID: "H-3", On: toRight, By: hoarder, From: In("open"), To: Same, Money: Money{TopUp(Given(load), hoarder, right)}},
			{ID: "H-4", On: leave1, By: hoarder, From: In("open"), To: "gone", Money: Money{All(left, hoarder), All(right, hoarder)}},
		},
	})
)

// All pots together hold at most 2^127 - 1 units: 170 times 10^36, and a bit. What
// holds too much is not read either, and everything can be paid out.
func TestTooMuchTogether(t *testing.T) {
	b := &bench{t, hoard.Draft("h", escrow.TextOf(hoarder.Account, "hal")), dawn}
	b.do(dig.Command(), escrow.Agent("hal"))
	most := load.Decimal(decimal.New(1, 36))
	for range 100 {
		b.do(toLeft.Command(most), escrow.Agent("hal"))
	}
	b.refused(escrow.AmountBounds, toLeft.Command(most), escrow.Agent("hal"))
	for range 70 {
		b.do(toRight.Command(most), escrow.Agent("hal"))
	}
	b.refused(escrow.AmountBounds, toRight.Command(most), escrow.Agent("hal"))

	text, err := b.c.MarshalJSON()
	require.NoError(t, err)
	heavier := strings.Replace(string(text), `"7`+strings.Repeat("0", 37), `"71`+strings.Repeat("0", 36), 1)
	require.NotEqual(t, string(text), heavier)
	_, err = escrow.ReadStored([]byte(heavier), hoard)
	require.ErrorIs(t, err, escrow.AmountBounds)

	d := b.do(leave1.Command(), escrow.Agent("hal"))
	assert.Equal(t, 2, d.NumMovements())
}
