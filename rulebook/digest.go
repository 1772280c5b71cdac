package rulebook

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"reflect"
	"slices"

	"github.com/escrow-go/escrow"
)

// Digest returns the SHA-256, in hexadecimal, of what a lifecycle declares: its
// parties, fields, lists, pots, policy and every row of its table. Two tables of one
// name and version that decide differently have two digests, unless they differ in a
// function alone, of which only the name is seen. Words for people (what fields mean,
// labels, messages) are left out, so that they can be put better.
func Digest(l *escrow.Lifecycle) string {
	h := sha256.New()
	d := digester{out: h, seen: map[any]int{}}
	d.value(reflect.ValueOf(l.Spec()))
	return hex.EncodeToString(h.Sum(nil))
}

// forPeople are the members of declarations that decide nothing.
var forPeople = map[string]bool{"About": true, "Meaning": true, "Remedy": true, "Message": true, "Labels": true}

// digester writes a declaration so that equal ones give equal bytes. What several
// places point to is written once and numbered. Members that are not set are left out,
// so that a member which is new in the library changes no digest.
type digester struct {
	out  io.Writer
	seen map[any]int
}

func (d *digester) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		d.value(v.Elem())
	case reflect.Pointer:
		d.pointer(v)
	case reflect.Struct:
		d.members(v)
	case reflect.Slice, reflect.Array:
		fmt.Fprint(d.out, "[")
		for i := range v.Len() {
			d.value(v.Index(i))
		}
		fmt.Fprint(d.out, "]")
	case reflect.Map:
		d.entries(v)
	case reflect.Func:
		fmt.Fprint(d.out, "func;")
	case reflect.Invalid:
		fmt.Fprint(d.out, "nil;")
	default:
		fmt.Fprintf(d.out, "%q;", fmt.Sprint(v.Interface()))
	}
}

func (d *digester) pointer(v reflect.Value) {
	n, known := d.seen[v.Interface()]
	if !known {
		n = len(d.seen)
		d.seen[v.Interface()] = n
	}
	fmt.Fprintf(d.out, "#%d", n)
	if known {
		return
	}
	if act, ok := v.Interface().(*escrow.Act); ok {
		fmt.Fprintf(d.out, "%q", act.String())
		d.value(reflect.ValueOf(act.Params()))
		return
	}
	d.value(v.Elem())
}

func (d *digester) members(v reflect.Value) {
	fmt.Fprint(d.out, "{")
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && !forPeople[f.Name] && !v.Field(i).IsZero() {
			fmt.Fprintf(d.out, "%s:", f.Name)
			d.value(v.Field(i))
		}
	}
	fmt.Fprint(d.out, "}")
}

// entries writes a map in the order of its keys, which are texts.
func (d *digester) entries(v reflect.Value) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	fmt.Fprint(d.out, "<")
	for _, k := range keys {
		fmt.Fprintf(d.out, "%q=", k.String())
		d.value(v.MapIndex(k))
	}
	fmt.Fprint(d.out, ">")
}
