package escrow

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// places collects every place of a spec that a change can be made at, through all
// that it points to.
func places(v reflect.Value, seen map[any]bool, visit func(reflect.Value)) {
	if v.CanSet() {
		visit(v)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Interface()] {
			seen[v.Interface()] = true
			places(v.Elem(), seen, visit)
		}
	case reflect.Interface:
		if !v.IsNil() {
			places(v.Elem(), seen, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				places(v.Field(i), seen, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			places(v.Index(i), seen, visit)
		}
	}
}

// strange are values of a kind that a place is set to, besides nothing.
func strange(v reflect.Value) (list []reflect.Value) {
	list = append(list, reflect.Zero(v.Type()))
	switch v.Kind() {
	case reflect.String:
		list = append(list, reflect.ValueOf("a \"b\"").Convert(v.Type()), reflect.ValueOf("=").Convert(v.Type()), reflect.ValueOf("status").Convert(v.Type()))
	case reflect.Bool:
		list = append(list, reflect.ValueOf(!v.Bool()).Convert(v.Type()))
	case reflect.Int, reflect.Int64:
		list = append(list, reflect.ValueOf(-1).Convert(v.Type()), reflect.ValueOf(1<<30).Convert(v.Type()))
	case reflect.Uint8:
		list = append(list, reflect.ValueOf(uint8(255)).Convert(v.Type()), reflect.ValueOf(uint8(v.Uint()%14+1)).Convert(v.Type()))
	case reflect.Pointer:
		if v.Type() != reflect.TypeFor[*Act]() {
			list = append(list, reflect.New(v.Type().Elem()))
		} else {
			list = append(list, reflect.ValueOf(&Act{}), reflect.ValueOf(actAdvance), reflect.ValueOf(actConfirm))
		}
	case reflect.Slice:
		list = append(list, reflect.Append(v.Slice(0, v.Len()), reflect.Zero(v.Type().Elem())))
		if v.Len() > 0 {
			list = append(list, reflect.Append(v.Slice(0, v.Len()), v.Index(0)), v.Slice(0, v.Len()-1))
		}
	case reflect.Interface:
		if v.Type() == wordType {
			list = append(list, reflect.ValueOf((*Field)(nil)), reflect.ValueOf(handle{}), reflect.ValueOf((*handle)(nil)), reflect.ValueOf(&Field{}), reflect.ValueOf(&Field{Name: "x", Kind: AmountKind}))
		}
	}
	return list
}

// handle is a typed handle of a field.
type handle struct{ *Field }

// TestStrangeSpecs changes every place of good tables to something strange: the
// definition accepts or refuses, and never panics, not even inside.
func TestStrangeSpecs(t *testing.T) {
	pledges, _, _ := pool()
	for _, s := range []Spec{base().spec, newAuction().spec, newJob().spec, pledges, tribunal(), hire()} {
		t.Run(s.Name, func(t *testing.T) {
			var all []reflect.Value
			shared := map[any]bool{Anyone: true, System: true, actAdvance: true}
			places(reflect.ValueOf(&s).Elem(), shared, func(v reflect.Value) { all = append(all, v) })
			assert.Greater(t, len(all), 400)
			// Fields remember what their bounds come to, and are never changed elsewhere.
			var fields []*Field
			for _, v := range all {
				if f, is := v.Addr().Interface().(*Field); is {
					fields = append(fields, f)
				}
			}
			forget := func() {
				for _, f := range fields {
					f.limits.Store(nil)
				}
			}
			for i, v := range all {
				if testing.Short() && i%10 != 0 {
					continue
				}
				was := reflect.New(v.Type()).Elem()
				was.Set(v)
				for _, odd := range strange(v) {
					what := fmt.Sprintf("%s %v to %v", v.Type(), v, odd)
					v.Set(odd)
					forget()
					assert.NotPanics(t, func() {
						if _, err := Define(s); err != nil {
							assert.False(t, strings.Contains(err.Error(), "cannot be defined"), "%s: %v", what, err)
						}
					}, what)
					v.Set(was)
				}
			}
			forget()
			_, err := Define(s)
			assert.NoError(t, err)
		})
	}
}

// TestCircularWords are refused: words that contain themselves.
func TestCircularWords(t *testing.T) {
	w := base()
	c := &Case{Name: "x"}
	c.Not = c
	w.rule(2).When = []*Case{c}
	mustRefuse(t, w.spec, "rule 2", "contains itself")
	w = base()
	p := &Party{Name: "x", Refusal: "no"}
	p.Either = []*Party{p}
	w.rule(2).By = p
	mustRefuse(t, w.spec, "rule 2", "contains itself")
	w = base()
	c = &Case{Name: "x", Unset: w.amount}
	for range 40 {
		c = &Case{Name: "x", All: []*Case{c, c}}
	}
	w.rule(2).When = []*Case{c}
	mustRefuse(t, w.spec, "words")
}
