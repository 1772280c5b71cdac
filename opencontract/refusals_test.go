package opencontract_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// TestRefusals: every refusal of the lifecycle, and the engine's at the exact
// instants of its windows.
func TestRefusals(t *testing.T) {
	now := start.Add(5 * time.Hour)
	for name, c := range map[string]struct {
		terms  opencontract.Terms
		steps  []step
		refuse step
		code   escrow.Code
		reason escrow.Reason
		rule   string
	}{
		"OC-1 a stranger creates":           {terms(), nil, step{opencontract.Create{}, worker, start}, escrow.Forbidden, opencontract.NotClient, "OC-1"},
		"OC-1 twice":                        {terms(), created, step{opencontract.Create{}, client, start}, escrow.Conflict, escrow.WrongStatus, "OC-1"},
		"OC-2 another than the named":       {terms(), created, step{opencontract.Accept{}, stranger, start}, escrow.Forbidden, opencontract.NotWorker, "OC-2"},
		"OC-2 at the match deadline":        {terms(), created, step{opencontract.Accept{}, worker, match}, escrow.Conflict, escrow.DeadlineDue, "OC-2"},
		"OC-2 twice":                        {terms(), matched, step{opencontract.Accept{}, worker, start}, escrow.Conflict, escrow.WrongStatus, "OC-2"},
		"OC-3 the client itself":            {tender(), created, step{opencontract.Accept{}, client, start}, escrow.Forbidden, opencontract.WorkerIsClient, "OC-3"},
		"OC-3 the system":                   {tender(), created, step{opencontract.Accept{}, system, start}, escrow.Forbidden, opencontract.NotWorker, "OC-3"},
		"OC-3 taken already":                {tender(), matched, step{opencontract.Accept{}, stranger, start}, escrow.Conflict, escrow.WrongStatus, "OC-3"},
		"OC-4 in a tender":                  {tender(), created, step{opencontract.Decline{}, stranger, start}, escrow.InvalidRequest, opencontract.DeclinedOpenTender, "OC-4"},
		"OC-4 a stranger":                   {terms(), created, step{opencontract.Decline{}, stranger, start}, escrow.Forbidden, opencontract.NotWorker, "OC-4"},
		"OC-5 the worker":                   {terms(), created, step{opencontract.Cancel{}, worker, start}, escrow.Forbidden, opencontract.NotClient, "OC-5"},
		"OC-5 once matched":                 {terms(), matched, step{opencontract.Cancel{}, client, start}, escrow.Conflict, escrow.WrongStatus, "OC-5"},
		"OC-6 too early":                    {terms(), created, step{advance{}, client, match.Add(-1)}, escrow.Conflict, escrow.NothingDue, "OC-6"},
		"OC-7 at the withdrawal deadline":   {terms(), matched, step{opencontract.Withdraw{}, worker, withdrawal}, escrow.Conflict, escrow.WindowClosed, "OC-7"},
		"OC-7 at the delivery deadline":     {terms(), matched, step{opencontract.Withdraw{}, worker, delivery}, escrow.Conflict, escrow.DeadlineDue, "OC-7"},
		"OC-7 the client":                   {terms(), matched, step{opencontract.Withdraw{}, client, start}, escrow.Forbidden, opencontract.NotWorker, "OC-7"},
		"OC-7 once delivered":               {terms(), delivered, step{opencontract.Withdraw{}, worker, now}, escrow.Conflict, escrow.WrongStatus, "OC-7"},
		"OC-8 nothing":                      {terms(), matched, step{opencontract.Deliver{}, worker, start}, escrow.InvalidRequest, opencontract.DeliveryMissing, "OC-8"},
		"OC-8 blanks":                       {terms(), matched, step{opencontract.Deliver{Delivery: " \n"}, worker, start}, escrow.InvalidRequest, opencontract.DeliveryMissing, "OC-8"},
		"OC-8 what no one can read":         {terms(), matched, step{opencontract.Deliver{Delivery: "\x1b[0m"}, worker, start}, escrow.InvalidRequest, escrow.Malformed, "OC-8"},
		"OC-8 at the deadline":              {terms(), matched, step{opencontract.Deliver{Delivery: "x"}, worker, delivery}, escrow.Conflict, escrow.DeadlineDue, "OC-8"},
		"OC-10 the worker":                  {terms(), delivered, step{opencontract.Approve{}, worker, now}, escrow.Forbidden, opencontract.NotClient, "OC-10"},
		"OC-10 at the review deadline":      {terms(), delivered, step{opencontract.Approve{}, client, review}, escrow.Conflict, escrow.DeadlineDue, "OC-10"},
		"OC-10 in standard mode":            {standard(), delivered, step{opencontract.Approve{}, client, now}, escrow.Conflict, escrow.WrongStatus, "OC-10"},
		"OC-11 in standard mode":            {standard(), delivered, step{opencontract.Dispute{}, client, now}, escrow.Conflict, escrow.WrongStatus, "OC-11"},
		"OC-11 twice":                       {terms(), disputed, step{opencontract.Dispute{}, client, now}, escrow.Conflict, escrow.WrongStatus, "OC-11"},
		"OC-13 the client draws":            {terms(), disputed, step{draw("b1", "b2", "b3"), client, now}, escrow.Forbidden, escrow.NotSystem, "OC-13"},
		"OC-13 too few":                     {terms(), disputed, step{draw("b1", "b2"), system, now}, escrow.InvalidRequest, opencontract.BackupAgentsInvalid, "OC-13"},
		"OC-13 none":                        {terms(), disputed, step{draw(), system, now}, escrow.InvalidRequest, opencontract.BackupAgentsInvalid, "OC-13"},
		"OC-13 a party":                     {terms(), disputed, step{draw("b1", "b2", "0xC"), system, now}, escrow.InvalidRequest, opencontract.BackupAgentsInvalid, "OC-13"},
		"OC-13 the other party":             {terms(), disputed, step{draw("b1", "0xW", "b3"), system, now}, escrow.InvalidRequest, opencontract.BackupAgentsInvalid, "OC-13"},
		"OC-13 one twice":                   {terms(), disputed, step{draw("b1", "b2", "b1"), system, now}, escrow.InvalidRequest, opencontract.BackupAgentsInvalid, "OC-13"},
		"OC-13 no account":                  {terms(), disputed, step{draw("b1", "b2", "b 3"), system, now}, escrow.InvalidRequest, opencontract.BackupAgentsInvalid, "OC-13"},
		"OC-13 twice":                       {terms(), drawn, step{draw("b1", "b2", "b3"), system, now}, escrow.Conflict, escrow.WrongStatus, "OC-13"},
		"OC-13 before a dispute":            {terms(), delivered, step{draw("b1", "b2", "b3"), system, now}, escrow.Conflict, escrow.WrongStatus, "OC-13"},
		"OC-13 at the draw deadline":        {terms(), disputed, step{draw("b1", "b2", "b3"), system, start.Add(26 * time.Hour)}, escrow.Conflict, escrow.DeadlineDue, "OC-13"},
		"OC-14 not drawn":                   {terms(), drawn, step{votes(met, met, met), stranger, now}, escrow.Forbidden, opencontract.NotBackupAgent, "OC-14"},
		"OC-14 a party":                     {terms(), drawn, step{votes(met, met, met), client, now}, escrow.Forbidden, opencontract.NotBackupAgent, "OC-14"},
		"OC-14 too few":                     {terms(), drawn, step{votes(met, met), b1, now}, escrow.InvalidRequest, opencontract.VotesIncomplete, "OC-14"},
		"OC-14 too many":                    {terms(), drawn, step{votes(met, met, met, met), b1, now}, escrow.InvalidRequest, opencontract.VotesIncomplete, "OC-14"},
		"OC-14 none":                        {terms(), drawn, step{opencontract.Vote{}, b1, now}, escrow.InvalidRequest, opencontract.VotesIncomplete, "OC-14"},
		"OC-14 one criterion twice":         {terms(), drawn, step{opencontract.Vote{Ballots: []opencontract.Ballot{{0, met}, {1, met}, {1, met}}}, b1, now}, escrow.InvalidRequest, opencontract.VotesIncomplete, "OC-14"},
		"OC-14 a criterion below the first": {terms(), drawn, step{opencontract.Vote{Ballots: []opencontract.Ballot{{-1, met}, {1, met}, {2, met}}}, b1, now}, escrow.InvalidRequest, opencontract.VotesIncomplete, "OC-14"},
		"OC-14 an unknown vote":             {terms(), drawn, step{votes(met, "perhaps", met), b1, now}, escrow.InvalidRequest, opencontract.VoteInvalid, "OC-14"},
		"OC-14 unknown and too few":         {terms(), drawn, step{votes(met, "perhaps"), b1, now}, escrow.InvalidRequest, opencontract.VotesIncomplete, "OC-14"},
		"OC-14 no vote":                     {terms(), drawn, step{votes(met, "", met), b1, now}, escrow.InvalidRequest, opencontract.VoteInvalid, "OC-14"},
		"OC-14 twice":                       {terms(), judged([]string{met, met, met}), step{votes(met, met, met), b1, now}, escrow.Conflict, opencontract.AlreadyVoted, "OC-14"},
		"OC-14 twice, one vote to come":     {terms(), judged([]string{met, met, met}, []string{met, met, met}), step{votes(met, met, met), b2, now}, escrow.Conflict, opencontract.AlreadyVoted, "OC-14"},
		"OC-14 at the voting deadline":      {terms(), drawn, step{votes(met, met, met), b1, start.Add(27 * time.Hour)}, escrow.Conflict, escrow.DeadlineDue, "OC-14"},
		"OC-14 before the draw":             {terms(), disputed, step{votes(met, met, met), b1, now}, escrow.Forbidden, opencontract.NotBackupAgent, "OC-14"},
		"OC-16 the worker settles":          {terms(), approved, step{opencontract.Settle{}, worker, now}, escrow.Forbidden, escrow.NotSystem, "OC-16"},
		"OC-16 before it is resolved":       {terms(), delivered, step{opencontract.Settle{}, system, now}, escrow.Conflict, escrow.WrongStatus, "OC-16"},
		"after the end":                     {terms(), path(approved, settled), step{opencontract.Settle{}, system, review.Add(48 * time.Hour)}, escrow.Conflict, escrow.WrongStatus, "OC-16"},
	} {
		t.Run(name, func(t *testing.T) {
			d := live(t, c.terms, c.steps...)
			if len(c.steps) == 0 {
				d.Contract = c.terms.Draft()
			}
			_, err := c.refuse.cmd.On(d.Contract, c.refuse.by, escrow.At(c.refuse.at))
			require.ErrorIs(t, err, c.reason)
			require.ErrorIs(t, err, c.code)
			var e *escrow.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.rule, e.Rule())
			require.NotEmpty(t, e.Remedy())
		})
	}
}

// TestCasesAreNamed: a refused status says which case the action would need.
func TestCasesAreNamed(t *testing.T) {
	c := live(t, standard(), delivered...).Contract
	_, err := opencontract.Approve{}.On(c, client, escrow.At(start.Add(2*time.Hour)))
	var e *escrow.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "client reviews", e.Details()["case"])
}

// TestTerms: what a founding refuses, in the order of the checks, with the field.
func TestTerms(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*opencontract.Terms)
		reason escrow.Reason
		field  string
	}{
		{"id", func(x *opencontract.Terms) { x.ID = "a/b" }, escrow.Malformed, "id"},
		{"worker's id", func(x *opencontract.Terms) { x.Worker = "a b" }, escrow.Malformed, "worker"},
		{"price below zero", func(x *opencontract.Terms) { x.Price = decimal.NewFromInt(-1) }, escrow.Malformed, "budgetOrPrice"},
		{"price beyond all", func(x *opencontract.Terms) { x.Price = decimal.New(1, 40) }, escrow.AmountBounds, "budgetOrPrice"},
		{"slash of all", policy(opencontract.EarlyWithdrawalSlashRatio.To(ratio("1"))), escrow.InvalidPolicy, "earlyWithdrawalSlashRatio"},
		{"tokens below zero", policy(opencontract.TokenMintRewardFull.Decimal(decimal.NewFromInt(-1))), escrow.InvalidPolicy, "tokenMintRewardFull"},
		{"no window", policy(opencontract.BAVotingWindow.To(0)), escrow.InvalidPolicy, "baVotingWindow"},
		{"half a second", policy(opencontract.BAVotingWindow.To(1500 * time.Millisecond)), escrow.InvalidPolicy, "baVotingWindow"},
		{"too long a window", policy(opencontract.BAVotingWindow.To(3650*24*time.Hour + time.Second)), escrow.InvalidPolicy, "baVotingWindow"},
		{"no recruits", policy(opencontract.BARecruitCount.To(0)), escrow.InvalidPolicy, "baRecruitCount"},
		{"even recruits", policy(opencontract.BARecruitCount.To(2), opencontract.NoQuorum.To("else")), escrow.InvalidPolicy, "baRecruitCount"},
		{"too many recruits", policy(opencontract.BARecruitCount.To(17)), escrow.InvalidPolicy, "baRecruitCount"},
		{"unknown noQuorum", policy(opencontract.NoQuorum.To("else")), escrow.InvalidPolicy, "noQuorum"},
		{"unknown forfeit", policy(opencontract.DisputeForfeitTo.To("client")), escrow.InvalidPolicy, "disputeForfeitTo"},
		{"unknown slash", policy(opencontract.BackupSlashTo.To("worker")), escrow.InvalidPolicy, "backupSlashTo"},
		{"client", func(x *opencontract.Terms) { x.Client = "" }, escrow.InvalidTerms, "client"},
		{"task", func(x *opencontract.Terms) { x.TaskDescription = " " }, escrow.InvalidTerms, "taskDescription"},
		{"price", func(x *opencontract.Terms) { x.Price = decimal.Zero }, escrow.InvalidTerms, "budgetOrPrice"},
		{"price too fine", func(x *opencontract.Terms) { x.Price = decimal.New(1, -7) }, escrow.AmountScale, "budgetOrPrice"},
		{"no criteria", func(x *opencontract.Terms) { x.AcceptanceCriteria = nil }, escrow.InvalidTerms, "acceptanceCriteria"},
		{"eleven criteria", func(x *opencontract.Terms) { x.AcceptanceCriteria = make([]string, 11) }, escrow.InvalidTerms, "acceptanceCriteria"},
		{"a blank criterion", func(x *opencontract.Terms) { x.AcceptanceCriteria = []string{"a", " "} }, escrow.InvalidTerms, "acceptanceCriteria"},
		{"auction", func(x *opencontract.Terms) { x.ContractType = opencontract.Auction }, opencontract.UnsupportedCombination, "contractType"},
		{"contract type", func(x *opencontract.Terms) { x.ContractType = "hourly" }, escrow.InvalidTerms, "contractType"},
		{"award", func(x *opencontract.Terms) { x.AwardMethod = "lottery" }, escrow.InvalidTerms, "awardMethod"},
		{"mode", func(x *opencontract.Terms) { x.VerificationMode = "" }, escrow.InvalidTerms, "verificationMode"},
		{"no worker", func(x *opencontract.Terms) { x.Worker = "" }, escrow.InvalidTerms, "worker"},
		{"a worker in a tender", func(x *opencontract.Terms) { x.AwardMethod = opencontract.AwardOpenTender }, escrow.InvalidTerms, "worker"},
		{"client as worker", func(x *opencontract.Terms) { x.Worker = "0xC" }, escrow.InvalidTerms, "worker"},
		{"match now", func(x *opencontract.Terms) { x.MatchDeadline = start }, escrow.InvalidTerms, "matchDeadline"},
		{"no match", func(x *opencontract.Terms) { x.MatchDeadline = time.Time{} }, escrow.InvalidTerms, "matchDeadline"},
		{"withdrawal before match", func(x *opencontract.Terms) { x.WithdrawalDeadline = match.Add(-1) }, escrow.InvalidTerms, "withdrawalDeadline"},
		{"delivery before withdrawal", func(x *opencontract.Terms) { x.DeliveryDeadline = withdrawal.Add(-1) }, escrow.InvalidTerms, "deliveryDeadline"},
		{"delivery at match", func(x *opencontract.Terms) { x.WithdrawalDeadline, x.DeliveryDeadline = match, match }, escrow.InvalidTerms, "deliveryDeadline"},
		{"review at delivery", func(x *opencontract.Terms) { x.ReviewDeadline = delivery }, escrow.InvalidTerms, "reviewDeadline"},
		{"no review", func(x *opencontract.Terms) { x.ReviewDeadline = time.Time{} }, escrow.InvalidTerms, "reviewDeadline"},
		{"review in standard mode", func(x *opencontract.Terms) { x.VerificationMode = opencontract.Standard }, escrow.InvalidTerms, "reviewDeadline"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := terms()
			c.change(&x)
			_, err := opencontract.Create{}.On(x.Draft(), client, escrow.At(start))
			require.ErrorIs(t, err, escrow.InvalidRequest)
			require.ErrorIs(t, err, c.reason)
			var e *escrow.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.field, e.Details()["field"])
		})
	}
}

func policy(values ...escrow.Value) func(*opencontract.Terms) {
	return func(x *opencontract.Terms) { x.Policy = values }
}

// TestReadTermsInTheirTurn: of several faults of a draft that was read, too, the first
// in the order of the checks answers: what is malformed, the policy, then the terms in
// their order, whatever stands first in the text.
func TestReadTermsInTheirTurn(t *testing.T) {
	draft := func(members string) string {
		return `{"id": "c", "lifecycle": "opencontract", "client": "0xC", "worker": "0xW", "taskDescription": "t", "acceptanceCriteria": ["a"],
			"verificationMode": "standard", "matchDeadline": "2026-06-05T00:00:00Z", "withdrawalDeadline": "2026-06-06T00:00:00Z",
			"deliveryDeadline": "2026-06-07T00:00:00Z", ` + members + `}`
	}
	for members, field := range map[string]string{
		`"awardMethod": "lottery", "contractType": "auction", "budgetOrPrice": "1"`:                                   "contractType",
		`"awardMethod": "lottery", "contractType": "fixed", "budgetOrPrice": "0.0000001"`:                             "budgetOrPrice",
		`"awardMethod": "lottery", "contractType": "fixed", "budgetOrPrice": "1"`:                                     "awardMethod",
		`"awardMethod": "direct_award", "contractType": "fixed", "criteriaMet": ["x"], "policy": {"protcolFee": 1}`:   "contract",
		`"contractType": "auction", "supplementaryMaterials": "\u202e", "policy": {"baRecruitCount": 4}`:              "supplementaryMaterials",
		`"awardMethod": "lottery", "contractType": "auction", "policy": {"baRecruitCount": 4}`:                        "baRecruitCount",
		`"contractType": "auction", "budgetOrPrice": "10000000000000000000000000000000", "policy": {"protcolFee": 1}`: "budgetOrPrice",
	} {
		c, err := escrow.ParseContract([]byte(draft(members)), opencontract.Lifecycle)
		require.NoError(t, err)
		_, err = opencontract.Create{}.On(c, client, escrow.At(start))
		var e *escrow.Error
		require.ErrorAs(t, err, &e, members)
		require.Equal(t, field, e.Details()["field"], members)
	}
}

// TestTermsInTheirTurn: of several faults the first in the order of the checks
// answers.
func TestTermsInTheirTurn(t *testing.T) {
	x := terms()
	order := []struct {
		field string
		mend  func()
	}{
		{"baRecruitCount", func() { x.Policy = nil }},
		{"client", func() { x.Client = "0xC" }},
		{"taskDescription", func() { x.TaskDescription = "task" }},
		{"budgetOrPrice", func() { x.Price = decimal.NewFromInt(50) }},
		{"acceptanceCriteria", func() { x.AcceptanceCriteria = []string{"a"} }},
		{"contractType", func() { x.ContractType = opencontract.Fixed }},
		{"awardMethod", func() { x.AwardMethod = opencontract.AwardDirect }},
		{"verificationMode", func() { x.VerificationMode = opencontract.PrivacyPreserving }},
		{"worker", func() { x.Worker = "0xW" }},
		{"matchDeadline", func() { x.MatchDeadline = match }},
		{"withdrawalDeadline", func() { x.WithdrawalDeadline = withdrawal }},
		{"deliveryDeadline", func() { x.DeliveryDeadline = delivery }},
		{"reviewDeadline", func() { x.ReviewDeadline = review }},
	}
	x = opencontract.Terms{ID: "c", Price: decimal.New(1, -7), ContractType: opencontract.Auction, Policy: []escrow.Value{opencontract.BARecruitCount.To(4)},
		MatchDeadline: start, WithdrawalDeadline: start.Add(-2), DeliveryDeadline: start.Add(-3), ReviewDeadline: start.Add(-4)}
	for _, step := range order {
		_, err := opencontract.Create{}.On(x.Draft(), client, escrow.At(start))
		var e *escrow.Error
		require.ErrorAs(t, err, &e, step.field)
		require.Equal(t, step.field, e.Details()["field"])
		step.mend()
	}
	_, err := opencontract.Create{}.On(x.Draft(), client, escrow.At(start))
	require.NoError(t, err)
}
