package declare

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// The typed handles of declared fields. A handle stands for its field wherever a
// word is asked for, and reads it from a view: Price.In(v), and for what a command
// carries Price.In(v.Given()).
type (
	// TextField is a field of text that people read.
	TextField struct{ *escrow.Field }
	// AccountField is a field of an id of an account.
	AccountField struct{ *escrow.Field }
	// AmountField is a field of money of the contract's asset.
	AmountField struct{ *escrow.Field }
	// RatioField is a field of a fraction from 0 to 1.
	RatioField struct{ *escrow.Field }
	// CountField is a field of a whole number.
	CountField struct{ *escrow.Field }
	// InstantField is a field of a point in time.
	InstantField struct{ *escrow.Field }
	// WindowField is a field of a length of time in whole seconds.
	WindowField struct{ *escrow.Field }
	// ChoiceField is a field of one of several words.
	ChoiceField struct{ *escrow.Field }
	// FlagField is a field of true or false.
	FlagField struct{ *escrow.Field }
	// TextsField is a field of a list of texts.
	TextsField struct{ *escrow.Field }
	// SheetField is a field of a choice for each of several texts.
	SheetField struct{ *escrow.Field }
	// TargetField is a field of the item that a command is about.
	TargetField struct{ *escrow.Field }
	// RecordField is a field of an object that a command carries.
	RecordField struct{ *escrow.Field }
	// RowsField is a field of a list of objects that a command carries.
	RowsField struct{ *escrow.Field }
)

// In returns the field's value in a view, "" when it has none.
func (f TextField) In(v escrow.View) string { return v.Text(f) }

// Optional returns the field as one that may be left out.
func (f TextField) Optional() TextField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f TextField) Or(reason escrow.Reason) TextField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f TextField) Amendable() TextField { f.Field.Amendable = true; return f }

// In returns the field's value in a view, "" when it has none.
func (f AccountField) In(v escrow.View) string { return v.Text(f) }

// Optional returns the field as one that may be left out.
func (f AccountField) Optional() AccountField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f AccountField) Or(reason escrow.Reason) AccountField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f AccountField) Amendable() AccountField { f.Field.Amendable = true; return f }

// In returns the field's value in a view, nothing when it has none.
func (f AmountField) In(v escrow.View) escrow.Amount { return v.Amount(f) }

// Optional returns the field as one that may be left out.
func (f AmountField) Optional() AmountField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f AmountField) Or(reason escrow.Reason) AmountField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f AmountField) Amendable() AmountField { f.Field.Amendable = true; return f }

// Default returns the policy field with its default, as JSON.
func (f AmountField) Default(json string) AmountField { f.Field.Default = json; return f }

// In returns the field's value in a view, 0 when it has none.
func (f RatioField) In(v escrow.View) escrow.Ratio { return v.Ratio(f) }

// Optional returns the field as one that may be left out.
func (f RatioField) Optional() RatioField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f RatioField) Or(reason escrow.Reason) RatioField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f RatioField) Amendable() RatioField { f.Field.Amendable = true; return f }

// Default returns the policy field with its default, as JSON.
func (f RatioField) Default(json string) RatioField { f.Field.Default = json; return f }

// Between returns the field with bounds, both allowed, in its own notation.
func (f RatioField) Between(least, most string) RatioField { f.Min, f.Max = least, most; return f }

// In returns the field's value in a view, 0 when it has none.
func (f CountField) In(v escrow.View) uint64 { return v.Count(f) }

// Optional returns the field as one that may be left out.
func (f CountField) Optional() CountField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f CountField) Or(reason escrow.Reason) CountField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f CountField) Amendable() CountField { f.Field.Amendable = true; return f }

// Default returns the policy field with its default, as JSON.
func (f CountField) Default(json string) CountField { f.Field.Default = json; return f }

// Between returns the field with bounds, both allowed, in its own notation.
func (f CountField) Between(least, most string) CountField { f.Min, f.Max = least, most; return f }

// In returns the field's value in a view, the zero time when it has none.
func (f InstantField) In(v escrow.View) time.Time { return v.Time(f) }

// Optional returns the field as one that may be left out.
func (f InstantField) Optional() InstantField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f InstantField) Or(reason escrow.Reason) InstantField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f InstantField) Amendable() InstantField { f.Field.Amendable = true; return f }

// In returns the field's value in a view, 0 when it has none.
func (f WindowField) In(v escrow.View) time.Duration { return v.Duration(f) }

// Optional returns the field as one that may be left out.
func (f WindowField) Optional() WindowField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f WindowField) Or(reason escrow.Reason) WindowField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f WindowField) Amendable() WindowField { f.Field.Amendable = true; return f }

// Default returns the policy field with its default, as JSON.
func (f WindowField) Default(json string) WindowField { f.Field.Default = json; return f }

// Between returns the field with bounds, both allowed, in its own notation.
func (f WindowField) Between(least, most string) WindowField { f.Min, f.Max = least, most; return f }

// In returns the field's value in a view, "" when it has none.
func (f ChoiceField) In(v escrow.View) string { return v.Text(f) }

// Optional returns the field as one that may be left out.
func (f ChoiceField) Optional() ChoiceField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f ChoiceField) Or(reason escrow.Reason) ChoiceField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f ChoiceField) Amendable() ChoiceField { f.Field.Amendable = true; return f }

// Default returns the policy field with its default, as JSON.
func (f ChoiceField) Default(json string) ChoiceField { f.Field.Default = json; return f }

// In returns the field's value in a view, false when it has none.
func (f FlagField) In(v escrow.View) bool { return v.Flag(f) }

// Optional returns the field as one that may be left out.
func (f FlagField) Optional() FlagField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f FlagField) Or(reason escrow.Reason) FlagField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f FlagField) Amendable() FlagField { f.Field.Amendable = true; return f }

// Default returns the policy field with its default, as JSON.
func (f FlagField) Default(json string) FlagField { f.Field.Default = json; return f }

// In returns the field's value in a view, nil when it has none.
func (f TextsField) In(v escrow.View) []string { return v.Texts(f) }

// Optional returns the field as one that may be left out.
func (f TextsField) Optional() TextsField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f TextsField) Or(reason escrow.Reason) TextsField { f.Reason = reason; return f }

// Amendable returns the term as one that may change by mutual consent.
func (f TextsField) Amendable() TextsField { f.Field.Amendable = true; return f }

// Between returns the field with bounds, both allowed, in its own notation.
func (f TextsField) Between(least, most string) TextsField { f.Min, f.Max = least, most; return f }

// Optional returns the field as one that may be left out.
func (f SheetField) Optional() SheetField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f SheetField) Or(reason escrow.Reason) SheetField { f.Reason = reason; return f }

// In returns the field's value in a view, "" when it has none.
func (f TargetField) In(v escrow.View) string { return v.Text(f) }

// Optional returns the field as one that may be left out.
func (f TargetField) Optional() TargetField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f TargetField) Or(reason escrow.Reason) TargetField { f.Reason = reason; return f }

// Optional returns the field as one that may be left out.
func (f RecordField) Optional() RecordField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f RecordField) Or(reason escrow.Reason) RecordField { f.Reason = reason; return f }

// Optional returns the field as one that may be left out.
func (f RowsField) Optional() RowsField { f.Field.Optional = true; return f }

// Or returns the field as one whose faulty value is refused for a reason.
func (f RowsField) Or(reason escrow.Reason) RowsField { f.Reason = reason; return f }

// To returns the field's value for a draft, a command or an effect.
func (f TextField) To(s string) escrow.Value { return escrow.TextOf(f, s) }

// To returns the field's value for a draft, a command or an effect.
func (f AccountField) To(id string) escrow.Value { return escrow.TextOf(f, id) }

// To returns the field's value for a draft, a command or an effect.
func (f TargetField) To(key string) escrow.Value { return escrow.TextOf(f, key) }

// To returns the field's value for a draft, a command or an effect.
func (f ChoiceField) To(c string) escrow.Value { return escrow.TextOf(f, c) }

// To returns the field's value for a draft, a command or an effect.
func (f AmountField) To(a escrow.Amount) escrow.Value { return escrow.AmountValue(f, a) }

// To returns the field's value for a draft, a command or an effect.
func (f RatioField) To(r escrow.Ratio) escrow.Value { return escrow.RatioValue(f, r) }

// To returns the field's value for a draft, a command or an effect.
func (f CountField) To(n uint64) escrow.Value { return escrow.CountValue(f, n) }

// To returns the field's value for a draft, a command or an effect.
func (f InstantField) To(t time.Time) escrow.Value { return escrow.TimeValue(f, t) }

// To returns the field's value for a draft, a command or an effect.
func (f WindowField) To(d time.Duration) escrow.Value { return escrow.DurationValue(f, d) }

// To returns the field's value for a draft, a command or an effect.
func (f FlagField) To(b bool) escrow.Value { return escrow.FlagValue(f, b) }

// To returns the field's value for a draft, a command or an effect.
func (f TextsField) To(list []string) escrow.Value { return escrow.TextsOf(f, list) }

// To returns the field's value for a draft, a command or an effect.
func (f SheetField) To(choices []string) escrow.Value { return escrow.SheetOf(f, choices) }

// To returns the field's value for a draft, a command or an effect.
func (f RecordField) To(values ...escrow.Value) escrow.Value { return escrow.RowsOf(f, values) }

// To returns the field's value for a draft, a command or an effect.
func (f RowsField) To(rows ...[]escrow.Value) escrow.Value { return escrow.RowsOf(f, rows...) }

// Decimal returns an amount in whole units for a draft or a command. Whether it
// fits the asset is seen there.
func (f AmountField) Decimal(d decimal.Decimal) escrow.Value { return escrow.DecimalValue(f, d) }

// Decimal returns a ratio for a draft or a command.
func (f RatioField) Decimal(d decimal.Decimal) escrow.Value { return escrow.DecimalValue(f, d) }

// Positive returns the amount as one that is more than nothing.
func (f AmountField) Positive() AmountField { f.Field.Positive = true; return f }

// Scaled returns the amount as a number with decimal places of its own, that is no
// money of the contract.
func (f AmountField) Scaled(places uint8) AmountField { f.Fixed, f.Scale = true, places; return f }

// Alias returns the amount as one that is also read under another name, in
// contracts of one asset.
func (f AmountField) Alias(name, asset string) AmountField {
	f.Field.Alias, f.AliasAsset = name, asset
	return f
}

// Below returns the ratio with an upper bound that is not allowed itself.
func (f RatioField) Below(most string) RatioField { f.Field.Below = most; return f }

// Filled returns the text as one that is not blank.
func (f TextField) Filled() TextField { f.Field.Filled = true; return f }

// Lines returns the text as one of several lines.
func (f TextField) Lines() TextField { f.Field.Lines = true; return f }

// Filled returns the texts as at least one, none of them blank.
func (f TextsField) Filled() TextsField { f.Field.Filled = true; return f }

// Len returns how many texts there are.
func (f TextsField) Len(v escrow.View) int { return v.CountTexts(f) }

// In returns the field's value in a view: without any choice when it has none.
func (f SheetField) In(v escrow.View) escrow.Sheet { return v.Sheet(f) }

// Is returns a sheet as the field's value.
func (f SheetField) Is(s escrow.Sheet) escrow.Value { return escrow.SheetValue(f, s) }

// Implied returns the instant as one that imports without it get from a moment, in
// some statuses.
func (f InstantField) Implied(m *escrow.Moment, in ...escrow.Status) InstantField {
	f.Field.Implied = escrow.Implied{In: in, Moment: m}
	return f
}

// Changes returns the object as one of changes: it may leave out any of its fields.
func (f RecordField) Changes() RecordField { f.Field.Changes = true; return f }

// ImpliedWhen is [InstantField.Implied] where a case of what the import has holds.
func (f InstantField) ImpliedWhen(c *escrow.Case, m *escrow.Moment, in ...escrow.Status) InstantField {
	f.Field.Implied = escrow.Implied{In: in, When: c, Moment: m}
	return f
}

// Len returns how many objects the command carries.
func (f RowsField) Len(v escrow.View) int { return v.Rows(f) }

// At returns the view of the i-th object.
func (f RowsField) At(v escrow.View, i int) escrow.View { return v.Row(f, i) }

// At returns the view of the object.
func (f RecordField) At(v escrow.View) escrow.View { return v.Row(f, 0) }

func made(kind escrow.FieldKind, name, meaning string) *escrow.Field {
	return &escrow.Field{Name: name, Kind: kind, Meaning: meaning}
}

// Text declares text that people read.
func Text(name, meaning string) TextField {
	f := made(escrow.TextKind, name, meaning)
	return TextField{f}
}

// Account declares an id of an account.
func Account(name, meaning string) AccountField {
	f := made(escrow.AccountKind, name, meaning)
	return AccountField{f}
}

// ID declares an id of something that is no account: as well formed as one.
func ID(name, meaning string) AccountField { return Account(name, meaning) }

// Amount declares money of the contract's asset.
func Amount(name, meaning string) AmountField {
	f := made(escrow.AmountKind, name, meaning)
	return AmountField{f}
}

// Ratio declares a fraction from 0 to 1.
func Ratio(name, meaning string) RatioField {
	f := made(escrow.RatioKind, name, meaning)
	return RatioField{f}
}

// Count declares a whole number.
func Count(name, meaning string) CountField {
	f := made(escrow.CountKind, name, meaning)
	return CountField{f}
}

// Instant declares a point in time.
func Instant(name, meaning string) InstantField {
	f := made(escrow.InstantKind, name, meaning)
	return InstantField{f}
}

// Window declares a length of time in whole seconds.
func Window(name, meaning string) WindowField {
	f := made(escrow.DurationKind, name, meaning)
	return WindowField{f}
}

// Choice declares one of several words.
func Choice(name, meaning string, choices ...string) ChoiceField {
	f := made(escrow.ChoiceKind, name, meaning)
	f.Choices = choices
	return ChoiceField{f}
}

// Flag declares true or false.
func Flag(name, meaning string) FlagField {
	f := made(escrow.FlagKind, name, meaning)
	return FlagField{f}
}

// Texts declares a list of texts.
func Texts(name, meaning string) TextsField {
	f := made(escrow.TextsKind, name, meaning)
	return TextsField{f}
}

// Sheet declares a choice for each of several texts.
func Sheet(name, meaning string, over TextsField, choices ...string) SheetField {
	f := made(escrow.SheetKind, name, meaning)
	f.Over, f.Choices = over.Field, choices
	return SheetField{f}
}

// Target declares the item that a command is about.
func Target(name, meaning string, list *escrow.List) TargetField {
	f := made(escrow.TargetKind, name, meaning)
	f.List = list
	return TargetField{f}
}

// Record declares an object that a command carries.
func Record(name, meaning string, fields ...escrow.Word) RecordField {
	f := made(escrow.RecordKind, name, meaning)
	f.Fields = fields
	return RecordField{f}
}

// Rows declares a list of objects that a command carries.
func Rows(name, meaning string, fields ...escrow.Word) RowsField {
	f := made(escrow.RowsKind, name, meaning)
	f.Fields = fields
	return RowsField{f}
}

// FirstEntered declares the instant at which one of the statuses was first entered:
// the engine records it.
func FirstEntered(name, meaning string, statuses ...escrow.Status) InstantField {
	f := made(escrow.InstantKind, name, meaning)
	f.Optional, f.EnteredFirst = true, statuses
	return InstantField{f}
}

// LastEntered declares the instant at which one of the statuses was last entered:
// the engine records it.
func LastEntered(name, meaning string, statuses ...escrow.Status) InstantField {
	f := made(escrow.InstantKind, name, meaning)
	f.Optional, f.EnteredLast = true, statuses
	return InstantField{f}
}
