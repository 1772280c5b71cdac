package sample

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// scene is where values are made for: the contract, the item that the command is
// about, the time; and the choices.
type scene struct {
	*Maker
	choose Choose
	c      escrow.Contract
	item   escrow.View
	asset  escrow.Asset
	// at is the last instant that was made: deadlines mostly follow one another in
	// the order in which they are declared.
	at time.Time
	// number tells items apart.
	number int
}

// value returns a value for a field, within its bounds.
func (s *scene) value(f *escrow.Field) escrow.Value {
	if s.isKey(f) {
		s.number++
		return escrow.TextOf(f, fmt.Sprintf("i%d", s.number))
	}
	switch f.Kind {
	case escrow.AccountKind:
		return escrow.TextOf(f, s.account())
	case escrow.AmountKind:
		return escrow.DecimalValue(f, s.amount(f))
	case escrow.RatioKind:
		return escrow.RatioValue(f, ratio(s.choose, f))
	case escrow.CountKind:
		return escrow.CountValue(f, count(s.choose, f))
	case escrow.InstantKind:
		s.at = Later(s.at, gaps[s.choose(len(gaps))]*time.Duration(1-s.choose(4)/3))
		return escrow.TimeValue(f, s.at)
	case escrow.DurationKind:
		return escrow.DurationValue(f, duration(s.choose, f))
	case escrow.ChoiceKind:
		return escrow.TextOf(f, f.Choices[s.choose(len(f.Choices))])
	case escrow.FlagKind:
		return escrow.FlagValue(f, s.choose(2) == 1)
	case escrow.TextsKind:
		return escrow.TextsOf(f, s.texts(f))
	case escrow.SheetKind:
		return s.sheet(f)
	case escrow.TargetKind:
		return escrow.TextOf(f, s.target(f))
	case escrow.RecordKind, escrow.RowsKind:
		return s.rowsOf(f)
	}
	return escrow.TextOf(f, []string{"some text", "0xhash", "other text"}[s.choose(3)])
}

// isKey reports whether a field is the key of a list whose items' accounts are no
// parties: then each item has a new one.
func (m *Maker) isKey(f *escrow.Field) bool {
	for _, l := range m.spec.Lists {
		party := func(p *escrow.Party) bool { return p.Item == l }
		if l.Key.Declaration() == f && !slices.ContainsFunc(m.spec.Parties, party) {
			return true
		}
	}
	return false
}

// account returns the account of a party, or of a stranger.
func (s *scene) account() string {
	parties := s.accounts()
	if i := s.choose(8); i >= 5 && len(parties) > 0 {
		return parties[s.choose(len(parties))]
	}
	return Strangers[s.choose(len(Strangers))]
}

// amount returns an amount: where the contract holds something, often a part of
// that or all of it.
func (s *scene) amount(f *escrow.Field) decimal.Decimal {
	asset := s.asset
	if f.Fixed {
		asset.Scale = f.Scale
	}
	if held := s.held(); len(held) > 0 && !f.Fixed && s.choose(3) > 0 {
		all := asset.Decimal(held[s.choose(len(held))])
		return []decimal.Decimal{all.Div(decimal.NewFromInt(2)).Truncate(int32(asset.Scale)), all.Div(decimal.NewFromInt(3)).Truncate(int32(asset.Scale)), all}[s.choose(3)]
	}
	if !f.Positive && s.choose(6) == 5 {
		return decimal.Zero
	}
	return Amount(s.choose, asset)
}

// held returns what the command's item holds, else what the contract does.
func (s *scene) held() (list []escrow.Amount) {
	if s.c.Lifecycle() == nil {
		return nil
	}
	for _, p := range s.spec.Pots {
		if p.Each == nil || s.item.Index() < 0 {
			continue
		}
		if held := s.item.Held(p); !held.IsZero() {
			list = append(list, held)
		}
	}
	if len(list) == 0 {
		for _, h := range s.c.Custody() {
			list = append(list, h.Amount)
		}
	}
	return list
}

// texts returns texts, or different accounts where the field names items whose key
// is an account.
func (s *scene) texts(f *escrow.Field) (list []string) {
	least, most := bound(f.Min, 0), bound(f.Max, 1000)
	if f.Filled {
		least = max(least, 1)
	}
	n := min(max([]uint64{1, 3, 2, 4, 5, 10, 15}[s.choose(7)], least), most)
	accounts := s.namesAccounts(f)
	first := s.choose(len(Strangers))
	for i := range int(n) {
		if accounts {
			list = append(list, Strangers[(first+i)%len(Strangers)])
		} else {
			list = append(list, "text "+strconv.Itoa(i+1))
		}
	}
	return list
}

// namesAccounts reports whether a row adds an item, known by its account, for each
// of a command's texts.
func (s *scene) namesAccounts(f *escrow.Field) bool {
	for i := range s.spec.Rules {
		for _, e := range s.spec.Rules[i].Sets {
			if e.Keys != nil && e.Keys.Declaration() == f && e.Add.Key.Declaration().Kind == escrow.AccountKind {
				return true
			}
		}
	}
	return false
}

// sheet returns a choice for each text that the sheet is over.
func (s *scene) sheet(f *escrow.Field) escrow.Value {
	choices := make([]string, s.c.View().CountTexts(f.Over))
	for i := range choices {
		choices[i] = f.Choices[s.choose(len(f.Choices))]
	}
	return escrow.SheetOf(f, choices)
}

// target returns the key of an item, sometimes of one that there is not.
func (s *scene) target(f *escrow.Field) string {
	v := s.c.View()
	n := v.Len(f.List)
	if n == 0 || s.choose(20) == 19 {
		return "nowhere"
	}
	return v.At(f.List, s.choose(min(n, 128))).Key()
}

// rowsOf returns an object, or several.
func (s *scene) rowsOf(f *escrow.Field) escrow.Value {
	n := 1
	if f.Kind == escrow.RowsKind {
		n = s.choose(4)
	}
	rows := make([][]escrow.Value, n)
	for i := range rows {
		for _, w := range f.Fields {
			inner := w.Declaration()
			if !inner.Optional || s.choose(2) == 1 {
				rows[i] = append(rows[i], s.value(inner))
			}
		}
	}
	return escrow.RowsOf(f, rows...)
}
