package simulate

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite scenario.schema.json and the tables in docs/scenario.md")

// kept compares a file with what it should hold, or rewrites it.
func kept(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(have), "%s is stale: go test ./simulate -run Schema -update", path)
}

func TestSchemaIsKept(t *testing.T) { kept(t, "scenario.schema.json", string(Schema())) }

func TestSchemaTablesAreKept(t *testing.T) {
	const page = "../docs/scenario.md"
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	want := string(text)
	for name, table := range map[string]string{
		"fields": fieldsTable(), "behaviours": behaviourTables(), "distributions": distributionTable()} {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		before, rest, found := strings.Cut(want, begin)
		_, after, closed := strings.Cut(rest, end)
		require.True(t, found && closed, "the markers of %s", name)
		want = before + begin + table + end + after
	}
	kept(t, page, want)
}

func fieldsTable() string {
	b := new(strings.Builder)
	fmt.Fprintln(b, "| field | values | default | meaning |\n| --- | --- | --- | --- |")
	for _, f := range Fields() {
		preset := ""
		if f.Default != "" {
			preset = code(f.Default)
		}
		if f.OpenTrain != "" {
			preset += "; OpenTrain " + code(f.OpenTrain)
		}
		switch group, _, _ := strings.Cut(f.Path, "[]."); {
		case strings.Contains(f.Default, "behaviour"):
			preset = "below"
		case scenarioFields.named(group) != nil && scenarioFields.named(group).behaviours != nil:
			preset = "by behaviour"
		}
		if f.Required {
			preset = "*required*"
		}
		meaning := f.Meaning
		if f.Only != "" {
			meaning += " (" + f.Only + " only)"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Path, f.Kind, preset, meaning)
	}
	return b.String()
}

func code(text string) string { return "`" + text + "`" }

func behaviourTables() string {
	b := new(strings.Builder)
	for _, list := range []struct {
		title, population string
		fields            fields
		known             []behaviour
	}{
		{"workers", workerPopulation, workerFields, workerBehaviours},
		{"clients", clientPopulation, clientFields, clientBehaviours},
		{"backupAgents", agentPopulation, agentFields, agentBehaviours},
		{"approvers", approverPopulation, approverFields, approverBehaviours},
	} {
		fmt.Fprintf(b, "\n| %s | | default share |", list.title)
		names := list.fields.names()[2:]
		for _, name := range names {
			fmt.Fprintf(b, " %s |", name)
		}
		fmt.Fprintf(b, "\n| --- | --- | --- |%s\n", strings.Repeat(" --- |", len(names)))
		for _, known := range list.known {
			fmt.Fprintf(b, "| `%s` | %s | %s |", known.name, known.about, shareIn(list.population, known.name))
			for _, name := range names {
				fmt.Fprintf(b, " %s |", shortly(known.presets[name]))
			}
			fmt.Fprintln(b)
		}
	}
	return b.String() + "\n"
}

// shareIn returns a behaviour's share in a default population.
func shareIn(population, behaviour string) string {
	n, _ := documentOf([]byte(population))
	for _, group := range n.items {
		if group.get("behaviour").text == behaviour {
			return group.get("share").text
		}
	}
	return "–"
}

// shortly writes a default for a narrow column.
func shortly(preset string) string {
	if preset == "" {
		return "–"
	}
	n, _ := documentOf([]byte(preset))
	if n.is != anObject {
		return code(n.text)
	}
	var parts []string
	for _, item := range n.items[0].items {
		parts = append(parts, item.name+" "+item.text)
	}
	return n.items[0].name + " " + strings.Join(parts, " ")
}

func distributionTable() string {
	b := new(strings.Builder)
	fmt.Fprintln(b, "| distribution | fields | meaning |\n| --- | --- | --- |")
	for _, f := range times.forms() {
		var inner []string
		for _, i := range f.fields {
			inner = append(inner, "`"+i.name+"`: "+i.meaning)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.name, strings.Join(inner, "; "), f.meaning)
	}
	return b.String()
}

// TestSchemaKnowsEveryField walks the schema along the paths of the table.
func TestSchemaKnowsEveryField(t *testing.T) {
	var root map[string]any
	require.NoError(t, json.Unmarshal(Schema(), &root))
	require.NotEmpty(t, Fields())
	for _, f := range Fields() {
		at := root
		for step := range strings.SplitSeq(f.Path, ".") {
			name, isList := strings.CutSuffix(step, "[]")
			at, _ = at["properties"].(map[string]any)[name].(map[string]any)
			require.NotNil(t, at, f.Path)
			require.NotEmpty(t, at["description"], f.Path)
			if isList {
				at = at["items"].(map[string]any)
			}
		}
	}
}

// TestSchemaHasTheKindOfEveryDefault holds the defaults that the schema names
// against the types that it asks for.
func TestSchemaHasTheKindOfEveryDefault(t *testing.T) {
	var root map[string]any
	require.NoError(t, json.Unmarshal(Schema(), &root))
	properties := root["properties"].(map[string]any)
	require.Equal(t, 0.05, properties["capitalCost"].(map[string]any)["default"])
	require.Equal(t, "P30D", properties["horizon"].(map[string]any)["default"])
	require.Equal(t, map[string]any{"$ref": "#/$defs/amount-distribution",
		"default":     map[string]any{"lognormal": map[string]any{"median": 50., "spread": 0.8, "from": 5., "to": 5000.}},
		"description": `the price of a contract, in OpenTrain of each milestone, in whole units of the asset; in OpenTrain the default is {"lognormal": {"median": 500, "spread": 0.8, "from": 50, "to": 50000}}`,
	}, properties["price"])
	require.Equal(t, map[string]any{"required": []any{"policy", "policies"}}, root["not"])
	require.Equal(t, false, root["additionalProperties"])
	shared := root["$defs"].(map[string]any)
	policy := shared["policy"].(map[string]any)["properties"].(map[string]any)
	require.Equal(t, []any{"number", "string", "null"}, policy["protocolFee"].(map[string]any)["type"])
	require.Equal(t, []any{"string", "null"}, policy["approvalTTL"].(map[string]any)["type"])
	require.Equal(t, []any{"string", "null"}, policy["noQuorum"].(map[string]any)["type"])
	require.Equal(t, []any{"integer", "null"}, policy["baRecruitCount"].(map[string]any)["type"])
	require.Equal(t, []any{"boolean", "null"}, policy["separateDuties"].(map[string]any)["type"])
	require.Equal(t, []any{"object", "null"}, policy["payoutReview"].(map[string]any)["type"])
	worker := properties["workers"].(map[string]any)["items"].(map[string]any)
	require.Equal(t, []any{"behaviour", "share"}, worker["required"])
	require.NotContains(t, worker["properties"].(map[string]any)["quality"], "default")
}
