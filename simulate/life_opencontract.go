package simulate

import (
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/payoff"
)

// openContract lives through one OpenContract contract: offer, work, review, and
// a jury where there is a dispute.
func (l *life) openContract() error {
	l.out.values[volume] = l.offer.price
	l.out.values[welfareLost] = max(0, l.who.value-l.who.cost)
	if err := l.ask(create, &clientActor, 0); err != nil {
		return err
	}
	accepted, err := l.matched()
	if err != nil || l.at.IsTerminal() {
		return err
	}
	delivered, err := l.worked(accepted)
	if err != nil || l.at.IsTerminal() {
		return err
	}
	resolved, err := l.judged(delivered)
	if err != nil {
		return err
	}
	return l.ends(settle, &system, resolved)
}

// ends asks for what ends the contract.
func (l *life) ends(cmd escrow.Command, actor *escrow.Actor, at time.Duration) error {
	l.out.settled = max(l.out.settled, at)
	return l.ask(cmd, actor, at)
}

// matched tells when a worker accepts; until then the client may take the offer
// back.
func (l *life) matched() (time.Duration, error) {
	m := l.m
	accepted := m.match
	if m.matches.falls(l.random.of(ofMatch)) {
		accepted = part(0, m.match, m.Matching.After.at(l.random.of(ofMatchTime)))
	}
	if patience := m.match / 2; accepted >= patience && m.client[l.who.client].cancels.falls(l.random.of(ofCancel)) {
		return 0, l.ends(cancel, &clientActor, patience)
	}
	if accepted >= m.match {
		return 0, l.ends(advance, &system, m.match)
	}
	return accepted, l.ask(accept, &workerActor, accepted)
}

// worked tells when the worker delivers, if it does.
func (l *life) worked(accepted time.Duration) (time.Duration, error) {
	m, w := l.m, &l.m.Workers[l.who.worker]
	act, err := l.act(w)
	if err != nil {
		return 0, err
	}
	due := part(accepted, m.delivery, w.Delivers.at(l.random.of(ofDelivery)))
	if leaves := part(accepted, m.withdrawal, w.WithdrawsAt.at(l.random.of(ofWithdrawTime))); act == payoff.Withdraw && leaves < m.withdrawal {
		l.spend(act, leaves-accepted, due-accepted)
		return 0, l.ends(withdraw, &workerActor, leaves)
	}
	if act == payoff.Vanish || due >= m.delivery {
		l.spend(act, m.delivery-accepted, due-accepted)
		return 0, l.ends(advance, &system, m.delivery)
	}
	l.spend(act, 1, 1)
	return due, l.ask(deliver, &workerActor, due)
}

// act returns what a worker means to do once it has accepted.
func (l *life) act(w *Worker) (payoff.Act, error) {
	switch {
	case w.Behaviour == AbsentWorker:
		return payoff.Vanish, nil
	case w.Behaviour != RationalWorker:
		if l.m.worker[l.who.worker].withdraws.falls(l.random.of(ofWithdraw)) {
			return payoff.Withdraw, nil
		}
		return payoff.Deliver, nil
	}
	choices, err := l.offers.rationally(l.offer)
	if err != nil {
		return payoff.Deliver, err
	}
	if p := choices.plans[l.who.worker]; l.who.cost > p.upTo {
		return p.otherwise, nil
	}
	return payoff.Deliver, nil
}

// spend counts what a worker has spent on work that it did for a part of the
// time it takes. Absent workers do not begin, nor do rational ones who know
// beforehand that they will not deliver.
func (l *life) spend(act payoff.Act, worked, takes time.Duration) {
	b := l.m.Workers[l.who.worker].Behaviour
	if b == AbsentWorker || b == RationalWorker && act != payoff.Deliver {
		return
	}
	l.out.values[workCost] += scaled(l.who.cost, fraction(worked, takes))
}

// fraction returns worked of takes as a part, at most the whole.
func fraction(worked, takes time.Duration) int64 {
	if worked >= takes {
		return One
	}
	return int64(float64(worked) / float64(takes) * One)
}

// judged tells when it is known which criteria are met.
func (l *life) judged(delivered time.Duration) (time.Duration, error) {
	met := l.deliveredWell()
	l.out.values[workValue] = l.who.value * int64(met) / int64(l.m.Terms.Criteria)
	if l.m.Terms.Mode == opencontract.Standard {
		return l.tried(delivered)
	}
	c := &l.m.Clients[l.who.client]
	looked := part(delivered, l.m.review, c.Reviews.at(l.random.of(ofReview)))
	if looked >= l.m.review || c.Behaviour == NegligentClient {
		return l.m.review, l.ask(advance, &system, l.m.review)
	}
	finds := met == l.m.Terms.Criteria
	if l.m.client[l.who.client].errs.falls(l.random.of(ofError)) {
		finds = !finds
	}
	objects, err := l.objects(c, finds)
	switch {
	case err != nil:
		return 0, err
	case !objects:
		return looked, l.ask(approve, &clientActor, looked)
	}
	if err := l.ask(dispute, &clientActor, looked); err != nil {
		return 0, err
	}
	return l.tried(looked)
}

// deliveredWell returns how many criteria are truly met.
func (l *life) deliveredWell() (met int) {
	quality := l.m.worker[l.who.worker].quality
	for i := range l.m.Terms.Criteria {
		l.vote.truth[i] = quality.falls(l.random.of(ofTruth + quantity(i)))
		if l.vote.truth[i] {
			met++
		}
	}
	return met
}

// objects reports whether a client disputes what it finds good or bad.
func (l *life) objects(c *Client, finds bool) (bool, error) {
	switch c.Behaviour {
	case DisputingClient:
		return true, nil
	case RationalClient:
		choices, err := l.offers.rationally(l.offer)
		if err != nil {
			return false, err
		}
		return choices.disputes[l.who.client][asIndex(finds)], nil
	}
	return !finds, nil
}

func asIndex(b bool) int {
	if b {
		return 1
	}
	return 0
}
