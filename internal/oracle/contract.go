package oracle

import (
	"encoding/json"
	"math/big"
)

// contract is wire.md, "Contract": what is read, and what is written.
type contract struct {
	ID        string          `json:"id"`
	Lifecycle string          `json:"lifecycle"`
	Status    string          `json:"status"`
	Revision  revision        `json:"revision"`
	Schema    revision        `json:"schema"`
	Version   revision        `json:"lifecycleVersion"`
	CreatedAt moment          `json:"createdAt,omitzero"`
	DecidedAt moment          `json:"decidedAt,omitzero"`
	EnteredAt moment          `json:"enteredAt,omitzero"`
	EndDate   moment          `json:"endDate,omitzero"`
	Client    ident           `json:"client,omitempty"`
	Worker    ident           `json:"worker,omitempty"`
	Asset     *asset          `json:"asset"`
	Policy    json.RawMessage `json:"policy"`

	TaskDescription        string   `json:"taskDescription,omitempty"`
	SupplementaryMaterials string   `json:"supplementaryMaterials,omitempty"`
	Delivery               string   `json:"delivery,omitempty"`
	DeliveredAt            moment   `json:"deliveredAt,omitzero"`
	DisputedAt             moment   `json:"disputedAt,omitzero"`
	AcceptanceCriteria     texts    `json:"acceptanceCriteria,omitempty"`
	CriteriaMet            texts    `json:"criteriaMet,omitempty"`
	ContractType           string   `json:"contractType,omitempty"`
	AwardMethod            string   `json:"awardMethod,omitempty"`
	VerificationMode       string   `json:"verificationMode,omitempty"`
	BudgetOrPrice          number   `json:"budgetOrPrice,omitzero"`
	MatchDeadline          moment   `json:"matchDeadline,omitzero"`
	WithdrawalDeadline     moment   `json:"withdrawalDeadline,omitzero"`
	DeliveryDeadline       moment   `json:"deliveryDeadline,omitzero"`
	ReviewDeadline         moment   `json:"reviewDeadline,omitzero"`
	VotingDeadline         moment   `json:"votingDeadline,omitzero"`
	BackupAgents           []string `json:"backupAgents,omitempty"`
	Votes                  *[]vote  `json:"votes,omitempty"`
	EscrowedFunds          number   `json:"escrowedFunds,omitzero"`
	WorkerStake            number   `json:"workerStake,omitzero"`
	DisputeBond            number   `json:"disputeBond,omitzero"`

	Title      string       `json:"title,omitempty"`
	JobID      string       `json:"jobId,omitempty"`
	ProposalID string       `json:"proposalId,omitempty"`
	Milestones []*milestone `json:"milestones,omitempty"`
	Approvals  []*approval  `json:"approvals,omitempty"`
	Custody    []held       `json:"custody"`

	oc          *ocPolicy
	ot          *otPolicy
	policyFault *refusal
}

type asset struct {
	Code  *ident `json:"code"`
	Scale *scale `json:"scale"`
}

type vote struct {
	BackupAgent     string `json:"backupAgent"`
	CriterionIndex  int    `json:"criterionIndex"`
	Vote            string `json:"vote"`
	MajorityOutcome string `json:"majorityOutcome,omitempty"`
	BondOutcome     string `json:"bondOutcome,omitempty"`
	Reward          number `json:"reward,omitzero"`
}

type milestone struct {
	ID          ident       `json:"id"`
	Name        string      `json:"name,omitempty"`
	Description string      `json:"description,omitempty"`
	Number      *thousandth `json:"milestoneNumber,omitempty"`
	Amount      number      `json:"amount"`
	AmountUsd   number      `json:"amountUsd,omitzero"`
	DueDate     moment      `json:"dueDate,omitzero"`
	Status      *string     `json:"status,omitempty"`
}

func (m *milestone) is(status string) bool { return m.Status != nil && *m.Status == status }

// held is one entry of the custody.
type held struct {
	Account string `json:"account"`
	Amount  number `json:"amount"`
}

func (c *contract) scale() int { return int(*c.Asset.Scale) }

// price is wire.md, "What is implied": "escrow holds the price (escrowedFunds,
// else budgetOrPrice)".
func (c *contract) price() *big.Rat { return c.EscrowedFunds.rat() }

func (c *contract) drawn() bool { return len(c.BackupAgents) > 0 }

// funded are the milestones whose pot holds money, in order.
func (c *contract) funded() (list []*milestone) {
	for _, m := range c.Milestones {
		if m.is("ACTIVE_FUNDED") {
			list = append(list, m)
		}
	}
	return list
}

func (c *contract) milestone(id ident) *milestone {
	for _, m := range c.Milestones {
		if m.ID == id && id != "" {
			return m
		}
	}
	return nil
}

func (c *contract) votedBy(agent string) (list []*vote) {
	if c.Votes == nil {
		return nil
	}
	for i := range *c.Votes {
		if (*c.Votes)[i].BackupAgent == agent {
			list = append(list, &(*c.Votes)[i])
		}
	}
	return list
}

func terminal(status string) bool {
	switch status {
	case "settled-fully-met", "settled-partially-met", "settled-none-met", "cancelled-by-client",
		"cancelled-unmatched", "cancelled-withdrawn", "cancelled-absent", "ended", "not-hired":
		return true
	}
	return false
}

// implied is wire.md, "What is implied": the custody of a stored contract, in
// the order of the account table of money.md.
func (c *contract) implied() []held {
	list := []held{}
	hold := func(account string, amount *big.Rat) {
		if amount.Sign() > 0 {
			list = append(list, held{account, number{amount}})
		}
	}
	if c.Status == "" || terminal(c.Status) {
		return list
	}
	if c.Lifecycle == "opentrain" {
		for _, m := range c.funded() {
			hold("milestone:"+string(m.ID), m.Amount.rat())
		}
		return list
	}
	hold("escrow", c.price())
	hold("stake", c.WorkerStake.rat())
	hold("dispute-bond", c.DisputeBond.rat())
	for _, agent := range c.BackupAgents {
		if len(c.votedBy(agent)) > 0 {
			hold("backup-bond:"+agent, c.backupBond())
		}
	}
	return list
}

// bondPerCriterion is money.md: "a deposit computed from a ratio (…, one
// criterion's backup bond, …) is rounded half up".
func (c *contract) bondPerCriterion() *big.Rat {
	return share(c.price(), c.oc.BackupAgentBondRatio.rat(), c.scale())
}

// backupBond: "a backup agent posts that rounded bond times the number of criteria".
func (c *contract) backupBond() *big.Rat {
	return new(big.Rat).Mul(c.bondPerCriterion(), big.NewRat(int64(len(c.AcceptanceCriteria)), 1))
}
