package escrow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// auction is an auction whose bidder puts the bid into a pot, which an outbid
// bidder gets back.
type auction struct {
	seller, bidder, incoming *Party
	ends, highest, bid       *Field
	stake                    *Pot
	open, offer              *Act
	spec                     Spec
}

func newAuction() *auction {
	a := &auction{
		seller:  &Party{Name: "seller", Refusal: "not_seller", Account: &Field{Name: "seller", Kind: AccountKind}},
		bidder:  &Party{Name: "bidder", Refusal: "not_bidder", Account: &Field{Name: "bidder", Kind: AccountKind}},
		ends:    &Field{Name: "ends", Kind: InstantKind},
		highest: &Field{Name: "highest", Kind: AmountKind},
		bid:     &Field{Name: "bid", Kind: AmountKind, Positive: true},
	}
	a.incoming = &Party{Name: "bidder", Incoming: a.bidder}
	a.stake = &Pot{Name: "stake", Owner: a.bidder, In: "bid", Rest: "bid_return", Out: []PotReason{{a.seller, "sale"}}}
	a.open, a.offer = Do("open"), Do("offer", a.bid)
	anybody := &Party{Name: "anybody else", Refusal: "seller_bids", But: []*Party{a.seller}}
	due := Window{Opens: &Moment{Field: a.ends}, Due: true}
	before := Window{Closes: &Moment{Field: a.ends}}
	bid := Step{Deposit: &Sum{Given: a.bid}, From: a.incoming, Pot: a.stake}
	sets := []Effect{{Set: a.bidder.Account, Actor: true}, {Set: a.highest, Given: a.bid}}
	a.spec = Spec{Name: "auction", Version: 1, Asset: Asset{Code: "ETH", Scale: 2}, Terminal: In("sold", "unsold"),
		Parties: []*Party{a.seller, a.bidder}, Terms: []Word{a.ends}, State: []Word{a.bidder.Account, a.highest}, Pots: []*Pot{a.stake},
		Rules: []Rule{
			{ID: "A-1", On: a.open, By: a.seller, From: In(Draft), To: "open"},
			{ID: "A-2", On: a.offer, By: anybody, From: In("open"), Window: before, To: "bid", Sets: sets, Money: []Step{bid}},
			{ID: "A-3", On: a.offer, By: anybody, From: In("bid"), Window: before, To: Same, Sets: sets, Money: []Step{all(a.stake, a.bidder), bid}},
			{ID: "A-4", On: actAdvance, By: Anyone, From: In("open"), Window: due, To: "unsold"},
			{ID: "A-5", On: actAdvance, By: Anyone, From: In("bid"), Window: due, To: "sold", Money: []Step{all(a.stake, a.seller)}},
		}}
	return a
}

// mustRefuse defines a spec that must be refused with the words.
func mustRefuse(t *testing.T, s Spec, words ...string) {
	t.Helper()
	_, err := Define(s)
	require.Error(t, err)
	for _, word := range words {
		assert.Contains(t, err.Error(), word)
	}
	assert.NotContains(t, err.Error(), "cannot be defined")
}

// TestAuction pays an outbid bidder back, not the one who comes after.
func TestAuction(t *testing.T) {
	a := newAuction()
	l, err := Define(a.spec)
	require.NoError(t, err)
	v := &life{t, l.Draft("a1", TextOf(a.seller.Account, "s"), TimeValue(a.ends, t0.Add(time.Hour))), t0}
	v.do(a.open.Command(), Actor{ID: "s"})
	assert.Equal(t, []string{"1 ETH bidder:x -> stake (bid)"}, v.do(a.offer.Command(TextOf(a.bid, "1")), Actor{ID: "x"}))
	assert.Equal(t, []string{"1 ETH stake -> bidder:x (bid_return)", "2 ETH bidder:y -> stake (bid)"}, v.do(a.offer.Command(TextOf(a.bid, "2")), Actor{ID: "y"}))
	v.now = t0.Add(2 * time.Hour)
	assert.Equal(t, []string{"2 ETH stake -> seller:s (sale)"}, v.do(Advance(), Actor{ID: "z"}))
}

// TestOutbidStakeIsTheBidders refuses every table that gives a stake to another
// than who put it in.
func TestOutbidStakeIsTheBidders(t *testing.T) {
	a := newAuction()
	a.spec.Rules[2].Money = []Step{{TopUp: &Sum{Given: a.bid}, From: a.incoming, Pot: a.stake}}
	mustRefuse(t, a.spec, "rule A-3", "replaces bidder", "stake", "All(stake, bidder)")
	a = newAuction()
	a.spec.Rules[2].Money = nil
	mustRefuse(t, a.spec, "rule A-3", "replaces bidder", "stake")
	a = newAuction()
	a.spec.Rules[2].Money[0].To = []*Party{a.incoming}
	mustRefuse(t, a.spec, "rule A-3", "pays stake, which belongs to bidder, to who comes after")
	a = newAuction()
	a.spec.Rules[2].Money[0].Part = &Sum{Field: a.highest}
	mustRefuse(t, a.spec, "rule A-3", "replaces bidder")
	a = newAuction()
	a.spec.Rules[1].Money[0].From = a.seller
	mustRefuse(t, a.spec, "rule A-2", "pot stake belongs to bidder, and seller pays into it")
	a = newAuction()
	a.stake.Owner = a.seller
	mustRefuse(t, a.spec, "rule A-2", "pot stake belongs to seller, and bidder pays into it")
	a = newAuction()
	a.spec.Rules[1].Sets[0] = Effect{Name: "somebody", Set: a.bidder.Account, Func: func(View) Value { return Value{} }}
	mustRefuse(t, a.spec, "rule A-2", "a party's account, by a function")
}

// TestChosenOwners count as replaced when a rule changes the choice.
func TestChosenOwners(t *testing.T) {
	w := base()
	payer := &Field{Name: "payer", Kind: ChoiceKind, Choices: []string{"client", "worker"}}
	chosen := &Party{Name: "payer", Refusal: "not_payer", Chosen: payer, Options: []*Party{w.client, w.worker}}
	w.spec.State, w.escrow.Owner = []Word{payer}, chosen
	w.rule(1).Sets = []Effect{{Set: payer, Choice: "client"}}
	w.rule(1).Money[0].From = chosen
	_, err := Define(w.spec)
	require.NoError(t, err)
	w.add(Rule{ID: "4", On: w.back, By: w.client, From: In("funded"), To: Same, Sets: []Effect{{Set: payer, Choice: "worker"}}})
	mustRefuse(t, w.spec, "rule 4", "replaces payer", "escrow")
	w.spec.Rules = w.spec.Rules[:3]
	w.rule(1).Sets = nil
	mustRefuse(t, w.spec, "rule 1", "payer pays and may not be set")
}

// TestAFunctionThatPanics is a refusal, wherever the function stands.
func TestAFunctionThatPanics(t *testing.T) {
	fail := func() bool { panic("no") }
	for name, change := range map[string]func(*words){
		"case": func(w *words) { w.rule(2).When = []*Case{{Name: "x", Func: func(View) bool { return fail() }}} },
		"requirement": func(w *words) {
			w.rule(2).Needs = []*Requirement{{Name: "x", Check: func(View) *Error { fail(); return nil }}}
		},
		"sum": func(w *words) {
			w.rule(2).Money = []Step{{Pay: true, Pot: w.escrow, To: []*Party{w.worker}, Part: &Sum{Name: "x", Func: func(View) Amount { fail(); return Amount{} }}}, all(w.escrow, w.client)}
		},
		"shares": func(w *words) {
			w.rule(2).Money = []Step{{Pay: true, Pot: w.escrow, To: []*Party{w.worker, w.client}, Shares: &Shares{Name: "x", Weights: func(View) (uint64, uint64) { fail(); return 0, 0 }}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := base()
			w.spec.Policy, w.rule(2).Money[0].Cuts = nil, nil
			change(w)
			l, err := Define(w.spec)
			require.NoError(t, err)
			v := w.live(t, l)
			v.do(w.found.Command(), Actor{ID: "c"})
			e := v.refused(w.pay.Command(), Actor{ID: "c"})
			assert.Equal(t, RuleFailed, e.Reason())
			assert.Equal(t, InternalError, e.Code())
		})
	}
}

// TestACaseOfTimeThatPanics leaves those without an answer who only look.
func TestACaseOfTimeThatPanics(t *testing.T) {
	w := base()
	w.spec.Policy, w.rule(2).Money[0].Cuts = nil, nil
	w.rule(3).When = []*Case{{Name: "x", Func: func(View) bool { panic("no") }}}
	l, err := Define(w.spec)
	require.NoError(t, err)
	v := w.live(t, l)
	v.do(w.found.Command(), Actor{ID: "c"})
	assert.Equal(t, RuleFailed, v.refused(Advance(), Actor{ID: "c"}).Reason())
	_, known := NextDeadline(v.c)
	assert.False(t, known)
	_, known = MaxTime(v.c)
	assert.False(t, known)
	_, _, err = AsOf(v.c, t0.Add(2*time.Hour))
	assert.ErrorIs(t, err, RuleFailed)
}
