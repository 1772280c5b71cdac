package escrow

import (
	"reflect"
	"strings"
)

// maxWords is how many words a declaration may have, counted as often as they
// stand in others.
const maxWords = 2_000_000

// emptyWords refuses what stands for nothing, wherever it stands, and words that
// contain themselves, so that nothing that comes after meets one.
func (k *compiler) emptyWords() {
	w := wordWalk{compiler: k}
	w.visit(reflect.ValueOf(&k.l.spec).Elem(), "the spec")
	if k.where = ""; w.seen > maxWords {
		k.fail("has more than %d words", maxWords)
	}
}

// wordWalk goes through a declaration, and knows the words that it is inside of.
type wordWalk struct {
	*compiler
	inside []any
	seen   int
}

var wordType = reflect.TypeFor[Word]()

// visit looks at a value of the declaration, which stands in a field of the name.
func (w *wordWalk) visit(v reflect.Value, name string) {
	if w.seen++; w.seen > maxWords {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		w.members(v)
	case reflect.Slice:
		for i := range v.Len() {
			w.entry(v.Index(i), name)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			w.entry(v.MapIndex(key), name)
		}
	case reflect.Interface, reflect.Pointer:
		w.word(v, name)
	}
}

// members visits a struct's fields. Rules say where a fault is.
func (w *wordWalk) members(v reflect.Value) {
	where := w.where
	if v.Type() == reflect.TypeFor[Rule]() {
		r := v.Interface().(Rule)
		w.where = "rule " + r.ID
		if r.On != nil {
			w.params(r.On)
		}
	}
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() {
			w.visit(v.Field(i), f.Name)
		}
	}
	w.where = where
}

// params visits what an action's commands carry.
func (w *wordWalk) params(act *Act) {
	if act.layout == nil {
		return
	}
	for i := range act.layout.slots {
		w.word(reflect.ValueOf(act.layout.slots[i].field), "the command")
	}
}

// entry visits an element of many, which is never left out.
func (w *wordWalk) entry(v reflect.Value, name string) {
	if k := v.Kind(); (k == reflect.Pointer || k == reflect.Interface) && v.IsNil() {
		w.fail("an empty %s in %s: leave it out or name one", strings.TrimPrefix(v.Type().String(), "*escrow."), name)
		return
	}
	w.visit(v, name)
}

// word visits a word that may be left out, but not be a handle without a field.
func (w *wordWalk) word(v reflect.Value, name string) {
	if v.IsNil() {
		return
	}
	p := v.Interface()
	if word, is := p.(Word); is && (v.Type() == wordType || v.Type() == reflect.TypeFor[*Field]()) {
		if isNil(word) {
			w.fail("an empty Field in %s: the handle has no declaration", name)
			return
		}
		p = word.Declaration()
	}
	for _, outer := range w.inside {
		if outer == p {
			w.fail("%s contains itself", name)
			return
		}
	}
	if at := reflect.ValueOf(p); at.Kind() == reflect.Pointer && at.Elem().Kind() == reflect.Struct {
		w.inside = append(w.inside, p)
		w.members(at.Elem())
		w.inside = w.inside[:len(w.inside)-1]
	}
}
