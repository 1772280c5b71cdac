package declare

import "github.com/escrow-go/escrow"

// Take records what the command carries for a field under the same field.
func Take(f escrow.Word) escrow.Effect { return escrow.Effect{Set: f, Given: f} }

// Put records what the command carries for one field under another.
func Put(f, given escrow.Word) escrow.Effect { return escrow.Effect{Set: f, Given: given} }

// Now records the instant of the decision.
func Now(f InstantField) escrow.Effect { return escrow.Effect{Set: f, Now: true} }

// FromNow records the instant a window after the decision.
func FromNow(f InstantField, window WindowField) escrow.Effect {
	return escrow.Effect{Set: f, Now: true, Plus: window}
}

// ActorIs makes whoever asks a party.
func ActorIs(p *escrow.Party) escrow.Effect {
	return escrow.Effect{Name: p.Name + " set", Set: p.Account, Actor: true}
}

// Names makes an account of the command a party.
func Names(p *escrow.Party, given AccountField) escrow.Effect {
	return escrow.Effect{Name: p.Name + " set", Set: p.Account, Given: given}
}

// Choose records one of a field's choices.
func Choose(f ChoiceField, choice string) escrow.Effect {
	return escrow.Effect{Set: f, Choice: choice}
}

// Fill records one of a sheet's choices for every entry.
func Fill(name string, f SheetField, choice string) escrow.Effect {
	return escrow.Effect{Name: name, Set: f, Choice: choice}
}

// CountUp adds one to a count.
func CountUp(f CountField) escrow.Effect { return escrow.Effect{Set: f, CountUp: true} }

// Clear takes a field's value away.
func Clear(f escrow.Word) escrow.Effect { return escrow.Effect{Set: f, Clear: true} }

// Compute records what a function returns.
func Compute(name string, f escrow.Word, value func(View) Value) escrow.Effect {
	return escrow.Effect{Name: name, Set: f, Func: value}
}

// Add adds an item with what the command carries for its key and fields.
func Add(l *escrow.List, status string) escrow.Effect { return escrow.Effect{Add: l, Status: status} }

// AddRecord adds an item with what an object of the command carries.
func AddRecord(l *escrow.List, status string, from RecordField) escrow.Effect {
	return escrow.Effect{Add: l, Status: status, Record: from}
}

// AddActor adds an item whose key is the account that asks.
func AddActor(l *escrow.List, status string) escrow.Effect {
	return escrow.Effect{Add: l, Status: status, KeyActor: true}
}

// AddAll adds an item for each of the accounts or texts that the command carries.
func AddAll(l *escrow.List, status string, keys TextsField) escrow.Effect {
	return escrow.Effect{Add: l, Status: status, Keys: keys}
}

// Every sets the status of every item to what a function tells of it, "" leaving
// it as it is.
func Every(name string, l *escrow.List, becomes func(View) string) escrow.Effect {
	return escrow.Effect{Name: name, Every: l, Becomes: becomes}
}

// Amended changes amendable terms to what the command carries for them.
func Amended(fields ...escrow.Word) escrow.Effect { return escrow.Effect{Amend: fields} }

// EveryOf is [Every] for a function that looks at contract and command once, and
// returns what tells of each item in the list's order.
func EveryOf(name string, l *escrow.List, prepare func(View) func(View) string) escrow.Effect {
	return escrow.Effect{Name: name, Every: l, Prepare: prepare}
}

// Change gives the row's item what an object of the command carries for its fields,
// and leaves the others.
func Change(from RecordField) escrow.Effect { return escrow.Effect{Change: from} }
