package escrowtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
	"github.com/shopspring/decimal"
)

// Answer is what a system says to a question: a decision, or a refusal when
// Reason is set. It is made from an engine's decision by [AnswerOf], from JSON
// by [ParseAnswer], or by hand. By hand, the zero value of a field says nothing
// about it, but that these are always compared: of a refusal Code and Reason, of
// a decision From, To and Movements. An answer that was made from a decision or
// from JSON is compared as it was made: to change it, make another.
type Answer struct {
	// Code and Reason are why nothing follows.
	Code   escrow.Code
	Reason escrow.Reason

	// Rule decided or refused; Executes is what a confirmation carried out.
	Rule, Executes string
	From, To       escrow.Status
	// At is the time of the transition: of a deadline, when it was due.
	At        time.Time
	Movements []Movement
	// Approval is the id of the approval that the decision is about.
	Approval string
	// Contract is the next snapshot.
	Contract *escrow.Contract

	// source gives the answer whole, in wire form; nil when made by hand.
	source func() []byte
	// review says that its payouts wait for review; it is known of the engine's answers.
	review bool
}

// Movement is one transfer of money in an answer. Movements compare with ==.
type Movement struct {
	// ID is the movement's own; empty says nothing about it.
	ID       string
	From, To escrow.Account
	Amount   escrow.Amount
	Reason   escrow.MovementReason
}

// AnswerOf returns what the engine answered. An error that is no refusal of the
// engine has an empty reason, and no transition either: it equals no answer.
func AnswerOf(d escrow.Decision, err error) Answer {
	var refusal *escrow.Error
	if errors.As(err, &refusal) {
		return Answer{Code: refusal.Code(), Reason: refusal.Reason(), Rule: refusal.Rule(),
			source: func() []byte { return escrow.AppendAnswer(nil, nil, refusal) }}
	} else if err != nil {
		return Answer{Code: escrow.InternalError, source: func() []byte { return fmt.Appendf(nil, `{"error":%q}`, err) }}
	}
	a := Answer{Rule: d.Rule, Executes: d.Executes, From: d.From, To: d.To, At: d.At(), Contract: &d.Contract,
		source: func() []byte { return escrow.AppendAnswer(nil, &d, nil) }}
	if n := d.NumMovements(); n > 0 {
		a.Movements = make([]Movement, n)
	}
	for i, m := range d.Movements() {
		a.Movements[i] = Movement{ID: m.ID(), From: m.From, To: m.To, Amount: m.Amount, Reason: m.Reason}
	}
	if approval, ok := d.Approval(); ok {
		a.Approval = approval.ID
	}
	_, a.review = d.Review()
	return a
}

// Refusal returns the refusal as an error, an *[escrow.Error]; nil of a decision.
func (a *Answer) Refusal() error {
	if a.Accepted() {
		return nil
	}
	return escrow.NewRefusal(a.Code, a.Reason, string(a.Reason), nil)
}

// same reports whether two answers are the same, byte for byte where they are known
// so.
func (a *Answer) same(b *Answer) bool {
	if a.source != nil && b.source != nil {
		return bytes.Equal(a.source(), b.source())
	}
	return a.Code == b.Code && a.Reason == b.Reason && len(Compare(a, b)) == 0
}

// Accepted reports whether the answer is a decision.
func (a *Answer) Accepted() bool { return a.Code == "" && a.Reason == "" }

// String returns the answer on one line.
func (a Answer) String() string {
	if !a.Accepted() {
		return fmt.Sprintf("refused: %s %s", a.Code, a.Reason)
	}
	rule := a.Rule
	if a.Executes != "" {
		rule += " executes " + a.Executes
	}
	text := fmt.Sprintf("%s %s -> %s", rule, label(a.From), label(a.To))
	if a.Approval != "" {
		text += ", approval " + a.Approval
	}
	return text
}

// label returns a status as people read it.
func label(s escrow.Status) string {
	if s == escrow.Draft {
		return "draft"
	}
	return string(s)
}

// wireAnswer is an answer in wire form, as far as the guarantees look at it.
type wireAnswer struct {
	Refusal *struct {
		Code   escrow.Code
		Reason escrow.Reason
		Rule   string
	}
	Decision *struct {
		Rule, Executes string
		From, To       escrow.Status
		At             time.Time
		Movements      []struct {
			ID, From, To, Amount string
			Reason               escrow.MovementReason
		}
		Approval *struct{ ID string }
		Contract json.RawMessage
	}
}

// ParseAnswer reads an answer in wire form, as "escrow decide" prints it. Of a
// decision a contract must be there. What is no answer, or holds a snapshot that
// no decisions lead to, is an error. Lifecycles are those that the contract may be
// of.
func ParseAnswer(data []byte, lifecycles ...*escrow.Lifecycle) (Answer, error) {
	var w wireAnswer
	if err := json.Unmarshal(data, &w); err != nil {
		return Answer{}, fmt.Errorf("the answer is no JSON of an answer: %w", err)
	}
	data = slices.Clone(data)
	a := Answer{source: func() []byte { return data }}
	switch {
	case w.Refusal != nil && w.Decision == nil && w.Refusal.Reason != "":
		a.Code, a.Reason, a.Rule = w.Refusal.Code, w.Refusal.Reason, w.Refusal.Rule
		return a, nil
	case w.Decision == nil || w.Refusal != nil || len(w.Decision.Contract) == 0:
		return Answer{}, errors.New(`the answer is neither {"refusal": {"code", "reason"}} nor {"decision": {…, "contract"}}`)
	}
	return a, a.read(&w, lifecycles)
}

// read takes over a decision in wire form.
func (a *Answer) read(w *wireAnswer, lifecycles []*escrow.Lifecycle) error {
	d := w.Decision
	c, err := escrow.ParseContract(d.Contract, lifecycles...)
	if err != nil {
		return fmt.Errorf("the answer's contract cannot be: %w", err)
	}
	a.Rule, a.Executes, a.From, a.To, a.At, a.Contract = d.Rule, d.Executes, d.From, d.To, d.At, &c
	if d.Approval != nil {
		a.Approval = d.Approval.ID
	}
	for i, m := range d.Movements {
		amount, err := parseAmount(m.Amount, c.Asset())
		from, okFrom := reading.ParseAccount(c.Lifecycle(), m.From)
		to, okTo := reading.ParseAccount(c.Lifecycle(), m.To)
		if err != nil || !okFrom || !okTo {
			return fmt.Errorf("the answer's movement %d is none: %q from %q to %q", i, m.Amount, m.From, m.To)
		}
		a.Movements = append(a.Movements, Movement{ID: m.ID, From: from, To: to, Amount: amount, Reason: m.Reason})
	}
	return nil
}

// parseAmount reads what moves. A bond for ten criteria is more than may enter by
// itself.
func parseAmount(text string, asset escrow.Asset) (escrow.Amount, error) {
	if a, err := asset.Parse(text); err == nil || len(text) > 64 {
		return a, err
	}
	units, err := decimal.NewFromString(text)
	if units = units.Shift(int32(asset.Scale)); err != nil || !units.IsInteger() || units.Exponent() > 64 {
		return escrow.Amount{}, fmt.Errorf("%q is no amount of %s", text, asset.Code)
	}
	return escrow.AmountOf(units.BigInt())
}
