package purchase_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/walk"
	"github.com/escrow-go/escrow/purchase"
)

// The walk: goods and bookings of two amounts, with and without an inquiry, all that
// anybody can ask for, around every moment.
func TestWalk(t *testing.T) {
	found, err := walk.Walk{
		Drafts:   []escrow.Contract{order.Draft()},
		Actors:   []escrow.Actor{customer, provider, stranger, operator},
		Commands: asked,
		Key:      key,
		Start:    start,
	}.Run()
	require.NoError(t, err)
	t.Logf("%d states, %d questions", len(found.States), found.Asked)
	assert.Empty(t, found.Unreached(purchase.Lifecycle))
	for _, c := range found.States {
		if c.IsDraft() {
			continue
		}
		if c.Status() != purchase.Inquiry {
			_, ends := escrow.MaxTime(c)
			require.True(t, ends, "time alone cannot end %s", key(c))
		}
		assert.True(t, walk.Alone(c, customer, endings).IsTerminal(), "the customer alone cannot end %s", key(c))
		if c.Status() == purchase.Inquiry {
			assert.Empty(t, c.Custody())
		}
	}
}

func asked(escrow.Contract) []escrow.Command {
	dear := soon
	dear.Total = dec("0.07")
	return []escrow.Command{
		purchase.Inquire{}.Command(), goods.Command(), booking.Command(), soon.Command(), dear.Command(),
		purchase.ConfirmPayment{}.Command(), purchase.Accept{}.Command(), purchase.Decline{}.Command(), purchase.Complete{}.Command(),
		purchase.MarkDelivered{}.Command(), purchase.MarkReceived{}.Command(), purchase.Dispute{}.Command(),
		purchase.MarkReceivedFromDisputed{}.Command(), purchase.Cancel{}.Command(), fair.Command(), good.Command(),
	}
}

// key tells states apart: by what the order is of, what is held, and how near the
// next deadline is.
func key(c escrow.Contract) string {
	text := fmt.Sprint(purchase.OrderOf(c), len(c.Custody()), len(purchase.Reviews(c)))
	if deadline, ok := escrow.NextDeadline(c); ok {
		text += fmt.Sprint(" ", deadline.Moment, deadline.At.Sub(c.DecidedAt()) <= 1)
	}
	return text
}

// endings are what a customer does who wants an inquiry to end.
func endings(escrow.Contract) []escrow.Command { return []escrow.Command{goods.Command()} }
