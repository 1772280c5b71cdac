package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"github.com/escrow-go/escrow/simulate"
	"go.yaml.in/yaml/v3"
)

// Bounds of a YAML file.
const (
	maxYAML      = 1 << 20
	maxYAMLDepth = 100
)

// yamlToJSON returns a YAML document as JSON in which every key and value stands
// on the line on which it stands in the YAML, so that whoever reads the JSON can
// name the line. Numbers stay as written; what is neither a number nor true,
// false or null is a string. Text that begins with { is JSON already, and
// returned as it is.
//
// Aliases, merge keys, tags, keys given twice and a second document are refused.
// Errors are faults with a line.
func yamlToJSON(text []byte) ([]byte, error) {
	if len(text) > maxYAML {
		return nil, &simulate.Fault{Line: 1, Message: fmt.Sprintf("longer than %d bytes", maxYAML)}
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return text, nil
	}
	document, err := readYAML(text)
	if err != nil {
		return nil, err
	}
	w := lineWriter{line: 1}
	if err := w.value(document, "", 0); err != nil {
		return nil, err
	}
	return append(w.Bytes(), '\n'), nil
}

// readYAML returns the one value that a text holds.
func readYAML(text []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	document, err := nextYAML(d)
	switch {
	case err == io.EOF:
		return nil, &simulate.Fault{Line: 1, Message: "empty; expected fields, as in name: first"}
	case err != nil:
		return nil, yamlFault(text, err)
	}
	switch second, err := nextYAML(d); {
	case err == nil:
		return nil, &simulate.Fault{Line: second.Line, Message: "a second document; expected one"}
	case err != io.EOF:
		return nil, yamlFault(text, err)
	}
	return document.Content[0], nil
}

// nextYAML reads a document. The decoder panics on some inputs that it does not
// expect.
func nextYAML(d *yaml.Decoder) (n *yaml.Node, err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			err = fmt.Errorf("no YAML: %v", trouble)
		}
	}()
	n = new(yaml.Node)
	if err := d.Decode(n); err != nil {
		return nil, err
	}
	if len(n.Content) != 1 {
		return nil, errors.New("no YAML document")
	}
	return n, nil
}

// yamlPrefix is what the decoder puts before what it has to say. Its line is that
// of the construct around the fault, or one off.
var yamlPrefix = regexp.MustCompile(`^yaml: (?:line ([0-9]+): )?`)

// yamlFault returns a syntax error with its line.
func yamlFault(text []byte, err error) error {
	told := yamlPrefix.FindStringSubmatch(err.Error())
	line := 1
	if told != nil && told[1] != "" {
		line, _ = strconv.Atoi(told[1])
	}
	if exact := faultyLine(text); exact > 0 {
		line = exact
	}
	return &simulate.Fault{Line: line, Message: "no YAML: " + yamlPrefix.ReplaceAllString(err.Error(), "")}
}

// faultyLine returns the line after the longest beginning that can be read, 0
// when looking for it would take long.
func faultyLine(text []byte) int {
	const patience = 1 << 22
	lines := bytes.SplitAfter(text, []byte("\n"))
	for n, size := len(lines), 0; n > 0; n-- {
		start := bytes.Join(lines[:n-1], nil)
		if size += len(start); size > patience {
			return 0
		}
		if wholeYAML(start) {
			return n
		}
	}
	return 0
}

func wholeYAML(text []byte) bool {
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := nextYAML(d); err != nil {
			return err == io.EOF
		}
	}
}
