package bench

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

// mostMovements is how many movements one decision of the sample can make.
const mostMovements = 4
