package fixedprice

import (
	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Every command is a value: [Offer.Command] and its like return it as the engine
// takes it, and On decides it, one line over [escrow.Decide].

// Offer offers the contract of the draft to the freelancer (FP-1). Nothing is paid yet.
type Offer struct{}

// Command returns the command.
func (Offer) Command() escrow.Command { return offer.Command() }

// On decides the command.
func (c Offer) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Accept takes the offer (FP-2).
type Accept struct{}

// Command returns the command.
func (Accept) Command() escrow.Command { return accept.Command() }

// On decides the command.
func (c Accept) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Decline is the freelancer's refusal of the offer (FP-3).
type Decline struct{}

// Command returns the command.
func (Decline) Command() escrow.Command { return decline.Command() }

// On decides the command.
func (c Decline) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Withdraw takes the offer back before it was taken (FP-4).
type Withdraw struct{}

// Command returns the command.
func (Withdraw) Command() escrow.Command { return withdraw.Command() }

// On decides the command.
func (c Withdraw) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// AddMilestone adds a milestone (FP-5): an id that no other has, a name, and a
// positive amount in whole units.
type AddMilestone struct {
	ID, Name string
	Amount   decimal.Decimal
}

// Command returns the command.
func (c AddMilestone) Command() escrow.Command {
	return addMilestone.Command(MilestoneID.To(c.ID), Name.To(c.Name), Price.Decimal(c.Amount))
}

// On decides the command.
func (c AddMilestone) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Fund pays a milestone's amount into escrow (FP-6); the client fee is charged on top.
type Fund struct {
	Milestone string
}

// Command returns the command.
func (c Fund) Command() escrow.Command { return fund.Command(milestone.To(c.Milestone)) }

// On decides the command.
func (c Fund) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Submit shows the work for a funded milestone (FP-7); the review window runs from now.
type Submit struct {
	Milestone, Work string
}

// Command returns the command.
func (c Submit) Command() escrow.Command {
	return submit.Command(milestone.To(c.Milestone), Submission.To(c.Work))
}

// On decides the command.
func (c Submit) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// RequestChanges sends submitted work back (FP-8): the release clock stops.
type RequestChanges struct {
	Milestone string
}

// Command returns the command.
func (c RequestChanges) Command() escrow.Command {
	return requestChanges.Command(milestone.To(c.Milestone))
}

// On decides the command.
func (c RequestChanges) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Release pays all that a milestone holds to the freelancer, less the service fee (FP-9).
type Release struct {
	Milestone string
}

// Command returns the command.
func (c Release) Command() escrow.Command { return release.Command(milestone.To(c.Milestone)) }

// On decides the command.
func (c Release) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// ReleasePart pays a part of what a milestone holds, in whole units, less the
// service fee (FP-10). The rest waits for more work.
type ReleasePart struct {
	Milestone string
	Amount    decimal.Decimal
}

// Command returns the command.
func (c ReleasePart) Command() escrow.Command {
	return releasePart.Command(milestone.To(c.Milestone), Part.Decimal(c.Amount))
}

// On decides the command.
func (c ReleasePart) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// RequestRefund asks for a milestone's money back (FP-12); silence grants it after
// the refund window.
type RequestRefund struct {
	Milestone string
}

// Command returns the command.
func (c RequestRefund) Command() escrow.Command {
	return requestRefund.Command(milestone.To(c.Milestone))
}

// On decides the command.
func (c RequestRefund) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// GrantRefund gives all that a milestone holds back to the client (FP-13).
type GrantRefund struct {
	Milestone string
}

// Command returns the command.
func (c GrantRefund) Command() escrow.Command { return grantRefund.Command(milestone.To(c.Milestone)) }

// On decides the command.
func (c GrantRefund) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Dispute contests a refund that the client asked for (FP-15).
type Dispute struct {
	Milestone string
}

// Command returns the command.
func (c Dispute) Command() escrow.Command { return dispute.Command(milestone.To(c.Milestone)) }

// On decides the command.
func (c Dispute) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Arbitrate is the arbitrator's ruling on a disputed milestone (FP-16): the
// freelancer's share of what the arbitration fee leaves.
type Arbitrate struct {
	Milestone       string
	FreelancerShare escrow.Ratio
}

// Command returns the command.
func (c Arbitrate) Command() escrow.Command {
	return arbitrate.Command(milestone.To(c.Milestone), FreelancerShare.To(c.FreelancerShare))
}

// On decides the command.
func (c Arbitrate) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Divide proposes a division of a milestone to the other party (FP-18). It is carried
// out when that party confirms.
type Divide struct {
	Milestone       string
	FreelancerShare escrow.Ratio
}

// Command returns the command.
func (c Divide) Command() escrow.Command {
	return divide.Command(milestone.To(c.Milestone), FreelancerShare.To(c.FreelancerShare))
}

// On decides the command.
func (c Divide) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Bonus gives the freelancer an amount in whole units on top (FP-19).
type Bonus struct {
	Amount decimal.Decimal
}

// Command returns the command.
func (c Bonus) Command() escrow.Command { return bonus.Command(Extra.Decimal(c.Amount)) }

// On decides the command.
func (c Bonus) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// End ends a contract of which no milestone holds money (FP-20).
type End struct{}

// Command returns the command.
func (End) Command() escrow.Command { return end.Command() }

// On decides the command.
func (c End) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}
