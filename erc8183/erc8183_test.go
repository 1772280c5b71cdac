package erc8183_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/erc8183"
)

var (
	start     = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	expiry    = start.Add(48 * time.Hour)
	client    = escrow.Agent("0xC")
	provider  = escrow.Agent("0xP")
	evaluator = escrow.Agent("0xE")
	stranger  = escrow.Agent("0xS")
)

func terms() erc8183.Terms {
	return erc8183.Terms{ID: "job_1", Client: "0xC", Evaluator: "0xE", Description: "Translate the manual", ExpiredAt: expiry}
}

// charging are terms under fees.
func charging(platform, evaluator string) erc8183.Terms {
	t := terms()
	t.Policy = []escrow.Value{erc8183.PlatformFee.To(ratio(platform)), erc8183.EvaluatorFee.To(ratio(evaluator))}
	return t
}

func ratio(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

func units(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// step is one command of a life.
type step struct {
	cmd command
	by  escrow.Actor
	at  time.Time
}

// command is what decides by itself.
type command interface {
	On(escrow.Contract, escrow.Actor, escrow.Clock) (escrow.Decision, error)
}

// advance is what time does.
type advance struct{}

func (advance) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, escrow.Advance(), actor, clock)
}

// live carries out one step after another, and returns the last decision.
func live(t testing.TB, terms erc8183.Terms, steps ...step) escrow.Decision {
	t.Helper()
	d := escrow.Decision{Contract: terms.Draft()}
	for _, s := range steps {
		next, err := s.cmd.On(d.Contract, s.by, escrow.At(s.at))
		require.NoError(t, err, "%T at %s", s.cmd, s.at)
		d = next
	}
	return d
}

func path(parts ...[]step) (all []step) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

var (
	open      = []step{{erc8183.CreateJob{}, client, start}}
	provided  = path(open, []step{{erc8183.SetProvider{Provider: "0xP", AgentID: "agent-7"}, client, start}})
	priced    = path(provided, []step{{erc8183.SetBudget{Budget: units("50")}, provider, start}})
	funded    = path(priced, []step{{erc8183.Fund{ExpectedBudget: units("50.0")}, client, expiry.Add(-1)}})
	submitted = path(funded, []step{{erc8183.Submit{Deliverable: "ipfs://x"}, provider, expiry.Add(-1)}})
	unpaid    = path(provided, []step{{erc8183.Submit{Deliverable: "ipfs://x"}, provider, start}})
	completed = []step{{erc8183.Complete{Reason: "0xhash"}, evaluator, expiry.Add(-1)}}
)

func movements(d escrow.Decision) (out []string) {
	for _, m := range d.Movements() {
		out = append(out, m.String())
	}
	return out
}

// TestRules: what every rule does, from where, and with what money.
func TestRules(t *testing.T) {
	refund := []string{"50 USDC escrow -> client:0xC (escrow_refund)"}
	for name, c := range map[string]struct {
		terms erc8183.Terms
		steps []step
		to    escrow.Status
		moves []string
	}{
		"AC-1 create a job":                {terms(), open, erc8183.Open, nil},
		"AC-2 set the provider":            {terms(), provided, erc8183.Open, nil},
		"AC-3 the provider's budget":       {terms(), priced, erc8183.Open, nil},
		"AC-3 the client's budget":         {terms(), path(priced, []step{{erc8183.SetBudget{}, client, start}}), erc8183.Open, nil},
		"AC-4 fund":                        {terms(), funded, erc8183.Funded, []string{"50 USDC client:0xC -> escrow (escrow_deposit)"}},
		"AC-4 fund nothing":                {terms(), path(provided, []step{{erc8183.Fund{}, client, start}}), erc8183.Funded, nil},
		"AC-5 submit":                      {terms(), submitted, erc8183.Submitted, nil},
		"AC-5 submit what costs nothing":   {terms(), unpaid, erc8183.Submitted, nil},
		"AC-6 complete":                    {terms(), path(submitted, completed), erc8183.Completed, []string{"50 USDC escrow -> provider:0xP (payout)"}},
		"AC-6 complete what costs nothing": {charging("0.1", "0.1"), path(unpaid, completed), erc8183.Completed, nil},
		"AC-6 less the platform's fee": {charging("0.025", "0"), path(submitted, completed), erc8183.Completed,
			[]string{"48.75 USDC escrow -> provider:0xP (payout)", "1.25 USDC escrow -> treasury (platform_fee)"}},
		"AC-6 less both fees": {charging("0.025", "0.01"), path(submitted, completed), erc8183.Completed,
			[]string{"48.25 USDC escrow -> provider:0xP (payout)", "1.25 USDC escrow -> treasury (platform_fee)", "0.5 USDC escrow -> evaluator:0xE (evaluator_fee)"}},
		"AC-6 fees take all": {charging("0.4", "0.6"), path(submitted, completed), erc8183.Completed,
			[]string{"20 USDC escrow -> treasury (platform_fee)", "30 USDC escrow -> evaluator:0xE (evaluator_fee)"}},
		"AC-7 the client rejects":      {terms(), path(open, []step{{erc8183.Reject{}, client, start}}), erc8183.Rejected, nil},
		"AC-7 rejected when funded":    {charging("0.1", "0.1"), path(funded, []step{{erc8183.Reject{}, evaluator, expiry.Add(-1)}}), erc8183.Rejected, refund},
		"AC-7 rejected when submitted": {terms(), path(submitted, []step{{erc8183.Reject{Reason: "not done"}, evaluator, expiry.Add(-1)}}), erc8183.Rejected, refund},
		"AC-8 an open job expires":     {terms(), path(priced, []step{{advance{}, stranger, expiry}}), erc8183.Expired, nil},
		"AC-8 a funded job expires":    {charging("0.1", "0.1"), path(funded, []step{{advance{}, provider, expiry.Add(time.Hour)}}), erc8183.Expired, refund},
		"AC-8 a submitted job expires": {terms(), path(submitted, []step{{advance{}, client, expiry}}), erc8183.Expired, refund},
	} {
		t.Run(name, func(t *testing.T) {
			d := live(t, c.terms, c.steps...)
			require.Equal(t, name[:4], d.Rule)
			require.Equal(t, c.to, d.To)
			require.Equal(t, c.moves, movements(d))
			if d.Contract.IsTerminal() {
				require.Empty(t, d.Contract.Custody())
			}
		})
	}
}

// TestFeesRound: fees are cuts of one division, units left over go to the largest
// remainders.
func TestFeesRound(t *testing.T) {
	at := charging("0.333333", "0.333333")
	steps := path(provided, []step{{erc8183.SetBudget{Budget: units("0.000005")}, client, start},
		{erc8183.Fund{ExpectedBudget: units("0.000005")}, client, start}, {erc8183.Submit{Deliverable: "x"}, provider, start}}, completed)
	require.Equal(t, []string{"0.000002 USDC escrow -> provider:0xP (payout)", "0.000002 USDC escrow -> treasury (platform_fee)", "0.000001 USDC escrow -> evaluator:0xE (evaluator_fee)"},
		movements(live(t, at, steps...)))
}

// TestClientEvaluates: the evaluator may be the client.
func TestClientEvaluates(t *testing.T) {
	at := terms()
	at.Evaluator, at.Provider = "0xC", "0xP"
	d := live(t, at, path(open, []step{{erc8183.SetBudget{Budget: units("7")}, client, start}, {erc8183.Fund{ExpectedBudget: units("7")}, client, start},
		{erc8183.Submit{Deliverable: "x"}, provider, start}, {erc8183.Complete{}, client, start}})...)
	require.Equal(t, erc8183.Completed, d.To)
}

// TestRefusals: every refusal of the lifecycle, and the expiry at its instant.
func TestRefusals(t *testing.T) {
	draft := []step(nil)
	for name, c := range map[string]struct {
		steps  []step
		refuse step
		code   escrow.Code
		reason escrow.Reason
		rule   string
	}{
		"a stranger creates":              {draft, step{erc8183.CreateJob{}, provider, start}, escrow.Forbidden, erc8183.NotClient, "AC-1"},
		"too short an expiry":             {draft, step{erc8183.CreateJob{}, client, expiry.Add(-5*time.Minute + 1)}, escrow.InvalidRequest, escrow.InvalidTerms, "AC-1"},
		"a stranger sets the provider":    {open, step{erc8183.SetProvider{Provider: "0xP"}, evaluator, start}, escrow.Forbidden, erc8183.NotClient, "AC-2"},
		"no provider":                     {open, step{erc8183.SetProvider{}, client, start}, escrow.InvalidRequest, escrow.Malformed, "AC-2"},
		"a blank provider":                {open, step{erc8183.SetProvider{Provider: " "}, client, start}, escrow.InvalidRequest, escrow.Malformed, "AC-2"},
		"the evaluator as provider":       {open, step{erc8183.SetProvider{Provider: "0xE"}, client, start}, escrow.InvalidRequest, erc8183.ProviderIsEvaluator, "AC-2"},
		"a provider twice":                {provided, step{erc8183.SetProvider{Provider: "0xQ"}, client, start}, escrow.Conflict, erc8183.ProviderIsSet, "AC-2"},
		"a provider once funded":          {funded, step{erc8183.SetProvider{Provider: "0xQ"}, client, expiry.Add(-1)}, escrow.Conflict, escrow.WrongStatus, "AC-2"},
		"a provider at the expiry":        {open, step{erc8183.SetProvider{Provider: "0xP"}, client, expiry}, escrow.Conflict, escrow.DeadlineDue, "AC-2"},
		"the evaluator's budget":          {priced, step{erc8183.SetBudget{Budget: units("1")}, evaluator, start}, escrow.Forbidden, erc8183.NotClient, "AC-3"},
		"a budget too fine":               {priced, step{erc8183.SetBudget{Budget: units("0.0000001")}, client, start}, escrow.InvalidRequest, escrow.AmountScale, "AC-3"},
		"a budget below zero":             {priced, step{erc8183.SetBudget{Budget: units("-1")}, client, start}, escrow.InvalidRequest, escrow.Malformed, "AC-3"},
		"a budget once funded":            {funded, step{erc8183.SetBudget{Budget: units("1")}, client, expiry.Add(-1)}, escrow.Conflict, escrow.WrongStatus, "AC-3"},
		"a stranger funds":                {priced, step{erc8183.Fund{ExpectedBudget: units("50")}, provider, start}, escrow.Forbidden, erc8183.NotClient, "AC-4"},
		"funded without a provider":       {open, step{erc8183.Fund{}, client, start}, escrow.Conflict, erc8183.ProviderMissing, "AC-4"},
		"less is expected":                {priced, step{erc8183.Fund{ExpectedBudget: units("49")}, client, start}, escrow.Conflict, erc8183.BudgetChanged, "AC-4"},
		"more is expected":                {priced, step{erc8183.Fund{ExpectedBudget: units("51")}, client, start}, escrow.Conflict, erc8183.BudgetChanged, "AC-4"},
		"funded at the expiry":            {priced, step{erc8183.Fund{ExpectedBudget: units("50")}, client, expiry}, escrow.Conflict, escrow.DeadlineDue, "AC-4"},
		"a stranger submits":              {funded, step{erc8183.Submit{Deliverable: "x"}, client, expiry.Add(-1)}, escrow.Forbidden, erc8183.NotProvider, "AC-5"},
		"nothing is submitted":            {funded, step{erc8183.Submit{}, provider, expiry.Add(-1)}, escrow.InvalidRequest, erc8183.DeliverableMissing, "AC-5"},
		"blanks are submitted":            {funded, step{erc8183.Submit{Deliverable: " \t"}, provider, expiry.Add(-1)}, escrow.InvalidRequest, erc8183.DeliverableMissing, "AC-5"},
		"submitted before it is paid":     {priced, step{erc8183.Submit{Deliverable: "x"}, provider, start}, escrow.Conflict, escrow.WrongStatus, "AC-5"},
		"submitted at the expiry":         {funded, step{erc8183.Submit{Deliverable: "x"}, provider, expiry}, escrow.Conflict, escrow.DeadlineDue, "AC-5"},
		"completed by the client":         {submitted, step{erc8183.Complete{}, client, expiry.Add(-1)}, escrow.Forbidden, erc8183.NotEvaluator, "AC-6"},
		"completed before submission":     {funded, step{erc8183.Complete{}, evaluator, expiry.Add(-1)}, escrow.Conflict, escrow.WrongStatus, "AC-6"},
		"completed at the expiry":         {submitted, step{erc8183.Complete{}, evaluator, expiry}, escrow.Conflict, escrow.DeadlineDue, "AC-6"},
		"an open job, by the evaluator":   {open, step{erc8183.Reject{}, evaluator, start}, escrow.Forbidden, erc8183.NotClient, "AC-7"},
		"a funded job, by the client":     {funded, step{erc8183.Reject{}, client, expiry.Add(-1)}, escrow.Forbidden, erc8183.NotEvaluator, "AC-7"},
		"rejected at the expiry":          {submitted, step{erc8183.Reject{}, evaluator, expiry}, escrow.Conflict, escrow.DeadlineDue, "AC-7"},
		"advanced too early":              {funded, step{advance{}, client, expiry.Add(-1)}, escrow.Conflict, escrow.NothingDue, "AC-8"},
		"anything after the end":          {path(submitted, completed), step{erc8183.Reject{}, evaluator, expiry}, escrow.Conflict, escrow.WrongStatus, "AC-7"},
		"an open job, advanced too early": {open, step{advance{}, client, expiry.Add(-1)}, escrow.Conflict, escrow.NothingDue, "AC-8"},
	} {
		t.Run(name, func(t *testing.T) {
			d := escrow.Decision{Contract: terms().Draft()}
			if len(c.steps) > 0 {
				d = live(t, terms(), c.steps...)
			}
			_, err := c.refuse.cmd.On(d.Contract, c.refuse.by, escrow.At(c.refuse.at))
			require.ErrorIs(t, err, c.reason)
			require.ErrorIs(t, err, c.code)
			var e *escrow.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.rule, e.Rule())
		})
	}
}

// TestDetails: a refused funding tells both budgets, a refused submission the case
// that is missing.
func TestDetails(t *testing.T) {
	c := live(t, terms(), priced...).Contract
	_, err := erc8183.Fund{ExpectedBudget: units("49.5")}.On(c, client, escrow.At(start))
	var e *escrow.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "50", e.Details()["budget"])
	require.Equal(t, "49.5", e.Details()["expectedBudget"])
	_, err = erc8183.Submit{Deliverable: "x"}.On(c, provider, escrow.At(start))
	require.ErrorAs(t, err, &e)
	require.Equal(t, "budget 0", e.Details()["case"])
}

// TestTerms: what a founding refuses, with the field at fault; an expiry exactly
// five minutes ahead is accepted.
func TestTerms(t *testing.T) {
	for field, c := range map[string]struct {
		change func(*erc8183.Terms)
		reason escrow.Reason
	}{
		"client":       {func(x *erc8183.Terms) { x.Client = "" }, escrow.InvalidTerms},
		"evaluator":    {func(x *erc8183.Terms) { x.Evaluator = "" }, escrow.InvalidTerms},
		"description":  {func(x *erc8183.Terms) { x.Description = " " }, escrow.InvalidTerms},
		"provider":     {func(x *erc8183.Terms) { x.Provider = "0xE" }, escrow.InvalidTerms},
		"expiredAt":    {func(x *erc8183.Terms) { x.ExpiredAt = start.Add(5*time.Minute - 1) }, escrow.InvalidTerms},
		"evaluatorFee": {func(x *erc8183.Terms) { x.Policy = charging("0.5", "0.500000000000000001").Policy }, escrow.InvalidPolicy},
	} {
		t.Run(field, func(t *testing.T) {
			x := terms()
			c.change(&x)
			_, err := erc8183.CreateJob{}.On(x.Draft(), client, escrow.At(start))
			require.ErrorIs(t, err, c.reason)
			var e *escrow.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, field, e.Details()["field"])
		})
	}
	x := terms()
	x.ExpiredAt = start.Add(5 * time.Minute)
	live(t, x, open...)
}

// TestJob: what a contract says of its job.
func TestJob(t *testing.T) {
	job := erc8183.JobOf(live(t, terms(), path(submitted, completed)...).Contract)
	require.True(t, job.Budget.Equal(units("50")))
	job.Budget = decimal.Decimal{}
	require.Equal(t, erc8183.Job{Client: "0xC", Provider: "0xP", Evaluator: "0xE", Description: "Translate the manual", ExpiredAt: expiry,
		Deliverable: "ipfs://x", ProviderAgentID: "agent-7", Reason: "0xhash"}, job)
}

// TestNothingBlocksTheExpiry: from every status that has not ended, time alone ends
// the job at its expiry.
func TestNothingBlocksTheExpiry(t *testing.T) {
	for _, steps := range [][]step{open, provided, priced, funded, submitted, unpaid} {
		c := live(t, terms(), steps...).Contract
		end, ok := escrow.MaxTime(c)
		require.True(t, ok)
		require.Equal(t, expiry, end)
		next, ok := escrow.NextDeadline(c)
		require.True(t, ok)
		require.Equal(t, "expiredAt", next.Moment)
		require.Equal(t, erc8183.Expired, next.Then.To)
	}
}

// TestStored: every snapshot is read back to the same bytes.
func TestStored(t *testing.T) {
	for _, steps := range [][]step{open, provided, priced, funded, submitted, unpaid, path(submitted, completed)} {
		text, err := live(t, terms(), steps...).Contract.MarshalJSON()
		require.NoError(t, err)
		back, err := escrow.ReadStored(text, erc8183.Lifecycle)
		require.NoError(t, err)
		again, err := back.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	}
}
