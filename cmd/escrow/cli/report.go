package cli

import (
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// report writes an explanation for a person at a terminal.
func report(x explanation) string {
	var p page
	p.head(&x)
	if x.contract.IsTerminal() {
		p.title("It has ended: nothing is left to do, for anybody.")
		return p.String()
	}
	sheets := make([]sheet, len(x.parties))
	for i, p := range x.parties {
		sheets[i] = sheetOf(&x, p)
	}
	sheets = joined(shared(sheets))
	for _, s := range sheets {
		p.sheet(s, columnsOf(sheets))
	}
	p.approvals(&x)
	p.byItself(&x)
	return p.String()
}

// sheet is what one party, or several alike, may do and not.
type sheet struct {
	// names are the parties' roles with their ids, where they have one.
	names []string
	rows  []row
	// past are the actions whose time lies behind the contract, never those
	// that are not for this party.
	past, never string
}

// row is one action.
type row struct {
	mark, action, rule string
	// text says the rest, a line or several.
	text string
}

func sheetOf(x *explanation, p explained) sheet {
	s := sheet{names: []string{p.name}}
	if !p.made {
		s.names[0] += " " + shortID(p.actor.ID)
	}
	var past, never []string
	ahead := x.contract.Lifecycle().Reachable(x.contract.Status())
	for i := range p.Options {
		o := &p.Options[i]
		switch {
		case o.Allowed:
			s.rows = append(s.rows, row{"✓", string(o.Action), o.Rule, allowedText(x, p.actor, o)})
		case isNever(o):
			never = appendNew(never, string(o.Action))
		case isPast(o, ahead):
			past = appendNew(past, string(o.Action))
		default:
			s.rows = append(s.rows, row{"✗", string(o.Action), o.Rule, refusedText(x, o)})
		}
	}
	s.past, s.never = strings.Join(past, ", "), strings.Join(never, ", ")
	return s
}

// isNever reports whether an action is not for the party at all, in no status.
func isNever(o *escrow.Option) bool {
	return slices.ContainsFunc(o.Obstacles, func(e *escrow.Error) bool {
		switch e.Reason() {
		case escrow.ScopeMissing, escrow.FeatureDisabled, escrow.AccountClaimRequired, escrow.UserMissing, escrow.NotConfirmer:
			return false
		case escrow.ContractNotFound:
			return true
		}
		return e.Code() == escrow.Forbidden
	})
}

// isPast reports whether no way leads back to where the action starts.
func isPast(o *escrow.Option, ahead []escrow.Status) bool {
	return len(o.Statuses()) > 0 && !slices.ContainsFunc(o.Statuses(), func(s escrow.Status) bool { return slices.Contains(ahead, s) })
}

func appendNew[T comparable](list []T, e T) []T {
	if slices.Contains(list, e) {
		return list
	}
	return append(list, e)
}

// shared moves the rows that are the same for all parties to a sheet of their
// own, so that they stand there once.
func shared(sheets []sheet) []sheet {
	if len(sheets) < 2 {
		return sheets
	}
	all := sheet{names: []string{"everybody"}}
	for _, r := range slices.Clone(sheets[0].rows) {
		if !slices.ContainsFunc(sheets, func(s sheet) bool { return !slices.Contains(s.rows, r) }) {
			all.rows = append(all.rows, r)
		}
	}
	if len(all.rows) == 0 {
		return sheets
	}
	for i := range sheets {
		sheets[i].rows = slices.DeleteFunc(sheets[i].rows, func(r row) bool { return slices.Contains(all.rows, r) })
	}
	return append(sheets, all)
}

// joined puts parties together that may do just the same.
func joined(sheets []sheet) (out []sheet) {
	for _, s := range sheets {
		i := slices.IndexFunc(out, func(o sheet) bool {
			return slices.Equal(o.rows, s.rows) && o.past == s.past && o.never == s.never
		})
		if i < 0 {
			out = append(out, s)
			continue
		}
		out[i].names = append(out[i].names, s.names...)
	}
	return out
}
