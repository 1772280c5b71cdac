package escrow

import (
	"math/bits"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"
)

// FieldKind is what sort of value a field holds.
type FieldKind uint8

// The kinds of field.
const (
	// TextKind is text that people read: no control characters, no bidirectional
	// overrides; with [Field.Lines] line feeds and tabs are allowed.
	TextKind FieldKind = iota + 1
	// AccountKind is an id: 1 to 200 bytes of printable ASCII without blanks.
	AccountKind
	// AmountKind is money of the contract's asset, or a number of the fixed
	// [Field.Scale].
	AmountKind
	// RatioKind is a fraction from 0 to 1 with at most 18 places.
	RatioKind
	// CountKind is a whole number from 0 to 2^53 - 1.
	CountKind
	// InstantKind is a point in time, to the nanosecond.
	InstantKind
	// DurationKind is whole seconds, written as ISO 8601.
	DurationKind
	// ChoiceKind is one of [Field.Choices].
	ChoiceKind
	// FlagKind is true or false.
	FlagKind
	// TextsKind is a list of texts, at most 1,000.
	TextsKind
	// SheetKind is one of [Field.Choices] for each entry of the texts
	// [Field.Over], or nothing; at most 32 entries and 15 choices.
	SheetKind
	// TargetKind names an item of [Field.List] by its key; only a command has one.
	TargetKind
	// RecordKind is one object of [Field.Fields]; only a command has one.
	RecordKind
	// RowsKind is a list of objects of [Field.Fields]; only a command has one.
	RowsKind
)

// Field declares one value: of the terms, the state, an item, the policy or a
// command. The declaration is all there is: reader, writer, schema, rule book
// and generators follow from it. It is written once and never changed.
type Field struct {
	// Name is the field's name in JSON, in refusals and in documents.
	Name string
	Kind FieldKind
	// Meaning says in a phrase what the value is.
	Meaning string
	// Optional fields may be unset. A state field is unset until a rule sets it.
	Optional bool
	// Default is the value of a policy field, as JSON.
	Default string
	// Choices are what a choice or a sheet may be.
	Choices []string
	// Min and Max bound a number or duration in its own notation, both allowed.
	// Below is an upper bound that is not.
	Min, Max, Below string
	// Positive amounts are more than nothing.
	Positive bool
	// Scale fixes the decimal places of an amount that is no money of the
	// contract's asset; Fixed says that it does.
	Scale uint8
	Fixed bool
	// Lines allows line feeds and tabs in text.
	Lines bool
	// Filled text is not blank, and a list of texts holds one entry or more.
	Filled bool
	// Over is what a sheet has an entry for.
	Over *Field
	// List is the list that a target names an item of.
	List *List
	// Fields are those of a record or row.
	Fields []Word
	// Reason is why a value that is missing or out of bounds is refused: in terms
	// [InvalidTerms] when empty, in a policy always [InvalidPolicy], in a command
	// [Malformed].
	Reason Reason
	// Amendable terms may change by mutual consent.
	Amendable bool
	// EnteredFirst and EnteredLast make a state field that the engine writes: when
	// the contract first, or last, entered one of the statuses.
	EnteredFirst, EnteredLast Statuses
	// Alias is another name that is read for the field, and AliasAsset the code of
	// the one asset in which it may be used, empty for all.
	Alias, AliasAsset string
	// Implied is what an import without the field gets.
	Implied Implied

	// Changes makes a record one of changes: its fields may all be left out, and
	// those that are there are held to their bounds.
	Changes bool

	origin *Field        // what this is the optional form of
	hint   atomic.Uint32 // where a lifecycle has the field, tried first
	limits atomic.Pointer[bounds]
}

// Implied says what an object without the field means, by its status and, where
// there is one, a case of what the object has: the moment is worked out from what
// the object has.
type Implied struct {
	In     Statuses
	When   *Case
	Moment *Moment
}

// Word is whatever stands for a declared field: the field itself, or a typed
// handle that embeds one.
type Word interface{ Declaration() *Field }

// Declaration returns the field itself.
func (f *Field) Declaration() *Field { return f }

// String returns the field's name.
func (f *Field) String() string { return f.Name }

// declarations returns the fields that words stand for.
func declarations(words []Word) []*Field {
	fields := make([]*Field, 0, len(words))
	for _, w := range words {
		if w != nil {
			fields = append(fields, w.Declaration())
		}
	}
	return fields
}

// List declares many of a kind, such as parts of an order: at most
// 1,000 items, each with a key, fields, optionally a status and a pot.
type List struct {
	Name    string
	Meaning string
	// Key identifies an item: text or an account, different in every item.
	Key Word
	// Fields are an item's, besides its key.
	Fields []Word
	// Statuses are those that an item may have, in their order; none when items
	// have none. The status is read and written under "status".
	Statuses []string
	// Least and Most are how many items a draft names, and Initial their status;
	// Most 0 means that a draft has none.
	Least, Most int
	Initial     string
	// Reason is why a draft with more or fewer items, or two of one key, is refused:
	// [InvalidTerms] when empty.
	Reason Reason
	// Max is how many items there may be, 1,000 when 0.
	Max int
	// Missing is why a target that does not exist is refused: [ItemNotFound] when
	// empty. Its class is [NotFound].
	Missing Reason
	// Numbered gives every item a number from 1 in this JSON field.
	Numbered string
}

// Value is one value for a field, as drafts and commands are given them. The
// zero Value sets nothing.
type Value struct {
	field *Field
	cell  cell
	text  string
	texts []string
	rows  [][]Value
	fault *Error
	unset bool
}

// TextOf returns a text, account, choice or target for a field. One that is none
// of the choices is refused in the field's turn.
func TextOf(w Word, text string) Value {
	f := w.Declaration()
	v := Value{field: f, text: text, unset: text == ""}
	if f.Kind == ChoiceKind && text != "" {
		v.cell.lo = f.choice(text) // 0 lies out of the field's bounds
	}
	return v
}

// DecimalValue returns an amount in whole units, or a ratio, for a field. Whether
// an amount fits the asset is seen when the draft or the command is.
func DecimalValue(w Word, d decimal.Decimal) Value {
	n, reason := numberOf(d)
	v := Value{field: w.Declaration(), text: string(n.appendText(nil))}
	if v.field.Kind == RatioKind {
		return ratioValue(v.field, n, reason)
	}
	if reason != "" {
		v.text = faultyNumbers[reason]
	}
	return v
}

// ratioValue returns a number as a ratio for a field.
func ratioValue(f *Field, n number, reason Reason) Value {
	v := Value{field: f}
	var r Ratio
	if reason == "" {
		r, reason = n.ratio()
	}
	if v.cell.lo = r.e18; reason != "" {
		v.fault = field(reason, f.Name, "a ratio lies between 0 and 1 and has at most 18 decimal places")
	}
	return v
}

// AmountValue returns an amount in smallest units for a field of terms, state or
// policy. A command's amount is a [DecimalValue]: it has no asset yet.
func AmountValue(w Word, a Amount) Value { return Value{field: w.Declaration(), cell: cell(a)} }

// RatioValue returns a ratio for a field.
func RatioValue(w Word, r Ratio) Value { return Value{field: w.Declaration(), cell: cell{lo: r.e18}} }

// CountValue returns a whole number for a field.
func CountValue(w Word, n uint64) Value { return Value{field: w.Declaration(), cell: cell{lo: n}} }

// TimeValue returns an instant for a field; the zero time sets nothing.
func TimeValue(w Word, t time.Time) Value {
	v := Value{field: w.Declaration(), unset: t.IsZero()}
	if i := instantOf(t); i.valid() {
		v.cell = i.cell()
	} else if !v.unset {
		v.fault = field(Malformed, v.field.Name, "lies outside the years 1 to 9999")
	}
	return v
}

// DurationValue returns a duration for a field.
func DurationValue(w Word, d time.Duration) Value {
	return Value{field: w.Declaration(), cell: cell{lo: uint64(d)}}
}

// FlagValue returns true or false for a field.
func FlagValue(w Word, b bool) Value {
	v := Value{field: w.Declaration()}
	if b {
		v.cell.lo = 1
	}
	return v
}

// TextsOf returns a list of texts for a field; nil sets nothing.
func TextsOf(w Word, texts []string) Value {
	return Value{field: w.Declaration(), texts: append([]string{}, texts...), unset: texts == nil}
}

// RowsOf returns objects for a rows or record field, or the items of a list that
// a draft names, each as its values; nil sets nothing.
func RowsOf(w Word, rows ...[]Value) Value {
	return Value{field: w.Declaration(), rows: rows, unset: rows == nil}
}

// SheetOf returns a sheet for a field: a choice for each entry, "" for none.
func SheetOf(w Word, choices []string) Value {
	v := Value{field: w.Declaration(), unset: choices == nil}
	for i, c := range choices {
		n := v.field.choice(c)
		if n == 0 && c != "" || i >= sheetEntries {
			v.fault = field(Malformed, v.field.Name, "holds an entry that is none of the choices, or too many")
		}
		v.cell = v.cell.with(i, n)
	}
	return v
}

// Unset returns the value that takes a field's value away.
func Unset(w Word) Value { return Value{field: w.Declaration(), unset: true} }

// choice returns the number of a choice, counted from 1; 0 when there is none.
func (f *Field) choice(text string) uint64 {
	for i, c := range f.Choices {
		if c == text {
			return uint64(i + 1)
		}
	}
	return 0
}

// choiceText returns a choice by its number, "" for none.
func (f *Field) choiceText(n uint64) string {
	if n == 0 || n > uint64(len(f.Choices)) {
		return ""
	}
	return f.Choices[n-1]
}

// reason returns why a faulty value is refused, unless the field says.
func (f *Field) reason(otherwise Reason) Reason {
	if f.Reason != "" {
		return f.Reason
	}
	return otherwise
}

// aliasFault refuses the field's alias in an asset that may not have it.
func (f *Field) aliasFault(asset Asset) *Error {
	if f.AliasAsset == "" || f.AliasAsset == asset.Code {
		return nil
	}
	return field(f.reason(InvalidTerms), f.Alias, "is for contracts in "+f.AliasAsset+"; say "+f.Name)
}

// sheetEntries is how many entries a sheet has room for, four bits each.
const sheetEntries = 32

// at returns the entry of a sheet, 0 for none.
func (c cell) at(i int) uint64 {
	if i < 16 {
		return c.lo >> (4 * i) & 15
	}
	return c.hi >> (4 * (i - 16)) & 15
}

// with returns the sheet with another entry.
func (c cell) with(i int, n uint64) cell {
	if i < 16 {
		c.lo = c.lo&^(15<<(4*i)) | n<<(4*i)
	} else if i < sheetEntries {
		c.hi = c.hi&^(15<<(4*(i-16))) | n<<(4*(i-16))
	}
	return c
}

// Sheet is the value of a sheet field: a choice for each entry, or none. Choices
// are numbers, counted from 1 in the order of the field's.
type Sheet struct{ cells cell }

// Entry returns the choice of the i-th entry, 0 for none.
func (s Sheet) Entry(i int) int {
	if i < 0 || i >= sheetEntries {
		return 0
	}
	return int(s.cells.at(i))
}

// With returns the sheet with another choice for the i-th entry, 0 for none.
func (s Sheet) With(i, choice int) Sheet {
	if i >= 0 && choice >= 0 && choice < 16 {
		s.cells = s.cells.with(i, uint64(choice))
	}
	return s
}

// Count returns how many entries are a choice.
func (s Sheet) Count(choice int) int { return s.cells.count(uint64(choice)) }

// SheetValue returns a sheet for a field.
func SheetValue(w Word, s Sheet) Value { return Value{field: w.Declaration(), cell: s.cells} }

// low has a one in each of the sixteen entries of half a sheet.
const low = 0x1111111111111111

// count returns how many entries are a choice.
func (c cell) count(choice uint64) int {
	return entriesOf(c.lo, choice) + entriesOf(c.hi, choice)
}

// entriesOf counts the entries of half a sheet that are a choice: those whose four
// bits do not differ from it.
func entriesOf(half, choice uint64) int {
	differs := half ^ low*choice
	return sheetEntries/2 - bits.OnesCount64((differs|differs>>1|differs>>2|differs>>3)&low)
}

// filled returns the sheet whose first n entries are a choice.
func filled(n int, choice uint64) cell {
	if n <= sheetEntries/2 {
		return cell{lo: low * choice & (1<<(4*n) - 1)}
	}
	return cell{lo: low * choice, hi: low * choice & (1<<(4*min(n-16, 16)) - 1)}
}

// optional returns a field like this one that may be left out.
func (f *Field) optional() *Field {
	return &Field{Name: f.Name, Kind: f.Kind, Meaning: f.Meaning, Optional: true, Choices: f.Choices, Min: f.Min, Max: f.Max, Below: f.Below,
		Positive: f.Positive, Scale: f.Scale, Fixed: f.Fixed, Lines: f.Lines, Filled: f.Filled, Over: f.Over, List: f.List, Fields: f.Fields,
		Reason: f.Reason, Alias: f.Alias, AliasAsset: f.AliasAsset, Changes: f.Changes, origin: f.declared()}
}

// declared returns the field as it is declared where it is kept.
func (f *Field) declared() *Field {
	if f.origin != nil {
		return f.origin
	}
	return f
}

// is reports whether two declarations are of the same field, required or not.
func (f *Field) is(o *Field) bool { return f == o || f.origin == o || o.origin == f }

// entered reports whether the engine writes the field when a status is entered.
func (f *Field) entered() bool { return len(f.EnteredFirst)+len(f.EnteredLast) > 0 }

// orList joins words as a person would: "a, b or c".
func orList(words []string) string {
	text := ""
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			text += " or "
		case i > 0:
			text += ", "
		}
		text += w
	}
	return text
}
