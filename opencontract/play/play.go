// Package play is how contracts of OpenContract are played: by the harness
// ([Play]) and by the explorer ([Scope]).
package play

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	oc "github.com/escrow-go/escrow/opencontract"
)

// The accounts of the play.
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

// Play returns the play of OpenContract: tasks of one to ten criteria in both modes
// and both ways of awarding, under any policy that validates.
func Play() *escrowtest.Play {
	p := escrowtest.PlayOf(oc.Lifecycle)
	p.Draft, p.Cast, p.Moves, p.Commands = draft, cast, moves, commands
	p.Finish = map[string]escrowtest.Strategy{oc.Client.Name: clientFinishes, oc.Worker.Name: workerFinishes,
		oc.BackupAgent.Name: func(s escrowtest.Scene) (escrowtest.Move, time.Time) {
			return s.Wait(escrow.Agent(oc.BackupAgents(s.Contract)[0]))
		}}
	p.Unreached = append(p.Unreached, "reason item_exists") // a draw of the same agent twice is refused before
	return p
}

// cast is the parties, then those who only look like one.
var cast = func() []escrow.Actor {
	cast := []escrow.Actor{escrow.Agent(theClient), escrow.Agent(theWorker), escrow.SystemActor(), escrow.Agent(theRival)}
	for _, id := range theJudges {
		cast = append(cast, escrow.Agent(id))
	}
	return append(cast,
		escrow.Human("h1", theClient), escrow.Actor{ID: "tok", Kind: escrow.KindToken, Account: theWorker},
		escrow.Actor{ID: theClient, Kind: escrow.KindSystem}, escrow.Actor{ID: theWorker, Kind: escrow.KindSystem},
		escrow.Actor{ID: theClient, Account: theRival}, escrow.Actor{})
}()

// moves are the moves of the parties of a task.
func moves(t *rapid.T, s escrowtest.Scene) []escrowtest.Move {
	moves := escrowtest.Due(t, s, cast)
	client, worker := escrow.Agent(theClient), escrow.Agent(s.Contract.Account(oc.Worker))
	switch s.Contract.Status() {
	case escrow.Draft:
		return append(moves, escrowtest.Move{Command: oc.Create{}.Command(), Actor: client})
	case oc.Created:
		return append(moves, acceptMoves(s)...)
	case oc.Matched:
		deliver := escrowtest.Move{Command: oc.Deliver{Delivery: "0xhash"}.Command(), Actor: worker}
		return append(moves, deliver, deliver, deliver, deliver, escrowtest.Move{Command: oc.Withdraw{}.Command(), Actor: worker})
	case oc.UnderReview, oc.Disputed:
		if awaitsClient(s) {
			dispute := escrowtest.Move{Command: oc.Dispute{}.Command(), Actor: client}
			return append(moves, dispute, dispute, dispute, escrowtest.Move{Command: oc.Approve{}.Command(), Actor: client})
		}
		return append(moves, juryMoves(t, s)...)
	case oc.Resolved:
		return append(moves, escrowtest.Move{Command: oc.Settle{}.Command(), Actor: escrow.SystemActor()})
	}
	return moves
}

// awaitsClient reports whether a delivery is the client's to judge.
func awaitsClient(s escrowtest.Scene) bool {
	return s.Contract.Status() == oc.UnderReview && oc.VerificationMode.In(s.Contract.View()) == oc.PrivacyPreserving
}

func acceptMoves(s escrowtest.Scene) []escrowtest.Move {
	client, worker := escrow.Agent(theClient), escrow.Agent(theWorker)
	accept := escrowtest.Move{Command: oc.Accept{}.Command(), Actor: worker}
	moves := []escrowtest.Move{accept, accept, accept, accept, accept, accept, {Command: oc.Cancel{}.Command(), Actor: client}}
	if oc.AwardMethod.In(s.Contract.View()) == oc.AwardDirect {
		return append(moves, escrowtest.Move{Command: oc.Decline{}.Command(), Actor: worker})
	}
	return append(moves, escrowtest.Move{Command: oc.Accept{}.Command(), Actor: escrow.Agent(theRival)})
}

// juryMoves are the draw, then the votes of those who have not voted.
func juryMoves(t *rapid.T, s escrowtest.Scene) (moves []escrowtest.Move) {
	agents := oc.BackupAgents(s.Contract)
	if agents == nil {
		return []escrowtest.Move{{Command: oc.Draw{BackupAgents: drawJury(t, s)}.Command(), Actor: escrow.SystemActor()}}
	}
	votes := oc.Votes(s.Contract)
	for _, id := range agents {
		if !slices.ContainsFunc(votes, func(v oc.CastVote) bool { return v.BackupAgent == id }) {
			moves = append(moves, escrowtest.Move{Command: oc.Vote{Ballots: drawBallots(t, s)}.Command(), Actor: escrow.Agent(id)})
		}
	}
	return moves
}

// drawJury draws as many agents as the policy recruits, from anywhere in the
// pool, where the worker of an open tender may come from too.
func drawJury(t *rapid.T, s escrowtest.Scene) (agents []string) {
	first := escrowtest.Nth(t, len(theJudges))
	for i := range theJudges {
		id := theJudges[(first+i)%len(theJudges)]
		if uint64(len(agents)) < oc.BARecruitCount.In(s.Contract.View()) && id != s.Contract.Account(oc.Worker) {
			agents = append(agents, id)
		}
	}
	return agents
}

var verdicts = []string{oc.Met, oc.NotMet, oc.Unclear}

// mood is what backup agents tend to think of a criterion: without it, majorities
// would be rare.
func mood(contract string, criterion int) string {
	h := fnv.New32a()
	fmt.Fprint(h, contract, criterion)
	return verdicts[h.Sum32()%3]
}

// drawBallots draws a complete vote, mostly as the mood is, in either order.
func drawBallots(t *rapid.T, s escrowtest.Scene) []oc.Ballot {
	ballots := make([]oc.Ballot, oc.AcceptanceCriteria.Len(s.Contract.View()))
	for i := range ballots {
		v := mood(s.Contract.ID(), i)
		if other := escrowtest.Nth(t, 12); other >= 9 {
			v = verdicts[other-9]
		}
		ballots[i] = oc.Ballot{CriterionIndex: i, Vote: v}
	}
	if escrowtest.Nth(t, 4) == 3 {
		slices.Reverse(ballots)
	}
	return ballots
}

// commands returns every command of the lifecycle.
func commands(t *rapid.T, s escrowtest.Scene) []escrow.Command {
	return []escrow.Command{escrow.Advance(), oc.Create{}.Command(), oc.Accept{}.Command(), oc.Decline{}.Command(), oc.Cancel{}.Command(),
		oc.Withdraw{}.Command(), oc.Deliver{Delivery: "0xhash"}.Command(), oc.Approve{}.Command(), oc.Dispute{}.Command(),
		oc.Draw{BackupAgents: drawJury(t, s)}.Command(), oc.Vote{Ballots: drawBallots(t, s)}.Command(), oc.Settle{}.Command()}
}

// clientFinishes takes an unmatched task back, approves a delivery, and otherwise
// waits.
func clientFinishes(s escrowtest.Scene) (escrowtest.Move, time.Time) {
	client, v := escrow.Agent(theClient), s.Contract.View()
	switch {
	case s.Contract.Status() == oc.Created && s.Now.Before(oc.MatchDeadline.In(v)):
		return escrowtest.Move{Command: oc.Cancel{}.Command(), Actor: client}, s.Now
	case awaitsClient(s) && s.Now.Before(oc.ReviewDeadline.In(v)):
		return escrowtest.Move{Command: oc.Approve{}.Command(), Actor: client}, s.Now
	}
	return s.Wait(client)
}

// workerFinishes withdraws in time, else delivers in time, and otherwise waits.
func workerFinishes(s escrowtest.Scene) (escrowtest.Move, time.Time) {
	worker, v := escrow.Agent(s.Contract.Account(oc.Worker)), s.Contract.View()
	switch {
	case s.Contract.Status() == oc.Matched && s.Now.Before(oc.WithdrawalDeadline.In(v)):
		return escrowtest.Move{Command: oc.Withdraw{}.Command(), Actor: worker}, s.Now
	case s.Contract.Status() == oc.Matched && s.Now.Before(oc.DeliveryDeadline.In(v)):
		return escrowtest.Move{Command: oc.Deliver{Delivery: "0xhash"}.Command(), Actor: worker}, s.Now
	}
	return s.Wait(worker)
}
