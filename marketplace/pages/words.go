package pages

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// plain writes a declared name as words: "reviewDeadline", "release_part" and
// "under-review" as "review deadline", "release part" and "under review".
func plain(name any) string {
	var b strings.Builder
	last := ' '
	for _, r := range fmt.Sprint(name) {
		switch {
		case r == '_' || r == '-':
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(last):
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	text := b.String()
	if text == strings.ToUpper(text) && len(text) > 3 || text != strings.ToUpper(text) {
		return strings.ToLower(text)
	}
	return text
}

// label is plain words with a capital.
func label(name any) string {
	text := plain(name)
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// instantView is a moment as it is shown.
type instantView struct{ ISO, Text, Away string }

func instant(at, now time.Time) instantView {
	at = at.UTC()
	if at.IsZero() {
		return instantView{}
	}
	text := at.Format("2 Jan 2006, 15:04")
	if at.Second() != 0 || at.Nanosecond() != 0 {
		text = at.Format("2 Jan 2006, 15:04:05.999999999")
	}
	return instantView{at.Format(time.RFC3339Nano), text + " UTC", away(at.Sub(now))}
}

// away says how far an instant is away.
func away(d time.Duration) string {
	switch {
	case d == 0:
		return "now"
	case d < 0:
		return span(-d) + " ago"
	}
	return "in " + span(d)
}

// span writes a duration in its two largest units.
func span(d time.Duration) string {
	units := []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}}
	for i, u := range units {
		n := d / u.size
		if n == 0 {
			continue
		}
		text := count(int64(n), u.name)
		if i+1 < len(units) {
			if rest := d % u.size / units[i+1].size; rest > 0 {
				text += " " + count(int64(rest), units[i+1].name)
			}
		}
		return text
	}
	return "less than a second"
}

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// accountView is one end of a movement as it is shown.
type accountView struct {
	// Role is the party's or the pot's name, ID whose it is.
	Role, ID string
	// You says that it is the person's own.
	You, Custody bool
}

// account shows an account of a contract.
func (v *visit) account(a escrow.Account) accountView {
	return accountView{Role: plain(a.Kind), ID: a.ID, Custody: a.Custody, You: !a.Custody && a.ID != "" && a.ID == v.own()}
}

// accountText shows an account that is stored as text.
func (v *visit) accountText(l *escrow.Lifecycle, text string) accountView {
	if a, ok := reading.ParseAccount(l, text); ok {
		return v.account(a)
	}
	return accountView{Role: text}
}

// own is the account that the person acts for.
func (v *visit) own() string { return reading.AccountOf(v.Person.Actor) }

// sumView is an amount with its asset.
type sumView struct{ Text, Code string }

func sum(a escrow.Amount, asset escrow.Asset) sumView { return sumOf(asset.Text(a), asset) }

// sumOf shows an amount that an asset has written. Cents are written whole.
func sumOf(text string, asset escrow.Asset) sumView {
	if at := strings.IndexByte(text, '.'); asset.Scale == 2 && at >= 0 {
		text += strings.Repeat("0", max(0, at+3-len(text)))
	}
	return sumView{grouped(text), asset.Code}
}

// grouped sets narrow no-break spaces between thousands.
func grouped(text string) string {
	whole, fraction, dot := strings.Cut(text, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(r)
	}
	if dot {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// moveView is a movement of money as it is shown.
type moveView struct {
	Sum      sumView
	From, To accountView
	Reason   string
	// State is how far its payment is, empty when none is known.
	State string
}

func (v *visit) move(m escrow.Movement) moveView {
	return moveView{Sum: sum(m.Amount, m.Asset), From: v.account(m.From), To: v.account(m.To), Reason: plain(m.Reason)}
}

// moves shows what a decision moves, or would once it is agreed to.
func (v *visit) moves(d *escrow.Decision) (list []moveView) {
	for _, m := range movements(d) {
		list = append(list, v.move(m))
	}
	return list
}

// movements are a decision's, or those that the approval which it asks for proposes.
func movements(d *escrow.Decision) []escrow.Movement {
	if a, ok := d.Approval(); ok && a.Status == escrow.ApprovalIsPending {
		return a.Movements
	}
	var list []escrow.Movement
	for _, m := range d.Movements() {
		list = append(list, m)
	}
	return list
}
