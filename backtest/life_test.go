package backtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/fixedprice"
	opencontract "github.com/escrow-go/escrow/opencontract/play"
	opentrain "github.com/escrow-go/escrow/opentrain/play"
	"github.com/escrow-go/escrow/purchase"
)

// plays are the lifecycles whose lives are drawn.
var plays = []*escrowtest.Play{opencontract.Play(), opentrain.Play(), escrowtest.PlayOf(fixedprice.Lifecycle), escrowtest.PlayOf(purchase.Lifecycle)}

// livesADraw is how many lives each draw of a property has: 100 draws of
// OpenContract and of OpenTrain are 10,000 lives; with -short a tenth.
func livesADraw() int {
	if testing.Short() {
		return 5
	}
	return 50
}

// recorded writes a life as a record. What left no trace, asked by a clock that was
// ahead of what was asked later, is left out: a record does not go back in time.
func recorded(t interface{ Fatal(...any) }, st *escrowtest.Story) []byte {
	var lines [][]byte
	var later time.Time
	for i := len(st.Steps) - 1; i >= 0; i-- {
		s := &st.Steps[i]
		now, after := s.Now, s.After()
		unchanged := after.Revision() == s.Before.Revision()
		if at := s.Before.DecidedAt(); now.Before(at) {
			now = at
		}
		if s.Command.Action() == escrow.Time.Action() && !unchanged {
			now = s.Answer.At
		}
		if !later.IsZero() && later.Before(now) && unchanged {
			continue
		}
		later = now
		line, err := escrow.Request{Contract: s.Before, Command: s.Command, Actor: s.Actor, Now: s.Now}.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, append(line, '\n'))
	}
	slices.Reverse(lines)
	return bytes.Join(lines, nil)
}

// TestSamePolicy: under its own policy, every life goes its own way, to the last
// unit.
func TestSamePolicy(t *testing.T) {
	for _, play := range plays {
		t.Run(play.String(), func(t *testing.T) {
			t.Parallel()
			compared, drawn, lives := 0, 0, escrowtest.Lives(play)
			rapid.Check(t, func(t *rapid.T) {
				for range livesADraw() {
					drawn++
					compared += goesItsOwnWay(t, lives.Draw(t, "life"))
				}
			})
			if compared < drawn*9/10 {
				t.Fatalf("only %d of %d lives were compared", compared, drawn)
			}
		})
	}
}

// asWritten reports whether a life's draft, read back, is answered as it was, and
// names its whole policy: a value that no JSON can say is left out of what is
// written, and a policy that is given whole mends one that was not.
func asWritten(st *escrowtest.Story) bool {
	text, err := st.Begin.MarshalJSON()
	if err != nil {
		return false
	}
	draft, err := escrow.ParseContract(text, st.Begin.Lifecycle())
	if err != nil {
		return false
	}
	own, err := st.Begin.Policy().MarshalJSON()
	var written struct{ Policy map[string]any }
	var whole map[string]any
	if err != nil || json.Unmarshal(text, &written) != nil || json.Unmarshal(own, &whole) != nil || !reflect.DeepEqual(written.Policy, whole) {
		return false
	}
	for i := range st.Steps {
		s := &st.Steps[i]
		answer := escrowtest.AnswerOf(escrow.Decide(draft, s.Command, s.Actor, escrow.At(s.Now)))
		if s.Before.IsDraft() && answer.Accepted() != s.Answer.Accepted() {
			return false
		}
	}
	return true
}

// goesItsOwnWay fails unless a life is the same under its own policy. It returns
// how many histories were compared: none if its draft cannot be read back.
func goesItsOwnWay(t *rapid.T, st *escrowtest.Story) int {
	if !asWritten(st) {
		return 0
	}
	own := backtest.Policy{Name: "own", Policy: st.Begin.Policy()}
	r, err := backtest.Run(context.Background(), bytes.NewReader(recorded(t, st)), []backtest.Policy{own}, backtest.SkipFaulty())
	if err != nil {
		t.Fatal(err)
	}
	c := r.Policies[0]
	if r.Mismatched+r.MidLife > 0 || c.Parted+c.Outlived > 0 {
		t.Fatalf("%s\n%s", r, st)
	}
	for _, m := range c.Money {
		for _, p := range m.Parties {
			if !p.Recorded.PaidIn.Equal(p.Replayed.PaidIn) || !p.Recorded.Got.Equal(p.Replayed.Got) || !p.Difference.IsZero() {
				t.Fatalf("%s\n%s", r, st)
			}
		}
	}
	asTold(t, r, st)
	return c.Histories
}

// asTold fails unless an ended life is reported with its own ending and money.
func asTold(t *rapid.T, r *backtest.Report, st *escrowtest.Story) {
	last, first := st.Last().Contract, st.Begin.Lifecycle().Spec().Parties[0].Name
	if !last.IsTerminal() || r.Histories == 0 {
		return
	}
	if e := r.Policies[0].Endings; len(e) != 1 || e[0].Ending != string(last.Status()) {
		t.Fatalf("ended %s\n%s", last.Status(), r)
	}
	net := decimal.Zero
	for _, s := range st.Steps {
		for _, m := range s.Answer.Movements {
			if m.To.Kind == first {
				net = net.Add(last.Asset().Decimal(m.Amount))
			}
			if m.From.Kind == first {
				net = net.Sub(last.Asset().Decimal(m.Amount))
			}
		}
	}
	if told := r.Policies[0].Money[0].Parties[0].Recorded.Net; told.Cmp(net) != 0 {
		t.Fatalf("the %s has %s, not %s\n%s\n%s", first, told, net, r, st)
	}
}

// TestConserved: under any policy, all that was paid in was got or is held, and
// every history is accounted for.
func TestConserved(t *testing.T) {
	for _, play := range plays {
		lives, policies := escrowtest.Lives(play), escrowtest.Policies(play)
		rapid.Check(t, func(t *rapid.T) {
			other := backtest.Policy{Name: "other", Policy: policies.Draw(t, "policy")}
			for range 5 {
				st := lives.Draw(t, "life")
				if !asWritten(st) {
					continue
				}
				r, err := backtest.Run(context.Background(), bytes.NewReader(recorded(t, st)), []backtest.Policy{other}, backtest.SkipFaulty())
				if err != nil {
					t.Fatal(err)
				}
				c := r.Policies[0]
				if r.Histories != c.Histories+c.Unfounded {
					t.Fatalf("%s", r)
				}
				for _, m := range c.Money {
					was, is := m.Held.Recorded, m.Held.Replayed
					for _, p := range m.Parties {
						was, is = was.Add(p.Recorded.Net), is.Add(p.Replayed.Net)
					}
					if !was.IsZero() || !is.IsZero() {
						t.Fatalf("%s is made and %s was\n%s\n%s", is, was, r, st)
					}
				}
			}
		})
	}
}
