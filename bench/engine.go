package bench

import (
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

// still is a clock that stands still.
type still time.Time

// Now returns the instant at which the clock stands.
func (s still) Now() time.Time { return time.Time(s) }

// engineAsk is one request to the engine.
type engineAsk struct {
	command escrow.Command
	actor   escrow.Actor
}

// agent returns the actor of an account.
func agent(account string) escrow.Actor { return escrow.Agent(arrived(account)) }

// engineDraft returns the sample, not founded yet.
func engineDraft(price decimal.Decimal) escrow.Contract {
	return opencontract.Terms{
		ID: "contract_xyz789", Client: client, Worker: worker, Price: price,
		TaskDescription: "Summarize 10 research papers",
		AcceptanceCriteria: []string{"Each summary is 150-250 words",
			"Each summary cites the paper's primary methodology", "All 10 papers are covered"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: matchDeadline, WithdrawalDeadline: withdrawalDeadline,
		DeliveryDeadline: deliveryDeadline, ReviewDeadline: reviewDeadline,
	}.Draft()
}

// engineMatched returns the sample, founded and accepted.
func engineMatched(price decimal.Decimal) (escrow.Contract, error) {
	c := engineDraft(price)
	for _, ask := range engineLife[:2] {
		d, err := escrow.Decide(c, ask.command, ask.actor, still(early))
		if err != nil {
			return c, err
		}
		c = d.Contract
	}
	return c, nil
}

// engineLife is what is asked in a whole life, in order.
var engineLife = []engineAsk{
	{opencontract.Create{}.Command(), agent(client)},
	{opencontract.Accept{}.Command(), agent(worker)},
	{opencontract.Deliver{Delivery: delivery}.Command(), agent(worker)},
	{opencontract.Approve{}.Command(), agent(client)},
	{opencontract.Settle{}.Command(), escrow.SystemActor()},
}

// liveInto takes a contract through its whole life at one instant, in the memory
// of two decisions by turns, which spares a copy of each snapshot. The last one
// is in d.
func liveInto(d, other *escrow.Decision, c *escrow.Contract, clock escrow.Clock) error {
	for i := range engineLife {
		ask := &engineLife[i]
		if err := escrow.DecideInto(d, c, ask.command, &ask.actor, clock); err != nil {
			return err
		}
		c = &d.Contract
		d, other = other, d
	}
	return nil
}

// live is [liveInto] by value; it returns the last snapshot.
func live(c escrow.Contract, clock escrow.Clock) (escrow.Contract, error) {
	for i := range engineLife {
		ask := &engineLife[i]
		d, err := escrow.Decide(c, ask.command, ask.actor, clock)
		if err != nil {
			return c, err
		}
		c = d.Contract
	}
	return c, nil
}
