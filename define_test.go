package escrow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// words are those of a small purchase, made anew for every test.
type words struct {
	client, worker, treasury *Party
	amount, end, other, fee  *Field
	escrow                   *Pot
	found, pay, back         *Act
	spec                     Spec
}

// base is a good table; each test changes it.
func base() *words {
	w := &words{
		client:   &Party{Name: "client", Refusal: "not_client", Account: &Field{Name: "client", Kind: AccountKind}},
		worker:   &Party{Name: "worker", Refusal: "not_worker", Account: &Field{Name: "worker", Kind: AccountKind}},
		treasury: &Party{Name: "treasury", Receives: true},
		amount:   &Field{Name: "amount", Kind: AmountKind, Positive: true},
		end:      &Field{Name: "end", Kind: InstantKind},
		other:    &Field{Name: "other", Kind: InstantKind},
		fee:      &Field{Name: "protocolFee", Kind: RatioKind, Default: `"0.025"`},
		found:    Do("go"), pay: Do("pay"), back: Do("back"),
	}
	w.escrow = &Pot{Name: "escrow", Owner: w.client, In: "escrow_deposit", Rest: "payout"}
	w.spec = Spec{Name: "mine", Version: 1, Asset: Asset{Code: "USD", Scale: 2}, Terminal: In("paid", "refunded"),
		Parties: []*Party{w.client, w.worker, w.treasury}, Terms: []Word{w.amount, w.end, w.other}, Pots: []*Pot{w.escrow}, Policy: []Word{w.fee},
		Rules: []Rule{
			{ID: "1", On: w.found, By: w.client, From: In(Draft), To: "funded", Money: []Step{w.deposit()}},
			{ID: "2", On: w.pay, By: w.client, From: In("funded"), Window: Window{Closes: w.moment(w.end)}, To: "paid",
				Money: []Step{{Pay: true, Pot: w.escrow, To: []*Party{w.worker}, Cuts: []Cut{{Ratio: w.fee, To: w.treasury}}}}},
			{ID: "3", On: actAdvance, By: Anyone, From: In("funded"), Window: w.due(w.end), To: "refunded", Money: w.refund()},
		}}
	return w
}

func (w *words) moment(f *Field) *Moment { return &Moment{Field: f} }

func (w *words) due(f *Field) Window { return Window{Opens: w.moment(f), Due: true} }

func (w *words) deposit() Step {
	return Step{Deposit: &Sum{Field: w.amount}, From: w.client, Pot: w.escrow}
}

func (w *words) refund() []Step { return []Step{all(w.escrow, w.client)} }

// all pays a pot out to somebody.
func all(p *Pot, to *Party) Step { return Step{Pay: true, Pot: p, To: []*Party{to}} }

// rule returns a rule of the table by its place.
func (w *words) rule(n int) *Rule { return &w.spec.Rules[n-1] }

// add adds a rule to the table.
func (w *words) add(r Rule) { w.spec.Rules = append(w.spec.Rules, r) }

// try is a wrong table and the words that its refusal must have; one without words
// is allowed.
type try struct {
	name   string
	change func(w *words)
	want   []string
}

func tries(t *testing.T, list []try) {
	t.Helper()
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			w := base()
			c.change(w)
			l, err := Define(w.spec)
			if len(c.want) == 0 {
				require.NoError(t, err)
				assert.NotNil(t, l)
				return
			}
			require.Error(t, err)
			for _, word := range c.want {
				assert.Contains(t, err.Error(), word)
			}
			assert.NotContains(t, err.Error(), "cannot be defined")
		})
	}
}

// life takes a contract of a lifecycle through commands.
type life struct {
	t   *testing.T
	c   Contract
	now time.Time
}

var t0 = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func (v *life) do(cmd Command, actor Actor) []string {
	v.t.Helper()
	d, err := Decide(v.c, cmd, actor, At(v.now))
	require.NoError(v.t, err)
	v.c = d.Contract
	var moves []string
	for _, m := range d.Movements() {
		moves = append(moves, m.String())
	}
	return moves
}

func (v *life) refused(cmd Command, actor Actor) *Error {
	v.t.Helper()
	_, err := Decide(v.c, cmd, actor, At(v.now))
	require.Error(v.t, err)
	return err.(*Error)
}

// live drafts a contract of the base table, between c and w.
func (w *words) live(t *testing.T, l *Lifecycle) *life {
	return &life{t, l.Draft("c1", TextOf(w.client.Account, "c"), TextOf(w.worker.Account, "w"), AmountValue(w.amount, Units(500)),
		TimeValue(w.end, t0.Add(time.Hour)), TimeValue(w.other, t0.Add(time.Hour))), t0}
}

// TestGoodTable lives a good table, so that what the tests change is good.
func TestGoodTable(t *testing.T) {
	w := base()
	w.spec.Policy, w.rule(2).Money[0].Cuts = nil, nil
	l, err := Define(w.spec)
	require.NoError(t, err)
	v := w.live(t, l)
	assert.Equal(t, []string{"5 USD client:c -> escrow (escrow_deposit)"}, v.do(w.found.Command(), Actor{ID: "c"}))
	assert.Equal(t, []string{"5 USD escrow -> worker:w (payout)"}, v.do(w.pay.Command(), Actor{ID: "c"}))
	assert.True(t, v.c.IsTerminal())
}

var chosen = &Field{Name: "choice", Kind: ChoiceKind, Choices: []string{"a", "b"}}

// choice returns a field of the terms with two choices.
func (w *words) choice() *Field { return chosen }
