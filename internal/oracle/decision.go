package oracle

import (
	"crypto/sha256"
	"encoding/hex"
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
	Rewards   *[]reward  `json:"rewards,omitempty"` // opencontract's alone (chosen)
	Approval  *approval  `json:"approval"`
	Review    *review    `json:"review"`
	Contract  *contract  `json:"contract"`
}

// decider is wire.md: "The decision carries command and actor whole"; of the actor
// who it is, not what it may do. (chosen)
type decider struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Account string `json:"account"`
	User    string `json:"user,omitempty"`
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
		Rule: rule, Action: s.cmd.Action, From: s.c.Status, To: s.c.Status, At: at, Command: s.cmd,
		Actor:     decider{s.who.ID, s.who.Kind, s.who.Account, s.who.User},
		Movements: []movement{}, Contract: s.c,
	}
	if s.cmd.Action == "advance" { // "counts as the system's, whoever sends it"
		d.Actor = decider{"system", "system", "system", ""}
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
// that changes the snapshot"), its status, its times, its custody, and the movements
// their ids: "contract id, revision of the next snapshot, position, and the first 12
// hexadecimal digits".
func (s *scene) finish(d *decision) (*decision, *refusal) {
	s.c.Revision++
	s.c.DecidedAt = d.At
	if s.c.Status != d.To { // "set when the status changes"
		s.c.EnteredAt = d.At
	}
	s.c.Status = d.To
	s.c.Custody = s.c.implied()
	s.c.writeOut()
	for i := range d.Movements {
		d.Movements[i].ID = s.movementID(d, i, s.c.Revision)
	}
	d.Review = s.review(d.Movements)
	return d, nil
}

// unchanged is the decision that leaves the snapshot and its revision as they were.
func (s *scene) unchanged(d *decision) (*decision, *refusal) {
	s.c.writeOut()
	return d, nil
}

// movementID: "SHA-256 over the canonical JSON {"actor": {"account", "id", "kind",
// "user"}, "command", "rule"} (defaults filled in, the command as asked, rule the
// decision's own)".
func (s *scene) movementID(d *decision, i int, next revision) string {
	digest := sha256.Sum256([]byte(canonical(map[string]any{
		"actor":   map[string]any{"account": d.Actor.Account, "id": d.Actor.ID, "kind": d.Actor.Kind, "user": orNull(d.Actor.User)},
		"command": inJSON(d.Command), "rule": d.Rule,
	})))
	return fmt.Sprintf("%s/%d/%d/%s", s.c.ID, next, i, hex.EncodeToString(digest[:6]))
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
