package escrowtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Difference is one place in which an answer is not the engine's.
type Difference struct {
	// Path is where, as in "decision.movements[1].amount".
	Path string `json:"path"`
	// Want is what the engine answers there, Got what the system did.
	Want string `json:"want"`
	Got  string `json:"got"`
}

// String returns the difference on one line.
func (d Difference) String() string {
	return fmt.Sprintf("%s: the engine says %s, the system %s", d.Path, d.Want, d.Got)
}

// Compare returns in what the system's answer differs from the engine's, nil
// when in nothing. An answer in wire form is compared whole, but for the words of
// a refusal (message and remedy), which are free; one made by hand in what it
// says. Differences are listed by path.
func Compare(engine, system *Answer) []Difference { return compare(engine, system, false) }

// compare is [Compare] without what the application fills in, where that is free.
func compare(engine, system *Answer, free bool) []Difference {
	if system.source == nil {
		c := comparison{free: free}
		c.value("", engine.said(), system.said())
		return c.found
	}
	return compareWire(engine.source(), system.source(), free)
}

// CompareWire returns in what an answer in wire form differs from the engine's,
// nil when in nothing but the words of a refusal.
func CompareWire(engine, system []byte) []Difference { return compareWire(engine, system, false) }

func compareWire(engine, system []byte, free bool) []Difference {
	c := comparison{whole: true, free: free}
	if !bytes.Equal(bytes.TrimSpace(engine), bytes.TrimSpace(system)) {
		c.value("", tree(engine), tree(system))
	}
	return c.found
}

// said returns what the fields of an answer say, in the shape of the wire form;
// amounts are in smallest units.
func (a *Answer) said() any {
	if !a.Accepted() {
		refusal := map[string]any{"code": string(a.Code), "reason": string(a.Reason)}
		mention(refusal, "rule", a.Rule)
		return map[string]any{"refusal": refusal}
	}
	moves := make([]any, len(a.Movements))
	for i, m := range a.Movements {
		move := map[string]any{"from": m.From.String(), "to": m.To.String(), "amount": m.Amount.String(), "reason": string(m.Reason)}
		mention(move, "id", m.ID)
		moves[i] = move
	}
	d := map[string]any{"from": string(a.From), "to": string(a.To), "movements": moves}
	mention(d, "rule", a.Rule)
	mention(d, "executes", a.Executes)
	mention(d, "approval", a.Approval)
	if !a.At.IsZero() {
		d["at"] = a.At.UTC().Format(time.RFC3339Nano)
	}
	if a.Contract != nil {
		text, _ := a.Contract.MarshalJSON()
		d["contract"] = tree(text)
	}
	return map[string]any{"decision": d}
}

func mention(in map[string]any, name, value string) {
	if value != "" {
		in[name] = value
	}
}

// tree returns JSON as maps, lists and scalars; text that is none as itself.
func tree(text []byte) any {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return string(text)
	}
	return v
}

// comparison collects the differences of two trees.
type comparison struct {
	// whole says that what the system leaves out differs too.
	whole bool
	// free says that what the application fills in is not compared.
	free  bool
	found []Difference
}

// filled reports whether a field of an approval is the application's to fill.
func filled(name string) bool { return name == "approvalUrl" || name == "result" }

func (c *comparison) differ(path string, want, got any) {
	c.found = append(c.found, Difference{path, show(want), show(got)})
}

// show returns a value as JSON, cut where it is long.
func show(v any) string {
	if v == nil {
		return "nothing"
	}
	text, _ := json.Marshal(v)
	if len(text) > 200 {
		return string(text[:200]) + "…"
	}
	return string(text)
}

func (c *comparison) value(path string, want, got any) {
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			c.object(path, w, g)
			return
		}
	case []any:
		if g, ok := got.([]any); ok && len(g) == len(w) {
			for i := range w {
				c.value(fmt.Sprintf("%s[%d]", path, i), w[i], g[i])
			}
			return
		}
	}
	if list, ok := want.([]any); ok && len(list) == 0 && got == nil {
		return // absent is null is not set
	}
	if !sameScalar(want, got) {
		c.differ(path, want, got)
	}
}

// sameScalar reports whether two trees without fields are the same.
func sameScalar(want, got any) bool {
	switch want.(type) {
	case map[string]any, []any:
		return false
	}
	switch got.(type) {
	case map[string]any, []any:
		return false
	}
	return want == got
}

// object compares two objects field by field.
func (c *comparison) object(path string, want, got map[string]any) {
	names := maps.Clone(got)
	if c.whole {
		maps.Copy(names, want)
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if path == "refusal" && (name == "message" || name == "remedy") || c.free && filled(name) && strings.Contains(path, "approval") {
			continue
		}
		at := name
		if path != "" {
			at = path + "." + name
		}
		c.value(at, want[name], got[name])
	}
}
