package bench

import "github.com/escrow-go/escrow"

// The words that the two hand-written switches share. They say why they refuse
// and who pays whom in the words of the engine.

// status is where a contract stands.
type status uint8

const (
	draft status = iota
	created
	matched
	underReview
	resolved
	settledFullyMet
	cancelledWithdrawn
)

// action is what somebody asks for.
type action uint8

const (
	create action = iota
	accept
	withdraw
	deliver
	approve
	settle
)

// account is one end of a movement.
type account uint8

const (
	clientAccount account = iota
	workerAccount
	treasuryAccount
	escrowPot
	stakePot
)

// The reasons of movements, as the engine's table has them.
const (
	escrowDeposit escrow.MovementReason = "escrow_deposit"
	escrowRefund  escrow.MovementReason = "escrow_refund"
	payout        escrow.MovementReason = "payout"
	protocolFee   escrow.MovementReason = "protocol_fee"
	stakeDeposit  escrow.MovementReason = "stake_deposit"
	stakeReturn   escrow.MovementReason = "stake_return"
	stakeSlash    escrow.MovementReason = "stake_slash"
)

// mostMovements is how many movements one decision of the sample can make.
const mostMovements = 4
