package escrow

import "strconv"

// Schema returns the JSON Schema (2020-12) of what the lifecycle reads and writes:
// contract, command with one branch for each action, policy, decision, refusal,
// approval. It is made of the same declarations as reader and writer.
func (l *Lifecycle) Schema() []byte {
	w := schemaWriter{l: l}
	w.open('{')
	w.text("$schema", "https://json-schema.org/draft/2020-12/schema")
	w.text("title", l.spec.Name+" "+itoa(l.spec.Version))
	w.optional("description", l.spec.About)
	w.text("$ref", "#/$defs/contract")
	w.key("$defs")
	w.open('{')
	w.basics()
	w.contractSchema()
	w.commandSchema()
	w.policySchema()
	w.decisionSchema()
	w.refusalSchema()
	w.approvalSchema()
	w.close('}')
	w.close('}')
	return w.buf
}

// schemaWriter writes the schema of a lifecycle.
type schemaWriter struct {
	writer
	l *Lifecycle
}

// basics are the notations that all values are made of.
func (w *schemaWriter) basics() {
	w.pattern("amount", "an amount in whole units, in plain notation", `^[0-9]+(\.[0-9]+)?$`, 40)
	w.pattern("ratio", "a fraction from 0 to 1", `^(0(\.[0-9]{1,18}0*)?|1(\.0*)?)$`, 40)
	w.pattern("duration", "weeks, days, hours, minutes and seconds of ISO 8601", `^P([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$`, 0)
	w.pattern("id", "an id: printable ASCII without blanks", "^[!-~]{1,200}$", 0)
	w.key("count")
	w.inline(`{"type":"integer","minimum":0,"maximum":9007199254740991}`)
	w.key("time")
	w.inline(`{"type":"string","format":"date-time"}`)
	w.key("asset")
	w.inline(`{"type":"object","properties":{"code":{"$ref":"#/$defs/id"},"scale":{"type":"integer","minimum":0,"maximum":18}},"required":["code","scale"]}`)
	w.key("actor")
	w.inline(`{"type":"object","properties":{"id":{"$ref":"#/$defs/id"},"kind":{"enum":["agent","token","human","system"]},"account":{"$ref":"#/$defs/id"},"user":{"$ref":"#/$defs/id"},` +
		`"scopes":{"type":"array","items":{"type":"string"}},"features":{"type":"array","items":{"type":"string"}},"claimed":{"type":"boolean"},"claimUrl":{"type":"string"}},"required":["id"],"additionalProperties":false}`)
}

// inline writes JSON as a value.
func (w *schemaWriter) inline(json string) { w.comma(); w.buf = append(w.buf, json...) }

func (w *schemaWriter) pattern(name, meaning, pattern string, most int) {
	w.key(name)
	w.open('{')
	w.text("type", "string")
	w.text("description", meaning)
	w.text("pattern", pattern)
	if most > 0 {
		w.count("maxLength", uint64(most))
	}
	w.close('}')
}

// refer writes a member that is one of the definitions.
func (w *schemaWriter) refer(name, definition, meaning string) {
	w.key(name)
	w.open('{')
	w.text("$ref", "#/$defs/"+definition)
	w.optional("description", meaning)
	w.close('}')
}

// field writes the schema of a declared field, under its alias too.
func (w *schemaWriter) field(f *Field) {
	for _, name := range []string{f.Name, f.Alias} {
		if name == "" {
			continue
		}
		w.key(name)
		w.open('{')
		w.optional("description", f.Meaning)
		w.kind(f)
		w.close('}')
	}
}

// kind writes what a field's values are.
func (w *schemaWriter) kind(f *Field) {
	switch f.Kind {
	case TextKind, TargetKind:
		w.text("type", "string")
		if f.Filled {
			w.text("pattern", `\S`)
		}
	case AccountKind:
		w.text("$ref", "#/$defs/id")
	case AmountKind:
		w.text("$ref", "#/$defs/amount")
	case RatioKind:
		w.text("$ref", "#/$defs/ratio")
	case InstantKind:
		w.text("$ref", "#/$defs/time")
	case DurationKind:
		w.text("$ref", "#/$defs/duration")
	case ChoiceKind:
		w.texts("enum", f.Choices)
	case FlagKind:
		w.text("type", "boolean")
	case CountKind:
		w.bounded("minimum", "maximum", f)
	case TextsKind:
		w.text("type", "array")
		w.key("items")
		w.inline(`{"type":"string"}`)
		w.lengths(f)
	case SheetKind:
		w.text("type", "array")
		w.key("items")
		w.open('{')
		w.key("enum")
		w.open('[')
		for _, c := range f.Choices {
			w.item(c)
		}
		w.inline("null")
		w.close(']')
		w.close('}')
		w.count("maxItems", sheetEntries)
	case RecordKind:
		w.object(declarations(f.Fields), !f.Changes)
	case RowsKind:
		w.text("type", "array")
		w.key("items")
		w.open('{')
		w.object(declarations(f.Fields), true)
		w.close('}')
	}
	w.told(f)
}

// explained writes bounds that JSON Schema cannot check in the notation of the field.
func (w *schemaWriter) told(f *Field) {
	switch b := f.bounds(); {
	case f.Kind == RatioKind || f.Kind == DurationKind:
		w.text("$comment", "must be "+b.text)
	case f.Kind == AmountKind && f.Positive:
		w.text("$comment", "must be more than zero")
	}
}

func (w *schemaWriter) bounded(least, most string, f *Field) {
	w.text("type", "integer")
	b := f.bounds()
	w.count(least, b.least.lo)
	if b.hasBelow && b.below.lo > 0 {
		w.count(most, b.below.lo-1)
	} else {
		w.count(most, b.most.lo)
	}
}

// lengths writes how many texts a field may have.
func (w *schemaWriter) lengths(f *Field) {
	least, most := uint64(0), uint64(maxItems)
	if f.Filled {
		least = 1
	}
	if b := f.bounds(); b != nil {
		least = max(least, b.least.lo)
		if b.hasMost {
			most = min(most, b.most.lo)
		}
		if b.hasBelow && b.below.lo > 0 {
			most = min(most, b.below.lo-1)
		}
	}
	w.count("minItems", least)
	w.count("maxItems", most)
}

// object writes the schema of an object of fields and nothing else; whole ones have all
// that must be there.
func (w *schemaWriter) object(fields []*Field, whole bool) {
	w.text("type", "object")
	w.key("properties")
	w.open('{')
	for _, f := range fields {
		w.field(f)
	}
	w.close('}')
	if whole {
		w.demanded(fields)
	}
	w.flag("additionalProperties", false)
}

// demanded lists the fields that must be there. One with an alias may be given
// under either name.
func (w *schemaWriter) demanded(fields []*Field, more ...string) {
	for _, f := range fields {
		if !f.Optional && f.Alias == "" {
			more = append(more, f.Name)
		}
	}
	if len(more) > 0 {
		w.texts("required", more)
	}
}

// list writes a member that is a list of what a definition says.
func (w *schemaWriter) list(name, item string) {
	w.key(name)
	w.open('{')
	w.text("type", "array")
	w.key("items")
	w.inline(item)
	w.close('}')
}

func (w *schemaWriter) policySchema() {
	w.key("policy")
	w.open('{')
	w.text("type", "object")
	w.key("properties")
	w.open('{')
	for i := range w.l.policy.slots {
		w.policyField(w.l.policy.slots[i].field)
	}
	w.key(reviewName)
	w.inline(`{"description":"the look that large payouts wait for","anyOf":[{"type":"null"},{"type":"object","properties":{"minPayout":{"$ref":"#/$defs/amount"},"quorum":{"type":"integer","minimum":1,"maximum":10}},"required":["quorum"]}]}`)
	w.close('}')
	w.flag("additionalProperties", false)
	w.close('}')
}

func (w *schemaWriter) policyField(f *Field) {
	w.key(f.Name)
	w.open('{')
	w.optional("description", f.Meaning)
	if f.Default != "" {
		w.raw("default", []byte(f.Default))
	}
	w.kind(f)
	w.close('}')
}

// commandSchema has a branch for each action.
func (w *schemaWriter) commandSchema() {
	w.key("command")
	w.open('{')
	w.key("oneOf")
	w.open('[')
	for i := range w.l.groups {
		act := w.l.groups[i].act
		w.open('{')
		w.text("type", "object")
		w.key("properties")
		w.open('{')
		w.key("action")
		w.inline(`{"const":` + strconv.Quote(string(act.action)) + `}`)
		for _, f := range act.Params() {
			w.field(f)
		}
		w.close('}')
		w.demanded(act.Params(), "action")
		w.flag("additionalProperties", false)
		w.close('}')
	}
	w.close(']')
	w.close('}')
}
