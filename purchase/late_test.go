package purchase_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/purchase"
)

// A deadline that had passed when its status was entered is applied at that time:
// time never runs backwards in a contract. Here the booking is over before it is
// paid for.
func TestDeadlineThatPassedBefore(t *testing.T) {
	short := purchase.RequestPayment{Total: dec("3"), BookingStart: start.Add(tick), BookingEnd: start.Add(2 * tick)}
	d, err := short.On(order.Draft(), customer, escrow.At(start))
	require.NoError(t, err)
	paid := start.Add(minute)
	d, err = purchase.ConfirmPayment{}.On(d.Contract, customer, escrow.At(paid))
	require.NoError(t, err)
	next, ok := escrow.NextDeadline(d.Contract)
	require.True(t, ok)
	assert.Equal(t, start.Add(2*tick), next.At)
	d, err = escrow.Decide(d.Contract, escrow.Advance(), operator, escrow.At(paid))
	require.NoError(t, err)
	assert.Equal(t, purchase.Expired, d.To)
	assert.Equal(t, paid, d.At())
	assert.Equal(t, paid, d.Contract.DecidedAt())
	assert.Equal(t, paid, d.Contract.EnteredAt())
}
