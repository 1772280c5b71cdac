package contractapi

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// contract is the documented object of a contract. What is not there yet is null.
type contract struct {
	ID                     string     `json:"id"`
	Status                 string     `json:"status"`
	CreatedAt              time.Time  `json:"createdAt"`
	Client                 string     `json:"client"`
	Worker                 *string    `json:"worker"`
	TaskDescription        string     `json:"taskDescription"`
	AcceptanceCriteria     []string   `json:"acceptanceCriteria"`
	CriteriaMet            []string   `json:"criteriaMet"`
	SupplementaryMaterials *string    `json:"supplementaryMaterials"`
	Delivery               *string    `json:"delivery"`
	ContractType           string     `json:"contractType"`
	AwardMethod            string     `json:"awardMethod"`
	BudgetOrPrice          string     `json:"budgetOrPrice"`
	MatchDeadline          time.Time  `json:"matchDeadline"`
	WithdrawalDeadline     time.Time  `json:"withdrawalDeadline"`
	DeliveryDeadline       time.Time  `json:"deliveryDeadline"`
	ReviewDeadline         *time.Time `json:"reviewDeadline"`
	VerificationMode       string     `json:"verificationMode"`
	BackupAgents           []string   `json:"backupAgents"`
	EscrowedFunds          string     `json:"escrowedFunds"`
	WorkerStake            *string    `json:"workerStake"`
	DisputeBond            *string    `json:"disputeBond"`
}

// contractOf returns the object of a contract.
func contractOf(c escrow.Contract) contract {
	v := c.View()
	x := contract{
		ID: c.ID(), Status: string(c.Status()), CreatedAt: c.CreatedAt().UTC(),
		Client: c.Account(opencontract.Client), Worker: text(c.Account(opencontract.Worker)),
		TaskDescription: opencontract.TaskDescription.In(v), AcceptanceCriteria: opencontract.AcceptanceCriteria.In(v),
		CriteriaMet: opencontract.CriteriaMet(c), SupplementaryMaterials: text(opencontract.SupplementaryMaterials.In(v)), Delivery: text(opencontract.Delivery(c)),
		ContractType: opencontract.ContractType.In(v), AwardMethod: opencontract.AwardMethod.In(v), VerificationMode: opencontract.VerificationMode.In(v),
		BudgetOrPrice: money(c.Asset().Text(opencontract.Price.In(v))),
		MatchDeadline: opencontract.MatchDeadline.In(v).UTC(), WithdrawalDeadline: opencontract.WithdrawalDeadline.In(v).UTC(), DeliveryDeadline: opencontract.DeliveryDeadline.In(v).UTC(),
		BackupAgents: append([]string{}, opencontract.BackupAgents(c)...),
	}
	if v.Has(opencontract.ReviewDeadline) {
		at := opencontract.ReviewDeadline.In(v).UTC()
		x.ReviewDeadline = &at
	}
	x.posted(c)
	return x
}

// posted takes over what was paid in, as a record: only a contract's own JSON tells it.
func (x *contract) posted(c escrow.Contract) {
	var sums struct {
		EscrowedFunds, WorkerStake, DisputeBond *string
	}
	if body, err := c.MarshalJSON(); err == nil {
		_ = json.Unmarshal(body, &sums) // it was written just now
	}
	for _, s := range []*string{sums.EscrowedFunds, sums.WorkerStake, sums.DisputeBond} {
		if s != nil {
			*s = money(*s)
		}
	}
	if sums.EscrowedFunds != nil {
		x.EscrowedFunds = *sums.EscrowedFunds
	}
	x.WorkerStake, x.DisputeBond = sums.WorkerStake, sums.DisputeBond
}

// money writes a sum as it is documented, with a decimal place: "50.0".
func money(sum string) string {
	if strings.Contains(sum, ".") {
		return sum
	}
	return sum + ".0"
}

// text is a text, null when it is empty.
func text(t string) *string {
	if t == "" {
		return nil
	}
	return &t
}
