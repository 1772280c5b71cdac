package erc8183_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/erc8183"
	"pgregory.net/rapid"
)

// TestPlay: a lifecycle from outside gets the whole harness by a play of its own.
// A backend of jobs would stand where the engine does.
func TestPlay(t *testing.T) {
	escrowtest.Run(t, escrowtest.Engine(), escrowtest.Playing(play()))
}

// play returns how jobs are played.
func play() *escrowtest.Play {
	return &escrowtest.Play{
		Lifecycle: erc8183.Lifecycle(),
		Draft:     draftJob,
		// The parties, then those who only look like one.
		Cast: []escrow.Actor{client, provider, evaluator, escrow.Agent("0xQ"), escrow.SystemActor(),
			escrow.Human("h1", "0xC"), escrow.Human("h2", "0xQ"), {ID: "0xC", Kind: escrow.KindSystem}, {ID: "0xE", Kind: escrow.KindSystem}, {}},
		Moves:    jobMoves,
		Commands: jobCommands,
		Spoil:    spoilJob,
		Finish:   map[string]escrowtest.Strategy{"client": clientFinishes},
		// No question about a contract of a known lifecycle gets the first three; and
		// what the expiry closes, it also decides, so that it is due instead.
		Unreached: []string{"reason unknown_lifecycle", "reason unknown_action", "reason unbalanced", "reason window_closed"},
	}
}

// one draws an element of a list.
func one[E any](t *rapid.T, list ...E) E { return rapid.SampledFrom(list).Draw(t, "one") }

// overcharged is a draft whose fee is more than the whole, as only text can say it.
const overcharged = `{"id": "job_1", "lifecycle": "erc8183", "client": "0xC", "policy": {"protocolFee": "1.5"}, "data": {"evaluator": "0xE", "expiry": "2026-06-03T00:00:00Z"}}`

// draftJob draws the terms of a job, one in sixteen with a fault.
func draftJob(t *rapid.T) escrowtest.Scene {
	policy := erc8183.Lifecycle().DefaultPolicy()
	policy.ProtocolFee = escrowtest.Ratios().Draw(t, "fee")
	job := erc8183.Job{Evaluator: one(t, "0xE", "0xE", "0xC"), Expiry: start.Add(one(t, 48*time.Hour, time.Second, time.Nanosecond))}
	terms := escrow.Terms{ID: "job_1", Client: "0xC", Policy: &policy, Asset: escrow.Asset{Code: "USDC", Scale: one[uint8](t, 6, 0, 18)}}
	switch rapid.IntRange(0, 63).Draw(t, "fault") {
	case 60:
		job.Evaluator = ""
	case 61:
		job.Budget = "5"
	case 62:
		job.Expiry = start
	case 63:
		c, err := escrow.ParseContract([]byte(overcharged), erc8183.Lifecycle())
		if err != nil {
			t.Fatal(err)
		}
		return escrowtest.Scene{Contract: c, Now: start}
	}
	terms.Data = job
	return escrowtest.Scene{Contract: erc8183.Lifecycle().Draft(terms), Now: start}
}

// jobMoves returns what the parties might ask for, the likelier the more often.
func jobMoves(t *rapid.T, s escrowtest.Scene) (moves []escrowtest.Move) {
	add := func(actor escrow.Actor, commands ...escrow.Command) {
		for _, c := range commands {
			moves = append(moves, escrowtest.Move{Command: c, Actor: actor})
		}
	}
	if next, ok := escrow.NextDeadline(s.Contract); ok && !s.Now.Before(next.At) {
		add(one(t, client, provider), escrow.Advance{}, escrow.Advance{})
	}
	job := s.Contract.Data().(erc8183.Job)
	judge := escrow.Agent(job.Evaluator)
	switch s.Contract.Status() {
	case escrow.Draft:
		add(client, erc8183.CreateJob{})
	case erc8183.Open:
		fund := erc8183.Fund{ExpectedBudget: job.Budget}
		add(client, erc8183.SetProvider{Provider: one(t, "0xP", "0xQ")}, newBudget(t, s), fund, fund, fund, erc8183.Reject{})
		if s.Contract.Worker() != "" {
			add(escrow.Agent(s.Contract.Worker()), newBudget(t, s))
		}
	case erc8183.Funded:
		submit := erc8183.Submit{Deliverable: "ipfs://x"}
		add(escrow.Agent(s.Contract.Worker()), submit, submit)
		add(judge, erc8183.Reject{})
	case erc8183.Submitted:
		add(judge, erc8183.Complete{}, erc8183.Reject{})
	}
	return moves
}

func newBudget(t *rapid.T, s escrowtest.Scene) erc8183.SetBudget {
	return erc8183.SetBudget{Budget: escrowtest.Amounts(s.Contract.Asset()).Draw(t, "budget").String()}
}

// jobCommands returns every command of the lifecycle.
func jobCommands(t *rapid.T, s escrowtest.Scene) []escrow.Command {
	return []escrow.Command{escrow.Advance{}, erc8183.CreateJob{}, erc8183.SetProvider{Provider: "0xQ"}, newBudget(t, s),
		erc8183.Fund{ExpectedBudget: s.Contract.Data().(erc8183.Job).Budget}, erc8183.Submit{Deliverable: "ipfs://y"}, erc8183.Complete{}, erc8183.Reject{}}
}

// spoilJob returns a command with a payload that is not in order.
func spoilJob(t *rapid.T, _ escrowtest.Scene, command escrow.Command) escrow.Command {
	amount := one(t, "", "x", "-1", "0", "1e5", "0.0000000000000000001", "1000000000000000000000000000000000001")
	switch command.(type) {
	case erc8183.SetProvider:
		return erc8183.SetProvider{Provider: one(t, "", "two words")}
	case erc8183.SetBudget:
		return erc8183.SetBudget{Budget: amount}
	case erc8183.Fund:
		return erc8183.Fund{ExpectedBudget: amount}
	}
	return command
}

// clientFinishes rejects a job that it has not funded, and otherwise waits for the
// expiry.
func clientFinishes(s escrowtest.Scene) (escrowtest.Move, time.Time) {
	next, waits := escrow.NextDeadline(s.Contract)
	switch {
	case !waits:
		return escrowtest.Move{Command: erc8183.Reject{}, Actor: client}, s.Now
	case s.Now.After(next.At):
		return escrowtest.Move{Command: escrow.Advance{}, Actor: client}, s.Now
	}
	return escrowtest.Move{Command: escrow.Advance{}, Actor: client}, next.At
}
