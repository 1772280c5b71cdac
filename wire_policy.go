package escrow

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// policyValue is how one policy field is read from JSON and written to it. A
// value that can be read but cannot work is reported as [InvalidPolicy]: a draft
// is refused for it, and a stored policy cannot hold it.
type policyValue interface {
	read(r *reader, p *Policy) Reason
	write(w *writer, name string, p *Policy)
}

// policyNumber reads a number of a policy. One that is too fine is reported, not
// refused: it is for the draft's founding to refuse.
func (r *reader) policyNumber() (number, Reason) {
	n, reason := r.anyNumber()
	if reason == AmountBounds || reason == Malformed {
		r.fail(reason, catalogueText(reason))
	}
	return n, reason
}

// unworkable is the reason to report for what a number could not be read for.
func unworkable(reason Reason) Reason {
	if reason == AmountScale {
		return InvalidPolicy
	}
	return ""
}

type ratioValue func(*Policy) *Ratio

func (at ratioValue) read(r *reader, p *Policy) Reason {
	n, reason := r.policyNumber()
	if reason != "" {
		return unworkable(reason)
	}
	ratio, reason := n.ratio()
	if reason != "" {
		return InvalidPolicy
	}
	*at(p) = ratio
	return ""
}

func (at ratioValue) write(w *writer, name string, p *Policy) { w.ratio(name, *at(p)) }

type decimalValue func(*Policy) *decimal.Decimal

func (at decimalValue) read(r *reader, p *Policy) Reason {
	n, reason := r.policyNumber()
	if reason == "" {
		*at(p) = n.decimal()
	}
	return unworkable(reason)
}

func (at decimalValue) write(w *writer, name string, p *Policy) {
	w.decimal(name, *at(p))
}

type durationValue func(*Policy) *time.Duration

func (at durationValue) read(r *reader, p *Policy) Reason {
	text := r.text()
	if text == "" || r.fault != nil {
		return ""
	}
	d, ok := parseDuration(text)
	if !ok {
		r.malformed("must be an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as PT24H")
	}
	*at(p) = d
	if d > maxDuration {
		return InvalidPolicy
	}
	return ""
}

func (at durationValue) write(w *writer, name string, p *Policy) {
	w.text(name, formatDuration(*at(p)))
}

type countValue func(*Policy) *int

func (at countValue) read(r *reader, p *Policy) Reason {
	*at(p) = int(r.count(1_000_000))
	return ""
}

func (at countValue) write(w *writer, name string, p *Policy) { w.count(name, uint64(*at(p))) }

type flagValue func(*Policy) *bool

func (at flagValue) read(r *reader, p *Policy) Reason {
	*at(p) = r.flag()
	return ""
}

func (at flagValue) write(w *writer, name string, p *Policy) { w.flag(name, *at(p)) }

type choiceValue struct {
	at      func(*Policy) *string
	choices []string
}

func (v choiceValue) read(r *reader, p *Policy) Reason {
	text := r.prose()
	if text == "" {
		return ""
	}
	*v.at(p) = text
	if !slices.Contains(v.choices, text) {
		return InvalidPolicy
	}
	return ""
}

func (v choiceValue) write(w *writer, name string, p *Policy) { w.text(name, *v.at(p)) }

type reviewValue struct{}

var reviewNames = fieldNames("minPayout", "quorum")

func (reviewValue) read(r *reader, p *Policy) Reason {
	if r.null() {
		p.PayoutReview = PayoutReview{}
		return ""
	}
	var review PayoutReview
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(reviewNames, &seen) {
		case 0:
			n, _ := r.number()
			review.MinPayout = n.decimal()
		case 1:
			review.Quorum = int(r.count(1_000_000))
		default:
			r.skip()
		}
	}
	p.PayoutReview = review
	if !quorumFits(review.Quorum) {
		return InvalidPolicy
	}
	return ""
}

func (reviewValue) write(w *writer, name string, p *Policy) {
	if p.PayoutReview.Quorum == 0 {
		w.null(name)
		return
	}
	w.key(name)
	w.open('{')
	w.decimal("minPayout", p.PayoutReview.MinPayout)
	w.count("quorum", uint64(p.PayoutReview.Quorum))
	w.close('}')
}

// readDefaults makes the default policy, and says which default cannot be one.
func (l *Lifecycle) readDefaults() (faults []error) {
	for i := range l.fields {
		f := &l.fields[i]
		r := &reader{s: f.Default, path: f.Name}
		reason := f.value.read(r, &l.policy)
		r.end()
		switch {
		case r.fault != nil:
			faults = append(faults, fmt.Errorf("policy field %s: its default %s: %s", f.Name, f.Default, r.fault.message))
		case reason != "" || !f.within(&l.policy, l.asset):
			faults = append(faults, fmt.Errorf("policy field %s: its default %s is out of its bounds: %s", f.Name, f.Default, f.Meaning))
		}
	}
	var w writer
	l.writePolicy(&w, &l.policy)
	l.policyText = w.buf
	return faults
}

// readPolicy reads a policy over the lifecycle's defaults. The fault, if any, is
// a value that cannot work.
func (l *Lifecycle) readPolicy(r *reader) (p Policy, fault *Error) {
	p = l.policy
	seen := uint64(0)
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		i := r.field(l.policyNames, &seen)
		if i == unknown {
			r.skip()
			continue
		}
		if r.null() {
			continue
		}
		f := &l.fields[i]
		if reason := f.value.read(r, &p); reason != "" && fault == nil {
			fault = field(reason, f.Name, "is out of its bounds: "+f.Meaning)
		}
	}
	return p, fault
}

func (l *Lifecycle) writePolicy(w *writer, p *Policy) {
	w.open('{')
	for i := range l.fields {
		l.fields[i].value.write(w, l.fields[i].Name, p)
	}
	w.close('}')
}
