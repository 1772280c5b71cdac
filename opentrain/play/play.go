// Package play is how contracts of OpenTrain are played: by the harness ([Play]) and
// by the explorer ([Scope]).
package play

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	ot "github.com/escrow-go/escrow/opentrain"
)

// The accounts of the play.
const (
	theClient = "0xClient"
	theWorker = "0xWorker"
	theRival  = "0xRival"
)

// Play returns the play of OpenTrain: contracts of up to five milestones, tokens
// with and without their grants, four humans, under any policy that validates.
func Play() *escrowtest.Play {
	p := escrowtest.PlayOf(ot.Lifecycle)
	p.Draft, p.Cast, p.Moves, p.Commands = draft, cast, moves, commands
	spoil := p.Spoil
	p.Spoil = func(t *rapid.T, s escrowtest.Scene, c escrow.Command) escrow.Command {
		if escrowtest.Nth(t, 2) == 0 {
			return spoil(t, s, c)
		}
		return spoilt(t, s, c)
	}
	p.Finish = map[string]escrowtest.Strategy{ot.Client.Name: ownerFinishes}
	p.Unreached = append(p.Unreached, "reason item_exists") // milestone_exists comes before
	return p
}

// people are the humans of the client.
var people = []escrow.Actor{escrow.Human("h1", theClient), escrow.Human("h2", theClient), escrow.Human("h3", theClient), escrow.Human("h4", theClient)}

// fullToken returns an API token of an account that lacks nothing.
func fullToken(id, account, user string) escrow.Actor {
	return escrow.Actor{ID: id, Kind: escrow.KindToken, Account: account, User: user, Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
}

// owners are those who may ask for the client.
var owners = append([]escrow.Actor{fullToken("t1", theClient, "h1"), fullToken("t2", theClient, "")}, people...)

// cast is those who may ask for the client, then those who may not.
var cast = func() []escrow.Actor {
	poor, plain, unclaimed := fullToken("t3", theClient, ""), fullToken("t4", theClient, ""), fullToken("t5", theClient, "")
	poor.Scopes, plain.Features, unclaimed.Claimed = []string{"proposals:read", "payments:read"}, nil, false
	return append(slices.Clone(owners),
		poor, plain, unclaimed, fullToken("t6", theRival, "h1"), escrow.Human("h1", theRival), escrow.Human("w1", theWorker),
		escrow.Agent(theWorker), escrow.Agent(theClient), escrow.SystemActor(), escrow.Actor{ID: "s", Kind: escrow.KindSystem, Account: theClient},
		escrow.Actor{})
}()

// moves are the moves of the client's tokens and humans.
func moves(t *rapid.T, s escrowtest.Scene) []escrowtest.Move {
	moves := escrowtest.Due(t, s, cast)
	switch s.Contract.Status() {
	case escrow.Draft:
		return append(moves, byOwner(t, ot.Hire{}.Command())...)
	case ot.Proposed:
		changed := ot.Changes{Amount: amount(t, s.Contract.Asset()), Name: escrowtest.Drawn(t, []string{"", "other"})}
		moves = append(moves, byOwner(t, ot.Hire{}.Command(), ot.Hire{Changes: &changed}.Command())...)
		return append(append(moves, answers(t, s)...), answers(t, s)...)
	case ot.Active:
		return append(moves, activeMoves(t, s)...)
	}
	return moves
}

// byOwner wraps commands into moves of one who may ask for the client.
func byOwner(t *rapid.T, commands ...escrow.Command) (moves []escrowtest.Move) {
	for _, c := range commands {
		moves = append(moves, escrowtest.Move{Command: c, Actor: escrowtest.Drawn(t, owners)})
	}
	return moves
}

func activeMoves(t *rapid.T, s escrowtest.Scene) []escrowtest.Move {
	moves := answers(t, s)
	if escrowtest.Nth(t, 3) == 2 {
		own := escrowtest.Move{Command: ot.End{Dispositions: dispositions(t, s)}.Command(), Actor: escrowtest.Drawn(t, people)}
		moves = append(append(moves, byOwner(t, ot.End{}.Command())...), own)
	}
	if n := len(ot.Milestones(s.Contract)); n < 5 {
		moves = append(moves, byOwner(t, ot.AddMilestone{Milestone: milestone(t, s, n+1)}.Command())...)
	}
	for _, id := range milestones(s.Contract, ot.NotFunded) {
		fund := ot.FundMilestone{MilestoneID: id}.Command()
		moves = append(moves, byOwner(t, fund, fund)...)
	}
	for _, id := range milestones(s.Contract, ot.ActiveFunded) {
		moves = append(moves, byOwner(t, ot.ApproveMilestone{MilestoneID: id}.Command())...)
	}
	return moves
}

// answers are what humans say to the pending approvals.
func answers(t *rapid.T, s escrowtest.Scene) (moves []escrowtest.Move) {
	say := func(c escrow.Command) {
		moves = append(moves, escrowtest.Move{Command: c, Actor: escrowtest.Drawn(t, people)})
	}
	for _, a := range s.Contract.Approvals() {
		if a.StatusAt(s.Now) != escrow.ApprovalIsPending {
			continue
		}
		own := confirm(t, s, a)
		for range 3 {
			say(own)
			say(escrow.Confirm(a.ID, escrowtest.Drawn(t, []string{"", a.Hash})))
		}
		switch escrowtest.Nth(t, 8) {
		case 5:
			say(escrow.RevokeConfirmation(a.ID))
		case 6, 7:
			say(escrow.DeclineApproval(a.ID, ""))
		}
	}
	return moves
}

// confirm returns a confirmation, now and then with terms of its person's own.
func confirm(t *rapid.T, s escrowtest.Scene, a escrow.Approval) escrow.Command {
	cmd := ot.Confirm{ApprovalID: a.ID}
	switch {
	case a.Type == "contract_end" && escrowtest.Nth(t, 2) == 1:
		cmd.Dispositions = dispositions(t, s)
	case a.Type == "proposal_hire" && escrowtest.Nth(t, 3) == 2:
		cmd.Milestone = &ot.Changes{Amount: amount(t, s.Contract.Asset())}
	}
	return cmd.Command()
}

// dispositions names all funded milestones, or some.
func dispositions(t *rapid.T, s escrowtest.Scene) []ot.Disposition {
	list := []ot.Disposition{}
	all := escrowtest.Nth(t, 4) != 1
	for _, id := range milestones(s.Contract, ot.ActiveFunded) {
		if all || escrowtest.Nth(t, 2) == 1 {
			list = append(list, ot.Disposition{MilestoneID: id, Disposition: escrowtest.Drawn(t, []ot.DispositionChoice{ot.Refund, ot.Release})})
		}
	}
	return list
}

// milestones returns the ids of the milestones that stand so.
func milestones(c escrow.Contract, status string) (ids []string) {
	for _, m := range ot.Milestones(c) {
		if m.Status == status {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func milestone(t *rapid.T, s escrowtest.Scene, number int) ot.MilestoneTerms {
	m := ot.MilestoneTerms{ID: fmt.Sprintf("m%d", number), Name: "part", Amount: amount(t, s.Contract.Asset())}
	if escrowtest.Nth(t, 4) == 3 {
		m.Name, m.Description, m.DueDate = "", "some part", s.Now
	}
	return m
}

func amount(t *rapid.T, asset escrow.Asset) decimal.NullDecimal {
	return decimal.NewNullDecimal(escrowtest.Amounts(asset).Draw(t, "amount"))
}

// commands returns every command of the lifecycle, for every milestone and the
// latest approvals.
func commands(t *rapid.T, s escrowtest.Scene) []escrow.Command {
	list := []escrow.Command{escrow.Advance(), ot.Hire{}.Command(), ot.End{}.Command(),
		ot.AddMilestone{Milestone: milestone(t, s, 50+len(ot.Milestones(s.Contract)))}.Command()}
	for _, m := range ot.Milestones(s.Contract) {
		list = append(list, ot.FundMilestone{MilestoneID: m.ID}.Command(), ot.ApproveMilestone{MilestoneID: m.ID}.Command())
	}
	approvals := s.Contract.Approvals()
	for _, a := range approvals[max(0, len(approvals)-4):] {
		list = append(list, confirm(t, s, a), escrow.DeclineApproval(a.ID, ""), escrow.RevokeConfirmation(a.ID))
	}
	return list
}

// ownerFinishes declines a hire, or ends the contract: one human asks, and others
// confirm until they are enough. All name every milestone alike.
func ownerFinishes(s escrowtest.Scene) (escrowtest.Move, time.Time) {
	if s.Contract.Status() == ot.Proposed {
		return declineHire(s)
	}
	all := []ot.Disposition{}
	for _, id := range milestones(s.Contract, ot.ActiveFunded) {
		all = append(all, ot.Disposition{MilestoneID: id, Disposition: ot.Refund})
	}
	v := s.Contract.View()
	if len(all) == 0 {
		return escrowtest.Move{Command: ot.End{}.Command(), Actor: people[0]}, s.Now
	}
	if ot.Quorum.In(v) == 1 && !ot.SeparateDuties.In(v) {
		return escrowtest.Move{Command: ot.End{Dispositions: all}.Command(), Actor: people[0]}, s.Now
	}
	return confirmEnd(s, all)
}

// declineHire gets out of a contract that awaits its hire.
func declineHire(s escrowtest.Scene) (escrowtest.Move, time.Time) {
	approvals := s.Contract.Approvals()
	last := approvals[len(approvals)-1]
	if last.StatusAt(s.Now) == escrow.ApprovalIsPending {
		return escrowtest.Move{Command: escrow.DeclineApproval(last.ID, last.Hash), Actor: people[0]}, s.Now
	}
	return s.Wait(people[0])
}

// confirmEnd asks for the end in the terms that stand now, unless it is asked for,
// and has the next human confirm who has not.
func confirmEnd(s escrowtest.Scene, all []ot.Disposition) (escrowtest.Move, time.Time) {
	ask := escrowtest.Move{Command: ot.End{}.Command(), Actor: people[0]}
	for _, a := range s.Contract.Approvals() {
		if a.Type != "contract_end" || a.Account != theClient || a.StatusAt(s.Now) != escrow.ApprovalIsPending {
			continue
		}
		for _, human := range people {
			confirm := escrowtest.Move{Command: ot.Confirm{ApprovalID: a.ID, Dispositions: all}.Command(), Actor: human}
			if human.ID == a.RequestedBy || slices.Contains(a.ConfirmedBy, human.ID) {
				continue
			}
			if _, err := escrow.Decide(s.Contract, confirm.Command, human, escrow.At(s.Now)); isStale(err) {
				return ask, s.Now
			}
			return confirm, s.Now
		}
	}
	return ask, s.Now
}

func isStale(err error) bool {
	e, ok := err.(*escrow.Error)
	return ok && e.Reason() == escrow.ApprovalStale
}
