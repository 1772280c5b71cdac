package oracle

import (
	"bytes"
	"encoding/json"
	"slices"
)

// opencontract.md and opentrain.md, "Statuses"; a draft has none.
var (
	ocStatuses = []string{"created", "matched", "under-review", "disputed", "resolved",
		"settled-fully-met", "settled-partially-met", "settled-none-met", "cancelled-by-client",
		"cancelled-unmatched", "cancelled-withdrawn", "cancelled-absent"}
	otStatuses = []string{"proposed", "active", "ended", "not-hired"}
)

// readContract is wire.md, "Contract" and "What is implied".
func readContract(raw json.RawMessage) (*contract, *refusal) {
	head := &struct{ Lifecycle, Status string }{}
	if no := decode(raw, head, "contract"); no != nil {
		return nil, no
	}
	if head.Lifecycle == "" { // "Absent: told from status, else opencontract."
		head.Lifecycle = "opencontract"
		if slices.Contains(otStatuses, head.Status) {
			head.Lifecycle = "opentrain"
		}
	}
	c := &contract{}
	if no := decode(own(raw, head.Lifecycle), c, "contract"); no != nil {
		return nil, no
	}
	c.Lifecycle = head.Lifecycle
	if c.Lifecycle != "opencontract" && c.Lifecycle != "opentrain" {
		return nil, &refusal{Code: "invalid_request", Reason: "unknown_lifecycle", Details: map[string]any{}}
	}
	statuses := ocStatuses
	if c.Lifecycle == "opentrain" {
		statuses = otStatuses
	}
	if c.Status != "" && !slices.Contains(statuses, c.Status) {
		return nil, malformed("status")
	}
	strict := c.Schema != 0
	if no := c.readVersion(raw); no != nil {
		return nil, no
	}
	if no := c.readAsset(); no != nil {
		return nil, no
	}
	if no := c.readPolicy(strict); no != nil && (c.Status != "" || no.Reason != "invalid_policy") {
		return nil, no
	} else { // the terms of a draft are judged by its founding action
		c.policyFault = no
	}
	if c.BudgetOrPrice.rat().Sign() == 0 {
		c.BudgetOrPrice = number{} // no price (chosen)
	}
	for _, m := range c.Milestones {
		if no := oneAmount(&m.Amount, &m.AmountUsd, c.Asset); no != nil {
			return nil, no
		}
	}
	if c.Status == "" {
		return c, nil
	}
	return c, c.readStored()
}

// foreign are the fields of the table in wire.md that are the other lifecycle's: to
// this one they are unknown, and "Unknown fields are ignored in a contract without
// schema".
var foreign = map[string][]string{
	"opencontract": {"title", "jobId", "proposalId", "milestones", "endDate"},
	"opentrain": {"taskDescription", "supplementaryMaterials", "delivery", "deliveredAt", "disputedAt", "acceptanceCriteria", "criteriaMet",
		"contractType", "awardMethod", "verificationMode", "budgetOrPrice", "matchDeadline", "withdrawalDeadline", "deliveryDeadline",
		"reviewDeadline", "votingDeadline", "backupAgents", "votes", "escrowedFunds", "workerStake", "disputeBond"},
}

// own is a contract without the fields that are not its lifecycle's.
func own(raw json.RawMessage, lifecycle string) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return raw
	}
	for _, name := range foreign[lifecycle] {
		delete(fields, name)
	}
	out, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return out
}

// readVersion: a snapshot with a schema "is read strictly: an unknown field … is
// malformed". There is one schema, and one version of each lifecycle.
func (c *contract) readVersion(raw json.RawMessage) *refusal {
	if c.Schema != 0 {
		if no := decodeStrict(raw, &contract{}, "contract"); no != nil {
			return no
		}
	}
	if c.Schema > 1 {
		return malformed("schema")
	}
	if c.Version > 1 {
		return &refusal{Code: "invalid_request", Reason: "unknown_lifecycle", Details: map[string]any{}}
	}
	c.Schema, c.Version = 1, 1
	return nil
}

// readAsset: "absent: USDC 6 for opencontract, USD 2 for opentrain".
func (c *contract) readAsset() *refusal {
	if c.Asset == nil {
		code, places := ident("USDC"), scale(6)
		if c.Lifecycle == "opentrain" {
			code, places = "USD", 2
		}
		c.Asset = &asset{&code, &places}
	}
	if c.Asset.Code == nil || *c.Asset.Code == "" || c.Asset.Scale == nil {
		return malformed("asset")
	}
	return nil
}

// oneAmount: "Milestones are given with amount, or with amountUsd where the asset is
// USD; in any other asset amountUsd is invalid_milestone"; both is malformed. (chosen)
// The amount of a milestone has at most 18 places, the largest scale. (chosen)
func oneAmount(amount, amountUsd *number, of *asset) *refusal {
	if !amount.IsZero() && !amountUsd.IsZero() {
		return malformed("amountUsd")
	}
	if !amountUsd.IsZero() && *of.Code != "USD" {
		return &refusal{Code: "invalid_request", Reason: "invalid_milestone", Details: map[string]any{"field": "amountUsd"}}
	}
	if amount.IsZero() {
		*amount, *amountUsd = *amountUsd, number{}
	}
	if amount.places() > 18 {
		return &refusal{Code: "invalid_request", Reason: "amount_scale", Details: map[string]any{"field": "amount"}}
	}
	return nil
}

// readStored fills in what is implied, and compares the custody.
func (c *contract) readStored() *refusal {
	if c.ID == "" || !contractID(c.ID) {
		return malformed("id")
	}
	for _, a := range c.Approvals {
		a.fillIn(c)
	}
	c.fillInTimes()
	if c.Lifecycle == "opencontract" {
		if no := c.fillIn(); no != nil {
			return no
		}
	}
	c.forget() // an import may hold more of them (chosen)
	given := c.Custody
	c.Custody = c.implied()
	for i := range given {
		for _, h := range given[:i] {
			if h.Account == given[i].Account {
				return malformed("amount") // names an account twice (field chosen)
			}
		}
	}
	if given != nil && !sameCustody(given, c.Custody) {
		return malformed("custody") // "one that differs is malformed"
	}
	return nil
}

// fillInTimes is engine.md: decidedAt absent "is the latest of createdAt, enteredAt,
// the approvals' createdAt and resolvedAt, and those declared fields that rules set to
// now; never an implied, agreed or future instant". An absent enteredAt is then. (chosen)
func (c *contract) fillInTimes() {
	if c.DecidedAt.IsZero() {
		known := []moment{c.CreatedAt, c.EnteredAt, c.DeliveredAt, c.DisputedAt, c.EndDate}
		for _, a := range c.Approvals {
			known = append(known, a.CreatedAt, a.ResolvedAt)
		}
		for _, at := range known {
			c.DecidedAt = latest(c.DecidedAt, at)
		}
	}
	if c.EnteredAt.IsZero() {
		c.EnteredAt = c.DecidedAt
	}
}

func latest(a, b moment) moment {
	if a.Before(b.Time) {
		return b
	}
	return a
}

func (c *contract) fillIn() *refusal {
	if c.EscrowedFunds.IsZero() {
		c.EscrowedFunds = c.BudgetOrPrice
	}
	unmatched := c.Status == "created" || c.Status == "cancelled-unmatched" || c.Status == "cancelled-by-client"
	if c.WorkerStake.IsZero() && !unmatched {
		return malformed("workerStake") // "missing from matched on is malformed"
	}
	// "Times that only this library sets, when absent".
	if c.Delivery != "" && c.DeliveredAt.IsZero() {
		c.DeliveredAt = c.DeliveryDeadline
	}
	if c.Status == "disputed" && c.DisputedAt.IsZero() { // later it tells nothing (chosen)
		c.DisputedAt = c.ReviewDeadline
	}
	if c.drawn() && c.VotingDeadline.IsZero() {
		c.VotingDeadline = c.drawWindowEnd()
	}
	if !c.drawn() {
		c.Votes = nil
	} else if c.Votes == nil {
		c.Votes = &[]vote{}
	}
	return nil
}

func sameCustody(a, b []held) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		if !slices.ContainsFunc(b, func(y held) bool { return x.Account == y.Account && x.Amount.rat().Cmp(y.Amount.rat()) == 0 }) {
			return false
		}
	}
	return true
}

// contractID: "1 to 200 bytes of printable ASCII, no space, no /".
func contractID(id string) bool {
	return wellFormed(id) && !bytes.Contains([]byte(id), []byte("/"))
}
