package oracle

import (
	"fmt"
	"math/big"
	"strings"
)

// decision is wire.md, "Decision".
type decision struct {
	Rule      string     `json:"rule"`
	Executes  string     `json:"executes,omitempty"`
	Action    string     `json:"action"`
	From      string     `json:"from"`
	To        string     `json:"to"`
	Actor     decider    `json:"actor"`
	Command   *command   `json:"command"`
	At        moment     `json:"at"`
	Movements []movement `json:"movements"`
	Rewards   *[]reward  `json:"rewards,omitempty"` // OpenContract's alone
	Approval  *approval  `json:"approval"`
	Review    *review    `json:"review"`
	Contract  *contract  `json:"contract"`
}

// movement is money.md, "Accounts"; an approval's has no id and no basis.
type movement struct {
	ID     string `json:"id,omitempty"`
	From   string `json:"from"`
	To     string `json:"to"`
	Amount number `json:"amount"`
	Reason string `json:"reason"`
	Basis  *basis `json:"basis,omitempty"`
}

// basis is money.md: "the base amount, the policy field and the fraction that
// made it"; times is the number of criteria of a backup bond, when not one. (chosen)
type basis struct {
	Of     number `json:"of"`
	Ratio  number `json:"ratio,omitzero"`
	Policy string `json:"policy,omitempty"`
	Times  int    `json:"times,omitempty"`
}

// reward is opencontract.md, "Settlement", 5.
type reward struct {
	BackupAgent    string `json:"backupAgent"`
	CriterionIndex int    `json:"criterionIndex"`
	Tokens         number `json:"tokens"`
}

// review is engine.md, "Payout review".
type review struct {
	Amount    number `json:"amount"`
	MinPayout number `json:"minPayout"`
	Quorum    count  `json:"quorum"`
}

// decide begins the decision of a rule: nothing moves yet, and the status stays.
func (s *scene) decide(rule string, at moment) *decision {
	d := &decision{
		Rule: rule, Action: s.cmd.Action, From: s.c.Status, To: s.c.Status, At: at,
		Actor:   decider{s.who.ID, s.who.Kind, s.who.Account, s.who.User},
		Command: s.cmd, Movements: []movement{}, Contract: s.c,
	}
	if s.c.Lifecycle == "opencontract" {
		d.Rewards = &[]reward{}
	}
	return d
}

// move adds a movement. money.md: "A movement of zero is not emitted."
func (d *decision) move(from, to string, amount *big.Rat, reason string, b basis) {
	if amount.Sign() > 0 {
		d.Movements = append(d.Movements, movement{From: from, To: to, Amount: number{amount}, Reason: reason, Basis: &b})
	}
}

// all is the basis of a movement of a whole amount, or of a part of it that no
// ratio made.
func all(of *big.Rat) basis { return basis{Of: number{of}} }

func part(of *big.Rat, ratio number, policy string) basis {
	return basis{Of: number{of}, Ratio: ratio, Policy: policy}
}

func (c *contract) clientAccount() string { return "client:" + string(c.Client) }
func (c *contract) workerAccount() string { return "worker:" + string(c.Worker) }

// finish gives the next snapshot its revision ("grows by one with every decision
// that changes the snapshot"), its status and times ("enteredAt is set when the status
// changes, not by a rule that keeps it"), its custody, and the movements their ids.
func (s *scene) finish(d *decision) (*decision, *refusal) {
	s.c.Revision++
	if s.c.Status != d.To {
		s.c.Status, s.c.EnteredAt = d.To, d.At
	}
	s.c.DecidedAt = d.At
	s.c.forget()
	s.c.Custody = s.c.implied()
	s.c.writeOut()
	for i := range d.Movements {
		d.Movements[i].ID = s.movementID(d.Rule, i, s.c.Revision)
	}
	d.Review = s.review(d.Movements)
	return d, nil
}

// unchanged is the decision that leaves the snapshot and its revision as they were.
func (s *scene) unchanged(d *decision) (*decision, *refusal) {
	s.c.writeOut()
	return d, nil
}

// movementID is wire.md: "contract id, revision of the next snapshot, position, and
// the first 12 hexadecimal digits of SHA-256 over the canonical JSON {"actor":
// {"account", "id", "kind", "user"}, "command", "rule"}". An unset user is null, as in
// an approval's hash. (chosen)
func (s *scene) movementID(rule string, i int, next revision) string {
	digest := sha256Of(map[string]any{
		"actor":   map[string]any{"account": s.who.Account, "id": s.who.ID, "kind": s.who.Kind, "user": orNull(s.who.User)},
		"command": s.cmd, "rule": rule,
	})
	return fmt.Sprintf("%s/%d/%d/%s", s.c.ID, next, i, digest[:12])
}

// review: "when what it pays out of custody reaches minPayout (>=, all payouts of
// the decision together)". Nothing paid out, nothing to review. (chosen)
func (s *scene) review(movements []movement) *review {
	policy := s.c.payoutReview()
	paid := new(big.Rat)
	for _, m := range movements {
		if custody(m.From) && !custody(m.To) {
			paid.Add(paid, m.Amount.rat())
		}
	}
	if policy == nil || paid.Sign() == 0 || paid.Cmp(policy.MinPayout.rat()) < 0 {
		return nil
	}
	return &review{Amount: number{paid}, MinPayout: number{policy.MinPayout.rat()}, Quorum: policy.Quorum}
}

// custody is the table of accounts in money.md.
func custody(account string) bool {
	kind, _, _ := strings.Cut(account, ":")
	switch kind {
	case "escrow", "stake", "dispute-bond", "backup-bond", "milestone":
		return true
	}
	return false
}
