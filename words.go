package escrow

import "time"

// Moment declares an instant that rules compare the time with: exactly one of
// Field, SinceEntered, Awaited, Earlier, Later, First says which.
type Moment struct {
	// Name is the moment's in refusals and documents; a field's own when empty.
	Name string
	// Field is an instant of the terms, the state or the item.
	Field Word
	// SinceEntered counts from when the current status was entered.
	SinceEntered bool
	// Awaited is the expiry of the approval that the status waits for.
	Awaited bool
	// Earlier and Later are the first and the last of moments, unset ones left out.
	Earlier, Later []*Moment
	// First is the first of moments, in the order given, that is set.
	First []*Moment
	// Plus is a duration field that is added, After a fixed duration.
	Plus  Word
	After time.Duration
}

// String returns the moment's name.
func (m *Moment) String() string {
	if m.Name == "" && m.Field != nil {
		return m.Field.Declaration().Name
	}
	return m.Name
}

// Window declares when a row applies: from Opens on, before Closes. One that
// opens by time alone is Due.
type Window struct {
	Opens, Closes *Moment
	Due           bool
}

// String returns the window as the rule book prints it, "" for always.
func (w Window) String() string {
	switch {
	case w.Due && w.Opens != nil:
		return w.Opens.String() + " due"
	case w.Opens != nil && w.Closes != nil:
		return "from " + w.Opens.String() + " to before " + w.Closes.String()
	case w.Opens != nil:
		return "from " + w.Opens.String()
	case w.Closes != nil:
		return "before " + w.Closes.String()
	}
	return ""
}

// Case declares a circumstance that holds or not. Exactly one of the forms says
// which.
type Case struct {
	// Name is how people read it, as in "direct award".
	Name string
	// IsSet and Unset look at whether a field has a value.
	IsSet, Unset Word
	// Field equals Choice, or with Flag set is true.
	Field  Word
	Choice string
	Flag   bool
	// AtMost and MoreThan compare the first sum with the second.
	AtMost, MoreThan []*Sum
	// Within are ratios that add up to at most 1.
	Within []Word
	// Differ are parties of which no two have the same account; letter case is
	// not looked at with Fold.
	Differ []*Party
	// Ahead is a moment that lies after now; with Given as the command leaves it,
	// which carries new values for its fields.
	Ahead *Moment
	// InOrder are moments none of which comes before the one in front of it; with
	// Strictly each comes after it. Unset ones are left out.
	InOrder  []*Moment
	Strictly bool
	// Lacks is a sheet no entry of which is Choice.
	Lacks Word
	// Empty is a pot that holds nothing, of a list all of them.
	Empty *Pot
	// None is a list of which no item is in Statuses; Some one of which at least
	// one is.
	None, Some *List
	Statuses   []string
	// Acting is a party that the actor is.
	Acting *Party
	// All, Any and Not combine others.
	All, Any []*Case
	Not      *Case
	// Func tells from the view.
	Func func(View) bool
	// Given says that the case looks at the command, which Explain has not.
	Given bool
}

// Requirement declares what a row demands besides actor, status and window. One
// that is not met refuses.
type Requirement struct {
	Case *Case
	// Code is the class of the refusal, and says when it is checked:
	// [InvalidRequest] before the actor, [Forbidden] and [NotFound] after,
	// [Conflict] with the state. One of [Malformed] that looks at the command is
	// checked before what the command carries is held to its bounds.
	Code   Code
	Reason Reason
	// Field is the field at fault, if one is.
	Field string
	// Message says to a person what is wrong; made from the case when empty.
	Message string
	// Last is checked after everything else; StatusToo is asked before the status
	// is, and answers in its place.
	Last, StatusToo bool
	// Detail adds details to the refusal.
	Detail func(View) map[string]any
	// Check, instead of Case, returns the refusal itself, nil when all is well.
	Check func(View) *Error
	Name  string // of Check, as the rule book prints it
	// Given says that Check looks at the command, which Explain has not.
	Given bool
}

// Effect declares what a row records. Exactly one of Set, Add, Every, Change, Amend
// says where.
type Effect struct {
	// Name is how the rule book prints it; made from the form when empty.
	Name string
	// Set is a field of the state, or with Item of the row's item, that gets what
	// exactly one of the following says.
	Set Word
	// Given is a field of the command; itself when it is the same field.
	Given Word
	// Now is the decision's instant, Plus with a duration field added.
	Now  bool
	Plus Word
	// Actor is the account that asks.
	Actor bool
	// Choice is one of the field's choices, of a sheet for every entry.
	Choice string
	// CountUp adds one.
	CountUp bool
	// Clear takes the value away.
	Clear bool
	// Func computes the value from the view: of the snapshot as the effects
	// before this one left it.
	Func func(View) Value

	// Add adds an item to a list: its key and fields are those that the command
	// (or its Record field) carries, and its status Status. Key instead is the
	// actor's account.
	Add      *List
	Record   Word
	Status   string
	KeyActor bool
	// Keys is a field of texts of the command: an item is added for each.
	Keys Word
	// Every sets the status of every item of a list to what Becomes tells, of a
	// view of the item: "" leaves it.
	// Prepare, instead, looks at contract and command once, and returns what tells of
	// each item in the list's order.
	Every   *List
	Becomes func(View) string
	Prepare func(View) func(View) string
	// Change is a record of the command: the row's item takes what it carries for
	// the item's fields, and keeps the others. The key never changes.
	Change Word
	// Amend sets amendable fields to what the command carries for them.
	Amend []Word
}
