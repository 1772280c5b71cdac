package payoff

import (
	"math/big"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// Act is what a worker does who has taken the work on.
type Act string

// The acts, in the order in which a tie is decided.
const (
	Deliver  Act = "deliver"
	Withdraw Act = "withdraw"
	Vanish   Act = "vanish"
)

// Worker is what each way out is worth to a worker who has accepted: all that he
// gets less all that he pays, in smallest units. The cost of the work is not in
// it. In OpenTrain workers have no commands: Accepted is every milestone paid, the
// others are the contract ended with refunds.
type Worker struct {
	// Accepted: he delivers and is accepted whole. Rejected: he delivers and
	// backup agents find no criterion met.
	Accepted, Rejected *big.Int
	// Withdrawn: he withdraws in time. Absent: he vanishes.
	Withdrawn, Absent *big.Int
}

// Break returns the cost of the work, in smallest units, above which delivering
// with that chance of acceptance is no longer best. It may be negative: then
// delivering is not worth it even if the work costs nothing.
func (w Worker) Break(chance escrow.Ratio) *big.Rat {
	best := w.Withdrawn
	if w.Absent.Cmp(best) > 0 {
		best = w.Absent
	}
	return new(big.Rat).Sub(w.delivering(chance), new(big.Rat).SetInt(best))
}

// Choose returns what is best for a worker whom the work costs so many smallest
// units and who is accepted with that chance; on a tie the earlier of [Deliver],
// [Withdraw] and [Vanish].
func (w Worker) Choose(cost *big.Int, chance escrow.Ratio) Act {
	if w.Break(chance).Cmp(new(big.Rat).SetInt(cost)) >= 0 {
		return Deliver
	}
	return w.otherwise()
}

// delivering returns what delivering is worth, before the cost of the work.
func (w Worker) delivering(chance escrow.Ratio) *big.Rat {
	p := ratOf(chance)
	good := new(big.Rat).Mul(p, new(big.Rat).SetInt(w.Accepted))
	bad := new(big.Rat).Mul(new(big.Rat).Sub(one(), p), new(big.Rat).SetInt(w.Rejected))
	return good.Add(good, bad)
}

func one() *big.Rat { return big.NewRat(1, 1) }

func ratOf(r escrow.Ratio) *big.Rat { return r.Decimal().Rat() }

// Client is what each answer is worth to a client to whom was delivered: all that
// he gets less all that he pays, in smallest units. The worth of the work is
// not in it.
type Client struct {
	// Approved: he approves. Where backup agents judge every delivery it is
	// the same as Lost. In OpenTrain: he pays every milestone.
	Approved *big.Int
	// Won: he disputes and no criterion is met. In OpenTrain: he ends with refunds.
	Won *big.Int
	// Lost: he disputes and every criterion is upheld. In OpenTrain: he ends
	// and releases.
	Lost *big.Int
}

// Choices returns what a case's worker and client choose between, from a handful
// of lives played by the engine. The error is the engine's refusal of the terms,
// or says what of the case is out of bounds.
func Choices(c Case) (Worker, Client, error) {
	if err := c.check(); err != nil {
		return Worker{}, Client{}, err
	}
	n := netter{c: c}
	if c.isTrain() {
		return n.hire()
	}
	return n.task()
}

// netter plays lives until the first refusal.
type netter struct {
	c   Case
	err error
}

// nets returns the worker's and the client's net of a life.
func (n *netter) nets(steps []step) (worker, client *big.Int) {
	if n.err != nil {
		return nil, nil
	}
	l, err := play(n.c, steps, atOnce)
	if n.err = err; err != nil {
		return nil, nil
	}
	return l.net(WorkerAccount), l.net(ClientAccount)
}

func (n *netter) task() (w Worker, c Client, err error) {
	unanimous := func(v string) []step { return n.c.judged(n.c.unanimous(all(v, n.c.Criteria))) }
	w.Withdrawn, _ = n.nets([]step{create, accept, withdraw})
	w.Absent, _ = n.nets([]step{create, accept, passing})
	w.Rejected, c.Won = n.nets(unanimous(opencontract.NotMet))
	w.Accepted, c.Lost = n.nets(unanimous(opencontract.Met))
	c.Approved = c.Lost
	if n.c.mode() == opencontract.PrivacyPreserving {
		w.Accepted, c.Approved = n.nets(delivered(approve, settle))
	}
	return w, c, n.err
}

func (n *netter) hire() (w Worker, c Client, err error) {
	t := train{n.c, theToken(n.c.Lifecycle)}
	w.Accepted, c.Approved = n.nets(t.whole(n.c.Milestones, refunds))
	w.Rejected, c.Won = n.nets(t.whole(0, refunds))
	_, c.Lost = n.nets(t.whole(0, releases))
	w.Withdrawn, w.Absent = w.Rejected, w.Rejected
	return w, c, n.err
}
