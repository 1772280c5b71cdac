package escrow_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write the transcripts anew instead of comparing them")

// TestTranscripts plays the lives of testdata/transcripts. A transcript is
// blocks of commands, a line of dashes, and what they print; lines that start
// with # are remarks. With -rewrite the files are written as they are played.
//
//	draft opencontract price=50 policy.baRecruitCount=1   terms, over those of a sample
//	create by client at 2026-06-03T00:00:00Z              any action; the time stays until another
//	vote met not-met unclear by 0xA                       its payload stands between action and actor
//	next | horizon | votes | milestones                   what else there is to see
//
// Actors are client, worker and system; human:ann and token:tok/ann of the
// client's account; anything else is an agent. Every decision's snapshot goes
// through JSON before the next command.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			played := (&stage{desk: desk{TB: t}}).play(string(text))
			if *rewrite {
				require.NoError(t, os.WriteFile(name, []byte(played), 0o644))
				return
			}
			assert.Equal(t, string(text), played)
		})
	}
}

// stage plays a transcript.
type stage struct{ desk }

// play returns a transcript with what its commands print now.
func (s *stage) play(text string) string {
	var out strings.Builder
	for i, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			out.WriteString("\n")
		}
		commands, _, asks := strings.Cut(block+"\n", "----\n")
		out.WriteString(commands)
		if !asks {
			continue
		}
		out.WriteString("----\n")
		for line := range strings.Lines(commands) {
			if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
				out.WriteString(s.perform(line))
			}
		}
	}
	return out.String()
}

// perform carries one line out and returns what it prints.
func (s *stage) perform(line string) string {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "draft":
		return s.draft(strings.Fields(rest))
	case "next":
		return s.next()
	case "horizon":
		return s.horizon()
	case "votes":
		return s.votes()
	case "milestones":
		return s.milestones()
	}
	payload, asks, ok := strings.Cut(" "+rest, " by ")
	require.True(s, ok, "%s: nobody asks", line)
	who, when, timed := strings.Cut(asks, " at ")
	if timed {
		s.now = instantText(s, when)
	}
	body := mustText(s, payloadOf(verb, strings.Fields(payload)))
	cmd, err := s.c.Lifecycle().ParseCommand([]byte(body))
	require.NoError(s, err, line)
	return s.answer(cmd, s.actor(who))
}

// instantText reads a time of a transcript.
func instantText(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

// samples are the terms that a draft starts from.
var samples = map[string]string{
	"opencontract": `{"id":"c1","client":"0xClient","worker":"0xWorker","taskDescription":"Summarize 10 research papers","acceptanceCriteria":["length","method","coverage"],
		"contractType":"fixed","awardMethod":"direct_award","verificationMode":"privacy-preserving","budgetOrPrice":"50","matchDeadline":"2026-06-04T00:00:00Z",
		"withdrawalDeadline":"2026-06-05T00:00:00Z","deliveryDeadline":"2026-06-06T00:00:00Z","reviewDeadline":"2026-06-08T00:00:00Z","policy":{}}`,
	"opentrain": `{"id":"h1","client":"acme","worker":"trainer","title":"Label pictures","jobId":"job7","proposalId":"prop9",
		"milestones":[{"id":"m1","name":"First batch","amount":"100"}],"policy":{}}`,
}

// draft makes a draft of a sample with some fields changed; "none" removes one.
func (s *stage) draft(words []string) string {
	text := edited(s, samples[words[0]], "lifecycle", words[0])
	for _, word := range words[1:] {
		path, value, _ := strings.Cut(word, "=")
		if path == "price" {
			path = "budgetOrPrice"
		}
		var v any = value
		switch {
		case value == "none":
			v = gone{}
		case json.Valid([]byte(value)):
			v = json.RawMessage(value)
		}
		text = edited(s, text, path, v)
	}
	s.c = parsed(s, text)
	return "draft of " + words[0] + "\n"
}

// actor is who a transcript names.
func (s *stage) actor(name string) escrow.Actor {
	kind, id, _ := strings.Cut(name, ":")
	switch kind {
	case "client":
		return escrow.Agent(s.c.Client())
	case "worker":
		return escrow.Agent(s.c.Worker())
	case "system":
		return escrow.SystemActor()
	case "human":
		return escrow.Human(id, s.c.Client())
	case "token":
		token := byToken
		token.ID, token.User, _ = strings.Cut(id, "/")
		token.Account = s.c.Client()
		return token
	}
	return escrow.Agent(name)
}

// payloadOf builds a command's JSON from its words.
func payloadOf(action string, words []string) map[string]any {
	body := map[string]any{"action": action}
	switch action {
	case "deliver":
		body["delivery"] = strings.Join(words, " ")
	case "draw":
		body["backupAgents"] = words
	case "vote":
		body["votes"] = ballotsOf(words)
	case "fund_milestone", "approve_milestone":
		body["milestoneId"] = words[0]
	case "confirm", "decline_approval":
		body["approvalId"] = words[0]
		words = words[1:]
		fallthrough
	case "hire", "add_milestone", "end":
		termsOf(body, words)
	}
	return body
}

// ballotsOf is one ballot for each word.
func ballotsOf(words []string) []any {
	var list []any
	for i, word := range words {
		list = append(list, map[string]any{"criterionIndex": i, "vote": strings.Replace(word, "-", " ", 1)})
	}
	return list
}

// termsOf adds dispositions such as m1=release, and fields of a milestone.
func termsOf(body map[string]any, words []string) {
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

// answer asks, stores the next snapshot, and prints what followed.
func (s *stage) answer(cmd escrow.Command, who escrow.Actor) string {
	d, err := s.ask(cmd, who)
	var e *escrow.Error
	if errors.As(err, &e) {
		return refusedText(e)
	}
	stored := jsonOf(s, d.Contract)
	s.c = parsed(s, stored)
	require.Equal(s, stored, jsonOf(s, s.c))
	return s.decided(d)
}

// refusedText prints a refusal: class, reason, rule, and what it depends on.
func refusedText(e *escrow.Error) string {
	text := "refused: " + string(e.Code()) + " " + string(e.Reason())
	if e.Rule() != "" {
		text += " (" + e.Rule() + ")"
	}
	for _, key := range []string{"field", "deadline", "at", "statuses", "status", "requiredScopes"} {
		if v, ok := e.Details()[key]; ok {
			text += fmt.Sprintf(", %s %v", key, v)
		}
	}
	return text + "\n"
}

// decided prints a decision.
func (s *stage) decided(d escrow.Decision) string {
	var out strings.Builder
	rule := d.Rule
	if d.Executes != "" {
		rule += " executes " + d.Executes
	}
	from := string(d.From)
	if from == "" {
		from = "draft"
	}
	fmt.Fprintf(&out, "%s: %s -> %s at %s, revision %d\n", rule, from, d.To, d.At().Format(time.RFC3339Nano), d.Contract.Revision())
	for _, m := range d.Movements() {
		out.WriteString("  " + movementText(m) + "\n")
	}
	for _, r := range d.Rewards() {
		fmt.Fprintf(&out, "  reward %s criterion %d: %s tokens\n", r.BackupAgent, r.CriterionIndex, r.Tokens)
	}
	if review, ok := d.Review(); ok {
		fmt.Fprintf(&out, "  review of %s by %d people\n", s.c.Asset().Text(review.Amount), review.Quorum)
	}
	if a, ok := d.Approval(); ok {
		out.WriteString(approvalText(a))
	}
	if list := held(s.c); list != "" {
		return out.String() + "  held: " + list + "\n"
	}
	return out.String() + "  held: nothing\n"
}

// movementText prints a movement with its basis.
func movementText(m escrow.Movement) string {
	text := m.String()
	if m.Basis.HasRatio {
		text += fmt.Sprintf(" = %s of %s", m.Basis.Ratio, m.Asset.Text(m.Basis.Of))
	}
	if m.Basis.Policy != "" {
		text += ", " + m.Basis.Policy
	}
	return text
}

// approvalText prints an approval, and what it would move while it waits.
func approvalText(a escrow.Approval) string {
	text := fmt.Sprintf("  approval %s %s %s, asked by %s, confirmed by %v of %d, until %s\n", a.ID, a.Type, a.Status, a.RequestedBy, a.ConfirmedBy, a.Quorum, a.ExpiresAt.Format(time.RFC3339))
	if a.Result != nil {
		text += "    result " + string(a.Result) + "\n"
	}
	if a.Status == escrow.ApprovalIsPending {
		for _, m := range a.Movements {
			text += "    shows " + m.String() + "\n"
		}
	}
	return text
}

// next prints when time next changes the contract.
func (s *stage) next() string {
	d, ok := escrow.NextDeadline(s.c)
	if !ok {
		return "next: never\n"
	}
	return fmt.Sprintf("next: %s at %s, then %s -> %s\n", d.Moment, d.At.Format(time.RFC3339), d.Then.Rule, d.Then.To)
}

// horizon prints from when time and the system alone end the contract.
func (s *stage) horizon() string {
	at, ok := escrow.MaxTime(s.c)
	switch {
	case !ok:
		return "horizon: none of its own\n"
	case at.IsZero():
		return "horizon: now\n"
	}
	return "horizon: " + at.Format(time.RFC3339) + "\n"
}

// votes prints what was voted and what came of it.
func (s *stage) votes() string {
	text := fmt.Sprintf("criteria: %q\n", s.c.CriteriaMet())
	for _, v := range s.c.Votes() {
		text += fmt.Sprintf("  %s criterion %d: %s", v.BackupAgent, v.CriterionIndex, v.Vote)
		if v.MajorityOutcome != "" {
			text += fmt.Sprintf("; outcome %s, bond %s, reward %s", v.MajorityOutcome, v.BondOutcome, v.Reward)
		}
		text += "\n"
	}
	return text
}

// milestones prints the milestones and the status of every approval.
func (s *stage) milestones() string {
	text := ""
	for _, m := range s.c.Milestones() {
		text += fmt.Sprintf("milestone %d %s %q: %s %s\n", m.Number, m.ID, m.Name, s.c.Asset().Text(m.Amount), m.Status)
	}
	for _, a := range s.c.Approvals() {
		text += fmt.Sprintf("approval %s %s %s\n", a.ID, a.Type, a.Status)
	}
	return text
}
