package bench

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// floorTerms is what a contract is about: money in smallest units, ratios in
// basis points, instants in nanoseconds since 1970.
type floorTerms struct {
	client, worker                      string
	price                               int64
	stakeRatio, slashRatio, feeRatio    int64
	match, withdrawal, delivery, review int64
}

// floorContract is a snapshot.
type floorContract struct {
	terms                  *floorTerms
	delivered              string
	createdAt, deliveredAt int64
	stake                  int64
	revision               uint64
	status                 status
}

// floorMovement is one transfer.
type floorMovement struct {
	from, to account
	units    int64
	reason   escrow.MovementReason
}

// floorDecision is the next snapshot and the movements that lead to it.
type floorDecision struct {
	contract  floorContract
	moved     int
	movements [mostMovements]floorMovement
}

// floorAsk is one request. The payload is what is delivered.
type floorAsk struct {
	action         action
	actor, payload string
}

// decide is the least that a program can do about a request: ask for the time,
// check, move the money, change the state. It writes into the decision, whose
// contract may be c. The reason is empty when something happens.
func (d *floorDecision) decide(c *floorContract, ask *floorAsk, clock escrow.Clock) escrow.Reason {
	now := clock.Now().UnixNano()
	if c.status == draft && ask.action != create {
		return escrow.WrongStatus
	}
	switch ask.action {
	case create:
		return d.create(c, ask.actor, now)
	case accept:
		return d.accept(c, ask.actor, now)
	case withdraw:
		return d.withdraw(c, ask.actor, now)
	case deliver:
		return d.deliver(c, ask, now)
	case approve:
		return d.approve(c, ask.actor, now)
	}
	return d.settle(c, ask.actor)
}

func (d *floorDecision) create(c *floorContract, actor string, now int64) escrow.Reason {
	switch {
	case c.status == draft && now >= c.terms.match:
		return escrow.InvalidTerms
	case actor != c.terms.client:
		return opencontract.NotClient
	case c.status != draft:
		return escrow.WrongStatus
	}
	d.begin(c, created)
	d.contract.createdAt = now
	d.move(clientAccount, escrowPot, c.terms.price, escrowDeposit)
	return ""
}

func (d *floorDecision) accept(c *floorContract, actor string, now int64) escrow.Reason {
	switch {
	case actor != c.terms.worker:
		return opencontract.NotWorker
	case c.status != created:
		return escrow.WrongStatus
	case now >= c.terms.match:
		return escrow.DeadlineDue
	}
	d.begin(c, matched)
	d.contract.stake = floorShare(c.terms.price, c.terms.stakeRatio)
	d.move(workerAccount, stakePot, d.contract.stake, stakeDeposit)
	return ""
}

func (d *floorDecision) withdraw(c *floorContract, actor string, now int64) escrow.Reason {
	switch {
	case actor != c.terms.worker:
		return opencontract.NotWorker
	case c.status != matched:
		return escrow.WrongStatus
	case now >= c.terms.delivery:
		return escrow.DeadlineDue
	case now >= c.terms.withdrawal:
		return escrow.WindowClosed
	}
	d.begin(c, cancelledWithdrawn)
	slash := floorShare(c.stake, c.terms.slashRatio)
	d.move(escrowPot, clientAccount, c.terms.price, escrowRefund)
	d.move(stakePot, clientAccount, slash, stakeSlash)
	d.move(stakePot, workerAccount, c.stake-slash, stakeReturn)
	return ""
}

func (d *floorDecision) deliver(c *floorContract, ask *floorAsk, now int64) escrow.Reason {
	switch {
	case ask.payload == "":
		return opencontract.DeliveryMissing
	case ask.actor != c.terms.worker:
		return opencontract.NotWorker
	case c.status != matched:
		return escrow.WrongStatus
	case now >= c.terms.delivery:
		return escrow.DeadlineDue
	}
	d.begin(c, underReview)
	d.contract.delivered, d.contract.deliveredAt = ask.payload, now
	return ""
}

func (d *floorDecision) approve(c *floorContract, actor string, now int64) escrow.Reason {
	switch {
	case actor != c.terms.client:
		return opencontract.NotClient
	case c.status != underReview:
		return escrow.WrongStatus
	case now >= c.terms.review:
		return escrow.DeadlineDue
	}
	d.begin(c, resolved)
	return ""
}

func (d *floorDecision) settle(c *floorContract, actor string) escrow.Reason {
	switch {
	case actor != system:
		return escrow.NotSystem
	case c.status != resolved:
		return escrow.WrongStatus
	}
	d.begin(c, settledFullyMet)
	fee := floorShare(c.terms.price, c.terms.feeRatio)
	d.move(escrowPot, workerAccount, c.terms.price-fee, payout)
	d.move(escrowPot, treasuryAccount, fee, protocolFee)
	d.move(stakePot, workerAccount, c.stake, stakeReturn)
	return ""
}

func (d *floorDecision) begin(c *floorContract, to status) {
	d.contract = *c
	d.contract.status = to
	d.contract.revision++
	d.moved = 0
}

func (d *floorDecision) move(from, to account, units int64, reason escrow.MovementReason) {
	if units > 0 {
		d.movements[d.moved] = floorMovement{from, to, units, reason}
		d.moved++
	}
}

// floorShare returns basis points of an amount, rounded half up. Amounts up to
// 9 x 10^14 units do not overflow.
func floorShare(units, basisPoints int64) int64 { return (units*basisPoints + 5000) / 10000 }

// floorDraft returns the sample, not founded yet, for a price in micro USDC.
func floorDraft(price int64) floorContract {
	return floorContract{terms: &floorTerms{
		client: client, worker: worker, price: price,
		stakeRatio: 500, slashRatio: 3000, feeRatio: 500,
		match: matchDeadline.UnixNano(), withdrawal: withdrawalDeadline.UnixNano(),
		delivery: deliveryDeadline.UnixNano(), review: reviewDeadline.UnixNano(),
	}}
}

// floorLife is what is asked in a whole life, in order.
var floorLife = []floorAsk{
	{create, arrived(client), ""},
	{accept, arrived(worker), ""},
	{deliver, arrived(worker), delivery},
	{approve, arrived(client), ""},
	{settle, arrived(system), ""},
}

// live takes a contract through its whole life at one instant.
func (d *floorDecision) live(c *floorContract, clock escrow.Clock) escrow.Reason {
	for i := range floorLife {
		if reason := d.decide(c, &floorLife[i], clock); reason != "" {
			return reason
		}
		c = &d.contract
	}
	return ""
}
