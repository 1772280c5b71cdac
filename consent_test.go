package escrow_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// A loan of a thing, to try agreement with: between its two parties, with a third,
// among the people of one account, about one part of it.
var (
	lender   = Party("lender", "not_lender")
	borrower = Party("borrower", "not_borrower", escrow.KindAgent, escrow.KindHuman)
	guard    = Party("guard", "not_guard")
	either   = Either(lender, borrower)

	rent  = Amount("rent", "what it costs").Positive().Amendable()
	until = Instant("until", "when it comes back").Amendable()
	memo  = Text("memo", "what was noted").Optional()

	piece     = ID("id", "the piece's id")
	worth     = Amount("worth", "what it is worth").Positive()
	pieces    = listOfPieces()
	rentPot   = Pot("rent-pot", borrower, "rent_deposit", To(borrower, "rent_refund"), To(lender, "rent_payout"))
	consent   = Window("consentWindow", "how long a proposal lives").Default(`"PT24H"`)
	people    = Count("quorum", "people of an account who must agree").Between("1", "10").Default(`1`)
	duties    = Flag("separateDuties", "whoever asked is not enough").Default(`false`)
	share     = Ratio("share", "the lender's part")
	thePiece  = Target("pieceId", "the piece", pieces)
	claimed   = Amount("claimed", "what is asked for").Positive()
	noted     = Text("noted", "what is to be noted").Filled()
	bring     = &escrow.Moment{Name: "until", Field: until}
	tooCursed = WhenGiven("not cursed", func(v View) bool {
		if memo.In(v) == "cursed" {
			panic("cursed")
		}
		return true
	})

	lend   = Do("lend")
	amend  = Do("amend", rent, until)
	split  = Do("split", share)
	note   = Do("note", noted)
	whole  = Do("claim", thePiece, claimed)
	settle = Do("settle", noted)
)

func listOfPieces() *escrow.List {
	l := List("pieces", "what is lent", piece, worth)
	l.Statuses, l.Initial, l.Least, l.Most = []string{"LENT", "CLAIMED"}, "LENT", 1, 3
	return l
}

// both asks the other of the two parties, as long as the policy says.
func both(kind string) CoSign {
	return CoSign{Type: kind, From: Parties{lender, borrower}, TTL: consent, Quorum: people, SeparateDuties: duties}
}

var loan = Must(Spec{
	Name: "loan", Version: 1, Asset: escrow.Asset{Code: "EUR", Scale: 2}, About: "A loan, for tests.",
	Parties: Parties{lender, borrower, guard}, Terms: Fields{rent, until}, State: Fields{memo}, Lists: Lists{pieces}, Pots: Pots{rentPot},
	Policy: Fields{consent, people, duties}, Terminal: In("over"),
	Rules: []Rule{
		{ID: "L-1", On: lend, By: borrower, From: In(Draft), To: "lent", Money: Money{Deposit(The(rent), borrower, rentPot)}},
		{ID: "L-2", On: amend, By: either, From: In("lent"), Window: Before(bring), To: Same, CoSign: both("amendment"), Sets: Effects{Amended(rent, until)},
			Money: Money{Difference(rent, borrower, rentPot)}},
		{ID: "L-3", On: split, By: either, From: In("lent"), Window: Before(bring), To: "over", CoSign: both("split"), Money: Money{Split(rentPot, ByGiven(share), lender, borrower)}},
		{ID: "L-4", On: note, By: either, From: In("lent"), Window: Before(bring), To: Same, Needs: Needs{Demand(escrow.Conflict, "cursed", tooCursed)},
			CoSign: CoSign{Type: "note", From: Parties{lender, borrower, guard}, TTL: consent, Quorum: people, SeparateDuties: duties}, Sets: Effects{Put(memo, noted)}},
		{ID: "L-5", On: whole, By: lender, From: In("lent"), Each: pieces, Being: []string{"LENT"}, Becomes: "CLAIMED", To: Same,
			CoSign: CoSign{Type: "claim", From: Parties{borrower}, TTL: consent}, Money: Money{Charge(Given(claimed), borrower, lender, "claim")}},
		{ID: "L-6", On: settle, By: lender, From: In("lent"), To: Same, CoSign: CoSign{Type: "settling", TTL: consent, Adjusts: Fields{noted}}, Sets: Effects{Put(memo, noted)}},
		{ID: "L-7", On: Advance, By: Anyone, From: In("lent"), Window: Due(bring), To: "over", Money: Money{All(rentPot, lender)}},
	},
	Reasons: []escrow.CatalogueEntry{{Reason: "cursed", Code: escrow.Conflict, Meaning: "it is cursed", Remedy: "have it blessed"}},
})

var (
	byLender   = escrow.Agent("lena")
	byBorrower = escrow.Agent("bo")
	byGuard    = escrow.Agent("gus")
	dawn       = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
)

// bench is a loan and the time at it.
type bench struct {
	testing.TB
	c   escrow.Contract
	now time.Time
}

func (b *bench) Now() time.Time { return b.now }

// lent is a loan of two pieces for 100 EUR until the tenth day.
func lent(t testing.TB, policy ...escrow.Value) *bench {
	b := &bench{t, lentDraft(policy...), dawn}
	b.do(lend.Command(), byBorrower)
	return b
}

// lentDraft is the loan before it is made.
func lentDraft(policy ...escrow.Value) escrow.Contract {
	return loan.Draft("l1", append([]Value{escrow.TextOf(lender.Account, "lena"), escrow.TextOf(borrower.Account, "bo"), escrow.TextOf(guard.Account, "gus"),
		rent.Decimal(decimal.NewFromInt(100)), until.To(dawn.AddDate(0, 0, 10))}, policy...)...).
		WithItems(pieces, []Value{piece.To("p1"), worth.Decimal(decimal.NewFromInt(5))}, []Value{piece.To("p2"), worth.Decimal(decimal.NewFromInt(6))})
}

func (b *bench) do(cmd escrow.Command, who escrow.Actor) escrow.Decision {
	b.Helper()
	d, err := escrow.Decide(b.c, cmd, who, b)
	require.NoError(b, err)
	b.c = d.Contract
	text, err := json.Marshal(b.c)
	require.NoError(b, err)
	again, err := escrow.ReadStored(text, b.c.Lifecycle())
	require.NoError(b, err, string(text))
	twice, err := json.Marshal(again)
	require.NoError(b, err)
	require.Equal(b, string(text), string(twice))
	return d
}

func (b *bench) refused(want escrow.Reason, cmd escrow.Command, who escrow.Actor) *escrow.Error {
	b.Helper()
	d, err := escrow.Decide(b.c, cmd, who, b)
	require.ErrorIs(b, err, want)
	require.Zero(b, d)
	var e *escrow.Error
	require.True(b, errors.As(err, &e))
	return e
}

// last is the latest approval.
func (b *bench) last() escrow.Approval {
	list := b.c.Approvals()
	require.NotEmpty(b, list)
	return list[len(list)-1]
}

func (b *bench) statuses() (list []escrow.ApprovalStatus) {
	for _, a := range b.c.Approvals() {
		list = append(list, a.Status)
	}
	return list
}

func (b *bench) confirm() escrow.Command { return escrow.Confirm(b.last().ID, "") }

func (b *bench) held() string {
	for _, h := range b.c.Custody() {
		return h.Asset.Text(h.Amount)
	}
	return "0"
}

func amendTo(euro int64, days int) escrow.Command {
	return amend.Command(rent.Decimal(decimal.NewFromInt(euro)), until.To(dawn.AddDate(0, 0, days)))
}

func splitAt(text string) escrow.Command {
	r, _ := escrow.ParseRatio(text)
	return split.Command(share.To(r))
}

const (
	pending    = escrow.ApprovalIsPending
	confirmed  = escrow.ApprovalIsConfirmed
	declined   = escrow.ApprovalIsDeclined
	expired    = escrow.ApprovalIsExpired
	superseded = escrow.ApprovalIsSuperseded
)

type standings = []escrow.ApprovalStatus

// TestConsent: one party asks, the other agrees, and the terms change, with the
// difference in price in the same decision.
func TestConsent(t *testing.T) {
	b := lent(t)
	d := b.do(amendTo(130, 12), byLender)
	assert.Equal(t, "L-2", d.Rule)
	assert.Zero(t, d.NumMovements())
	a := b.last()
	assert.Equal(t, []string{"bo"}, a.Confirmers)
	assert.Equal(t, "lena", a.Account)
	assert.Equal(t, "lena", a.RequestedBy)
	assert.Equal(t, escrow.KindAgent, a.RequestedByKind)
	assert.Equal(t, "30 EUR borrower:bo -> rent-pot (rent_deposit)", a.Movements[0].String())
	assert.Equal(t, "100", b.held())
	d = b.do(escrow.Confirm(a.ID, a.Hash), byBorrower)
	assert.Equal(t, "AP-1", d.Rule)
	assert.Equal(t, "L-2", d.Executes)
	assert.Equal(t, "bo", d.Actor.ID)
	assert.Equal(t, "130", b.held())
	assert.True(t, until.In(b.c.View()).Equal(dawn.AddDate(0, 0, 12)))
	done := b.last()
	assert.Equal(t, confirmed, done.Status)
	assert.Equal(t, []string{"bo"}, done.ConfirmedBy)
	assert.Equal(t, []string{"bo"}, done.ConfirmedFor)
	assert.Contains(t, string(done.Result), `{"movements":["l1/3/0/`)
	b.do(amendTo(90, 12), byBorrower)
	d = b.do(b.confirm(), byLender)
	assert.Equal(t, "40 EUR rent-pot -> borrower:bo (rent_refund)", d.Movement(0).String())
	assert.Equal(t, "90", b.held())
}

// TestNobodyActsDirectly: not even a human of the account that asks, whatever the
// quorum; and nobody agrees to their own request.
func TestNobodyActsDirectly(t *testing.T) {
	for _, who := range []escrow.Actor{byLender, escrow.Human("lea", "lena"), byBorrower, escrow.Human("ben", "bo")} {
		b := lent(t)
		d := b.do(splitAt("0.5"), who)
		_, waits := d.Approval()
		assert.True(t, waits)
		assert.Equal(t, escrow.Status("lent"), d.To)
		e := b.refused(escrow.NotConfirmer, b.confirm(), who)
		assert.Equal(t, escrow.Forbidden, e.Code())
		assert.Equal(t, "AP-1", e.Rule())
		b.refused(escrow.NotConfirmedByYou, escrow.RevokeConfirmation(b.last().ID), who)
	}
}

// TestWhoAgrees: whoever may act for a party that must agree, whatever kind of actor;
// for everybody else there is no such approval.
func TestWhoAgrees(t *testing.T) {
	token := escrow.Actor{ID: "tok", Kind: escrow.KindToken, Account: "bo", Claimed: true}
	b := lent(t)
	b.do(splitAt("0.5"), byLender)
	for _, who := range []escrow.Actor{byGuard, escrow.Agent("eve"), escrow.SystemActor(), token, escrow.Human("eve", "other")} {
		for _, cmd := range []escrow.Command{b.confirm(), escrow.DeclineApproval(b.last().ID, ""), escrow.RevokeConfirmation(b.last().ID)} {
			assert.Equal(t, escrow.NotFound, b.refused(escrow.ApprovalNotFound, cmd, who).Code(), who.ID)
		}
	}
	token.Account = "lena"
	b.refused(escrow.NotConfirmer, b.confirm(), token)
	b.do(b.confirm(), escrow.Human("ben", "bo"))
	assert.Equal(t, escrow.Status("over"), b.c.Status())

	b = lent(t)
	b.do(splitAt("0.25"), byBorrower)
	d := b.do(b.confirm(), token)
	assert.Equal(t, "25 EUR rent-pot -> lender:lena (rent_payout)", d.Movement(0).String())
	assert.Equal(t, "75 EUR rent-pot -> borrower:bo (rent_refund)", d.Movement(1).String())
	b.refused(escrow.ApprovalConfirmed, b.confirm(), byLender)
}

// TestACounterProposalSupersedes whoever asked: one is pending for a type and target.
func TestACounterProposalSupersedes(t *testing.T) {
	b := lent(t)
	b.do(splitAt("0.5"), byLender)
	first := b.last()
	b.do(splitAt("0.4"), byBorrower)
	assert.Equal(t, standings{superseded, pending}, b.statuses())
	assert.Equal(t, []string{"lena"}, b.last().Confirmers)
	b.refused(escrow.ApprovalSuperseded, escrow.Confirm(first.ID, ""), byBorrower)
	b.do(splitAt("0.4"), byLender)
	assert.Equal(t, standings{superseded, superseded, pending}, b.statuses(), "the same by the other is another request")
	assert.Empty(t, b.c.Approvals()[1].SupersededBy, "links are of a person's own terms")
	b.do(amendTo(120, 12), byBorrower)
	assert.Equal(t, standings{superseded, superseded, pending, pending}, b.statuses(), "another type waits beside it")
}

// TestTheSameRequestAgain returns the same approval, with no change to the snapshot.
func TestTheSameRequestAgain(t *testing.T) {
	b := lent(t)
	b.do(amendTo(120, 12), byLender)
	before, first := b.c, b.last()
	b.now = b.now.Add(time.Hour)
	d := b.do(amend.Command(rent.Decimal(decimal.RequireFromString("120.00")), until.To(dawn.AddDate(0, 0, 12))), escrow.Human("lea", "lena"))
	a, _ := d.Approval()
	assert.Equal(t, first.ID, a.ID)
	assert.True(t, before == b.c)
}

// TestAskerTakesBack its own request: like a decline.
func TestAskerTakesBack(t *testing.T) {
	for _, who := range []escrow.Actor{byLender, byBorrower, escrow.Human("lea", "lena")} {
		b := lent(t)
		b.do(splitAt("0.5"), byLender)
		d := b.do(escrow.DeclineApproval(b.last().ID, b.last().Hash), who)
		assert.Equal(t, "AP-2", d.Rule)
		assert.Equal(t, declined, b.last().Status)
		assert.Equal(t, escrow.Status("lent"), d.To)
		b.refused(escrow.ApprovalDeclined, b.confirm(), byBorrower)
		b.do(splitAt("0.5"), byLender)
		assert.Equal(t, pending, b.last().Status)
	}
}

// TestEveryConfirmerMustAgree, where there are several.
func TestEveryConfirmerMustAgree(t *testing.T) {
	b := lent(t)
	b.do(note.Command(noted.To("scratched")), byBorrower)
	assert.Equal(t, []string{"lena", "gus"}, b.last().Confirmers)
	d := b.do(b.confirm(), byGuard)
	assert.Empty(t, d.Executes)
	assert.Equal(t, pending, b.last().Status)
	before := b.c
	b.do(b.confirm(), byGuard)
	assert.True(t, before == b.c, "confirming twice changes nothing")
	b.refused(escrow.NotConfirmedByYou, escrow.RevokeConfirmation(b.last().ID), byLender)
	b.do(escrow.RevokeConfirmation(b.last().ID), byGuard)
	b.do(b.confirm(), byLender)
	assert.Empty(t, memo.In(b.c.View()))
	d = b.do(b.confirm(), byGuard)
	assert.Equal(t, "L-4", d.Executes)
	assert.Equal(t, "scratched", memo.In(b.c.View()))
	assert.Equal(t, []string{"lena", "gus"}, b.last().ConfirmedBy)
	b.do(note.Command(noted.To("more")), byLender)
	b.do(b.confirm(), byBorrower)
	b.do(escrow.DeclineApproval(b.last().ID, ""), byGuard)
	assert.Equal(t, declined, b.last().Status, "one that does not agree is enough")
}

// TestQuorumInsideOneAccount: as many people of each account that must agree, of
// whom none is of the account that asked.
func TestQuorumInsideOneAccount(t *testing.T) {
	b := lent(t, people.To(2))
	b.do(note.Command(noted.To("scratched")), byBorrower)
	for _, who := range []escrow.Actor{escrow.Human("lea", "lena"), escrow.Human("gil", "gus"), escrow.Human("gina", "gus")} {
		assert.Empty(t, b.do(b.confirm(), who).Executes)
	}
	same := escrow.Human("phone", "lena")
	same.User = "lea"
	before := b.c
	b.do(b.confirm(), same)
	assert.True(t, before == b.c, "people are counted by user")
	d := b.do(b.confirm(), escrow.Human("lou", "lena"))
	assert.Equal(t, "L-4", d.Executes)
	assert.Equal(t, []string{"lea", "gil", "gina", "lou"}, b.last().ConfirmedBy)
	assert.Equal(t, []string{"lena", "gus", "gus", "lena"}, b.last().ConfirmedFor)
}

// TestOnePersonOfTwoAccounts counts once in each.
func TestOnePersonOfTwoAccounts(t *testing.T) {
	b := lent(t)
	b.do(note.Command(noted.To("scratched")), byBorrower)
	b.do(b.confirm(), escrow.Human("pat", "lena"))
	b.do(escrow.RevokeConfirmation(b.last().ID), escrow.Human("pat", "lena"))
	b.do(b.confirm(), escrow.Human("pat", "lena"))
	b.do(b.confirm(), escrow.Human("pat", "gus"))
	assert.Equal(t, "scratched", memo.In(b.c.View()))
}

// TestSeparateDutiesUnderConsent count inside one account, so the author, who is of
// another, never stands in the way; and a token says who asks.
func TestSeparateDutiesUnderConsent(t *testing.T) {
	b := lent(t, duties.To(true))
	token := escrow.Actor{ID: "tok", Kind: escrow.KindToken, Account: "lena", Claimed: true}
	assert.Equal(t, escrow.Forbidden, b.refused(escrow.UserMissing, splitAt("0.5"), token).Code())
	token.User = "pat"
	b.do(splitAt("0.5"), token)
	b.do(b.confirm(), escrow.Human("pat", "bo"))
	assert.Equal(t, escrow.Status("over"), b.c.Status())
}

// TestAnAmendmentSupersedesAllOthers: they were about other terms.
func TestAnAmendmentSupersedesAllOthers(t *testing.T) {
	b := lent(t)
	b.do(splitAt("0.5"), byLender)
	b.do(note.Command(noted.To("x")), byBorrower)
	b.do(whole.Command(thePiece.To("p1"), claimed.Decimal(decimal.NewFromInt(3))), byLender)
	b.do(amendTo(120, 12), byBorrower)
	b.do(b.confirm(), byLender)
	assert.Equal(t, standings{superseded, superseded, superseded, confirmed}, b.statuses())
}

// TestOtherMoneyIsStale at every confirmation, and the next request supersedes it.
func TestOtherMoneyIsStale(t *testing.T) {
	b := lent(t)
	b.do(whole.Command(thePiece.To("p1"), claimed.Decimal(decimal.NewFromInt(3))), byLender)
	b.do(whole.Command(thePiece.To("p2"), claimed.Decimal(decimal.NewFromInt(4))), byLender)
	first, second := b.c.Approvals()[0], b.c.Approvals()[1]
	assert.Equal(t, "p1", first.Target)
	assert.Equal(t, standings{pending, pending}, b.statuses(), "each target has its own")
	b.do(escrow.Confirm(second.ID, ""), byBorrower)
	assert.Equal(t, standings{pending, confirmed}, b.statuses())
	d := b.do(escrow.Confirm(first.ID, ""), byBorrower)
	assert.Equal(t, "3 EUR borrower:bo -> lender:lena (claim)", d.Movement(0).String())
	b.refused(escrow.WrongStatus, whole.Command(thePiece.To("p1"), claimed.Decimal(decimal.NewFromInt(3))), byLender)
}

// TestWhatIsShownIsSigned: another hash is stale, for a decline too, and nothing
// happens.
func TestWhatIsShownIsSigned(t *testing.T) {
	b := lent(t)
	b.do(splitAt("0.5"), byLender)
	first := b.last()
	b.do(splitAt("0.6"), byLender)
	for _, cmd := range []escrow.Command{escrow.Confirm(b.last().ID, first.Hash), escrow.DeclineApproval(b.last().ID, first.Hash)} {
		assert.Equal(t, b.last().Hash, b.refused(escrow.ApprovalStale, cmd, byBorrower).Details()["hash"])
	}
	b.do(escrow.Confirm(b.last().ID, b.last().Hash), byBorrower)
}

// TestConsentExpires at the earlier of its own time and the end of the action's
// window; a deadline that is due then decides first, and blocks every answer.
func TestConsentExpires(t *testing.T) {
	b := lent(t)
	b.do(splitAt("0.5"), byLender)
	assert.True(t, b.last().ExpiresAt.Equal(dawn.AddDate(0, 0, 1)))
	b.now = dawn.AddDate(0, 0, 9).Add(time.Hour)
	d := b.do(splitAt("0.5"), byLender)
	end := dawn.AddDate(0, 0, 10)
	assert.True(t, b.last().ExpiresAt.Equal(end))
	assert.Equal(t, standings{expired, pending}, b.statuses(), "every decision first folds in what has expired")
	assert.True(t, d.At().Equal(b.now))
	b.now = end
	for _, cmd := range []escrow.Command{b.confirm(), escrow.DeclineApproval(b.last().ID, ""), escrow.RevokeConfirmation(b.last().ID), splitAt("0.5")} {
		assert.Equal(t, "until", b.refused(escrow.DeadlineDue, cmd, byBorrower).Details()["deadline"])
	}
	b.refused(escrow.ApprovalNotFound, b.confirm(), byGuard)
	late := *b
	late.now = end.AddDate(1, 0, 0)
	d = late.do(escrow.Advance(), byGuard)
	assert.Equal(t, "L-7", d.Rule)
	assert.True(t, d.At().Equal(end))
	b.do(escrow.Advance(), byGuard)
	assert.Equal(t, standings{expired, expired}, b.statuses())
	assert.Equal(t, b.c.Approvals(), late.c.Approvals(), "late = on time")
	b.refused(escrow.ApprovalExpired, b.confirm(), byBorrower)
}

// TestExpiriesAreRecordedOneInstantAtATime, before a deadline that comes later.
func TestExpiriesAreRecordedOneInstantAtATime(t *testing.T) {
	b := lent(t)
	b.do(splitAt("0.5"), byLender)
	b.now = b.now.Add(time.Hour)
	b.do(note.Command(noted.To("x")), byLender)
	b.now = dawn.AddDate(1, 0, 0)
	_, made, err := escrow.AsOf(b.c, b.now)
	require.NoError(t, err)
	var rules []string
	for i := range made {
		rules = append(rules, made[i].Rule)
	}
	// A due deadline of the status comes first, whatever expired before it: both are
	// folded into its decision, each with its own instant.
	assert.Equal(t, []string{"L-7"}, rules)
	b.now = dawn.AddDate(0, 0, 2)
	c, made, err := escrow.AsOf(b.c, b.now)
	require.NoError(t, err)
	require.Len(t, made, 2)
	assert.True(t, made[0].At().Equal(dawn.AddDate(0, 0, 1)))
	assert.True(t, made[1].At().Equal(dawn.AddDate(0, 0, 1).Add(time.Hour)))
	assert.Equal(t, expired, c.Approvals()[1].Status)
}

// TestOwnTermsOfARequiredField: a confirmation by people of the account that asked
// may leave out what it does not change.
func TestOwnTermsOfARequiredField(t *testing.T) {
	b := lent(t)
	ask := settle.Command(noted.To("paid"))
	b.do(ask, byLender)
	e := b.refused(escrow.NotHuman, b.confirm(), byLender)
	assert.Equal(t, "AP-1", e.Rule())
	b.refused(escrow.Malformed, escrow.Confirm(b.last().ID, "", noted.To(" ")), escrow.Human("lea", "lena"))
	d := b.do(escrow.Confirm(b.last().ID, "", noted.To("paid twice")), escrow.Human("lea", "lena"))
	assert.Equal(t, "L-6", d.Executes)
	assert.Equal(t, "paid twice", memo.In(b.c.View()))
	assert.Equal(t, "lea", b.last().TermsBy)
	b.do(ask, byLender)
	b.do(b.confirm(), escrow.Human("lea", "lena"))
	assert.Equal(t, "paid", memo.In(b.c.View()))
	b.do(splitAt("0.5"), byLender)
	b.refused(escrow.Malformed, escrow.Confirm(b.last().ID, "", noted.To("x")), byBorrower)
}

// TestAFunctionThatPanics while an approval is answered refuses, and nothing happens.
func TestAFunctionThatPanics(t *testing.T) {
	b := lent(t)
	b.do(note.Command(noted.To("cursed")), byLender)
	b.do(b.confirm(), byBorrower)
	b.do(b.confirm(), byGuard)
	e := b.refused(escrow.RuleFailed, note.Command(noted.To("x")), byLender)
	assert.Equal(t, escrow.InternalError, e.Code())
	assert.Equal(t, "L-4", e.Rule())

	b = lent(t)
	b.do(note.Command(noted.To("first")), byLender)
	b.do(settle.Command(noted.To("cursed")), escrow.Human("lea", "lena"))
	assert.Equal(t, escrow.InternalError, b.refused(escrow.RuleFailed, escrow.Confirm(b.c.Approvals()[0].ID, ""), byBorrower).Code())
}

// TestAConsentCannotBeAdjusted: whoever must agree for another party asks for other
// terms by a request of their own.
func TestAConsentCannotBeAdjusted(t *testing.T) {
	spec := loan.Spec()
	spec.Rules[2].CoSign.Adjusts = Fields{share}
	_, err := escrow.Define(spec)
	assert.ErrorContains(t, err, "rule L-3: co-sign split: whoever must agree for another party answers other terms with a request of their own")
}

// TestForgottenConsents: their ids are told from those that never were.
func TestForgottenConsents(t *testing.T) {
	b := lent(t)
	b.do(splitAt("0.5"), byLender)
	first := b.last().ID
	for i := range 101 {
		d, err := escrow.Decide(b.c, amendTo(int64(100+i), 12), byLender, b)
		require.NoError(t, err)
		b.c = d.Contract
	}
	assert.Len(t, b.c.Approvals(), 102, "pending ones and a hundred others")
	d, err := escrow.Decide(b.c, escrow.DeclineApproval(first, ""), byLender, b)
	require.NoError(t, err)
	a, _ := d.Approval()
	assert.Equal(t, declined, a.Status, "the decision shows it, though the snapshot may not keep it")
	_, kept := d.Contract.Approval(first)
	assert.False(t, kept)
	b.c = d.Contract
	for _, who := range []escrow.Actor{byLender, byBorrower, byGuard} {
		assert.Equal(t, escrow.Conflict, b.refused(escrow.ApprovalResolved, escrow.Confirm(first, ""), who).Code())
	}
	b.refused(escrow.ApprovalNotFound, escrow.Confirm(first, ""), escrow.Agent("eve"))
	b.refused(escrow.ApprovalNotFound, escrow.Confirm("l1-ap-9999", ""), byLender)
	b.refused(escrow.ApprovalNotFound, escrow.Confirm("l1-ap-07", ""), byLender)
}
