package escrow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tribunal is work with a stake, a dispute that takes a bond, and jurors who put
// up one each: every word that a table can have, in one.
func tribunal() Spec {
	account := func(name string) *Party {
		return &Party{Name: name, Refusal: Reason("not_" + name), Account: &Field{Name: name, Kind: AccountKind}}
	}
	client, worker, treasury := account("client"), account("worker"), &Party{Name: "treasury", Receives: true}
	price, ratio, fee := &Field{Name: "price", Kind: AmountKind, Positive: true}, &Field{Name: "stakeRatio", Kind: RatioKind, Default: `"0.1"`}, &Field{Name: "fee", Kind: RatioKind, Default: `"0.02"`}
	match, work, criteria := &Field{Name: "matchBy", Kind: InstantKind}, &Field{Name: "workBy", Kind: InstantKind}, &Field{Name: "criteria", Kind: TextsKind, Filled: true}
	drawBy, voteBy, drawWindow := &Field{Name: "drawBy", Kind: InstantKind}, &Field{Name: "voteBy", Kind: InstantKind}, &Field{Name: "drawWindow", Kind: DurationKind, Default: `"PT24H"`}
	judge := &Field{Name: "judge", Kind: ChoiceKind, Choices: []string{"client", "jury"}}
	forfeit := &Field{Name: "forfeitTo", Kind: ChoiceKind, Choices: []string{"worker", "treasury"}, Default: `"worker"`}
	kept := &Field{Name: "kept", Kind: RatioKind, Default: `"0.5"`}
	verdicts := &Field{Name: "verdicts", Kind: SheetKind, Over: criteria, Choices: []string{"met", "not_met"}, Optional: true}
	given := &Field{Name: "verdicts", Kind: SheetKind, Over: criteria, Choices: []string{"met", "not_met"}}
	jurors := &Field{Name: "jurors", Kind: TextsKind, Filled: true}
	seats := &List{Name: "seats", Key: &Field{Name: "juror", Kind: AccountKind}, Fields: []Word{verdicts}, Statuses: []string{"drawn", "voted"}}
	juror := &Party{Name: "juror", Refusal: "not_juror", Item: seats}
	receiver := &Party{Name: "receiver", Chosen: forfeit, Options: []*Party{worker, treasury}}
	newcomer := &Party{Name: "anybody else", Refusal: "is_client", But: []*Party{client}, Instead: "is_client"}
	pot := func(name string, owner *Party) *Pot {
		return &Pot{Name: name, Owner: owner, In: MovementReason(name + "_in"), Rest: MovementReason(name + "_out")}
	}
	price1, stake, bond, jurorBond := pot("escrow", client), pot("stake", worker), pot("bond", client), pot("juror-bond", juror)
	stake.Posted, bond.Posted, jurorBond.Each = "postedStake", "postedBond", seats
	part := func(of Word) *Sum { return &Sum{Of: &Sum{Field: price}, Ratio: of} }
	deposit := func(s *Sum, from *Party, p *Pot) Step { return Step{Deposit: s, From: from, Pot: p} }
	split := func(p *Pot, by Word, to ...*Party) Step {
		return Step{Pay: true, Pot: p, To: to, Shares: &Shares{Ratio: by}}
	}
	before := func(f Word) Window { return Window{Closes: &Moment{Field: f}} }
	due := func(f Word) Window { return Window{Opens: &Moment{Field: f}, Due: true} }
	jury, undrawn, drawn := &Case{Field: judge, Choice: "jury"}, &Case{Unset: voteBy}, &Case{IsSet: voteBy}
	lastVote := &Case{Name: "the last vote", Func: func(View) bool { return true }}
	upheld := &Case{Name: "fully met", Func: func(View) bool { return true }}
	accept, vote, settle, draw := Do("accept"), Do("vote", given), Do("settle"), Do("draw", jurors)
	review := In("disputed", "under-review")
	bonds := Step{Pay: true, Pot: jurorBond, Each: true, To: []*Party{juror, treasury}, Shares: &Shares{Ratio: kept}}
	bondStep := deposit(&Sum{Of: part(ratio), Times: criteria}, juror, jurorBond)
	voted := []Effect{{Set: verdicts, Given: given}}
	return Spec{Name: "tribunal", Version: 1, Asset: Asset{Code: "USDC", Scale: 6}, Parties: []*Party{client, worker, treasury, juror},
		Terms: []Word{price, match, work, judge, criteria}, State: []Word{worker.Account, drawBy, voteBy}, Lists: []*List{seats},
		Pots: []*Pot{price1, stake, bond, jurorBond}, Policy: []Word{ratio, fee, drawWindow, forfeit, kept},
		Terminal: In("settled", "returned", "cancelled", "absent"), Labels: map[Status]string{"under-review": "in review"},
		Rules: []Rule{
			{ID: "T-1", On: Do("create"), By: client, From: In(Draft), To: "created", Money: []Step{deposit(&Sum{Field: price}, client, price1)},
				Needs: []*Requirement{{Code: Conflict, Reason: "late", Case: &Case{Ahead: &Moment{Field: match}}}}},
			{ID: "T-2", On: accept, By: worker, From: In("created"), When: []*Case{{IsSet: worker.Account}}, Window: before(match), To: "matched", Money: []Step{deposit(part(ratio), worker, stake)}},
			{ID: "T-3", On: accept, By: newcomer, From: In("created"), When: []*Case{{Unset: worker.Account}}, Window: before(match), To: "matched",
				Sets: []Effect{{Set: worker.Account, Actor: true}}, Money: []Step{deposit(part(ratio), worker, stake)}},
			{ID: "T-4", On: actAdvance, By: Anyone, From: In("created"), Window: due(match), To: "cancelled", Money: []Step{all(price1, client)}},
			{ID: "T-5", On: Do("deliver"), By: worker, From: In("matched"), Window: before(work), To: "under-review", Sets: []Effect{{Set: drawBy, Now: true, Plus: drawWindow}}},
			{ID: "T-6", On: actAdvance, By: Anyone, From: In("matched"), Window: due(work), To: "absent", Money: []Step{all(price1, client), split(stake, kept, client, treasury)}},
			{ID: "T-7", On: Do("dispute"), By: client, From: In("under-review"), When: []*Case{{Not: jury}}, Window: before(drawBy), To: "disputed",
				Sets: []Effect{{Set: drawBy, Now: true, Plus: drawWindow}}, Money: []Step{deposit(part(ratio), client, bond)}},
			{ID: "T-8", On: draw, By: System, From: review, When: []*Case{undrawn}, Window: before(drawBy), To: Same,
				Sets: []Effect{{Add: seats, Keys: jurors, Status: "drawn"}, {Set: voteBy, Now: true, Plus: drawWindow}}},
			{ID: "T-9", On: vote, By: juror, Each: seats, Being: []string{"drawn"}, Becomes: "voted", From: review, When: []*Case{drawn, lastVote}, Window: before(voteBy), To: "resolved", Sets: voted, Money: []Step{bondStep}},
			{ID: "T-9", On: vote, By: juror, Each: seats, Being: []string{"drawn"}, Becomes: "voted", From: review, When: []*Case{drawn}, Window: before(voteBy), To: Same, Sets: voted, Money: []Step{bondStep}},
			{ID: "T-10", On: actAdvance, By: Anyone, From: review, When: []*Case{undrawn}, Window: due(drawBy), To: "resolved"},
			{ID: "T-10", On: actAdvance, By: Anyone, From: review, When: []*Case{drawn}, Window: due(voteBy), To: "resolved"},
			{ID: "T-11", On: settle, By: System, From: In("resolved"), When: []*Case{upheld}, To: "settled",
				Money: []Step{{Pay: true, Pot: price1, To: []*Party{worker}, Cuts: []Cut{{Ratio: fee, To: treasury}}}, all(stake, worker), all(bond, receiver), bonds}},
			{ID: "T-11", On: settle, By: System, From: In("resolved"), To: "returned", Money: []Step{all(price1, client), split(stake, kept, client, treasury), all(bond, client), bonds}},
		}}
}

// hire waits for people, or for the other party, before anything moves.
func hire() Spec {
	owner := &Party{Name: "owner", Refusal: "not_owner", Account: &Field{Name: "owner", Kind: AccountKind}}
	worker := &Party{Name: "worker", Refusal: "not_worker", Account: &Field{Name: "worker", Kind: AccountKind}}
	price := &Field{Name: "price", Kind: AmountKind, Positive: true, Amendable: true}
	key, sum := &Field{Name: "key", Kind: TextKind, Filled: true}, &Field{Name: "sum", Kind: AmountKind, Positive: true}
	parts := &List{Name: "parts", Key: key, Fields: []Word{sum}, Statuses: []string{"open", "funded", "paid"}}
	first := &Field{Name: "first", Kind: RecordKind, Fields: []Word{key, sum}}
	pot := &Pot{Name: "part", Owner: owner, Each: parts, Holds: []string{"funded"}, In: "in", Rest: "out"}
	back := &Pot{Name: "deposit", Owner: owner, In: "deposit_in", Rest: "deposit_out"}
	quorum, duties := &Field{Name: "quorum", Kind: CountKind, Default: "1", Min: "1", Max: "10"}, &Field{Name: "duties", Kind: FlagKind, Default: "false"}
	sign := func(kind string) CoSign {
		return CoSign{Type: kind, Lifetime: time.Hour, Quorum: quorum, SeparateDuties: duties}
	}
	hiring := sign("hire")
	hiring.While, hiring.Declined, hiring.Adjusts = "proposed", "not-hired", []Word{first}
	amending := CoSign{Type: "amend", Lifetime: time.Hour, From: []*Party{owner, worker}}
	both := &Party{Name: "both", Refusal: "not_both", Either: []*Party{owner, worker}}
	end := Do("end")
	return Spec{Name: "hire", Version: 1, Asset: Asset{Code: "USD", Scale: 2}, Parties: []*Party{owner, worker}, Terms: []Word{price}, Lists: []*List{parts}, Pots: []*Pot{pot, back},
		Policy: []Word{quorum, duties}, Terminal: In("ended", "not-hired"), OpenEnded: map[Status]*Party{"active": owner},
		Rules: []Rule{
			{ID: "H-1", On: Do("hire", first), By: owner, Grant: Grant{Scope: "w"}, From: In(Draft, "proposed"), To: "active", CoSign: hiring,
				Sets: []Effect{{Add: parts, Record: first, Status: "funded"}}, Money: []Step{{Deposit: &Sum{Field: sum}, From: owner, Pot: pot}, {Deposit: &Sum{Lesser: []*Sum{{Field: price}, {Field: sum}}}, From: owner, Pot: back}}},
			{ID: "H-2", On: actAdvance, By: Anyone, From: In("proposed"), Window: Window{Due: true, Opens: &Moment{Name: "expiry", Earlier: []*Moment{{Name: "approval", Awaited: true}, {Name: "day", SinceEntered: true, After: time.Hour}}}}, To: "not-hired"},
			{ID: "H-3", On: Do("amend", price), By: both, From: In("active"), To: Same, CoSign: amending, Sets: []Effect{{Amend: []Word{price}}}, Money: []Step{{Difference: price, From: owner, Pot: back}}},
			{ID: "H-4", On: end, By: owner, From: In("active"), When: []*Case{{None: parts, Statuses: []string{"funded"}}}, To: "ended", Money: []Step{all(back, owner)}},
			{ID: "H-5", On: end, By: owner, From: In("active"), When: []*Case{{Some: parts, Statuses: []string{"funded"}}}, To: "ended", CoSign: sign("end"),
				Sets: []Effect{{Name: "closed", Every: parts, Becomes: func(View) string { return "paid" }}}, Money: []Step{{Pay: true, Pot: pot, Each: true, To: []*Party{worker}}, all(back, owner)}},
		}}
}

// TestWideTables are accepted: tables that use most of what can be declared.
func TestWideTables(t *testing.T) {
	for _, s := range []Spec{tribunal(), hire()} {
		_, err := Define(s)
		require.NoError(t, err)
	}
	l, err := Define(tribunal())
	require.NoError(t, err)
	assert.Equal(t, "escrow, stake", l.potNames(l.sure[l.indexOf("resolved")]))
	assert.Equal(t, "escrow, stake, bond", l.potNames(l.may[l.indexOf("resolved")]))
	drawBy := l.state.find(l.spec.State[1].Declaration())
	assert.Contains(t, l.required[l.indexOf("disputed")], drawBy)
}
