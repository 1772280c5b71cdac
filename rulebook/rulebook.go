// Package rulebook prints what a lifecycle declares for people: as a book in
// Markdown, and as state diagrams in the notations of Mermaid and Graphviz. It
// reads the table that decides, so what it prints is never out of date.
package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// Markdown returns the whole rule book: state diagram, what a contract consists
// of, what can be asked, rules, moments, settlement, custody, policy fields and
// refusals.
func Markdown(l *escrow.Lifecycle) string {
	b := book{l: l, spec: l.Spec()}
	b.printf("# The %s rule book\n\n%s\n\n", l.Name(), b.spec.About)
	b.printf("Printed from the code's own tables; do not edit.\n\n")
	b.printf("Version %d. Asset: %s, %d decimal places, unless a contract's terms say otherwise.\n\n", l.Version(), b.spec.Asset.Code, b.spec.Asset.Scale)
	b.printf("## States\n\n```mermaid\n%s```\n\n", Mermaid(l))
	b.parts()
	b.commands()
	b.rules()
	b.moments()
	b.settlement()
	b.custody()
	b.policy()
	b.refusals()
	return b.text.String()
}

// book is a rule book as it is printed.
type book struct {
	l    *escrow.Lifecycle
	spec escrow.Spec
	text strings.Builder
}

func (b *book) printf(format string, args ...any) { fmt.Fprintf(&b.text, format, args...) }

// row writes one row of a Markdown table.
func (b *book) row(cells ...string) {
	for i, cell := range cells {
		if cell == "" {
			cell = "–"
		}
		cells[i] = strings.ReplaceAll(cell, "|", "\\|")
	}
	b.printf("| %s |\n", strings.Join(cells, " | "))
}

func (b *book) head(title string, columns ...string) {
	b.printf("## %s\n\n", title)
	b.row(columns...)
	b.printf("|%s\n", strings.Repeat(" --- |", len(columns)))
}

// parts prints the parties, terms, state, lists and pots of a contract.
func (b *book) parts() {
	b.head("A contract", "part", "what it is", "kind", "meaning")
	for _, p := range b.spec.Parties {
		b.row(code(p.Name), "party", partyKind(p), partyMeaning(p))
	}
	for _, part := range []struct {
		name   string
		fields []escrow.Word
	}{{"terms", b.spec.Terms}, {"state", b.spec.State}} {
		for _, w := range part.fields {
			f := w.Declaration()
			b.row(code(f.Name), part.name+optional(f), kindOf(f), f.Meaning)
		}
	}
	for _, list := range b.spec.Lists {
		b.row(code(list.Name), "list", "of "+code(list.Key.Declaration().Name), list.Meaning)
		for _, w := range list.Fields {
			f := w.Declaration()
			b.row(code(list.Name+"."+f.Name), "item"+optional(f), kindOf(f), f.Meaning)
		}
		if len(list.Statuses) > 0 {
			b.row(code(list.Name+".status"), "item", strings.Join(list.Statuses, ", "), "where the item stands")
		}
	}
	for _, p := range b.spec.Pots {
		kind, owner := "single", ""
		if p.Each != nil {
			kind = "one for each of " + code(p.Each.Name)
		}
		if p.Owner != nil {
			owner = "the money of the " + p.Owner.Name
		}
		b.row(code(p.Name), "pot", kind, owner)
	}
	b.printf("\n")
}

func partyKind(p *escrow.Party) string {
	switch {
	case p.Receives:
		return "only receives"
	case p.Item != nil:
		return "each of " + code(p.Item.Name)
	case p.Chosen != nil:
		return "chosen by " + code(p.Chosen.Declaration().Name)
	}
	return "account"
}

func partyMeaning(p *escrow.Party) string {
	var kinds []string
	for _, k := range p.Kinds {
		kinds = append(kinds, string(k))
	}
	if len(kinds) > 0 {
		return "asks as " + strings.Join(kinds, " or ")
	}
	return ""
}

func optional(f *escrow.Field) string {
	if f.Optional {
		return ", optional"
	}
	return ""
}

func kindOf(f *escrow.Field) string {
	kind := map[escrow.FieldKind]string{escrow.TextKind: "text", escrow.AccountKind: "account", escrow.AmountKind: "amount", escrow.RatioKind: "ratio",
		escrow.CountKind: "count", escrow.InstantKind: "instant", escrow.DurationKind: "duration", escrow.FlagKind: "true or false", escrow.TextsKind: "texts"}[f.Kind]
	switch {
	case f.Kind == escrow.ChoiceKind:
		return strings.Join(f.Choices, ", ")
	case f.Kind == escrow.SheetKind:
		return "for each of " + code(f.Over.Name) + ": " + strings.Join(f.Choices, ", ")
	case f.Amendable:
		kind += ", amendable"
	}
	return kind
}

func (b *book) rules() {
	b.head("Rules", "rule", "action", "who", "from", "when", "window", "needs", "to", "money", "records", "co-sign")
	cosigned := false
	for i := range b.spec.Rules {
		r := &b.spec.Rules[i]
		cosigned = cosigned || r.CoSign.Type != ""
		to := string(r.To)
		if r.To == escrow.Same {
			to = "same"
		}
		b.row(r.ID, code(string(r.On.Action())), r.By.Name+grant(r.Grant), codes(b.labels(r.From)), joined(r.When, ", ")+being(r),
			r.Window.String(), joined(r.Needs, "; "), code(to), joined(r.Money, "; "), records(r), coSign(r.CoSign))
	}
	if cosigned {
		b.answers()
	}
	b.printf("\nAll windows are half-open: an action is allowed while now is before its deadline, and the deadline is due from that instant on. ")
	b.printf("While a deadline of the status is due, every other action that the status allows waits for `advance`.\n\n")
}

func (b *book) labels(list escrow.Statuses) []string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = b.l.Label(s)
	}
	return names
}

// being prints which item a row is about.
func being(r *escrow.Rule) string {
	if r.Each == nil {
		return ""
	}
	text := "one of " + r.Each.Name
	if r.First {
		text = "the first of " + r.Each.Name
	}
	if len(r.Being) > 0 {
		text += " in " + strings.Join(r.Being, " or ")
	}
	if len(r.When) > 0 {
		return ", " + text
	}
	return text
}

// records prints what a rule records, at the request or at the execution.
func records(r *escrow.Rule) string {
	all := append(slices.Clone(r.CoSign.Sets), r.Sets...)
	text := joined(all, "; ")
	if r.Becomes != "" {
		if text != "" {
			text += "; "
		}
		text += "the item " + r.Becomes
	}
	return text
}

// joined prints the names of a list's elements.
func joined[T fmt.Stringer](list []T, between string) string {
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.String()
	}
	return strings.Join(names, between)
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func codes(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = code(s)
	}
	return strings.Join(out, ", ")
}

// grant prints what a token needs.
func grant(g escrow.Grant) string {
	if g == (escrow.Grant{}) {
		return ""
	}
	both := slices.DeleteFunc([]string{code(g.Scope), code(g.Feature)}, func(s string) bool { return s == "" })
	return "; a token with " + strings.Join(both, " and ") + " of a claimed account"
}

// coSign prints the agreement a rule waits for.
func coSign(c escrow.CoSign) string {
	if c.Type == "" {
		return ""
	}
	text := code(c.Type)
	if len(c.From) > 0 {
		text += " by the other of " + joined(c.From, " and ")
	}
	if c.While != "" {
		text += "; until then " + code(string(c.While))
	}
	if c.Declined != "" {
		text += "; declined: " + code(string(c.Declined))
	}
	return text
}
