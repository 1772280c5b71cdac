package opencontract

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// The members of a contract's object that the jury is written as.
const (
	memberAgents = "backupAgents"
	memberVotes  = "votes"
)

// juryForm writes the jury as the accounts drawn and, apart, the votes cast.
var juryForm = escrow.Form{
	List: Jury,
	Members: []escrow.Member{
		{Name: memberAgents, Meaning: "the accounts drawn to judge, in drawn order", Schema: `{"type": ["array", "null"], "maxItems": 15, "items": {"type": "string"}}`},
		{Name: memberVotes, Meaning: "the votes cast, by agent in drawn order, then by criterion; the last three are null until the tally", Schema: `{"type": ["array", "null"], "items": {"type": "object",
			"required": ["backupAgent", "criterionIndex", "vote"], "properties": {
				"backupAgent": {"type": "string"}, "criterionIndex": {"type": "integer", "minimum": 0, "maximum": 9},
				"vote": {"enum": ["met", "not met", "unclear"]}, "majorityOutcome": {"enum": ["met", "not met", "unclear", null]},
				"bondOutcome": {"enum": ["returned", "slashed", "partially slashed", null]}, "reward": {"type": ["string", "null"]}}}}`},
	},
	Write: writeJury,
	Read:  readJury,
	Status: func(v escrow.View) string {
		if v.Has(Ballots) {
			return voted
		}
		return seated
	},
}

// rewardsExtra tells what a settlement earns the backup agents.
var rewardsExtra = escrow.Extra{
	Name: "rewards", Meaning: "tokens that the application mints for backup agents who judged as the majority",
	Of: func(v escrow.View, action escrow.Action) []byte { return written(rewardsOf(v, action)) },
}

// writeJury writes a member; nothing before the draw.
func writeJury(v escrow.View, member string) []byte {
	switch {
	case v.Len(Jury) == 0:
		return nil
	case member == memberAgents:
		return written(agentsOf(v))
	}
	return written(votesOf(v))
}

// written returns a list as JSON, without the escapes that HTML would need.
func written[T any](list []T) []byte {
	if len(list) == 0 {
		return []byte("[]")
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(list); err != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}

// readJury reads the jury of a stored contract. What it says of the votes must
// follow from them.
func readJury(v escrow.View, members map[string][]byte) ([][]escrow.Value, *escrow.Error) {
	var agents []string
	var said []CastVote
	var err error
	if isNone(members[memberAgents]) && isNone(members[memberVotes]) {
		return nil, nil
	}
	if text := members[memberAgents]; text != nil && json.Unmarshal(text, &agents) != nil {
		return nil, malformed(memberAgents, "must be a list of strings")
	}
	if text := members[memberVotes]; text != nil {
		if said, err = readVotes(text); err != nil {
			return nil, malformed(memberVotes, "must be a list of {backupAgent, criterionIndex, vote, majorityOutcome, bondOutcome, reward}")
		}
	}
	switch {
	case len(agents) > maxAgents:
		return nil, malformed(memberAgents, "must be at most fifteen")
	case len(agents) > 0 && !mayBeDrawn(v):
		return nil, malformed(memberAgents, "are not drawn in status "+string(v.Status()))
	case !strangers(v, agents):
		return nil, malformed(memberAgents, "must be accounts, none a party, none twice")
	}
	j := emptyJury(v, len(agents))
	if e := j.poll(agents, said); e != nil {
		return nil, e
	}
	if e := j.agrees(v, agents, said); e != nil {
		return nil, e
	}
	return j.rows(agents), nil
}

// isNone reports whether a member is left out, or an empty list.
func isNone(text []byte) bool { return text == nil || string(text) == "[]" }

// told is a vote as an object has it; its reward may be a number.
type told struct {
	CastVote
	Criterion *int        `json:"criterionIndex"`
	Reward    json.Number `json:"reward"`
}

// readVotes reads votes. A name that differs from a known one in letter case is
// none.
func readVotes(text []byte) ([]CastVote, error) {
	var names []map[string]json.RawMessage
	var rows []told
	if err := errors.Join(json.Unmarshal(text, &names), json.Unmarshal(text, &rows)); err != nil {
		return nil, err
	}
	votes := make([]CastVote, len(rows))
	for i, row := range rows {
		if row.Criterion == nil || slices.ContainsFunc(slices.Collect(maps.Keys(names[i])), misspelt) {
			return nil, errVotes
		}
		votes[i] = row.CastVote
		votes[i].CriterionIndex, votes[i].Reward = *row.Criterion, row.Reward.String()
	}
	return votes, nil
}

// misspelt reports whether a name is a known one but for letter case.
func misspelt(name string) bool {
	return slices.ContainsFunc(voteNames, func(known string) bool { return known != name && strings.EqualFold(known, name) })
}

var errVotes = errors.New("no votes")

var voteNames = []string{"backupAgent", "criterionIndex", "vote", "majorityOutcome", "bondOutcome", "reward"}

// mayBeDrawn reports whether backup agents can have been drawn in the status.
func mayBeDrawn(v escrow.View) bool {
	switch v.Status() {
	case escrow.Draft, Created, Matched:
		return false
	case UnderReview:
		return VerificationMode.In(v) == Standard
	}
	return true
}

// poll counts the votes that are said to be cast: one for each criterion of every
// agent that voted.
func (j *jury) poll(agents []string, said []CastVote) *escrow.Error {
	for _, s := range said {
		seat, vote := slices.Index(agents, s.BackupAgent), slices.Index(verdicts, s.Vote)+1
		if seat < 0 || s.CriterionIndex < 0 || s.CriterionIndex >= j.criteria || vote == 0 || j.sheets[seat].Entry(s.CriterionIndex) != 0 {
			return malformed(memberVotes, "must be one for each criterion of drawn backup agents, met, not met or unclear")
		}
		j.cast(seat, s.CriterionIndex, vote)
	}
	if len(said) != j.voters*j.criteria {
		return malformed(memberVotes, "must be complete for every backup agent that voted")
	}
	return nil
}

// agrees checks what is said to follow from the votes.
func (j *jury) agrees(v escrow.View, agents []string, said []CastVote) *escrow.Error {
	tallied := v.Has(Outcomes)
	for i := range j.criteria {
		if outcome, _ := j.outcome(i); tallied && j.voters > 0 && Outcomes.In(v).Entry(i) != outcome {
			return malformed(Outcomes.Name, "does not follow from the votes")
		}
	}
	for _, is := range j.votes(v, agents, tallied) {
		at := slices.IndexFunc(said, func(s CastVote) bool { return s.BackupAgent == is.BackupAgent && s.CriterionIndex == is.CriterionIndex })
		if !said[at].within(is) {
			return malformed(memberVotes, "say outcomes that do not follow from the votes")
		}
	}
	return nil
}

// within reports whether all that is said of a vote is so.
func (x CastVote) within(is CastVote) bool {
	return (x.MajorityOutcome == "" || x.MajorityOutcome == is.MajorityOutcome) &&
		(x.BondOutcome == "" || x.BondOutcome == is.BondOutcome) && (x.Reward == "" || sameTokens(x.Reward, is.Reward))
}

// sameTokens reports whether two texts are the same number of tokens.
func sameTokens(a, b string) bool {
	x, err := tokens.Parse(a)
	y, err2 := tokens.Parse(b)
	return err == nil && err2 == nil && x == y
}

// rows returns the items of the list.
func (j *jury) rows(agents []string) [][]escrow.Value {
	rows := make([][]escrow.Value, len(agents))
	for seat, id := range agents {
		rows[seat] = []escrow.Value{agent.To(id)}
		if j.voted(seat) {
			rows[seat] = append(rows[seat], Ballots.Is(j.sheets[seat]))
		}
	}
	return rows
}

func malformed(name, message string) *escrow.Error {
	return escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, name+": "+message, map[string]any{"field": name})
}
