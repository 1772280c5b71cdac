package escrow_test

import (
	"encoding/json"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
)

// written is a value as JSON, which must be possible.
func written(t *rapid.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// answer is all that follows from a question, as JSON.
func answer(c escrow.Contract, q question) string {
	d, err := escrow.Decide(c, q.cmd, q.who, escrow.At(q.now))
	return string(escrow.AppendAnswer(nil, &d, err))
}

// TestPurity: the same question has the same answer, byte for byte, and nothing that
// was passed is changed; in memory that is used again, too.
func TestPurity(t *testing.T) {
	live(t, 12, func(t *rapid.T, _ asking, c escrow.Contract, q question) {
		before, cmd, who := written(t, c), written(t, q.cmd), written(t, q.who)
		first := answer(c, q)
		if second := answer(c, q); first != second {
			t.Fatalf("%s\n%s", first, second)
		}
		var d escrow.Decision
		for range 3 {
			err := escrow.DecideInto(&d, &c, q.cmd, &q.who, escrow.At(q.now))
			if into := string(escrow.AppendAnswer(nil, &d, err)); into != first {
				t.Fatalf("into:\n%s\nwant:\n%s", into, first)
			}
		}
		if _, err := escrow.Explain(c, q.who, escrow.At(q.now)); err != nil {
			t.Fatal(err)
		}
		if before != written(t, c) || cmd != written(t, q.cmd) || who != written(t, q.who) {
			t.Fatalf("%s changed what it was given", q.cmd.Action())
		}
	})
}

// TestReplay: a contract that goes through storage after every decision decides as
// one that does not.
func TestReplay(t *testing.T) {
	live(t, 12, func(t *rapid.T, l asking, c escrow.Contract, q question) {
		text := written(t, c)
		stored, err := escrow.ReadStored([]byte(text), c.Lifecycle())
		if c.IsDraft() {
			stored, err = escrow.ParseContract([]byte(text), c.Lifecycle())
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if again := written(t, stored); again != text {
			t.Fatalf("%s\n%s", text, again)
		}
		// A draft that no founding takes is refused for the same, in words for what was read.
		if lived, replayed := answer(c, q), answer(stored, q); lived != replayed && !(c.IsDraft() && alike(c, stored, q)) {
			t.Fatalf("%s\n%s", lived, replayed)
		}
		if c.Digest() != stored.Digest() {
			t.Fatal("the digests differ")
		}
	})
}

// alike reports whether a question is refused for the same reason, at the same place.
func alike(c, stored escrow.Contract, q question) bool {
	var a, b *escrow.Error
	_, err := escrow.Decide(c, q.cmd, q.who, escrow.At(q.now))
	_, err2 := escrow.Decide(stored, q.cmd, q.who, escrow.At(q.now))
	return errors.As(err, &a) && errors.As(err2, &b) && a.Reason() == b.Reason() && a.Rule() == b.Rule() && a.Details()["field"] == b.Details()["field"]
}

// TestTimeIsIdempotent: being late, and looking on the way, changes neither money nor
// status nor when things happened.
func TestTimeIsIdempotent(t *testing.T) {
	live(t, 12, func(t *rapid.T, _ asking, c escrow.Contract, q question) {
		jumped, _, err := escrow.AsOf(c, q.now)
		if err != nil {
			t.Fatal(err)
		}
		stepped := c
		for _, at := range c.Moments() {
			if !at.After(q.now) {
				if stepped, _, err = escrow.AsOf(stepped, at); err != nil {
					t.Fatal(err)
				}
			}
		}
		stepped, _, err = escrow.AsOf(stepped, q.now)
		if err != nil {
			t.Fatal(err)
		}
		if jumped.Status() != stepped.Status() || held(jumped) != held(stepped) || !jumped.EnteredAt().Equal(stepped.EnteredAt()) {
			t.Fatalf("jumped: %s\nstepped: %s", written(t, jumped), written(t, stepped))
		}
		again, made, err := escrow.AsOf(jumped, q.now)
		if err != nil || len(made) > 0 || again != jumped {
			t.Fatalf("a second time: %v, %d decisions", err, len(made))
		}
	})
}

// TestRefusalsAreInert: a refusal has no decision, and is one of the known.
func TestRefusalsAreInert(t *testing.T) {
	live(t, 12, func(t *rapid.T, _ asking, c escrow.Contract, q question) {
		d, err := escrow.Decide(c, q.cmd, q.who, escrow.At(q.now))
		if err == nil {
			return
		}
		var e *escrow.Error
		if !errors.As(err, &e) || e.Code() == escrow.InternalError && e.Reason() != escrow.RuleFailed || e.Code().HTTP() == 0 {
			t.Fatalf("%v", err)
		}
		if written(t, d) != "null" || d.NumMovements() > 0 {
			t.Fatalf("a refusal decides %s", written(t, d))
		}
	})
}

// TestMoneyIsConserved: what comes in is what goes out and what is held; an ended
// contract holds nothing and leaves nothing pending; and every contract can end.
func TestMoneyIsConserved(t *testing.T) {
	live(t, 16, func(t *rapid.T, l asking, c escrow.Contract, q question) {
		d, err := escrow.Decide(c, q.cmd, q.who, escrow.At(q.now))
		if err != nil {
			return
		}
		in, out := total(c), total(d.Contract)
		for _, m := range d.Movements() {
			switch m.Kind() {
			case escrow.Deposited:
				in = in.Plus(m.Amount)
			case escrow.PaidOut:
				out = out.Plus(m.Amount)
			}
			if m.Amount.IsZero() || m.From == m.To {
				t.Fatalf("%s", m)
			}
		}
		if in != out {
			t.Fatalf("%s: %s in, %s out", d.Rule, in, out)
		}
		if _, ends := escrow.MaxTime(d.Contract); !ends {
			t.Fatalf("%s leads to %s, which time does not end", d.Rule, d.To)
		}
		if d.Contract.IsTerminal() && !out.IsZero() && len(d.Contract.Custody()) > 0 {
			t.Fatalf("%s ends with money", d.Rule)
		}
	})
}

// total is what a contract holds.
func total(c escrow.Contract) (sum escrow.Amount) {
	for _, h := range c.Custody() {
		sum = sum.Plus(h.Amount)
	}
	return sum
}
