package purchase_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/purchase"
)

const (
	day    = 24 * time.Hour
	tick   = time.Nanosecond
	minute = time.Minute
)

var (
	start    = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	customer = escrow.Agent("acct_customer")
	provider = escrow.Agent("acct_provider")
	stranger = escrow.Agent("acct_stranger")
	operator = escrow.SystemActor()
)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func ratio(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

// order are the terms of an order.
var order = purchase.Terms{ID: "order-1", Customer: customer.ID, Provider: provider.ID, Listing: "A bicycle"}

var (
	goods = purchase.RequestPayment{Total: dec("80.5")}
	// booking is of a week that begins in thirty days.
	booking = purchase.RequestPayment{Total: dec("80.5"), BookingStart: start.Add(30 * day), BookingEnd: start.Add(37 * day)}
	// soon is of an hour that begins in an hour.
	soon = purchase.RequestPayment{Total: dec("80.5"), BookingStart: start.Add(60 * minute), BookingEnd: start.Add(120 * minute)}
	good = purchase.ReviewByCustomer{Rating: 5, Text: "As described."}
	fair = purchase.ReviewByProvider{Rating: 4, Text: "Paid at once."}
)

// asks is a command that decides by itself.
type asks interface {
	On(escrow.Contract, escrow.Actor, escrow.Clock) (escrow.Decision, error)
}

// advance is the command of time.
type advance struct{}

func (advance) On(c escrow.Contract, a escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, escrow.Advance(), a, clock)
}

// move is one step of a life: who asks for what, how long after the start.
type move struct {
	actor escrow.Actor
	cmd   asks
	after time.Duration
}

// live plays moves on a contract, each of which is accepted.
func live(t *testing.T, c escrow.Contract, moves ...move) escrow.Contract {
	t.Helper()
	for _, m := range moves {
		d, err := m.cmd.On(c, m.actor, escrow.At(start.Add(m.after)))
		require.NoError(t, err)
		c = d.Contract
	}
	return c
}

// in is an order that stands in a status, as short a way as there is, all of it at
// the start.
func in(t *testing.T, status escrow.Status) escrow.Contract {
	t.Helper()
	confirm, receive := move{customer, purchase.ConfirmPayment{}, 0}, move{customer, purchase.MarkReceived{}, 0}
	deliver, complete := move{provider, purchase.MarkDelivered{}, 0}, move{stranger, advance{}, 0}
	buy, book := move{customer, goods, 0}, move{customer, booking, 0}
	ways := map[escrow.Status][]move{
		purchase.Inquiry:            {{customer, purchase.Inquire{}, 0}},
		purchase.PendingPayment:     {buy},
		purchase.PaymentExpired:     {buy, {stranger, advance{}, 15 * minute}},
		purchase.Preauthorized:      {book, confirm},
		purchase.Declined:           {book, confirm, {provider, purchase.Decline{}, 0}},
		purchase.Expired:            {book, confirm, {stranger, advance{}, 6 * day}},
		purchase.Accepted:           {book, confirm, {provider, purchase.Accept{}, 0}},
		purchase.Purchased:          {buy, confirm},
		purchase.Delivered:          {buy, confirm, deliver},
		purchase.Disputed:           {buy, confirm, deliver, {customer, purchase.Dispute{}, 0}},
		purchase.Canceled:           {buy, confirm, {operator, purchase.Cancel{}, 0}},
		purchase.Received:           {buy, confirm, receive},
		purchase.Completed:          {buy, confirm, receive, complete},
		purchase.ReviewedByProvider: {buy, confirm, receive, complete, {provider, fair, 0}},
		purchase.ReviewedByCustomer: {buy, confirm, receive, complete, {customer, good, 0}},
		purchase.Reviewed:           {buy, confirm, receive, complete, {customer, good, 0}, {provider, fair, 0}},
	}
	c := live(t, order.Draft(), ways[status]...)
	require.Equal(t, status, c.Status())
	return c
}

// moved is what a decision moves, as text.
func moved(d escrow.Decision) (list []string) {
	for _, m := range d.Movements() {
		list = append(list, m.String())
	}
	return list
}

// refusedAs checks why a command is refused.
func refusedAs(t *testing.T, err error, code escrow.Code, reason escrow.Reason, rule string) {
	t.Helper()
	require.ErrorIs(t, err, reason)
	require.ErrorIs(t, err, code)
	assert.Equal(t, rule, err.(*escrow.Error).Rule())
	assert.NotEmpty(t, err.(*escrow.Error).Remedy())
}
