package purchase_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/purchase"
)

// What happens to the money of an order of 80.50, to the cent.
var (
	authorised = []string{"80.5 USD customer:acct_customer -> escrow (escrow_deposit)", "4.03 USD customer:acct_customer -> customer-fee (customer_fee_deposit)"}
	refunded   = []string{"80.5 USD escrow -> customer:acct_customer (escrow_refund)", "4.03 USD customer-fee -> customer:acct_customer (customer_fee_refund)"}
	paidOut    = []string{"72.45 USD escrow -> provider:acct_provider (payout)", "8.05 USD escrow -> platform (provider_fee)", "4.03 USD customer-fee -> platform (customer_fee)"}
)

func TestRules(t *testing.T) {
	for _, r := range []struct {
		rule  string
		from  escrow.Status
		move  move
		to    escrow.Status
		moved []string
	}{
		{"PU-1", escrow.Draft, move{customer, purchase.Inquire{}, 0}, purchase.Inquiry, nil},
		{"PU-2", escrow.Draft, move{customer, goods, 0}, purchase.PendingPayment, nil},
		{"PU-2", purchase.Inquiry, move{customer, booking, 400 * time.Hour}, purchase.PendingPayment, nil},
		{"PU-3", purchase.PendingPayment, move{stranger, advance{}, 15 * minute}, purchase.PaymentExpired, nil},
		{"PU-5", purchase.PendingPayment, move{customer, purchase.ConfirmPayment{}, 15*minute - tick}, purchase.Purchased, authorised},
		{"PU-6", purchase.Preauthorized, move{provider, purchase.Accept{}, 6*day - tick}, purchase.Accepted, nil},
		{"PU-6", purchase.Preauthorized, move{operator, purchase.Accept{}, 0}, purchase.Accepted, nil},
		{"PU-7", purchase.Preauthorized, move{provider, purchase.Decline{}, 6*day - tick}, purchase.Declined, refunded},
		{"PU-7", purchase.Preauthorized, move{operator, purchase.Decline{}, 0}, purchase.Declined, refunded},
		{"PU-8", purchase.Preauthorized, move{stranger, advance{}, 6 * day}, purchase.Expired, refunded},
		{"PU-9", purchase.Accepted, move{operator, purchase.Complete{}, 37*day - tick}, purchase.Completed, paidOut},
		{"PU-10", purchase.Accepted, move{stranger, advance{}, 37 * day}, purchase.Completed, paidOut},
		{"PU-11", purchase.Purchased, move{provider, purchase.MarkDelivered{}, 14*day - tick}, purchase.Delivered, nil},
		{"PU-11", purchase.Purchased, move{operator, purchase.MarkDelivered{}, 0}, purchase.Delivered, nil},
		{"PU-12", purchase.Purchased, move{stranger, advance{}, 14 * day}, purchase.Canceled, refunded},
		{"PU-13", purchase.Purchased, move{customer, purchase.MarkReceived{}, 14*day - tick}, purchase.Received, paidOut},
		{"PU-13", purchase.Delivered, move{customer, purchase.MarkReceived{}, 14*day - tick}, purchase.Received, paidOut},
		{"PU-14", purchase.Delivered, move{stranger, advance{}, 14 * day}, purchase.Received, paidOut},
		{"PU-15", purchase.Delivered, move{customer, purchase.Dispute{}, 14*day - tick}, purchase.Disputed, nil},
		{"PU-15", purchase.Delivered, move{operator, purchase.Dispute{}, 0}, purchase.Disputed, nil},
		{"PU-16", purchase.Disputed, move{operator, purchase.MarkReceivedFromDisputed{}, 60*day - tick}, purchase.Received, paidOut},
		{"PU-17", purchase.Accepted, move{operator, purchase.Cancel{}, 0}, purchase.Canceled, refunded},
		{"PU-17", purchase.Purchased, move{operator, purchase.Cancel{}, 0}, purchase.Canceled, refunded},
		{"PU-17", purchase.Disputed, move{operator, purchase.Cancel{}, 60*day - tick}, purchase.Canceled, refunded},
		{"PU-18", purchase.Disputed, move{stranger, advance{}, 60 * day}, purchase.Canceled, refunded},
		{"PU-19", purchase.Received, move{stranger, advance{}, 0}, purchase.Completed, nil},
		{"PU-20", purchase.Completed, move{provider, fair, 7*day - tick}, purchase.ReviewedByProvider, nil},
		{"PU-21", purchase.Completed, move{customer, good, 7*day - tick}, purchase.ReviewedByCustomer, nil},
		{"PU-22", purchase.ReviewedByCustomer, move{provider, fair, 7*day - tick}, purchase.Reviewed, nil},
		{"PU-23", purchase.ReviewedByProvider, move{customer, good, 7*day - tick}, purchase.Reviewed, nil},
		{"PU-24", purchase.Completed, move{stranger, advance{}, 7 * day}, purchase.Reviewed, nil},
		{"PU-24", purchase.ReviewedByProvider, move{stranger, advance{}, 7 * day}, purchase.Reviewed, nil},
		{"PU-24", purchase.ReviewedByCustomer, move{stranger, advance{}, 7 * day}, purchase.Reviewed, nil},
	} {
		t.Run(r.rule+" from "+string(r.from), func(t *testing.T) {
			d, err := r.move.cmd.On(in(t, r.from), r.move.actor, escrow.At(start.Add(r.move.after)))
			require.NoError(t, err)
			assert.Equal(t, r.rule, d.Rule)
			assert.Equal(t, r.to, d.To)
			assert.Equal(t, r.moved, moved(d))
			assert.Equal(t, start.Add(r.move.after), d.At())
		})
	}
}

// PU-4: a booking is authorised like goods, and waits for the provider.
func TestBookingIsPreauthorized(t *testing.T) {
	d, err := purchase.ConfirmPayment{}.On(live(t, order.Draft(), move{customer, booking, 0}), customer, escrow.At(start.Add(15*minute-tick)))
	require.NoError(t, err)
	assert.Equal(t, "PU-4", d.Rule)
	assert.Equal(t, purchase.Preauthorized, d.To)
	assert.Equal(t, authorised, moved(d))
}

// A booking is accepted before the earliest of three: six days after it was
// authorised, a day after it starts, its end.
func TestAcceptanceEndsAtTheEarliestOfThree(t *testing.T) {
	for name, r := range map[string]struct {
		begins, ends, due time.Duration
	}{
		"six days":              {30 * day, 37 * day, 6 * day},
		"a day after the start": {2 * day, 9 * day, 3 * day},
		"the end":               {2 * day, 2*day + time.Hour, 2*day + time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			request := purchase.RequestPayment{Total: dec("1"), BookingStart: start.Add(r.begins), BookingEnd: start.Add(r.ends)}
			c := live(t, order.Draft(), move{customer, request, 0}, move{customer, purchase.ConfirmPayment{}, 0})
			deadline, ok := escrow.NextDeadline(c)
			require.True(t, ok)
			assert.Equal(t, "acceptBy", deadline.Moment)
			assert.Equal(t, start.Add(r.due), deadline.At)
			_, err := purchase.Accept{}.On(c, provider, escrow.At(deadline.At.Add(-tick)))
			require.NoError(t, err)
			_, err = purchase.Accept{}.On(c, provider, escrow.At(deadline.At))
			refusedAs(t, err, escrow.Conflict, escrow.DeadlineDue, "PU-6")
		})
	}
}

// Reviews run from the first completion, whichever status came since.
func TestReviewsRunFromTheCompletion(t *testing.T) {
	c := live(t, in(t, purchase.Completed), move{customer, good, 6 * day})
	deadline, ok := escrow.NextDeadline(c)
	require.True(t, ok)
	assert.Equal(t, start.Add(7*day), deadline.At)
	_, err := fair.On(c, provider, escrow.At(start.Add(7*day)))
	refusedAs(t, err, escrow.Conflict, escrow.DeadlineDue, "PU-22")
}

// Every action is refused in every status that no row of it starts from, and
// changes nothing.
func TestWrongStatuses(t *testing.T) {
	statuses := append([]escrow.Status{escrow.Draft}, purchase.Lifecycle.Statuses()...)
	for _, r := range []struct {
		move move
		in   []escrow.Status
	}{
		{move{customer, purchase.Inquire{}, 0}, []escrow.Status{escrow.Draft}},
		{move{customer, goods, 0}, []escrow.Status{escrow.Draft, purchase.Inquiry}},
		{move{customer, purchase.ConfirmPayment{}, 0}, []escrow.Status{purchase.PendingPayment}},
		{move{provider, purchase.Accept{}, 0}, []escrow.Status{purchase.Preauthorized}},
		{move{provider, purchase.Decline{}, 0}, []escrow.Status{purchase.Preauthorized}},
		{move{operator, purchase.Complete{}, 0}, []escrow.Status{purchase.Accepted}},
		{move{provider, purchase.MarkDelivered{}, 0}, []escrow.Status{purchase.Purchased}},
		{move{customer, purchase.MarkReceived{}, 0}, []escrow.Status{purchase.Purchased, purchase.Delivered}},
		{move{customer, purchase.Dispute{}, 0}, []escrow.Status{purchase.Delivered}},
		{move{operator, purchase.MarkReceivedFromDisputed{}, 0}, []escrow.Status{purchase.Disputed}},
		{move{operator, purchase.Cancel{}, 0}, []escrow.Status{purchase.Accepted, purchase.Purchased, purchase.Disputed}},
		{move{provider, fair, 0}, []escrow.Status{purchase.Completed, purchase.ReviewedByCustomer}},
		{move{customer, good, 0}, []escrow.Status{purchase.Completed, purchase.ReviewedByProvider}},
	} {
		for _, status := range statuses {
			c := in(t, status)
			_, err := r.move.cmd.On(c, r.move.actor, escrow.At(start))
			if slices.Contains(r.in, status) {
				assert.NoError(t, err, "%T in %s", r.move.cmd, status)
				continue
			}
			assert.ErrorIs(t, err, escrow.Conflict, "%T in %s", r.move.cmd, status)
		}
	}
}

// Nobody but the party that a rule names may ask.
func TestWhoMayAsk(t *testing.T) {
	for _, r := range []struct {
		rule   string
		from   escrow.Status
		cmd    asks
		reason escrow.Reason
		others []escrow.Actor
	}{
		{"PU-1", escrow.Draft, purchase.Inquire{}, purchase.NotCustomer, []escrow.Actor{provider, stranger, operator}},
		{"PU-2", escrow.Draft, goods, purchase.NotCustomer, []escrow.Actor{provider, stranger, operator}},
		{"PU-5", purchase.PendingPayment, purchase.ConfirmPayment{}, purchase.NotCustomer, []escrow.Actor{provider, operator}},
		{"PU-6", purchase.Preauthorized, purchase.Accept{}, purchase.NotProvider, []escrow.Actor{customer, stranger}},
		{"PU-7", purchase.Preauthorized, purchase.Decline{}, purchase.NotProvider, []escrow.Actor{customer, stranger}},
		{"PU-9", purchase.Accepted, purchase.Complete{}, escrow.NotSystem, []escrow.Actor{customer, provider}},
		{"PU-11", purchase.Purchased, purchase.MarkDelivered{}, purchase.NotProvider, []escrow.Actor{customer, stranger}},
		{"PU-13", purchase.Delivered, purchase.MarkReceived{}, purchase.NotCustomer, []escrow.Actor{provider, operator}},
		{"PU-15", purchase.Delivered, purchase.Dispute{}, purchase.NotCustomer, []escrow.Actor{provider, stranger}},
		{"PU-16", purchase.Disputed, purchase.MarkReceivedFromDisputed{}, escrow.NotSystem, []escrow.Actor{customer, provider}},
		{"PU-17", purchase.Disputed, purchase.Cancel{}, escrow.NotSystem, []escrow.Actor{customer, provider}},
		{"PU-20", purchase.Completed, fair, purchase.NotProvider, []escrow.Actor{customer, stranger}},
		{"PU-21", purchase.Completed, good, purchase.NotCustomer, []escrow.Actor{provider, stranger}},
	} {
		for _, other := range r.others {
			_, err := r.cmd.On(in(t, r.from), other, escrow.At(start))
			refusedAs(t, err, escrow.Forbidden, r.reason, r.rule)
		}
	}
}

// At the exact instant the deadline has decided.
func TestWindowsAtTheInstant(t *testing.T) {
	for _, r := range []struct {
		from escrow.Status
		late move
		rule string
		by   string
	}{
		{purchase.PendingPayment, move{customer, purchase.ConfirmPayment{}, 15 * minute}, "PU-5", "PU-3"},
		{purchase.Preauthorized, move{provider, purchase.Decline{}, 6 * day}, "PU-7", "PU-8"},
		{purchase.Accepted, move{operator, purchase.Complete{}, 37 * day}, "PU-9", "PU-10"},
		{purchase.Purchased, move{provider, purchase.MarkDelivered{}, 14 * day}, "PU-11", "PU-12"},
		{purchase.Delivered, move{customer, purchase.Dispute{}, 14 * day}, "PU-15", "PU-14"},
		{purchase.Delivered, move{customer, purchase.MarkReceived{}, 14 * day}, "PU-13", "PU-14"},
		{purchase.Disputed, move{operator, purchase.MarkReceivedFromDisputed{}, 60 * day}, "PU-16", "PU-18"},
		{purchase.Completed, move{provider, fair, 7 * day}, "PU-20", "PU-24"},
		{purchase.ReviewedByProvider, move{customer, good, 7 * day}, "PU-23", "PU-24"},
	} {
		c := in(t, r.from)
		_, err := r.late.cmd.On(c, r.late.actor, escrow.At(start.Add(r.late.after)))
		refusedAs(t, err, escrow.Conflict, escrow.DeadlineDue, r.rule)
		_, err = advance{}.On(c, stranger, escrow.At(start.Add(r.late.after-tick)))
		refusedAs(t, err, escrow.Conflict, escrow.NothingDue, r.by)
		late, err := advance{}.On(c, stranger, escrow.At(start.Add(r.late.after+100*day)))
		require.NoError(t, err)
		assert.Equal(t, r.by, late.Rule)
		assert.Equal(t, start.Add(r.late.after), late.At(), "late is on time")
	}
}

// What is wrong with a command by itself.
func TestRefusals(t *testing.T) {
	for _, r := range []struct {
		name   string
		from   escrow.Status
		move   move
		reason escrow.Reason
		rule   string
	}{
		{"no total", escrow.Draft, move{customer, purchase.RequestPayment{}, 0}, purchase.InvalidTotal, "PU-2"},
		{"a start without an end", escrow.Draft, move{customer, purchase.RequestPayment{Total: dec("1"), BookingStart: start.Add(day)}, 0}, purchase.InvalidBooking, "PU-2"},
		{"an end without a start", purchase.Inquiry, move{customer, purchase.RequestPayment{Total: dec("1"), BookingEnd: start.Add(day)}, 0}, purchase.InvalidBooking, "PU-2"},
		{"no time", escrow.Draft, move{customer, purchase.RequestPayment{Total: dec("1"), BookingStart: start.Add(day), BookingEnd: start.Add(day)}, 0}, purchase.InvalidBooking, "PU-2"},
		{"time that is over", escrow.Draft, move{customer, soon, 60 * minute}, purchase.InvalidBooking, "PU-2"},
		{"no rating", purchase.Completed, move{customer, purchase.ReviewByCustomer{Text: "x"}, 0}, purchase.InvalidReview, "PU-21"},
		{"six stars", purchase.Completed, move{customer, purchase.ReviewByCustomer{Rating: 6, Text: "x"}, 0}, purchase.InvalidReview, "PU-21"},
		{"no text", purchase.Completed, move{provider, purchase.ReviewByProvider{Rating: 1, Text: " "}, 0}, purchase.InvalidReview, "PU-20"},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, err := r.move.cmd.On(in(t, r.from), r.move.actor, escrow.At(start.Add(r.move.after)))
			refusedAs(t, err, escrow.InvalidRequest, r.reason, r.rule)
		})
	}
}

func TestTerms(t *testing.T) {
	for name, r := range map[string]struct {
		change func(*purchase.Terms)
		reason escrow.Reason
		field  string
	}{
		"no listing":  {func(x *purchase.Terms) { x.Listing = "" }, escrow.InvalidTerms, "listing"},
		"no customer": {func(x *purchase.Terms) { x.Customer = "" }, escrow.InvalidTerms, "customer"},
		"no provider": {func(x *purchase.Terms) { x.Provider = "" }, escrow.InvalidTerms, "provider"},
		"one's own":   {func(x *purchase.Terms) { x.Provider = x.Customer }, escrow.InvalidTerms, "provider"},
		"no window": {func(x *purchase.Terms) {
			x.Policy = []escrow.Value{purchase.DeliveryWindow.To(0)}
		}, escrow.InvalidPolicy, "deliveryWindow"},
	} {
		t.Run(name, func(t *testing.T) {
			terms := order
			r.change(&terms)
			_, err := purchase.Inquire{}.On(terms.Draft(), customer, escrow.At(start))
			refusedAs(t, err, escrow.InvalidRequest, r.reason, "PU-1")
			assert.Equal(t, r.field, err.(*escrow.Error).Details()["field"])
		})
	}
}

// A policy of one's own is what the order lives by; without a fee none is moved.
func TestPolicy(t *testing.T) {
	terms := order
	terms.Asset = escrow.Asset{Code: "EUR", Scale: 2}
	terms.Policy = []escrow.Value{purchase.CustomerFee.To(escrow.Ratio{}), purchase.ProviderFee.To(ratio("0.2")), purchase.ReceiptWindow.To(day)}
	c := live(t, terms.Draft(), move{customer, goods, 0}, move{customer, purchase.ConfirmPayment{}, 0}, move{provider, purchase.MarkDelivered{}, 0})
	d, err := advance{}.On(c, stranger, escrow.At(start.Add(day)))
	require.NoError(t, err)
	assert.Equal(t, []string{"64.4 EUR escrow -> provider:acct_provider (payout)", "16.1 EUR escrow -> platform (provider_fee)"}, moved(d))
}

// What only the operator can do is the system's work; nobody else need be asked.
func TestSystemWork(t *testing.T) {
	assert.Equal(t, []escrow.Action{"complete", "cancel"}, escrow.SystemWork(in(t, purchase.Accepted), start))
	assert.Equal(t, []escrow.Action{"mark_received_from_disputed", "cancel"}, escrow.SystemWork(in(t, purchase.Disputed), start))
	assert.Empty(t, escrow.SystemWork(in(t, purchase.Inquiry), start))
}

// Time alone ends an order that is paid; an inquiry, which holds nothing, stays.
func TestMaxTime(t *testing.T) {
	for status, after := range map[escrow.Status]time.Duration{
		purchase.PendingPayment: 15 * minute, purchase.Preauthorized: 6 * day, purchase.Accepted: 44 * day,
		purchase.Purchased: 14 * day, purchase.Delivered: 21 * day, purchase.Disputed: 60 * day, purchase.Received: 7 * day, purchase.ReviewedByCustomer: 7 * day,
	} {
		at, ok := escrow.MaxTime(in(t, status))
		require.True(t, ok, status)
		assert.Equal(t, start.Add(after), at, status)
	}
	_, ok := escrow.MaxTime(in(t, purchase.Inquiry))
	assert.False(t, ok)
}

func TestViews(t *testing.T) {
	assert.Equal(t, purchase.Order{Total: escrow.Units(8050), Fee: escrow.Units(403), Start: booking.BookingStart, End: booking.BookingEnd}, purchase.OrderOf(in(t, purchase.Accepted)))
	assert.Equal(t, purchase.Order{}, purchase.OrderOf(in(t, purchase.Inquiry)))
	assert.Empty(t, purchase.Reviews(in(t, purchase.ReviewedByCustomer)), "nobody answers a review")
	assert.Equal(t, []purchase.Review{
		{By: provider.ID, Of: customer.ID, Rating: 4, Text: "Paid at once."},
		{By: customer.ID, Of: provider.ID, Rating: 5, Text: "As described."},
	}, purchase.Reviews(in(t, purchase.Reviewed)))
	alone := live(t, in(t, purchase.ReviewedByCustomer), move{stranger, advance{}, 7 * day})
	assert.Equal(t, []purchase.Review{{By: customer.ID, Of: provider.ID, Rating: 5, Text: "As described."}}, purchase.Reviews(alone))
}
