package escrow

// contractSchema writes the schema of a contract: the engine's members, then the
// lifecycle's own.
func (w *schemaWriter) contractSchema() {
	l := w.l
	w.key("contract")
	w.open('{')
	w.text("type", "object")
	w.key("properties")
	w.open('{')
	w.refer("id", "id", "the contract's, without a slash")
	w.key("lifecycle")
	w.inline(`{"const":` + string(appendString(nil, l.spec.Name)) + `}`)
	w.key("lifecycleVersion")
	w.inline(`{"const":` + itoa(l.spec.Version) + `}`)
	w.key("schema")
	w.inline(`{"const":1,"description":"the version of this form; what has it is read strictly"}`)
	w.key("status")
	w.open('{')
	w.text("description", "where the contract stands; a draft has none")
	w.texts("enum", labels(l.statuses)[1:])
	w.close('}')
	w.refer("revision", "count", "grows with every decision that changes the snapshot")
	w.refer("createdAt", "time", "when it was founded")
	w.refer("decidedAt", "time", "the instant of the latest decision")
	w.refer("enteredAt", "time", "when it entered its status")
	w.refer("asset", "asset", "what it is paid in")
	w.refer("policy", "policy", "what it was founded under")
	for i := range l.wire.members {
		w.member(&l.wire.members[i])
	}
	w.list("approvals", `{"$ref":"#/$defs/approval"}`)
	w.list("custody", `{"type":"object","properties":{"account":{"type":"string"},"amount":{"$ref":"#/$defs/amount"}},"required":["account","amount"]}`)
	w.close('}')
	w.texts("required", []string{"id"})
	w.close('}')
}

// member writes the schema of a member of the lifecycle's own.
func (w *schemaWriter) member(m *member) {
	switch m.kind {
	case memberField:
		w.field(m.ref.slot.field)
	case memberList:
		w.itemsSchema(&w.l.lists[m.n])
	case memberPosted:
		w.refer(m.name, "amount", "what was first paid into "+w.l.pots[m.n].decl.Name)
	case memberForm:
		for _, part := range w.l.spec.Forms[m.n].Members {
			if part.Name == m.name && part.Schema != "" {
				w.raw(m.name, []byte(part.Schema))
			} else if part.Name == m.name {
				w.raw(m.name, []byte("true"))
			}
		}
	}
}

func (w *schemaWriter) itemsSchema(l *itemList) {
	w.key(l.decl.Name)
	w.open('{')
	w.optional("description", l.decl.Meaning)
	w.text("type", "array")
	w.count("maxItems", uint64(l.max()))
	w.key("items")
	w.open('{')
	w.text("type", "object")
	w.key("properties")
	w.open('{')
	var fields []*Field
	for i := range l.layout.slots {
		fields = append(fields, l.layout.slots[i].field)
		w.field(fields[i])
	}
	if l.decl.Numbered != "" {
		w.refer(l.decl.Numbered, "count", "its place in the list, from 1")
	}
	if len(l.decl.Statuses) > 0 {
		w.key("status")
		w.open('{')
		w.texts("enum", l.decl.Statuses)
		w.close('}')
	}
	w.close('}')
	w.demanded(fields)
	w.close('}')
	w.close('}')
}

// movementSchema writes what a movement is; only a decided one has id and basis.
func (w *schemaWriter) movementSchema(name string, decided bool) {
	w.key(name)
	w.open('{')
	w.text("type", "array")
	w.key("items")
	w.open('{')
	w.text("type", "object")
	w.key("properties")
	w.open('{')
	required := []string{"from", "to", "amount", "reason"}
	if decided {
		w.raw("id", []byte(`{"type":"string"}`))
		required = append(required, "id", "basis")
	}
	w.raw("from", []byte(`{"type":"string"}`))
	w.raw("to", []byte(`{"type":"string"}`))
	w.refer("amount", "amount", "")
	w.key("reason")
	w.open('{')
	w.key("enum")
	w.open('[')
	for _, r := range w.l.reasons[1:] {
		w.item(string(r))
	}
	w.close(']')
	w.close('}')
	if decided {
		w.raw("basis", []byte(`{"type":"object","properties":{"of":{"$ref":"#/$defs/amount"},"ratio":{"$ref":"#/$defs/ratio"},"policy":{"type":"string"},"times":{"$ref":"#/$defs/count"}},"required":["of"]}`))
	}
	w.close('}')
	w.texts("required", required)
	w.close('}')
	w.close('}')
}

func (w *schemaWriter) decisionSchema() {
	w.key("decision")
	w.open('{')
	w.text("type", "object")
	w.key("properties")
	w.open('{')
	for _, name := range []string{"rule", "executes", "action", "from", "to"} {
		w.raw(name, []byte(`{"type":"string"}`))
	}
	w.refer("actor", "actor", "who asked")
	w.refer("command", "command", "what was asked")
	w.refer("at", "time", "when it happened")
	w.movementSchema("movements", true)
	for i := range w.l.spec.Extras {
		w.key(w.l.spec.Extras[i].Name)
		w.open('{')
		w.optional("description", w.l.spec.Extras[i].Meaning)
		w.close('}')
	}
	w.raw("approval", []byte(`{"anyOf":[{"type":"null"},{"$ref":"#/$defs/approval"}]}`))
	w.raw("review", []byte(`{"anyOf":[{"type":"null"},{"type":"object","properties":{"amount":{"$ref":"#/$defs/amount"},"minPayout":{"$ref":"#/$defs/amount"},"quorum":{"$ref":"#/$defs/count"}},"required":["amount","minPayout","quorum"]}]}`))
	w.refer("contract", "contract", "the next snapshot")
	w.close('}')
	w.texts("required", []string{"rule", "action", "from", "to", "actor", "command", "at", "movements", "approval", "review", "contract"})
	w.close('}')
}

func (w *schemaWriter) refusalSchema() {
	w.key("refusal")
	w.inline(`{"type":"object","properties":{"code":{"enum":["unauthorized","invalid_request","forbidden","not_found","conflict","internal_error"]},"reason":{"type":"string"},"action":{"type":"string"},` +
		`"rule":{"type":"string"},"message":{"type":"string"},"remedy":{"type":"string"},"details":{"type":"object"}},"required":["code","reason","message","details"]}`)
}

func (w *schemaWriter) approvalSchema() {
	w.key("approval")
	w.open('{')
	w.text("type", "object")
	w.key("properties")
	w.open('{')
	for _, name := range []string{"id", "type", "contractId", w.l.wire.target, "approvalUrl", "termsBy", "hash", "supersedes", "supersededBy"} {
		w.raw(name, []byte(`{"type":"string"}`))
	}
	w.raw("status", []byte(`{"enum":["pending","confirmed","declined","expired","superseded"]}`))
	for i := range w.l.wire.adds {
		w.field(w.l.wire.adds[i].slot.field)
	}
	for _, name := range []string{"expiresAt", "resolvedAt", "createdAt"} {
		w.refer(name, "time", "")
	}
	w.raw("result", []byte(`{"description":"what a confirmation led to"}`))
	w.refer("requestedBy", "id", "who asked")
	w.raw("requestedByKind", []byte(`{"enum":["agent","token","human","system"]}`))
	w.refer("account", "id", "for whom it was asked")
	for _, name := range []string{"confirmers", "confirmedBy", "confirmedFor"} {
		w.list(name, `{"$ref":"#/$defs/id"}`)
	}
	w.refer("command", "command", "what waits, with all its terms")
	w.movementSchema("movements", false)
	w.refer("quorum", "count", "how many people of an account must agree")
	w.close('}')
	w.texts("required", []string{"id", "type", "status", "contractId", "createdAt", "expiresAt", "command"})
	w.close('}')
}
