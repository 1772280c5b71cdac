package escrow_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bounty is the own data of a small lifecycle from outside: a judge awards a
// prize to whom he names, or the client gets it back.
type bounty struct {
	Judge  string    `json:"judge"`
	Prize  string    `json:"prize"`
	Expiry time.Time `json:"expiry"`
	Raised int       `json:"raised"`
}

// The commands of a bounty.
type (
	post  struct{}
	raise struct {
		By int `json:"by"`
	}
	award struct {
		Winner string `json:"winner"`
	}
	takeBack struct{}
	praise   struct{ Stars int }
	appraise struct {
		Value string `json:"value"`
	}
)

func (post) Action() escrow.Action     { return "post" }
func (raise) Action() escrow.Action    { return "raise" }
func (award) Action() escrow.Action    { return "award" }
func (takeBack) Action() escrow.Action { return "take_back" }
func (praise) Action() escrow.Action   { return "praise" }
func (appraise) Action() escrow.Action { return "appraise" }

// The words of a bounty.
var (
	judge    = escrow.PartyIn("judge", "not_judge", func(b bounty) string { return b.Judge })
	expiry   = escrow.MomentIn("expiry", func(b bounty) time.Time { return b.Expiry })
	prize    = escrow.AmountIn("prize", func(b bounty, a escrow.Asset) escrow.Amount { n, _ := a.Parse(b.Prize); return n })
	isRaised = escrow.CaseIn("raised", func(b bounty) bool { return b.Raised > 0 })
	raisable = escrow.Require(escrow.InvalidRequest, "raise_invalid", "raise by 1 to 9", func(_ bounty, r raise, _ escrow.Scene) bool { return r.By >= 1 && r.By <= 9 })
	hasJudge = escrow.RequireData(escrow.InvalidRequest, escrow.InvalidTerms, "a judge", func(b bounty, _ escrow.Scene) bool { return b.Judge != "" })
	notTwice = escrow.RequireData(escrow.Conflict, "raised_enough", "raised once at most", func(b bounty, _ escrow.Scene) bool { return b.Raised == 0 })
	addRaise = escrow.Record("raised", func(b bounty, r raise, _ escrow.Scene) bounty { b.Raised += r.By; return b })
	winner   = escrow.NameWorker("winner is the worker", func(a award) string { return a.Winner })
	hasName  = escrow.RequireAccount("winner", func(a award) string { return a.Winner })
	hasValue = escrow.RequireAmount("value", func(a appraise) string { return a.Value })
)

// bountySpec is the table of a bounty, with a refund that a human co-signs.
func bountySpec() escrow.Spec {
	refund := escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}
	return escrow.Spec{
		Name: "bounty", About: "A prize that a judge awards.", Asset: escrow.Asset{Code: "EUR", Scale: 2}, Data: bounty{},
		Policy:   []escrow.PolicyField{escrow.ProtocolFee, escrow.ApprovalTTL, escrow.Quorum, escrow.PayoutReviewField},
		Terminal: escrow.In("awarded", "returned"),
		Rules: []escrow.Rule{
			{ID: "BO-1", On: post{}, By: escrow.Client, From: escrow.In(escrow.Draft), Needs: escrow.Needs{hasJudge}, To: "posted",
				Money: escrow.Money{escrow.Deposit(prize, escrow.Client, escrow.Escrow)}},
			{ID: "BO-2", On: raise{}, By: escrow.Either(escrow.Client, judge), From: escrow.In("posted"), Needs: escrow.Needs{raisable, notTwice}, To: escrow.Same,
				Sets: escrow.Effects{addRaise}},
			{ID: "BO-3", On: award{}, By: judge, From: escrow.In("posted"), When: escrow.Cases{isRaised}, Window: escrow.Before(expiry), Needs: escrow.Needs{hasName},
				To: "awarded", Sets: escrow.Effects{winner}, Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Worker)}},
			{ID: "BO-4", On: award{}, By: judge, From: escrow.In("posted"), Window: escrow.Before(expiry), Needs: escrow.Needs{hasName}, To: "awarded",
				Sets: escrow.Effects{winner}, Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Worker).Less(escrow.ProtocolFee, escrow.Treasury)}},
			{ID: "BO-5", On: takeBack{}, By: escrow.Client, Grant: escrow.Grant{Scope: "bounties:read", Feature: "bounties"}, From: escrow.In("posted"),
				Window: escrow.Before(expiry), To: "returned", CoSign: escrow.CoSign{Type: "bounty_back"}, Money: refund},
			{ID: "BO-6", On: escrow.Advance{}, By: escrow.Anyone, From: escrow.In("posted"), Window: escrow.Due(expiry), To: "returned", Money: refund},
			{ID: "BO-7", On: praise{}, By: escrow.Anyone, From: escrow.In("posted"), To: escrow.Same},
			{ID: "BO-8", On: appraise{}, By: judge, From: escrow.In("posted"), When: escrow.Cases{isRaised}, Needs: escrow.Needs{hasValue}, To: escrow.Same},
			{ID: "BO-9", On: appraise{}, By: escrow.Client, From: escrow.In("posted"), Needs: escrow.Needs{hasValue}, To: escrow.Same},
		},
	}
}

// bountyDesk is a posted bounty of 90 EUR that expires on the 10th.
func bountyDesk(t testing.TB) *desk {
	t.Helper()
	k := bountyDraft(t, bounty{Judge: "0xJudge", Prize: "90", Expiry: june(10, 0)})
	d := k.do(post{}, byClient)
	assert.Equal(t, []string{"90 client:0xClient -> escrow (escrow_deposit)"}, moves(d))
	return k
}

// bountyDraft is a bounty of any data that nobody has posted.
func bountyDraft(t testing.TB, data any) *desk {
	t.Helper()
	l, err := escrow.Define(bountySpec())
	require.NoError(t, err)
	return newDesk(t, l, escrow.Terms{ID: "b1", Client: "0xClient", Data: data})
}

var byJudge = escrow.Agent("0xJudge")

// TestForeignLifecycle lives a lifecycle from outside, with all it was given.
func TestForeignLifecycle(t *testing.T) {
	k := bountyDesk(t)
	k.refused("not_judge", award{"0xW"}, byClient)
	k.refused(escrow.Malformed, award{""}, byJudge)
	e := k.refused("raise_invalid", raise{10}, byStranger)
	assert.Equal(t, escrow.InvalidRequest, e.Code())
	assert.Contains(t, e.Remedy(), "raise by 1 to 9")
	k.refused(escrow.NotClient, raise{1}, byStranger)
	plain, err := k.ask(award{"0xW"}, byJudge)
	require.NoError(t, err)
	assert.Equal(t, "BO-4", plain.Rule)
	assert.Equal(t, []string{"85.5 escrow -> worker:0xW (payout)", "4.5 escrow -> treasury (protocol_fee)"}, moves(plain))
	assert.Equal(t, "0xW", plain.Contract.Worker())
	for _, who := range []escrow.Actor{byJudge, byClient} {
		_, err := k.ask(raise{3}, who)
		assert.NoError(t, err)
	}
	k.do(raise{3}, byJudge)
	assert.Equal(t, 3, k.c.Data().(bounty).Raised)
	e = k.refused("raised_enough", raise{3}, byJudge)
	assert.Equal(t, escrow.Conflict, e.Code())
	d := k.do(award{"0xW"}, byJudge)
	assert.Equal(t, "BO-3", d.Rule, "the first row whose case holds")
	assert.Equal(t, []string{"90 escrow -> worker:0xW (payout)"}, moves(d))
	k.refused(escrow.WrongStatus, raise{1}, byJudge)
}

// TestForeignAmounts: an amount that a command gives is judged as any other.
func TestForeignAmounts(t *testing.T) {
	k := bountyDesk(t)
	for value, want := range map[string]escrow.Reason{"": escrow.Malformed, "x": escrow.Malformed, "-1": escrow.Malformed, "0.001": escrow.AmountScale,
		"1" + strings.Repeat("0", 35): escrow.AmountBounds, "1" + strings.Repeat("0", 40): escrow.AmountBounds} {
		e := k.refused(want, appraise{value}, byStranger)
		assert.Equal(t, "value", e.Details()["field"], value)
	}
	k.do(appraise{"10.50"}, byClient)
	for _, who := range []escrow.Actor{byStranger, byClient, byWorker} {
		_, err := k.ask(praise{}, who)
		assert.NoError(t, err, "anyone may praise")
	}
}

// TestForeignRowsOfOneAction: whoever could ask by another row of the action is
// told that the status is wrong, not that he is.
func TestForeignRowsOfOneAction(t *testing.T) {
	k := bountyDesk(t)
	k.refused(escrow.NotClient, appraise{"1"}, byJudge)
	k.do(raise{1}, byJudge)
	k.refused("not_judge", appraise{"1"}, byClient)
	k.do(award{"0xW"}, byJudge)
	k.refused(escrow.WrongStatus, appraise{"1"}, byClient)
	k.refused(escrow.WrongStatus, appraise{"1"}, byJudge)
	k.refused("not_judge", appraise{"1"}, byStranger)
}

// TestForeignTime: its own moments are windows and deadlines like any other.
func TestForeignTime(t *testing.T) {
	k := bountyDesk(t)
	next, ok := escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.Equal(t, "expiry", next.Moment)
	horizon, ok := escrow.MaxTime(k.c)
	assert.True(t, ok)
	assert.True(t, horizon.Equal(june(10, 0)))
	_, err := k.at(june(10, 0).Add(-1)).ask(award{"0xW"}, byJudge)
	assert.NoError(t, err)
	k.at(june(10, 0)).refused(escrow.DeadlineDue, award{"0xW"}, byJudge)
	d := k.do(escrow.Advance{}, byStranger)
	assert.Equal(t, "BO-6", d.Rule)
	assert.Empty(t, held(k.c))
	k = bountyDraft(t, bounty{Judge: "0xJudge", Prize: "90"})
	k.do(post{}, byClient)
	_, ok = escrow.NextDeadline(k.c)
	assert.False(t, ok, "no expiry, no deadline")
	k.refused(escrow.NothingDue, escrow.Advance{}, byStranger)
	_, err = k.ask(award{"0xW"}, byJudge)
	assert.NoError(t, err)
}

// TestForeignCoSign: an action of its own waits for a human too, at the longest
// until its window ends.
func TestForeignCoSign(t *testing.T) {
	k := bountyDesk(t)
	k.at(june(9, 0))
	d := k.do(takeBack{}, byClient)
	a, ok := d.Approval()
	require.True(t, ok)
	assert.Equal(t, "bounty_back", a.Type)
	assert.True(t, a.ExpiresAt.Equal(june(10, 0)), "the end of its window comes before its ttl")
	assert.Equal(t, takeBack{}, a.Command)
	assert.Empty(t, moves(d))
	stored, err := escrow.ParseContract([]byte(jsonOf(t, k.c)), k.c.Lifecycle())
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, stored))
	k.c = stored
	human := escrow.Human("ann", "0xClient")
	d = k.do(escrow.Confirm{ApprovalID: a.ID}, human)
	assert.Equal(t, "BO-5", d.Executes)
	assert.Equal(t, []string{"90 escrow -> client:0xClient (escrow_refund)"}, moves(d))
	k = bountyDesk(t)
	d = k.do(takeBack{}, human)
	assert.Equal(t, escrow.Status("returned"), d.To, "a human needs no approval")
}

// TestForeignJSON reads its data and its commands strictly, in their own form.
func TestForeignJSON(t *testing.T) {
	k := bountyDesk(t)
	l := k.c.Lifecycle()
	k.do(raise{3}, byJudge)
	stored, err := escrow.ParseContract([]byte(jsonOf(t, k.c)), l)
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, stored))
	assert.Equal(t, k.c.Data(), stored.Data())
	for text, want := range map[string]escrow.Command{`{"action":"raise","by":3}`: raise{3}, `{"by":3,"action":"raise"}`: raise{3}, `{"action":"raise","by":null}`: raise{},
		`{"action":"award","winner":"0xW"}`: award{"0xW"}, `{"action":"post"}`: post{}, `{"action":"praise","Stars":5}`: praise{5}, `{"action":"advance"}`: escrow.Advance{}} {
		cmd, err := l.ParseCommand([]byte(text))
		require.NoError(t, err, text)
		assert.Equal(t, want, cmd)
		again, err := l.ParseCommand(escrow.FormatCommand(cmd))
		require.NoError(t, err)
		assert.Equal(t, want, again)
	}
	for text, want := range map[string]escrow.Reason{`{"action":"raise","by":"three"}`: escrow.Malformed, `{"action":"raise","to":3}`: escrow.Malformed,
		`{"action":"raise","action":"post"}`: escrow.Malformed, `{"action":"cancel"}`: escrow.UnknownAction, `{"action":"raise"`: escrow.Malformed,
		`{"action":"raise","by":1.5}`: escrow.Malformed, `{"action":"post","by":1}`: escrow.Malformed, `{"action":"advance","by":1}`: escrow.Malformed} {
		_, err := l.ParseCommand([]byte(text))
		assert.ErrorIs(t, err, want, text)
	}
	_, err = escrow.ParseContract([]byte(strings.Replace(jsonOf(t, k.c), `"judge":"0xJudge"`, `"judge":5`, 1)), l)
	assert.ErrorIs(t, err, escrow.Malformed)
	assert.ErrorContains(t, err, "data")
	_, err = escrow.ParseContract([]byte(jsonOf(t, k.c)))
	assert.ErrorIs(t, err, escrow.UnknownLifecycle)
	told, err := escrow.ParseContract([]byte(strings.Replace(jsonOf(t, k.c), `"lifecycle":"bounty",`, "", 1)), l)
	require.NoError(t, err)
	assert.Equal(t, "bounty", told.Lifecycle().Name(), "told from the status")
	q, err := escrow.ParseRequest([]byte(`{"contract":`+jsonOf(t, k.c)+`,"command":{"action":"award","winner":"0xW"},"actor":{"id":"0xJudge"},"now":"2026-06-04T00:00:00Z"}`), l)
	require.NoError(t, err)
	d, err := q.Decide()
	require.NoError(t, err)
	assert.Equal(t, "BO-3", d.Rule)
}

// TestForeignCommandsAreStrict: the fields of a command from outside stand as they
// are named, once, and no others.
func TestForeignCommandsAreStrict(t *testing.T) {
	l := bountyDesk(t).c.Lifecycle()
	for _, text := range []string{`{"action":"raise","by":1,"by":9}`, `{"action":"raise","by":1,"BY":9}`, `{"action":"raise","By":9}`, `{"action":"raise","surprise":null}`} {
		cmd, err := l.ParseCommand([]byte(text))
		assert.ErrorIs(t, err, escrow.Malformed, "%s is read as %+v", text, cmd)
	}
}

// TestForeignScopes: a scope to write implies the scope to read.
func TestForeignScopes(t *testing.T) {
	k := bountyDesk(t)
	token := escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "0xClient", Scopes: []string{"bounties:write"}, Features: []string{"bounties"}, Claimed: true}
	_, err := k.ask(takeBack{}, token)
	assert.NoError(t, err)
	token.Scopes = []string{"bounties:reads", "others:write"}
	k.refused(escrow.ScopeMissing, takeBack{}, token)
}

// TestForeignScopeAlone: a grant may ask for a scope without a feature.
func TestForeignScopeAlone(t *testing.T) {
	spec := bountySpec()
	spec.Rules[4].Grant = escrow.Grant{Scope: "bounties:write"}
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	k := newDesk(t, l, escrow.Terms{ID: "b1", Client: "0xClient", Data: bounty{Judge: "0xJudge", Prize: "90", Expiry: june(10, 0)}})
	k.do(post{}, byClient)
	_, err = k.ask(takeBack{}, escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "0xClient", Scopes: []string{"bounties:write"}, Claimed: true})
	assert.NoError(t, err)
}

// TestForeignExplain shows its actions with their obstacles; needs that look at
// the payload are left out.
func TestForeignExplain(t *testing.T) {
	k := bountyDesk(t)
	list := k.options(byClient)
	assert.True(t, list["raise"].Allowed)
	assert.Equal(t, []escrow.Reason{"not_judge"}, obstaclesOf(list["award"]))
	assert.Equal(t, "bounty_back", list["take_back"].CoSign)
	k.do(raise{1}, byJudge)
	assert.Equal(t, []escrow.Reason{"raised_enough"}, obstaclesOf(k.options(byClient)["raise"]))
}

// TestDraftOfOtherData: a draft whose data is not the lifecycle's is refused by
// its founding, whatever is asked; nothing panics.
func TestDraftOfOtherData(t *testing.T) {
	for name, data := range map[string]any{"none": nil, "another type": 5, "a pointer": &bounty{}} {
		k := bountyDraft(t, data)
		assert.NotPanics(t, func() {
			k.refused(escrow.Malformed, post{}, byClient)
			for _, cmd := range []escrow.Command{award{"0xW"}, raise{1}, takeBack{}} {
				k.refused(escrow.WrongStatus, cmd, byJudge)
			}
			_, _ = escrow.Explain(k.c, byJudge, k)
			escrow.NextDeadline(k.c)
			escrow.MaxTime(k.c)
		}, name)
	}
}

// TestRulebookPrintsTheTable: every rule, word and status of a table is in its
// rule book and its diagrams.
func TestRulebookPrintsTheTable(t *testing.T) {
	foreign, err := escrow.Define(bountySpec())
	require.NoError(t, err)
	for _, l := range []*escrow.Lifecycle{escrow.OpenContract, escrow.OpenTrain, foreign} {
		text, diagram, dot := l.Rulebook(), l.Mermaid(), l.DOT()
		for _, r := range l.Spec().Rules {
			assert.Contains(t, text, "| "+r.ID+" | `"+string(r.On.Action())+"`")
			assert.Contains(t, diagram, r.ID+" "+string(r.On.Action()))
			assert.Contains(t, dot, r.ID+" "+string(r.On.Action()))
			for _, step := range r.Money {
				assert.Contains(t, text, step.String())
			}
			for _, n := range r.Needs {
				assert.Contains(t, text, n.String())
				assert.NotEmpty(t, n.Reason())
			}
			for _, c := range r.When {
				assert.Contains(t, text, c.String())
			}
			for _, s := range r.Sets {
				assert.Contains(t, text, s.String())
			}
			assert.Contains(t, text, r.Window.String())
			assert.Contains(t, text, r.By.String())
		}
		for _, s := range l.Statuses() {
			assert.Contains(t, text, "`"+string(s)+"`")
			assert.Contains(t, dot, string(s))
			assert.Equal(t, slices.Contains(l.Spec().Terminal, s), l.IsTerminal(s))
		}
		for _, f := range l.Spec().Policy {
			assert.Contains(t, text, "`"+f.Name+"`")
		}
		for _, e := range l.Reasons() {
			assert.Contains(t, text, "`"+string(e.Reason)+"`")
		}
		assert.True(t, strings.HasPrefix(diagram, "stateDiagram-v2\n"))
		assert.True(t, strings.HasPrefix(dot, "digraph "))
		assert.Equal(t, text, l.Rulebook(), "printed the same each time")
	}
	assert.Contains(t, escrow.OpenContract.Rulebook(), "## Settlement by `settle`")
	assert.Contains(t, escrow.OpenTrain.Rulebook(), "AP-3")
	assert.NotContains(t, escrow.OpenContract.Rulebook(), "AP-1")
}

// TestWordsPrint gives the names that only words have.
func TestWordsPrint(t *testing.T) {
	for want, word := range map[string]fmt.Stringer{
		"escrow": escrow.Escrow, "each milestone": escrow.Each(escrow.MilestonePot), "price": escrow.Price, "workerStakeRatio x price": escrow.Of(escrow.WorkerStakeRatio, escrow.Price),
		"price x criteria": escrow.PerCriterion(escrow.Price), "credit": escrow.Credit, "protocolFee": escrow.By(escrow.ProtocolFee), "deliveryDeadline": escrow.DeliveryDeadline,
		"before expiry": escrow.Before(expiry), "expiry due": escrow.Due(expiry), "": escrow.Window{}, "client or judge": escrow.Either(escrow.Client, judge),
		"price: client -> escrow":             escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow),
		"initiationFee: client -> platform":   escrow.Charge(escrow.InitiationFeeSum, escrow.Client, escrow.Platform),
		"stake -> client : worker = x : rest": escrow.Split(escrow.Stake, escrow.By(escrow.PolicyField{Name: "x"}), escrow.Client, escrow.Worker),
	} {
		assert.Equal(t, want, word.String())
	}
}

// TestDefaults: a lifecycle may change the defaults of the fields it uses.
func TestDefaults(t *testing.T) {
	spec := bountySpec()
	spec.Policy = []escrow.PolicyField{escrow.ProtocolFee.WithDefault(`"0.25"`), escrow.ApprovalTTL.WithDefault(`"PT1H"`), escrow.Quorum.WithDefault(`2`)}
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	p := l.DefaultPolicy()
	assert.Equal(t, "0.25", p.ProtocolFee.String())
	assert.Equal(t, time.Hour, p.ApprovalTTL)
	assert.Equal(t, 2, p.Quorum)
	assert.Equal(t, `"0.05"`, escrow.ProtocolFee.Default, "the field itself is not changed")
	assert.Equal(t, "bounty", l.Name())
	assert.Equal(t, "A prize that a judge awards.", l.Spec().About)
	for field, faulty := range map[string]escrow.PolicyField{
		"protocolFee above one": escrow.ProtocolFee.WithDefault(`"5"`), "protocolFee no number": escrow.ProtocolFee.WithDefault(`"5%"`),
		"quorum no JSON": escrow.Quorum.WithDefault(`two`), "quorum of none": escrow.Quorum.WithDefault(`0`), "approvalTTL no duration": escrow.ApprovalTTL.WithDefault(`"a day"`),
	} {
		spec.Policy = []escrow.PolicyField{escrow.ProtocolFee, escrow.ApprovalTTL, escrow.Quorum}
		i := slices.IndexFunc(spec.Policy, func(f escrow.PolicyField) bool { return f.Name == faulty.Name })
		spec.Policy[i] = faulty
		_, err := escrow.Define(spec)
		if assert.Error(t, err, field) {
			assert.ErrorContains(t, err, faulty.Name)
		}
	}
}

// table returns a small sound table, to be broken one row at a time: money goes
// in with "open" and out with "close" or time.
func table(change func(*escrow.Spec)) escrow.Spec {
	s := escrow.Spec{Name: "small", Asset: escrow.Asset{Code: "X", Scale: 2}, Data: bounty{}, Policy: []escrow.PolicyField{escrow.ProtocolFee, escrow.ApprovalTTL, escrow.Quorum}, Terminal: escrow.In("closed"),
		Rules: []escrow.Rule{
			{ID: "R-1", On: escrow.Create{}, By: escrow.Client, From: escrow.In(escrow.Draft), To: "open", Money: escrow.Money{escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow)}},
			{ID: "R-2", On: escrow.Cancel{}, By: escrow.Client, From: escrow.In("open"), To: "closed", Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}},
			{ID: "R-3", On: escrow.Advance{}, By: escrow.Anyone, From: escrow.In("open"), Window: escrow.Due(expiry), To: "closed", Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}},
		}}
	change(&s)
	return s
}

// extra adds a row.
func extra(r escrow.Rule) func(*escrow.Spec) {
	return func(s *escrow.Spec) { s.Rules = append(s.Rules, r) }
}

// money replaces what rule i moves.
func money(i int, steps ...escrow.Step) func(*escrow.Spec) {
	return func(s *escrow.Spec) { s.Rules[i].Money = steps }
}

// TestDefineRefusesFaultyTables breaks a sound table in every way the proof
// knows; the error names the rule, and the pot or the status.
func TestDefineRefusesFaultyTables(t *testing.T) {
	_, err := escrow.Define(table(func(*escrow.Spec) {}))
	require.NoError(t, err)
	back := escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}
	many := func(s *escrow.Spec) {
		for i := range 70 {
			s.Rules = append(s.Rules, escrow.Rule{ID: "R-x", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: escrow.Status(fmt.Sprint("s", i)), Money: back})
		}
	}
	for name, c := range map[string]struct {
		change func(*escrow.Spec)
		want   []string
	}{
		"no name":            {func(s *escrow.Spec) { s.Name = "" }, []string{"needs a name"}},
		"no rules":           {func(s *escrow.Spec) { s.Rules = nil }, []string{"has no rules"}},
		"no asset":           {func(s *escrow.Spec) { s.Asset = escrow.Asset{} }, []string{"needs an asset"}},
		"scale":              {func(s *escrow.Spec) { s.Asset.Scale = 19 }, []string{"needs an asset"}},
		"too many statuses":  {many, []string{"64 statuses"}},
		"data with a slice":  {func(s *escrow.Spec) { s.Data = struct{ List []int }{} }, []string{"not comparable"}},
		"no command":         {extra(escrow.Rule{ID: "R-9", By: escrow.Client, From: escrow.In("open"), To: "closed"}), []string{"R-9", "no command"}},
		"pointer command":    {extra(escrow.Rule{ID: "R-9", On: &escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: "closed"}), []string{"R-9", "must be a value"}},
		"two command types":  {extra(escrow.Rule{ID: "R-9", On: otherCancel{}, By: escrow.Client, From: escrow.In("open"), To: "closed", Money: back}), []string{"R-9", "cancel", "two command types"}},
		"nobody asks":        {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, From: escrow.In("open"), To: "closed", Money: back}), []string{"R-9", "nobody can ask"}},
		"the treasury asks":  {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Treasury, From: escrow.In("open"), To: "closed", Money: back}), []string{"R-9", "nobody can ask"}},
		"from the same":      {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In(escrow.Same), To: "closed"}), []string{"R-9", "starts from Same"}},
		"founded by anybody": {func(s *escrow.Spec) { s.Rules[0].By = escrow.Anyone }, []string{"R-1", "only the client founds"}},
		"back to a draft":    {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: escrow.Draft, Money: back}), []string{"R-9", "draft"}},
		"advance, not due":   {func(s *escrow.Spec) { s.Rules[2].Window = escrow.Window{} }, []string{"R-3", "Due"}},
		"advance, before":    {func(s *escrow.Spec) { s.Rules[2].Window = escrow.Before(expiry) }, []string{"R-3", "Due"}},
		"due, no advance":    {func(s *escrow.Spec) { s.Rules[1].Window = escrow.Due(expiry) }, []string{"R-2", "Due"}},
		"advance for one":    {func(s *escrow.Spec) { s.Rules[2].By = escrow.Client }, []string{"R-3", "anyone"}},
		"advance with needs": {func(s *escrow.Spec) { s.Rules[2].Needs = escrow.Needs{hasJudge} }, []string{"R-3", "needs nothing"}},
		"advance waits":      {func(s *escrow.Spec) { s.Rules[2].CoSign.Type = "x" }, []string{"R-3", "waits for nobody"}},
		"judge is paid":      {money(1, escrow.All(escrow.Escrow, judge)), []string{"R-2", "judge", "no account"}},
		"system is paid":     {money(1, escrow.All(escrow.Escrow, escrow.System)), []string{"R-2", "system", "no account"}},
		"anyone's cut":       {money(1, escrow.All(escrow.Escrow, escrow.Client).Less(escrow.ProtocolFee, escrow.Anyone)), []string{"R-2", "anyone", "no account"}},
		"deposit into each":  {money(0, escrow.Deposit(escrow.Price, escrow.Client, escrow.Each(escrow.Escrow))), []string{"R-1", "one pot"}},
		"cut of a deposit":   {money(0, escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow).Less(escrow.ProtocolFee, escrow.Treasury)), []string{"R-1", "only a payout"}},
		"no ratio":           {money(0, escrow.Deposit(escrow.Of(escrow.BARecruitCount, escrow.Price), escrow.Client, escrow.Escrow)), []string{"R-1", "baRecruitCount", "no ratio"}},
		"no ratio to split":  {money(1, escrow.Split(escrow.Escrow, escrow.By(escrow.ApprovalTTL), escrow.Client, escrow.Worker)), []string{"R-2", "approvalTTL", "no ratio"}},
		"no ratio to cut":    {money(1, escrow.All(escrow.Escrow, escrow.Client).Less(escrow.InitiationFee, escrow.Treasury)), []string{"R-2", "initiationFee", "no ratio"}},
		"money stays":        {money(1), []string{"R-2", "leaves money", "closed", "escrow"}},
		"money stays, late":  {money(2), []string{"R-3", "leaves money", "closed", "escrow"}},
		"unfilled pot":       {money(1, escrow.All(escrow.Escrow, escrow.Client), escrow.All(escrow.Stake, escrow.Client)), []string{"R-2", "pays stake before"}},
		"paid twice":         {money(1, escrow.All(escrow.Escrow, escrow.Client), escrow.All(escrow.Escrow, escrow.Worker)), []string{"R-2", "pays escrow before"}},
		"filled twice": {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: "open",
			Money: escrow.Money{escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow)}}), []string{"R-9", "fills escrow"}},
		"unreachable":     {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("elsewhere"), To: "closed"}), []string{"elsewhere", "nothing reaches"}},
		"unreachable end": {func(s *escrow.Spec) { s.Terminal = escrow.In("closed", "never") }, []string{"never", "nothing reaches"}},
		"left again":      {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("closed"), To: "open"}), []string{"closed", "terminal", "leaves it"}},
		"no way out":      {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: "stuck", Money: back}), []string{"stuck", "no rule leaves it"}},
		"locked":          {func(s *escrow.Spec) { s.Rules = s.Rules[:2] }, []string{"open", "escrow", "neither time nor the system"}},
		"no end":          {func(s *escrow.Spec) { s.Terminal = nil; s.Rules[1].To, s.Rules[2].To = "open", "open" }, []string{"no terminal status"}},
		"declined with money": {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: "closed", Money: back,
			CoSign: escrow.CoSign{Type: "x", While: "waiting", Declined: "closed"}}), []string{"R-9", "leaves money", "closed"}},
		"asked in the end": {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("closed"), To: escrow.Same}), []string{"closed", "terminal"}},
		"waiting in an end of its own": {func(s *escrow.Spec) {
			s.Terminal = escrow.In("closed", "gone")
			s.Rules = append(s.Rules, escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: "closed", Money: back,
				CoSign: escrow.CoSign{Type: "x", While: "gone", Declined: "closed"}})
		}, []string{"R-9", "leaves money", "gone"}},
		"nameless command": {extra(escrow.Rule{ID: "R-9", On: nameless{}, By: escrow.Client, From: escrow.In("open"), To: "closed", Money: back}), []string{"R-9", "action"}},
		"waiting in the end": {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: "closed", Money: back,
			CoSign: escrow.CoSign{Type: "x", While: "closed", Declined: "closed"}}), []string{"R-9", "leaves money", "closed"}},
		"waiting with money": {extra(escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open", "waiting"), To: "closed", Money: back,
			CoSign: escrow.CoSign{Type: "x", While: "waiting"}}), []string{"waiting", "neither time nor the system"}},
	} {
		t.Run(name, func(t *testing.T) {
			var l *escrow.Lifecycle
			var err error
			require.NotPanics(t, func() { l, err = escrow.Define(table(c.change)) })
			require.Error(t, err)
			assert.Nil(t, l)
			for _, part := range c.want {
				assert.ErrorContains(t, err, part)
			}
		})
	}
}

// otherCancel is another command of the same action.
type otherCancel struct{}

func (otherCancel) Action() escrow.Action { return "cancel" }

// nameless is a command without an action.
type nameless struct{}

func (nameless) Action() escrow.Action { return "" }

// TestDefineNamesEveryFault: all that is wrong is said at once.
func TestDefineNamesEveryFault(t *testing.T) {
	_, err := escrow.Define(table(func(s *escrow.Spec) { s.Rules[1].Money, s.Rules[2].Money = nil, nil }))
	assert.ErrorContains(t, err, "R-2")
	assert.ErrorContains(t, err, "R-3")
	assert.ErrorContains(t, err, "lifecycle small")
}

// TestOpenEndedParty: where time does not end a lifecycle, the party that can at
// any time keeps money from being locked.
func TestOpenEndedParty(t *testing.T) {
	open := func(s *escrow.Spec) { s.Rules = s.Rules[:2]; s.OpenEnded = escrow.Client }
	l, err := escrow.Define(table(open))
	require.NoError(t, err)
	assert.Contains(t, l.Rulebook(), "R-2 (cancel)")
	_, err = escrow.Define(table(func(s *escrow.Spec) { open(s); s.Rules[1].Window = escrow.Before(expiry) }))
	assert.ErrorContains(t, err, "neither time nor the system", "a window that closes is not any time")
	k := newDesk(t, l, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{}})
	k.do(escrow.Create{}, byClient)
	k.refused(escrow.NothingDue, escrow.Advance{}, byClient)
	k.do(escrow.Cancel{}, byClient)
}

// TestWordsMustFitTheirRule: a word that looks at another command, at other
// data or at a milestone the command does not name is a faulty table, not a
// panic of the first decision.
func TestWordsMustFitTheirRule(t *testing.T) {
	type other struct{ X int }
	otherData := escrow.RequireData(escrow.Conflict, "x", "other data", func(other, escrow.Scene) bool { return true })
	for name, change := range map[string]func(*escrow.Spec){
		"a need of another command":    func(s *escrow.Spec) { s.Rules[1].Needs = escrow.Needs{escrow.DeliveryGiven} },
		"a foreign need of another":    func(s *escrow.Spec) { s.Rules[1].Needs = escrow.Needs{raisable} },
		"a need of other data":         func(s *escrow.Spec) { s.Rules[1].Needs = escrow.Needs{otherData} },
		"an effect of another command": func(s *escrow.Spec) { s.Rules[1].Sets = escrow.Effects{escrow.VotesRecorded} },
		"a foreign effect of another":  func(s *escrow.Spec) { s.Rules[1].Sets = escrow.Effects{addRaise} },
		"a name of another command":    func(s *escrow.Spec) { s.Rules[1].Sets = escrow.Effects{winner} },
		"a party of other data":        func(s *escrow.Spec) { s.Rules[1].By = escrow.PartyIn("p", "not_p", func(other) string { return "" }) },
		"a case of other data": func(s *escrow.Spec) {
			s.Rules[1].When = escrow.Cases{escrow.CaseIn("c", func(other) bool { return true })}
		},
		"a moment of other data": func(s *escrow.Spec) {
			s.Rules[1].Window = escrow.Before(escrow.MomentIn("m", func(other) time.Time { return time.Time{} }))
		},
		"a milestone nobody names": money(0, escrow.Deposit(escrow.MilestoneAmount, escrow.Client, escrow.MilestonePot)),
		"a milestone effect":       func(s *escrow.Spec) { s.Rules[1].Sets = escrow.Effects{escrow.MilestoneFunded} },
		"a milestone nobody knows": func(s *escrow.Spec) {
			s.Rules = append(s.Rules, escrow.Rule{ID: "R-9", On: escrow.FundMilestone{}, By: escrow.Client, From: escrow.In("open"), To: escrow.Same, Sets: escrow.Effects{escrow.MilestoneFunded}})
		},
		"a hire without its milestone": func(s *escrow.Spec) {
			s.Rules[0].On, s.Rules[0].Sets = escrow.Hire{}, escrow.Effects{escrow.MilestoneFunded}
		},
		"a first milestone unchecked": func(s *escrow.Spec) {
			s.Rules[0].On, s.Rules[0].Sets = escrow.Hire{}, escrow.Effects{escrow.FirstMilestoneAgreed}
		},
		"votes of the client": func(s *escrow.Spec) {
			s.Rules = append(s.Rules, escrow.Rule{ID: "R-9", On: escrow.Vote{}, By: escrow.Client, From: escrow.In("open"), To: escrow.Same, Sets: escrow.Effects{escrow.VotesRecorded}})
		},
		"a bond of the client":           money(0, escrow.Deposit(escrow.Price, escrow.Client, escrow.BackupBond)),
		"votes divide the escrow":        money(1, escrow.Split(escrow.Escrow, escrow.BondsKept, escrow.Client, escrow.Worker)),
		"dispositions divide the escrow": money(1, escrow.Split(escrow.Escrow, escrow.ByDisposition, escrow.Worker, escrow.Client)),
		"a backup agent paid second":     money(1, escrow.Split(escrow.Escrow, escrow.By(escrow.ProtocolFee), escrow.Client, escrow.BackupAgent)),
		"an approval that has no policy": func(s *escrow.Spec) { s.Policy, s.Rules[1].CoSign.Type = nil, "x" },
	} {
		t.Run(name, func(t *testing.T) {
			l, err := escrow.Define(table(change))
			if err != nil {
				return
			}
			assert.NotPanics(t, func() {
				k := newDesk(t, l, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{Expiry: june(10, 0)}})
				d, err := escrow.Decide(k.c, escrow.Create{}, byClient, k)
				if err != nil {
					return
				}
				d, err = escrow.Decide(d.Contract, escrow.Cancel{}, byClient, k)
				if a, waits := d.Approval(); err == nil && waits && !a.ExpiresAt.After(k.now) {
					t.Error("the approval expires when it is asked for: the lifecycle has no approvalTTL")
				}
			})
			t.Log("was defined")
		})
	}
}

// TestAuditCatchesLyingTables: what the proof cannot see, the audit of the
// decision does: a milestone paid that keeps its status, one that loses it
// unpaid, and a worker who is nobody. Nothing happens, and the rule is named.
func TestAuditCatchesLyingTables(t *testing.T) {
	change := func(change func(*escrow.Rule)) *escrow.Lifecycle {
		spec := escrow.OpenTrain.Spec()
		spec.Rules = slices.Clone(spec.Rules)
		change(&spec.Rules[3])
		l, err := escrow.Define(spec)
		require.NoError(t, err)
		return l
	}
	for name, l := range map[string]*escrow.Lifecycle{
		"paid and not recorded": change(func(r *escrow.Rule) { r.Sets = nil }),
		"recorded and not paid": change(func(r *escrow.Rule) { r.Money = nil }),
	} {
		k := newDesk(t, l, hireTerms())
		k.do(escrow.Hire{}, byAnn)
		for _, who := range []escrow.Actor{byAnn, byToken} {
			e := k.refused(escrow.Unbalanced, escrow.ApproveMilestone{MilestoneID: "m1"}, who)
			assert.Equal(t, "OT-4", e.Rule(), name)
			assert.Equal(t, escrow.InternalError, e.Code())
		}
	}
	nobody, err := escrow.Define(table(money(1, escrow.All(escrow.Escrow, escrow.Worker))))
	require.NoError(t, err)
	k := newDesk(t, nobody, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{}})
	k.do(escrow.Create{}, byClient)
	assert.Equal(t, "R-2", k.refused(escrow.Unbalanced, escrow.Cancel{}, byClient).Rule())
}

// TestNeedsStandAlone: a need that looks at a milestone refuses one that is not
// there, also where no other need has asked.
func TestNeedsStandAlone(t *testing.T) {
	spec := escrow.OpenTrain.Spec()
	spec.Rules = slices.Clone(spec.Rules)
	spec.Rules[3].Needs, spec.Rules[3].Money, spec.Rules[3].Sets = escrow.Needs{escrow.Funded}, nil, nil
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	k := newDesk(t, l, hireTerms())
	k.do(escrow.Hire{}, byAnn)
	k.refused(escrow.MilestoneNotFound, escrow.ApproveMilestone{MilestoneID: "m9"}, byAnn)
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn)
}

// TestForeignJury: backup agents of a lifecycle from outside post their bonds and
// are paid from them; what the votes still hold cannot be paid out.
func TestForeignJury(t *testing.T) {
	bonds := escrow.Split(escrow.Each(escrow.BackupBond), escrow.BondsKept, escrow.BackupAgent, escrow.Treasury)
	l, err := escrow.Define(table(func(s *escrow.Spec) {
		s.Policy = append(s.Policy, escrow.BARecruitCount.WithDefault(`1`), escrow.BAVotingWindow, escrow.BackupAgentBondRatio)
		s.Rules[1].Money, s.Rules[2].Money = append(s.Rules[1].Money, bonds), append(s.Rules[2].Money, bonds)
		s.Rules = append(s.Rules,
			escrow.Rule{ID: "R-4", On: escrow.Draw{}, By: escrow.System, From: escrow.In("open"), When: escrow.Cases{escrow.Undrawn}, Needs: escrow.Needs{escrow.AgentsInOrder}, To: escrow.Same, Sets: escrow.Effects{escrow.AgentsSeated}},
			escrow.Rule{ID: "R-5", On: escrow.Vote{}, By: escrow.BackupAgent, From: escrow.In("open"), Needs: escrow.Needs{escrow.VotesComplete, escrow.VerdictsKnown, escrow.NotVoted}, To: escrow.Same,
				Sets: escrow.Effects{escrow.VotesRecorded}, Money: escrow.Money{escrow.Deposit(escrow.PerCriterion(escrow.Of(escrow.BackupAgentBondRatio, escrow.Price)), escrow.BackupAgent, escrow.BackupBond)}},
			escrow.Rule{ID: "R-6", On: escrow.Withdraw{}, By: escrow.BackupAgent, From: escrow.In("open"), To: escrow.Same, Money: escrow.Money{escrow.All(escrow.BackupBond, escrow.BackupAgent)}})
	}))
	if err != nil {
		assert.ErrorContains(t, err, "R-6", "a single bond cannot be paid while its votes stand")
		return
	}
	k := newDesk(t, l, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, AcceptanceCriteria: []string{"a", "b"}, Data: bounty{}})
	k.do(escrow.Create{}, byClient)
	k.do(escrow.Draw{BackupAgents: []string{"0xA"}}, bySystem)
	k.do(votes("mm"), byAgents[0])
	assert.Equal(t, "escrow 50, backup-bond:0xA 5", held(k.c))
	k.refused(escrow.Unbalanced, escrow.Withdraw{}, byAgents[0])
	k.do(escrow.Cancel{}, byClient)
	assert.Empty(t, held(k.c))
}

// TestForeignCharge: a charge that is no fee of the marketplace is one of the
// protocol.
func TestForeignCharge(t *testing.T) {
	charged := func(s *escrow.Spec) {
		s.Policy = nil
		s.Rules[1].Money = append(s.Rules[1].Money, escrow.Charge(escrow.Price, escrow.Client, escrow.Treasury))
	}
	l, err := escrow.Define(table(charged))
	require.NoError(t, err)
	k := newDesk(t, l, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{}})
	k.do(escrow.Create{}, byClient)
	assert.Equal(t, []string{"50 escrow -> client:0xClient (escrow_refund)", "50 client:0xClient -> treasury (protocol_fee)"}, moves(k.do(escrow.Cancel{}, byClient)))
	assert.NotContains(t, l.Rulebook(), "## Policy")
}

// TestGrantsInTheRulebook: a grant prints what it asks for, and asks for what it
// prints.
func TestGrantsInTheRulebook(t *testing.T) {
	for grant, want := range map[escrow.Grant]string{
		{Scope: "a:write", Feature: "f"}: "a token with `a:write` and `f` of a claimed account", {Scope: "a:write"}: "a token with `a:write` of a claimed account",
		{Feature: "f"}: "a token with `f` of a claimed account",
	} {
		l, err := escrow.Define(table(func(s *escrow.Spec) { s.Rules[1].Grant = grant }))
		require.NoError(t, err)
		assert.Contains(t, l.Rulebook(), want)
		k := newDesk(t, l, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{}})
		k.do(escrow.Create{}, byClient)
		token := escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "0xClient", Claimed: true}
		_, err = k.ask(escrow.Cancel{}, token)
		assert.ErrorIs(t, err, escrow.Forbidden, "%+v", grant)
	}
}

// TestForeignSnapshots reads what a foreign lifecycle leaves out or cannot have.
func TestForeignSnapshots(t *testing.T) {
	l, err := escrow.Define(table(func(*escrow.Spec) {}))
	require.NoError(t, err)
	read := func(text string) (escrow.Contract, error) { return escrow.ParseContract([]byte(text), l) }
	base := `{"id":"x","lifecycle":"small","status":"open","client":"0xClient","budgetOrPrice":"5"}`
	c, err := read(base)
	require.NoError(t, err)
	assert.Equal(t, bounty{}, c.Data(), "data that is not given is zero")
	assert.Equal(t, "escrow 5", held(c))
	_, err = read(edited(t, base, "budgetOrPrice", gone{}))
	assert.ErrorIs(t, err, escrow.Malformed, "money that the status surely holds must be given")
	_, err = read(edited(t, base, "acceptanceCriteria", strings.Split("abcdefghijk", "")))
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = read(edited(t, base, "milestones", []any{map[string]any{"id": "m1", "name": "n", "amount": "1", "status": "PAID"}}))
	assert.ErrorIs(t, err, escrow.Malformed)
	resolved, err := escrow.Define(table(func(s *escrow.Spec) {
		s.Rules[0].To, s.Rules[1].From, s.Rules[2].From = "resolved", escrow.In("resolved"), escrow.In("resolved")
	}))
	require.NoError(t, err)
	_, err = escrow.ParseContract([]byte(edited(t, base, "status", "resolved")), resolved)
	assert.NoError(t, err, "a status of the same name means what its own lifecycle says")
}

// TestSpecIsHeldApart: changing the table after it was defined changes nothing.
func TestSpecIsHeldApart(t *testing.T) {
	spec := table(func(*escrow.Spec) {})
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	before := l.Rulebook()
	spec.Rules[1].Money = nil
	spec.Rules[1].From[0] = "elsewhere"
	spec.Terminal[0] = "open"
	assert.Equal(t, before, l.Rulebook())
	assert.True(t, l.IsTerminal("closed"))
	statuses := l.Statuses()
	statuses[0] = "x"
	assert.NotEqual(t, statuses, l.Statuses())
}

// TestPolicyIsWrittenWhole: every field that the lifecycle uses, defaults included.
func TestPolicyIsWrittenWhole(t *testing.T) {
	k := workAt(t, "created")
	var read struct{ Policy map[string]any }
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, k.c)), &read))
	assert.Len(t, read.Policy, 17)
	for _, f := range escrow.OpenContract.Spec().Policy {
		assert.Contains(t, read.Policy, f.Name)
	}
}

// TestDefineRefusesTornCustody: what a status holds must not depend on the way
// into it.
func TestDefineRefusesTornCustody(t *testing.T) {
	spec := table(func(*escrow.Spec) {})
	spec.Rules = append(spec.Rules,
		escrow.Rule{ID: "X-1", On: escrow.Withdraw{}, By: escrow.Client, From: escrow.In("open"), To: "limbo"},
		escrow.Rule{ID: "X-2", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: "limbo", Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}},
		escrow.Rule{ID: "X-3", On: escrow.Settle{}, By: escrow.System, From: escrow.In("limbo"), To: "closed", Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}})
	_, err := escrow.Define(spec)
	assert.ErrorContains(t, err, "status limbo: holds escrow on one way into it and has paid it out on another")
}

// TestPricePerCriterion: terms that no rule judges are bounded all the same. A
// product that does not fit would be a wrapped number.
func TestPricePerCriterion(t *testing.T) {
	l, err := escrow.Define(escrow.Spec{Name: "piecework", Asset: escrow.Asset{Code: "EUR", Scale: 2}, Terminal: escrow.In("over"),
		Rules: []escrow.Rule{
			{ID: "P-1", On: escrow.Create{}, By: escrow.Client, From: escrow.In(escrow.Draft), To: "open",
				Money: escrow.Money{escrow.Deposit(escrow.PerCriterion(escrow.Price), escrow.Client, escrow.Escrow)}},
			{ID: "P-2", On: escrow.Settle{}, By: escrow.System, From: escrow.In("open"), To: "over",
				Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}},
		}})
	require.NoError(t, err)
	terms := escrow.Terms{ID: "p", Client: "0xC", Price: decimal.New(1, 34), AcceptanceCriteria: strings.Split("abcdefghij", "")}
	d, err := l.Draft(terms).Create(escrow.Agent("0xC"), clockAt(june(3, 0)))
	require.NoError(t, err)
	require.Equal(t, "1"+strings.Repeat("0", 37), d.Movement(0).Amount.String())
	terms.AcceptanceCriteria = make([]string, 341)
	_, err = l.Draft(terms).Create(escrow.Agent("0xC"), clockAt(june(3, 0)))
	require.ErrorIs(t, err, escrow.InvalidTerms)
	terms.AcceptanceCriteria, terms.Price = nil, decimal.New(1, -3)
	_, err = l.Draft(terms).Create(escrow.Agent("0xC"), clockAt(june(3, 0)))
	require.ErrorIs(t, err, escrow.AmountScale)
}

// TestMisfitsAreNamed: what a word misses in its rule is said.
func TestMisfitsAreNamed(t *testing.T) {
	deposit := escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow)
	fund := escrow.Rule{ID: "R-9", On: escrow.FundMilestone{}, By: escrow.Client, From: escrow.In("open"), To: escrow.Same, Sets: escrow.Effects{escrow.MilestoneFunded}}
	for name, c := range map[string]struct {
		change func(*escrow.Spec)
		want   string
	}{
		"cut of a charge":        {money(0, deposit, escrow.Charge(escrow.Price, escrow.Client, escrow.Platform).Less(escrow.ProtocolFee, escrow.Treasury)), "only a payout has a cut"},
		"a milestone's deposit":  {money(0, escrow.Deposit(escrow.MilestoneAmount, escrow.Client, escrow.Escrow)), "names no milestone"},
		"a milestone's charge":   {money(0, deposit, escrow.Charge(escrow.MilestoneAmount, escrow.Client, escrow.Platform)), "names no milestone"},
		"a milestone's pot":      {money(0, deposit, escrow.Deposit(escrow.Price, escrow.Client, escrow.MilestonePot)), "names no milestone"},
		"a milestone's payout":   {money(1, escrow.All(escrow.MilestonePot, escrow.Client)), "names no milestone"},
		"a bond of the client":   {money(0, escrow.Deposit(escrow.Price, escrow.Client, escrow.BackupBond)), "only a rule by a backup agent"},
		"votes divide the price": {money(1, escrow.Split(escrow.Escrow, escrow.BondsKept, escrow.Client, escrow.Worker)), "bonds kept does not divide escrow"},
		"dispositions divide it": {money(1, escrow.Split(escrow.Escrow, escrow.ByDisposition, escrow.Worker, escrow.Client)), "disposition does not divide escrow"},
		"an agent second":        {money(1, escrow.Split(escrow.Escrow, escrow.By(escrow.ProtocolFee), escrow.Client, escrow.BackupAgent)), "a backup agent is paid first"},
		"an agent's cut":         {money(1, escrow.All(escrow.Escrow, escrow.Client).Less(escrow.ProtocolFee, escrow.BackupAgent)), "a backup agent is paid first"},
		"a hire without its milestone": {func(s *escrow.Spec) {
			s.Rules[0].On, s.Rules[0].Sets = escrow.Hire{}, escrow.Effects{escrow.MilestoneFunded}
		}, "a hire needs the effect"},
		"a milestone nobody knows": {func(s *escrow.Spec) { s.Rules = append(s.Rules, fund) }, "needs: milestone exists"},
		"another need":             {func(s *escrow.Spec) { fund.Needs = escrow.Needs{escrow.NotEnded}; s.Rules = append(s.Rules, fund) }, "needs: milestone exists"},
	} {
		_, err := escrow.Define(table(c.change))
		assert.ErrorContains(t, err, c.want, name)
	}
}

// TestEveryMalformedRuleIsNamed, not only the first.
func TestEveryMalformedRuleIsNamed(t *testing.T) {
	_, err := escrow.Define(table(func(s *escrow.Spec) { s.Rules[0].On, s.Rules[1].On = nil, nil }))
	assert.ErrorContains(t, err, "rule R-1: has no command")
	assert.ErrorContains(t, err, "rule R-2: has no command")
}

// TestGreatestTables: 64 statuses with the draft's, 200 rules and a scale of 18
// are the most there may be.
func TestGreatestTables(t *testing.T) {
	grow := func(statuses, rules int, scale uint8) error {
		_, err := escrow.Define(table(func(s *escrow.Spec) {
			s.Asset.Scale = scale
			for i := range statuses {
				end := escrow.Status(fmt.Sprint("s", i))
				s.Terminal = append(s.Terminal, end)
				extra(escrow.Rule{ID: "R-x", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("open"), To: end,
					Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}})(s)
			}
			for len(s.Rules) < rules {
				extra(escrow.Rule{ID: "R-y", On: praise{}, By: escrow.Anyone, From: escrow.In("open"), To: escrow.Same})(s)
			}
		}))
		return err
	}
	assert.NoError(t, grow(61, 0, 2))
	assert.ErrorContains(t, grow(62, 0, 2), "64 statuses")
	assert.NoError(t, grow(0, 200, 2))
	assert.ErrorContains(t, grow(0, 201, 2), "200 rules")
	assert.NoError(t, grow(0, 0, 18))
	assert.ErrorContains(t, grow(0, 0, 19), "scale")
}

// TestTwoDeadlinesOfTheTerms: where a status has two, the earlier one is due
// though the later is not.
func TestTwoDeadlinesOfTheTerms(t *testing.T) {
	for _, moments := range [][]escrow.Moment{{escrow.MatchDeadline, escrow.DeliveryDeadline}, {escrow.DeliveryDeadline, escrow.MatchDeadline}} {
		l, err := escrow.Define(table(func(s *escrow.Spec) {
			s.Rules[2].Window = escrow.Due(moments[0])
			second := s.Rules[2]
			second.ID, second.Window = "R-4", escrow.Due(moments[1])
			s.Rules = append(s.Rules, second)
		}))
		require.NoError(t, err)
		terms := escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{}, MatchDeadline: june(4, 0), DeliveryDeadline: june(6, 0)}
		k := newDesk(t, l, terms)
		k.do(escrow.Create{}, byClient)
		k.at(june(5, 0)).refused(escrow.DeadlineDue, escrow.Cancel{}, byClient)
	}
}

// TestNamelessCommandIsUnknown: no action is looked up for it.
func TestNamelessCommandIsUnknown(t *testing.T) {
	workAt(t, "created").refused(escrow.UnknownAction, nameless{}, byClient)
}

// TestDefineNamesEveryDeadEnd: statuses that are not reached, left or ended, each
// by its name.
func TestDefineNamesEveryDeadEnd(t *testing.T) {
	back := escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}
	leave := func(from, to escrow.Status) escrow.Rule {
		return escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In(from), To: to}
	}
	stuck := leave("open", "stuck")
	stuck.Money = back
	for name, c := range map[string]struct {
		rules []escrow.Rule
		want  []string
	}{
		"two that are not reached": {[]escrow.Rule{leave("elsewhere", "closed"), leave("nowhere", "closed")}, []string{"status elsewhere: nothing reaches it", "status nowhere: nothing reaches it"}},
		"one that stays the same":  {[]escrow.Rule{stuck, leave("stuck", escrow.Same)}, []string{"status stuck: is not terminal, and no rule leaves it"}},
		"one that leads to itself": {[]escrow.Rule{stuck, leave("stuck", "stuck")}, []string{"status stuck: is not terminal, and no rule leaves it"}},
	} {
		_, err := escrow.Define(table(func(s *escrow.Spec) { s.Rules = append(s.Rules, c.rules...) }))
		for _, want := range c.want {
			assert.ErrorContains(t, err, want, name)
		}
	}
}

// TestOpenEndedPartyMustEnd: it is not enough that the party can go elsewhere.
func TestOpenEndedPartyMustEnd(t *testing.T) {
	_, err := escrow.Define(table(func(s *escrow.Spec) {
		s.OpenEnded, s.Rules = escrow.Client, s.Rules[:2]
		s.Rules[1].To, s.Rules[1].Money = "parked", nil
		s.Rules = append(s.Rules, escrow.Rule{ID: "R-9", On: escrow.Approve{}, By: escrow.Client, From: escrow.In("parked"), To: "closed",
			Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}})
	}))
	assert.ErrorContains(t, err, "status open: holds escrow, and neither time nor the system leaves it")
	assert.NotContains(t, err.Error(), "status parked")
}

// TestDeclinedNeedsAWait: where a refused request would lead is nowhere when no
// status waits for it.
func TestDeclinedNeedsAWait(t *testing.T) {
	_, err := escrow.Define(table(func(s *escrow.Spec) {
		s.Rules[1].CoSign = escrow.CoSign{Type: "x", Declined: "nowhere"}
		s.Terminal = append(s.Terminal, "nowhere")
	}))
	assert.ErrorContains(t, err, "status nowhere: nothing reaches it")
}

// TestSettlementByTwoWays: an action that ends a contract in two ways has its own
// table in the rule book, one with a single way has none.
func TestSettlementByTwoWays(t *testing.T) {
	l, err := escrow.Define(table(func(s *escrow.Spec) {
		other := s.Rules[1]
		other.ID, other.When = "R-9", escrow.Cases{escrow.CaseIn("not raised", func(b bounty) bool { return b.Raised == 0 })}
		s.Rules[1].When = escrow.Cases{isRaised}
		s.Rules = append(s.Rules, other)
	}))
	require.NoError(t, err)
	assert.Contains(t, l.Rulebook(), "## Settlement by `cancel`")
	l, err = escrow.Define(table(func(s *escrow.Spec) { s.Rules[1].When = escrow.Cases{isRaised} }))
	require.NoError(t, err)
	assert.NotContains(t, l.Rulebook(), "## Settlement")
}

// TestReasonsOfAForeignLifecycle: its own ones are listed once each, in the order of
// the checks, and of the engine's those that its rules can give.
func TestReasonsOfAForeignLifecycle(t *testing.T) {
	reasons := func(s escrow.Spec) map[escrow.Reason]int {
		l, err := escrow.Define(s)
		require.NoError(t, err)
		count, last := map[escrow.Reason]int{}, 0
		for _, e := range l.Reasons() {
			count[e.Reason]++
			if e.Reason == escrow.DispositionRequired {
				continue // the one request check that comes last
			}
			at := slices.Index([]escrow.Code{escrow.Unauthorized, escrow.InvalidRequest, escrow.Forbidden, escrow.NotFound, escrow.Conflict, escrow.InternalError}, e.Code)
			assert.GreaterOrEqual(t, at, last, e.Reason)
			last = at
		}
		return count
	}
	own := reasons(bountySpec())
	for _, r := range []escrow.Reason{"raise_invalid", "raised_enough", "not_judge", escrow.DeadlineDue} {
		assert.Equal(t, 1, own[r], r)
	}
	timeless := reasons(table(func(s *escrow.Spec) { s.Rules = s.Rules[:2]; s.OpenEnded = escrow.Client }))
	assert.NotContains(t, timeless, escrow.DeadlineDue)
	hire := escrow.OpenTrain.Spec()
	hire.Rules = slices.Clone(hire.Rules)
	hire.Rules[0].Needs = escrow.Needs{escrow.HireInOrder}
	hire.Rules = slices.Delete(hire.Rules, 1, 2)
	assert.Contains(t, reasons(hire), escrow.InvalidMilestone)
}

// TestEndingsOfTheOpenEndedParty: the rule book says by which rules that party can
// end a contract, not by which others can.
func TestEndingsOfTheOpenEndedParty(t *testing.T) {
	l, err := escrow.Define(table(func(s *escrow.Spec) {
		other := s.Rules[1]
		other.ID, other.On, other.By = "R-9", escrow.Approve{}, judge
		s.Rules, s.OpenEnded = append(s.Rules[:2], other), escrow.Client
	}))
	require.NoError(t, err)
	assert.Contains(t, l.Rulebook(), "R-2 (cancel)")
	assert.NotContains(t, l.Rulebook(), "R-9 (approve)")
}

// TestForeignCommandOfAKnownName is read into its own type.
func TestForeignCommandOfAKnownName(t *testing.T) {
	l, err := escrow.Define(table(func(s *escrow.Spec) { s.Rules[1].On = otherCancel{} }))
	require.NoError(t, err)
	cmd, err := l.ParseCommand([]byte(`{"action":"cancel"}`))
	require.NoError(t, err)
	assert.Equal(t, otherCancel{}, cmd)
	cmd, err = l.ParseCommand([]byte(`{"action":"create"}`))
	require.NoError(t, err)
	assert.Equal(t, escrow.Create{}, cmd)
}
