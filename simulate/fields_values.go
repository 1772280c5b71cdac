package simulate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/nearest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// plainNumber is the notation that amounts, ratios and parts are written in when
// they are text.
const plainNumber = `^[0-9]+(\.[0-9]+)?$`

// digits returns the number that a node says, as text; empty when it says none.
func (n *node) digits() string {
	if n.is == aNumber || n.is == aText {
		return n.text
	}
	return ""
}

func decimalSchema(bounds map[string]any) map[string]any {
	bounds["type"], bounds["pattern"] = []any{"number", "string"}, plainNumber
	return bounds
}

// ratioForm is a fraction from 0 to 1, called by a name of its own.
func ratioForm(called string) form[escrow.Ratio] {
	s := shape{kind: called, schema: decimalSchema(map[string]any{"minimum": 0, "maximum": 1})}
	return form[escrow.Ratio]{s, func(r *reader, n *node) escrow.Ratio {
		ratio, err := escrow.ParseRatio(n.digits())
		if err != nil {
			right := "a " + called + " lies between 0 and 1"
			if len(n.text) > len("0.")+18 {
				right += ", with at most 18 decimal places"
			}
			r.wantsNumber(n, right)
		}
		return ratio
	}}
}

// countForm is a whole number between two others.
func countForm(least, most int) form[int] {
	s := shape{kind: fmt.Sprintf("whole number, %d to %d", least, most),
		schema: map[string]any{"type": "integer", "minimum": least, "maximum": most}}
	return form[int]{s, func(r *reader, n *node) int {
		i, err := strconv.Atoi(n.text)
		if n.is != aNumber || err != nil || i < least || i > most {
			r.wantsNumber(n, fmt.Sprintf("it is a whole number from %d to %d", least, most))
		}
		return i
	}}
}

// seedForm is any number of 64 bits.
var seedForm = form[uint64]{
	shape{kind: "whole number, 0 to 2^64-1", schema: map[string]any{"type": "integer", "minimum": 0, "maximum": uint64(math.MaxUint64)}},
	func(r *reader, n *node) uint64 {
		i, err := strconv.ParseUint(n.text, 10, 64)
		if n.is != aNumber || err != nil {
			r.wants(n, "a seed is a whole number from 0 to 2^64-1")
		}
		return i
	}}

// textForm is text of bounded length.
func textForm(least, most int) form[string] {
	s := shape{kind: fmt.Sprintf("text, %d to %d bytes", least, most),
		schema: map[string]any{"type": "string", "minLength": least, "maxLength": most}}
	return form[string]{s, func(r *reader, n *node) string {
		if n.is != aText || len(n.text) < least || len(n.text) > most {
			r.wants(n, fmt.Sprintf("it is text of %d to %d bytes", least, most))
		}
		return n.text
	}}
}

// choiceForm is one of some words.
func choiceForm[V ~string](words ...V) form[V] {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = string(w)
	}
	s := shape{kind: strings.Join(list, ", "), schema: map[string]any{"enum": list}}
	return form[V]{s, func(r *reader, n *node) V {
		if n.is != aText || !slices.Contains(list, n.text) {
			r.wants(n, nearest.Suggestion(n.text, list))
		}
		return V(n.text)
	}}
}

// lifecycleForm is one of the built-in lifecycles.
var lifecycleForm = form[*escrow.Lifecycle]{
	choiceForm(opencontract.Lifecycle.Name(), opentrain.Lifecycle.Name()).shape,
	func(r *reader, n *node) *escrow.Lifecycle {
		switch choiceForm(opencontract.Lifecycle.Name(), opentrain.Lifecycle.Name()).read(r, n) {
		case opentrain.Lifecycle.Name():
			return opentrain.Lifecycle
		}
		return opencontract.Lifecycle
	}}

// longest is how long a length of time may be.
const longest = 10 * 365 * 24 * time.Hour

// durationForm is a length of time that is longer than nothing.
var durationForm = form[time.Duration]{
	shape{kind: "duration", schema: map[string]any{"type": "string", "pattern": durationPattern}},
	func(r *reader, n *node) time.Duration {
		d, ok := n.duration()
		if !ok || d <= 0 {
			r.wants(n, `a duration is longer than nothing and at most 10 years, as in "P1D" or "PT12H"`)
		}
		return d
	}}

const durationPattern = `^P([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$`

// duration returns the length of time that a node says.
func (n *node) duration() (time.Duration, bool) {
	d, err := escrow.ParseDuration(n.text)
	return d, n.is == aText && err == nil && d <= longest
}

// stepForm is an amount of the lifecycle's asset.
var stepForm = form[int64]{
	shape{kind: "amount", schema: decimalSchema(map[string]any{"exclusiveMinimum": 0})},
	func(r *reader, n *node) int64 { return amounts.value(r, n) }}

// objectForm is an object with fields of its own.
func objectForm[V any](fs fields) form[V] {
	s := shape{kind: "object", fields: fs}
	return form[V]{s, func(r *reader, n *node) (v V) {
		r.object(n, &s, &v)
		return v
	}}
}

// listForm is a list of objects.
func listForm[V any](s shape, least, most int) form[[]V] {
	s.list = true
	s.kind = fmt.Sprintf("list, %d to %d", least, most)
	s.schema = map[string]any{"type": "array", "minItems": least, "maxItems": most}
	return form[[]V]{s, func(r *reader, n *node) []V {
		if n.is != aList {
			r.wants(n, fmt.Sprintf("it is a list of %d to %d", least, most))
			return nil
		} else if len(n.items) < least || len(n.items) > most {
			r.fail(n.fault("holds %d; it holds %d to %d", len(n.items), least, most))
			return nil
		}
		list := make([]V, len(n.items))
		for i, item := range n.items {
			r.object(item, &s, &list[i])
		}
		return list
	}}
}
