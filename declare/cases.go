package declare

import "github.com/escrow-go/escrow"

// When is a case that a function tells.
func When(name string, holds func(View) bool) *escrow.Case {
	return &escrow.Case{Name: name, Func: holds}
}

// WhenGiven is a case that a function tells of the command.
func WhenGiven(name string, holds func(View) bool) *escrow.Case {
	return &escrow.Case{Name: name, Func: holds, Given: true}
}

// Is holds when a field has the choice.
func Is(name string, f ChoiceField, choice string) *escrow.Case {
	return &escrow.Case{Name: name, Field: f, Choice: choice}
}

// IsTrue holds when a flag is set.
func IsTrue(name string, f FlagField) *escrow.Case {
	return &escrow.Case{Name: name, Field: f, Flag: true}
}

// IsSet holds when a field has a value.
func IsSet(name string, f escrow.Word) *escrow.Case { return &escrow.Case{Name: name, IsSet: f} }

// NotSet holds when a field has none.
func NotSet(name string, f escrow.Word) *escrow.Case { return &escrow.Case{Name: name, Unset: f} }

// IsGiven holds when the command carries a value for a field.
func IsGiven(name string, f escrow.Word) *escrow.Case {
	return &escrow.Case{Name: name, IsSet: f, Given: true}
}

// NotGiven holds when the command carries none.
func NotGiven(name string, f escrow.Word) *escrow.Case {
	return &escrow.Case{Name: name, Unset: f, Given: true}
}

// AtMost holds when one sum is at most another.
func AtMost(name string, a, b *escrow.Sum) *escrow.Case {
	return &escrow.Case{Name: name, AtMost: []*escrow.Sum{a, b}}
}

// MoreThan holds when one sum is more than another.
func MoreThan(name string, a, b *escrow.Sum) *escrow.Case {
	return &escrow.Case{Name: name, MoreThan: []*escrow.Sum{a, b}}
}

// Within holds when ratios add up to at most 1.
func Within(ratios ...escrow.Word) *escrow.Case { return &escrow.Case{Within: ratios} }

// Differ holds when no two of the parties are the same account.
func Differ(parties ...*escrow.Party) *escrow.Case { return &escrow.Case{Differ: parties} }

// Ahead holds while a moment lies after now.
func Ahead(m *escrow.Moment) *escrow.Case { return &escrow.Case{Ahead: m} }

// StaysAhead holds while a moment lies after now as the command leaves it, which
// carries new values for its fields.
func StaysAhead(m *escrow.Moment) *escrow.Case { return &escrow.Case{Ahead: m, Given: true} }

// InOrder holds when no moment comes before the one in front of it. Unset ones are
// left out.
func InOrder(name string, moments ...*escrow.Moment) *escrow.Case {
	return &escrow.Case{Name: name, InOrder: moments}
}

// OneByOne holds when each moment comes after the one in front of it. Unset ones are
// left out.
func OneByOne(name string, moments ...*escrow.Moment) *escrow.Case {
	return &escrow.Case{Name: name, InOrder: moments, Strictly: true}
}

// Lacks holds when no entry of a sheet is the choice.
func Lacks(name string, f SheetField, choice string) *escrow.Case {
	return &escrow.Case{Name: name, Lacks: f, Choice: choice}
}

// Empty holds when a pot, or every item's, holds nothing.
func Empty(name string, p *escrow.Pot) *escrow.Case { return &escrow.Case{Name: name, Empty: p} }

// None holds when no item of a list is in one of the statuses.
func None(name string, l *escrow.List, statuses ...string) *escrow.Case {
	return &escrow.Case{Name: name, None: l, Statuses: statuses}
}

// Some holds when at least one item of a list is in one of the statuses.
func Some(name string, l *escrow.List, statuses ...string) *escrow.Case {
	return &escrow.Case{Name: name, Some: l, Statuses: statuses}
}

// AskedBy holds when the actor is the party.
func AskedBy(p *escrow.Party) *escrow.Case { return &escrow.Case{Acting: p} }

// Not holds when a case does not.
func Not(name string, c *escrow.Case) *escrow.Case { return &escrow.Case{Name: name, Not: c} }

// Both holds when all cases do.
func Both(name string, cases ...*escrow.Case) *escrow.Case {
	return &escrow.Case{Name: name, All: cases}
}

// Or holds when one of the cases does.
func Or(name string, cases ...*escrow.Case) *escrow.Case {
	return &escrow.Case{Name: name, Any: cases}
}

// Demand refuses with a code and reason where a case does not hold.
func Demand(code escrow.Code, reason escrow.Reason, c *escrow.Case) *escrow.Requirement {
	return &escrow.Requirement{Case: c, Code: code, Reason: reason}
}

// DemandOf is [Demand] that names the field at fault.
func DemandOf(f escrow.Word, code escrow.Code, reason escrow.Reason, c *escrow.Case) *escrow.Requirement {
	return &escrow.Requirement{Case: c, Code: code, Reason: reason, Field: f.Declaration().Name}
}

// Check refuses with what a function returns, nil for nothing. The code says when
// it is asked.
func Check(name string, code escrow.Code, check func(View) *escrow.Error) *escrow.Requirement {
	return &escrow.Requirement{Name: name, Code: code, Check: check}
}

// CheckGiven is [Check] that looks at the command.
func CheckGiven(name string, code escrow.Code, check func(View) *escrow.Error) *escrow.Requirement {
	return &escrow.Requirement{Name: name, Code: code, Check: check, Given: true}
}
