package escrow_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/big"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// leastChecks is how many lives every property is checked on, whatever the flags
// say: rapid's own default of 100 misses leaks of one unit. With -short it is half
// as many, of which rapid takes a fifth.
const leastChecks = 10_000

func TestMain(m *testing.M) {
	flag.Parse()
	least := leastChecks
	if testing.Short() {
		least /= 2
	}
	if flag.Lookup("rapid.checks").Value.(flag.Getter).Get().(int) < least {
		setFlag("rapid.checks", strconv.Itoa(least))
	}
	setFlag("rapid.nofailfile", "true")
	debug.SetGCPercent(400) // lives are many and short
	os.Exit(m.Run())
}

func setFlag(name, value string) {
	if err := flag.Set(name, value); err != nil {
		panic(err)
	}
}

// holdings returns what each custody account holds.
func holdings(c *escrow.Contract) map[string]*big.Int {
	held := map[string]*big.Int{}
	for _, h := range c.Custody() {
		held[h.Account.String()] = h.Amount.BigInt()
	}
	return held
}

// ledger adds amounts up by name.
type ledger map[string]*big.Int

func (b ledger) add(name string, amount *big.Int) {
	if b[name] == nil {
		b[name] = new(big.Int)
	}
	b[name].Add(b[name], amount)
	if b[name].Sign() == 0 {
		delete(b, name)
	}
}

func (b ledger) sub(name string, amount *big.Int) { b.add(name, new(big.Int).Neg(amount)) }

func (b ledger) equal(c map[string]*big.Int) bool {
	return maps.EqualFunc(b, c, func(x, y *big.Int) bool { return x.Cmp(y) == 0 })
}

// G1: in every decision, for every pot, what it held and what came in, less what
// went out, is what it holds; and over a life all that was paid in is what was
// paid out and what is held.
func TestG1Conservation(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		sum := new(big.Int)
		for _, q := range l.accepted() {
			pots := ledger(holdings(&q.contract))
			for _, m := range q.decision.Movements() {
				if m.IsPayout() {
					pots.sub(m.From.String(), m.Amount.BigInt())
					sum.Sub(sum, m.Amount.BigInt())
				}
				if m.IsDeposit() {
					pots.add(m.To.String(), m.Amount.BigInt())
					sum.Add(sum, m.Amount.BigInt())
				}
			}
			if held := holdings(&q.decision.Contract); !pots.equal(held) {
				t.Fatalf("%s should leave %v, and leaves %v\n%s", q, pots, held, l)
			}
		}
		for _, amount := range holdings(&l.contract) {
			sum.Sub(sum, amount)
		}
		if sum.Sign() != 0 {
			t.Fatalf("%s smallest units appeared or got lost\n%s", sum, l)
		}
	})
}

// G1: the money of every decision is what the rule book says, worked out a
// second time with big numbers: who pays whom, how much and what for, in order.
func TestG1MoneyFollowsTheRules(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			if want, got := flowsOf(q), movementsOf(&q.decision); !slices.Equal(want, got) {
				t.Fatalf("%s\nshould move %q\nand moves   %q\n%s", q, want, got, l)
			}
			if a, ok := q.decision.Approval(); ok && a.Status == escrow.ApprovalIsPending {
				if want, got := foreseen(&q.contract, meant(q)), proposalOf(a); !slices.Equal(want, got) {
					t.Fatalf("%s\nshould propose %q\nand proposes   %q\n%s", q, want, got, l)
				}
			}
		}
	})
}

// G2: no pot is negative, which an amount would show as one beyond all that was
// ever paid in; no movement is of nothing; both ends are accounts of the
// contract, one of them outside custody.
func TestG2PotsAndMovements(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		paidIn := new(big.Int)
		for _, q := range l.accepted() {
			own := accountsOf(&q.decision.Contract)
			for _, m := range q.decision.Movements() {
				if m.Amount.IsZero() || m.From == m.To || !own[m.From.String()] || !own[m.To.String()] || m.IsDeposit() && m.IsPayout() {
					t.Fatalf("%s moves %s\n%s", q, m, l)
				}
				paidIn.Add(paidIn, m.Amount.BigInt())
			}
			for name, amount := range holdings(&q.decision.Contract) {
				if !own[name] || amount.Sign() <= 0 || amount.Cmp(paidIn) > 0 {
					t.Fatalf("%s leaves %s in %s\n%s", q, amount, name, l)
				}
			}
		}
	})
}

// accountsOf returns every account of a contract by its text form.
func accountsOf(c *escrow.Contract) map[string]bool {
	own := map[string]bool{"client:" + c.Client(): true, "worker:" + c.Worker(): c.Worker() != "", "treasury": true, "platform": true,
		"escrow": true, "stake": true, "dispute-bond": true}
	for _, id := range c.BackupAgents() {
		own["backup:"+id], own["backup-bond:"+id] = true, true
	}
	for _, m := range c.Milestones() {
		own["milestone:"+m.ID] = true
	}
	return own
}

// G3: a terminal contract holds nothing, has no pending approval, waits for no
// instant, and refuses every command of every actor.
func TestG3TerminalMeansEmpty(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := l.scene
		if !s.contract.IsTerminal() {
			return
		}
		if held := s.contract.Custody(); len(held) > 0 {
			t.Fatalf("ended, and holds %v\n%s", held, l)
		}
		for _, a := range s.contract.Approvals() {
			if a.Status == escrow.ApprovalIsPending {
				t.Fatalf("ended, and %s is pending\n%s", a.ID, l)
			}
		}
		if next, ok := escrow.NextDeadline(s.contract); ok {
			t.Fatalf("ended, and waits for %s\n%s", next.Moment, l)
		}
		for _, command := range walkCommands(t, &s) {
			for _, actor := range castOf(&s) {
				if q := asked(s, move{command, actor}); q.accepted() {
					t.Fatalf("ended, and accepts %s\n%s", &q, l)
				}
			}
		}
		if q := asked(s, move{escrow.Advance{}, escrow.SystemActor()}); q.reason() != escrow.NothingDue {
			t.Fatalf("ended, and advance is refused with %s\n%s", q.reason(), l)
		}
	})
}

// G4: every contract has a horizon, but for drafts and for OpenTrain's active
// contracts, which are their client's to end. From it on, advance and settle alone
// end the contract; an instant before they cannot.
func TestG4TimeHorizon(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			at, ok := escrow.MaxTime(s.contract)
			if ok == (s.contract.IsDraft() || s.contract.Status() == escrow.Active) {
				t.Fatalf("%s has horizon %v\n%s", s.contract.Status(), ok, l)
			}
			if !ok {
				continue
			}
			if at.IsZero() {
				at = s.now
			} else if at.After(s.now) && endsAlone(s.contract, at.Add(-1)) {
				t.Fatalf("%s ends before its horizon %s\n%s", s.contract.Status(), at, l)
			}
			if !endsAlone(s.contract, at) || !endsAlone(s.contract, endOfTime) {
				t.Fatalf("%s does not end at its horizon %s\n%s", s.contract.Status(), at, l)
			}
		}
	})
}

// endsAlone reports whether advance and settle by the system bring a contract to
// a terminal status at an instant, in at most three steps.
func endsAlone(c escrow.Contract, at time.Time) bool {
	for range 3 {
		if c.IsTerminal() {
			return true
		}
		d, err := escrow.Decide(c, escrow.Advance{}, escrow.SystemActor(), clockAt(at))
		if err != nil {
			d, err = escrow.Decide(c, escrow.Settle{}, escrow.SystemActor(), clockAt(at))
		}
		if err != nil {
			return false
		}
		c = d.Contract
	}
	return c.IsTerminal()
}

// countingClock counts how often it is asked.
type countingClock struct {
	at    time.Time
	times int
}

func (c *countingClock) Now() time.Time {
	c.times++
	return c.at
}

// G5: the same inputs give the same bytes, also to concurrent callers; the inputs
// are as before; the clock is asked exactly once.
func TestG5Purity(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		q := &l.questions[nth(t, len(l.questions))]
		before := inputsOf(q)
		answers := make([]string, 2)
		var callers sync.WaitGroup
		for i := range answers {
			callers.Go(func() { answers[i] = answerOf(asked(q.scene, q.move)) })
		}
		callers.Wait()
		if first := answerOf(*q); answers[0] != first || answers[1] != first {
			t.Fatalf("%s answers\n%s\nand then\n%s\nand\n%s", q, first, answers[0], answers[1])
		}
		if after := inputsOf(q); after != before {
			t.Fatalf("%s changes its inputs from\n%s\nto\n%s", q, before, after)
		}
		clock := &countingClock{at: q.now}
		_, _ = escrow.Decide(q.contract, q.command, q.actor, clock)
		if clock.times > 1 || clock.times == 0 && q.actor.ID != "" {
			t.Fatalf("%s asks the clock %d times", q, clock.times)
		}
	})
}

// answerOf returns a decision or refusal as bytes.
func answerOf(q question) string {
	if q.accepted() {
		text, _ := q.decision.MarshalJSON()
		return string(text)
	}
	text, _ := q.refusal.MarshalJSON()
	return string(text)
}

// inputsOf returns contract, command and actor as text.
func inputsOf(q *question) string {
	text, _ := q.contract.MarshalJSON()
	return string(text) + fmt.Sprintf("%#v %#v", q.command, q.actor)
}

// G5: nothing that a caller is given is shared with a snapshot, or with the refusals
// of other calls: writing into it changes nothing. No other test runs meanwhile.
func TestG5NothingIsShared(t *testing.T) {
	for _, law := range bothLaws {
		t.Run(law.Name(), func(t *testing.T) { checkLives(t, law, scribbled) })
	}
}

// scribbled writes into all that one answer gives.
func scribbled(t *rapid.T, l *life) {
	q := l.questions[nth(t, len(l.questions))]
	before := answerOf(q)
	if q.accepted() {
		scribble(&q.decision.Contract)
		if a, ok := q.decision.Approval(); ok {
			scribbleApproval(a)
		}
	} else {
		scribbleDetails(q.refusal)
	}
	if after := answerOf(q); after != before {
		t.Fatalf("%s was\n%s\nand is\n%s", &q, before, after)
	}
	if again := answerOf(asked(q.scene, q.move)); again != before {
		t.Fatalf("%s answered\n%s\nand now\n%s", &q, before, again)
	}
}

// scribbleDetails writes into the details of a refusal.
func scribbleDetails(e *escrow.Error) {
	for _, v := range e.Details() {
		if list, ok := v.([]string); ok {
			clear(list)
		}
	}
}

// scribble writes into everything that a contract hands out.
func scribble(c *escrow.Contract) {
	clear(c.BackupAgents())
	clear(c.CriteriaMet())
	clear(c.Milestones())
	clear(c.Votes())
	clear(c.Custody())
	for _, a := range c.Approvals() {
		scribbleApproval(a)
	}
}

func scribbleApproval(a escrow.Approval) {
	clear(a.Movements)
	clear(a.ConfirmedBy)
	clear(a.Result)
	scribbleCommand(a.Command)
}

// G5: commands and terms that a caller writes into afterwards are no longer the
// contract's.
func TestG5InputsAreCopied(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		q := l.questions[nth(t, len(l.questions))]
		q.command = copyOf(q.command)
		q = asked(q.scene, q.move)
		before := answerOf(q)
		scribbleCommand(q.command)
		if after := answerOf(q); after != before {
			t.Fatalf("%s was\n%s\nand is\n%s", &q, before, after)
		}
	})
}

// copyOf returns a command that shares nothing with another.
func copyOf(command escrow.Command) escrow.Command {
	switch cmd := command.(type) {
	case escrow.Draw:
		return escrow.Draw{BackupAgents: slices.Clone(cmd.BackupAgents)}
	case escrow.Vote:
		return escrow.Vote{Votes: slices.Clone(cmd.Votes)}
	case escrow.End:
		return escrow.End{Dispositions: slices.Clone(cmd.Dispositions)}
	case escrow.Hire:
		if cmd.Milestone != nil {
			own := *cmd.Milestone
			cmd.Milestone = &own
		}
		return cmd
	case escrow.Confirm:
		cmd.Dispositions = slices.Clone(cmd.Dispositions)
		if cmd.Milestone != nil {
			own := *cmd.Milestone
			cmd.Milestone = &own
		}
		return cmd
	}
	return command
}

// scribbleCommand writes into everything that a command points to.
func scribbleCommand(command escrow.Command) {
	switch cmd := command.(type) {
	case escrow.Draw:
		clear(cmd.BackupAgents)
	case escrow.Vote:
		clear(cmd.Votes)
	case escrow.End:
		clear(cmd.Dispositions)
	case escrow.Hire:
		if cmd.Milestone != nil {
			*cmd.Milestone = escrow.MilestoneTerms{}
		}
	case escrow.Confirm:
		clear(cmd.Dispositions)
		if cmd.Milestone != nil {
			*cmd.Milestone = escrow.MilestoneTerms{}
		}
	}
}

// G6: advancing late is advancing on time; stepping through deadlines is jumping
// over them; advancing twice is advancing once.
func TestG6TimeIsIdempotent(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := l.scenes()[nth(t, len(l.scenes()))]
		until := drawAround(t, drawn(t, s.instants()))
		stepped, jumped := newTale(s.contract), newTale(s.contract)
		stepped.step(until)
		jumped.jump(until)
		if a, b := stepped.String(), jumped.String(); a != b {
			t.Fatalf("stepping gives\n%s\njumping to %s gives\n%s\n%s", a, until, b, l)
		}
		_, err := escrow.Decide(jumped.contract, escrow.Advance{}, escrow.Agent(theRival), clockAt(until))
		if refused, ok := err.(*escrow.Error); !ok || refused.Reason() != escrow.NothingDue {
			t.Fatalf("advancing once more gives %v\n%s", err, l)
		}
	})
}

// G6: a deadline is what NextDeadline says it is: nothing is due an instant
// before, at the instant advance makes the decision that it shows, and later the
// same. Only expiries that have passed meanwhile are recorded together.
func TestG6NextDeadline(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			next, ok := escrow.NextDeadline(s.contract)
			if !ok {
				s.now = endOfTime
				if q := asked(s, move{escrow.Advance{}, escrow.SystemActor()}); q.reason() != escrow.NothingDue {
					t.Fatalf("no deadline is next, but %s\n%s", &q, l)
				}
				continue
			}
			s.now = next.At.Add(-1)
			early := asked(s, move{escrow.Advance{}, escrow.SystemActor()})
			s.now = next.At
			if next.Then.Rule != "AP-3" {
				s.now = laterBy(next.At, time.Duration(nth(t, 2))*time.Hour)
			}
			late := asked(s, move{escrow.Advance{}, escrow.SystemActor()})
			want, _ := next.Then.MarshalJSON()
			if early.reason() != escrow.NothingDue || answerOf(late) != string(want) || !late.decision.At().Equal(next.At) {
				t.Fatalf("%s at %s, but %s, then %s\n%s", next.Moment, next.At, &early, &late, l)
			}
		}
	})
}

// G6: what becomes of a contract depends on when things were asked, never on how
// late a scheduler ran: one that advances at every instant, one that advances
// before every question and one that advances only when a question was refused
// tell the same tale.
func TestG6SchedulersAgree(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		eager := l.retold(func(tale *tale, q *question) { tale.step(q.now); tale.ask(q) })
		lazy := l.retold(func(tale *tale, q *question) { tale.jump(q.now); tale.ask(q) })
		sloppy := l.retold(func(tale *tale, q *question) {
			if !tale.ask(q) {
				tale.jump(q.now)
				tale.ask(q)
			}
		})
		if eager != lazy || eager != sloppy {
			t.Fatalf("eager:\n%s\nlazy:\n%s\nsloppy:\n%s\n%s", eager, lazy, sloppy, l)
		}
	})
}

// tale is what a life comes to: transitions with their times and money, and how
// the contract stands in the end.
type tale struct {
	contract escrow.Contract
	lines    []string
}

func newTale(c escrow.Contract) *tale { return &tale{contract: c} }

// take goes on with a decision.
func (tl *tale) take(d escrow.Decision) {
	tl.contract = d.Contract
	if d.From != d.To || d.NumMovements() > 0 {
		tl.lines = append(tl.lines, fmt.Sprint(d.Rule, d.Executes, " ", d.From, " ", d.To, " ", d.At(), " ", movementsOf(&d)))
	}
}

// mostAdvances is more than any contract of a walk has deadlines and approvals.
const mostAdvances = 100

// step advances at the very instant of every deadline.
func (tl *tale) step(until time.Time) {
	for range mostAdvances {
		next, ok := escrow.NextDeadline(tl.contract)
		if !ok || next.At.After(until) || !tl.advance(next.At) {
			return
		}
	}
	tl.lines = append(tl.lines, "advances without end")
}

// jump advances only now.
func (tl *tale) jump(until time.Time) {
	for range mostAdvances {
		if !tl.advance(until) {
			return
		}
	}
	tl.lines = append(tl.lines, "advances without end")
}

func (tl *tale) advance(at time.Time) bool {
	d, err := escrow.Decide(tl.contract, escrow.Advance{}, escrow.SystemActor(), clockAt(at))
	if err == nil {
		tl.take(d)
	}
	return err == nil
}

// ask asks a life's question again. Approvals are meant by their position: their
// ids count revisions.
func (tl *tale) ask(q *question) bool {
	command := q.command
	switch cmd := command.(type) {
	case escrow.Advance:
		return true
	case escrow.Confirm:
		cmd.ApprovalID = tl.sameApproval(q, cmd.ApprovalID)
		command = cmd
	case escrow.DeclineApproval:
		command = escrow.DeclineApproval{ApprovalID: tl.sameApproval(q, cmd.ApprovalID)}
	}
	d, err := escrow.Decide(tl.contract, command, q.actor, clockAt(q.now))
	if err == nil {
		tl.take(d)
	}
	return err == nil
}

func (tl *tale) sameApproval(q *question, id string) string {
	list := tl.contract.Approvals()
	for i, a := range q.contract.Approvals() {
		if a.ID == id && i < len(list) {
			return list[i].ID
		}
	}
	return id
}

// retold lives a life again under a scheduler, and returns the tale.
func (l *life) retold(schedule func(*tale, *question)) string {
	tl := newTale(l.questions[0].contract)
	for i := range l.questions {
		schedule(tl, &l.questions[i])
	}
	tl.jump(l.now)
	return tl.String()
}

// String tells everything but revisions and ids.
func (tl *tale) String() string {
	c := &tl.contract
	text := strings.Join(tl.lines, "\n") + fmt.Sprint("\n", c.Status(), c.Custody(), c.CriteriaMet(), c.CreatedAt(), c.EndDate(), c.Milestones())
	for _, a := range c.Approvals() {
		text += fmt.Sprint("\n", a.Type, a.Status, a.CreatedAt, a.ExpiresAt, a.ResolvedAt, a.Hash, a.RequestedBy, a.ConfirmedBy)
	}
	return text
}

// G6: all windows are half-open. What parties may do before the deadline of a
// status they may do an instant before it; at the instant the deadline decides.
func TestG6WindowsAreHalfOpen(t *testing.T) {
	everyLifeUnder(t, escrow.OpenContract, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			name := s.statusDeadline()
			if name == "" {
				continue
			}
			due := s.deadline(name)
			for _, m := range taskMoves(t, &s) {
				window, shut := due, escrow.DeadlineDue
				if _, withdraw := m.command.(escrow.Withdraw); withdraw && s.terms.WithdrawalDeadline.Before(due) {
					window, shut = s.terms.WithdrawalDeadline, escrow.WindowClosed
				}
				s.checkWindow(t, m, window, shut)
			}
			s.now = due
			if q := asked(s, move{escrow.Advance{}, escrow.Agent(theRival)}); !q.accepted() || !q.decision.At().Equal(due) {
				t.Fatalf("%s is due, but %s\n%s", name, &q, l)
			}
		}
	})
}

// checkWindow checks that a move is allowed up to an instant before its window
// shuts, and then refused for the reason.
func (s scene) checkWindow(t *rapid.T, m move, shuts time.Time, reason escrow.Reason) {
	s.now = shuts.Add(-1)
	if q := asked(s, m); !q.accepted() {
		t.Fatalf("in time, but %s", &q)
	}
	s.now = shuts
	if q := asked(s, m); q.reason() != reason {
		t.Fatalf("not in time, but %s", &q)
	}
}

// statusDeadline names the deadline that an OpenContract status waits for, ""
// when time alone changes nothing.
func (s *scene) statusDeadline() string {
	switch s.contract.Status() {
	case escrow.Created:
		return "matchDeadline"
	case escrow.Matched:
		return "deliveryDeadline"
	case escrow.UnderReview, escrow.Disputed:
		switch {
		case s.awaitsClient():
			return "reviewDeadline"
		case s.contract.BackupAgents() == nil:
			return "drawDeadline"
		}
		return "votingDeadline"
	}
	return ""
}

// G7: every decision is made by a rule, for an actor whom the rule names, from a
// status and into a status that it names, inside its window; and nobody else
// gets the same by asking for it.
func TestG7Authority(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			checkPage(t, q)
			for _, actor := range castOf(&q.scene) {
				if other := asked(q.scene, move{q.command, actor}); other.accepted() {
					checkPage(t, &other)
				}
			}
		}
	})
}

// rulePage is what the rule book says of a rule, written down a second time.
type rulePage struct {
	who    func(*question) bool
	from   string
	to     string
	before string
	due    string
}

// rulePages are the rules of both lifecycles. Statuses are separated by blanks.
var rulePages = map[string]rulePage{
	"OC-1":  {who: isClient, from: "draft", to: "created"},
	"OC-2":  {who: isWorker, from: "created", to: "matched", before: "matchDeadline"},
	"OC-3":  {who: isNewcomer, from: "created", to: "matched", before: "matchDeadline"},
	"OC-4":  {who: isWorker, from: "created", to: "cancelled-unmatched", before: "matchDeadline"},
	"OC-5":  {who: isClient, from: "created", to: "cancelled-by-client", before: "matchDeadline"},
	"OC-6":  {who: isAnyone, from: "created", to: "cancelled-unmatched", due: "matchDeadline"},
	"OC-7":  {who: isWorker, from: "matched", to: "cancelled-withdrawn", before: "withdrawalDeadline"},
	"OC-8":  {who: isWorker, from: "matched", to: "under-review", before: "deliveryDeadline"},
	"OC-9":  {who: isAnyone, from: "matched", to: "cancelled-absent", due: "deliveryDeadline"},
	"OC-10": {who: isClient, from: "under-review", to: "resolved", before: "reviewDeadline"},
	"OC-11": {who: isClient, from: "under-review", to: "disputed", before: "reviewDeadline"},
	"OC-12": {who: isAnyone, from: "under-review", to: "resolved", due: "reviewDeadline"},
	"OC-13": {who: isSystem, from: "under-review disputed", to: "under-review disputed", before: "drawDeadline"},
	"OC-14": {who: isJudge, from: "under-review disputed", to: "under-review disputed resolved", before: "votingDeadline"},
	"OC-15": {who: isAnyone, from: "under-review disputed", to: "resolved", due: "drawDeadline or votingDeadline"},
	"OC-16": {who: isSystem, from: "resolved", to: "settled-fully-met settled-partially-met settled-none-met"},
	"OT-1":  {who: isOwnerWith("proposals:write", "public_api_hiring"), from: "draft proposed", to: "proposed active"},
	"OT-2":  {who: isOwnerWith("payments:write", "public_api_payments_write"), from: "active", to: "active"},
	"OT-3":  {who: isOwnerWith("payments:write", "public_api_payments_write"), from: "active", to: "active"},
	"OT-4":  {who: isOwnerWith("payments:write", "public_api_payments_write"), from: "active", to: "active"},
	"OT-5":  {who: isOwnerWith("payments:write", "public_api_payments_write"), from: "active", to: "ended"},
	"OT-6":  {who: isOwnerWith("payments:write", "public_api_payments_write"), from: "active", to: "active ended"},
	"OT-7":  {who: isAnyone, from: "proposed", to: "not-hired", due: "expiresAt"},
	"AP-1":  {who: isOwnHuman, from: "proposed active", to: "proposed active ended"},
	"AP-2":  {who: isOwnHuman, from: "proposed active", to: "not-hired active"},
	"AP-3":  {who: isAnyone, from: "active", to: "active", due: "expiresAt"},
}

// checkPage compares a decision with the page of its rule.
func checkPage(t *rapid.T, q *question) {
	d := &q.decision
	p, known := rulePages[d.Rule]
	from := string(d.From)
	if from == "" {
		from = "draft"
	}
	switch {
	case !known || !p.who(q):
		t.Fatalf("the rule does not name who asks: %s", q)
	case !slices.Contains(strings.Fields(p.from), from) || !slices.Contains(strings.Fields(p.to), string(d.To)):
		t.Fatalf("the rule does not lead there: %s", q)
	case d.From != q.contract.Status() || d.To != d.Contract.Status() || d.Actor != q.actor.ID || d.Action != q.command.Action():
		t.Fatalf("the decision is not about what was asked: %s", q)
	case p.before != "" && !q.now.Before(q.deadline(p.before)):
		t.Fatalf("after %s: %s", p.before, q)
	case p.due == "" && !d.At().Equal(q.now):
		t.Fatalf("not at the time of asking, but at %s: %s", d.At(), q)
	case p.due != "" && (d.At().After(q.now) || !q.isInstant(p.due, d.At())):
		t.Fatalf("not at %s, but at %s: %s", p.due, d.At(), q)
	case d.NumMovements() > 0 && coSigned[d.Rule] && (q.actor.Kind != escrow.KindHuman || q.contract.Policy().Quorum > 1 || q.contract.Policy().SeparateDuties):
		t.Fatalf("money moves without its co-signatures: %s", q)
	}
}

// coSigned are the rules whose money waits for a human.
var coSigned = map[string]bool{"OT-1": true, "OT-3": true, "OT-4": true, "OT-6": true}

// isInstant reports whether an instant is one of the named deadlines.
func (s *scene) isInstant(names string, at time.Time) bool {
	if names == "expiresAt" {
		return slices.ContainsFunc(s.contract.Approvals(), func(a escrow.Approval) bool {
			return a.Status == escrow.ApprovalIsPending && a.ExpiresAt.Equal(at)
		})
	}
	return slices.ContainsFunc(strings.Split(names, " or "), func(name string) bool { return s.deadline(name).Equal(at) })
}

func isAnyone(*question) bool   { return true }
func isParty(q *question) bool  { return q.actor.Kind != escrow.KindSystem }
func isClient(q *question) bool { return isParty(q) && accountOf(q.actor) == q.contract.Client() }
func isWorker(q *question) bool { return isParty(q) && accountOf(q.actor) == q.contract.Worker() }
func isSystem(q *question) bool { return q.actor.Kind == escrow.KindSystem }

func isNewcomer(q *question) bool {
	return isParty(q) && accountOf(q.actor) != q.contract.Client() && q.decision.Contract.Worker() == accountOf(q.actor)
}

func isJudge(q *question) bool {
	return isParty(q) && slices.Contains(q.contract.BackupAgents(), accountOf(q.actor))
}

func isOwnHuman(q *question) bool {
	return q.actor.Kind == escrow.KindHuman && accountOf(q.actor) == q.contract.Client()
}

// isOwnerWith is a human of the client, or one of its tokens with the grants.
func isOwnerWith(scope, feature string) func(*question) bool {
	return func(q *question) bool {
		a := q.actor
		granted := a.Kind == escrow.KindToken && a.Claimed && slices.Contains(a.Scopes, scope) && slices.Contains(a.Features, feature)
		return isOwnHuman(q) || granted && accountOf(a) == q.contract.Client()
	}
}

// G7: nobody gains by asking twice: what was accepted is refused the second time,
// or answers that the same approval is still waiting, and changes nothing. Only
// advance has more to do when a further deadline is due.
func TestG7AskingTwice(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			if _, advance := q.command.(escrow.Advance); advance {
				continue
			}
			twice := asked(q.after(), q.move)
			if twice.accepted() && (twice.decision.Contract != q.decision.Contract || twice.decision.NumMovements() > 0) {
				t.Fatalf("a second time gains: %s\n%s", &twice, l)
			}
		}
	})
}

// G8: a refusal leaves the decision empty and the contract as it was, is the same
// the next time, and is in the catalogue under its class.
func TestG8RefusalsAreInert(t *testing.T) {
	classes := map[escrow.Reason]escrow.Code{}
	for _, e := range escrow.Catalogue() {
		classes[e.Reason] = e.Code
	}
	everyLife(t, func(t *rapid.T, l *life) {
		for i := range l.questions {
			q := &l.questions[i]
			if q.accepted() {
				continue
			}
			again, e := asked(q.scene, q.move), q.refusal
			if !reflect.ValueOf(q.decision).IsZero() || answerOf(again) != answerOf(*q) {
				t.Fatalf("%s, then %s\n%s", q, &again, l)
			}
			if classes[e.Reason()] != e.Code() || e.Message() == "" || e.Remedy() == "" {
				t.Fatalf("%s is %s\n%s", q, e.Code(), l)
			}
		}
	})
}

// G10: every snapshot survives being stored, byte for byte, and a life that is
// stored and read back between any two steps goes the same way, byte for byte.
func TestG10Replay(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		stored, _ := l.questions[0].contract.MarshalJSON()
		if l.fault != "" {
			return // a draft that founds nothing need not even be readable
		}
		for i := range l.questions {
			q := &l.questions[i]
			s := q.scene
			s.contract = reread(t, stored)
			again := asked(s, rereadMove(t, q))
			if answerOf(again) != answerOf(*q) {
				t.Fatalf("%s answered\n%s\nand from storage\n%s\n%s", q, answerOf(*q), answerOf(again), l)
			}
			if q.accepted() {
				stored, _ = again.decision.Contract.MarshalJSON()
			}
		}
		if last, _ := l.contract.MarshalJSON(); !bytes.Equal(stored, last) {
			t.Fatalf("ends as\n%s\nand from storage as\n%s", last, stored)
		}
	})
}

// reread reads a stored snapshot, and checks that it is written as it was.
func reread(t *rapid.T, stored []byte) escrow.Contract {
	c, err := escrow.ParseContract(stored)
	if err != nil {
		t.Fatalf("%v: %s", err, stored)
	}
	if again, _ := c.MarshalJSON(); !bytes.Equal(again, stored) {
		t.Fatalf("stored as\n%s\nand again as\n%s", stored, again)
	}
	return c
}

// rereadMove returns a move that was accepted as it reads from JSON.
func rereadMove(t *rapid.T, q *question) move {
	if !q.accepted() {
		return q.move
	}
	command, err := q.law().ParseCommand(escrow.FormatCommand(q.command))
	if err != nil {
		t.Fatalf("%v: %s", err, escrow.FormatCommand(q.command))
	}
	m := move{command: command}
	text, _ := q.actor.MarshalJSON()
	if err := json.Unmarshal(text, &m.actor); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return m
}

// G10: what a stored contract says is held must be what its status implies.
func TestG10NothingIsSmuggledIn(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := drawn(t, l.scenes())
		if s.contract.IsDraft() {
			return
		}
		var c map[string]any
		text, _ := s.contract.MarshalJSON()
		if err := json.Unmarshal(text, &c); err != nil {
			t.Fatal(err)
		}
		held := c["custody"].([]any)
		if len(held) > 0 && nth(t, 2) == 1 {
			c["custody"] = held[1:]
		} else if len(held) == 0 || nth(t, 2) == 1 || !tamper(held[0].(map[string]any), "amount", "7") {
			c["custody"] = append(held, map[string]any{"account": "treasury", "amount": "1"})
		}
		text, _ = json.Marshal(c)
		_, err := escrow.ParseContract(text)
		if e, ok := err.(*escrow.Error); !ok || e.Reason() != escrow.Malformed {
			t.Fatalf("read with %v: %s", err, text)
		}
	})
}

// G10: what happened is on record: every decision that changes the snapshot is one
// revision, no two movements share an id, and events stand as they were told.
func TestG10Records(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		seen := map[string]bool{}
		for _, q := range l.accepted() {
			revision := q.contract.Revision()
			if q.decision.Contract != q.contract {
				revision++
			}
			if got := q.decision.Contract.Revision(); got != revision {
				t.Fatalf("revision %d after %d: %s\n%s", got, q.contract.Revision(), q, l)
			}
			for i, m := range q.decision.Movements() {
				if m.ID() != fmt.Sprintf("%s/%d/%d", q.contract.ID(), revision, i) || seen[m.ID()] || m.Asset != q.contract.Asset() {
					t.Fatalf("movement %s: %s\n%s", m.ID(), q, l)
				}
				seen[m.ID()] = true
				checkBasis(t, q, m)
			}
			if !q.recorded() {
				t.Fatalf("not on record: %s\n%s", q, l)
			}
		}
	})
}

// checkBasis checks that a movement is, to the unit, the fraction that its basis
// tells.
func checkBasis(t *rapid.T, q *question, m escrow.Movement) {
	exact, times := m.Basis.Of.BigInt(), int64(1)
	if m.Reason == escrow.BackupBondDeposit {
		times = int64(len(q.terms.AcceptanceCriteria))
	}
	off := sub(mul(m.Amount.BigInt(), ratioOne), mul(mul(exact, ratioOf(m.Basis.Ratio)), big.NewInt(times)))
	if m.Basis.HasRatio && off.CmpAbs(mul(ratioOne, big.NewInt(times))) >= 0 {
		t.Fatalf("%s is not %s of %s: %s", m.Amount, m.Basis.Ratio, m.Basis.Of, q)
	}
	if m.Basis.HasRatio != (m.Basis.Policy != "" && m.Basis.Policy != "initiationFee") || m.Amount.BigInt().Cmp(mul(exact, big.NewInt(times))) > 0 {
		t.Fatalf("%s of %s by %q: %s", m.Amount, m.Basis.Of, m.Basis.Policy, q)
	}
}

// recorded reports whether the snapshot says what the command told.
func (q *question) recorded() bool {
	c := &q.decision.Contract
	switch cmd := q.command.(type) {
	case escrow.Create:
		return c.CreatedAt().Equal(q.now)
	case escrow.Accept:
		return c.Worker() == accountOf(q.actor)
	case escrow.Deliver:
		return c.Delivery() == cmd.Delivery
	case escrow.Draw:
		return slices.Equal(c.BackupAgents(), cmd.BackupAgents)
	case escrow.Vote:
		return q.votesRecorded(cmd)
	case escrow.AddMilestone:
		list := c.Milestones()
		m := list[len(list)-1]
		return m.ID == cmd.Milestone.ID && m.Number == len(list) && unitsOf(c, cmd.Milestone.Amount.Decimal).Cmp(m.Amount.BigInt()) == 0
	case escrow.End:
		return c.Status() == escrow.Active || c.EndDate().Equal(q.now)
	}
	return c.Worker() == q.contract.Worker() && c.Delivery() == q.contract.Delivery()
}

// votesRecorded reports whether the agent's votes, and no others, were added.
func (q *question) votesRecorded(cmd escrow.Vote) bool {
	cast := map[int]escrow.Verdict{}
	for _, b := range cmd.Votes {
		cast[b.CriterionIndex] = b.Vote
	}
	after := q.decision.Contract.Votes()
	for _, v := range after {
		if v.BackupAgent == accountOf(q.actor) && v.Vote != cast[v.CriterionIndex] {
			return false
		}
	}
	return len(after) == len(q.contract.Votes())+len(cast)
}

// Milestones only move forward, keep their terms once the hire is agreed, and are
// numbered as they were added.
func TestG10MilestonesMoveForward(t *testing.T) {
	forward := map[escrow.MilestoneStatus][]escrow.MilestoneStatus{
		escrow.NotFunded: {escrow.ActiveFunded, escrow.Cancelled}, escrow.ActiveFunded: {escrow.Paid, escrow.Refunded}}
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			before, after := q.contract.Milestones(), q.decision.Contract.Milestones()
			for i, was := range before {
				is := after[i]
				moved := is.Status != was.Status && !slices.Contains(forward[was.Status], is.Status)
				is.Status = was.Status
				if moved || is != was && q.contract.Status() != escrow.Proposed || is.Number != i+1 {
					t.Fatalf("milestone %v became %v: %s\n%s", was, after[i], q, l)
				}
			}
		}
	})
}

// G11: whatever executes was agreed to by as many different humans of the account
// as the policy asks for, each to these very terms and while the approval was
// open; never by the one who asked alone, where duties are separate; at most once.
func TestG11ApprovalsBind(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		agreed := map[string]map[string]bool{}
		spent := map[string]bool{}
		for _, q := range l.accepted() {
			a, ok := q.decision.Approval()
			if q.decision.Rule != "AP-1" || !ok {
				continue
			}
			terms := a.ID + a.Hash
			if agreed[terms] == nil {
				agreed[terms] = map[string]bool{}
			}
			agreed[terms][q.actor.ID] = true
			if spent[a.ID] || !q.now.Before(a.ExpiresAt) {
				t.Fatalf("the approval is no longer open: %s\n%s", q, l)
			}
			if q.decision.Executes != "" {
				spent[a.ID] = true
				checkExecution(t, q, a, agreed[terms])
			} else if a.Status != escrow.ApprovalIsPending || q.decision.NumMovements() > 0 {
				t.Fatalf("not confirmed, but %s\n%s", q, l)
			}
		}
	})
}

func checkExecution(t *rapid.T, q *question, a escrow.Approval, agreed map[string]bool) {
	p := q.contract.Policy()
	others := len(agreed)
	if agreed[a.RequestedBy] {
		others--
	}
	switch {
	case a.Status != escrow.ApprovalIsConfirmed || !a.ResolvedAt.Equal(q.now) || len(a.Result) == 0:
		t.Fatalf("executed, but not recorded as confirmed: %s", q)
	case len(agreed) < p.Quorum || len(a.ConfirmedBy) < p.Quorum:
		t.Fatalf("%v agreed, and it takes %d: %s", agreed, p.Quorum, q)
	case p.SeparateDuties && others == 0:
		t.Fatalf("only %s agreed, who asked: %s", a.RequestedBy, q)
	case !slices.Equal(proposalOf(a), movementsOf(&q.decision)):
		t.Fatalf("approved %q, but moved %q: %s", proposalOf(a), movementsOf(&q.decision), q)
	}
}

// G11: approvals are only ever added, end once and never change after; one that is
// pending has not expired, is the only one for its target, and is for something
// that can still be done.
func TestG11ApprovalsEndOnce(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			before, after := q.contract.Approvals(), q.decision.Contract.Approvals()
			for i, a := range after {
				switch {
				case i >= len(before) && (!a.CreatedAt.Equal(q.now) || !a.ExpiresAt.Equal(q.now.Add(q.contract.Policy().ApprovalTTL))):
					t.Fatalf("%s is not as it was asked for: %s\n%s", a.ID, q, l)
				case i < len(before) && before[i].Status != escrow.ApprovalIsPending && !reflect.DeepEqual(a, before[i]):
					t.Fatalf("%s had ended, and is changed: %s\n%s", a.ID, q, l)
				case a.Status == escrow.ApprovalIsPending:
					q.checkPending(t, a)
				case (i >= len(before) || before[i].Status == escrow.ApprovalIsPending) && !a.ResolvedAt.Equal(q.endOf(a)):
					t.Fatalf("%s is %s at %s: %s\n%s", a.ID, a.Status, a.ResolvedAt, q, l)
				}
			}
			if len(after) < len(before) {
				t.Fatalf("approvals are gone: %s\n%s", q, l)
			}
		}
	})
}

// endOf returns when an approval that this question ended has ended.
func (q *question) endOf(a escrow.Approval) time.Time {
	if a.Status == escrow.ApprovalIsExpired {
		return a.ExpiresAt
	}
	return q.now
}

// checkPending checks that a pending approval has its place after a decision.
func (q *question) checkPending(t *rapid.T, a escrow.Approval) {
	c := &q.decision.Contract
	twins := 0
	for _, b := range c.Approvals() {
		if b.Status == escrow.ApprovalIsPending && b.Type == a.Type && b.MilestoneID == a.MilestoneID {
			twins++
		}
	}
	m, _ := milestoneOf(c, a.MilestoneID)
	stands := map[string]bool{"proposal_hire": c.Status() == escrow.Proposed, "contract_end": c.Status() == escrow.Active,
		"milestone_fund": m.Status == escrow.NotFunded, "milestone_approve": m.Status == escrow.ActiveFunded}
	if twins != 1 || !stands[a.Type] || !q.decision.At().Before(a.ExpiresAt) || !a.ResolvedAt.IsZero() {
		t.Fatalf("%s is pending: %s", a.ID, q)
	}
}

// G11: nobody confirms what an approval no longer shows: a confirmation counts
// only while the command, run again, moves the money that the approval shows.
func TestG11StaleApprovals(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			for _, a := range s.contract.Approvals() {
				if a.Status != escrow.ApprovalIsPending {
					continue
				}
				q := asked(s, move{drawConfirm(t, &s, a), drawn(t, trainHumans)})
				if stale := !slices.Equal(proposalOf(a), foreseen(&s.contract, a.Command)); stale && q.accepted() {
					t.Fatalf("stale, but %s\n%s", &q, l)
				} else if !stale && q.reason() == escrow.ApprovalStale {
					t.Fatalf("fresh, but %s\n%s", &q, l)
				}
			}
		}
	})
}

// G11: an approval is never spent after its expiry, whether or not anyone has
// recorded it, and an instant before it is still open.
func TestG11NeverAfterExpiry(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			for _, a := range s.contract.Approvals() {
				if a.Status != escrow.ApprovalIsPending {
					continue
				}
				expired := []escrow.Reason{escrow.ApprovalExpired}
				if s.contract.Status() == escrow.Proposed {
					expired = []escrow.Reason{escrow.DeadlineDue}
				}
				for late := range time.Duration(2) {
					s.now = laterBy(a.ExpiresAt, late)
					checkAnswers(t, s, a, expired)
				}
				s.now = a.ExpiresAt.Add(-1)
				checkAnswers(t, s, a, []escrow.Reason{"", escrow.ApprovalStale, escrow.SeparateDuties, escrow.DispositionRequired})
			}
		}
	})
}

// checkAnswers checks that both answers of a human to an approval end in one of
// the reasons, "" for being accepted.
func checkAnswers(t *rapid.T, s scene, a escrow.Approval, reasons []escrow.Reason) {
	human := drawn(t, trainHumans)
	for _, command := range []escrow.Command{escrow.Confirm{ApprovalID: a.ID}, escrow.DeclineApproval{ApprovalID: a.ID}} {
		if q := asked(s, move{command, human}); !slices.Contains(reasons, q.reason()) {
			t.Fatalf("%s expires at %s: %s", a.ID, a.ExpiresAt, &q)
		}
	}
}

// G11: an approval is for its own terms, money and contract: whatever is changed
// of a stored one, it no longer hangs together.
func TestG11Tampering(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		if n := len(l.contract.Approvals()); n > 0 {
			stored, _ := l.contract.MarshalJSON()
			names := slices.Sorted(maps.Keys(tampers))
			for range 3 {
				checkTampered(t, stored, nth(t, n), drawn(t, names))
			}
		}
	})
}

// checkTampered changes one thing in a stored approval and reads the contract.
func checkTampered(t *rapid.T, stored []byte, at int, name string) {
	var c map[string]any
	if err := json.Unmarshal(stored, &c); err != nil {
		t.Fatal(err)
	}
	a := c["approvals"].([]any)[at].(map[string]any)
	if !tampers[name](a) {
		return
	}
	text, _ := json.Marshal(c)
	_, err := escrow.ParseContract(text)
	if e, ok := err.(*escrow.Error); !ok || e.Reason() != escrow.Malformed {
		t.Fatalf("%s tampered with, but read with %v:\n%s", name, err, text)
	}
}

// tampers change what an approval is for, and report whether there was anything
// to change.
var tampers = map[string]func(map[string]any) bool{
	"hash":        func(a map[string]any) bool { return tamper(a, "hash", strings.Repeat("0", 64)) },
	"contractId":  func(a map[string]any) bool { return tamper(a, "contractId", "job-2") },
	"type":        func(a map[string]any) bool { return tamperBetween(a, "type", "milestone_fund", "milestone_approve") },
	"milestoneId": func(a map[string]any) bool { return a["milestoneId"] != nil && tamper(a, "milestoneId", "m77") },
	"command": func(a map[string]any) bool {
		cmd := a["command"].(map[string]any)
		if m, ok := cmd["milestone"].(map[string]any); ok {
			return tamper(m, "amount", "7")
		} else if list, ok := cmd["dispositions"].([]any); ok && len(list) > 0 {
			return tamperBetween(list[0].(map[string]any), "disposition", "release", "refund")
		}
		return cmd["milestoneId"] != nil && tamper(cmd, "milestoneId", "m77")
	},
	"movement amount": func(a map[string]any) bool { return tamperMove(a, "amount", "7") },
	"movement to":     func(a map[string]any) bool { return tamperMove(a, "to", "treasury") },
	"movement gone":   func(a map[string]any) bool { a["movements"] = a["movements"].([]any)[1:]; return true },
}

func tamper(in map[string]any, key, value string) bool {
	changed := in[key] != value
	in[key] = value
	return changed
}

func tamperBetween(in map[string]any, key, one, other string) bool {
	if in[key] == one {
		return tamper(in, key, other)
	}
	return tamper(in, key, one)
}

func tamperMove(a map[string]any, key, value string) bool {
	return tamper(a["movements"].([]any)[0].(map[string]any), key, value)
}

// G11: an approval that has ended cannot be opened again by rewriting its record:
// its command would move other money now, or none.
func TestG11SpentOnce(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			a, _ := q.decision.Approval()
			if q.decision.Executes == "" || q.decision.Contract.IsTerminal() {
				continue
			}
			s := q.after()
			s.contract = reopened(t, &s.contract, a.ID)
			for _, human := range trainHumans {
				if again := asked(s, move{escrow.Confirm{ApprovalID: a.ID}, human}); again.accepted() {
					t.Fatalf("spent twice: %s\n%s", &again, l)
				}
			}
		}
	})
}

// reopened returns the contract with an approval's record rewritten to pending.
func reopened(t *rapid.T, c *escrow.Contract, id string) escrow.Contract {
	var stored map[string]any
	text, _ := c.MarshalJSON()
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	for _, a := range stored["approvals"].([]any) {
		if a := a.(map[string]any); a["id"] == id {
			a["status"], a["confirmedBy"] = "pending", []string{}
			delete(a, "resolvedAt")
		}
	}
	text, _ = json.Marshal(stored)
	again, err := escrow.ParseContract(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return again
}

// G11: an approval of one contract is unknown to another.
func TestG11NotOnAnotherContract(t *testing.T) {
	everyLifeUnder(t, escrow.OpenTrain, func(t *rapid.T, l *life) {
		approvals := l.contract.Approvals()
		other := drawDraft(t, escrow.OpenTrain)
		other.terms.ID, other.terms.Milestones = "job-2", l.terms.Milestones
		other.contract = escrow.OpenTrain.Draft(other.terms)
		hired := asked(other, move{escrow.Hire{}, trainOwners[0]})
		if len(approvals) == 0 || !hired.accepted() {
			return
		}
		for _, a := range approvals {
			if q := asked(hired.after(), move{escrow.Confirm{ApprovalID: a.ID}, drawn(t, trainHumans)}); q.reason() != escrow.ApprovalNotFound {
				t.Fatalf("an approval of %s: %s", l.contract.ID(), &q)
			}
		}
	})
}

// G12: under every policy that validates, the worker never loses more by
// withdrawing in time than by being absent, and loses strictly less whenever its
// share of the stake is at least one smallest unit.
func TestG12WithdrawingBeatsVanishing(t *testing.T) {
	everyLifeUnder(t, escrow.OpenContract, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			if s.contract.Status() != escrow.Matched || !s.now.Before(s.terms.WithdrawalDeadline) {
				continue
			}
			withdrawn := asked(s, move{escrow.Withdraw{}, escrow.Agent(s.contract.Worker())})
			stake, slash := holdings(&s.contract)["stake"], ratioOf(s.contract.Policy().EarlyWithdrawalSlashRatio)
			s.now = s.terms.DeliveryDeadline
			absent := asked(s, move{escrow.Advance{}, escrow.SystemActor()})
			kept, left := received(&withdrawn, "worker:"), received(&absent, "worker:")
			if stake == nil {
				stake = new(big.Int)
			}
			share := new(big.Int).Mul(stake, new(big.Int).Sub(ratioOne, slash))
			if kept.Cmp(left) < 0 || share.Cmp(ratioOne) >= 0 && kept.Cmp(left) == 0 {
				t.Fatalf("keeps %s of %s by withdrawing, %s by vanishing\n%s", kept, stake, left, l)
			}
		}
	})
}

// received returns what a decision pays to accounts of a kind.
func received(q *question, prefix string) *big.Int {
	sum := new(big.Int)
	for _, m := range q.decision.Movements() {
		if strings.HasPrefix(m.To.String(), prefix) {
			sum.Add(sum, m.Amount.BigInt())
		}
	}
	return sum
}

// Terms that are in order found a contract; those that are not are refused for what
// is wrong with them. With a slash ratio of 1, which G12 forbids, they are not.
func TestFoundingJudgesTerms(t *testing.T) {
	for _, law := range bothLaws {
		t.Run(law.Name(), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := drawDraft(t, law)
				if q := asked(s, drawn(t, rightMoves(t, &s))); q.reason() != s.fault {
					t.Fatalf("want %q: %s", s.fault, &q)
				}
			})
		})
	}
}

// Decide and DecideInto are one engine: the same bytes into a decision that many
// lives have used, and into one whose own contract is asked; a copy of a decision
// stays what it was when the original is used again.
func TestDecideIntoAgrees(t *testing.T) {
	for _, law := range bothLaws {
		t.Run(law.Name(), func(t *testing.T) {
			var r reused
			everyLifeUnder(t, law, func(t *rapid.T, l *life) {
				r.live(t, l)
				chain(t, l)
			})
		})
	}
}

// reused is a decision that is used again and again, and a copy of it from when
// it had many movements.
type reused struct {
	decision, copied escrow.Decision
	text             string
}

// live asks all questions of a life again.
func (r *reused) live(t *rapid.T, l *life) {
	for i := range l.questions {
		q := &l.questions[i]
		want := answerOf(*q)
		if got := answerInto(&r.decision, &q.contract, q); got != want {
			t.Fatalf("%s\ndecided   %s\ninto gave %s", q, want, got)
		}
		if got := answerOf(question{decision: r.copied}); r.text != "" && got != r.text {
			t.Fatalf("the copy was\n%s\nand is\n%s", r.text, got)
		}
		if q.decision.NumMovements() > 4 {
			r.copied, r.text = r.decision, want
		}
	}
}

// chain lives a life in a single decision.
func chain(t *rapid.T, l *life) {
	var d escrow.Decision
	d.Contract = l.questions[0].contract
	for i := range l.questions {
		q, before := &l.questions[i], d
		if got := answerInto(&d, &d.Contract, q); got != answerOf(*q) {
			t.Fatalf("%s\ndecided    %s\nchain gave %s", q, answerOf(*q), got)
		}
		if !q.accepted() {
			d = before
		}
	}
}

// answerInto decides into a decision and returns the answer as bytes.
func answerInto(d *escrow.Decision, c *escrow.Contract, q *question) string {
	err := escrow.DecideInto(d, c, q.command, &q.actor, clockAt(q.now))
	if err != nil {
		return answerOf(question{refusal: err.(*escrow.Error)})
	}
	return answerOf(question{decision: *d})
}

// Explain and Decide agree: what needs no payload is allowed exactly when it
// succeeds, what needs one when it succeeds with one that is in order; the first
// obstacle is what Decide refuses for; and an allowed action leads where it says.
func TestExplainAgrees(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := l.scenes()[nth(t, len(l.scenes()))]
		s.now = drawLater(t, &s)
		for range 5 {
			actor := drawn(t, castOf(&s))
			if right := rightMoves(t, &s); len(right) > 0 && nth(t, 2) == 1 {
				actor = drawn(t, right).actor
			}
			x, err := escrow.Explain(s.contract, actor, clockAt(s.now))
			if err != nil {
				if q := asked(s, move{escrow.Advance{}, actor}); q.accepted() || q.refusal.Error() != err.Error() {
					t.Fatalf("explained %v, but %s", err, &q)
				}
				continue
			}
			for _, o := range x.Options {
				checkExplained(t, s, actor, o)
			}
		}
	})
}

// checkExplained compares an option with what Decide says.
func checkExplained(t *rapid.T, s scene, actor escrow.Actor, o escrow.Option) {
	q := asked(s, move{commandFor(t, &s, o), actor})
	first := escrow.Reason("")
	if len(o.Obstacles) > 0 {
		first = o.Obstacles[0].Reason()
	}
	switch {
	case o.Allowed != (first == ""):
		t.Fatalf("allowed is %v with obstacle %q: %s", o.Allowed, first, &q)
	case o.Action == "end" && q.reason() == escrow.DispositionRequired && o.Allowed:
		// Which milestone is released is payload, and a direct end needs it.
	case q.reason() != first:
		t.Fatalf("%s by %s is explained by %q, but %s", o.Action, actor.ID, first, &q)
	case o.Allowed && o.CoSign == "" && q.decision.To != o.To:
		t.Fatalf("%s leads to %s, but %s", o.Action, o.To, &q)
	case o.Allowed && (o.CoSign != "") != (q.decision.Rule != "AP-1" && q.approvalWaits()):
		t.Fatalf("%s waits for %q, but %s", o.Action, o.CoSign, &q)
	case o.Allowed && !o.Closes.IsZero():
		s.now = o.Closes
		if late := asked(s, q.move); late.accepted() {
			t.Fatalf("%s closes at %s, but %s", o.Action, o.Closes, &late)
		}
	}
}

// approvalWaits reports whether the decision recorded or repeated a request.
func (q *question) approvalWaits() bool {
	a, ok := q.decision.Approval()
	return ok && a.Status == escrow.ApprovalIsPending
}

// commandFor returns the command of an option, with a payload that is in order.
func commandFor(t *rapid.T, s *scene, o escrow.Option) escrow.Command {
	switch o.Action {
	case "fund_milestone":
		return escrow.FundMilestone{MilestoneID: o.Target}
	case "approve_milestone":
		return escrow.ApproveMilestone{MilestoneID: o.Target}
	case "confirm":
		return escrow.Confirm{ApprovalID: o.Target}
	case "decline_approval":
		return escrow.DeclineApproval{ApprovalID: o.Target}
	}
	list := walkCommands(t, s)
	return list[slices.IndexFunc(list, func(c escrow.Command) bool { return c.Action() == o.Action })]
}

// G5: nobody can change what Explain tells others.
func TestG5ExplanationsAreCopied(t *testing.T) {
	draft := trainDraft(nil)
	x, _ := escrow.Explain(draft, trainOwners[0], clockAt(walkEras[0]))
	before, _ := x.MarshalJSON()
	for _, o := range x.Options {
		clear(o.Statuses())
		for _, e := range o.Obstacles {
			scribbleDetails(e)
		}
	}
	x, _ = escrow.Explain(draft, trainOwners[0], clockAt(walkEras[0]))
	if after, _ := x.MarshalJSON(); string(after) != string(before) {
		t.Fatalf("explained\n%s\nand then\n%s", before, after)
	}
}

// G11: with separate duties the one who asked is a human by its id, whatever user
// the actor names besides: the same human is no second one.
func TestG11OneHumanIsOne(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.SeparateDuties = true
	d, err := trainDraft(&p).Hire(escrow.Human("h1", theClient), clockAt(walkEras[0]))
	if err != nil {
		t.Fatal(err)
	}
	alias := escrow.Actor{ID: "h1", Kind: escrow.KindHuman, Account: theClient, User: "somebody"}
	if d, err = d.Contract.Confirm("job-1-ap-1", alias, clockAt(walkEras[0])); err == nil {
		t.Fatalf("h1 asked and alone confirmed: %s", d.Contract.Status())
	}
}

// G10: what is refused does not become what is accepted by being written down.
func TestG10FaultsSurviveStorage(t *testing.T) {
	vote := escrow.Vote{Votes: []escrow.Ballot{{CriterionIndex: -1, Vote: escrow.Met}}}
	if again, err := escrow.OpenContract.ParseCommand(escrow.FormatCommand(vote)); err == nil && !reflect.DeepEqual(again, escrow.Command(vote)) {
		t.Errorf("%v is written as %s", vote, escrow.FormatCommand(vote))
	}
	add := escrow.AddMilestone{Milestone: escrow.MilestoneTerms{ID: "m2", Name: "part", Amount: decimal.NewNullDecimal(decimal.New(-5, 0))}}
	again, err := escrow.OpenTrain.ParseCommand(escrow.FormatCommand(add))
	if err == nil && !again.(escrow.AddMilestone).Milestone.Amount.Decimal.Equal(decimal.New(-5, 0)) {
		t.Errorf("%v is written as %s", add, escrow.FormatCommand(add))
	}
	p := escrow.OpenTrain.DefaultPolicy()
	p.InitiationFee = decimal.New(-1, 0)
	stored, _ := trainDraft(&p).MarshalJSON()
	if c, err := escrow.ParseContract(stored); err == nil {
		if _, err := c.Hire(trainOwners[0], clockAt(walkEras[0])); err == nil {
			t.Errorf("an initiationFee of -1 is refused, and stored as %s", stored)
		}
	}
}

// G10: what a contract at the upper bound holds can be stored and read back.
func TestG10LargeBonds(t *testing.T) {
	p := escrow.OpenContract.DefaultPolicy()
	p.BackupAgentBondRatio, p.BARecruitCount = usualRatios[2], 1
	now := walkEras[0]
	s := scene{now: now, terms: escrow.Terms{ID: "task-1", Client: theClient, Worker: theWorker, Policy: &p, Price: whole(mostUnits, 6),
		TaskDescription: "sum up", AcceptanceCriteria: []string{"short", "true"}, ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect,
		VerificationMode: escrow.Standard, MatchDeadline: now.Add(1), WithdrawalDeadline: now.Add(1), DeliveryDeadline: now.Add(2)}}
	s.contract = escrow.OpenContract.Draft(s.terms)
	vote := escrow.Vote{Votes: []escrow.Ballot{{Vote: escrow.Met}, {CriterionIndex: 1, Vote: escrow.Met}}}
	s = s.then(t, move{escrow.Create{}, escrow.Agent(theClient)}, move{escrow.Accept{}, escrow.Agent(theWorker)},
		move{escrow.Deliver{Delivery: "0xhash"}, escrow.Agent(theWorker)}, move{escrow.Draw{BackupAgents: theJudges[:1]}, escrow.SystemActor()},
		move{vote, escrow.Agent(theJudges[0])})
	stored, _ := s.contract.MarshalJSON()
	if _, err := escrow.ParseContract(stored); err != nil {
		t.Fatalf("%v: %s", err, stored)
	}
}

// G10: an amount with many places before the point and some behind it is within
// the bounds, and can be stored and read back.
func TestG10LargeFractions(t *testing.T) {
	human, at := trainHumans[0], clockAt(walkEras[0])
	m := plainMilestone("m2")
	m.Amount.Decimal = decimal.RequireFromString("123456789012345678901234.56")
	d, err := escrow.Decide(hiredScene(t).contract, escrow.AddMilestone{Milestone: m}, human, at)
	if err != nil {
		t.Fatal(err)
	}
	stored, _ := d.Contract.MarshalJSON()
	if _, err := escrow.ParseContract(stored); err != nil {
		t.Fatalf("%v: %s", err, stored)
	}
}

// G10: a second has fractions: a window with parts of a second is refused at the
// founding, or survives being stored. Both are fine; losing it is not.
func TestG10FractionsOfASecond(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.ApprovalTTL = 1500 * time.Millisecond
	d, err := trainDraft(&p).Hire(trainOwners[0], clockAt(walkEras[0]))
	if err != nil {
		return
	}
	text, _ := d.Contract.MarshalJSON()
	again, err := escrow.ParseContract(text)
	if err != nil || again.Policy().ApprovalTTL != p.ApprovalTTL {
		t.Fatalf("an approvalTTL of %s is stored as %s", p.ApprovalTTL, again.Policy().ApprovalTTL)
	}
}

// trainDraft returns a plain OpenTrain draft under a policy.
func trainDraft(p *escrow.Policy) escrow.Contract {
	return escrow.OpenTrain.Draft(escrow.Terms{ID: "job-1", Client: theClient, Worker: theWorker, Policy: p,
		Milestones: []escrow.MilestoneTerms{{ID: "m1", Name: "first part", Amount: decimal.NewNullDecimal(decimal.New(10, 0))}}})
}
