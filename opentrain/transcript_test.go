package opentrain_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/transcript"
	"github.com/escrow-go/escrow/opentrain"
)

// TestTranscripts plays the lives of testdata/transcripts. Actors are client, worker
// and system; human:ann and token:tok/ann of the client's account; anything else is
// an agent.
func TestTranscripts(t *testing.T) {
	transcript.Teller{
		Lifecycle: opentrain.Lifecycle,
		Sample: `{"id":"h1","client":"acme","worker":"trainer","title":"Label pictures","jobId":"job7","proposalId":"prop9",
			"milestones":[{"id":"m1","name":"First batch","amount":"100"}],"policy":{}}`,
		Actor:   named,
		Payload: payload,
		Shows:   map[string]func(escrow.Contract) string{"milestones": milestones},
	}.Run(t)
}

// named is whom a transcript names.
func named(c escrow.Contract, name string) (escrow.Actor, bool) {
	client := c.Account(opentrain.Client)
	kind, id, _ := strings.Cut(name, ":")
	switch kind {
	case "client":
		return escrow.Agent(client), true
	case "worker":
		return escrow.Agent(c.Account(opentrain.Worker)), true
	case "human":
		return escrow.Human(id, client), true
	case "token":
		token := byToken
		token.ID, token.User, _ = strings.Cut(id, "/")
		token.Account = client
		return token, true
	}
	return escrow.Actor{}, false
}

// payload is what a command carries, from its words.
func payload(action string, words []string) map[string]any {
	body := map[string]any{}
	switch action {
	case "fund_milestone", "approve_milestone":
		body["milestoneId"] = words[0]
	case "confirm", "decline_approval":
		body["approvalId"] = words[0]
		terms(body, words[1:])
	default:
		terms(body, words)
	}
	return body
}

// terms adds dispositions such as m1=release, and fields of a milestone.
func terms(body map[string]any, words []string) {
	milestone, dispositions := map[string]any{}, []any{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		if value == "release" || value == "refund" {
			dispositions = append(dispositions, map[string]any{"milestoneId": name, "disposition": value})
		} else {
			milestone[name] = strings.ReplaceAll(value, "_", " ")
		}
	}
	if len(milestone) > 0 {
		body["milestone"] = milestone
	}
	if len(dispositions) > 0 {
		body["dispositions"] = dispositions
	}
}

// milestones prints the milestones and the status of every approval.
func milestones(c escrow.Contract) (text string) {
	for _, m := range opentrain.Milestones(c) {
		text += fmt.Sprintf("milestone %d %s %q: %s %s\n", m.Number, m.ID, m.Name, c.Asset().Text(m.Amount), m.Status)
	}
	for _, a := range c.Approvals() {
		text += fmt.Sprintf("approval %s %s %s\n", a.ID, a.Type, a.Status)
	}
	return text
}
