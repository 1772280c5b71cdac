package escrow

// Create founds the contract that a draft describes: [Decide] with [Create].
func (c Contract) Create(actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Create{}, actor, clock)
}

// Accept takes the work and posts the stake: [Decide] with [Accept].
func (c Contract) Accept(actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Accept{}, actor, clock)
}

// Withdraw gives the work up in time: [Decide] with [Withdraw].
func (c Contract) Withdraw(actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Withdraw{}, actor, clock)
}

// Deliver hands the work over: [Decide] with [Deliver].
func (c Contract) Deliver(delivery string, actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Deliver{delivery}, actor, clock)
}

// Approve accepts the delivery: [Decide] with [Approve].
func (c Contract) Approve(actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Approve{}, actor, clock)
}

// Dispute asks backup agents to judge: [Decide] with [Dispute].
func (c Contract) Dispute(actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Dispute{}, actor, clock)
}

// Settle pays out what is held, as the system: [Decide] with [Settle].
func (c Contract) Settle(clock Clock) (Decision, error) {
	return Decide(c, Settle{}, SystemActor(), clock)
}

// Hire asks to found an OpenTrain contract: [Decide] with [Hire].
func (c Contract) Hire(actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Hire{}, actor, clock)
}

// End ends an OpenTrain contract: [Decide] with [End].
func (c Contract) End(actor Actor, clock Clock) (Decision, error) {
	return Decide(c, End{}, actor, clock)
}

// Confirm co-signs an approval: [Decide] with [Confirm].
func (c Contract) Confirm(approvalID string, actor Actor, clock Clock) (Decision, error) {
	return Decide(c, Confirm{ApprovalID: approvalID}, actor, clock)
}

// Advance applies one due deadline, as the system: [Decide] with [Advance].
func (c Contract) Advance(clock Clock) (Decision, error) {
	return Decide(c, Advance{}, SystemActor(), clock)
}
