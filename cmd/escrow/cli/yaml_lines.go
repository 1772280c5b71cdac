package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/escrow-go/escrow/simulate"
	"go.yaml.in/yaml/v3"
)

// jsonNumber is what JSON writes a number like.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// lineWriter writes JSON and keeps to the lines of its source.
type lineWriter struct {
	bytes.Buffer
	line int
}

// reach goes on to a line; there is no way back, and none is needed: a node never
// stands before its predecessor.
func (w *lineWriter) reach(line int) {
	for ; w.line < line; w.line++ {
		w.WriteByte('\n')
	}
}

// value writes what stands at a path.
func (w *lineWriter) value(n *yaml.Node, path string, depth int) error {
	if err := plainYAML(n, path, depth); err != nil {
		return err
	}
	w.reach(n.Line)
	switch n.Kind {
	case yaml.MappingNode:
		return w.object(n, path, depth)
	case yaml.SequenceNode:
		return w.list(n, path, depth)
	}
	w.scalar(n)
	return nil
}

// plainYAML refuses what JSON has no word for.
func plainYAML(n *yaml.Node, path string, depth int) error {
	why := ""
	switch {
	case n.Kind == yaml.AliasNode:
		why = fmt.Sprintf("alias *%s; write out what it stands for", n.Value)
	case n.Anchor != "":
		why = fmt.Sprintf("anchor &%s; write out each value where it belongs", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		why = fmt.Sprintf("tag %s; expected a plain value", n.Tag)
	case depth > maxYAMLDepth:
		why = fmt.Sprintf("more than %d levels deep", maxYAMLDepth)
	default:
		return nil
	}
	return &simulate.Fault{Line: n.Line, Field: path, Message: why}
}

func (w *lineWriter) object(n *yaml.Node, path string, depth int) error {
	w.WriteByte('{')
	seen := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		if i > 0 {
			w.WriteByte(',')
		}
		key, value := n.Content[i], n.Content[i+1]
		at := strings.TrimPrefix(path+"."+key.Value, ".")
		if err := plainKey(key, path, at, seen); err != nil {
			return err
		}
		w.reach(key.Line)
		w.text(key.Value)
		w.WriteByte(':')
		if err := w.value(value, at, depth+1); err != nil {
			return err
		}
	}
	w.WriteByte('}')
	return nil
}

// plainKey refuses keys that are no names, and those seen before.
func plainKey(key *yaml.Node, path, at string, seen map[string]int) error {
	if err := plainYAML(key, path, 0); err != nil {
		return err
	}
	why := ""
	switch before := seen[key.Value]; {
	case key.Kind != yaml.ScalarNode:
		return &simulate.Fault{Line: key.Line, Field: path, Message: "a key that is no name"}
	case key.Style == 0 && key.Value == "<<":
		why = "merge key; write out the fields it brings in"
	case before > 0:
		why = fmt.Sprintf("given twice, first on line %d", before)
	default:
		seen[key.Value] = key.Line
		return nil
	}
	return &simulate.Fault{Line: key.Line, Field: at, Message: why}
}

func (w *lineWriter) list(n *yaml.Node, path string, depth int) error {
	w.WriteByte('[')
	for i, value := range n.Content {
		if i > 0 {
			w.WriteByte(',')
		}
		if err := w.value(value, fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
			return err
		}
	}
	w.WriteByte(']')
	return nil
}

func (w *lineWriter) scalar(n *yaml.Node) {
	switch plain := n.Style == 0; {
	case plain && (n.Value == "" || n.Value == "~" || n.Value == "null"):
		w.WriteString("null")
	case plain && (n.Value == "true" || n.Value == "false" || jsonNumber.MatchString(n.Value)):
		w.WriteString(n.Value)
	default:
		w.text(n.Value)
	}
}

func (w *lineWriter) text(s string) {
	text, _ := json.Marshal(s) // a string always can be
	w.Write(text)
}
