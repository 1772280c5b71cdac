// Package erc8183 is the ERC-8183 job lifecycle (agentic commerce), written with
// the exported names of package escrow only. A client funds a job, a provider
// submits, an evaluator completes or rejects; what is not decided by the expiry
// goes back to the client, and nothing can block that.
package erc8183

import (
	"sync"
	"time"

	"github.com/escrow-go/escrow"
)

// The statuses of a job.
const (
	Open      escrow.Status = "open"
	Funded    escrow.Status = "funded"
	Submitted escrow.Status = "submitted"
	Completed escrow.Status = "completed"
	Rejected  escrow.Status = "rejected"
	Expired   escrow.Status = "expired"
)

// Job is what a contract of this lifecycle holds besides: its "data" in JSON.
type Job struct {
	Evaluator   string    `json:"evaluator"`
	Budget      string    `json:"budget,omitempty"`
	Expiry      time.Time `json:"expiry"`
	Deliverable string    `json:"deliverable,omitempty"`
}

// The commands of a job.
type (
	CreateJob   struct{}
	SetProvider struct {
		Provider string `json:"provider"`
	}
	SetBudget struct {
		Budget string `json:"budget"`
	}
	Fund struct {
		ExpectedBudget string `json:"expectedBudget"`
	}
	Submit struct {
		Deliverable string `json:"deliverable"`
	}
	Complete struct{}
	Reject   struct{}
)

func (CreateJob) Action() escrow.Action   { return "create_job" }
func (SetProvider) Action() escrow.Action { return "set_provider" }
func (SetBudget) Action() escrow.Action   { return "set_budget" }
func (Fund) Action() escrow.Action        { return "fund" }
func (Submit) Action() escrow.Action      { return "submit" }
func (Complete) Action() escrow.Action    { return "complete" }
func (Reject) Action() escrow.Action      { return "reject" }

// budget is what text says in the asset; the rules let no other text in.
func budget(text string, asset escrow.Asset) escrow.Amount {
	a, _ := asset.Parse(text)
	return a
}

// Lifecycle returns the proved table of ERC-8183.
var Lifecycle = sync.OnceValue(func() *escrow.Lifecycle {
	evaluator := escrow.PartyIn("evaluator", "not_evaluator", func(j Job) string { return j.Evaluator })
	expiry := escrow.MomentIn("expiry", func(j Job) time.Time { return j.Expiry })
	price := escrow.AmountIn("budget", func(j Job, asset escrow.Asset) escrow.Amount { return budget(j.Budget, asset) })

	jobInOrder := escrow.RequireData(escrow.InvalidRequest, escrow.InvalidTerms, "evaluator set, expiry in the future",
		func(j Job, s escrow.Scene) bool { return j.Evaluator != "" && j.Budget == "" && j.Expiry.After(s.Now) })
	noProvider := escrow.RequireData(escrow.Conflict, "provider_set", "no provider yet",
		func(_ Job, s escrow.Scene) bool { return s.Worker == "" })
	provider := escrow.RequireData(escrow.Conflict, "provider_missing", "provider set",
		func(_ Job, s escrow.Scene) bool { return s.Worker != "" })
	priced := escrow.RequireData(escrow.Conflict, "budget_missing", "budget above zero",
		func(j Job, s escrow.Scene) bool { return !budget(j.Budget, s.Asset).IsZero() })
	asExpected := escrow.Require(escrow.Conflict, "budget_changed", "the budget is the expected one",
		func(j Job, f Fund, s escrow.Scene) bool {
			return budget(f.ExpectedBudget, s.Asset) == budget(j.Budget, s.Asset)
		})

	named := escrow.RequireAccount("provider", func(c SetProvider) string { return c.Provider })
	newBudget := escrow.RequireAmount("budget", func(c SetBudget) string { return c.Budget })
	expected := escrow.RequireAmount("expectedBudget", func(c Fund) string { return c.ExpectedBudget })
	setProvider := escrow.NameWorker("provider set", func(c SetProvider) string { return c.Provider })
	setBudget := escrow.Record("budget set", func(j Job, c SetBudget, _ escrow.Scene) Job { j.Budget = c.Budget; return j })
	setDeliverable := escrow.Record("deliverable recorded", func(j Job, c Submit, _ escrow.Scene) Job { j.Deliverable = c.Deliverable; return j })

	refund := escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}
	l, err := escrow.Define(escrow.Spec{
		Name:     "erc8183",
		About:    "ERC-8183 agentic commerce: a funded job that one evaluator completes or rejects before its expiry.",
		Asset:    escrow.Asset{Code: "USDC", Scale: 6},
		Data:     Job{},
		Policy:   []escrow.PolicyField{escrow.ProtocolFee.WithDefault(`"0"`)},
		Terminal: escrow.In(Completed, Rejected, Expired),
		Rules: []escrow.Rule{
			{ID: "AC-1", On: CreateJob{}, By: escrow.Client, From: escrow.In(escrow.Draft), Needs: escrow.Needs{jobInOrder}, To: Open},
			{ID: "AC-2", On: SetProvider{}, By: escrow.Client, From: escrow.In(Open), Needs: escrow.Needs{named, noProvider}, To: escrow.Same, Sets: escrow.Effects{setProvider}},
			{ID: "AC-3", On: SetBudget{}, By: escrow.Either(escrow.Client, escrow.Worker), From: escrow.In(Open), Needs: escrow.Needs{newBudget}, To: escrow.Same, Sets: escrow.Effects{setBudget}},
			{ID: "AC-4", On: Fund{}, By: escrow.Client, From: escrow.In(Open), Needs: escrow.Needs{expected, provider, priced, asExpected}, To: Funded,
				Money: escrow.Money{escrow.Deposit(price, escrow.Client, escrow.Escrow)}},
			{ID: "AC-5", On: Submit{}, By: escrow.Worker, From: escrow.In(Funded), Window: escrow.Before(expiry), To: Submitted, Sets: escrow.Effects{setDeliverable}},
			{ID: "AC-6", On: Complete{}, By: evaluator, From: escrow.In(Submitted), Window: escrow.Before(expiry), To: Completed,
				Money: escrow.Money{escrow.All(escrow.Escrow, escrow.Worker).Less(escrow.ProtocolFee, escrow.Treasury)}},
			{ID: "AC-7", On: Reject{}, By: escrow.Client, From: escrow.In(Open), To: Rejected},
			{ID: "AC-7", On: Reject{}, By: evaluator, From: escrow.In(Funded, Submitted), Window: escrow.Before(expiry), To: Rejected, Money: refund},
			{ID: "AC-8", On: escrow.Advance{}, By: escrow.Anyone, From: escrow.In(Funded, Submitted), Window: escrow.Due(expiry), To: Expired, Money: refund},
		},
	})
	if err != nil {
		panic(err)
	}
	return l
})
