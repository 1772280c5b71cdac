package simulate

import (
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// maxContracts is how many contracts a scenario may have.
const maxContracts = 10_000_000_000

// scenarioFields is the table of all fields: what may stand in a scenario, what
// it is when it is left out, and what it means.
var scenarioFields = fields{
	fieldOf("name", textForm(1, 100), `"opencontract"`, "what results call the scenario",
		func(s *Scenario) *string { return &s.Name }).inOpenTrain(`"opentrain"`),
	fieldOf("about", textForm(0, 2000), `""`, "what it shows, for a reader",
		func(s *Scenario) *string { return &s.About }),
	fieldOf("lifecycle", lifecycleForm, `"opencontract"`, "the rules that contracts live by",
		func(s *Scenario) **escrow.Lifecycle { return &s.Lifecycle }),
	{name: "policy", shape: policyShape, preset: `{}`,
		meaning: "the policy, or what differs in it from the lifecycle's default"},
	{name: "policies", shape: policiesShape,
		meaning: "instead of policy: several, each with a name of its own, compared with the first on the same random numbers"},
	fieldOf("seed", seedForm, `1`, "makes the random numbers: same scenario, same seed, same result",
		func(s *Scenario) *uint64 { return &s.Seed }),
	fieldOf("contracts", countForm(1, maxContracts), `100000`, "how many contracts are simulated",
		func(s *Scenario) *int { return &s.Contracts }),
	fieldOf("horizon", durationForm, `"P30D"`, "how long contracts keep arriving; each is followed to its end",
		func(s *Scenario) *time.Duration { return &s.Horizon }),
	fieldOf("arrivals", distributionForm(partsUpTo(1)), `{"uniform": {"from": 0, "to": 1}}`, "when in the horizon a contract arrives, as a part of it",
		func(s *Scenario) *Distribution { return &s.Arrivals }),
	fieldOf("price", distributionForm(amounts), `{"lognormal": {"median": 50, "spread": 0.8, "from": 5, "to": 5000}}`,
		"the price of a contract, in OpenTrain of each milestone, in whole units of the asset",
		func(s *Scenario) *Distribution { return &s.Price }).
		inOpenTrain(`{"lognormal": {"median": 500, "spread": 0.8, "from": 50, "to": 50000}}`),
	fieldOf("priceStep", stepForm, `1`, "prices are rounded to it, half up, and are at least one step",
		func(s *Scenario) *int64 { return &s.PriceStep }),
	fieldOf("value", distributionForm(partsUpTo(10)), `1.4`, "what the whole work is worth to the client, as a part of the price",
		func(s *Scenario) *Distribution { return &s.Value }),
	fieldOf("capitalCost", ratioForm("ratio"), `0.05`, "what a year of locked money costs its owner, as a part of it",
		func(s *Scenario) *escrow.Ratio { return &s.CapitalCost }),
	fieldOf("terms", objectForm[Terms](termsFields), `{}`, "what every contract agrees on besides the price",
		func(s *Scenario) *Terms { return &s.Terms }),
	fieldOf("matching", objectForm[Matching](matchingFields), `{}`, "how an offer finds its worker, and a dispute its jury",
		func(s *Scenario) *Matching { return &s.Matching }).inOpenContractOnly(),
	fieldOf("workers", groupForm[Worker](workerFields, workerBehaviours), workerPopulation, "groups of workers who behave alike",
		func(s *Scenario) *[]Worker { return &s.Workers }),
	fieldOf("clients", groupForm[Client](clientFields, clientBehaviours), clientPopulation, "groups of clients who behave alike",
		func(s *Scenario) *[]Client { return &s.Clients }),
	fieldOf("backupAgents", groupForm[BackupAgent](agentFields, agentBehaviours), agentPopulation, "groups of backup agents, whom juries are drawn from",
		func(s *Scenario) *[]BackupAgent { return &s.BackupAgents }).inOpenContractOnly(),
	fieldOf("approvers", groupForm[Approver](approverFields, approverBehaviours), approverPopulation, "groups of people who co-sign approvals and payout reviews",
		func(s *Scenario) *[]Approver { return &s.Approvers }),
	fieldOf("approvals", objectForm[Approvals](approvalsFields), `{}`, "how co-signs are asked for",
		func(s *Scenario) *Approvals { return &s.Approvals }),
	{name: "sweep", shape: sweepForm.shape, meaning: "fields that are varied, one or two, at most 1,000 points in all"},
	fieldOf("frontier", frontierForm, "", "two measures of which a sweep looks for the best exchange",
		func(s *Scenario) **Frontier { return &s.Frontier }),
}

var termsFields = fields{
	fieldOf("criteria", countForm(1, 10), `3`, "acceptance criteria of a contract",
		func(t *Terms) *int { return &t.Criteria }).inOpenContractOnly(),
	fieldOf("milestones", countForm(1, 10), `2`, "milestones of a contract",
		func(t *Terms) *int { return &t.Milestones }).inOpenTrainOnly(),
	fieldOf("award", choiceForm(opencontract.AwardOpenTender, opencontract.AwardDirect), `"open_tender"`, "how the worker is found",
		func(t *Terms) *string { return &t.Award }).inOpenContractOnly(),
	fieldOf("mode", choiceForm(opencontract.PrivacyPreserving, opencontract.Standard), `"privacy-preserving"`, "who judges a delivery: the client, or always a jury",
		func(t *Terms) *string { return &t.Mode }).inOpenContractOnly(),
	fieldOf("match", durationForm, `"P1D"`, "from the founding to the match deadline",
		func(t *Terms) *time.Duration { return &t.Match }).inOpenContractOnly(),
	fieldOf("withdrawal", durationForm, `"P1D"`, "from the match deadline to the withdrawal deadline",
		func(t *Terms) *time.Duration { return &t.Withdrawal }).inOpenContractOnly(),
	fieldOf("delivery", durationForm, `"P1D"`, "from the withdrawal deadline to the delivery deadline; in OpenTrain for each milestone, from its funding",
		func(t *Terms) *time.Duration { return &t.Delivery }).inOpenTrain(`"P7D"`),
	fieldOf("review", durationForm, `"P1D"`, "from the delivery deadline to the review deadline; in OpenTrain for each milestone, from its delivery",
		func(t *Terms) *time.Duration { return &t.Review }).inOpenTrain(`"P2D"`),
}

var matchingFields = fields{
	fieldOf("chance", ratioForm("chance"), `0.97`, "that somebody takes the offer at all",
		func(m *Matching) *escrow.Ratio { return &m.Chance }),
	fieldOf("after", distributionForm(partsUpTo(10)), `{"exponential": {"mean": 0.15, "to": 3}}`, "when, as a part of the match window; 1 and more is too late",
		func(m *Matching) *Distribution { return &m.After }),
	fieldOf("drawAfter", distributionForm(partsUpTo(10)), `0.01`, "when the system draws a jury, as a part of the window for it; 1 and more is never",
		func(m *Matching) *Distribution { return &m.DrawAfter }),
}

var approvalsFields = fields{
	fieldOf("team", countForm(1, 100), `3`, "people whom each request goes to; the first answers count, and at least the policy's quorum is asked",
		func(a *Approvals) *int { return &a.Team }),
	fieldOf("asks", countForm(1, 10), `3`, "how often a request is made before the client gives it up",
		func(a *Approvals) *int { return &a.Asks }),
	fieldOf("relieved", durationForm, `"P3D"`, "after how long a payout review that people leave lying is done by somebody else",
		func(a *Approvals) *time.Duration { return &a.Relieved }),
}
