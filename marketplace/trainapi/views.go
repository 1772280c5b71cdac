package trainapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
)

// when is an instant in answers: UTC, in milliseconds; null when zero.
type when time.Time

// MarshalJSON writes the instant.
func (w when) MarshalJSON() ([]byte, error) {
	if time.Time(w).IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(time.Time(w).UTC().Format("2006-01-02T15:04:05.000Z"))
}

// orNull is a text that is null when empty.
type orNull string

// MarshalJSON writes the text.
func (t orNull) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// dollars is an amount as a number of JSON, with all its digits.
func dollars(c escrow.Contract, a escrow.Amount) json.RawMessage {
	return json.RawMessage(c.Asset().Text(a))
}

// zero is a number that this API has no use for.
var zero = json.RawMessage("0")

type milestoneJSON struct {
	ID              string          `json:"id"`
	Name            string          `json:"name"`
	Description     string          `json:"description"`
	Status          string          `json:"status"`
	AmountUSD       json.RawMessage `json:"amountUsd"`
	Volume          json.RawMessage `json:"volume"`
	Number          int             `json:"milestoneNumber"`
	DueDate         when            `json:"dueDate"`
	PendingApproval bool            `json:"pendingApproval"`
	NeedsReview     bool            `json:"needsReview"`
	InvoiceID       orNull          `json:"invoiceId"`
	CreatedAt       when            `json:"createdAt"`
}

// milestoneView returns a milestone as answers show it. It is pending approval while one
// of its own waits for a person.
func milestoneView(c escrow.Contract, m opentrain.MilestoneView, f facts) milestoneJSON {
	own := milestoneJSON{ID: milestoneID(c.ID(), m.ID), Name: m.Name, Description: m.Description, Status: m.Status, AmountUSD: dollars(c, m.Amount),
		Number: m.Number, DueDate: when(m.DueDate), CreatedAt: when(f.added[m.ID])}
	if m.Status != opentrain.NotFunded && m.Status != opentrain.Cancelled {
		own.InvoiceID = orNull(f.invoices[m.ID])
	}
	for _, a := range c.Approvals() {
		own.PendingApproval = own.PendingApproval || a.Target == m.ID && a.Status == escrow.ApprovalIsPending
	}
	return own
}

type freelancerJSON struct {
	UserID      string `json:"userId"`
	DisplayName string `json:"displayName"`
	Country     orNull `json:"country"`
	ProfilePath orNull `json:"profilePath"`
}

type contractJSON struct {
	ID                 string          `json:"id"`
	Status             string          `json:"status"`
	Title              orNull          `json:"title"`
	JobID              orNull          `json:"jobId"`
	ProposalID         orNull          `json:"proposalId"`
	PaymentType        string          `json:"paymentType"`
	RateUSD            json.RawMessage `json:"rateUsd"`
	EstimatedTotalUSD  json.RawMessage `json:"estimatedTotalUsd"`
	EstimatedVolume    json.RawMessage `json:"estimatedVolume"`
	HasActiveMilestone bool            `json:"hasActiveMilestone"`
	StartDate          when            `json:"startDate"`
	EndDate            when            `json:"endDate"`
	CreatedAt          when            `json:"createdAt"`
	UpdatedAt          when            `json:"updatedAt"`
	Freelancer         freelancerJSON  `json:"freelancer"`
	Milestones         []milestoneJSON `json:"milestones"`
}

// contractDetail is what the read of one contract adds.
type contractDetail struct {
	contractJSON
	ConversationID orNull     `json:"jobDmConversationId"`
	Budget         budgetJSON `json:"budget"`
}

type budgetJSON struct {
	ContractID       string           `json:"contractId"`
	PaymentType      string           `json:"paymentType"`
	State            string           `json:"state"`
	FundedVolume     json.RawMessage  `json:"fundedVolume"`
	FundedAmountUSD  json.RawMessage  `json:"fundedAmountUsd"`
	Consumed         consumedJSON     `json:"consumed"`
	ConsumedVolume   json.RawMessage  `json:"consumedVolume"`
	RemainingVolume  json.RawMessage  `json:"remainingVolume"`
	ConsumedFraction json.RawMessage  `json:"consumedFraction"`
	ActiveMilestone  *activeMilestone `json:"activeMilestone"`
	LastUsageAt      when             `json:"lastUsageAt"`
}

type consumedJSON struct {
	Seconds int `json:"seconds"`
	Hours   int `json:"hours"`
	Labels  int `json:"labels"`
	Tasks   int `json:"tasks"`
}

type activeMilestone struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	AmountUSD json.RawMessage `json:"amountUsd"`
	Volume    json.RawMessage `json:"volume"`
	Status    string          `json:"status"`
}

// fixedPrice is the only payment type of contracts here.
const fixedPrice = "FIXED_PRICE"

// contractView returns a contract as answers show it, without milestones whose money
// went back or that were cancelled.
func contractView(c escrow.Contract, f facts, p Proposal) contractJSON {
	own := contractJSON{
		ID: c.ID(), Status: string(c.Status()), Title: orNull(opentrain.Title.In(c.View())), JobID: orNull(opentrain.JobID.In(c.View())),
		ProposalID: orNull(opentrain.ProposalID.In(c.View())), PaymentType: fixedPrice, RateUSD: zero,
		StartDate: when(f.hired), EndDate: when(opentrain.Ending(c)), CreatedAt: when(f.hired), UpdatedAt: when(c.DecidedAt()),
		Freelancer: freelancerJSON{c.Account(opentrain.Worker), p.DisplayName, orNull(p.Country), orNull(p.ProfilePath)}, Milestones: []milestoneJSON{},
	}
	if f.hired.IsZero() {
		own.StartDate, own.CreatedAt = when(c.CreatedAt()), when(c.CreatedAt())
	}
	var total escrow.Amount
	for i, m := range opentrain.Milestones(c) {
		if i == 0 {
			own.RateUSD = dollars(c, m.Amount)
		}
		if m.Status == opentrain.Refunded || m.Status == opentrain.Cancelled {
			continue
		}
		total = total.Plus(m.Amount)
		own.HasActiveMilestone = own.HasActiveMilestone || m.Status == opentrain.ActiveFunded
		own.Milestones = append(own.Milestones, milestoneView(c, m, f))
	}
	own.EstimatedTotalUSD = dollars(c, total)
	return own
}

// budgetView returns what was funded. Nothing is consumed of a fixed price.
func budgetView(c escrow.Contract) budgetJSON {
	b := budgetJSON{ContractID: c.ID(), PaymentType: fixedPrice, State: "OK", FundedVolume: zero, ConsumedVolume: zero, RemainingVolume: zero, ConsumedFraction: zero}
	var funded escrow.Amount
	for _, m := range opentrain.Milestones(c) {
		if m.Status == opentrain.ActiveFunded || m.Status == opentrain.Paid {
			funded = funded.Plus(m.Amount)
		}
		if m.Status == opentrain.ActiveFunded && b.ActiveMilestone == nil {
			b.ActiveMilestone = &activeMilestone{ID: milestoneID(c.ID(), m.ID), Name: m.Name, AmountUSD: dollars(c, m.Amount), Status: m.Status}
		}
	}
	b.FundedAmountUSD = dollars(c, funded)
	return b
}

// approvalRecord is what the engine's form of an approval has that answers show.
type approvalRecord struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	Status      string          `json:"status"`
	ContractID  string          `json:"contractId"`
	MilestoneID string          `json:"milestoneId"`
	JobID       orNull          `json:"jobId"`
	ProposalID  orNull          `json:"proposalId"`
	ExpiresAt   time.Time       `json:"expiresAt"`
	ResolvedAt  time.Time       `json:"resolvedAt"`
	Result      json.RawMessage `json:"result"`
	CreatedAt   time.Time       `json:"createdAt"`
	RequestedBy string          `json:"requestedBy"`
}

type approvalJSON struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	Status      string          `json:"status"`
	ContractID  orNull          `json:"contractId"`
	MilestoneID orNull          `json:"milestoneId"`
	JobID       orNull          `json:"jobId"`
	ProposalID  orNull          `json:"proposalId"`
	ApprovalURL string          `json:"approvalUrl"`
	ExpiresAt   when            `json:"expiresAt"`
	ResolvedAt  when            `json:"resolvedAt"`
	Result      json.RawMessage `json:"result"`
	CreatedAt   when            `json:"createdAt"`
}

// approvalView returns an approval of the engine's as answers show it.
func (s *Server) approvalView(ctx context.Context, record json.RawMessage) (own approvalJSON, err error) {
	var a approvalRecord
	if err := json.Unmarshal(record, &a); err != nil {
		return own, err
	}
	own = approvalJSON{ID: a.ID, Type: a.Type, Status: a.Status, ContractID: orNull(a.ContractID), JobID: a.JobID, ProposalID: a.ProposalID,
		ApprovalURL: s.ApprovalURL(a.ID), ExpiresAt: when(a.ExpiresAt), ResolvedAt: when(a.ResolvedAt), Result: a.Result, CreatedAt: when(a.CreatedAt)}
	switch a.Type {
	case "proposal_hire": // there is no contract before it is confirmed, and then the result names it
		own.ContractID = ""
	case "milestone_fund", "milestone_approve":
		own.MilestoneID = orNull(milestoneID(a.ContractID, a.MilestoneID))
		own.Result, err = s.evidence(ctx, &a)
	}
	return own, err
}

// evidence returns the result of a confirmation that moved a milestone's money: the
// movement that funded it stands for the invoice, and the one that released it for the
// payout.
func (s *Server) evidence(ctx context.Context, a *approvalRecord) (json.RawMessage, error) {
	var moved struct {
		Movements []string `json:"movements"`
	}
	if a.Status != string(escrow.ApprovalIsConfirmed) || json.Unmarshal(a.Result, &moved) != nil || len(moved.Movements) == 0 {
		return a.Result, nil
	}
	if a.Type == "milestone_fund" {
		return json.Marshal(map[string]string{"invoiceId": moved.Movements[0]})
	}
	all, err := s.facts(ctx, a.ContractID)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]orNull{"invoiceId": orNull(all[a.ContractID].invoices[a.MilestoneID]), "payoutTransactionId": orNull(moved.Movements[0])})
}
