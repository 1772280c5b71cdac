package opencontract

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
)

var origin = time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC)

// juryAt is a contract in standard mode that three agents judge, of whom the
// votes have voted.
func juryAt(t *testing.T, votes ...Vote) escrow.Contract {
	t.Helper()
	c := Terms{ID: "c", Client: "0xC", Worker: "0xW", Price: decimal.NewFromInt(50), TaskDescription: "task", AcceptanceCriteria: []string{"a", "b"},
		ContractType: Fixed, AwardMethod: AwardDirect, VerificationMode: Standard,
		MatchDeadline: origin.Add(1), WithdrawalDeadline: origin.Add(2), DeliveryDeadline: origin.Add(3)}.Draft()
	type step struct {
		cmd   escrow.Command
		actor escrow.Actor
	}
	steps := []step{{Create{}.Command(), escrow.Agent("0xC")}, {Accept{}.Command(), escrow.Agent("0xW")}, {Deliver{"x"}.Command(), escrow.Agent("0xW")},
		{Draw{[]string{"b<1", `b"2`, "b3"}}.Command(), escrow.SystemActor()}}
	for i, v := range votes {
		steps = append(steps, step{v.Command(), escrow.Agent([]string{"b<1", `b"2`, "b3"}[i])})
	}
	for _, s := range steps {
		d, err := escrow.Decide(c, s.cmd, s.actor, escrow.At(origin))
		require.NoError(t, err)
		c = d.Contract
	}
	return c
}

func both(verdict string) Vote { return Vote{[]Ballot{{0, verdict}, {1, Met}}} }

// TestJuryForm: what is written of the jury is read back to the same.
func TestJuryForm(t *testing.T) {
	for _, votes := range [][]Vote{nil, {both(Met)}, {both(Met), both(Unclear)}, {both(Met), both(NotMet), both(Met)}} {
		c := juryAt(t, votes...)
		members := map[string][]byte{}
		for _, m := range juryForm.Members {
			members[m.Name] = juryForm.Write(c.View(), m.Name)
		}
		rows, e := juryForm.Read(c.View(), members)
		require.Nil(t, e)
		require.Len(t, rows, 3)
		for i, row := range rows {
			require.Equal(t, len(votes) > i, len(row) == 2)
		}
	}
	c := juryAt(t, both(Met))
	require.Equal(t, `["b<1","b\"2","b3"]`, string(juryForm.Write(c.View(), "backupAgents")))
	require.Equal(t, `[{"backupAgent":"b<1","criterionIndex":0,"vote":"met"},{"backupAgent":"b<1","criterionIndex":1,"vote":"met"}]`,
		string(juryForm.Write(c.View(), "votes")))
	c = juryAt(t, both(Met), both(NotMet), both(Met))
	require.Contains(t, string(juryForm.Write(c.View(), "votes")),
		`{"backupAgent":"b\"2","criterionIndex":0,"vote":"not met","majorityOutcome":"met","bondOutcome":"slashed","reward":"0"}`)
}

// TestNoJuryForm: before the draw nothing is written.
func TestNoJuryForm(t *testing.T) {
	c := Terms{ID: "c"}.Draft()
	require.Nil(t, juryForm.Write(c.View(), "backupAgents"))
	require.Nil(t, juryForm.Write(c.View(), "votes"))
	rows, e := juryForm.Read(c.View(), map[string][]byte{"backupAgents": []byte("[]"), "votes": []byte("[]")})
	require.Nil(t, e)
	require.Empty(t, rows)
}

// TestJuryRead: what cannot be, or does not follow from the votes, is malformed.
func TestJuryRead(t *testing.T) {
	open, done := juryAt(t, both(Met)), juryAt(t, both(Met), both(NotMet), both(Met))
	vote := func(rest string) string {
		return `[{"backupAgent": "b3", "criterionIndex": 0, "vote": "met"` + rest + `}, {"backupAgent": "b3", "criterionIndex": 1, "vote": "met"}]`
	}
	two := `[{"backupAgent": "b1", "criterionIndex": 0, "vote": "met"}, {"backupAgent": "b1", "criterionIndex": 1, "vote": "met"}, {"backupAgent": "b3", "criterionIndex": 0, "vote": "met"`
	end := `}, {"backupAgent": "b3", "criterionIndex": 1, "vote": "met"}]`
	for name, c := range map[string]struct {
		in            escrow.Contract
		agents, votes string
		field         string
	}{
		"in order":               {open, `["b1", "b2", "b3"]`, vote(`, "majorityOutcome": null`), ""},
		"no text":                {open, `[1]`, `[]`, "backupAgents"},
		"no account":             {open, `["b 1"]`, `[]`, "backupAgents"},
		"null":                   {open, `[null]`, `[]`, "backupAgents"},
		"a party":                {open, `["0xC"]`, `[]`, "backupAgents"},
		"twice":                  {open, `["b1", "b1"]`, `[]`, "backupAgents"},
		"sixteen":                {open, `["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16"]`, `[]`, "backupAgents"},
		"before the draw":        {Terms{ID: "c"}.Draft(), `["b1"]`, `[]`, "backupAgents"},
		"no votes":               {open, `["b3"]`, `[3]`, "votes"},
		"no criterion":           {open, `["b3"]`, `[{"backupAgent": "b3", "vote": "met"}]`, "votes"},
		"letter case":            {open, `["b3"]`, `[{"BackupAgent": "b3", "criterionIndex": 0, "vote": "met"}]`, "votes"},
		"not drawn":              {open, `["b1"]`, vote(""), "votes"},
		"incomplete":             {open, `["b3"]`, `[{"backupAgent": "b3", "criterionIndex": 0, "vote": "met"}]`, "votes"},
		"a criterion twice":      {open, `["b3"]`, `[{"backupAgent": "b3", "criterionIndex": 0, "vote": "met"}, {"backupAgent": "b3", "criterionIndex": 0, "vote": "met"}]`, "votes"},
		"no such criterion":      {open, `["b3"]`, `[{"backupAgent": "b3", "criterionIndex": 2, "vote": "met"}]`, "votes"},
		"no such vote":           {open, `["b3"]`, `[{"backupAgent": "b3", "criterionIndex": 0, "vote": "yes"}]`, "votes"},
		"an outcome too early":   {open, `["b1", "b2", "b3"]`, vote(`, "majorityOutcome": "met"`), "votes"},
		"what follows":           {done, `["b1", "b2", "b3"]`, two + `, "majorityOutcome": "met", "bondOutcome": "returned", "reward": 10.0` + end, ""},
		"another outcome":        {done, `["b1", "b2", "b3"]`, two + `, "majorityOutcome": "unclear"` + end, "votes"},
		"another bond":           {done, `["b1", "b2", "b3"]`, two + `, "bondOutcome": "slashed"` + end, "votes"},
		"another reward":         {done, `["b1", "b2", "b3"]`, two + `, "reward": "4"` + end, "votes"},
		"criteria not by votes":  {done, `["b3"]`, `[{"backupAgent": "b3", "criterionIndex": 0, "vote": "not met"}, {"backupAgent": "b3", "criterionIndex": 1, "vote": "met"}]`, "criteriaMet"},
		"resolved without votes": {done, `["b1", "b2", "b3"]`, `[]`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, e := juryForm.Read(c.in.View(), map[string][]byte{"backupAgents": []byte(c.agents), "votes": []byte(c.votes)})
			if c.field == "" {
				require.Nil(t, e)
				return
			}
			require.ErrorIs(t, e, escrow.Malformed)
			require.Equal(t, c.field, e.Details()["field"])
		})
	}
}

// TestMayBeDrawn: agents are drawn in disputes, and of deliveries in standard mode.
func TestMayBeDrawn(t *testing.T) {
	c := juryAt(t)
	require.True(t, mayBeDrawn(c.View()))
	d, err := Create{}.On(Terms{ID: "c", Client: "0xC", Price: decimal.NewFromInt(1), TaskDescription: "t", AcceptanceCriteria: []string{"a"}, ContractType: Fixed,
		AwardMethod: AwardOpenTender, VerificationMode: Standard, MatchDeadline: origin.Add(1), WithdrawalDeadline: origin.Add(2), DeliveryDeadline: origin.Add(3)}.Draft(),
		escrow.Agent("0xC"), escrow.At(origin))
	require.NoError(t, err)
	require.False(t, mayBeDrawn(d.Contract.View()))
}

// TestRewardsExtra: a settlement tells the rewards, any other decision none.
func TestRewardsExtra(t *testing.T) {
	c := juryAt(t, both(Met), both(NotMet), both(Met))
	require.Equal(t, `[]`, string(rewardsExtra.Of(c.View(), "vote")))
	require.Contains(t, string(rewardsExtra.Of(c.View(), "settle")), `{"backupAgent":"b<1","criterionIndex":0,"tokens":"10"}`)
}
