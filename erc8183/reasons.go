package erc8183

import "github.com/escrow-go/escrow"

// The lifecycle's own reasons for a refusal.
const (
	ProviderIsEvaluator escrow.Reason = "provider_is_evaluator"
	DeliverableMissing  escrow.Reason = "deliverable_missing"

	NotClient    escrow.Reason = "not_client"
	NotProvider  escrow.Reason = "not_provider"
	NotEvaluator escrow.Reason = "not_evaluator"

	ProviderIsSet   escrow.Reason = "provider_set"
	ProviderMissing escrow.Reason = "provider_missing"
	BudgetChanged   escrow.Reason = "budget_changed"
)

var reasons = []escrow.CatalogueEntry{
	{Reason: ProviderIsEvaluator, Code: escrow.InvalidRequest, Meaning: "the evaluator cannot be the provider of the job it judges", Remedy: "name another account as the provider"},
	{Reason: DeliverableMissing, Code: escrow.InvalidRequest, Meaning: "the deliverable is blank", Remedy: "say what is submitted, as a hash or an address"},

	{Reason: NotClient, Code: escrow.Forbidden, Meaning: "only the job's client may do this", Remedy: "ask as the client"},
	{Reason: NotProvider, Code: escrow.Forbidden, Meaning: "only the job's provider may do this", Remedy: "ask as the provider"},
	{Reason: NotEvaluator, Code: escrow.Forbidden, Meaning: "only the job's evaluator may do this", Remedy: "ask as the evaluator"},

	{Reason: ProviderIsSet, Code: escrow.Conflict, Meaning: "the job has a provider already", Remedy: "create another job for another provider"},
	{Reason: ProviderMissing, Code: escrow.Conflict, Meaning: "the job has no provider yet", Remedy: "set the provider first"},
	{Reason: BudgetChanged, Code: escrow.Conflict, Meaning: "the budget is not the one that the client expects", Remedy: "look at the budget again, and fund what it is now"},
}
