package escrowtest

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// The accounts of the built-in plays.
const (
	theClient = "0xClient"
	theWorker = "0xWorker"
	theRival  = "0xRival"
)

// theJudges are the accounts from which backup agents are drawn.
var theJudges = func() (ids []string) {
	for i := range 17 {
		ids = append(ids, fmt.Sprintf("0xJudge%d", i))
	}
	return ids
}()

// OpenContract returns the play of [escrow.OpenContract]: tasks of one to ten
// criteria in both modes and both ways of awarding, under any policy that
// validates.
func OpenContract() *Play {
	return &Play{
		Lifecycle: escrow.OpenContract,
		Draft:     taskDraft,
		Cast:      taskCast,
		Moves:     taskMoves,
		Commands:  taskCommands,
		Spoil:     spoilTask,
		Finish: map[string]Strategy{
			"client": clientFinishes, "worker": workerFinishes,
			"backup agent": func(s Scene) (Move, time.Time) { return s.waitOrSettle(escrow.Agent(s.Contract.BackupAgents()[0])) },
		},
		// Malformed payloads and amounts out of bounds do not outlive being written down.
		Unreached: append([]string{"reason malformed", "reason amount_bounds"}, withoutWire...),
	}
}

// withoutWire are the refusals that no question in wire form about a contract of a
// known lifecycle gets, and the engine's of itself, which there is none of.
var withoutWire = []string{"reason unknown_lifecycle", "reason unknown_action", "reason unbalanced"}

// taskCast is the parties, then those who only look like one.
var taskCast = func() []escrow.Actor {
	cast := []escrow.Actor{escrow.Agent(theClient), escrow.Agent(theWorker), escrow.SystemActor(), escrow.Agent(theRival)}
	for _, id := range theJudges {
		cast = append(cast, escrow.Agent(id))
	}
	return append(cast,
		escrow.Human("h1", theClient), escrow.Actor{ID: "tok", Kind: escrow.KindToken, Account: theWorker},
		escrow.Actor{ID: theClient, Kind: escrow.KindSystem}, escrow.Actor{ID: theWorker, Kind: escrow.KindSystem},
		escrow.Actor{ID: theClient, Account: theRival}, escrow.Actor{})
}()

// taskDraft draws the terms of a task, one in sixteen with a fault.
func taskDraft(t *rapid.T) Scene {
	now, asset := drawn(t, eras), drawAsset(t)
	if nth(t, 16) == 15 {
		now = lastEra
	}
	f := escrow.Terms{ID: fmt.Sprintf("task-%d", nth(t, 100)), Client: theClient, Worker: theWorker, Asset: asset, Policy: taskPolicy(t, asset),
		Price: drawAmount(t, asset), TaskDescription: "sum up ten papers",
		ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect, VerificationMode: escrow.PrivacyPreserving}
	for i := range drawn(t, []int{3, 1, 2, 4, 10}) {
		f.AcceptanceCriteria = append(f.AcceptanceCriteria, fmt.Sprintf("criterion %d", i))
	}
	if nth(t, 3) == 2 {
		f.VerificationMode = escrow.Standard
	}
	if nth(t, 3) == 2 {
		f.AwardMethod, f.Worker = escrow.AwardOpenTender, ""
	}
	drawDeadlines(t, &f, now)
	return drafted(t, escrow.OpenContract, f, now, taskFaults)
}

// drawDeadlines draws deadlines in order, some of them equal where they may be.
func drawDeadlines(t *rapid.T, f *escrow.Terms, now time.Time) {
	gap := func() time.Duration {
		if now.Equal(lastEra) {
			return drawn(t, gaps[:3])
		}
		return drawn(t, gaps)
	}
	f.MatchDeadline = now.Add(gap())
	f.WithdrawalDeadline = f.MatchDeadline.Add(gap() * time.Duration(nth(t, 2)))
	f.DeliveryDeadline = f.WithdrawalDeadline.Add(gap() * time.Duration(nth(t, 2)))
	if !f.DeliveryDeadline.After(f.MatchDeadline) {
		f.DeliveryDeadline = f.MatchDeadline.Add(time.Nanosecond)
	}
	if f.VerificationMode == escrow.PrivacyPreserving {
		f.ReviewDeadline = f.DeliveryDeadline.Add(gap())
	}
}

func taskPolicy(t *rapid.T, asset escrow.Asset) *escrow.Policy {
	p := escrow.OpenContract.DefaultPolicy()
	p.BARecruitCount = drawn(t, []int{3, 1, 5, 15})
	if nth(t, 4) == 0 {
		return &p
	}
	for _, r := range []*escrow.Ratio{&p.ProtocolFee, &p.WorkerStakeRatio, &p.DisputeBondRatio, &p.BackupAgentBondRatio,
		&p.EarlyWithdrawalSlashRatio, &p.AbsentNoneMetClientShare, &p.BAUnclearSlashRatio} {
		*r = genRatio.Draw(t, "ratio")
	}
	if p.EarlyWithdrawalSlashRatio == ratioOne {
		p.EarlyWithdrawalSlashRatio = ratioNearlyOne
	}
	p.BAVotingWindow = drawn(t, windows)
	p.NoQuorum = drawn(t, []string{"approve", "unclear"})
	p.UnclearCredit = drawn(t, []escrow.Ratio{ratioZero, ratioOne, ratioHalf, ratioThird})
	p.DisputeForfeitTo = drawn(t, []string{"worker", "treasury"})
	p.BackupSlashTo = drawn(t, []string{"treasury", "client"})
	p.TokenMintRewardFull = drawn(t, []decimal.Decimal{decimal.New(10, 0), decimal.Zero, decimal.New(1, -18)})
	p.TokenMintRewardReduced = drawn(t, []decimal.Decimal{decimal.New(4, 0), decimal.Zero})
	p.PayoutReview = drawReview(t, asset)
	return &p
}

// taskMoves are the moves of the parties of a task.
func taskMoves(t *rapid.T, s Scene) []Move {
	moves := dueMoves(t, s, taskCast)
	client, worker := escrow.Agent(theClient), escrow.Agent(s.Contract.Worker())
	switch s.Contract.Status() {
	case escrow.Draft:
		return append(moves, Move{escrow.Create{}, client})
	case escrow.Created:
		return append(moves, acceptMoves(s)...)
	case escrow.Matched:
		deliver := Move{escrow.Deliver{Delivery: "0xhash"}, worker}
		return append(moves, deliver, deliver, deliver, deliver, Move{escrow.Withdraw{}, worker})
	case escrow.UnderReview, escrow.Disputed:
		if s.awaitsClient() {
			dispute := Move{escrow.Dispute{}, client}
			return append(moves, dispute, dispute, dispute, Move{escrow.Approve{}, client})
		}
		return append(moves, juryMoves(t, s)...)
	case escrow.Resolved:
		return append(moves, Move{escrow.Settle{}, escrow.SystemActor()})
	}
	return moves
}

// dueMoves sends advance when a deadline is due.
func dueMoves(t *rapid.T, s Scene, cast []escrow.Actor) []Move {
	if next, ok := escrow.NextDeadline(s.Contract); !ok || s.Now.Before(next.At) {
		return nil
	}
	advance := Move{escrow.Advance{}, drawn(t, cast[:3])}
	return []Move{advance, advance}
}

// awaitsClient reports whether a delivery is the client's to judge.
func (s *Scene) awaitsClient() bool {
	return s.Contract.Status() == escrow.UnderReview && s.Contract.Terms().VerificationMode == escrow.PrivacyPreserving
}

func acceptMoves(s Scene) []Move {
	client, worker := escrow.Agent(theClient), escrow.Agent(theWorker)
	accept := Move{escrow.Accept{}, worker}
	moves := []Move{accept, accept, accept, accept, accept, accept, {escrow.Cancel{}, client}}
	if s.Contract.Terms().AwardMethod == escrow.AwardDirect {
		return append(moves, Move{escrow.Decline{}, worker})
	}
	return append(moves, Move{escrow.Accept{}, escrow.Agent(theRival)})
}

// juryMoves are the draw, then the votes of those who have not voted.
func juryMoves(t *rapid.T, s Scene) (moves []Move) {
	agents := s.Contract.BackupAgents()
	if agents == nil {
		return []Move{{escrow.Draw{BackupAgents: drawJury(t, s)}, escrow.SystemActor()}}
	}
	votes := s.Contract.Votes()
	for _, id := range agents {
		if !slices.ContainsFunc(votes, func(v escrow.CastVote) bool { return v.BackupAgent == id }) {
			moves = append(moves, Move{escrow.Vote{Votes: drawBallots(t, s)}, escrow.Agent(id)})
		}
	}
	return moves
}

// drawJury draws as many agents as the policy recruits, from anywhere in the
// pool, where the worker of an open tender may come from too.
func drawJury(t *rapid.T, s Scene) (agents []string) {
	first := nth(t, len(theJudges))
	for i := range theJudges {
		id := theJudges[(first+i)%len(theJudges)]
		if len(agents) < s.Contract.Policy().BARecruitCount && id != s.Contract.Worker() {
			agents = append(agents, id)
		}
	}
	return agents
}

var verdicts = []escrow.Verdict{escrow.Met, escrow.NotMet, escrow.Unclear}

// mood is what backup agents tend to think of a criterion: without it, majorities
// would be rare.
func mood(contract string, criterion int) escrow.Verdict {
	h := fnv.New32a()
	fmt.Fprint(h, contract, criterion)
	return verdicts[h.Sum32()%3]
}

// drawBallots draws a complete vote, mostly as the mood is, in either order.
func drawBallots(t *rapid.T, s Scene) []escrow.Ballot {
	ballots := make([]escrow.Ballot, len(s.Contract.Terms().AcceptanceCriteria))
	for i := range ballots {
		v := mood(s.Contract.ID(), i)
		if other := nth(t, 12); other >= 9 {
			v = verdicts[other-9]
		}
		ballots[i] = escrow.Ballot{CriterionIndex: i, Vote: v}
	}
	if nth(t, 4) == 3 {
		slices.Reverse(ballots)
	}
	return ballots
}

// taskCommands returns every command of the lifecycle.
func taskCommands(t *rapid.T, s Scene) []escrow.Command {
	return []escrow.Command{escrow.Advance{}, escrow.Create{}, escrow.Accept{}, escrow.Decline{}, escrow.Cancel{}, escrow.Withdraw{},
		escrow.Deliver{Delivery: "0xhash"}, escrow.Approve{}, escrow.Dispute{}, escrow.Draw{BackupAgents: drawJury(t, s)},
		escrow.Vote{Votes: drawBallots(t, s)}, escrow.Settle{}}
}

// clientFinishes takes an unmatched task back, approves a delivery, and otherwise
// waits.
func clientFinishes(s Scene) (Move, time.Time) {
	client, terms := escrow.Agent(theClient), s.Contract.Terms()
	switch {
	case s.Contract.Status() == escrow.Created && s.Now.Before(terms.MatchDeadline):
		return Move{escrow.Cancel{}, client}, s.Now
	case s.awaitsClient() && s.Now.Before(terms.ReviewDeadline):
		return Move{escrow.Approve{}, client}, s.Now
	}
	return s.waitOrSettle(client)
}

// workerFinishes withdraws in time, else delivers in time, and otherwise waits.
func workerFinishes(s Scene) (Move, time.Time) {
	worker, terms := escrow.Agent(s.Contract.Worker()), s.Contract.Terms()
	switch {
	case s.Contract.Status() == escrow.Matched && s.Now.Before(terms.WithdrawalDeadline):
		return Move{escrow.Withdraw{}, worker}, s.Now
	case s.Contract.Status() == escrow.Matched && s.Now.Before(terms.DeliveryDeadline):
		return Move{escrow.Deliver{Delivery: "0xhash"}, worker}, s.Now
	}
	return s.waitOrSettle(worker)
}

// waitOrSettle lets the system settle what is resolved, and otherwise waits for
// the status's deadline.
func (s Scene) waitOrSettle(by escrow.Actor) (Move, time.Time) {
	if s.Contract.Status() == escrow.Resolved {
		return Move{escrow.Settle{}, escrow.SystemActor()}, s.Now
	}
	return s.wait(by)
}
