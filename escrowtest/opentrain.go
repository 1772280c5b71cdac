package escrowtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// OpenTrain returns the play of [escrow.OpenTrain]: contracts of up to five
// milestones, tokens with and without their grants, four humans, under any
// policy that validates.
func OpenTrain() *Play {
	return &Play{
		Lifecycle: escrow.OpenTrain,
		Draft:     trainDraft,
		Cast:      trainCast,
		Moves:     trainMoves,
		Commands:  trainCommands,
		Spoil:     spoilTrain,
		Finish:    map[string]Strategy{"client": ownerFinishes},
		Unreached: append([]string{"reason too_many"}, withoutWire...),
	}
}

// trainHumans are the humans of the client.
var trainHumans = []escrow.Actor{escrow.Human("h1", theClient), escrow.Human("h2", theClient), escrow.Human("h3", theClient), escrow.Human("h4", theClient)}

// fullToken returns an API token of an account that lacks nothing.
func fullToken(id, account, user string) escrow.Actor {
	return escrow.Actor{ID: id, Kind: escrow.KindToken, Account: account, User: user, Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
}

// trainOwners are those who may ask for the client.
var trainOwners = append([]escrow.Actor{fullToken("t1", theClient, "h1"), fullToken("t2", theClient, "")}, trainHumans...)

// trainCast is those who may ask for the client, then those who may not.
var trainCast = func() []escrow.Actor {
	poor, plain, unclaimed := fullToken("t3", theClient, ""), fullToken("t4", theClient, ""), fullToken("t5", theClient, "")
	poor.Scopes, plain.Features, unclaimed.Claimed = []string{"proposals:read", "payments:read"}, nil, false
	return append(slices.Clone(trainOwners),
		poor, plain, unclaimed, fullToken("t6", theRival, "h1"), escrow.Human("h1", theRival), escrow.Human("w1", theWorker),
		escrow.Agent(theWorker), escrow.Agent(theClient), escrow.SystemActor(), escrow.Actor{ID: "s", Kind: escrow.KindSystem, Account: theClient},
		escrow.Actor{})
}()

// trainDraft draws the terms of a hire, one in sixteen with a fault.
func trainDraft(t *rapid.T) Scene {
	now, asset := drawn(t, eras), drawAsset(t)
	m := escrow.MilestoneTerms{ID: "m1", Name: "first part", DueDate: now.Add(time.Hour), Amount: decimal.NewNullDecimal(drawAmount(t, asset))}
	f := escrow.Terms{ID: "job-1", Client: theClient, Worker: theWorker, Asset: asset, Policy: trainPolicy(t, asset),
		Title: "label images", JobID: drawn(t, []string{"job", ""}), ProposalID: "prop", Milestones: []escrow.MilestoneTerms{m}}
	return drafted(t, escrow.OpenTrain, f, now, trainFaults)
}

func trainPolicy(t *rapid.T, asset escrow.Asset) *escrow.Policy {
	p := escrow.OpenTrain.DefaultPolicy()
	p.InitiationFee = decimal.Zero
	if nth(t, 4) > 0 {
		p.InitiationFee = drawAmount(t, asset)
	}
	p.MarketplaceFee = genRatio.Draw(t, "marketplaceFee")
	p.ApprovalTTL = drawn(t, windows)
	p.EndDisposition = drawn(t, []escrow.DispositionChoice{escrow.Refund, escrow.Release, escrow.Choose})
	p.Quorum = drawn(t, []int{1, 1, 2, 3})
	p.SeparateDuties = nth(t, 3) == 2
	p.PayoutReview = drawReview(t, asset)
	return &p
}

// trainMoves are the moves of the client's tokens and humans.
func trainMoves(t *rapid.T, s Scene) []Move {
	moves := dueMoves(t, s, trainCast)
	switch s.Contract.Status() {
	case escrow.Draft:
		return append(moves, byOwner(t, escrow.Hire{})...)
	case escrow.Proposed:
		changed := escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(drawAmount(t, s.Contract.Asset())), Name: drawn(t, []string{"", "other"})}
		moves = append(moves, byOwner(t, escrow.Hire{}, escrow.Hire{Milestone: &changed})...)
		return append(append(moves, answerMoves(t, s)...), answerMoves(t, s)...)
	case escrow.Active:
		return append(moves, activeMoves(t, s)...)
	}
	return moves
}

// byOwner wraps commands into moves of one who may ask for the client.
func byOwner(t *rapid.T, commands ...escrow.Command) (moves []Move) {
	for _, c := range commands {
		moves = append(moves, Move{c, drawn(t, trainOwners)})
	}
	return moves
}

func activeMoves(t *rapid.T, s Scene) []Move {
	moves := answerMoves(t, s)
	if nth(t, 3) == 2 {
		moves = append(append(moves, byOwner(t, escrow.End{})...), Move{escrow.End{Dispositions: drawDispositions(t, s)}, drawn(t, trainHumans)})
	}
	if n := len(s.Contract.Milestones()); n < 5 {
		moves = append(moves, byOwner(t, escrow.AddMilestone{Milestone: drawMilestone(t, s, n+1)})...)
	}
	for _, id := range milestones(&s.Contract, escrow.NotFunded) {
		moves = append(moves, byOwner(t, escrow.FundMilestone{MilestoneID: id}, escrow.FundMilestone{MilestoneID: id})...)
	}
	for _, id := range milestones(&s.Contract, escrow.ActiveFunded) {
		moves = append(moves, byOwner(t, escrow.ApproveMilestone{MilestoneID: id})...)
	}
	return moves
}

// answerMoves are what humans say to the pending approvals.
func answerMoves(t *rapid.T, s Scene) (moves []Move) {
	for _, a := range s.Contract.Approvals() {
		if a.StatusAt(s.Now) != escrow.ApprovalIsPending {
			continue
		}
		confirm := drawConfirm(t, s, a)
		for range 3 {
			moves = append(moves, Move{confirm, drawn(t, trainHumans)}, Move{escrow.Confirm{ApprovalID: a.ID}, drawn(t, trainHumans)})
		}
		if nth(t, 4) == 3 {
			moves = append(moves, Move{escrow.DeclineApproval{ApprovalID: a.ID}, drawn(t, trainHumans)})
		}
	}
	return moves
}

// drawConfirm draws a confirmation, with terms of its own where it may have any.
func drawConfirm(t *rapid.T, s Scene, a escrow.Approval) escrow.Confirm {
	confirm := escrow.Confirm{ApprovalID: a.ID}
	switch a.Command.(type) {
	case escrow.End:
		confirm.Dispositions = drawDispositions(t, s)
	case escrow.Hire:
		if nth(t, 3) == 2 {
			confirm.Milestone = &escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(drawAmount(t, s.Contract.Asset()))}
		}
	}
	return confirm
}

// drawDispositions draws none, some or all dispositions of the funded milestones.
func drawDispositions(t *rapid.T, s Scene) (list []escrow.Disposition) {
	kind := nth(t, 4)
	if kind == 0 && s.Contract.Policy().EndDisposition != escrow.Choose {
		return nil
	}
	for _, id := range milestones(&s.Contract, escrow.ActiveFunded) {
		if kind != 1 || nth(t, 2) == 1 {
			list = append(list, escrow.Disposition{MilestoneID: id, Disposition: drawn(t, []escrow.DispositionChoice{escrow.Refund, escrow.Release})})
		}
	}
	return list
}

// milestones returns the ids of the milestones that stand so.
func milestones(c *escrow.Contract, status escrow.MilestoneStatus) (ids []string) {
	for _, m := range c.Milestones() {
		if m.Status == status {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func drawMilestone(t *rapid.T, s Scene, number int) escrow.MilestoneTerms {
	m := escrow.MilestoneTerms{ID: fmt.Sprintf("m%d", number), Name: "part", Amount: decimal.NewNullDecimal(drawAmount(t, s.Contract.Asset()))}
	if nth(t, 4) == 3 {
		m.Name, m.Description, m.DueDate = "", "some part", laterBy(s.Now, time.Hour)
	}
	return m
}

// trainCommands returns every command of the lifecycle, for every milestone and
// the latest approvals.
func trainCommands(t *rapid.T, s Scene) []escrow.Command {
	list := []escrow.Command{escrow.Advance{}, escrow.Hire{}, escrow.End{}, escrow.AddMilestone{Milestone: drawMilestone(t, s, 50+len(s.Contract.Milestones()))}}
	for _, m := range s.Contract.Milestones() {
		list = append(list, escrow.FundMilestone{MilestoneID: m.ID}, escrow.ApproveMilestone{MilestoneID: m.ID})
	}
	approvals := s.Contract.Approvals()
	for _, a := range approvals[max(0, len(approvals)-4):] {
		list = append(list, drawConfirm(t, s, a), escrow.DeclineApproval{ApprovalID: a.ID})
	}
	return list
}

// ownerFinishes declines a hire, or ends the contract: one human asks, and others
// confirm until they are enough. All name every milestone alike.
func ownerFinishes(s Scene) (Move, time.Time) {
	if s.Contract.Status() == escrow.Proposed {
		return declineHire(s)
	}
	var all []escrow.Disposition
	for _, id := range milestones(&s.Contract, escrow.ActiveFunded) {
		all = append(all, escrow.Disposition{MilestoneID: id, Disposition: escrow.Refund})
	}
	p := s.Contract.Policy()
	if len(all) == 0 || p.Quorum == 1 && !p.SeparateDuties {
		return Move{escrow.End{Dispositions: all}, trainHumans[0]}, s.Now
	}
	return confirmEnd(s, all)
}

// declineHire gets out of a contract that awaits its hire.
func declineHire(s Scene) (Move, time.Time) {
	approvals := s.Contract.Approvals()
	last := approvals[len(approvals)-1]
	if last.StatusAt(s.Now) == escrow.ApprovalIsPending {
		return Move{escrow.DeclineApproval{ApprovalID: last.ID}, trainHumans[0]}, s.Now
	}
	return s.wait(trainHumans[0])
}

// confirmEnd asks for the end in the terms that stand now, unless it is asked for,
// and has the next human confirm who has not.
func confirmEnd(s Scene, all []escrow.Disposition) (Move, time.Time) {
	ask := Move{escrow.End{}, trainHumans[0]}
	for _, a := range s.Contract.Approvals() {
		if a.Type != "contract_end" || a.StatusAt(s.Now) != escrow.ApprovalIsPending {
			continue
		}
		for _, human := range trainHumans {
			confirm := Move{escrow.Confirm{ApprovalID: a.ID, Dispositions: all}, human}
			if human.ID != a.RequestedBy && !slices.Contains(a.ConfirmedBy, human.ID) {
				if stale := s.ask(confirm); stale.Reason == escrow.ApprovalStale {
					return ask, s.Now
				}
				return confirm, s.Now
			}
		}
	}
	return ask, s.Now
}
