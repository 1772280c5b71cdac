package rulebook

import (
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// commands prints what each action carries.
func (b *book) commands() {
	b.head("Commands", "action", "carries", "kind", "meaning")
	for _, act := range b.l.Acts() {
		fields := act.Params()
		if len(fields) == 0 {
			b.row(code(act.String()), "nothing", "", "")
		}
		for _, f := range fields {
			b.row(code(act.String()), code(f.Name)+optional(f), paramKind(f), f.Meaning)
		}
	}
	b.printf("\n")
}

// paramKind prints the kind of a command's field, of a record or rows with what they
// have.
func paramKind(f *escrow.Field) string {
	switch f.Kind {
	case escrow.TargetKind:
		return "one of " + code(f.List.Name)
	case escrow.RecordKind:
		return "object of " + fieldNames(f)
	case escrow.RowsKind:
		return "list of objects of " + fieldNames(f)
	}
	return kindOf(f)
}

func fieldNames(f *escrow.Field) string {
	var names []string
	for _, w := range f.Fields {
		names = append(names, w.Declaration().Name)
	}
	return codes(names)
}

// answers prints the engine's own rules about approvals.
func (b *book) answers() {
	confirms, declines := "signed-in human of the account that asked", "the same"
	for i := range b.spec.Rules {
		if len(b.spec.Rules[i].CoSign.From) > 0 {
			confirms, declines = "whoever must agree", "whoever must agree, or who asked"
		}
	}
	waits := "an approval waits"
	b.row("AP-1", code("confirm"), confirms, "", waits, "before expiresAt", "", "as the rule that waits", "as the approval shows", "confirmation; the rule's, once all have confirmed", "")
	b.row("AP-2", code("decline_approval"), declines, "", waits, "before expiresAt", "", "as the rule's co-sign says", "", "approval declined", "")
	b.row("AP-3", code("advance"), "anyone", "", "no deadline of the status due", "expiresAt due", "", code("same"), "", "approvals expired", "")
	b.row("AP-4", code("revoke_confirmation"), "who confirmed", "", waits, "before expiresAt", "", code("same"), "", "confirmation taken back", "")
}

// moments prints how the instants come about that windows name, but for those that
// are a field of that name.
func (b *book) moments() {
	var told []string
	for i := range b.spec.Rules {
		for _, m := range []*escrow.Moment{b.spec.Rules[i].Window.Opens, b.spec.Rules[i].Window.Closes} {
			if m == nil || m.String() == instantOf(m) || slices.Contains(told, m.String()) {
				continue
			}
			if len(told) == 0 {
				b.head("Moments", "moment", "when")
			}
			told = append(told, m.String())
			b.row(code(m.String()), instantOf(m))
		}
	}
	if len(told) > 0 {
		b.printf("\n")
	}
}

// instantOf prints how a moment comes about.
func instantOf(m *escrow.Moment) string {
	text := ""
	switch {
	case m.Field != nil:
		text = m.Field.Declaration().Name
	case m.SinceEntered:
		text = "when the status was entered"
	case m.Awaited:
		text = "expiry of the approval that the status waits for"
	case len(m.Earlier) > 0:
		text = "earlier of " + eachInstant(m.Earlier)
	default:
		text = "later of " + eachInstant(m.Later)
	}
	if m.Plus != nil {
		text += " + " + m.Plus.Declaration().Name
	}
	if m.After != 0 {
		text += " + " + escrow.FormatDuration(m.After)
	}
	return text
}

func eachInstant(list []*escrow.Moment) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = instantOf(m)
	}
	return strings.Join(texts, " and ")
}
