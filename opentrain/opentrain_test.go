package opentrain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
)

// row is one row of the table as a signed-in human carries it out.
type row struct {
	rule  string
	cmd   asked
	from  []string
	to    escrow.Status
	moves []string
	held  string
}

var rows = []row{
	{"OT-1", opentrain.Hire{}, []string{"draft", "proposed"}, opentrain.Active, []string{"100 client:acme -> milestone:m1 (milestone_deposit)",
		"10 client:acme -> platform (marketplace_fee)", "9.95 client:acme -> platform (initiation_fee)"}, "milestone:m1 100"},
	{"OT-2", opentrain.AddMilestone{Milestone: stone("m9", 5)}, []string{"active"}, opentrain.Active, []string{}, "milestone:m1 100"},
	{"OT-3", opentrain.FundMilestone{MilestoneID: "m2"}, []string{"active, m2 not funded"}, opentrain.Active,
		[]string{"33 client:acme -> milestone:m2 (milestone_deposit)", "3.3 client:acme -> platform (marketplace_fee)"}, "milestone:m1 100, milestone:m2 33"},
	{"OT-4", opentrain.ApproveMilestone{MilestoneID: "m1"}, []string{"active", "active, m2 not funded"}, opentrain.Active,
		[]string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, ""},
	{"OT-5", opentrain.End{}, []string{"active, nothing funded"}, opentrain.Ended, []string{}, ""},
	{"OT-6", opentrain.End{}, []string{"active", "active, m2 not funded"}, opentrain.Ended, []string{"100 milestone:m1 -> client:acme (milestone_refund)"}, ""},
	{"OT-6", opentrain.End{Dispositions: choose("m2 release")}, []string{"active, both funded"}, opentrain.Ended,
		[]string{"100 milestone:m1 -> client:acme (milestone_refund)", "33 milestone:m2 -> worker:trainer (milestone_release)"}, ""},
	{"OT-6", opentrain.End{Dispositions: choose("m2 refund", "m1 release")}, []string{"active, both funded"}, opentrain.Ended,
		[]string{"100 milestone:m1 -> worker:trainer (milestone_release)", "33 milestone:m2 -> client:acme (milestone_refund)"}, ""},
}

// TestRows carries out every row of the table as a human does.
func TestRows(t *testing.T) {
	for _, r := range rows {
		for _, from := range r.from {
			t.Run(r.rule+" from "+from, func(t *testing.T) {
				k := at(t, from)
				status := k.c.Status()
				d := k.do(r.cmd, byAnn)
				assert.Equal(t, r.rule, d.Rule)
				assert.Equal(t, status, d.From)
				assert.Equal(t, r.to, d.To)
				assert.Equal(t, r.to, k.c.Status())
				assert.Equal(t, r.moves, moves(d))
				assert.Equal(t, r.held, held(k.c))
				_, waits := d.Approval()
				assert.False(t, waits)
			})
		}
	}
}

// TestTokens: a token's request moves nothing and waits for a human; what needs no
// co-sign happens at once.
func TestTokens(t *testing.T) {
	waits := map[string]string{"OT-1": "proposal_hire", "OT-3": "milestone_fund", "OT-4": "milestone_approve", "OT-6": "contract_end"}
	for _, r := range rows {
		if end, ok := r.cmd.(opentrain.End); ok && end.Dispositions != nil {
			continue
		}
		k := at(t, r.from[len(r.from)-1])
		before, status := held(k.c), k.c.Status()
		d := k.do(r.cmd, byToken)
		a, waiting := d.Approval()
		assert.Equal(t, r.rule, d.Rule)
		if kind := waits[r.rule]; kind != "" {
			require.True(t, waiting, r.rule)
			assert.Equal(t, kind, a.Type)
			assert.Equal(t, status, d.To)
			assert.Empty(t, moves(d))
			assert.Equal(t, r.moves, shown(a))
			assert.Equal(t, before, held(k.c))
			assert.Equal(t, escrow.ApprovalIsPending, a.Status)
			continue
		}
		assert.False(t, waiting, r.rule)
		assert.Equal(t, r.to, d.To)
	}
}

// TestFirstHire founds the proposed contract, and moves nothing.
func TestFirstHire(t *testing.T) {
	k := newDesk(t, hireTerms())
	d := k.do(opentrain.Hire{}, byToken)
	assert.Equal(t, "OT-1", d.Rule)
	assert.Equal(t, escrow.Draft, d.From)
	assert.Equal(t, opentrain.Proposed, d.To)
	assert.Empty(t, moves(d))
	assert.Equal(t, []string{opentrain.NotFunded}, k.stones())
	assert.Equal(t, 1, opentrain.Milestones(k.c)[0].Number)
	assert.True(t, k.c.CreatedAt().Equal(june(3, 0)))
	a, ok := d.Approval()
	require.True(t, ok)
	assert.Equal(t, "h1-ap-1", a.ID)
	assert.Equal(t, "h1", a.ContractID)
	assert.Empty(t, a.Target)
	assert.Equal(t, "ann", a.RequestedBy)
	assert.Equal(t, escrow.KindToken, a.RequestedByKind)
	assert.Equal(t, "acme", a.Account)
	assert.Equal(t, []string{"acme"}, a.Confirmers)
	assert.True(t, a.ExpiresAt.Equal(june(6, 0)), "72 hours")
	assert.Equal(t, rows[0].moves, shown(a))
	assert.Empty(t, a.ApprovalURL)
	assert.Len(t, a.Hash, 64)
	given := a.Command.View().Row(opentrain.Changed, 0)
	assert.Equal(t, "m1", given.Text(opentrain.MilestoneID), "the command is completed with all its terms")
	assert.Equal(t, "Milestone m1", given.Text(opentrain.Name))
}

// TestMilestones checks what each row records of the milestones.
func TestMilestones(t *testing.T) {
	const none, funded, paid, back, cancelled = opentrain.NotFunded, opentrain.ActiveFunded, opentrain.Paid, opentrain.Refunded, opentrain.Cancelled
	k := at(t, "active, m2 not funded")
	assert.Equal(t, []string{funded, none}, k.stones())
	list := opentrain.Milestones(k.c)
	assert.Equal(t, 2, list[1].Number)
	assert.Equal(t, "10000", list[0].Held.String())
	assert.Equal(t, "3300", list[1].Amount.String())
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	assert.Equal(t, []string{paid, none}, k.stones())
	assert.True(t, opentrain.Ending(k.c).IsZero())
	k.at(june(4, 0)).do(opentrain.End{}, byToken)
	assert.Equal(t, []string{paid, cancelled}, k.stones())
	assert.True(t, opentrain.Ending(k.c).Equal(june(4, 0)))
	k = at(t, "active, both funded")
	k.do(opentrain.AddMilestone{Milestone: stone("m3", 1)}, byToken)
	k.do(opentrain.End{Dispositions: choose("m1 release")}, byAnn)
	assert.Equal(t, []string{paid, back, cancelled}, k.stones())
}

// TestAddedMilestone keeps all that it was given.
func TestAddedMilestone(t *testing.T) {
	k := at(t, "active")
	due := june(30, 0)
	k.do(opentrain.AddMilestone{Milestone: opentrain.MilestoneTerms{ID: "m2", Description: "all of\nit", Amount: decimal.NewNullDecimal(decimal.New(125, -2)), DueDate: due}}, byToken)
	m := opentrain.Milestones(k.c)[1]
	assert.Equal(t, opentrain.MilestoneView{ID: "m2", Description: "all of\nit", Number: 2, Amount: escrow.Units(125), DueDate: m.DueDate, Status: opentrain.NotFunded}, m)
	assert.True(t, m.DueDate.Equal(due))
}

// TestStatuses: an ended contract takes nothing, and what is not active is
// wrong_status.
func TestStatuses(t *testing.T) {
	cmds := []asked{opentrain.AddMilestone{Milestone: stone("m9", 1)}, opentrain.FundMilestone{MilestoneID: "m1"}, opentrain.ApproveMilestone{MilestoneID: "m1"}, opentrain.End{}}
	for place, want := range map[string]escrow.Reason{"ended": escrow.ContractEnded, "not-hired": escrow.WrongStatus, "proposed": escrow.WrongStatus, "draft": escrow.WrongStatus} {
		for _, cmd := range cmds {
			for _, who := range []escrow.Actor{byToken, byAnn} {
				assert.Equal(t, escrow.Conflict, at(t, place).refused(want, cmd, who).Code())
			}
		}
	}
	for _, place := range []string{"active", "ended", "not-hired"} {
		at(t, place).refused(escrow.WrongStatus, opentrain.Hire{}, byToken)
	}
	for _, place := range []string{"draft", "active", "ended", "not-hired"} {
		at(t, place).refused(escrow.NothingDue, advance{}, byAnn)
	}
}

// TestTokenChecks takes one obstacle of a token after the other away: scope, feature,
// claim, ownership, milestone, state.
func TestTokenChecks(t *testing.T) {
	k := at(t, "active")
	who := escrow.Actor{ID: "tok2", Kind: escrow.KindToken, Account: "other", ClaimURL: "https://claim.example/2"}
	cmd := opentrain.FundMilestone{MilestoneID: "m8"}
	assert.Equal(t, []string{"payments:write"}, k.refused(escrow.ScopeMissing, cmd, who).Details()["requiredScopes"])
	who.Scopes = []string{"payments:write"}
	assert.Equal(t, "public_api_payments_write", k.refused(escrow.FeatureDisabled, cmd, who).Details()["featureKey"])
	who.Features = []string{"public_api_payments_write"}
	assert.Equal(t, "https://claim.example/2", k.refused(escrow.AccountClaimRequired, cmd, who).Details()["claimUrl"])
	who.Claimed = true
	assert.Equal(t, escrow.NotFound, k.refused(escrow.ContractNotFound, cmd, who).Code())
	who.Account = "acme"
	e := k.refused(opentrain.MilestoneNotFound, cmd, who)
	assert.Equal(t, escrow.NotFound, e.Code())
	assert.Equal(t, "name a milestone of the contract", e.Remedy())
	e = k.refused(opentrain.NotFundable, opentrain.FundMilestone{MilestoneID: "m1"}, who)
	assert.Equal(t, map[string]any{"milestoneId": "m1", "status": "ACTIVE_FUNDED"}, e.Details())
	assert.Equal(t, "OT-3", e.Rule())
	draft := newDesk(t, hireTerms())
	e = draft.refused(escrow.ScopeMissing, opentrain.Hire{}, escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "acme"})
	assert.Equal(t, []string{"proposals:write"}, e.Details()["requiredScopes"])
	e = draft.refused(escrow.FeatureDisabled, opentrain.Hire{}, escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "acme", Scopes: byToken.Scopes})
	assert.Equal(t, "public_api_hiring", e.Details()["featureKey"])
}

// TestOthers: for everybody but the client's tokens and humans there is no such
// contract.
func TestOthers(t *testing.T) {
	other := byToken
	other.Account = "other"
	for _, who := range []escrow.Actor{other, byTrainer, escrow.Agent("acme"), escrow.Agent("trainer"), escrow.Human("eve", "other"), bySystem} {
		at(t, "draft").refused(escrow.ContractNotFound, opentrain.Hire{}, who)
		k := at(t, "active")
		for _, cmd := range []asked{opentrain.AddMilestone{Milestone: stone("m9", 1)}, opentrain.FundMilestone{MilestoneID: "m1"}, opentrain.ApproveMilestone{MilestoneID: "m1"}, opentrain.End{}} {
			k.refused(escrow.ContractNotFound, cmd, who)
		}
		assert.Equal(t, who.ID == "system" || who.ID == "tina" || who.Account == "" && who.ID == "trainer", escrow.Visible(k.c, who), who.ID)
	}
	assert.True(t, escrow.Visible(at(t, "active").c, byToken))
}

// TestMilestoneStandings goes through every status of a milestone.
func TestMilestoneStandings(t *testing.T) {
	k := at(t, "active, m2 not funded")
	e := k.refused(opentrain.NoMoney, opentrain.ApproveMilestone{MilestoneID: "m2"}, byAnn)
	assert.Equal(t, map[string]any{"milestoneId": "m2", "status": "NOT_FUNDED"}, e.Details())
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	for _, who := range []escrow.Actor{byToken, byAnn} {
		assert.Equal(t, "PAID", k.refused(opentrain.NoMoney, opentrain.ApproveMilestone{MilestoneID: "m1"}, who).Details()["status"])
		assert.Equal(t, "PAID", k.refused(opentrain.NotFundable, opentrain.FundMilestone{MilestoneID: "m1"}, who).Details()["status"])
	}
	k.refused(opentrain.MilestoneExists, opentrain.AddMilestone{Milestone: stone("m1", 1)}, byAnn)
	k.refused(escrow.Malformed, opentrain.FundMilestone{}, byAnn)
	k.refused(escrow.Malformed, opentrain.FundMilestone{MilestoneID: "m 1"}, byAnn)
	k.do(opentrain.End{}, byAnn)
	k.refused(opentrain.MilestoneNotFound, opentrain.FundMilestone{MilestoneID: "m8"}, byAnn)
	k.refused(escrow.ContractEnded, opentrain.FundMilestone{MilestoneID: "m1"}, byAnn)
}

// TestTermsInOrder breaks one of the terms each; what can be is accepted.
func TestTermsInOrder(t *testing.T) {
	with := func(change func(*opentrain.MilestoneTerms)) func(*opentrain.Terms) {
		return func(t *opentrain.Terms) { change(&t.Milestones[0]) }
	}
	price := func(n int64, exp int32) func(*opentrain.Terms) {
		return with(func(m *opentrain.MilestoneTerms) { m.Amount.Decimal = decimal.New(n, exp) })
	}
	for name, c := range map[string]struct {
		set   func(*opentrain.Terms)
		want  escrow.Reason
		field string
	}{
		"as it is":          {func(*opentrain.Terms) {}, "", ""},
		"no id":             {func(t *opentrain.Terms) { t.ID = "" }, escrow.Malformed, "id"},
		"slash in id":       {func(t *opentrain.Terms) { t.ID = "a/b" }, escrow.Malformed, "id"},
		"bad asset":         {func(t *opentrain.Terms) { t.Asset = escrow.Asset{Code: "U S", Scale: 2} }, escrow.Malformed, "asset"},
		"no worker":         {func(t *opentrain.Terms) { t.Worker = "" }, escrow.InvalidTerms, "worker"},
		"worker is client":  {func(t *opentrain.Terms) { t.Worker = "acme" }, escrow.InvalidTerms, "worker"},
		"bad worker":        {func(t *opentrain.Terms) { t.Worker = "a b" }, escrow.Malformed, "worker"},
		"title":             {func(t *opentrain.Terms) { t.Title = "a\u202eb" }, escrow.Malformed, "title"},
		"no milestone":      {func(t *opentrain.Terms) { t.Milestones = nil }, opentrain.InvalidMilestone, "milestones"},
		"two milestones":    {func(t *opentrain.Terms) { t.Milestones = append(t.Milestones, stone("m2", 1)) }, opentrain.InvalidMilestone, "milestones"},
		"no milestone id":   {with(func(m *opentrain.MilestoneTerms) { m.ID = "" }), opentrain.InvalidMilestone, "milestones[0].id"},
		"bad milestone id":  {with(func(m *opentrain.MilestoneTerms) { m.ID = "a b" }), escrow.Malformed, "milestones[0].id"},
		"no name":           {with(func(m *opentrain.MilestoneTerms) { m.Name = " " }), opentrain.InvalidMilestone, "milestones[0].name"},
		"a description":     {with(func(m *opentrain.MilestoneTerms) { m.Name, m.Description = "", "x" }), "", ""},
		"no amount":         {with(func(m *opentrain.MilestoneTerms) { m.Amount.Valid = false }), opentrain.InvalidMilestone, "milestones[0].amount"},
		"amount 0":          {price(0, 0), opentrain.InvalidMilestone, "milestones[0].amount"},
		"amount negative":   {price(-1, 0), escrow.Malformed, "milestones[0].amount"},
		"amount enormous":   {price(1, 1e8), escrow.AmountBounds, "milestones[0].amount"},
		"amount large":      {price(1, 35), escrow.AmountBounds, "milestones[0].amount"},
		"greatest amount":   {price(1, 34), "", ""},
		"amount too fine":   {price(1001, -3), escrow.AmountScale, "milestones[0].amount"},
		"amount far finer":  {price(1, -25), escrow.AmountScale, "milestones[0].amount"},
		"least amount":      {price(1, -2), "", ""},
		"due date":          {with(func(m *opentrain.MilestoneTerms) { m.DueDate = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) }), escrow.Malformed, "milestones[0].dueDate"},
		"other asset":       {func(t *opentrain.Terms) { t.Asset = escrow.Asset{Code: "USDC", Scale: 6} }, "", ""},
		"fee does not fit":  {func(t *opentrain.Terms) { t.Asset = escrow.Asset{Code: "JPY", Scale: 0} }, escrow.InvalidPolicy, "initiationFee"},
		"malformed first":   {func(t *opentrain.Terms) { t.Worker, t.Milestones[0].ID = "", "a b" }, escrow.Malformed, "milestones[0].id"},
		"policy next":       {func(t *opentrain.Terms) { t.Worker, t.Policy = "", []escrow.Value{opentrain.Quorum.To(11)} }, escrow.InvalidPolicy, "quorum"},
		"then terms":        {func(t *opentrain.Terms) { t.Worker, t.Milestones[0].Amount.Decimal = "acme", decimal.New(1, -3) }, escrow.InvalidTerms, "worker"},
		"then milestone":    {with(func(m *opentrain.MilestoneTerms) { m.Name, m.Amount.Decimal = "", decimal.New(1, -3) }), opentrain.InvalidMilestone, "milestones[0].name"},
		"two without names": {func(t *opentrain.Terms) { t.Milestones = []opentrain.MilestoneTerms{{}, {}} }, opentrain.InvalidMilestone, "milestones"},
	} {
		t.Run(name, func(t *testing.T) {
			terms := hireTerms()
			c.set(&terms)
			for _, who := range []escrow.Actor{byAnn, byToken} {
				k := newDesk(t, terms)
				if c.want == "" {
					k.do(opentrain.Hire{}, who)
					continue
				}
				e := k.refused(c.want, opentrain.Hire{}, who)
				assert.Equal(t, c.field, e.Details()["field"])
				assert.Equal(t, escrow.InvalidRequest, e.Code())
				assert.NotEmpty(t, e.Remedy())
				assert.Equal(t, "OT-1", e.Rule())
			}
		})
	}
}

// TestPolicyInOrder goes to the bounds of every field.
func TestPolicyInOrder(t *testing.T) {
	year := 365 * 24 * time.Hour
	fine := []escrow.Value{opentrain.ApprovalTTL.To(time.Second), opentrain.ApprovalTTL.To(year), opentrain.MarketplaceFee.To(ratio("0")), opentrain.MarketplaceFee.To(ratio("1")),
		opentrain.InitiationFee.Decimal(decimal.Decimal{}), opentrain.InitiationFee.Decimal(decimal.New(1, -2)), opentrain.EndDisposition.To("release"),
		opentrain.EndDisposition.To("require"), opentrain.Quorum.To(10)}
	for i, v := range fine {
		newDesk(t, under(v)).do(opentrain.Hire{}, byToken)
		_ = i
	}
	for want, v := range map[string]escrow.Value{
		"approvalTTL": opentrain.ApprovalTTL.To(0), "quorum": opentrain.Quorum.To(0), "initiationFee": opentrain.InitiationFee.Decimal(decimal.New(1, -3)),
		"endDisposition": opentrain.EndDisposition.To("burn"),
	} {
		e := newDesk(t, under(v)).refused(escrow.InvalidPolicy, opentrain.Hire{}, byToken)
		assert.Equal(t, want, e.Details()["field"])
	}
	for _, v := range []escrow.Value{opentrain.ApprovalTTL.To(year + time.Second), opentrain.ApprovalTTL.To(-time.Second), opentrain.Quorum.To(11),
		opentrain.InitiationFee.Decimal(decimal.NewFromInt(-1))} {
		newDesk(t, under(v)).refused(escrow.InvalidPolicy, opentrain.Hire{}, byToken)
	}
}

func ratio(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

// TestPolicyOfAStoredDraft: one that names its schema names every field; what it leaves
// out is malformed, before what cannot work and after what is misspelt.
func TestPolicyOfAStoredDraft(t *testing.T) {
	for policy, want := range map[string]escrow.Reason{
		`{"approvalTTL": "PT72H", "quorum": 2}`:      escrow.Malformed,
		`{"endDisposition": "keep"}`:                 escrow.Malformed,
		`{"endDisposition": "refund", "qourum": 2}`:  escrow.InvalidPolicy,
		`{"qourum": 2, "endDisposition": "release"}`: escrow.InvalidPolicy,
	} {
		c, err := escrow.ParseContract([]byte(`{"schema": 1, "id": "h1", "lifecycle": "opentrain", "lifecycleVersion": 1, "client": "acme", "worker": "trainer",
			"asset": {"code": "USD", "scale": 2}, "milestones": [{"id": "m1", "name": "one", "amount": "1"}], "policy": `+policy+`}`), opentrain.Lifecycle)
		require.NoError(t, err, policy)
		_, err = opentrain.Hire{}.On(c, byAnn, escrow.At(june(3, 0)))
		require.ErrorIs(t, err, want, policy)
	}
}

// TestFees are of the policy, in the contract's asset; without any, none moves.
func TestFees(t *testing.T) {
	k := newDesk(t, under(opentrain.MarketplaceFee.To(ratio("0.333")), opentrain.InitiationFee.Decimal(decimal.NewFromInt(2))))
	assert.Equal(t, []string{"100 client:acme -> milestone:m1 (milestone_deposit)", "33.3 client:acme -> platform (marketplace_fee)", "2 client:acme -> platform (initiation_fee)"},
		moves(k.do(opentrain.Hire{}, byAnn)))
	k = newDesk(t, under(opentrain.MarketplaceFee.To(ratio("0")), opentrain.InitiationFee.Decimal(decimal.Decimal{})))
	assert.Equal(t, []string{"100 client:acme -> milestone:m1 (milestone_deposit)"}, moves(k.do(opentrain.Hire{}, byAnn)))
	terms := hireTerms()
	terms.Asset, terms.Milestones[0].Amount.Decimal = escrow.Asset{Code: "USDC", Scale: 6}, decimal.New(15, -6)
	k = newDesk(t, terms)
	assert.Equal(t, []string{"0.000015 client:acme -> milestone:m1 (milestone_deposit)", "0.000002 client:acme -> platform (marketplace_fee)", "9.95 client:acme -> platform (initiation_fee)"},
		moves(k.do(opentrain.Hire{}, byAnn)), "rounded half up")
}

// TestAddedMilestoneInOrder breaks one of its terms each, whatever the status.
func TestAddedMilestoneInOrder(t *testing.T) {
	amount := func(n int64, exp int32) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.New(n, exp)) }
	for _, place := range []string{"active", "ended"} {
		k := at(t, place)
		for _, c := range []struct {
			m     opentrain.MilestoneTerms
			want  escrow.Reason
			field string
		}{
			{opentrain.MilestoneTerms{}, opentrain.InvalidMilestone, "milestone.id"},
			{opentrain.MilestoneTerms{ID: "m2", Name: "\t", Amount: dollars(1)}, escrow.Malformed, "milestone.name"},
			{opentrain.MilestoneTerms{ID: "m2", Name: " ", Amount: dollars(1)}, opentrain.InvalidMilestone, "milestone.name"},
			{opentrain.MilestoneTerms{ID: "m2", Name: "x"}, opentrain.InvalidMilestone, "milestone.amount"},
			{opentrain.MilestoneTerms{ID: "m2", Name: "x", Amount: amount(0, 0)}, opentrain.InvalidMilestone, "milestone.amount"},
			{opentrain.MilestoneTerms{ID: "m2", Name: "x", Amount: amount(1, -3)}, escrow.AmountScale, "milestone.amount"},
			{opentrain.MilestoneTerms{ID: "m2", Name: "x", Amount: amount(1, 60)}, escrow.AmountBounds, "milestone.amount"},
			{opentrain.MilestoneTerms{ID: "m 2", Name: "x", Amount: dollars(1)}, escrow.Malformed, "milestone.id"},
			{opentrain.MilestoneTerms{ID: "m2", Name: "x", Amount: dollars(1), DueDate: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}, escrow.Malformed, "milestone.dueDate"},
		} {
			e := k.refused(c.want, opentrain.AddMilestone{Milestone: c.m}, byToken)
			assert.Equal(t, escrow.InvalidRequest, e.Code())
			assert.Equal(t, c.field, e.Details()["field"])
		}
	}
}

// TestMilestonesTogetherAreBounded: all milestones of a contract come to at most 10^38
// smallest units, so no sum of them overflows.
func TestMilestonesTogetherAreBounded(t *testing.T) {
	k := at(t, "active")
	largest := decimal.NewNullDecimal(decimal.New(1, 34))
	for i := range 99 {
		k.c = add(k, opentrain.MilestoneTerms{ID: "x" + string(rune('0'+i/10)) + string(rune('0'+i%10)), Name: "n", Amount: largest})
	}
	e := k.refused(escrow.AmountBounds, opentrain.AddMilestone{Milestone: opentrain.MilestoneTerms{ID: "y", Name: "n", Amount: largest}}, byAnn)
	assert.Equal(t, "milestone.amount", e.Details()["field"])
	rest := decimal.New(1, 34).Sub(decimal.NewFromInt(100))
	k.do(opentrain.AddMilestone{Milestone: opentrain.MilestoneTerms{ID: "y", Name: "n", Amount: decimal.NewNullDecimal(rest)}}, byAnn)
	k.do(opentrain.FundMilestone{MilestoneID: "y"}, byAnn)
	k.do(opentrain.End{}, byAnn)
	assert.Empty(t, k.c.Custody())
}

func add(k *desk, m opentrain.MilestoneTerms) escrow.Contract {
	k.Helper()
	d, err := opentrain.AddMilestone{Milestone: m}.On(k.c, byToken, k)
	require.NoError(k, err)
	return d.Contract
}

// TestRoom: a contract holds at most 1,000 milestones, and ends with all of them.
func TestRoom(t *testing.T) {
	k := at(t, "active")
	for i := range 999 {
		k.c = add(k, stone("m"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676)), 1))
	}
	assert.Equal(t, escrow.Conflict, k.refused(escrow.TooMany, opentrain.AddMilestone{Milestone: stone("last", 1)}, byAnn).Code())
	k.do(opentrain.End{}, byAnn)
	assert.Equal(t, opentrain.Ended, k.c.Status())
	assert.Equal(t, opentrain.Cancelled, k.stones()[999])
}

// TestDispositionsOfADirectEnd are a human's own: each names a funded milestone once.
func TestDispositionsOfADirectEnd(t *testing.T) {
	for _, c := range []struct {
		place string
		who   escrow.Actor
		given []opentrain.Disposition
	}{
		{"active", byToken, choose("m1 release")},
		{"active", byToken, choose()},
		{"active, nothing funded", byToken, choose()},
		{"active", byAnn, choose("m2 release")},
		{"active", byAnn, choose("m1 burn")},
		{"active", byAnn, choose("m1 ")},
		{"active", byAnn, choose(" release")},
		{"active", byAnn, choose("m1 release", "m1 release")},
		{"active, m2 not funded", byAnn, choose("m2 refund")},
		{"active, nothing funded", byAnn, choose("m1 release")},
		{"proposed", byAnn, choose("m1 release")},
		{"ended", byAnn, choose("m1 release")},
	} {
		e := at(t, c.place).refused(opentrain.DispositionInvalid, opentrain.End{Dispositions: c.given}, c.who)
		assert.Equal(t, escrow.InvalidRequest, e.Code())
		assert.NotEmpty(t, e.Remedy())
	}
	k := hiredUnder(t, opentrain.Quorum.To(2))
	k.refused(opentrain.DispositionInvalid, opentrain.End{Dispositions: choose("m1 release")}, byAnn)
	k = at(t, "active")
	k.do(opentrain.End{Dispositions: choose()}, byAnn)
}

// TestEndDisposition is what the proposal to end does with what it leaves out.
func TestEndDisposition(t *testing.T) {
	k := hiredUnder(t, opentrain.EndDisposition.To("release"))
	assert.Equal(t, []string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, moves(k.do(opentrain.End{}, byAnn)))
	k = hiredUnder(t, opentrain.EndDisposition.To("require"))
	e := k.refused(opentrain.DispositionRequired, opentrain.End{}, byAnn)
	assert.Equal(t, escrow.InvalidRequest, e.Code())
	k.refused(opentrain.DispositionRequired, opentrain.End{Dispositions: choose()}, byAnn)
	assert.Equal(t, []string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, moves(k.do(opentrain.End{Dispositions: choose("m1 release")}, byAnn)))
	k = hiredUnder(t, opentrain.EndDisposition.To("require"))
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	k.do(opentrain.End{}, byAnn)
}

// TestDispositionsInAnyOrder find their milestones, many or few.
func TestDispositionsInAnyOrder(t *testing.T) {
	k := at(t, "active, both funded")
	ids := []string{"m1", "m2"}
	for i := range 30 {
		id := "n" + string(rune('a'+i))
		k.do(opentrain.AddMilestone{Milestone: stone(id, int64(i+1))}, byAnn)
		if i%3 > 0 {
			k.do(opentrain.FundMilestone{MilestoneID: id}, byAnn)
			ids = append(ids, id)
		}
	}
	given := []opentrain.Disposition{}
	for i := range ids {
		if i%2 == 0 {
			given = append(given, opentrain.Disposition{MilestoneID: ids[len(ids)-1-i], Disposition: opentrain.Release})
		}
	}
	d := k.do(opentrain.End{Dispositions: given}, byAnn)
	require.Equal(t, len(ids), d.NumMovements())
	for i, m := range d.Movements() {
		want := opentrain.Client.Name
		if (len(ids)-1-i)%2 == 0 {
			want = opentrain.Worker.Name
		}
		assert.Equal(t, ids[i], m.From.ID)
		assert.Equal(t, want, m.To.Kind)
	}
	assert.Empty(t, k.c.Custody())
}

// TestPayoutReview: a large payout carries the review, a deposit never.
func TestPayoutReview(t *testing.T) {
	terms := hireTerms()
	terms.Review = opentrain.PayoutReview{MinPayout: escrow.Units(10000), Quorum: 2}
	k := newDesk(t, terms)
	d := k.do(opentrain.Hire{}, byAnn)
	_, ok := d.Review()
	assert.False(t, ok)
	d = k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	r, ok := d.Review()
	assert.True(t, ok)
	assert.Equal(t, escrow.Review{Amount: escrow.Units(10000), MinPayout: escrow.Units(10000), Quorum: 2}, r)
	terms.Review.Quorum = 11
	newDesk(t, terms).refused(escrow.InvalidPolicy, opentrain.Hire{}, byAnn)
}

// TestOpenEnded: an active contract has no deadline, and its client can end it.
func TestOpenEnded(t *testing.T) {
	k := at(t, "active")
	_, ok := escrow.NextDeadline(k.c)
	assert.False(t, ok)
	_, ok = escrow.MaxTime(k.c)
	assert.False(t, ok)
	end, ok := escrow.MaxTime(at(t, "proposed").c)
	assert.True(t, ok)
	assert.True(t, end.Equal(june(6, 0)))
}
