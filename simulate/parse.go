package simulate

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/nearest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// ParseScenario reads a scenario from JSON, with a default for every field that
// is left out. It is strict: unknown fields, fields given twice, values out of
// their bounds, shares that do not add up to 1 and policies that the engine
// refuses are errors. The error is always a [*Fault].
func ParseScenario(data []byte) (*Scenario, error) {
	document, fault := documentOf(data)
	if fault != nil {
		return nil, fault
	}
	s, fault := scenarioOf(document)
	if fault == nil {
		fault = s.checkSweep()
	}
	if fault != nil {
		return nil, fault
	}
	return s, nil
}

// Default returns the scenario of a document that says nothing but its
// lifecycle: [opencontract.Lifecycle] or [opentrain.Lifecycle]. It is nil for others.
func Default(l *escrow.Lifecycle) *Scenario {
	if l != opencontract.Lifecycle && l != opentrain.Lifecycle {
		return nil
	}
	s, err := ParseScenario(fmt.Appendf(nil, `{"lifecycle": %q}`, l.Name()))
	if err != nil {
		return nil // the defaults are in order: the tests read them all
	}
	return s
}

// scenarioOf reads a scenario, all but whether its sweep can be swept.
func scenarioOf(document *node) (*Scenario, *Fault) {
	r := &reader{lifecycle: opencontract.Lifecycle}
	if n := document.get("lifecycle"); n != nil {
		r.lifecycle = lifecycleForm.read(r, n)
	}
	r.spec = r.lifecycle.Spec()
	s := &Scenario{Lifecycle: r.lifecycle, document: document}
	r.object(document, &shape{fields: scenarioFields}, s)
	r.terms(document, s)
	r.policies(document, s)
	r.sweep(document, s)
	return s, r.fault
}

// reader reads the nodes of a document. The first fault sticks; after it nothing
// is read.
type reader struct {
	// lifecycle is the scenario's lifecycle, on which defaults and amounts depend.
	lifecycle *escrow.Lifecycle
	spec      escrow.Spec
	fault     *Fault
}

func (r *reader) fail(f *Fault) {
	if r.fault == nil {
		r.fault = f
	}
}

// wants refuses a value, and says what would be right.
func (r *reader) wants(n *node, what string) { r.fail(n.fault("is %s; %s", n.shown(), what)) }

// wantsNumber is wants for a number, which may be right but for how it is written.
func (r *reader) wantsNumber(n *node, what string) {
	if x, err := strconv.ParseFloat(n.digits(), 64); err == nil && !plainly.MatchString(n.digits()) && x >= 0 {
		what += "; it is written in digits, without an exponent"
	}
	r.wants(n, what)
}

var plainly = regexp.MustCompile(plainNumber)

// object reads an object's fields into a struct.
func (r *reader) object(n *node, s *shape, into any) {
	if n.is != anObject {
		r.wants(n, "an object is {…} with named fields")
		return
	}
	for _, item := range n.items {
		r.given(n, item, s)
	}
	for i := range s.fields {
		if r.fault != nil {
			return
		}
		f := &s.fields[i]
		value := n.get(f.name)
		if value == nil {
			value = r.absent(n, s, f)
		}
		if value != nil && f.read != nil {
			f.read(r, value, into)
		}
	}
}

// given refuses a field that the object does not have, or that does nothing there.
func (r *reader) given(object, item *node, s *shape) {
	f, b := s.fields.named(item.name), s.behaviourOf(object)
	switch {
	case f == nil:
		r.fail(item.fault("is no field; %s", nearest.Suggestion(item.name, s.fields.names())))
	case f.only != "" && f.only != r.lifecycle.Name():
		r.fail(item.fault("has no effect in %s; leave it out", r.lifecycle.Name()))
	case b != nil && b.idle(f.name):
		r.fail(item.fault("has no effect: who is %s %s; leave it out", b.name, b.about))
	}
}

// absent returns the default of a field that is left out; nil when it has none.
func (r *reader) absent(object *node, s *shape, f *field) *node {
	preset := s.presetIn(object, f.name, r.lifecycle)
	if preset == "" && f.required {
		missing := &node{up: object, name: f.name, line: object.line}
		r.fail(missing.fault("is missing: %s", f.meaning))
	}
	if preset == "" {
		return nil
	}
	return presetNode(object, f.name, preset)
}

// presetNode returns a default as a part of the document, on the line of the
// object that it is missing from.
func presetNode(up *node, name, preset string) *node {
	kept, known := presetNodes.Load(preset)
	if !known {
		n, fault := documentOf([]byte(preset))
		if fault != nil {
			return nil // the defaults are in order: the tests read them all
		}
		kept, _ = presetNodes.LoadOrStore(preset, n)
	}
	n := kept.(*node).copied(up)
	n.name = name
	n.standAt(up.line)
	return n
}

// presetNodes are the defaults as they were read the first time.
var presetNodes sync.Map

func (n *node) standAt(line int) {
	n.line = line
	for _, item := range n.items {
		item.standAt(line)
	}
}
