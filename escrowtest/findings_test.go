package escrowtest_test

import (
	"bytes"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mistakes are what a keeper may show, by what is said of it.
var mistakes = map[string]keeper{
	"is not booked, though its decision is kept": {books: func(b *escrowtest.Books) {
		b.Booked = b.Booked[:max(0, len(b.Booked)-1)]
	}},
	"is booked 2 times": {books: func(b *escrowtest.Books) { b.Booked = append(b.Booked, b.Booked...) }},
	"is of no decision that is kept": {books: func(b *escrowtest.Books) {
		b.Booked = append(b.Booked, escrowtest.Booking{ID: "of nobody", Units: big.NewInt(1)})
	}},
	"0.999999 USDC instead of 1, off by 0.000001, as money is that has been through floating point": {books: func(b *escrowtest.Books) {
		for i := range b.Booked {
			b.Booked[i].Units = new(big.Int).Sub(b.Booked[i].Units, big.NewInt(1))
		}
	}},
	"is booked from nowhere to": {books: func(b *escrowtest.Books) {
		for i := range b.Booked {
			b.Booked[i].From = "nowhere"
		}
	}},
	"by the snapshot nothing": {books: func(b *escrowtest.Books) { b.Held["pocket"] = big.NewInt(-1) }},
	"escrow holds 0 USDC, and by the snapshot 1": {books: func(b *escrowtest.Books) {
		delete(b.Held, "escrow")
	}},
	"add up to 1 smallest units instead of nothing": {books: func(b *escrowtest.Books) { b.Balances["all"] = big.NewInt(1) }},

	"is voided instead of captured": {payments: func(in, out []escrowtest.Payment) (_, _ []escrowtest.Payment) {
		for i := range in {
			in[i].State = escrowtest.PaymentVoided
		}
		return in, out
	}},
	"there is no payout for movement": {payments: func(in, _ []escrowtest.Payment) (_, _ []escrowtest.Payment) { return in, nil }},
	"again under an id of its own": {payments: func(in, out []escrowtest.Payment) (_, _ []escrowtest.Payment) {
		for _, p := range out {
			out = append(out, escrowtest.Payment{ID: p.ID + "-2", Units: p.Units, State: p.State})
		}
		return in, out
	}},
	"is waiting, and is of no movement": {payments: func(in, out []escrowtest.Payment) (_, _ []escrowtest.Payment) {
		for _, p := range out {
			out = append(out, escrowtest.Payment{ID: p.ID + "-2", Units: new(big.Int).Rsh(p.Units, 1), State: p.State})
		}
		return in, out
	}},
	"there are 2 deposits for movement": {payments: func(in, out []escrowtest.Payment) (_, _ []escrowtest.Payment) {
		return append(in, in...), out
	}},
	"is captured, and is of no movement": {payments: func(in, out []escrowtest.Payment) (_, _ []escrowtest.Payment) {
		return append(in, escrowtest.Payment{ID: "of nobody", State: escrowtest.PaymentCaptured}), out
	}},

	"the history ends at revision": {history: func(list []escrowtest.Answer) []escrowtest.Answer { return list[:max(0, len(list)-1)] }},
	"one is missing, or the order is not theirs": {history: func(list []escrowtest.Answer) []escrowtest.Answer {
		if len(list) < 2 {
			return list
		}
		return list[1:]
	}},
	"is read with another approval.status": {approval: func(text []byte) []byte {
		return bytes.Replace(text, []byte(`"status":"`), []byte(`"status":"un`), 1)
	}},
	"times in the list of":            {list: func(ids []string, next string) ([]string, string) { return append(ids, ids...), next }},
	"the list of 0xClient has no end": {list: func(ids []string, _ string) ([]string, string) { return ids, "a" }},

	"who is no party, is shown task-": {read: func(k *keeper, id string, c escrow.Contract, err error) (escrow.Contract, error) {
		if c, is := k.kept[id]; is {
			return c, nil
		}
		return c, err
	}},
	"the difference gives it away": {read: func(k *keeper, id string, c escrow.Contract, err error) (escrow.Contract, error) {
		if _, is := k.kept[id]; is && err != nil {
			err = escrow.NewRefusal(escrow.NotFound, "not_yours", "", nil)
		}
		return c, err
	}},
	"is given no answer: it is late": {read: func(_ *keeper, _ string, c escrow.Contract, err error) (escrow.Contract, error) {
		if err != nil {
			err = errors.New("it is late")
		}
		return c, err
	}},
	"a read of what was never decided": {read: func(k *keeper, _ string, c escrow.Contract, err error) (escrow.Contract, error) {
		if d, err := escrow.Decide(c, escrow.Advance(), escrow.SystemActor(), escrow.At(farAway)); err == nil {
			return d.Contract, nil
		}
		return c, err
	}},
	"one after the other they are answered": {race: func(a, b *escrowtest.Answer) {
		*b = *a
	}},
	"was carried out both times": {race: func(a, b *escrowtest.Answer) {
		if a.Executes != "" && b.Reason == escrow.ApprovalConfirmed {
			*b = *a
		}
	}},
	"was counted as if the other had not been": {race: func(a, b *escrowtest.Answer) {
		if a.Accepted() && a.Executes == "" && b.Executes != "" {
			*b = *a
		}
	}},
	"a decision that is not kept": {
		read: func(k *keeper, id string, c escrow.Contract, err error) (escrow.Contract, error) {
			if err == nil && id == k.id && len(k.made) > 1 {
				return *k.made[0].Contract, nil
			}
			return c, err
		},
		history: func(list []escrowtest.Answer) []escrowtest.Answer { return list[:min(1, len(list))] },
	},
	"a stale read": {read: func(k *keeper, id string, c escrow.Contract, err error) (escrow.Contract, error) {
		if err == nil && id == k.id && len(k.made) > 1 {
			return *k.made[0].Contract, nil
		}
		return c, err
	}},
	"asked twice at once under one key, and has two answers": {race: func(a, b *escrowtest.Answer) {
		if a.Accepted() && b.Accepted() && a.Contract == b.Contract {
			*a = escrowtest.Answer{Code: escrow.Conflict, Reason: escrow.WrongStatus}
		}
	}},
	"started again and asked again": {crash: func(k *keeper, _ escrow.Contract, _ []escrowtest.Answer) {
		k.keys = map[string]keyed{}
	}},
	"the system has kept a part of it": {crash: func(k *keeper, _ escrow.Contract, _ []escrowtest.Answer) {
		k.made = k.made[:max(0, len(k.made)-1)]
	}},
	"was carried out to its end and is not kept": {crash: func(k *keeper, was escrow.Contract, made []escrowtest.Answer) {
		k.made, k.keys, k.kept[k.id] = made, map[string]keyed{}, was
	}},
}

// farAway is when all deadlines are due.
var farAway = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)

// TestFindings: what a backend lets be seen is found wrong, and said so.
func TestFindings(t *testing.T) {
	for says, k := range mistakes {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			f := escrowtest.Try(&k, many...).Failure
			require.NotNil(t, f)
			assert.Contains(t, f.String(), says)
			last := f.String()[strings.LastIndexByte(f.String(), '\n'):]
			assert.Contains(t, last, "run it again: escrowtest.Seed(")
			page := pageOf(t, f)
			assert.Contains(t, page, "Run it again")
		})
	}
}

// TestOtherUnits: what is off by more than a rounding is not said to be one.
func TestOtherUnits(t *testing.T) {
	usdc, rounded := escrow.Asset{Code: "USDC", Scale: 6}, ", as money is that has been through floating point"
	for _, c := range []struct{ units, want, says string }{
		{"8199999", "8200000", "8.199999 USDC instead of 8.2, off by 0.000001" + rounded},
		{"8200001", "8200000", "8.200001 USDC instead of 8.2, off by 0.000001" + rounded},
		{"8199998", "8200000", "8.199998 USDC instead of 8.2"},
		{"0", "8200000", "0 USDC instead of 8.2"},
		{"-8200000", "8200000", "-8.2 USDC instead of 8.2"},
		{"100000000000000008192000000", "100000000000000000000000001", "100000000000000008192 USDC instead of 100000000000000000000.000001, off by 8191.999999" + rounded},
		{"100000000000100000000000000", "100000000000000000000000001", "100000000000100000000 USDC instead of 100000000000000000000.000001"},
	} {
		units, _ := new(big.Int).SetString(c.units, 10)
		wanted, _ := new(big.Int).SetString(c.want, 10)
		want, err := escrow.AmountOf(wanted)
		require.NoError(t, err)
		assert.Equal(t, c.says, escrowtest.OtherUnits(usdc, units, want))
	}
	assert.Equal(t, "0 USDC instead of 8.2", escrowtest.OtherUnits(usdc, nil, escrow.Units(8_200_000)))
}
