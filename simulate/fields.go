package simulate

import (
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// field is one field of a scenario: a row of the table from which the parser,
// the schema and the documentation are made.
type field struct {
	shape
	name    string
	meaning string
	// preset is the value that an absent field takes, as JSON; empty where there
	// is none. opentrain is that of OpenTrain where it differs.
	preset, opentrain string
	// only is the lifecycle in which the field means something, empty for all.
	only string
	// required says that the field cannot be left out.
	required bool
	// read reads the field into the struct it is a field of; nil for a field that
	// is read once all others are known.
	read func(r *reader, n *node, into any)
}

// shape is what a field's values look like.
type shape struct {
	// kind says it to a reader, as in "share".
	kind string
	// schema is the JSON schema of a value; an object's and a list's are made of
	// their fields.
	schema map[string]any
	// fields are those of an object, or of each object in a list.
	fields fields
	list   bool
	// behaviours are what a group's behaviour makes of the fields, nil for no group.
	behaviours []behaviour
}

type fields []field

// form is a shape with how its values are read.
type form[V any] struct {
	shape
	read func(*reader, *node) V
}

// fieldOf makes a row of the table of T's fields.
func fieldOf[T, V any](name string, f form[V], preset, meaning string, at func(*T) *V) field {
	return field{shape: f.shape, name: name, meaning: meaning, preset: preset,
		read: func(r *reader, n *node, into any) { *at(into.(*T)) = f.read(r, n) }}
}

// inOpenTrain returns the field with another default under OpenTrain.
func (f field) inOpenTrain(preset string) field {
	f.opentrain = preset
	return f
}

// inOpenContractOnly returns the field as one that OpenTrain does not know.
func (f field) inOpenContractOnly() field {
	f.only = opencontract.Lifecycle.Name()
	return f
}

func (f field) inOpenTrainOnly() field {
	f.only = opentrain.Lifecycle.Name()
	return f
}

// needed returns the field as one that cannot be left out.
func (f field) needed() field {
	f.required = true
	return f
}

// named returns the field of a name, nil when there is none.
func (fs fields) named(name string) *field {
	i := slices.IndexFunc(fs, func(f field) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &fs[i]
}

func (fs fields) names() []string {
	list := make([]string, len(fs))
	for i := range fs {
		list[i] = fs[i].name
	}
	return list
}

// presetIn returns the value that an absent field of an object takes, as JSON;
// empty for none.
func (s *shape) presetIn(object *node, name string, l *escrow.Lifecycle) string {
	if b := s.behaviourOf(object); b != nil && b.presets[name] != "" {
		return b.presets[name]
	}
	f := s.fields.named(name)
	if f != nil && f.opentrain != "" && l == opentrain.Lifecycle {
		return f.opentrain
	} else if f != nil {
		return f.preset
	}
	return ""
}

// behaviourOf returns what a group's behaviour makes of its fields, nil where
// there is none.
func (s *shape) behaviourOf(group *node) *behaviour {
	name := group.get("behaviour")
	i := slices.IndexFunc(s.behaviours, func(b behaviour) bool { return name != nil && b.name == name.text })
	if i < 0 {
		return nil
	}
	return &s.behaviours[i]
}
