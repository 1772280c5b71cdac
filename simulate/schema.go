package simulate

import (
	"encoding/json"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// Field is one field that a scenario may have.
type Field struct {
	// Path is where it stands, as in "terms.review" or "workers[].quality".
	Path string
	// Kind says what its values look like, as in "ratio" or "duration".
	Kind string
	// Default is the JSON value that it takes when it is left out; empty where there
	// is none and where it depends on the group's behaviour.
	Default string
	// OpenTrain is the default under OpenTrain where it differs.
	OpenTrain string
	// Only is the name of the lifecycle in which the field means something, empty
	// for all.
	Only string
	// Required says that it cannot be left out.
	Required bool
	// Meaning says what the field does, with what its kind does not say of bounds.
	Meaning string
}

// Fields returns every field that a scenario may have, in the order of the table
// that the parser reads by. The fields of policies are those of the lifecycle's
// rule book, those of distributions are left out.
func Fields() []Field { return scenarioFields.told("") }

func (fs fields) told(prefix string) (list []Field) {
	for _, f := range fs {
		told := Field{prefix + f.name, f.kind, f.preset, f.opentrain, f.only, f.required, f.meaning}
		under := told.Path + "."
		if f.list {
			under = told.Path + "[]."
		}
		list = append(list, told)
		switch {
		case f.behaviours != nil:
			list = append(list, f.fields.unset().told(under)...)
		case !f.isDistribution():
			list = append(list, f.fields.told(under)...)
		}
	}
	return list
}

// unset returns the fields without their defaults.
func (fs fields) unset() fields {
	list := make(fields, len(fs))
	for i, f := range fs {
		f.preset, f.opentrain = "", ""
		list[i] = f
	}
	return list
}

// isDistribution reports whether values are bare or one of several objects.
func (s *shape) isDistribution() bool { return s.schema != nil && s.fields != nil && !s.list }

// Schema returns the JSON schema (draft 2020-12) of a scenario, made from the
// table that the parser reads by. What it refuses, [ParseScenario] refuses too;
// sums of shares, what depends on the lifecycle or a behaviour, and the bounds of
// policies are for the parser alone.
func Schema() []byte {
	b := &schemaBuilder{shared: map[string]any{}}
	root := b.object(scenarioFields)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Scenario"
	root["description"] = "What is simulated: contracts under one or more policies, and the people who live under them."
	root["not"] = map[string]any{"required": []string{"policy", "policies"}}
	root["$defs"] = b.shared
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil // maps, text and numbers always have a JSON form
	}
	return append(text, '\n')
}

// schemaBuilder makes schemas; shared are those that several fields have.
type schemaBuilder struct{ shared map[string]any }

func (b *schemaBuilder) object(fs fields) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fs {
		properties[f.name] = b.property(&f)
		if f.required {
			required = append(required, f.name)
		}
	}
	s := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

// property is a field's shape with its meaning and default.
func (b *schemaBuilder) property(f *field) map[string]any {
	s := b.of(&f.shape)
	s["description"] = f.meaning
	if f.preset != "" {
		s["default"] = json.RawMessage(f.preset)
	}
	if f.opentrain != "" {
		s["description"] = f.meaning + "; in OpenTrain the default is " + f.opentrain
	}
	return s
}

// of returns the schema of a shape.
func (b *schemaBuilder) of(s *shape) map[string]any {
	switch {
	case s.kind == policyShape.kind:
		return b.reference(s.kind, policySchema)
	case s.isDistribution():
		return b.reference(s.kind, func() map[string]any { return b.distribution(s) })
	case s.fields != nil && !s.list:
		return b.object(s.fields)
	}
	schema := map[string]any{}
	for key, value := range s.schema {
		schema[key] = value
	}
	if s.list {
		schema["items"] = b.object(s.entries())
	}
	return schema
}

// entries are the fields of a list's entries. In a group defaults depend on the
// behaviour.
func (s *shape) entries() fields {
	if s.behaviours != nil {
		return s.fields.unset()
	}
	return s.fields
}

// reference makes a schema once and refers to it.
func (b *schemaBuilder) reference(kind string, schema func() map[string]any) map[string]any {
	name := strings.NewReplacer(", or a ", "-", " (", "-", ")", "", " ", "-").Replace(kind)
	if b.shared[name] == nil {
		b.shared[name] = schema()
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

func (b *schemaBuilder) distribution(s *shape) map[string]any {
	object := b.object(s.fields)
	object["minProperties"], object["maxProperties"] = 1, 1
	return map[string]any{"anyOf": []any{s.schema, object}}
}

// policySchema knows the fields of all lifecycles; their bounds are the engine's
// to check.
func policySchema() map[string]any {
	properties := map[string]any{payoutReview: map[string]any{
		"type": []string{"object", "null"}, "default": nil,
		"description": "{minPayout, quorum}: payouts of minPayout or more wait for quorum people of the application; null for none"}}
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		for _, w := range l.Spec().Policy {
			f := w.Declaration()
			properties[f.Name] = map[string]any{
				"type": typesOf(f.Kind), "description": f.Meaning, "default": json.RawMessage(f.Default)}
		}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
}

// typesOf returns the JSON types of a policy field. Null always stands for the
// default.
func typesOf(kind escrow.FieldKind) []string {
	switch kind {
	case escrow.FlagKind:
		return []string{"boolean", "null"}
	case escrow.AmountKind, escrow.RatioKind:
		return []string{"number", "string", "null"}
	case escrow.CountKind:
		return []string{"integer", "null"}
	}
	return []string{"string", "null"}
}
