package oracle

import (
	"bytes"
	"encoding/json"
	"slices"
)

// actor is wire.md, "Actor".
type actor struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Account  string   `json:"account"`
	User     string   `json:"user"`
	Scopes   []string `json:"scopes"`
	Features []string `json:"features"`
	Claimed  bool     `json:"claimed"`
	ClaimURL string   `json:"claimUrl"`
}

// readActor: "kind absent = agent; account absent = id; user absent = id for a
// human, otherwise unset".
func readActor(raw json.RawMessage) (*actor, *refusal) {
	if absent(raw) {
		return nil, noActor()
	}
	a := &actor{}
	if no := decodeStrict(raw, a, "actor"); no != nil {
		return nil, no
	}
	if a.ID == "" {
		return nil, noActor()
	}
	a.Kind, a.Account = orElse(a.Kind, "agent"), orElse(a.Account, a.ID)
	if a.Kind == "human" {
		a.User = orElse(a.User, a.ID)
	}
	return a, nil
}

func (a *actor) fault() *refusal {
	if !slices.Contains([]string{"agent", "token", "human", "system"}, a.Kind) {
		return malformed("actor.kind")
	}
	if !wellFormed(a.ID) || !wellFormed(a.Account) || (a.User != "" && !wellFormed(a.User)) {
		return malformed("actor.id")
	}
	return nil
}

// asker is opentrain.md, "requestedBy (the asking user)": of a token that names no
// user the token itself. (chosen)
func (a *actor) asker() string { return orElse(a.User, a.ID) }

// system is who an advance counts as, "whoever sends it".
func system() *actor { return &actor{ID: "system", Kind: "system", Account: "system"} }

// decider is the actor as a decision carries it, and without the grants. (chosen)
type decider struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Account string `json:"account"`
	User    string `json:"user,omitempty"`
}

// command is wire.md, "Command". It is also what an approval holds.
type command struct {
	Action       string         `json:"action"`
	MilestoneID  ident          `json:"milestoneId,omitempty"`
	Milestone    *terms         `json:"milestone,omitempty"`
	Dispositions []*disposition `json:"dispositions,omitzero"`

	Delivery     string    `json:"delivery,omitempty"`
	BackupAgents texts     `json:"backupAgents,omitempty"`
	Votes        []*ballot `json:"votes,omitempty"`
	ApprovalID   string    `json:"approvalId,omitempty"`
	Seen         string    `json:"hash,omitempty"`
}

type ballot struct {
	CriterionIndex *count `json:"criterionIndex"`
	Vote           string `json:"vote"`
}

// terms are a milestone's, as commands carry them.
type terms struct {
	ID          ident  `json:"id,omitempty"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	Amount      number `json:"amount,omitzero"`
	AmountUsd   number `json:"amountUsd,omitzero"`
	DueDate     moment `json:"dueDate,omitzero"`
}

// disposition names a milestone, or nothing that is one: that is disposition_invalid.
type disposition struct {
	MilestoneID string `json:"milestoneId"`
	Disposition string `json:"disposition"`
}

// fields are the table in wire.md, "Command".
func fields(lifecycle, action string) (list []string, known bool) {
	if lifecycle == "opencontract" {
		switch action {
		case "create", "accept", "decline", "cancel", "withdraw", "approve", "settle", "advance", "dispute":
			return nil, true
		case "deliver":
			return []string{"delivery"}, true
		case "draw":
			return []string{"backupAgents"}, true
		case "vote":
			return []string{"votes"}, true
		}
		return nil, false
	}
	switch action {
	case "advance":
		return nil, true
	case "end":
		return []string{"dispositions"}, true
	case "hire", "add_milestone":
		return []string{"milestone"}, true
	case "fund_milestone", "approve_milestone":
		return []string{"milestoneId"}, true
	case "confirm":
		return []string{"approvalId", "hash", "dispositions", "milestone"}, true
	case "decline_approval":
		return []string{"approvalId", "hash"}, true
	case "revoke_confirmation":
		return []string{"approvalId"}, true
	}
	return nil, false
}

func readCommand(raw json.RawMessage, c *contract) (*command, *refusal) {
	var given map[string]json.RawMessage
	if no := decode(raw, &given, "command"); no != nil {
		return nil, no
	}
	cmd := &command{}
	if no := decode(raw, &struct {
		Action *string `json:"action"`
	}{&cmd.Action}, "command"); no != nil {
		return nil, no
	}
	if cmd.Action == "" {
		return nil, malformed("command.action")
	}
	allowed, known := fields(c.Lifecycle, cmd.Action)
	if !known {
		return nil, &refusal{Code: "invalid_request", Reason: "unknown_action", Action: cmd.Action, Details: map[string]any{}}
	}
	// "A field that the action does not have is malformed." The first one is named.
	surprise := ""
	for name := range given {
		if name == "action" || slices.Contains(allowed, name) {
			continue
		}
		if surprise == "" || bytes.Index(raw, []byte(`"`+name+`"`)) < bytes.Index(raw, []byte(`"`+surprise+`"`)) {
			surprise = name
		}
	}
	no := malformed(surprise)
	if surprise == "" {
		no = decodeStrict(raw, cmd, "command")
	}
	if no == nil && cmd.Milestone != nil {
		no = oneAmount(&cmd.Milestone.Amount, &cmd.Milestone.AmountUsd, c.Asset)
	}
	if no == nil && slices.Contains(allowed, "approvalId") && cmd.ApprovalID == "" {
		no = malformed("approvalId")
	}
	if no == nil && slices.Contains(cmd.Votes, nil) {
		no = malformed("votes")
	}
	if no == nil && slices.Contains(cmd.Dispositions, nil) {
		no = malformed("dispositions")
	}
	if no != nil {
		no.Action = cmd.Action // (chosen)
	}
	return cmd, no
}
