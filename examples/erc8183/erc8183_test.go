package erc8183_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/benbjohnson/clock"
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/examples/erc8183"
	"github.com/stretchr/testify/require"
)

var (
	start     = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	expiry    = start.Add(48 * time.Hour)
	client    = escrow.Agent("0xC")
	provider  = escrow.Agent("0xP")
	evaluator = escrow.Agent("0xE")
)

func draft(t testing.TB) escrow.Contract {
	t.Helper()
	return erc8183.Lifecycle().Draft(escrow.Terms{ID: "job_1", Client: "0xC", Data: erc8183.Job{Evaluator: "0xE", Expiry: expiry}})
}

func at(when time.Time) *clock.Mock {
	c := clock.NewMock()
	c.Set(when)
	return c
}

// do carries out one command after another and returns where they lead.
func do(t testing.TB, c escrow.Contract, steps ...step) escrow.Decision {
	t.Helper()
	var d escrow.Decision
	var err error
	for _, s := range steps {
		d, err = escrow.Decide(c, s.cmd, s.by, at(s.at))
		require.NoError(t, err)
		c = d.Contract
	}
	return d
}

type step struct {
	cmd escrow.Command
	by  escrow.Actor
	at  time.Time
}

func funded() []step {
	return []step{
		{erc8183.CreateJob{}, client, start},
		{erc8183.SetProvider{Provider: "0xP"}, client, start},
		{erc8183.SetBudget{Budget: "50"}, provider, start},
		{erc8183.Fund{ExpectedBudget: "50.0"}, client, start},
	}
}

func movements(d escrow.Decision) (out []string) {
	for _, m := range d.Movements() {
		out = append(out, m.String())
	}
	return out
}

func TestLives(t *testing.T) {
	submitted := slices.Clip(append(funded(), step{erc8183.Submit{Deliverable: "ipfs://x"}, provider, start}))
	justBefore := expiry.Add(-time.Nanosecond)
	for name, c := range map[string]struct {
		steps []step
		to    escrow.Status
		moves []string
	}{
		"completed":           {append(submitted, step{erc8183.Complete{}, evaluator, justBefore}), erc8183.Completed, []string{"50 USDC escrow -> worker:0xP (payout)"}},
		"rejected":            {append(submitted, step{erc8183.Reject{}, evaluator, start}), erc8183.Rejected, []string{"50 USDC escrow -> client:0xC (escrow_refund)"}},
		"rejected unfunded":   {[]step{{erc8183.CreateJob{}, client, start}, {erc8183.Reject{}, client, start}}, erc8183.Rejected, nil},
		"expired":             {append(funded(), step{escrow.Advance{}, provider, expiry}), erc8183.Expired, []string{"50 USDC escrow -> client:0xC (escrow_refund)"}},
		"expired, submitted":  {append(submitted, step{escrow.Advance{}, client, expiry.Add(time.Hour)}), erc8183.Expired, []string{"50 USDC escrow -> client:0xC (escrow_refund)"}},
		"funded from outside": {funded(), erc8183.Funded, []string{"50 USDC client:0xC -> escrow (escrow_deposit)"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := do(t, draft(t), c.steps...)
			require.Equal(t, c.to, d.To)
			require.Equal(t, c.moves, movements(d))
		})
	}
}

func TestRefusals(t *testing.T) {
	open := do(t, draft(t), step{erc8183.CreateJob{}, client, start}).Contract
	ready := do(t, draft(t), funded()[:3]...).Contract
	full := do(t, draft(t), funded()...).Contract
	for name, c := range map[string]struct {
		in     escrow.Contract
		step   step
		code   escrow.Code
		reason escrow.Reason
	}{
		"expiry in the past":      {draft(t), step{erc8183.CreateJob{}, client, expiry}, escrow.InvalidRequest, escrow.InvalidTerms},
		"not the client":          {draft(t), step{erc8183.CreateJob{}, provider, start}, escrow.Forbidden, escrow.NotClient},
		"provider blank":          {open, step{erc8183.SetProvider{Provider: " "}, client, start}, escrow.InvalidRequest, escrow.Malformed},
		"provider twice":          {ready, step{erc8183.SetProvider{Provider: "0xQ"}, client, start}, escrow.Conflict, "provider_set"},
		"budget by a stranger":    {ready, step{erc8183.SetBudget{Budget: "1"}, evaluator, start}, escrow.Forbidden, escrow.NotClient},
		"budget too fine":         {ready, step{erc8183.SetBudget{Budget: "0.0000001"}, client, start}, escrow.InvalidRequest, escrow.AmountScale},
		"fund without a provider": {open, step{erc8183.Fund{ExpectedBudget: "50"}, client, start}, escrow.Conflict, "provider_missing"},
		"budget changed":          {ready, step{erc8183.Fund{ExpectedBudget: "49"}, client, start}, escrow.Conflict, "budget_changed"},
		"complete by the client":  {full, step{erc8183.Complete{}, client, start}, escrow.Forbidden, "not_evaluator"},
		"complete unsubmitted":    {full, step{erc8183.Complete{}, evaluator, start}, escrow.Conflict, escrow.WrongStatus},
		"reject by the client":    {full, step{erc8183.Reject{}, client, start}, escrow.Forbidden, "not_evaluator"},
		"submit at the expiry":    {full, step{erc8183.Submit{Deliverable: "x"}, provider, expiry}, escrow.Conflict, escrow.DeadlineDue},
		"advance too early":       {full, step{escrow.Advance{}, client, start}, escrow.Conflict, escrow.NothingDue},
		"a foreign command":       {full, step{escrow.Withdraw{}, provider, start}, escrow.InvalidRequest, escrow.UnknownAction},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := escrow.Decide(c.in, c.step.cmd, c.step.by, at(c.step.at))
			require.ErrorIs(t, err, c.code)
			require.ErrorIs(t, err, c.reason)
		})
	}
}

func TestFee(t *testing.T) {
	policy := erc8183.Lifecycle().DefaultPolicy()
	policy.ProtocolFee, _ = escrow.ParseRatio("0.025")
	c := erc8183.Lifecycle().Draft(escrow.Terms{ID: "job_1", Client: "0xC", Policy: &policy, Data: erc8183.Job{Evaluator: "0xE", Expiry: expiry}})
	d := do(t, c, append(funded(), step{erc8183.Submit{Deliverable: "x"}, provider, start}, step{erc8183.Complete{}, evaluator, start})...)
	require.Equal(t, []string{"48.75 USDC escrow -> worker:0xP (payout)", "1.25 USDC escrow -> treasury (protocol_fee)"}, movements(d))
}

// TestWireForm: data and commands of a lifecycle from outside go through the
// same driver as the built-in ones.
func TestWireForm(t *testing.T) {
	full := do(t, draft(t), funded()...).Contract
	text, err := json.Marshal(full)
	require.NoError(t, err)
	line := fmt.Sprintf(`{"contract": %s, "command": {"action": "submit", "deliverable": "ipfs://y"}, "actor": {"id": "0xP"}, "now": "2026-06-01T01:00:00Z"}`, text)
	q, err := escrow.ParseRequest([]byte(line), erc8183.Lifecycle())
	require.NoError(t, err)
	again, err := json.Marshal(q.Contract)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	d, err := q.Decide()
	require.NoError(t, err)
	require.Equal(t, "ipfs://y", d.Contract.Data().(erc8183.Job).Deliverable)

	_, err = erc8183.Lifecycle().ParseCommand([]byte(`{"action": "fund", "expectedBudget": "1", "surprise": 1}`))
	require.ErrorIs(t, err, escrow.Malformed)
}

func TestExplain(t *testing.T) {
	full := do(t, draft(t), funded()...).Contract
	x, err := escrow.Explain(full, evaluator, at(start))
	require.NoError(t, err)
	allowed := []escrow.Action{}
	for _, o := range x.Options {
		if o.Allowed {
			allowed = append(allowed, o.Action)
		}
	}
	require.Equal(t, []escrow.Action{"reject"}, allowed)
	next, ok := escrow.NextDeadline(full)
	require.True(t, ok)
	require.Equal(t, expiry, next.At)
	require.Equal(t, erc8183.Expired, next.Then.To)

	end, ok := escrow.MaxTime(full)
	require.True(t, ok)
	require.Equal(t, expiry, end)
}
