package escrow

import (
	"maps"
	"slices"
	"strconv"
)

// decision writes what follows.
func (w *writer) decision(d *Decision) {
	w.open('{')
	w.text("rule", d.Rule)
	w.optional("executes", d.Executes)
	w.text("action", string(d.Action))
	w.text("from", string(d.From))
	w.text("to", string(d.To))
	w.decider(&d.Actor)
	w.key("command")
	w.command(d.Command)
	w.instant("at", d.at)
	w.movements(d)
	w.extras(d)
	if d.approval != nil {
		w.key("approval")
		w.approval(d.Contract.lifecycle, d.Contract.terms, d.approval)
	} else {
		w.null("approval")
	}
	w.review(d)
	w.key("contract")
	w.contract(&d.Contract)
	w.close('}')
}

// decider writes who asked, defaults filled in.
func (w *writer) decider(a *Actor) {
	w.key("actor")
	w.open('{')
	w.text("id", a.ID)
	w.text("kind", string(a.kind()))
	w.text("account", a.account())
	w.optional("user", a.user())
	w.close('}')
}

// movements writes what moves. Their ids differ in the position alone.
func (w *writer) movements(d *Decision) {
	w.key("movements")
	w.open('[')
	digits := ""
	if d.moved > 0 {
		digits = d.origin()
	}
	for i := range d.moved {
		m := d.movementOf(i, digits)
		w.open('{')
		w.key("id")
		w.buf = appendString(w.buf, m.contract)
		w.buf = append(w.buf[:len(w.buf)-1], '/')
		w.buf = append(strconv.AppendUint(w.buf, m.revision, 10), '/')
		w.buf = append(strconv.AppendInt(w.buf, int64(i), 10), '/')
		w.buf = append(append(w.buf, digits...), '"')
		w.transfer(&m)
		w.basis(&m)
		w.close('}')
	}
	w.close(']')
}

// movement writes one movement by itself; one that only proposes has no id.
func (w *writer) movement(m *Movement) {
	w.open('{')
	if id := m.ID(); id != "" {
		w.text("id", id)
	}
	w.transfer(m)
	if m.origin != "" {
		w.basis(m)
	}
	w.close('}')
}

// transfer writes from whom to whom how much goes, and why.
func (w *writer) transfer(m *Movement) {
	w.account("from", m.From)
	w.account("to", m.To)
	w.amount("amount", m.Amount, m.Asset)
	w.text("reason", string(m.Reason))
}

// account writes an account in its text form.
func (w *writer) account(name string, a Account) {
	w.text(name, a.Kind)
	if a.ID != "" {
		w.buf[len(w.buf)-1] = ':'
		at := len(w.buf)
		w.buf = appendString(w.buf, a.ID)
		w.buf = append(w.buf[:at], w.buf[at+1:]...)
	}
}

func (w *writer) basis(m *Movement) {
	w.key("basis")
	w.open('{')
	w.amount("of", m.Basis.Of, m.Asset)
	if m.Basis.Ratio != (Ratio{}) {
		w.ratio("ratio", m.Basis.Ratio)
	}
	w.optional("policy", m.Basis.Policy)
	if m.Basis.Times > 1 {
		w.count("times", m.Basis.Times)
	}
	w.close('}')
}

// extras writes what the lifecycle adds to its decisions.
func (w *writer) extras(d *Decision) {
	l := d.Contract.lifecycle
	if len(l.spec.Extras) == 0 {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			w.fail(failed(p))
		}
	}()
	for i := range l.spec.Extras {
		e := &l.spec.Extras[i]
		if json := e.Of(w.view(&d.Contract), d.Action); json != nil {
			w.foreign(e.Name, json)
		} else {
			w.null(e.Name)
		}
	}
}

func (w *writer) review(d *Decision) {
	review, ok := d.Review()
	if !ok {
		w.null("review")
		return
	}
	w.key("review")
	w.open('{')
	w.amount("amount", review.Amount, d.Contract.terms.asset)
	w.amount("minPayout", review.MinPayout, d.Contract.terms.asset)
	w.count("quorum", uint64(review.Quorum))
	w.close('}')
}

// refusal writes why nothing follows.
func (w *writer) refusal(e *Error) {
	w.open('{')
	w.text("code", string(e.code))
	w.text("reason", string(e.reason))
	w.optional("action", string(e.action))
	w.optional("rule", e.rule)
	w.text("message", e.message)
	w.optional("remedy", e.remedy)
	details := e.Details()
	w.key("details")
	w.open('{')
	for _, k := range slices.Sorted(maps.Keys(details)) {
		w.detail(k, details[k])
	}
	w.close('}')
	w.close('}')
}

// detail writes a detail of a refusal: a text, a list of them or a whole number.
func (w *writer) detail(name string, value any) {
	switch v := value.(type) {
	case string:
		w.text(name, v)
	case []string:
		w.texts(name, v)
	case int:
		w.key(name)
		w.buf = strconv.AppendInt(w.buf, int64(v), 10)
	}
}

// actor writes an actor, empty fields left out.
func (w *writer) actor(a *Actor) {
	w.open('{')
	w.text("id", a.ID)
	w.optional("kind", string(a.Kind))
	w.optional("account", a.Account)
	w.optional("user", a.User)
	if a.Scopes != nil {
		w.texts("scopes", a.Scopes)
	}
	if a.Features != nil {
		w.texts("features", a.Features)
	}
	if a.Claimed {
		w.flag("claimed", true)
	}
	w.optional("claimUrl", a.ClaimURL)
	w.close('}')
}
