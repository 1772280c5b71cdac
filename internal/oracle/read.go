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
	c := &contract{}
	if no := decode(raw, c, "contract"); no != nil {
		return nil, no
	}
	if c.Lifecycle == "" { // "Absent: told from status, else opencontract."
		c.Lifecycle = "opencontract"
		if slices.Contains(otStatuses, c.Status) {
			c.Lifecycle = "opentrain"
		}
	}
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
	if no := c.readAsset(); no != nil {
		return nil, no
	}
	if no := c.readPolicy(); no != nil {
		return nil, no
	}
	c.Version, c.Schema = 1, 1
	if c.BudgetOrPrice.rat().Sign() == 0 {
		c.BudgetOrPrice = number{} // no price (chosen)
	}
	for _, m := range c.Milestones {
		if no := oneAmount(&m.Amount, &m.AmountUsd); no != nil {
			return nil, no
		}
	}
	if c.Status == "" {
		return c, nil
	}
	return c, c.readStored()
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
	if c.Asset.Code == nil || c.Asset.Scale == nil {
		return malformed("asset")
	}
	return nil
}

// oneAmount: "amountUsd is accepted for amount"; both is malformed. (chosen) The
// amount of a milestone has at most 18 places, the largest scale. (chosen)
func oneAmount(amount, amountUsd *number) *refusal {
	if !amount.IsZero() && !amountUsd.IsZero() {
		return malformed("amountUsd")
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
	recorded := c.latest()
	if c.Lifecycle == "opencontract" {
		if no := c.fillIn(); no != nil {
			return no
		}
	}
	for _, a := range c.Approvals {
		a.fillIn(c)
	}
	if c.DecidedAt.IsZero() {
		c.DecidedAt = recorded
	}
	if c.EnteredAt.IsZero() { // (chosen)
		c.EnteredAt = c.DecidedAt
	}
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

// latest: "the latest of createdAt, enteredAt, the approvals' createdAt and
// resolvedAt, and those declared fields that rules set to now".
func (c *contract) latest() (last moment) {
	list := []moment{c.CreatedAt, c.EnteredAt, c.DeliveredAt, c.DisputedAt, c.EndDate}
	for _, a := range c.Approvals {
		list = append(list, a.CreatedAt, a.ResolvedAt)
	}
	for _, m := range list {
		if last.Before(m.Time) {
			last = m
		}
	}
	return last
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
