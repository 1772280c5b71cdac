package escrow

import (
	"fmt"
	"strconv"
	"time"
)

// bounds is what a field's bounds come to, as cells.
type bounds struct {
	least, most, below          cell
	hasLeast, hasMost, hasBelow bool
	text                        string
	fault                       error
}

// holds reports whether a value lies within the bounds.
func (b *bounds) holds(c cell) bool {
	a := Amount(c)
	return (!b.hasLeast || a.Cmp(Amount(b.least)) >= 0) && (!b.hasMost || a.Cmp(Amount(b.most)) <= 0) && (!b.hasBelow || a.Cmp(Amount(b.below)) < 0)
}

// longest is the bound of a duration that declares none.
const longest = maxDuration

// bounds returns what the field's bounds come to, nil where its kind has none.
func (f *Field) bounds() *bounds {
	if b := f.limits.Load(); b != nil {
		return b
	}
	b := f.readBounds()
	if b != nil {
		f.limits.Store(b)
	}
	return b
}

func (f *Field) readBounds() *bounds {
	if f.Kind == TextsKind && f.Min == "" && f.Max == "" {
		return nil
	}
	b := &bounds{}
	switch f.Kind {
	case RatioKind:
		b.most, b.hasMost = cell{lo: ratioOne}, true
	case CountKind:
		b.most, b.hasMost = cell{lo: maxCount}, true
	case DurationKind:
		b.least, b.most, b.hasLeast, b.hasMost = cell{lo: uint64(time.Second)}, cell{lo: uint64(longest)}, true, true
	case TextsKind:
	default:
		return nil
	}
	read := func(text string, into *cell, has *bool) {
		if text == "" {
			return
		}
		c, err := f.scalar(text)
		if err != nil {
			b.fault = fmt.Errorf("field %s: bound %q: %w", f.Name, text, err)
		}
		*into, *has = c, true
	}
	read(f.Min, &b.least, &b.hasLeast)
	read(f.Max, &b.most, &b.hasMost)
	read(f.Below, &b.below, &b.hasBelow)
	b.text = f.boundsText(b)
	return b
}

// scalar reads a number, ratio or duration in the field's own notation.
func (f *Field) scalar(text string) (cell, error) {
	switch f.Kind {
	case RatioKind:
		r, err := ParseRatio(text)
		return cell{lo: r.e18}, err
	case DurationKind:
		d, err := ParseDuration(text)
		return cell{lo: uint64(d)}, err
	}
	n, err := strconv.ParseUint(text, 10, 53)
	return cell{lo: n}, err
}

func (f *Field) boundsText(b *bounds) string {
	write := func(c cell) string {
		switch f.Kind {
		case RatioKind:
			return Ratio{c.lo}.String()
		case DurationKind:
			return FormatDuration(time.Duration(c.lo))
		}
		return strconv.FormatUint(c.lo, 10)
	}
	least := "0"
	if b.hasLeast {
		least = write(b.least)
	}
	switch {
	case b.hasBelow:
		return "at least " + least + " and below " + write(b.below)
	case b.hasMost:
		return least + " to " + write(b.most)
	}
	return "at least " + least
}

func itoa(n int) string { return strconv.Itoa(n) }
