package simulate

import (
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/payoff"
)

// clientToken is the client's API token, with all grants: what it asks for waits
// for the client's people.
var clientToken = escrow.Actor{
	ID: "token", Kind: escrow.KindToken, Account: payoff.ClientAccount, User: "user", Claimed: true,
	Scopes:   []string{"proposals:write", "payments:write"},
	Features: []string{"public_api_hiring", "public_api_payments_write"},
}

// openTrain lives through one OpenTrain contract: the hire, then one milestone
// after the other, until all are paid or the client ends it.
func (l *life) openTrain() error {
	at, how, err := l.request(hire, 0)
	if err != nil || how != isConfirmed {
		l.out.settled = max(l.out.settled, at)
		return err
	}
	for number := range l.m.Terms.Milestones {
		goesOn := false
		if at, goesOn, err = l.milestone(number, at); err != nil {
			return err
		}
		if !goesOn {
			l.leave(at)
			return nil
		}
	}
	at, err = l.end(at)
	l.leave(at)
	return err
}

// leave leaves a contract that is to go on no more: ended, or with money that
// nobody releases, which is looked at until the end of the horizon.
func (l *life) leave(at time.Duration) {
	if !l.at.IsTerminal() {
		l.out.leaveOpen(max(at, l.m.Horizon-l.arrival))
	}
}

// request asks the client's people for a co-sign once.
func (l *life) request(cmd escrow.Command, at time.Duration) (time.Duration, signed, error) {
	if err := l.ask(cmd, &clientToken, at); err != nil {
		return at, isExpired, err
	}
	return l.cosign(at)
}

// insist asks for a co-sign again and again, as often as the scenario says.
func (l *life) insist(cmd escrow.Command, at time.Duration) (_ time.Duration, how signed, err error) {
	for range l.m.Approvals.Asks {
		if at, how, err = l.request(cmd, at); err != nil || how == isConfirmed {
			break
		}
	}
	return at, how, err
}

// milestone lives through one milestone, and reports whether the contract goes on.
func (l *life) milestone(number int, at time.Duration) (time.Duration, bool, error) {
	price := l.offer.price
	l.out.values[volume] += price
	l.out.values[welfareLost] += max(0, l.who.value-l.who.cost)
	if number > 0 {
		var how signed
		var err error
		if at, how, err = l.fund(number, at); err != nil {
			return at, false, err
		}
		if how != isConfirmed {
			at, err = l.end(at)
			return at, false, err
		}
	}
	delivered, err := l.serve(number, at)
	if err != nil {
		return at, false, err
	}
	return l.accepts(number, delivered)
}

// fund adds a milestone and puts its money in escrow.
func (l *life) fund(number int, at time.Duration) (time.Duration, signed, error) {
	if err := l.ask(l.offer.further[number], &clientToken, at); err != nil {
		return at, isExpired, err
	}
	return l.insist(l.m.fund[number], at)
}

// delivery is what comes of the work on a milestone: when the client can look at
// it, or, when there is nothing to look at, gives up.
type delivery struct {
	at   time.Duration
	done bool
	good bool
}

// serve works on a milestone.
func (l *life) serve(number int, funded time.Duration) (delivery, error) {
	w, s := &l.m.Workers[l.who.worker], l.random.milestone(number)
	act, err := l.act(w)
	if err != nil {
		return delivery{}, err
	}
	window := l.m.Terms.Delivery
	takes := time.Duration(scaled(int64(window), w.Delivers.at(s.of(ofDelivery))))
	leaves := time.Duration(scaled(int64(window), w.WithdrawsAt.at(s.of(ofWithdrawTime))))
	switch {
	case act == payoff.Withdraw && leaves < window:
		l.spend(act, leaves, takes)
		return delivery{at: funded + leaves}, nil
	case act == payoff.Vanish || takes >= window:
		l.spend(act, window, takes)
		return delivery{at: funded + window}, nil
	}
	l.spend(act, 1, 1)
	good := l.m.worker[l.who.worker].quality.falls(s.of(ofTruth))
	if good {
		l.out.values[workValue] += l.who.value
	}
	return delivery{at: funded + takes, done: true, good: good}, nil
}

// milestone returns the random numbers of a milestone.
func (s stream) milestone(number int) stream { return stream(s.of(inMilestone + quantity(number))) }

// accepts lets the client look at what was delivered, and pay it or end the
// contract. A client who never looks leaves the money where it is.
func (l *life) accepts(number int, d delivery) (time.Duration, bool, error) {
	c, s := &l.m.Clients[l.who.client], l.random.milestone(number)
	looks := part(d.at, d.at+l.m.Terms.Review, c.Reviews.at(s.of(ofReview)))
	if looks >= d.at+l.m.Terms.Review || c.Behaviour == NegligentClient {
		return d.at, false, nil
	}
	if !d.done {
		ended, err := l.end(looks)
		return ended, false, err
	}
	finds := d.good
	if l.m.client[l.who.client].errs.falls(s.of(ofError)) {
		finds = !finds
	}
	objects, err := l.objects(c, finds)
	if err != nil {
		return looks, false, err
	}
	if objects {
		ended, err := l.end(looks)
		return ended, false, err
	}
	paid, how, err := l.insist(l.m.release[number], looks)
	return paid, how == isConfirmed, err
}

// end ends the contract, at once when nothing is funded, otherwise with a co-sign,
// and tells when; without one it is as it was.
func (l *life) end(at time.Duration) (time.Duration, error) {
	for range l.m.Approvals.Asks {
		if err := l.ask(end, &clientToken, at); err != nil {
			return at, err
		}
		if !l.at.IsTerminal() {
			var err error
			if at, _, err = l.cosign(at); err != nil {
				return at, err
			}
		}
		if l.at.IsTerminal() {
			l.out.settled = max(l.out.settled, at)
			return at, nil
		}
	}
	return at, nil
}
