package escrow_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// A strategy is what one party does to settle what it has deposited, with nobody
// else's help: its next move, and when. It may use its own moves, time, which
// anyone may send, and the system that settles.
type strategy func(*scene) (move, time.Time)

// clientFinishes takes an unmatched task back, approves a delivery, and otherwise
// waits.
func clientFinishes(s *scene) (move, time.Time) {
	client := escrow.Agent(theClient)
	switch {
	case s.contract.Status() == escrow.Created && s.now.Before(s.terms.MatchDeadline):
		return move{escrow.Cancel{}, client}, s.now
	case s.awaitsClient() && s.now.Before(s.terms.ReviewDeadline):
		return move{escrow.Approve{}, client}, s.now
	}
	return s.wait(client)
}

// workerFinishes withdraws in time, else delivers in time, and otherwise waits.
func workerFinishes(s *scene) (move, time.Time) {
	worker := escrow.Agent(s.contract.Worker())
	switch {
	case s.contract.Status() == escrow.Matched && s.now.Before(s.terms.WithdrawalDeadline):
		return move{escrow.Withdraw{}, worker}, s.now
	case s.contract.Status() == escrow.Matched && s.now.Before(s.terms.DeliveryDeadline):
		return move{escrow.Deliver{Delivery: "0xhash"}, worker}, s.now
	}
	return s.wait(worker)
}

// judgeFinishes has voted, and waits.
func judgeFinishes(id string) strategy {
	return func(s *scene) (move, time.Time) { return s.wait(escrow.Agent(id)) }
}

// wait lets the status's deadline come and sends advance, or lets the system
// settle what is resolved.
func (s *scene) wait(by escrow.Actor) (move, time.Time) {
	if s.contract.Status() == escrow.Resolved {
		return move{escrow.Settle{}, escrow.SystemActor()}, s.now
	}
	at := s.deadline(s.statusDeadline())
	if at.Before(s.now) {
		at = s.now
	}
	return move{escrow.Advance{}, by}, at
}

// finish follows a strategy to the end, and returns what was done. Every move
// must be accepted, and pay what the rules say.
func finish(t *rapid.T, s scene, next strategy) (done []question) {
	for range 5 {
		if s.contract.IsTerminal() {
			return done
		}
		m, at := next(&s)
		s.now = at
		q := asked(s, m)
		if !q.accepted() {
			t.Fatalf("the strategy fails: %s", &q)
		}
		if want, got := flowsOf(&q), movementsOf(&q.decision); !slices.Equal(want, got) {
			t.Fatalf("%s\nshould move %q\nand moves   %q", &q, want, got)
		}
		done, s = append(done, q), q.after()
	}
	t.Fatalf("the strategy does not end: %s", &done[len(done)-1])
	return nil
}

// paidTo adds up what a list of decisions pays to one account.
func paidTo(done []question, account string) *big.Int {
	sum := new(big.Int)
	for i := range done {
		for _, m := range done[i].decision.Movements() {
			if m.To.String() == account {
				sum.Add(sum, m.Amount.BigInt())
			}
		}
	}
	return sum
}

// G9: from every reachable state the client alone settles what it has deposited:
// the price comes back in full until something was delivered.
func TestG9ClientRecovers(t *testing.T) {
	everyLifeUnder(t, escrow.OpenContract, func(t *rapid.T, l *life) {
		for _, s := range l.scenes()[1:] {
			done := finish(t, s, clientFinishes)
			if back := paidTo(done, "client:"+theClient); !s.contract.IsTerminal() && s.past.delivered.IsZero() && back.Cmp(potOf(&s, "escrow")) < 0 {
				t.Fatalf("of the price only %s comes back\n%s", back, l)
			}
		}
	})
}

// G9: from every reachable state the worker alone settles its stake. Where the
// delivery awaits the client it gets price and stake, less the fee, by waiting.
func TestG9WorkerRecovers(t *testing.T) {
	everyLifeUnder(t, escrow.OpenContract, func(t *rapid.T, l *life) {
		for _, s := range l.scenes()[1:] {
			if s.contract.IsTerminal() || s.contract.Status() == escrow.Created {
				continue
			}
			done := finish(t, s, workerFinishes)
			price := potOf(&s, "escrow")
			fee, _ := split(price, ratioOf(s.contract.Policy().ProtocolFee))
			want := new(big.Int).Add(potOf(&s, "stake"), price.Sub(price, fee))
			if got := paidTo(done, "worker:"+s.contract.Worker()); s.awaitsClient() && got.Cmp(want) != 0 {
				t.Fatalf("gets %s instead of %s\n%s", got, want, l)
			}
		}
	})
}

// G9: from every reachable state each backup agent that has posted a bond settles
// it by waiting, and the bond is back or slashed as its votes came out.
func TestG9BackupAgentsRecover(t *testing.T) {
	everyLifeUnder(t, escrow.OpenContract, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			votes := s.contract.Votes()
			if s.contract.IsTerminal() || len(votes) == 0 {
				continue
			}
			id := votes[nth(t, min(len(votes), 128))].BackupAgent
			done := finish(t, s, judgeFinishes(id))
			end := done[len(done)-1].after()
			back, _ := bondModel(&end.contract, id)
			if got := paidTo(done, "backup:"+id); got.Cmp(back) != 0 {
				t.Fatalf("%s gets %s instead of %s\n%s", id, got, back, l)
			}
		}
	})
}

// held returns what a custody account holds, zero when it does not.
func potOf(s *scene, account string) *big.Int {
	if amount := holdings(&s.contract)[account]; amount != nil {
		return amount
	}
	return new(big.Int)
}

// G4, G9: at any time the client, with as many humans as its policy asks for,
// ends an OpenTrain contract, and every milestone goes where they say. Its worker
// has deposited nothing.
func TestG9ClientEndsOpenTrain(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		if i := slices.IndexFunc(payersIn(l), func(account string) bool { return strings.HasPrefix(account, "worker:") }); i >= 0 {
			t.Fatalf("the worker pays\n%s", l)
		}
		for _, s := range l.scenes()[1:] {
			switch s.contract.Status() {
			case escrow.Proposed:
				s = declineHire(t, s)
			case escrow.Active:
				s = endTogether(t, s)
			}
			if !s.contract.IsTerminal() || len(s.contract.Custody()) > 0 {
				t.Fatalf("%s, and not ended\n%s", s.contract.Status(), l)
			}
		}
	})
}

// payersIn returns who paid anything in a life.
func payersIn(l *life) (payers []string) {
	for _, q := range l.accepted() {
		for _, m := range q.decision.Movements() {
			payers = append(payers, m.From.String())
		}
	}
	return payers
}

// mustMove makes a move that has to be accepted.
func mustMove(t *rapid.T, s scene, m move) scene {
	q := asked(s, m)
	if !q.accepted() {
		t.Fatalf("the strategy fails: %s", &q)
	}
	if want, got := flowsOf(&q), movementsOf(&q.decision); !slices.Equal(want, got) {
		t.Fatalf("%s\nshould move %q\nand moves   %q", &q, want, got)
	}
	return q.after()
}

// declineHire gets out of a contract that awaits its hire.
func declineHire(t *rapid.T, s scene) scene {
	if next, _ := escrow.NextDeadline(s.contract); !s.now.Before(next.At) {
		return mustMove(t, s, move{escrow.Advance{}, trainHumans[0]})
	}
	approvals := s.contract.Approvals()
	return mustMove(t, s, move{escrow.DeclineApproval{ApprovalID: approvals[len(approvals)-1].ID}, trainHumans[0]})
}

// endTogether ends an active contract: one human asks, and others confirm until
// they are enough. All name every milestone alike.
func endTogether(t *rapid.T, s scene) scene {
	var all []escrow.Disposition
	for _, id := range s.milestones(escrow.ActiveFunded) {
		all = append(all, escrow.Disposition{MilestoneID: id, Disposition: drawn(t, []escrow.DispositionChoice{escrow.Refund, escrow.Release})})
	}
	p := s.contract.Policy()
	if direct := p.Quorum == 1 && !p.SeparateDuties; direct || len(all) == 0 {
		if !direct {
			all = nil
		}
		return mustMove(t, s, move{escrow.End{Dispositions: all}, trainHumans[0]})
	}
	s = mustMove(t, s, move{escrow.End{}, trainHumans[0]})
	a := pendingEnd(s.contract.Approvals())
	for _, human := range trainHumans {
		if !s.contract.IsTerminal() && human.ID != a.RequestedBy {
			s = mustMove(t, s, move{escrow.Confirm{ApprovalID: a.ID, Dispositions: all}, human})
		}
	}
	return s
}

func pendingEnd(approvals []escrow.Approval) escrow.Approval {
	return approvals[slices.IndexFunc(approvals, func(a escrow.Approval) bool {
		return a.Type == "contract_end" && a.Status == escrow.ApprovalIsPending
	})]
}

// G9: no state locks funds, however many approvals a contract has seen: ending it
// needs one more, and must have it.
func TestG9RoomToEnd(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.Quorum = 2
	s := scene{contract: trainDraft(&p), now: walkEras[0]}
	s = s.then(t, move{escrow.Hire{}, trainHumans[0]},
		move{escrow.Confirm{ApprovalID: "job-1-ap-1"}, trainHumans[0]}, move{escrow.Confirm{ApprovalID: "job-1-ap-1"}, trainHumans[1]})
	for len(s.contract.Approvals()) < 1000 {
		s = s.askAndDecline(t, escrow.ApproveMilestone{MilestoneID: "m1"})
	}
	for range 3 {
		s = s.askAndDecline(t, escrow.End{})
	}
	s = s.then(t, move{escrow.End{}, trainHumans[0]})
	stored, _ := s.contract.MarshalJSON()
	if err := s.contract.UnmarshalJSON(stored); err != nil {
		t.Fatal(err)
	}
	id := pendingEnd(s.contract.Approvals()).ID
	s = s.then(t, move{escrow.Confirm{ApprovalID: id}, trainHumans[0]}, move{escrow.Confirm{ApprovalID: id}, trainHumans[1]})
	if !s.contract.IsTerminal() || len(s.contract.Custody()) > 0 {
		t.Fatalf("%s, and %v is locked", s.contract.Status(), s.contract.Custody())
	}
}

// Arithmetic cannot overflow, whatever the bounds allow: the audit is never what
// refuses.
func TestG1ManyLargeMilestones(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	human, at := trainHumans[0], clockAt(walkEras[0])
	d, err := trainDraft(&p).Hire(human, at)
	for i := 2; err == nil && i <= 1000; i++ {
		m := escrow.MilestoneTerms{ID: fmt.Sprintf("m%d", i), Name: "part", Amount: decimal.NewNullDecimal(whole(mostUnits, 2))}
		if d, err = escrow.Decide(d.Contract, escrow.AddMilestone{Milestone: m}, human, at); err == nil {
			d, err = escrow.Decide(d.Contract, escrow.FundMilestone{MilestoneID: m.ID}, human, at)
		}
	}
	if e, refused := err.(*escrow.Error); refused && e.Code() == escrow.InternalError {
		t.Fatal(err)
	}
}

// What follows is the money of the rule book, worked out a second time and as
// plainly as possible.

// flows are movements as text, in order.
type flows []string

func (f *flows) move(amount *big.Int, from, to, reason string) {
	if amount.Sign() != 0 {
		*f = append(*f, flowText(amount.String(), from, to, reason))
	}
}

func flowText(amount, from, to, reason string) string {
	return amount + " " + from + " > " + to + " (" + reason + ")"
}

// movementsOf returns the movements of a decision as text.
func movementsOf(d *escrow.Decision) (list []string) {
	for _, m := range d.Movements() {
		list = append(list, flowText(m.Amount.String(), m.From.String(), m.To.String(), string(m.Reason)))
	}
	return list
}

// proposalOf returns what an approval proposes to move as text.
func proposalOf(a escrow.Approval) (list []string) {
	for _, m := range a.Movements {
		list = append(list, flowText(m.Amount.String(), m.From.String(), m.To.String(), string(m.Reason)))
	}
	return list
}

var ratioOne = pow10(18)

// ratioOf returns a ratio in units of 10^-18.
func ratioOf(r escrow.Ratio) *big.Int { return r.Decimal().Shift(18).BigInt() }

func mul(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }
func sub(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }
func add(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

// halfUp returns a ratio of an amount, rounded half up.
func halfUp(amount *big.Int, r escrow.Ratio) *big.Int {
	twice := mul(mul(amount, ratioOf(r)), big.NewInt(2))
	return twice.Div(add(twice, ratioOne), mul(ratioOne, big.NewInt(2)))
}

// split divides an amount: ratio to the first, the rest to the second; the unit
// left over goes to the larger remainder, on a tie to the first.
func split(amount, ratio *big.Int) (first, second *big.Int) {
	return splitByWeights(amount, ratio, sub(ratioOne, ratio))
}

func splitByWeights(amount, w1, w2 *big.Int) (first, second *big.Int) {
	total := add(w1, w2)
	first, rest1 := new(big.Int).QuoRem(mul(amount, w1), total, new(big.Int))
	second, rest2 := new(big.Int).QuoRem(mul(amount, w2), total, new(big.Int))
	if left := sub(amount, add(first, second)); left.Sign() > 0 {
		if rest1.Cmp(rest2) >= 0 {
			first.Add(first, left)
		} else {
			second.Add(second, left)
		}
	}
	return first, second
}

// flowsOf returns what an accepted question must move.
func flowsOf(q *question) []string {
	d := &q.decision
	if d.Rule[:2] == "OC" {
		return taskFlows(q)
	}
	executed := d.Executes != "" || coSigned[d.Rule] && !q.approvalWaits()
	if !executed {
		return nil
	}
	return foreseen(&q.contract, meant(q))
}

// taskFlows is the money of the OpenContract rules.
func taskFlows(q *question) (f flows) {
	p, held := q.contract.Policy(), func(pot string) *big.Int { return potOf(&q.scene, pot) }
	price := q.terms.Price.Shift(int32(q.contract.Asset().Scale)).BigInt()
	client, worker := "client:"+q.contract.Client(), "worker:"+q.decision.Contract.Worker()
	switch q.decision.Rule {
	case "OC-1":
		f.move(price, client, "escrow", "escrow_deposit")
	case "OC-2", "OC-3":
		f.move(halfUp(price, p.WorkerStakeRatio), worker, "stake", "stake_deposit")
	case "OC-4", "OC-5", "OC-6":
		f.move(held("escrow"), "escrow", client, "escrow_refund")
	case "OC-7":
		slash, back := split(held("stake"), ratioOf(p.EarlyWithdrawalSlashRatio))
		f.move(held("escrow"), "escrow", client, "escrow_refund")
		f.move(slash, "stake", client, "stake_slash")
		f.move(back, "stake", worker, "stake_return")
	case "OC-9":
		f.move(held("escrow"), "escrow", client, "escrow_refund")
		f.slashStake(held("stake"), client, &p)
	case "OC-11":
		f.move(halfUp(price, p.DisputeBondRatio), client, "dispute-bond", "dispute_bond_deposit")
	case "OC-14":
		bond := mul(halfUp(price, p.BackupAgentBondRatio), big.NewInt(int64(len(q.terms.AcceptanceCriteria))))
		id := accountOf(q.actor)
		f.move(bond, "backup:"+id, "backup-bond:"+id, "backup_bond_deposit")
	case "OC-16":
		f.settle(q, client, worker)
	}
	return f
}

func (f *flows) slashStake(stake *big.Int, client string, p *escrow.Policy) {
	part, rest := split(stake, ratioOf(p.AbsentNoneMetClientShare))
	f.move(part, "stake", client, "stake_slash")
	f.move(rest, "stake", "treasury", "stake_slash")
}

// settle is the settlement table.
func (f *flows) settle(q *question, client, worker string) {
	c, p := &q.contract, q.contract.Policy()
	earned, most := creditModel(c)
	gross, rest := splitByWeights(potOf(&q.scene, "escrow"), earned, sub(most, earned))
	fee, net := split(gross, ratioOf(p.ProtocolFee))
	f.move(net, "escrow", worker, "payout")
	f.move(fee, "escrow", "treasury", "protocol_fee")
	f.move(rest, "escrow", client, "escrow_refund")

	results := c.CriteriaMet()
	if stake := potOf(&q.scene, "stake"); earned.Sign() == 0 && 2*countOf(results, escrow.NotMet) > len(results) {
		f.slashStake(stake, client, &p)
	} else {
		f.move(stake, "stake", worker, "stake_return")
	}
	bond := potOf(&q.scene, "dispute-bond")
	switch {
	case !upheldModel(c):
		f.move(bond, "dispute-bond", client, "dispute_bond_return")
	case p.DisputeForfeitTo == "worker":
		f.move(bond, "dispute-bond", worker, "dispute_bond_forfeit")
	default:
		f.move(bond, "dispute-bond", "treasury", "dispute_bond_forfeit")
	}
	to := "treasury"
	if p.BackupSlashTo == "client" {
		to = client
	}
	for _, id := range c.BackupAgents() {
		back, slash := bondModel(c, id)
		f.move(back, "backup-bond:"+id, "backup:"+id, "backup_bond_return")
		f.move(slash, "backup-bond:"+id, to, "backup_bond_slash")
	}
}

// foreseen is the money of an OpenTrain command with all its terms; none when
// the milestones do not stand so that it could execute.
func foreseen(c *escrow.Contract, command escrow.Command) (f flows) {
	client := "client:" + c.Client()
	switch cmd := command.(type) {
	case escrow.Hire:
		f.fund(c, "m1", unitsOf(c, cmd.Milestone.Amount.Decimal))
		f.move(unitsOf(c, c.Policy().InitiationFee), client, "platform", "initiation_fee")
	case escrow.FundMilestone:
		if m, ok := milestoneOf(c, cmd.MilestoneID); ok && m.Status == escrow.NotFunded {
			f.fund(c, m.ID, m.Amount.BigInt())
		}
	case escrow.ApproveMilestone:
		if m, ok := milestoneOf(c, cmd.MilestoneID); ok && m.Status == escrow.ActiveFunded {
			f.move(m.Amount.BigInt(), "milestone:"+m.ID, "worker:"+c.Worker(), "milestone_release")
		}
	case escrow.End:
		for _, m := range c.Milestones() {
			if m.Status != escrow.ActiveFunded {
				continue
			}
			if chosen(c, cmd, m.ID) == escrow.Release {
				f.move(m.Amount.BigInt(), "milestone:"+m.ID, "worker:"+c.Worker(), "milestone_release")
			} else {
				f.move(m.Amount.BigInt(), "milestone:"+m.ID, client, "milestone_refund")
			}
		}
	}
	return f
}

func (f *flows) fund(c *escrow.Contract, id string, amount *big.Int) {
	f.move(amount, "client:"+c.Client(), "milestone:"+id, "milestone_deposit")
	f.move(halfUp(amount, c.Policy().MarketplaceFee), "client:"+c.Client(), "platform", "marketplace_fee")
}

func unitsOf(c *escrow.Contract, d decimal.Decimal) *big.Int {
	return d.Shift(int32(c.Asset().Scale)).BigInt()
}

func milestoneOf(c *escrow.Contract, id string) (escrow.Milestone, bool) {
	list := c.Milestones()
	i := slices.IndexFunc(list, func(m escrow.Milestone) bool { return m.ID == id })
	if i < 0 {
		return escrow.Milestone{}, false
	}
	return list[i], true
}

// chosen is what becomes of a funded milestone: what was said first, else what
// the policy proposes, which for require is a refund.
func chosen(c *escrow.Contract, end escrow.End, id string) escrow.DispositionChoice {
	for _, d := range end.Dispositions {
		if d.MilestoneID == id {
			return d.Disposition
		}
	}
	return c.Policy().EndDisposition
}

// meant returns the command that a question is about: of a confirmation the
// approved one with the terms that the confirmation changes.
func meant(q *question) escrow.Command {
	switch cmd := q.command.(type) {
	case escrow.Hire:
		return escrow.Hire{Milestone: &escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(q.hireAmount(cmd.Milestone))}}
	case escrow.Confirm:
		a, _ := approvalOf(&q.contract, cmd.ApprovalID)
		switch old := a.Command.(type) {
		case escrow.Hire:
			if cmd.Milestone != nil && cmd.Milestone.Amount.Valid {
				return escrow.Hire{Milestone: cmd.Milestone}
			}
		case escrow.End:
			return escrow.End{Dispositions: append(slices.Clone(cmd.Dispositions), old.Dispositions...)}
		}
		return a.Command
	}
	return q.command
}

// hireAmount is the changed amount, else the proposed, else the draft's.
func (q *question) hireAmount(changed *escrow.MilestoneTerms) decimal.Decimal {
	if changed != nil && changed.Amount.Valid {
		return changed.Amount.Decimal
	}
	if m, ok := milestoneOf(&q.contract, "m1"); ok {
		return whole(m.Amount.BigInt(), q.contract.Asset().Scale)
	}
	return q.terms.Milestones[0].Amount.Decimal
}

func approvalOf(c *escrow.Contract, id string) (escrow.Approval, bool) {
	list := c.Approvals()
	i := slices.IndexFunc(list, func(a escrow.Approval) bool { return a.ID == id })
	if i < 0 {
		return escrow.Approval{}, false
	}
	return list[i], true
}

// creditModel returns what the results earn, and the most they could.
func creditModel(c *escrow.Contract) (earned, most *big.Int) {
	results := c.CriteriaMet()
	full := mul(ratioOne, big.NewInt(int64(countOf(results, escrow.Met))))
	half := mul(ratioOf(c.Policy().UnclearCredit), big.NewInt(int64(countOf(results, escrow.Unclear))))
	return add(full, half), mul(ratioOne, big.NewInt(int64(len(results))))
}

func countOf(results []escrow.Verdict, v escrow.Verdict) (n int) {
	for _, r := range results {
		if r == v {
			n++
		}
	}
	return n
}

// votesOn returns what the agents that voted say of a criterion.
func votesOn(c *escrow.Contract, criterion int) (list []escrow.Verdict) {
	for _, v := range c.Votes() {
		if v.CriterionIndex == criterion {
			list = append(list, v.Vote)
		}
	}
	return list
}

// tallyModel decides a criterion, and says whether a quorum's majority did.
func tallyModel(c *escrow.Contract, criterion int) (escrow.Verdict, bool) {
	votes := votesOn(c, criterion)
	if 2*len(votes) <= len(c.BackupAgents()) {
		if c.Policy().NoQuorum == "approve" {
			return escrow.Met, false
		}
		return escrow.Unclear, false
	}
	for _, v := range verdictList {
		if 2*countOf(votes, v) > len(votes) {
			return v, true
		}
	}
	return escrow.Unclear, false
}

func upheldModel(c *escrow.Contract) bool {
	for i := range c.CriteriaMet() {
		if v, majority := tallyModel(c, i); v != escrow.Met || !majority {
			return false
		}
	}
	return true
}

// voteModel returns what becomes of the bond for a vote, and the reward.
func voteModel(c *escrow.Contract, v escrow.CastVote) (outcome, reward string) {
	verdict, majority := tallyModel(c, v.CriterionIndex)
	switch {
	case majority && v.Vote == verdict && verdict == escrow.Unclear:
		return "returned", c.Policy().TokenMintRewardReduced.String()
	case majority && v.Vote == verdict:
		return "returned", c.Policy().TokenMintRewardFull.String()
	case !majority || verdict == escrow.Unclear:
		return "returned", "0"
	case v.Vote == escrow.Unclear:
		return "partially slashed", "0"
	}
	return "slashed", "0"
}

// bondModel returns what an agent keeps of its bond, and what it loses.
func bondModel(c *escrow.Contract, id string) (back, slash *big.Int) {
	back, slash = new(big.Int), new(big.Int)
	bond := halfUp(c.Price().BigInt(), c.Policy().BackupAgentBondRatio)
	for _, v := range c.Votes() {
		if v.BackupAgent != id {
			continue
		}
		lost, kept := new(big.Int), bond
		switch outcome, _ := voteModel(c, v); outcome {
		case "slashed":
			lost, kept = bond, lost
		case "partially slashed":
			lost, kept = split(bond, ratioOf(c.Policy().BAUnclearSlashRatio))
		}
		back.Add(back, kept)
		slash.Add(slash, lost)
	}
	return back, slash
}

// The results are those of the votes, or all met where the client approved or
// stayed silent; what is said of each vote follows from them; rewards are listed
// at the settlement, once, and zero ones left out.
func TestVerdictsFollowTheVotes(t *testing.T) {
	everyLifeUnder(t, escrow.OpenContract, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			c := &q.decision.Contract
			if c.CriteriaMet() == nil || q.contract.CriteriaMet() != nil {
				continue
			}
			for i, got := range c.CriteriaMet() {
				want, _ := tallyModel(c, i)
				if q.awaitsClient() {
					want = escrow.Met
				}
				if got != want {
					t.Fatalf("criterion %d is %s, not %s: %s\n%s", i, got, want, q, l)
				}
			}
			for _, v := range c.Votes() {
				if outcome, reward := voteModel(c, v); v.BondOutcome != outcome || v.Reward != reward {
					t.Fatalf("%v should be %s, %s: %s\n%s", v, outcome, reward, q, l)
				}
			}
		}
	})
}

// Rewards are minted once, by the settlement: one for every vote that earned any.
func TestRewardsAreListedOnce(t *testing.T) {
	everyLifeUnder(t, escrow.OpenContract, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			var want []escrow.Reward
			if _, settle := q.command.(escrow.Settle); settle {
				for _, v := range q.contract.Votes() {
					if _, reward := voteModel(&q.contract, v); reward != "0" {
						want = append(want, escrow.Reward{BackupAgent: v.BackupAgent, CriterionIndex: v.CriterionIndex, Tokens: reward})
					}
				}
			}
			if got := q.decision.Rewards(); !slices.Equal(got, want) {
				t.Fatalf("mints %v, not %v: %s\n%s", got, want, q, l)
			}
		}
	})
}

// A payout review is asked for exactly when all that a decision pays out of
// custody reaches what the policy says, and changes nothing else.
func TestReviewsFollowThePolicy(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			paid := new(big.Int)
			for _, m := range q.decision.Movements() {
				if m.IsPayout() {
					paid.Add(paid, m.Amount.BigInt())
				}
			}
			p := q.contract.Policy().PayoutReview
			least := unitsOf(&q.contract, p.MinPayout)
			want := p.Quorum > 0 && paid.Sign() > 0 && paid.Cmp(least) >= 0
			r, got := q.decision.Review()
			if got != want || got && (r.Amount.BigInt().Cmp(paid) != 0 || r.MinPayout.BigInt().Cmp(least) != 0 || r.Quorum != p.Quorum) {
				t.Fatalf("review %v of %s, least %s: %s\n%s", got, paid, least, q, l)
			}
		}
	})
}
