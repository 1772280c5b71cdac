package simulate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// The bounds of a document as such.
const (
	maxDocument = 1 << 20
	maxNesting  = 16
	maxEntries  = 1000
)

// node is a value of a JSON document with the line it stands on.
type node struct {
	up *node
	// name is the key, or the position in brackets.
	name string
	line int
	is   valueKind
	// text is the text of a string; of a number, true, false and null what stands
	// in the document.
	text  string
	items []*node
}

type valueKind uint8

const (
	anObject valueKind = iota
	aList
	aText
	aNumber
	aFlag
	aNull
)

// path returns where the node stands, as in "workers[2].share".
func (n *node) path() string {
	switch {
	case n.up == nil:
		return ""
	case n.up.is == aList, n.up.up == nil:
		return n.up.path() + short(n.name)
	}
	return n.up.path() + "." + short(n.name)
}

// get returns the value of an object's key, nil when there is none.
func (n *node) get(name string) *node {
	for _, item := range n.items {
		if n.is == anObject && item.name == name {
			return item
		}
	}
	return nil
}

func (n *node) fault(format string, args ...any) *Fault {
	return &Fault{Line: n.line, Field: n.path(), Message: fmt.Sprintf(format, args...)}
}

// said returns the value as messages quote it.
func (n *node) shown() string {
	switch n.is {
	case anObject:
		return "an object"
	case aList:
		return "a list"
	case aText:
		return strconv.Quote(short(n.text))
	}
	return short(n.text)
}

// copied returns a copy of the node with everything under it.
func (n *node) copied(up *node) *node {
	c := *n
	c.up, c.items = up, make([]*node, len(n.items))
	for i, item := range n.items {
		c.items[i] = item.copied(&c)
	}
	return &c
}

// json returns the node as JSON without blanks.
func (n *node) json() string { return string(n.appendJSON(nil)) }

func (n *node) appendJSON(dst []byte) []byte {
	switch n.is {
	case aText:
		return append(dst, quoted(n.text)...)
	case anObject, aList:
		brackets := [...]string{anObject: "{}", aList: "[]"}[n.is]
		dst = append(dst, brackets[0])
		for i, item := range n.items {
			if i > 0 {
				dst = append(dst, ',')
			}
			if n.is == anObject {
				dst = append(append(dst, quoted(item.name)...), ':')
			}
			dst = item.appendJSON(dst)
		}
		return append(dst, brackets[1])
	}
	return append(dst, n.text...)
}

// quoted returns text as a JSON string.
func quoted(text string) []byte {
	q, _ := json.Marshal(text) // a string always has a JSON form
	return q
}

// documentOf reads JSON text.
func documentOf(data []byte) (*node, *Fault) {
	if len(data) > maxDocument {
		return nil, &Fault{Line: 1, Message: fmt.Sprintf("has %d bytes; a scenario has at most %d", len(data), maxDocument)}
	}
	// All that can be wrong with the text is found here, with its place.
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		return nil, syntaxFault(data, err)
	}
	d := &documentReader{data: data, tokens: json.NewDecoder(bytes.NewReader(data)), line: 1}
	d.tokens.UseNumber()
	return d.value(nil, "", 0)
}

func syntaxFault(data []byte, err error) *Fault {
	at := len(data)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = min(at, int(syntax.Offset))
	}
	return &Fault{Line: 1 + bytes.Count(data[:at], []byte("\n")), Message: "is no JSON: " + err.Error()}
}

// documentReader makes nodes of tokens.
type documentReader struct {
	data   []byte
	tokens *json.Decoder
	// line is that of the data up to at.
	at, line int
}

// next returns the next token. The text is known to be JSON; nil is null.
func (d *documentReader) next() json.Token {
	t, _ := d.tokens.Token()
	end := int(d.tokens.InputOffset())
	d.line += bytes.Count(d.data[d.at:end], []byte("\n"))
	d.at = end
	return t
}

// value reads one value.
func (d *documentReader) value(up *node, name string, depth int) (*node, *Fault) {
	n := &node{up: up, name: name, is: aNull, text: "null"}
	t := d.next()
	n.line = d.line
	switch v := t.(type) {
	case string:
		n.is, n.text = aText, v
	case json.Number:
		n.is, n.text = aNumber, v.String()
	case bool:
		n.is, n.text = aFlag, strconv.FormatBool(v)
	case json.Delim:
		n.is, n.text = aList, ""
		if v == '{' {
			n.is = anObject
		}
		return n, d.entries(n, depth+1)
	}
	return n, nil
}

// entries reads what an object or a list holds, and its end.
func (d *documentReader) entries(n *node, depth int) *Fault {
	if depth > maxNesting {
		return n.fault("is nested too deeply; a scenario nests at most %d deep", maxNesting)
	}
	seen := map[string]bool{}
	for d.tokens.More() {
		name := "[" + strconv.Itoa(len(n.items)) + "]"
		if n.is == anObject {
			name, _ = d.next().(string)
		}
		item, fault := d.value(n, name, depth)
		switch {
		case fault != nil:
			return fault
		case seen[name]:
			return item.fault("stands twice; leave one of them")
		case len(n.items) == maxEntries:
			return n.fault("has more than %d entries", maxEntries)
		}
		seen[name] = true
		n.items = append(n.items, item)
	}
	d.next()
	return nil
}
