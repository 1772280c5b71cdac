package escrowhttp

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// family is a lifecycle in all the versions that are served, the newest first.
type family struct {
	name     string
	versions []*escrow.Lifecycle
}

// familiesOf groups lifecycles by their names, in their order.
func familiesOf(lifecycles []*escrow.Lifecycle) []family {
	var all []family
	for _, l := range lifecycles {
		at := slices.IndexFunc(all, func(f family) bool { return f.name == l.Name() })
		if at < 0 {
			at = len(all)
			all = append(all, family{name: l.Name()})
		}
		all[at].versions = append(all[at].versions, l)
	}
	for _, f := range all {
		slices.SortFunc(f.versions, func(a, b *escrow.Lifecycle) int { return b.Version() - a.Version() })
	}
	return all
}

// newest is the version by which contracts are founded.
func (f *family) newest() *escrow.Lifecycle { return f.versions[0] }

// component names a definition of a version's schema in the document.
func (f *family) component(l *escrow.Lifecycle, definition string) string {
	if len(f.versions) == 1 {
		return f.name + "." + definition
	}
	return fmt.Sprintf("%s.%d.%s", f.name, l.Version(), definition)
}

// ref returns the schema of a definition: any version's.
func (f *family) ref(definition string) map[string]any {
	if len(f.versions) == 1 {
		return Ref(f.component(f.newest(), definition))
	}
	var each []any
	for _, l := range f.versions {
		each = append(each, Ref(f.component(l, definition)))
	}
	return map[string]any{"anyOf": each}
}

// addSchemas adds the definitions of a lifecycle's own schema under the document's names,
// and those that only HTTP has.
func (f *family) addSchemas(to map[string]any) error {
	for _, l := range f.versions {
		var schema struct {
			Definitions map[string]map[string]any `json:"$defs"`
		}
		if err := json.Unmarshal(l.Schema(), &schema); err != nil {
			return fmt.Errorf("the schema of %s: %w", l.Name(), err)
		}
		schema.Definitions["draft"] = draftSchema(schema.Definitions["contract"])
		schema.Definitions["confirmation"] = confirmationSchema(schema.Definitions["command"])
		maps.Copy(schema.Definitions, explanationSchemas())
		maps.Copy(schema.Definitions, entrySchemas())
		for name, definition := range schema.Definitions {
			to[f.component(l, name)] = rename(definition, func(definition string) string { return f.component(l, definition) })
		}
	}
	return nil
}

// rename returns a schema with its references to definitions changed.
func rename(schema any, to func(string) string) any {
	switch s := schema.(type) {
	case map[string]any:
		renamed := make(map[string]any, len(s))
		for name, value := range s {
			if target, ok := value.(string); ok && name == "$ref" {
				renamed[name] = "#/components/schemas/" + to(strings.TrimPrefix(target, "#/$defs/"))
				continue
			}
			renamed[name] = rename(value, to)
		}
		return renamed
	case []any:
		renamed := make([]any, len(s))
		for i := range s {
			renamed[i] = rename(s[i], to)
		}
		return renamed
	}
	return schema
}

// ruled are the members of a contract that a draft has not.
var ruled = []string{"schema", "status", "revision", "createdAt", "decidedAt", "enteredAt", "approvals", "custody"}

// draftSchema makes the schema of a draft of that of a contract: the id may be left to
// the server.
func draftSchema(contract map[string]any) map[string]any {
	draft := maps.Clone(contract)
	delete(draft, "required")
	properties := maps.Clone(contract["properties"].(map[string]any))
	for _, name := range ruled {
		delete(properties, name)
	}
	draft["properties"] = properties
	return draft
}

// confirmationSchema makes the schema of what a confirmation carries of that of its
// command: the address names the rest.
func confirmationSchema(command map[string]any) map[string]any {
	branches, _ := command["oneOf"].([]any)
	for _, branch := range branches {
		b, _ := branch.(map[string]any)
		properties, _ := b["properties"].(map[string]any)
		action, _ := properties["action"].(map[string]any)
		if action["const"] != "confirm" {
			continue
		}
		properties = maps.Clone(properties)
		delete(properties, "action")
		delete(properties, "approvalId")
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	}
	return map[string]any{"type": "object"}
}

// own refers to a definition of the same lifecycle.
func own(name string) map[string]any { return map[string]any{"$ref": "#/$defs/" + name} }

func listOf(items any) map[string]any { return map[string]any{"type": "array", "items": items} }

func textSchema(meaning string) map[string]any {
	return map[string]any{"type": "string", "description": meaning}
}

// closed returns the schema of an object that has some of its members always.
func closed(members map[string]any, required ...string) map[string]any {
	return map[string]any{"type": "object", "properties": members, "required": required, "additionalProperties": false}
}

// explanationSchemas describe what the engine's Explain answers.
func explanationSchemas() map[string]map[string]any {
	return map[string]map[string]any{
		"explanation": closed(map[string]any{"status": textSchema("where the contract stands"), "options": listOf(own("option"))}, "status", "options"),
		"option": closed(map[string]any{
			"action": textSchema(""), "rule": textSchema("the row of the table that answers"), "target": textSchema("the item or approval it is about"),
			"allowed": map[string]any{"type": "boolean"}, "to": textSchema("the status that it leads to"),
			"coSign": textSchema("the type of the approval that it would wait for"), "pendingApproval": textSchema("the approval that waits for it already"),
			"opens": own("time"), "closes": own("time"), "closed": own("time"),
			"statuses": listOf(textSchema("")), "obstacles": listOf(own("refusal")),
		}, "action", "allowed", "to", "obstacles"),
	}
}

// entrySchemas describe decisions in a history.
func entrySchemas() map[string]map[string]any {
	return map[string]map[string]any{
		"asker": closed(map[string]any{"id": own("id"), "kind": map[string]any{"enum": []string{"agent", "token", "human", "system"}}, "account": own("id"), "user": textSchema("")}, "id", "kind", "account"),
		"entry": closed(map[string]any{
			"event": own("count"), "contract": own("id"), "revision": own("count"), "rule": textSchema(""), "executes": textSchema("the rule that a confirmation carried out"),
			"action": textSchema(""), "from": textSchema(""), "to": textSchema(""), "at": own("time"), "clock": own("time"), "actor": own("asker"),
			"command": map[string]any{"type": "object", "description": "what was asked; erased texts read \"[erased]\""}, "movements": listOf(own("moved")),
			"digest": textSchema("of the stored snapshot"), "chain": textSchema("the link that it makes"),
		}, "contract", "revision", "rule", "action", "from", "to", "at", "clock", "actor", "command", "movements", "digest", "chain"),
		"moved": closed(map[string]any{
			"id": textSchema(""), "kind": map[string]any{"enum": []string{"deposit", "payout", "charge"}}, "from": textSchema(""), "to": textSchema(""),
			"amount": own("amount"), "asset": textSchema(""), "reason": textSchema(""), "basis": map[string]any{"type": "object"},
		}, "id", "kind", "from", "to", "amount", "asset", "reason"),
	}
}
