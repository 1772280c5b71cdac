package escrow

import "errors"

// A table has at most this many statuses, the draft's included, and rules.
const (
	maxStatuses = 64
	maxRules    = 200
)

// Define proves a declaration and its table, and returns the lifecycle. The error
// joins all that is wrong, each fault naming rule and word, and what would be
// right.
func Define(spec Spec) (*Lifecycle, error) {
	k := &compiler{l: &Lifecycle{spec: spec.clone()}, row: -1, asks: -1}
	for _, stage := range []func(){k.shape, k.declare, k.compile, k.prove, k.wireForm} {
		if k.run(stage); len(k.faults) > 0 {
			return nil, errors.Join(k.faults...)
		}
	}
	return k.l, nil
}

// run runs a stage of the definition. That a stage panics is the last resort: it
// becomes a fault at the place it had come to.
func (k *compiler) run(stage func()) {
	defer func() {
		if p := recover(); p != nil {
			k.fail("cannot be defined: %v", p)
		}
	}()
	stage()
}

// compile compiles the table, and says what is wrong with single words of it.
func (k *compiler) compile() {
	k.checks()
	k.table()
	k.proveWords()
	if len(k.faults) == 0 {
		k.readDefaults()
	}
}

// checks compiles what is demanded of a draft's terms.
func (k *compiler) checks() {
	k.row = -2
	for _, d := range k.l.spec.Check {
		n := k.requirement(d)
		n.lasting = n.test != nil && n.test.lasting()
		k.l.checks.needs = append(k.l.checks.needs, n)
	}
	k.row = -1
}

// shape says what is malformed in a spec before anything is looked up in it.
func (k *compiler) shape() {
	s := &k.l.spec
	if k.emptyWords(); len(k.faults) > 0 {
		return
	}
	switch {
	case !validID(s.Name):
		k.fail("needs a Name of printable ASCII without blanks")
	case s.Version < 1:
		k.fail("needs a Version, counted from 1")
	case len(s.Rules) == 0:
		k.fail("has no Rules")
	case len(s.Rules) > maxRules:
		k.fail("has more than %d rules", maxRules)
	case len(k.statuses()) > maxStatuses:
		k.fail("has more than %d statuses", maxStatuses)
	case s.Asset.Scale > maxScale || !validID(s.Asset.Code):
		k.fail("needs an Asset with a code and a scale of 0 to 18")
	}
}
