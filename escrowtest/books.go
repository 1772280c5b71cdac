package escrowtest

import "math/big"

// Ledger is a [System] that books money. After every step of a life the harness
// compares what is booked with the decisions, and what is held with the snapshot.
type Ledger interface {
	// Books returns all that is booked for a contract by now.
	Books(contract string) (Books, error)
}

// Books is what a ledger says of one contract, in smallest units of its asset.
type Books struct {
	// Booked are the movements in the order of their booking: those of every decision
	// and no others, each once.
	Booked []Booking
	// Held is what each pot holds, by its name, as in "escrow" or "milestone:m1". A pot
	// that holds nothing may be left out.
	Held map[string]*big.Int
	// Balances are those of all accounts, under names of the system's own. They add up
	// to nothing. Nil says that there are none.
	Balances map[string]*big.Int
}

// Booking is a movement as it is booked, in smallest units.
type Booking struct {
	// ID is the movement's.
	ID string
	// From and To name the accounts, as in "client:0xClient" or "escrow"; empty says
	// nothing.
	From, To string
	Units    *big.Int
}

// Payer is a [System] that collects deposits and sends payouts. The harness never
// releases a payout that waits for review.
type Payer interface {
	// Payments returns the payments for a contract by now: the deposits, which parties
	// pay in, and the payouts, which parties are paid.
	Payments(contract string) (deposits, payouts []Payment, err error)
}

// Payment is a deposit or a payout, in smallest units.
type Payment struct {
	// ID is the id of the movement that is paid.
	ID    string
	Units *big.Int
	State PaymentState
}

// PaymentState is how far a payment has come.
type PaymentState string

// Deposits are held, then captured or voided. Payouts wait until they are sent,
// those of a decision with a review until they are released.
const (
	PaymentHeld     PaymentState = "held"
	PaymentCaptured PaymentState = "captured"
	PaymentVoided   PaymentState = "voided"
	PaymentWaiting  PaymentState = "waiting"
	PaymentInReview PaymentState = "review"
	PaymentSent     PaymentState = "sent"
)
