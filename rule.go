package escrow

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

// Cases are the circumstances a rule is for; all must hold. A rule whose cases
// do not hold is passed over as if it were not in the table.
type Cases []Case

// Needs are what a rule demands; one that is not met refuses.
type Needs []Need

// Effects are what a rule records in the snapshot, in order.
type Effects []Effect

// Money is what a rule moves, in order.
type Money []Step

// CoSign says that a human must co-sign a rule before it executes.
type CoSign struct {
	// Type names the approval, as in "contract_end".
	Type string
	// While is the status in which the contract waits; empty leaves it as it is.
	While Status
	// Declined is the status that a declined approval leads to; empty leaves it.
	Declined Status
	// Sets is recorded already when the approval is asked for.
	Sets Effects
}

// Rule is one row of a lifecycle's table: who may do what, from where, until
// when, and what follows. Several rows may share an id and an action; the first
// whose cases hold counts.
type Rule struct {
	// ID names the rule in decisions, refusals and documents.
	ID string
	// On is the command the rule answers; only its type matters.
	On Command
	// By is who may ask.
	By Party
	// Grant is what an API token needs besides.
	Grant Grant
	// From is where the rule starts.
	From Statuses
	// When selects among rows of the same action.
	When Cases
	// Window is when the rule applies; none means always.
	Window Window
	// Needs refuse what is not in order.
	Needs Needs
	// To is where the rule leads; Same leaves the status.
	To Status
	// Money is what moves.
	Money Money
	// Sets is what is recorded besides.
	Sets Effects
	// CoSign is the human approval the rule waits for.
	CoSign CoSign
}
