package escrow_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// G4, G9: from every reachable state each party that has deposited anything
// settles it alone: by its own moves, time, and the system that settles. Until
// something is delivered, the client gets back all that it has deposited.
func TestG9PartiesRecover(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			for party, next := range l.play.Finish {
				if deposited(&s.Contract, party) {
					done := finish(t, s, next)
					checkRecovered(t, s, party, done)
				}
			}
		}
	})
}

// deposited reports whether a party has money in a contract, or would have if
// its policy asked for any.
func deposited(c *escrow.Contract, party string) bool {
	switch {
	case c.IsDraft() || c.IsTerminal():
		return false
	case party == "worker":
		return c.Status() != escrow.Created
	case party == "backup agent":
		return len(c.Votes()) > 0
	}
	return true
}

// finish follows a strategy to the end, and returns what was done. Every move
// must be accepted, and keep the guarantees.
func finish(t *rapid.T, s scene, next escrowtest.Strategy) (done []*question) {
	for range 10 {
		if s.Contract.IsTerminal() {
			return done
		}
		m, at := next(s)
		s.Now = at
		q := asked(s, m)
		if found := q.step().Audit(); !q.accepted() || len(found) > 0 {
			t.Fatalf("the strategy fails: %s %v", q, found)
		}
		done, s = append(done, q), q.after()
	}
	t.Fatalf("the strategy does not end: %s", done[len(done)-1])
	return nil
}

// checkRecovered checks what a party that has finished got back.
func checkRecovered(t *rapid.T, s scene, party string, done []*question) {
	switch {
	case party == "client" && s.Contract.Delivery() == "":
		back := paidTo(done, escrow.AccountClient)
		if own := heldIn(&s.Contract, escrow.AccountEscrow, escrow.AccountMilestone); back.Cmp(own) < 0 {
			t.Fatalf("of %s only %s comes back: %v", own, back, done)
		}
	case party == "worker" && awaitsClient(&s.Contract):
		got := paidTo(done, escrow.AccountWorker, escrow.AccountTreasury)
		if own := heldIn(&s.Contract, escrow.AccountEscrow, escrow.AccountStake); got.Cmp(own) != 0 {
			t.Fatalf("of price and stake, %s, the worker gets with the fee %s: %v", own, got, done)
		}
	}
}

// awaitsClient reports whether a delivery is the client's to judge.
func awaitsClient(c *escrow.Contract) bool {
	return c.Status() == escrow.UnderReview && c.Terms().VerificationMode == escrow.PrivacyPreserving
}

// heldIn returns what the accounts of some kinds hold.
func heldIn(c *escrow.Contract, kinds ...escrow.AccountKind) *big.Int {
	sum := new(big.Int)
	for _, h := range c.Custody() {
		if slices.Contains(kinds, h.Account.Kind) {
			sum.Add(sum, h.Amount.BigInt())
		}
	}
	return sum
}

// paidTo adds up what a list of decisions pays to accounts of some kinds.
func paidTo(done []*question, kinds ...escrow.AccountKind) *big.Int {
	sum := new(big.Int)
	for _, q := range done {
		for _, m := range q.decision.Movements() {
			if slices.Contains(kinds, m.To.Kind) {
				sum.Add(sum, m.Amount.BigInt())
			}
		}
	}
	return sum
}

// G9: whoever deposits has a strategy. The worker of a hire deposits nothing.
func TestG9DepositorsHaveStrategies(t *testing.T) {
	names := map[escrow.AccountKind]string{escrow.AccountClient: "client", escrow.AccountWorker: "worker", escrow.AccountBackup: "backup agent"}
	everyLife(t, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			for _, m := range q.decision.Movements() {
				if !m.IsPayout() && l.play.Finish[names[m.From.Kind]] == nil {
					t.Fatalf("%s pays and has no strategy: %s", m.From, q)
				}
			}
		}
	})
}

// G9: no state locks funds, however many approvals a contract has seen: ending it
// needs one more, and must have it.
func TestG9RoomToEnd(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.Quorum = 2
	confirmed := func(s scene, id string) scene {
		return then(t, s, by(humans[0], escrow.Confirm{ApprovalID: id}), by(humans[1], escrow.Confirm{ApprovalID: id}))
	}
	s := then(t, scene{Contract: plainHire(&p), Now: today}, by(humans[0], escrow.Hire{}))
	s = confirmed(s, "job-1-ap-1")
	for len(s.Contract.Approvals()) < 1000 {
		s = askAndDecline(t, s, escrow.ApproveMilestone{MilestoneID: "m1"})
	}
	for range 3 {
		s = askAndDecline(t, s, escrow.End{})
	}
	s = then(t, s, by(humans[0], escrow.End{}))
	stored, _ := s.Contract.MarshalJSON()
	if err := s.Contract.UnmarshalJSON(stored); err != nil {
		t.Fatal(err)
	}
	approvals := s.Contract.Approvals()
	s = confirmed(s, approvals[len(approvals)-1].ID)
	if !s.Contract.IsTerminal() || len(s.Contract.Custody()) > 0 {
		t.Fatalf("%s, and %v is locked", s.Contract.Status(), s.Contract.Custody())
	}
}

// Arithmetic cannot overflow, whatever the bounds allow: the audit is never what
// refuses.
func TestG1ManyLargeMilestones(t *testing.T) {
	s := hired(t)
	for i := 2; i <= 1000; i++ {
		m := plainMilestone(fmt.Sprintf("m%d", i))
		m.Amount.Decimal = decimal.New(1, 34)
		for _, command := range []escrow.Command{escrow.AddMilestone{Milestone: m}, escrow.FundMilestone{MilestoneID: m.ID}} {
			q := asked(s, by(humans[0], command))
			if !q.accepted() {
				if q.refusal.Code() == escrow.InternalError {
					t.Fatal(q)
				}
				return
			}
			s = q.after()
		}
	}
}
