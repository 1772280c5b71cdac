package explore

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/internal/reading"
)

// keys makes the keys of states: equal for states that nothing tells apart.
type keys struct {
	spec     *escrow.Spec
	moments  *moments
	statuses map[escrow.Status]byte
	// fields are those that decisions change: of the state, amendable terms and the
	// accounts of parties that are set.
	fields []*escrow.Field
	// items are the fields of each list's items.
	items [][]*escrow.Field
}

func newKeys(l *escrow.Lifecycle) *keys {
	k := &keys{spec: reading.Spec(l), moments: newMoments(l), statuses: map[escrow.Status]byte{}}
	for i, s := range append([]escrow.Status{escrow.Draft}, l.Statuses()...) {
		k.statuses[s] = byte(i)
	}
	add := func(w escrow.Word) {
		if f := w.Declaration(); !slices.Contains(k.fields, f) {
			k.fields = append(k.fields, f)
		}
	}
	for _, w := range k.spec.State {
		add(w)
	}
	for _, w := range k.spec.Terms {
		if w.Declaration().Amendable {
			add(w)
		}
	}
	for _, p := range k.spec.Parties {
		if p.Account != nil && p.Set {
			add(p.Account)
		}
	}
	for _, l := range k.spec.Lists {
		var fields []*escrow.Field
		for _, w := range l.Fields {
			fields = append(fields, w.Declaration())
		}
		k.items = append(k.items, fields)
	}
	return k
}

// append appends the key of a state. Draft tells apart what its terms do.
func (k *keys) append(dst []byte, draft uint16, c *escrow.Contract, now time.Time, d escrowtest.Deposits) []byte {
	dst = binary.BigEndian.AppendUint16(dst, draft)
	dst = append(dst, k.statuses[c.Status()])
	v := c.View()
	for _, f := range k.fields {
		dst = value(dst, v, f)
	}
	for i, l := range k.spec.Lists {
		for n := range v.Len(l) {
			item := v.At(l, n)
			dst = text(text(dst, item.Key()), item.ItemStatus())
			for _, f := range k.items[i] {
				dst = value(dst, item, f)
			}
		}
		dst = append(dst, 0)
	}
	for _, h := range c.Custody() {
		dst = text(text(text(dst, h.Account.Kind), h.Account.ID), h.Amount.String())
	}
	dst = append(d.AppendKey(append(dst, 0)), 0)
	pending, ended := approvals(c)
	dst = append(dst, ended)
	for i := range pending {
		dst = appendApproval(dst, c, &pending[i])
	}
	return appendOrder(dst, k.moments.of(nil, c, pending), now)
}

// text appends a string that ends.
func text(dst []byte, s string) []byte { return append(append(dst, s...), 0) }

// value appends what a field has in a view: of an instant whether it has any, for
// when it is the order of moments tells.
func value(dst []byte, v escrow.View, f *escrow.Field) []byte {
	if !v.Has(f) {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	switch f.Kind {
	case escrow.InstantKind:
		return dst
	case escrow.AmountKind:
		return text(dst, v.Amount(f).String())
	case escrow.RatioKind:
		return text(dst, v.Ratio(f).String())
	case escrow.TextsKind:
		for _, s := range v.Texts(f) {
			dst = text(dst, s)
		}
		return append(dst, 0)
	case escrow.SheetKind:
		for i := range v.CountTexts(f.Over) {
			dst = append(dst, byte(v.Sheet(f).Entry(i)))
		}
		return dst
	case escrow.CountKind, escrow.DurationKind, escrow.FlagKind:
		return binary.BigEndian.AppendUint64(dst, v.Count(f))
	}
	return text(dst, v.Text(f))
}

// approvals returns the pending approvals in an order of their own, and a mark for
// each way in which others have ended: nothing else of those matters, and that
// only to the questions about themselves.
func approvals(c *escrow.Contract) (pending []escrow.Approval, ended byte) {
	for _, a := range c.Approvals() {
		switch a.Status {
		case escrow.ApprovalIsPending:
			pending = append(pending, a)
		case escrow.ApprovalIsConfirmed:
			ended |= 1
		case escrow.ApprovalIsDeclined:
			ended |= 2
		case escrow.ApprovalIsExpired:
			ended |= 4
		default:
			ended |= 8
		}
	}
	slices.SortFunc(pending, func(a, b escrow.Approval) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Target, b.Target), cmp.Compare(a.Account, b.Account))
	})
	return pending, ended
}

// appendApproval appends a pending approval: what it is for, who asked and who has
// agreed, and the requests that people's own terms made it of, for those repeat it.
func appendApproval(dst []byte, c *escrow.Contract, a *escrow.Approval) []byte {
	dst = text(text(text(text(text(dst, a.Type), a.Target), a.RequestedBy), string(a.RequestedByKind)), a.TermsBy)
	for i, who := range a.ConfirmedBy {
		dst = text(text(dst, who), a.ConfirmedFor[i])
	}
	dst = append(dst, 0)
	dst = request(dst, a)
	var before []string // a set: it is only asked whether a request is among them
	for b, ok := c.Approval(a.Supersedes); ok && len(before) < 100; b, ok = c.Approval(b.Supersedes) {
		before = append(before, string(request(nil, &b)))
	}
	slices.Sort(before)
	for _, asked := range slices.Compact(before) {
		dst = append(dst, asked...)
	}
	return append(dst, 0)
}

// request appends what an approval is a request for, and whose.
func request(dst []byte, a *escrow.Approval) []byte {
	command, _ := a.Command.MarshalJSON()
	dst = text(append(dst, command...), a.Account)
	for _, m := range a.Movements {
		dst = text(text(text(text(dst, m.From.String()), m.To.String()), m.Amount.String()), string(m.Reason))
	}
	return append(dst, 0)
}

// near is how many nanoseconds ahead are told apart. Questions are asked just before,
// at and after a moment, so moments that follow from them lie a nanosecond or two
// apart, and what follows from those one more.
const near = 3

// appendOrder appends where the moments lie: past, now, up to [near] nanoseconds
// ahead, or further, and then in which order.
func appendOrder(dst []byte, list []time.Time, now time.Time) []byte {
	for _, at := range list {
		dst = append(dst, place(list, at, now))
	}
	return dst
}

// place returns where an instant lies among others, seen from now.
func place(list []time.Time, at, now time.Time) byte {
	switch ahead := at.Sub(now); {
	case at.IsZero():
		return 255
	case ahead < 0:
		return 0
	case ahead <= near:
		return 1 + byte(ahead)
	}
	rank := byte(2 + near)
	for i, other := range list {
		if !other.IsZero() && other.Before(at) && other.Sub(now) > near && !slices.ContainsFunc(list[:i], other.Equal) {
			rank++
		}
	}
	return rank
}
