package escrow_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// G10: every snapshot survives being stored, byte for byte, and a life that is
// stored and read back between any two steps goes the same way, byte for byte.
func TestG10Replay(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		stored, _ := l.Begin.MarshalJSON()
		for _, q := range l.questions {
			again := asked(scene{Contract: reread(t, stored), Now: q.Now}, rereadMove(t, q))
			if again.answer() != q.answer() {
				t.Fatalf("%s\nand from storage %s", q, again)
			}
			if q.accepted() {
				stored, _ = again.decision.Contract.MarshalJSON()
			}
		}
		end := l.Last().Contract
		if last, _ := end.MarshalJSON(); !bytes.Equal(stored, last) {
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
func rereadMove(t *rapid.T, q *question) (m move) {
	if !q.accepted() {
		return q.move
	}
	text, _ := q.Actor.MarshalJSON()
	if err := json.Unmarshal(text, &m.Actor); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	var err error
	if m.Command, err = q.Contract.Lifecycle().ParseCommand(escrow.FormatCommand(q.Command)); err != nil {
		t.Fatalf("%v: %s", err, q)
	}
	return m
}

// G10: what a stored contract says is held must be what its status implies.
func TestG10NothingIsSmuggledIn(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := drawn(t, l.scenes())
		if s.Contract.IsDraft() {
			return
		}
		c := tree(t, &s.Contract)
		held := c["custody"].([]any)
		if len(held) > 0 && drawn(t, []bool{false, true}) {
			c["custody"] = held[1:]
		} else if len(held) == 0 || drawn(t, []bool{false, true}) || !tamper(held[0].(map[string]any), "amount", "7") {
			c["custody"] = append(held, map[string]any{"account": "treasury", "amount": "1"})
		}
		checkMalformed(t, c, "custody")
	})
}

// G10: what is refused does not become what is accepted by being written down.
func TestG10FaultsSurviveStorage(t *testing.T) {
	vote := escrow.Vote{Votes: []escrow.Ballot{{CriterionIndex: -1, Vote: escrow.Met}}}
	if again, err := escrow.OpenContract.ParseCommand(escrow.FormatCommand(vote)); err == nil && !reflect.DeepEqual(again, escrow.Command(vote)) {
		t.Errorf("%v is written as %s", vote, escrow.FormatCommand(vote))
	}
	add := escrow.AddMilestone{Milestone: plainMilestone("m2")}
	add.Milestone.Amount.Decimal = decimal.New(-5, 0)
	again, err := escrow.OpenTrain.ParseCommand(escrow.FormatCommand(add))
	if err == nil && !again.(escrow.AddMilestone).Milestone.Amount.Decimal.Equal(decimal.New(-5, 0)) {
		t.Errorf("%v is written as %s", add, escrow.FormatCommand(add))
	}
	p := escrow.OpenTrain.DefaultPolicy()
	p.InitiationFee = decimal.New(-1, 0)
	draft := plainHire(&p)
	stored, _ := draft.MarshalJSON()
	if c, err := escrow.ParseContract(stored); err == nil {
		if _, err := c.Hire(token, clockAt(today)); err == nil {
			t.Errorf("an initiationFee of -1 is refused, and stored as %s", stored)
		}
	}
}

// G10: what a contract at the upper bound holds can be stored and read back.
func TestG10LargeBonds(t *testing.T) {
	p := escrow.OpenContract.DefaultPolicy()
	p.BackupAgentBondRatio, _ = escrow.ParseRatio("1")
	p.BARecruitCount = 1
	draft := escrow.OpenContract.Draft(escrow.Terms{ID: "task-1", Client: theClient, Worker: theWorker, Policy: &p, Price: decimal.New(1, 30),
		TaskDescription: "sum up", AcceptanceCriteria: []string{"short", "true"}, ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect,
		VerificationMode: escrow.Standard, MatchDeadline: today.Add(1), WithdrawalDeadline: today.Add(1), DeliveryDeadline: today.Add(2)})
	client, worker, judge := escrow.Agent(theClient), escrow.Agent(theWorker), escrow.Agent("0xJudge")
	vote := escrow.Vote{Votes: []escrow.Ballot{{Vote: escrow.Met}, {CriterionIndex: 1, Vote: escrow.Met}}}
	checkStorable(t, then(t, scene{Contract: draft, Now: today}, by(client, escrow.Create{}), by(worker, escrow.Accept{}),
		by(worker, escrow.Deliver{Delivery: "0xhash"}), by(escrow.SystemActor(), escrow.Draw{BackupAgents: []string{judge.ID}}), by(judge, vote)))
}

// G10: an amount with many places before the point and some behind it is within
// the bounds, and can be stored and read back.
func TestG10LargeFractions(t *testing.T) {
	m := plainMilestone("m2")
	m.Amount.Decimal = decimal.RequireFromString("123456789012345678901234.56")
	checkStorable(t, then(t, hired(t), by(humans[0], escrow.AddMilestone{Milestone: m})))
}

// checkStorable checks that a contract can be read back.
func checkStorable(t *testing.T, s scene) {
	stored, _ := s.Contract.MarshalJSON()
	if _, err := escrow.ParseContract(stored); err != nil {
		t.Fatalf("%v: %s", err, stored)
	}
}

// G10: a second has fractions: a window with parts of a second is refused at the
// founding, or survives being stored. Both are fine; losing it is not.
func TestG10FractionsOfASecond(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.ApprovalTTL = 1500 * time.Millisecond
	d, err := plainHire(&p).Hire(token, clockAt(today))
	if err != nil {
		return
	}
	text, _ := d.Contract.MarshalJSON()
	again, err := escrow.ParseContract(text)
	if err != nil || again.Policy().ApprovalTTL != p.ApprovalTTL {
		t.Fatalf("an approvalTTL of %s is stored as %s", p.ApprovalTTL, again.Policy().ApprovalTTL)
	}
}
