package opencontract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/transcript"
	"github.com/escrow-go/escrow/opencontract"
)

// TestTranscripts plays the lives of testdata/transcripts. Actors are client, worker
// and system; anything else is an agent.
func TestTranscripts(t *testing.T) {
	transcript.Teller{
		Lifecycle: opencontract.Lifecycle,
		Sample: `{"id":"c1","client":"0xClient","worker":"0xWorker","taskDescription":"Summarize 10 research papers","acceptanceCriteria":["length","method","coverage"],
			"contractType":"fixed","awardMethod":"direct_award","verificationMode":"privacy-preserving","budgetOrPrice":"50","matchDeadline":"2026-06-04T00:00:00Z",
			"withdrawalDeadline":"2026-06-05T00:00:00Z","deliveryDeadline":"2026-06-06T00:00:00Z","reviewDeadline":"2026-06-08T00:00:00Z","policy":{}}`,
		Alias: map[string]string{"price": "budgetOrPrice"},
		Actor: func(c escrow.Contract, name string) (escrow.Actor, bool) {
			switch name {
			case "client":
				return escrow.Agent(c.Account(opencontract.Client)), true
			case "worker":
				return escrow.Agent(c.Account(opencontract.Worker)), true
			}
			return escrow.Actor{}, false
		},
		Payload: payload,
		Shows:   map[string]func(escrow.Contract) string{"votes": voted},
		Adds: func(d escrow.Decision) (text string) {
			for _, r := range opencontract.Rewards(d) {
				text += fmt.Sprintf("  reward %s criterion %d: %s tokens\n", r.BackupAgent, r.CriterionIndex, r.Tokens)
			}
			return text
		},
	}.Run(t)
}

// payload is what a command carries, from its words.
func payload(action string, words []string) map[string]any {
	switch action {
	case "deliver":
		return map[string]any{"delivery": strings.Join(words, " ")}
	case "draw":
		return map[string]any{"backupAgents": words}
	case "vote":
		var ballots []any
		for i, word := range words {
			ballots = append(ballots, map[string]any{"criterionIndex": i, "vote": strings.Replace(word, "-", " ", 1)})
		}
		return map[string]any{"votes": ballots}
	}
	return nil
}

// voted prints what was voted and what came of it.
func voted(c escrow.Contract) string {
	text := fmt.Sprintf("criteria: %q\n", opencontract.CriteriaMet(c))
	for _, v := range opencontract.Votes(c) {
		text += fmt.Sprintf("  %s criterion %d: %s", v.BackupAgent, v.CriterionIndex, v.Vote)
		if v.MajorityOutcome != "" {
			text += fmt.Sprintf("; outcome %s, bond %s, reward %s", v.MajorityOutcome, v.BondOutcome, v.Reward)
		}
		text += "\n"
	}
	return text
}
