package escrow_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"pgregory.net/rapid"
)

// Milestones only move forward, keep their terms once the hire is agreed, and are
// numbered as they were added.
func TestG10MilestonesMoveForward(t *testing.T) {
	forward := map[escrow.MilestoneStatus][]escrow.MilestoneStatus{
		escrow.NotFunded: {escrow.ActiveFunded, escrow.Cancelled}, escrow.ActiveFunded: {escrow.Paid, escrow.Refunded}}
	everyLifeOf(t, trainPlay, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			after := q.decision.Contract.Milestones()
			for i, was := range q.Contract.Milestones() {
				is := after[i]
				moved := is.Status != was.Status && !slices.Contains(forward[was.Status], is.Status)
				is.Status = was.Status
				if moved || is != was && q.Contract.Status() != escrow.Proposed || is.Number != i+1 {
					t.Fatalf("milestone %v became %v: %s", was, after[i], q)
				}
			}
		}
	})
}

// G11: approvals end once and never change after; each was asked for and has ended
// when it says; one that is pending is for something that can still be done.
func TestG11ApprovalsEndOnce(t *testing.T) {
	everyLifeOf(t, trainPlay, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			before := q.Contract.Approvals()
			for i, a := range q.decision.Contract.Approvals() {
				was := escrow.Approval{Status: escrow.ApprovalIsPending}
				if i < len(before) {
					was = before[i]
				}
				switch {
				case was.ID == "" && !(a.CreatedAt.Equal(q.Now) && a.ExpiresAt.Equal(q.Now.Add(q.Contract.Policy().ApprovalTTL))):
					t.Fatalf("%s is not as it was asked for: %s", a.ID, q)
				case was.Status != escrow.ApprovalIsPending && !reflect.DeepEqual(a, was):
					t.Fatalf("%s had ended, and is changed: %s", a.ID, q)
				case a.Status == escrow.ApprovalIsPending && !(a.ResolvedAt.IsZero() && stands(&q.decision.Contract, a)):
					t.Fatalf("%s is pending: %s", a.ID, q)
				case a.Status != was.Status && !a.ResolvedAt.Equal(endOf(a, q.Now)):
					t.Fatalf("%s is %s at %s: %s", a.ID, a.Status, a.ResolvedAt, q)
				}
			}
		}
	})
}

// endOf returns when an approval has ended that a decision ended.
func endOf(a escrow.Approval, now time.Time) time.Time {
	if a.Status == escrow.ApprovalIsExpired {
		return a.ExpiresAt
	}
	return now
}

// stands reports whether what an approval is for can still be done.
func stands(c *escrow.Contract, a escrow.Approval) bool {
	var m escrow.Milestone
	for _, known := range c.Milestones() {
		if known.ID == a.MilestoneID {
			m = known
		}
	}
	return map[string]bool{"proposal_hire": c.Status() == escrow.Proposed, "contract_end": c.Status() == escrow.Active,
		"milestone_fund": m.Status == escrow.NotFunded, "milestone_approve": m.Status == escrow.ActiveFunded}[a.Type]
}

// everyPending checks a property of every approval that is pending in a life.
func everyPending(t *testing.T, property func(*rapid.T, scene, escrow.Approval)) {
	everyLifeOf(t, trainPlay, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			for _, a := range s.Contract.Approvals() {
				if a.Status == escrow.ApprovalIsPending {
					property(t, s, a)
				}
			}
		}
	})
}

// G11: nobody confirms what an approval no longer shows, and everybody what it
// does: only the end of a contract can come to move other money than it showed,
// and does when other milestones are funded.
func TestG11StaleApprovals(t *testing.T) {
	everyPending(t, func(t *rapid.T, s scene, a escrow.Approval) {
		stale := a.Type == "contract_end" && !paysOut(a.Movements, s.Contract.Custody())
		q := asked(s, by(drawn(t, humans), escrow.Confirm{ApprovalID: a.ID}))
		if stale && q.accepted() || !stale && q.reason() == escrow.ApprovalStale {
			t.Fatalf("stale is %v, but %s", stale, q)
		}
	})
}

// paysOut reports whether movements pay out just what is held.
func paysOut(moves []escrow.Movement, held []escrow.Holding) bool {
	return slices.EqualFunc(moves, held, func(m escrow.Movement, h escrow.Holding) bool {
		return m.From == h.Account && m.Amount == h.Amount
	})
}

// G11: an approval is never spent after its expiry, whether or not anyone has
// recorded it, and an instant before it is still open.
func TestG11NeverAfterExpiry(t *testing.T) {
	everyPending(t, func(t *rapid.T, s scene, a escrow.Approval) {
		expired := escrow.ApprovalExpired
		if s.Contract.Status() == escrow.Proposed {
			expired = escrow.DeadlineDue
		}
		checkAnswers(t, at(s, a.ExpiresAt), a, expired)
		if a.ExpiresAt.Before(endOfTime) {
			checkAnswers(t, at(s, a.ExpiresAt.Add(1)), a, expired)
		}
		checkAnswers(t, at(s, a.ExpiresAt.Add(-1)), a, "", escrow.ApprovalStale, escrow.SeparateDuties, escrow.DispositionRequired)
	})
}

// checkAnswers checks that both answers of a human to an approval end in one of
// the reasons, "" for being accepted.
func checkAnswers(t *rapid.T, s scene, a escrow.Approval, reasons ...escrow.Reason) {
	human := drawn(t, humans)
	for _, command := range []escrow.Command{escrow.Confirm{ApprovalID: a.ID}, escrow.DeclineApproval{ApprovalID: a.ID}} {
		if q := asked(s, by(human, command)); !slices.Contains(reasons, q.reason()) {
			t.Fatalf("%s expires at %s: %s", a.ID, a.ExpiresAt, q)
		}
	}
}

// G11: an approval is for its own terms, money and contract: whatever is changed
// of a stored one, it no longer hangs together.
func TestG11Tampering(t *testing.T) {
	names := slices.Sorted(maps.Keys(tampers))
	everyLifeOf(t, trainPlay, func(t *rapid.T, l *life) {
		c := l.Last().Contract
		if len(c.Approvals()) == 0 {
			return
		}
		for range 3 {
			name := drawn(t, names)
			stored := tree(t, &c)
			if tampers[name](drawn(t, stored["approvals"].([]any)).(map[string]any)) {
				checkMalformed(t, stored, name)
			}
		}
	})
}

// tree returns a contract as it is stored, to be tampered with.
func tree(t *rapid.T, c *escrow.Contract) (stored map[string]any) {
	text, _ := c.MarshalJSON()
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	return stored
}

// checkMalformed checks that a stored contract cannot be read.
func checkMalformed(t *rapid.T, stored map[string]any, what string) {
	text, _ := json.Marshal(stored)
	_, err := escrow.ParseContract(text)
	if e, ok := err.(*escrow.Error); !ok || e.Reason() != escrow.Malformed {
		t.Fatalf("%s tampered with, but read with %v:\n%s", what, err, text)
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
	everyLifeOf(t, trainPlay, func(t *rapid.T, l *life) {
		for _, q := range l.accepted() {
			a, _ := q.decision.Approval()
			if q.decision.Executes == "" || q.decision.Contract.IsTerminal() {
				continue
			}
			s := q.after()
			s.Contract = reopened(t, &s.Contract, a.ID)
			for _, human := range humans {
				if again := asked(s, by(human, escrow.Confirm{ApprovalID: a.ID})); again.accepted() {
					t.Fatalf("spent twice: %s", again)
				}
			}
		}
	})
}

// reopened returns the contract with an approval's record rewritten to pending.
func reopened(t *rapid.T, c *escrow.Contract, id string) escrow.Contract {
	stored := tree(t, c)
	for _, a := range stored["approvals"].([]any) {
		if a := a.(map[string]any); a["id"] == id {
			a["status"], a["confirmedBy"] = "pending", []string{}
			delete(a, "resolvedAt")
		}
	}
	text, _ := json.Marshal(stored)
	again, err := escrow.ParseContract(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return again
}

// G11: an approval of one contract is unknown to another.
func TestG11NotOnAnotherContract(t *testing.T) {
	everyLifeOf(t, trainPlay, func(t *rapid.T, l *life) {
		other := escrowtest.Drafts(trainPlay).Draw(t, "other")
		terms := other.Contract.Terms()
		terms.ID, terms.Milestones = "job-2", l.Begin.Terms().Milestones
		other.Contract = escrow.OpenTrain.Draft(terms)
		hired := asked(other, by(token, escrow.Hire{}))
		c := l.Last().Contract
		if !hired.accepted() {
			return
		}
		for _, a := range c.Approvals() {
			q := asked(hired.after(), by(drawn(t, humans), escrow.Confirm{ApprovalID: a.ID}))
			if q.reason() != escrow.ApprovalNotFound {
				t.Fatalf("an approval of %s: %s", c.ID(), q)
			}
		}
	})
}

// G11: with separate duties the one who asked is a human by its id, whatever user
// the actor names besides: the same human is no second one.
func TestG11OneHumanIsOne(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.SeparateDuties = true
	s := then(t, scene{Contract: plainHire(&p), Now: today}, by(humans[0], escrow.Hire{}))
	alias := humans[0]
	alias.User = "somebody"
	if q := asked(s, by(alias, escrow.Confirm{ApprovalID: "job-1-ap-1"})); q.accepted() {
		t.Fatalf("%s asked and alone confirmed: %s", alias.ID, q)
	}
}
