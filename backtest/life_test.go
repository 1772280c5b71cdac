package backtest_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// plays are the lifecycles whose lives are drawn.
var plays = []*escrowtest.Play{escrowtest.OpenContract(), escrowtest.OpenTrain()}

// livesADraw is how many lives each draw of a property has: 100 draws of each play
// are 10,000 lives.
const livesADraw = 50

// recorded writes a life as a record.
func recorded(t interface{ Fatal(...any) }, st *escrowtest.Story) []byte {
	var b bytes.Buffer
	for i := range st.Steps {
		s := &st.Steps[i]
		line, err := escrow.Request{Contract: s.Before, Command: s.Command, Actor: s.Actor, Now: s.Now}.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.Bytes()
}

// TestSamePolicy: under its own policy, every life goes its own way, to the last
// unit.
func TestSamePolicy(t *testing.T) {
	for _, play := range plays {
		t.Run(play.String(), func(t *testing.T) {
			t.Parallel()
			compared, drawn, lives := 0, 0, escrowtest.Lives(play)
			rapid.Check(t, func(t *rapid.T) {
				for range livesADraw {
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

// goesItsOwnWay fails unless a life is the same under its own policy. It returns
// how many histories were compared: none if its draft cannot be read back.
func goesItsOwnWay(t *rapid.T, st *escrowtest.Story) int {
	own := backtest.Policy{Name: "own", Lifecycle: st.Begin.Lifecycle(), Policy: st.Begin.Policy()}
	r, err := backtest.Run(context.Background(), bytes.NewReader(recorded(t, st)), []backtest.Policy{own}, backtest.SkipFaulty())
	if errors.Is(err, escrow.InvalidPolicy) {
		return 0
	}
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
	last := st.Last().Contract
	if !last.IsTerminal() || r.Histories == 0 {
		return
	}
	if e := r.Policies[0].Endings; len(e) != 1 || e[0].Ending != string(last.Status()) {
		t.Fatalf("ended %s\n%s", last.Status(), r)
	}
	client := decimal.Zero
	for _, s := range st.Steps {
		for _, m := range s.Answer.Movements {
			if m.To.Kind == escrow.AccountClient {
				client = client.Add(last.Asset().Decimal(m.Amount))
			}
			if m.From.Kind == escrow.AccountClient {
				client = client.Sub(last.Asset().Decimal(m.Amount))
			}
		}
	}
	if net := r.Policies[0].Money[0].Parties[0].Recorded.Net; net.Cmp(client) != 0 {
		t.Fatalf("the client has %s, not %s\n%s\n%s", net, client, r, st)
	}
}

// TestConserved: under any policy, all that was paid in was got or is held, and
// every history is accounted for.
func TestConserved(t *testing.T) {
	for _, play := range plays {
		lives, policies := escrowtest.Lives(play), escrowtest.Policies(play)
		rapid.Check(t, func(t *rapid.T) {
			other := backtest.Policy{Name: "other", Lifecycle: play.Lifecycle, Policy: policies.Draw(t, "policy")}
			for range 5 {
				st := lives.Draw(t, "life")
				r, err := backtest.Run(context.Background(), bytes.NewReader(recorded(t, st)), []backtest.Policy{other}, backtest.SkipFaulty())
				if err != nil {
					return // a fee that fits the drawn asset only
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
