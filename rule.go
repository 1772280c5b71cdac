package escrow

import "time"

// Status is where a contract stands. The empty status is that of a draft.
type Status string

// Draft is the status of a contract that is only terms: what the founding
// command is given.
const Draft Status = ""

// Same is the destination of a rule that leaves the status as it is.
const Same Status = "="

// Statuses is where a rule may start.
type Statuses []Status

// In lists the statuses a rule may start from.
func In(statuses ...Status) Statuses { return statuses }

// CoSign declares that somebody must agree before a row executes.
type CoSign struct {
	// Type names the approval, as in "contract_end".
	Type string
	// From is who must agree: nil for signed-in people of the account that asks,
	// else parties, all of which but the one that asks must (mutual consent).
	From []*Party
	// TTL is how long the approval lives: a policy field, or fixed.
	TTL      Word
	Lifetime time.Duration
	// Quorum is how many people of an account must agree: a policy field, 1 when
	// nil. SeparateDuties is a policy flag: whoever asked is not enough.
	Quorum, SeparateDuties Word
	// While is the status in which the contract waits; empty leaves it as it is.
	While Status
	// Declined is the status that a declined approval leads to; empty leaves it.
	Declined Status
	// Sets is recorded already when the approval is asked for.
	Sets []Effect
	// Completes returns the command's values with all that it left to the
	// contract, so that whoever confirms sees all of it; nil when nothing is left.
	Completes func(View) []Value
	// Adjusts are fields of the command that a confirmation may carry: its
	// person's own terms. A record is changed field by field, rows by their first.
	Adjusts []Word
	// Results returns what the application is told once it was confirmed, as JSON;
	// nil tells the movements' ids.
	Results func(View) []byte
}

// Rule is one row of a lifecycle's table: who may do what, from where, until
// when, and what follows. Several rows may share an id and an action; the first
// whose cases hold counts.
type Rule struct {
	// ID names the rule in decisions, refusals and documents.
	ID string
	// On is the action that the rule answers.
	On *Act
	// By is who may ask.
	By *Party
	// Grant is what an API token needs besides.
	Grant Grant
	// From is where the rule starts.
	From Statuses
	// Each makes the row one about an item of a list: the one that the command
	// names or whose party asks, for a row of time the one that is due first, or with
	// First the list's first.
	// Being are the item statuses that it starts from, none for any, and Becomes
	// is the item's next, empty when it stays.
	Each    *List
	First   bool
	Being   []string
	Becomes string
	// Unlike is why an item in another status is refused: [WrongStatus] when empty.
	Unlike Reason
	// When selects among rows of the same action.
	When []*Case
	// Window is when the rule applies; none means always.
	Window Window
	// Needs refuse what is not in order.
	Needs []*Requirement
	// To is where the rule leads; Same leaves the status.
	To Status
	// Money is what moves.
	Money []Step
	// Sets is what is recorded besides.
	Sets []Effect
	// CoSign is the agreement the rule waits for.
	CoSign CoSign
}
