package escrow_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// june returns an hour of a day of June 2026, the month of the documented sample.
func june(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }

// Who asks, in these tests.
var (
	byClient   = escrow.Agent("0xClient")
	byWorker   = escrow.Agent("0xWorker")
	byStranger = escrow.Agent("0xStranger")
	bySystem   = escrow.SystemActor()
	byAgents   = []escrow.Actor{escrow.Agent("0xA"), escrow.Agent("0xB"), escrow.Agent("0xC")}
	byToken    = escrow.Actor{ID: "tok1", Kind: escrow.KindToken, Account: "acme", User: "ann", Claimed: true, ClaimURL: "https://claim.example",
		Scopes:   []string{"proposals:write", "payments:write"},
		Features: []string{"public_api_hiring", "public_api_payments_write"}}
	byAnn     = escrow.Human("ann", "acme")
	byBob     = escrow.Human("bob", "acme")
	byTrainer = escrow.Human("tina", "trainer")
)

// workTerms is a direct award of 50 USDC with three criteria.
func workTerms() escrow.Terms {
	return escrow.Terms{ID: "c1", Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(50),
		TaskDescription: "Summarize 10 research papers", AcceptanceCriteria: []string{"length", "method", "coverage"},
		ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect, VerificationMode: escrow.PrivacyPreserving,
		MatchDeadline: june(4, 0), WithdrawalDeadline: june(5, 0), DeliveryDeadline: june(6, 0), ReviewDeadline: june(8, 0)}
}

// tenderTerms is the same for whoever accepts first.
func tenderTerms() escrow.Terms {
	t := workTerms()
	t.Worker, t.AwardMethod = "", escrow.AwardOpenTender
	return t
}

// standardTerms is the same without a client's review.
func standardTerms() escrow.Terms {
	t := workTerms()
	t.VerificationMode, t.ReviewDeadline = escrow.Standard, time.Time{}
	return t
}

// hireTerms is a hire with a first milestone of 100 USD.
func hireTerms() escrow.Terms {
	return escrow.Terms{ID: "h1", Client: "acme", Worker: "trainer", Title: "Label pictures", JobID: "job7", ProposalID: "prop9",
		Milestones: []escrow.MilestoneTerms{stone("m1", 100)}}
}

// stone is the terms of a milestone of whole dollars.
func stone(id string, dollars int64) escrow.MilestoneTerms {
	return escrow.MilestoneTerms{ID: id, Name: "Milestone " + id, Amount: decimal.NewNullDecimal(decimal.NewFromInt(dollars))}
}

// under returns terms with a changed policy.
func under(t escrow.Terms, l *escrow.Lifecycle, change func(*escrow.Policy)) escrow.Terms {
	p := l.DefaultPolicy()
	change(&p)
	t.Policy = &p
	return t
}

// desk is a contract and the time at it. Tests ask it and look at the answers.
type desk struct {
	testing.TB
	c   escrow.Contract
	now time.Time
}

// Now is the desk's clock.
func (k *desk) Now() time.Time { return k.now }

// newDesk is a desk with a draft on it, on the third of June.
func newDesk(t testing.TB, l *escrow.Lifecycle, terms escrow.Terms) *desk {
	return &desk{t, l.Draft(terms), june(3, 0)}
}

// at sets the time.
func (k *desk) at(now time.Time) *desk {
	k.now = now
	return k
}

// ask puts a question and keeps the contract as it is. The same question again
// has the same answer, and the snapshot is not changed.
func (k *desk) ask(cmd escrow.Command, who escrow.Actor) (escrow.Decision, error) {
	k.Helper()
	before := jsonOf(k, k.c)
	d, err := escrow.Decide(k.c, cmd, who, k)
	again, err2 := escrow.Decide(k.c, cmd, who, k)
	require.Equal(k, before, jsonOf(k, k.c), "%s changed its input", cmd.Action())
	require.Equal(k, string(escrow.AppendAnswer(nil, &d, err)), string(escrow.AppendAnswer(nil, &again, err2)))
	return d, err
}

// do asks, needs a decision and goes on with its contract.
func (k *desk) do(cmd escrow.Command, who escrow.Actor) escrow.Decision {
	k.Helper()
	d, err := k.ask(cmd, who)
	require.NoError(k, err)
	k.c = d.Contract
	return d
}

// refused asks and needs a refusal for the reason.
func (k *desk) refused(want escrow.Reason, cmd escrow.Command, who escrow.Actor) *escrow.Error {
	k.Helper()
	_, err := k.ask(cmd, who)
	var e *escrow.Error
	require.ErrorAs(k, err, &e, "%s by %s", cmd.Action(), who.ID)
	require.Equal(k, want, e.Reason(), "%s by %s: %v", cmd.Action(), who.ID, e)
	return e
}

// approval returns the id of the newest approval.
func (k *desk) approval() string {
	k.Helper()
	list := k.c.Approvals()
	require.NotEmpty(k, list)
	return list[len(list)-1].ID
}

// approvals returns the status of every approval.
func (k *desk) approvals() (list []escrow.ApprovalStatus) {
	for _, a := range k.c.Approvals() {
		list = append(list, a.Status)
	}
	return list
}

// stones returns the status of every milestone.
func (k *desk) stones() (list []escrow.MilestoneStatus) {
	for _, m := range k.c.Milestones() {
		list = append(list, m.Status)
	}
	return list
}

// moves prints what a decision moves, as "50 escrow -> client:0xClient (escrow_refund)".
func moves(d escrow.Decision) []string {
	list := []string{}
	for _, m := range d.Movements() {
		list = append(list, strings.Replace(m.String(), " "+m.Asset.Code, "", 1))
	}
	return list
}

// held prints what is held, as "escrow 50".
func held(c escrow.Contract) string {
	var list []string
	for _, h := range c.Custody() {
		list = append(list, h.Account.String()+" "+c.Asset().Text(h.Amount))
	}
	return strings.Join(list, ", ")
}

// jsonOf is the JSON form of a value of the package.
func jsonOf(t testing.TB, v interface{ MarshalJSON() ([]byte, error) }) string {
	t.Helper()
	text, err := v.MarshalJSON()
	require.NoError(t, err)
	return string(text)
}

// votes is a whole vote from letters: m(et), n(ot met), u(nclear).
func votes(letters string) escrow.Vote {
	var v escrow.Vote
	for i, c := range letters {
		verdict := map[rune]escrow.Verdict{'m': escrow.Met, 'n': escrow.NotMet, 'u': escrow.Unclear}[c]
		v.Votes = append(v.Votes, escrow.Ballot{CriterionIndex: i, Vote: verdict})
	}
	return v
}

// draw names the three usual backup agents.
var draw = escrow.Draw{BackupAgents: []string{"0xA", "0xB", "0xC"}}

// The steps that lead from place to place.
func toCreated(k *desk) { k.at(june(3, 0)).do(escrow.Create{}, byClient); k.at(june(3, 12)) }
func toMatched(k *desk) { toCreated(k); k.do(escrow.Accept{}, byWorker); k.at(june(4, 12)) }
func toReview(k *desk) {
	toMatched(k)
	k.do(escrow.Deliver{Delivery: "ipfs://x"}, byWorker)
	k.at(june(4, 18))
}
func toDisputed(k *desk) {
	toReview(k)
	k.at(june(7, 0)).do(escrow.Dispute{}, byClient)
	k.at(june(7, 6))
}
func toDrawn(k *desk) { toDisputed(k); k.do(draw, bySystem); k.at(june(7, 12)) }

// toLastVote leaves one backup agent to vote.
func toLastVote(k *desk) {
	toDrawn(k)
	k.do(votes("mmm"), byAgents[0])
	k.do(votes("mnu"), byAgents[1])
}

func toResolved(k *desk) { toReview(k); k.do(escrow.Approve{}, byClient); k.at(june(5, 0)) }

// place is where a contract can stand, and the steps that lead there.
type place struct {
	name  string
	terms func() escrow.Terms
	steps func(*desk)
}

// workPlaces are the places of the OpenContract lifecycle.
var workPlaces = []place{
	{"created", workTerms, toCreated},
	{"created, tender", tenderTerms, toCreated},
	{"matched", workTerms, toMatched},
	{"matched, tender", tenderTerms, toMatched},
	{"under-review", workTerms, toReview},
	{"under-review, standard", standardTerms, toReview},
	{"under-review, standard, drawn", standardTerms, func(k *desk) { toReview(k); k.do(draw, bySystem) }},
	{"disputed", workTerms, toDisputed},
	{"disputed, drawn", workTerms, toDrawn},
	{"disputed, last vote", workTerms, toLastVote},
	{"resolved", workTerms, toResolved},
	{"settled-fully-met", workTerms, func(k *desk) { toResolved(k); k.do(escrow.Settle{}, bySystem) }},
	{"settled-partially-met", workTerms, func(k *desk) { toLastVote(k); k.do(votes("mnn"), byAgents[2]); k.do(escrow.Settle{}, bySystem) }},
	{"settled-none-met", workTerms, func(k *desk) {
		toDrawn(k)
		for _, agent := range byAgents {
			k.do(votes("nnn"), agent)
		}
		k.do(escrow.Settle{}, bySystem)
	}},
	{"cancelled-by-client", workTerms, func(k *desk) { toCreated(k); k.do(escrow.Cancel{}, byClient) }},
	{"cancelled-unmatched", workTerms, func(k *desk) { toCreated(k); k.do(escrow.Decline{}, byWorker) }},
	{"cancelled-withdrawn", workTerms, func(k *desk) { toMatched(k); k.do(escrow.Withdraw{}, byWorker) }},
	{"cancelled-absent", workTerms, func(k *desk) { toMatched(k); k.at(june(6, 0)).do(escrow.Advance{}, byStranger) }},
}

// standing returns a desk with a contract at a place.
func standing(t testing.TB, l *escrow.Lifecycle, places []place, name string) *desk {
	t.Helper()
	i := slices.IndexFunc(places, func(p place) bool { return p.name == name })
	require.GreaterOrEqual(t, i, 0, name)
	k := newDesk(t, l, places[i].terms())
	places[i].steps(k)
	status, _, _ := strings.Cut(name, ",")
	require.Equal(t, escrow.Status(status), k.c.Status())
	return k
}

// workAt is an OpenContract contract at a place.
func workAt(t testing.TB, name string) *desk {
	return standing(t, escrow.OpenContract, workPlaces, name)
}

// row is a line of a lifecycle's table: who does what from where, and what
// follows. Same places lead to the status they have.
type row struct {
	rule  string
	cmd   escrow.Command
	who   escrow.Actor
	from  []string
	to    escrow.Status
	moves []string
	held  string
}

// workRows is the table of opencontract.md with a price of 50 and the default
// policy; settlements have tables of their own.
var workRows = []row{
	{"OC-2", escrow.Accept{}, byWorker, []string{"created"}, "matched", []string{"2.5 worker:0xWorker -> stake (stake_deposit)"}, "escrow 50, stake 2.5"},
	{"OC-3", escrow.Accept{}, byStranger, []string{"created, tender"}, "matched", []string{"2.5 worker:0xStranger -> stake (stake_deposit)"}, "escrow 50, stake 2.5"},
	{"OC-4", escrow.Decline{}, byWorker, []string{"created"}, "cancelled-unmatched", []string{"50 escrow -> client:0xClient (escrow_refund)"}, ""},
	{"OC-5", escrow.Cancel{}, byClient, []string{"created", "created, tender"}, "cancelled-by-client", []string{"50 escrow -> client:0xClient (escrow_refund)"}, ""},
	{"OC-7", escrow.Withdraw{}, byWorker, []string{"matched", "matched, tender"}, "cancelled-withdrawn", []string{
		"50 escrow -> client:0xClient (escrow_refund)", "0.75 stake -> client:0xClient (stake_slash)", "1.75 stake -> worker:0xWorker (stake_return)"}, ""},
	{"OC-8", escrow.Deliver{Delivery: "ipfs://x"}, byWorker, []string{"matched", "matched, tender"}, "under-review", []string{}, "escrow 50, stake 2.5"},
	{"OC-10", escrow.Approve{}, byClient, []string{"under-review"}, "resolved", []string{}, "escrow 50, stake 2.5"},
	{"OC-11", escrow.Dispute{}, byClient, []string{"under-review"}, "disputed", []string{"2.5 client:0xClient -> dispute-bond (dispute_bond_deposit)"},
		"escrow 50, stake 2.5, dispute-bond 2.5"},
	{"OC-13", draw, bySystem, []string{"disputed"}, "disputed", []string{}, "escrow 50, stake 2.5, dispute-bond 2.5"},
	{"OC-13", draw, bySystem, []string{"under-review, standard"}, "under-review", []string{}, "escrow 50, stake 2.5"},
	{"OC-14", votes("mnu"), byAgents[2], []string{"disputed, drawn"}, "disputed", []string{"7.5 backup:0xC -> backup-bond:0xC (backup_bond_deposit)"},
		"escrow 50, stake 2.5, dispute-bond 2.5, backup-bond:0xC 7.5"},
	{"OC-14", votes("mnu"), byAgents[2], []string{"under-review, standard, drawn"}, "under-review",
		[]string{"7.5 backup:0xC -> backup-bond:0xC (backup_bond_deposit)"}, "escrow 50, stake 2.5, backup-bond:0xC 7.5"},
	{"OC-14", votes("mnu"), byAgents[2], []string{"disputed, last vote"}, "resolved", []string{"7.5 backup:0xC -> backup-bond:0xC (backup_bond_deposit)"},
		"escrow 50, stake 2.5, dispute-bond 2.5, backup-bond:0xA 7.5, backup-bond:0xB 7.5, backup-bond:0xC 7.5"},
	{"OC-16", escrow.Settle{}, bySystem, []string{"resolved"}, "settled-fully-met", []string{"47.5 escrow -> worker:0xWorker (payout)",
		"2.5 escrow -> treasury (protocol_fee)", "2.5 stake -> worker:0xWorker (stake_return)"}, ""},
}

// checkRow carries one row out from one of its places.
func checkRow(t *testing.T, k *desk, r row) {
	t.Helper()
	from, revision := k.c.Status(), k.c.Revision()
	d := k.do(r.cmd, r.who)
	assert.Equal(t, r.rule, d.Rule)
	assert.Equal(t, r.cmd.Action(), d.Action)
	assert.Equal(t, from, d.From)
	assert.Equal(t, r.to, d.To)
	assert.Equal(t, r.who.ID, d.Actor)
	assert.True(t, k.now.Equal(d.At()))
	assert.Equal(t, r.moves, moves(d))
	assert.Equal(t, r.held, held(k.c))
	assert.Equal(t, revision+1, k.c.Revision())
	for i, m := range d.Movements() {
		assert.Equal(t, fmt.Sprintf("%s/%d/%d", k.c.ID(), revision+1, i), m.ID())
	}
}

// TestOpenContractRules carries out every row of the table from every place.
func TestOpenContractRules(t *testing.T) {
	for _, r := range workRows {
		for _, from := range r.from {
			t.Run(r.rule+" from "+from, func(t *testing.T) { checkRow(t, workAt(t, from), r) })
		}
	}
}

// TestOpenContractCreate is OC-1, from a draft.
func TestOpenContractCreate(t *testing.T) {
	for _, terms := range []escrow.Terms{workTerms(), tenderTerms(), standardTerms()} {
		k := newDesk(t, escrow.OpenContract, terms)
		assert.True(t, k.c.IsDraft())
		checkRow(t, k, row{rule: "OC-1", cmd: escrow.Create{}, who: byClient, to: "created",
			moves: []string{"50 client:0xClient -> escrow (escrow_deposit)"}, held: "escrow 50"})
		assert.False(t, k.c.IsDraft())
		assert.True(t, k.c.CreatedAt().Equal(june(3, 0)))
	}
}

// TestOpenContractStatuses: an action is wrong_status wherever its rows do not
// start, whoever may ask there.
func TestOpenContractStatuses(t *testing.T) {
	starts := map[escrow.Action][]string{"create": nil}
	cmds := map[escrow.Action]row{"create": {cmd: escrow.Create{}, who: byClient}}
	for _, r := range workRows {
		starts[r.cmd.Action()] = append(starts[r.cmd.Action()], r.from...)
		cmds[r.cmd.Action()] = r
	}
	for _, p := range workPlaces {
		k := workAt(t, p.name)
		for action, from := range starts {
			r := cmds[action]
			if slices.Contains(from, p.name) || action == "decline" && strings.Contains(p.name, "tender") {
				continue
			}
			if action == "accept" && !strings.Contains(p.name, "tender") {
				r.who = byWorker
			}
			if action == "vote" && len(k.c.BackupAgents()) == 0 || r.who.ID == "0xWorker" && k.c.Worker() == "" {
				continue // nobody is that party yet
			}
			e := k.refused(escrow.WrongStatus, r.cmd, r.who)
			assert.Equal(t, escrow.Conflict, e.Code())
			assert.NotEmpty(t, e.Details()["statuses"], "%s in %s", action, p.name)
		}
	}
}

// TestOpenContractParties: whoever is not the rule's party is forbidden, in
// whatever status the contract is.
func TestOpenContractParties(t *testing.T) {
	parties := map[escrow.Action]struct {
		cmd    escrow.Command
		may    []string
		reason escrow.Reason
	}{
		"create":   {escrow.Create{}, []string{"0xClient"}, escrow.NotClient},
		"accept":   {escrow.Accept{}, []string{"0xWorker"}, escrow.NotWorker},
		"decline":  {escrow.Decline{}, []string{"0xWorker"}, escrow.NotWorker},
		"cancel":   {escrow.Cancel{}, []string{"0xClient"}, escrow.NotClient},
		"withdraw": {escrow.Withdraw{}, []string{"0xWorker"}, escrow.NotWorker},
		"deliver":  {escrow.Deliver{Delivery: "x"}, []string{"0xWorker"}, escrow.NotWorker},
		"approve":  {escrow.Approve{}, []string{"0xClient"}, escrow.NotClient},
		"dispute":  {escrow.Dispute{}, []string{"0xClient"}, escrow.NotClient},
		"draw":     {draw, []string{"system"}, escrow.NotSystem},
		"vote":     {votes("mmm"), []string{"0xA", "0xB", "0xC"}, escrow.NotBackupAgent},
		"settle":   {escrow.Settle{}, []string{"system"}, escrow.NotSystem},
	}
	everybody := append([]escrow.Actor{byClient, byWorker, byStranger, bySystem}, byAgents...)
	for _, p := range workPlaces {
		if strings.Contains(p.name, "tender") {
			continue
		}
		k := workAt(t, p.name)
		for action, party := range parties {
			for _, who := range everybody {
				if !slices.Contains(party.may, who.ID) {
					e := k.refused(party.reason, party.cmd, who)
					assert.Equal(t, escrow.Forbidden, e.Code(), "%s by %s in %s", action, who.ID, p.name)
				}
			}
		}
	}
}

// TestOpenTender is what differs when the worker is not named: the documented
// 400 for decline, 403 for the client, 409 for who comes too late.
func TestOpenTender(t *testing.T) {
	k := workAt(t, "created, tender")
	assert.Empty(t, k.c.Worker())
	for _, who := range []escrow.Actor{byWorker, byClient, byStranger} {
		e := k.refused(escrow.DeclinedOpenTender, escrow.Decline{}, who)
		assert.Equal(t, escrow.InvalidRequest, e.Code())
	}
	assert.Equal(t, escrow.Forbidden, k.refused(escrow.WorkerIsClient, escrow.Accept{}, byClient).Code())
	k.refused(escrow.NotWorker, escrow.Accept{}, bySystem)
	k.refused(escrow.NotWorker, escrow.Withdraw{}, byStranger)
	d := k.do(escrow.Accept{}, byStranger)
	assert.Equal(t, "OC-3", d.Rule)
	assert.Equal(t, "0xStranger", k.c.Worker())
	e := k.refused(escrow.WrongStatus, escrow.Accept{}, byWorker)
	assert.Equal(t, 409, e.Code().HTTP())
	k.refused(escrow.WorkerIsClient, escrow.Accept{}, byClient)
	k.refused(escrow.NotWorker, escrow.Withdraw{}, byWorker)
	k.do(escrow.Withdraw{}, byStranger)
}

// TestAccountsAreParties: a party is an account, whoever speaks for it; the
// system is none, even of the same name.
func TestAccountsAreParties(t *testing.T) {
	k := workAt(t, "created")
	speaker := escrow.Human("ann", "0xClient")
	_, err := k.ask(escrow.Cancel{}, speaker)
	assert.NoError(t, err)
	_, err = k.ask(escrow.Cancel{}, escrow.Actor{ID: "tok", Kind: escrow.KindToken, Account: "0xClient"})
	assert.NoError(t, err)
	k.refused(escrow.NotClient, escrow.Cancel{}, escrow.Actor{ID: "0xClient", Account: "other"})
	k.refused(escrow.NotClient, escrow.Cancel{}, escrow.Actor{ID: "x", Kind: escrow.KindSystem, Account: "0xClient"})
	k.refused(escrow.NotWorker, escrow.Accept{}, escrow.Actor{ID: "x", Kind: escrow.KindSystem, Account: "0xWorker"})
	resolved := workAt(t, "resolved")
	resolved.refused(escrow.NotSystem, escrow.Settle{}, escrow.Agent("system"))
	_, err = resolved.ask(escrow.Settle{}, escrow.Actor{ID: "cron", Kind: escrow.KindSystem})
	assert.NoError(t, err)
}

// TestTermsInOrder breaks the terms of a draft one at a time, in the documented
// order of the checks: with every later fault still in, the earliest answers.
func TestTermsInOrder(t *testing.T) {
	type fault struct {
		field  string
		reason escrow.Reason
		set    func(*escrow.Terms)
	}
	faults := []fault{
		{"id", escrow.Malformed, func(t *escrow.Terms) { t.ID = "a/b" }},
		{"baRecruitCount", escrow.InvalidPolicy, func(t *escrow.Terms) {
			p := escrow.OpenContract.DefaultPolicy()
			p.BARecruitCount = 4
			t.Policy = &p
		}},
		{"client", escrow.InvalidTerms, func(t *escrow.Terms) { t.Client = "" }},
		{"taskDescription", escrow.InvalidTerms, func(t *escrow.Terms) { t.TaskDescription = " \t\n" }},
		{"budgetOrPrice", escrow.InvalidTerms, func(t *escrow.Terms) { t.Price = decimal.Decimal{} }},
		{"acceptanceCriteria", escrow.InvalidTerms, func(t *escrow.Terms) { t.AcceptanceCriteria = nil }},
		{"contractType", escrow.InvalidTerms, func(t *escrow.Terms) { t.ContractType = "hourly" }},
		{"awardMethod", escrow.InvalidTerms, func(t *escrow.Terms) { t.AwardMethod = "lottery" }},
		{"verificationMode", escrow.InvalidTerms, func(t *escrow.Terms) { t.VerificationMode = "none" }},
		{"worker", escrow.InvalidTerms, func(t *escrow.Terms) { t.Worker = t.Client }},
		{"matchDeadline", escrow.InvalidTerms, func(t *escrow.Terms) { t.MatchDeadline = june(3, 0) }},
		{"withdrawalDeadline", escrow.InvalidTerms, func(t *escrow.Terms) { t.WithdrawalDeadline = june(1, 0) }},
		{"deliveryDeadline", escrow.InvalidTerms, func(t *escrow.Terms) { t.DeliveryDeadline = june(2, 0) }},
		{"reviewDeadline", escrow.InvalidTerms, func(t *escrow.Terms) { t.ReviewDeadline = time.Time{} }},
	}
	for i, want := range faults {
		terms := workTerms()
		for _, f := range slices.Backward(faults[i:]) {
			f.set(&terms)
		}
		k := newDesk(t, escrow.OpenContract, terms)
		e := k.refused(want.reason, escrow.Create{}, byStranger)
		assert.Equal(t, want.field, e.Details()["field"])
		assert.Equal(t, escrow.InvalidRequest, e.Code())
		assert.Contains(t, e.Message(), want.field)
		assert.Equal(t, "OC-1", e.Rule())
	}
	newDesk(t, escrow.OpenContract, workTerms()).refused(escrow.NotClient, escrow.Create{}, byStranger)
}

// TestTermsRefused breaks one thing each.
func TestTermsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		set   func(*escrow.Terms)
		want  escrow.Reason
		field string
	}{
		"no id":               {func(t *escrow.Terms) { t.ID = "" }, escrow.Malformed, "id"},
		"id of 201":           {func(t *escrow.Terms) { t.ID = strings.Repeat("x", 201) }, escrow.Malformed, "id"},
		"blank in client":     {func(t *escrow.Terms) { t.Client = "a b" }, escrow.Malformed, "client"},
		"unicode worker":      {func(t *escrow.Terms) { t.Worker = "é" }, escrow.Malformed, "worker"},
		"scale 19":            {func(t *escrow.Terms) { t.Asset = escrow.Asset{Code: "X", Scale: 19} }, escrow.Malformed, "asset"},
		"no code":             {func(t *escrow.Terms) { t.Asset = escrow.Asset{Scale: 2} }, escrow.Malformed, "asset"},
		"negative price":      {func(t *escrow.Terms) { t.Price = decimal.NewFromInt(-1) }, escrow.Malformed, "budgetOrPrice"},
		"enormous price":      {func(t *escrow.Terms) { t.Price = decimal.New(1, 1e8) }, escrow.AmountBounds, "budgetOrPrice"},
		"price too fine":      {func(t *escrow.Terms) { t.Price = decimal.New(1, -7) }, escrow.AmountScale, "budgetOrPrice"},
		"price far too fine":  {func(t *escrow.Terms) { t.Price = decimal.New(1, -30) }, escrow.AmountScale, "budgetOrPrice"},
		"eleven criteria":     {func(t *escrow.Terms) { t.AcceptanceCriteria = strings.Split("abcdefghijk", "") }, escrow.InvalidTerms, "acceptanceCriteria"},
		"blank criterion":     {func(t *escrow.Terms) { t.AcceptanceCriteria = []string{"a", " "} }, escrow.InvalidTerms, "acceptanceCriteria"},
		"auction":             {func(t *escrow.Terms) { t.ContractType = escrow.Auction }, escrow.UnsupportedCombination, "contractType"},
		"direct, unnamed":     {func(t *escrow.Terms) { t.Worker = "" }, escrow.InvalidTerms, "worker"},
		"tender, named":       {func(t *escrow.Terms) { t.AwardMethod = escrow.AwardOpenTender }, escrow.InvalidTerms, "worker"},
		"match now":           {func(t *escrow.Terms) { t.MatchDeadline = june(3, 0) }, escrow.InvalidTerms, "matchDeadline"},
		"no match":            {func(t *escrow.Terms) { t.MatchDeadline = time.Time{} }, escrow.InvalidTerms, "matchDeadline"},
		"withdrawal early":    {func(t *escrow.Terms) { t.WithdrawalDeadline = june(3, 23) }, escrow.InvalidTerms, "withdrawalDeadline"},
		"delivery early":      {func(t *escrow.Terms) { t.DeliveryDeadline = june(4, 23) }, escrow.InvalidTerms, "deliveryDeadline"},
		"all at once":         {func(t *escrow.Terms) { t.WithdrawalDeadline, t.DeliveryDeadline = june(4, 0), june(4, 0) }, escrow.InvalidTerms, "deliveryDeadline"},
		"review with it":      {func(t *escrow.Terms) { t.ReviewDeadline = june(6, 0) }, escrow.InvalidTerms, "reviewDeadline"},
		"review in standard":  {func(t *escrow.Terms) { t.VerificationMode = escrow.Standard }, escrow.InvalidTerms, "reviewDeadline"},
		"deadline far away":   {func(t *escrow.Terms) { t.ReviewDeadline = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, escrow.Malformed, "reviewDeadline"},
		"own data":            {func(t *escrow.Terms) { t.Data = 5 }, escrow.Malformed, "data"},
		"milestones":          {func(t *escrow.Terms) { t.Milestones = hireTerms().Milestones }, "", ""},
		"ten criteria":        {func(t *escrow.Terms) { t.AcceptanceCriteria = strings.Split("abcdefghij", "") }, "", ""},
		"withdrawal at match": {func(t *escrow.Terms) { t.WithdrawalDeadline = june(4, 0) }, "", ""},
		"delivery with it":    {func(t *escrow.Terms) { t.DeliveryDeadline = june(5, 0) }, "", ""},
		"price 50.0000000":    {func(t *escrow.Terms) { t.Price = decimal.New(500000000, -7) }, "", ""},
		"least price":         {func(t *escrow.Terms) { t.Price = decimal.New(1, -6) }, "", ""},
		"greatest price":      {func(t *escrow.Terms) { t.Price = decimal.New(1, 30) }, "", ""},
		"id of 200":           {func(t *escrow.Terms) { t.ID = strings.Repeat("x", 200) }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			terms := workTerms()
			c.set(&terms)
			k := newDesk(t, escrow.OpenContract, terms)
			if c.want == "" {
				k.do(escrow.Create{}, byClient)
				return
			}
			e := k.refused(c.want, escrow.Create{}, byClient)
			assert.Equal(t, c.field, e.Details()["field"])
		})
	}
}

// TestPolicyInOrder breaks one policy field each; what can work is accepted.
func TestPolicyInOrder(t *testing.T) {
	ratio := func(text string) escrow.Ratio {
		r, err := escrow.ParseRatio(text)
		require.NoError(t, err)
		return r
	}
	const hour = time.Hour
	for name, c := range map[string]struct {
		set   func(*escrow.Policy)
		field string
	}{
		"window 0":         {func(p *escrow.Policy) { p.BAVotingWindow = 0 }, "baVotingWindow"},
		"window negative":  {func(p *escrow.Policy) { p.BAVotingWindow = -hour }, "baVotingWindow"},
		"window 10 years+": {func(p *escrow.Policy) { p.BAVotingWindow = 3650*24*hour + time.Second }, "baVotingWindow"},
		"recruit 0":        {func(p *escrow.Policy) { p.BARecruitCount = 0 }, "baRecruitCount"},
		"recruit even":     {func(p *escrow.Policy) { p.BARecruitCount = 2 }, "baRecruitCount"},
		"recruit 17":       {func(p *escrow.Policy) { p.BARecruitCount = 17 }, "baRecruitCount"},
		"recruit -1":       {func(p *escrow.Policy) { p.BARecruitCount = -1 }, "baRecruitCount"},
		"no quorum":        {func(p *escrow.Policy) { p.NoQuorum = "reject" }, "noQuorum"},
		"forfeit":          {func(p *escrow.Policy) { p.DisputeForfeitTo = "client" }, "disputeForfeitTo"},
		"backup slash":     {func(p *escrow.Policy) { p.BackupSlashTo = "worker" }, "backupSlashTo"},
		"tokens negative":  {func(p *escrow.Policy) { p.TokenMintRewardFull = decimal.NewFromInt(-1) }, "tokenMintRewardFull"},
		"tokens reduced":   {func(p *escrow.Policy) { p.TokenMintRewardReduced = decimal.New(1, 100) }, "tokenMintRewardReduced"},
		"stake negative":   {func(p *escrow.Policy) { p.BAEligibilityStake = decimal.NewFromInt(-1) }, "baEligibilityStake"},
		"slash 1":          {func(p *escrow.Policy) { p.EarlyWithdrawalSlashRatio = ratio("1") }, "earlyWithdrawalSlashRatio"},
		"review quorum":    {func(p *escrow.Policy) { p.PayoutReview.Quorum = 11 }, "payoutReview"},
		"review too fine":  {func(p *escrow.Policy) { p.PayoutReview = escrow.PayoutReview{MinPayout: decimal.New(1, -7), Quorum: 1} }, "payoutReview"},
		"slash almost 1":   {func(p *escrow.Policy) { p.EarlyWithdrawalSlashRatio = ratio("0.999999999999999999") }, ""},
		"all ratios 1": {func(p *escrow.Policy) {
			p.ProtocolFee, p.WorkerStakeRatio, p.UnclearCredit = ratio("1"), ratio("1"), ratio("1")
		}, ""},
		"all ratios 0": {func(p *escrow.Policy) {
			p.ProtocolFee, p.WorkerStakeRatio, p.DisputeBondRatio = ratio("0"), ratio("0"), ratio("0")
		}, ""},
		"recruit 15":      {func(p *escrow.Policy) { p.BARecruitCount = 15 }, ""},
		"window 10 years": {func(p *escrow.Policy) { p.BAVotingWindow = 3650 * 24 * hour }, ""},
		"no tokens":       {func(p *escrow.Policy) { p.TokenMintRewardFull = decimal.Decimal{} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			k := newDesk(t, escrow.OpenContract, under(workTerms(), escrow.OpenContract, c.set))
			if c.field == "" {
				k.do(escrow.Create{}, byClient)
				return
			}
			e := k.refused(escrow.InvalidPolicy, escrow.Create{}, byClient)
			assert.Equal(t, c.field, e.Details()["field"])
		})
	}
}

// TestPolicyOfFractionsOfSeconds: a window that the stored form cannot hold is
// refused, or held exactly; it must not change by being stored.
func TestPolicyOfFractionsOfSeconds(t *testing.T) {
	k := newDesk(t, escrow.OpenContract, under(workTerms(), escrow.OpenContract, func(p *escrow.Policy) { p.BAVotingWindow = 500 * time.Millisecond }))
	d, err := k.ask(escrow.Create{}, byClient)
	if err != nil {
		assert.ErrorIs(t, err, escrow.InvalidPolicy)
		return
	}
	stored, err := escrow.ParseContract([]byte(jsonOf(t, d.Contract)))
	require.NoError(t, err)
	assert.Equal(t, d.Contract.Policy().BAVotingWindow, stored.Policy().BAVotingWindow, "baVotingWindow after a round trip")
}

// TestPayloads goes through the payloads that are wrong by themselves; they are
// refused before it is asked who may, and in which status.
func TestPayloads(t *testing.T) {
	agents := func(names ...string) escrow.Draw { return escrow.Draw{BackupAgents: names} }
	ballots := func(list ...escrow.Ballot) escrow.Vote { return escrow.Vote{Votes: list} }
	for name, c := range map[string]struct {
		place string
		cmd   escrow.Command
		want  escrow.Reason
	}{
		"nothing delivered":  {"matched", escrow.Deliver{}, escrow.DeliveryMissing},
		"blank delivered":    {"matched", escrow.Deliver{Delivery: " \n"}, escrow.DeliveryMissing},
		"nobody drawn":       {"disputed", agents(), escrow.BackupAgentsInvalid},
		"two drawn":          {"disputed", agents("0xA", "0xB"), escrow.BackupAgentsInvalid},
		"four drawn":         {"disputed", agents("0xA", "0xB", "0xC", "0xD"), escrow.BackupAgentsInvalid},
		"one twice":          {"disputed", agents("0xA", "0xB", "0xA"), escrow.BackupAgentsInvalid},
		"the client drawn":   {"disputed", agents("0xA", "0xB", "0xClient"), escrow.BackupAgentsInvalid},
		"the worker drawn":   {"disputed", agents("0xA", "0xB", "0xWorker"), escrow.BackupAgentsInvalid},
		"no id":              {"disputed", agents("0xA", "0xB", "a b"), escrow.BackupAgentsInvalid},
		"no votes":           {"disputed, drawn", escrow.Vote{}, escrow.VotesIncomplete},
		"two votes of three": {"disputed, drawn", votes("mm"), escrow.VotesIncomplete},
		"four votes":         {"disputed, drawn", votes("mmmm"), escrow.VotesIncomplete},
		"one repeated":       {"disputed, drawn", ballots(escrow.Ballot{Vote: escrow.Met}, escrow.Ballot{Vote: escrow.Met}, escrow.Ballot{CriterionIndex: 2, Vote: escrow.Met}), escrow.VotesIncomplete},
		"out of range":       {"disputed, drawn", ballots(escrow.Ballot{Vote: escrow.Met}, escrow.Ballot{CriterionIndex: 1, Vote: escrow.Met}, escrow.Ballot{CriterionIndex: 3, Vote: escrow.Met}), escrow.VotesIncomplete},
		"negative index":     {"disputed, drawn", ballots(escrow.Ballot{CriterionIndex: -1, Vote: escrow.Met}, escrow.Ballot{CriterionIndex: 1, Vote: escrow.Met}, escrow.Ballot{CriterionIndex: 2, Vote: escrow.Met}), escrow.VotesIncomplete},
		"incomplete, bad":    {"disputed, drawn", votes("mx"), escrow.VotesIncomplete},
		"no such verdict":    {"disputed, drawn", votes("mmx"), escrow.VoteInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			k := workAt(t, c.place)
			for _, who := range []escrow.Actor{byStranger, bySystem, byAgents[0], byWorker} {
				e := k.refused(c.want, c.cmd, who)
				assert.Equal(t, escrow.InvalidRequest, e.Code())
			}
		})
	}
	k := workAt(t, "disputed, drawn")
	k.do(ballots(escrow.Ballot{CriterionIndex: 2, Vote: escrow.Unclear}, escrow.Ballot{Vote: escrow.Met}, escrow.Ballot{CriterionIndex: 1, Vote: escrow.NotMet}), byAgents[0])
	assert.Equal(t, escrow.NotMet, k.c.Votes()[1].Vote, "ballots may stand in any order")
	assert.Equal(t, escrow.Conflict, k.refused(escrow.AlreadyVoted, votes("mmm"), byAgents[0]).Code())
}

// TestRefusalOrder takes one fault after the other away and sees the next.
func TestRefusalOrder(t *testing.T) {
	k := workAt(t, "disputed, drawn")
	k.do(votes("mmm"), byAgents[0])
	late := june(9, 0)
	k.at(late).refused(escrow.NoActor, votes("m"), escrow.Actor{})
	k.refused(escrow.Malformed, votes("m"), escrow.Agent("a b"))
	k.refused(escrow.VotesIncomplete, votes("m"), byStranger)
	k.refused(escrow.VoteInvalid, votes("mmx"), byStranger)
	k.refused(escrow.NotBackupAgent, votes("mmm"), byStranger)
	k.refused(escrow.DeadlineDue, votes("mmm"), byAgents[0])
	k.at(june(7, 13)).refused(escrow.AlreadyVoted, votes("mmm"), byAgents[0])
	k.do(votes("mmm"), byAgents[1])
	k.do(votes("mmm"), byAgents[2])
	k.at(late).refused(escrow.WrongStatus, votes("mmm"), byAgents[0])
}

// TestUnusableQuestions are refused before the table is looked at.
func TestUnusableQuestions(t *testing.T) {
	k := workAt(t, "created")
	k.refused(escrow.UnknownAction, escrow.End{}, byClient)
	k.refused(escrow.UnknownAction, escrow.Confirm{}, byClient)
	k.refused(escrow.Malformed, &escrow.Cancel{}, byClient)
	k.refused(escrow.Malformed, escrow.Cancel{}, escrow.Actor{ID: "0xClient", Kind: "robot"})
	k.refused(escrow.Malformed, escrow.Cancel{}, escrow.Actor{ID: "0xClient", Account: "a b"})
	k.refused(escrow.Malformed, escrow.Cancel{}, escrow.Actor{ID: "0xClient", User: "é"})
	k.at(time.Time{}).refused(escrow.Malformed, escrow.Cancel{}, byClient)
	for name, ask := range map[string]func() error{
		"no clock":     func() error { _, err := escrow.Decide(k.c, escrow.Cancel{}, byClient, nil); return err },
		"no command":   func() error { _, err := escrow.Decide(k.c, nil, byClient, k.at(june(3, 1))); return err },
		"nothing open": func() error { _, err := escrow.Decide(escrow.Contract{}, escrow.Cancel{}, byClient, k); return err },
	} {
		want := escrow.Malformed
		if name == "nothing open" {
			want = escrow.UnknownLifecycle
		}
		assert.ErrorIs(t, ask(), want, name)
	}
}

// TestDraftTakesItsFoundingActionOnly: everything else is wrong_status, and
// there is nothing to advance.
func TestDraftTakesItsFoundingActionOnly(t *testing.T) {
	work := newDesk(t, escrow.OpenContract, workTerms())
	for _, cmd := range []escrow.Command{escrow.Accept{}, escrow.Decline{}, escrow.Cancel{}, escrow.Withdraw{}, escrow.Deliver{Delivery: "x"}, escrow.Approve{},
		escrow.Dispute{}, draw, votes("mmm"), escrow.Settle{}} {
		for _, who := range []escrow.Actor{byClient, byWorker, bySystem, byStranger} {
			work.refused(escrow.WrongStatus, cmd, who)
		}
	}
	work.refused(escrow.NothingDue, escrow.Advance{}, byClient)
	train := newDesk(t, escrow.OpenTrain, hireTerms())
	for _, cmd := range []escrow.Command{escrow.AddMilestone{Milestone: stone("m2", 1)}, escrow.FundMilestone{MilestoneID: "m1"}, escrow.ApproveMilestone{MilestoneID: "m1"},
		escrow.End{}, escrow.Confirm{ApprovalID: "x"}, escrow.DeclineApproval{ApprovalID: "x"}} {
		for _, who := range []escrow.Actor{byToken, byAnn} {
			train.refused(escrow.WrongStatus, cmd, who)
		}
	}
	train.refused(escrow.NothingDue, escrow.Advance{}, byToken)
}

// TestSnapshotRecordsItsPast: the snapshot says what the decisions before it did.
func TestSnapshotRecordsItsPast(t *testing.T) {
	k := workAt(t, "disputed, drawn")
	assert.Equal(t, "ipfs://x", k.c.Delivery())
	assert.Equal(t, []string{"0xA", "0xB", "0xC"}, k.c.BackupAgents())
	k.c.BackupAgents()[0] = "0xMallory"
	assert.Equal(t, "0xA", k.c.BackupAgents()[0], "the list is a copy")
	assert.Equal(t, "50000000", k.c.Price().String())
	assert.Equal(t, uint64(5), k.c.Revision())
	assert.Same(t, escrow.OpenContract, k.c.Lifecycle())
	assert.Equal(t, "0xClient", k.c.Client())
	assert.Nil(t, k.c.Data())
	assert.Nil(t, k.c.CriteriaMet())
	assert.Empty(t, k.c.Milestones())
	assert.True(t, k.c.EndDate().IsZero())
	resolved := workAt(t, "resolved")
	assert.Equal(t, []escrow.Verdict{escrow.Met, escrow.Met, escrow.Met}, resolved.c.CriteriaMet())
	assert.Nil(t, resolved.c.BackupAgents())
	assert.Nil(t, resolved.c.Votes())
}

// TestDecideInto agrees with Decide, and may read the decision it writes.
func TestDecideInto(t *testing.T) {
	k := newDesk(t, escrow.OpenContract, workTerms())
	var d escrow.Decision
	client, worker := byClient, byWorker
	require.NoError(t, escrow.DecideInto(&d, &k.c, escrow.Create{}, &client, k))
	created := k.do(escrow.Create{}, byClient)
	assert.Equal(t, jsonOf(t, created), jsonOf(t, d))
	require.NoError(t, escrow.DecideInto(&d, &d.Contract, escrow.Accept{}, &worker, k))
	assert.Equal(t, jsonOf(t, k.do(escrow.Accept{}, byWorker)), jsonOf(t, d))
	assert.ErrorIs(t, escrow.DecideInto(&d, &k.c, escrow.Cancel{}, &client, k), escrow.WrongStatus)
	err := escrow.DecideInto(&d, &k.c, escrow.Withdraw{}, &worker, k.at(june(5, 0)))
	assert.ErrorIs(t, err, escrow.WindowClosed)
	var e *escrow.Error
	require.True(t, errors.As(err, &e))
	closed, ok := e.Deadline()
	assert.True(t, ok)
	assert.True(t, closed.Equal(june(5, 0)))
}

// TestDecideIntoAgain: a decision that is written again keeps nothing of what it
// was.
func TestDecideIntoAgain(t *testing.T) {
	var d escrow.Decision
	big := workAt(t, "disputed, last vote")
	big.do(votes("mmm"), byAgents[2])
	system, ann, client := bySystem, byAnn, byClient
	require.NoError(t, escrow.DecideInto(&d, &big.c, escrow.Settle{}, &system, big))
	assert.Greater(t, d.NumMovements(), 4)
	asked := trainAt(t, "proposed")
	require.NoError(t, escrow.DecideInto(&d, &asked.c, escrow.Confirm{ApprovalID: asked.approval()}, &ann, asked))
	want, err := asked.ask(escrow.Confirm{ApprovalID: asked.approval()}, byAnn)
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, want), jsonOf(t, d))
	created := workAt(t, "created")
	require.NoError(t, escrow.DecideInto(&d, &created.c, escrow.Cancel{}, &client, created))
	want, err = created.ask(escrow.Cancel{}, byClient)
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, want), jsonOf(t, d))
}

// TestMilestonesTogetherAreBounded: all milestones of a contract come to at most
// 10^38 smallest units, stored or added, so no sum of them overflows.
func TestMilestonesTogetherAreBounded(t *testing.T) {
	k := trainAt(t, "active")
	with := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"id":"x%d","name":"n","amount":"1%s","status":"ACTIVE_FUNDED"}`, i, strings.Repeat("0", 34)))
		}
		text := strings.Replace(jsonOf(t, k.c), `"status":"ACTIVE_FUNDED"}]`, `"status":"ACTIVE_FUNDED"},`+strings.Join(list, ",")+`]`, 1)
		return edited(t, text, "custody", gone{})
	}
	_, err := escrow.ParseContract([]byte(with(100)))
	assert.ErrorIs(t, err, escrow.AmountBounds)
	k = &desk{t, parsed(t, with(99)), k.now}
	largest := escrow.MilestoneTerms{ID: "x", Name: "n", Amount: decimal.NewNullDecimal(decimal.New(1, 34))}
	k.refused(escrow.AmountBounds, escrow.AddMilestone{Milestone: largest}, byAnn)
	largest.Amount.Decimal = decimal.New(1, 33)
	k.do(escrow.AddMilestone{Milestone: largest}, byAnn)
	k.do(escrow.End{}, byAnn)
	assert.Empty(t, k.c.Custody())
}

// TestHelpersAreOneLineOverDecide: the named helpers answer as Decide does.
func TestHelpersAreOneLineOverDecide(t *testing.T) {
	draft := newDesk(t, escrow.OpenContract, workTerms())
	created, matched, review, resolved := workAt(t, "created"), workAt(t, "matched"), workAt(t, "under-review"), workAt(t, "resolved")
	hire := newDesk(t, escrow.OpenTrain, hireTerms())
	asked := trainAt(t, "proposed")
	active := trainAt(t, "active")
	for _, c := range []struct {
		k    *desk
		cmd  escrow.Command
		who  escrow.Actor
		call func(k *desk) (escrow.Decision, error)
	}{
		{draft, escrow.Create{}, byClient, func(k *desk) (escrow.Decision, error) { return k.c.Create(byClient, k) }},
		{created, escrow.Accept{}, byWorker, func(k *desk) (escrow.Decision, error) { return k.c.Accept(byWorker, k) }},
		{matched, escrow.Withdraw{}, byWorker, func(k *desk) (escrow.Decision, error) { return k.c.Withdraw(byWorker, k) }},
		{matched, escrow.Deliver{Delivery: "x"}, byWorker, func(k *desk) (escrow.Decision, error) { return k.c.Deliver("x", byWorker, k) }},
		{review, escrow.Approve{}, byClient, func(k *desk) (escrow.Decision, error) { return k.c.Approve(byClient, k) }},
		{review, escrow.Dispute{}, byClient, func(k *desk) (escrow.Decision, error) { return k.c.Dispute(byClient, k) }},
		{resolved, escrow.Settle{}, bySystem, func(k *desk) (escrow.Decision, error) { return k.c.Settle(k) }},
		{hire, escrow.Hire{}, byToken, func(k *desk) (escrow.Decision, error) { return k.c.Hire(byToken, k) }},
		{asked, escrow.Confirm{ApprovalID: asked.approval()}, byAnn, func(k *desk) (escrow.Decision, error) { return k.c.Confirm(k.approval(), byAnn, k) }},
		{active, escrow.End{}, byAnn, func(k *desk) (escrow.Decision, error) { return k.c.End(byAnn, k) }},
	} {
		want, err := c.k.ask(c.cmd, c.who)
		require.NoError(t, err)
		got, err := c.call(c.k)
		require.NoError(t, err, c.cmd.Action())
		assert.Equal(t, jsonOf(t, want), jsonOf(t, got), c.cmd.Action())
	}
	created.at(june(4, 0))
	d, err := created.c.Advance(created)
	require.NoError(t, err)
	assert.Equal(t, "OC-6", d.Rule)
}

// trainPlaces are the places of the OpenTrain lifecycle. Milestone m1 has 100.
var trainPlaces = []place{
	{"proposed", hireTerms, func(k *desk) { k.do(escrow.Hire{}, byToken) }},
	{"active", hireTerms, func(k *desk) { k.do(escrow.Hire{}, byAnn) }},
	{"active, m2 not funded", hireTerms, toTwoStones},
	{"active, both funded", hireTerms, func(k *desk) { toTwoStones(k); k.do(escrow.FundMilestone{MilestoneID: "m2"}, byAnn) }},
	{"active, nothing funded", hireTerms, func(k *desk) { toTwoStones(k); k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn) }},
	{"ended", hireTerms, func(k *desk) { k.do(escrow.Hire{}, byAnn); k.do(escrow.End{}, byAnn) }},
	{"not-hired", hireTerms, func(k *desk) {
		k.do(escrow.Hire{}, byToken)
		k.do(escrow.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	}},
}

// toTwoStones hires, and adds a second milestone of 33.
func toTwoStones(k *desk) {
	k.do(escrow.Hire{}, byAnn)
	k.do(escrow.AddMilestone{Milestone: stone("m2", 33)}, byToken)
}

// trainAt is an OpenTrain contract at a place.
func trainAt(t testing.TB, name string) *desk {
	return standing(t, escrow.OpenTrain, trainPlaces, name)
}

// trainRows is the table of opentrain.md as a signed-in human carries it out.
var trainRows = []row{
	{"OT-1", escrow.Hire{}, byAnn, []string{"proposed"}, "active", []string{"100 client:acme -> milestone:m1 (milestone_deposit)",
		"10 client:acme -> platform (marketplace_fee)", "9.95 client:acme -> platform (initiation_fee)"}, "milestone:m1 100"},
	{"OT-2", escrow.AddMilestone{Milestone: stone("m9", 5)}, byAnn, []string{"active"}, "active", []string{}, "milestone:m1 100"},
	{"OT-3", escrow.FundMilestone{MilestoneID: "m2"}, byAnn, []string{"active, m2 not funded"}, "active",
		[]string{"33 client:acme -> milestone:m2 (milestone_deposit)", "3.3 client:acme -> platform (marketplace_fee)"}, "milestone:m1 100, milestone:m2 33"},
	{"OT-4", escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn, []string{"active", "active, m2 not funded"}, "active",
		[]string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, ""},
	{"OT-5", escrow.End{}, byAnn, []string{"active, nothing funded"}, "ended", []string{}, ""},
	{"OT-6", escrow.End{}, byAnn, []string{"active", "active, m2 not funded"}, "ended", []string{"100 milestone:m1 -> client:acme (milestone_refund)"}, ""},
	{"OT-6", escrow.End{Dispositions: []escrow.Disposition{{MilestoneID: "m2", Disposition: escrow.Release}}}, byAnn, []string{"active, both funded"}, "ended",
		[]string{"100 milestone:m1 -> client:acme (milestone_refund)", "33 milestone:m2 -> worker:trainer (milestone_release)"}, ""},
}

// TestOpenTrainRules carries out every row of the table as a human does.
func TestOpenTrainRules(t *testing.T) {
	for _, r := range trainRows {
		for _, from := range r.from {
			t.Run(r.rule+" from "+from, func(t *testing.T) { checkRow(t, trainAt(t, from), r) })
		}
	}
	t.Run("OT-1 from draft", func(t *testing.T) {
		k := newDesk(t, escrow.OpenTrain, hireTerms())
		checkRow(t, k, row{rule: "OT-1", cmd: escrow.Hire{}, who: byAnn, to: "active", moves: trainRows[0].moves, held: "milestone:m1 100"})
		assert.Equal(t, []escrow.MilestoneStatus{escrow.ActiveFunded}, k.stones())
	})
}

// TestOpenTrainTokens: a token's request moves nothing and waits for a human;
// what needs no co-sign happens at once.
func TestOpenTrainTokens(t *testing.T) {
	waits := map[string]string{"OT-1": "proposal_hire", "OT-3": "milestone_fund", "OT-4": "milestone_approve", "OT-6": "contract_end"}
	for _, r := range trainRows {
		if end, ok := r.cmd.(escrow.End); ok && end.Dispositions != nil {
			continue
		}
		k := trainAt(t, r.from[0])
		before, status := held(k.c), k.c.Status()
		d := k.do(r.cmd, byToken)
		a, waiting := d.Approval()
		assert.Equal(t, r.rule, d.Rule)
		if kind := waits[r.rule]; kind != "" {
			require.True(t, waiting, r.rule)
			assert.Equal(t, kind, a.Type)
			assert.Equal(t, status, d.To)
			assert.Empty(t, moves(d))
			assert.Equal(t, before, held(k.c))
			assert.Equal(t, escrow.ApprovalIsPending, a.Status)
			continue
		}
		assert.False(t, waiting, r.rule)
		assert.Equal(t, r.to, d.To)
	}
}

// TestOpenTrainFirstHire founds the proposed contract, and moves nothing.
func TestOpenTrainFirstHire(t *testing.T) {
	k := newDesk(t, escrow.OpenTrain, hireTerms())
	d := k.do(escrow.Hire{}, byToken)
	assert.Equal(t, "OT-1", d.Rule)
	assert.Equal(t, escrow.Draft, d.From)
	assert.Equal(t, escrow.Proposed, d.To)
	assert.Empty(t, moves(d))
	assert.Equal(t, []escrow.MilestoneStatus{escrow.NotFunded}, k.stones())
	assert.Equal(t, 1, k.c.Milestones()[0].Number)
	a, ok := d.Approval()
	require.True(t, ok)
	assert.Equal(t, "h1-ap-1", a.ID)
	assert.Equal(t, "prop9", a.ProposalID)
	assert.Equal(t, "job7", a.JobID)
	assert.Equal(t, "h1", a.ContractID)
	assert.Empty(t, a.MilestoneID)
	assert.Equal(t, "ann", a.RequestedBy)
	assert.Equal(t, "acme", a.Account)
	assert.True(t, a.ExpiresAt.Equal(june(6, 0)), "72 hours")
	assert.Len(t, a.Movements, 3)
	assert.Equal(t, "", a.ApprovalURL)
	assert.Len(t, a.Hash, 64)
}

// TestOpenTrainMilestones checks what each row records of the milestones.
func TestOpenTrainMilestones(t *testing.T) {
	const none, funded, paid, back, cancelled = escrow.NotFunded, escrow.ActiveFunded, escrow.Paid, escrow.Refunded, escrow.Cancelled
	type list = []escrow.MilestoneStatus
	k := trainAt(t, "active, m2 not funded")
	assert.Equal(t, list{funded, none}, k.stones())
	assert.Equal(t, 2, k.c.Milestones()[1].Number)
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	assert.Equal(t, list{paid, none}, k.stones())
	k.do(escrow.End{}, byToken)
	assert.Equal(t, list{paid, cancelled}, k.stones())
	assert.True(t, k.c.EndDate().Equal(k.now))
	k = trainAt(t, "active, both funded")
	k.do(escrow.AddMilestone{Milestone: stone("m3", 1)}, byToken)
	k.do(escrow.End{Dispositions: []escrow.Disposition{{MilestoneID: "m1", Disposition: escrow.Release}}}, byAnn)
	assert.Equal(t, list{paid, back, cancelled}, k.stones())
}

// TestOpenTrainStatuses: an ended contract takes nothing, and what is not active
// is wrong_status.
func TestOpenTrainStatuses(t *testing.T) {
	cmds := []escrow.Command{escrow.AddMilestone{Milestone: stone("m9", 1)}, escrow.FundMilestone{MilestoneID: "m1"}, escrow.ApproveMilestone{MilestoneID: "m1"}, escrow.End{}}
	for name, want := range map[string]escrow.Reason{"ended": escrow.ContractEnded, "not-hired": escrow.WrongStatus, "proposed": escrow.WrongStatus} {
		for _, cmd := range cmds {
			for _, who := range []escrow.Actor{byToken, byAnn} {
				e := trainAt(t, name).refused(want, cmd, who)
				assert.Equal(t, escrow.Conflict, e.Code())
			}
		}
	}
	for _, name := range []string{"active", "ended", "not-hired"} {
		trainAt(t, name).refused(escrow.WrongStatus, escrow.Hire{}, byToken)
	}
	trainAt(t, "ended").refused(escrow.NothingDue, escrow.Advance{}, byAnn)
}

// TestOpenTrainTokenChecks takes one obstacle of a token after the other away:
// scope, feature, claim, ownership, milestone, state.
func TestOpenTrainTokenChecks(t *testing.T) {
	k := trainAt(t, "active")
	who := escrow.Actor{ID: "tok2", Kind: escrow.KindToken, Account: "other", ClaimURL: "https://claim.example/2"}
	cmd := escrow.FundMilestone{MilestoneID: "m8"}
	e := k.refused(escrow.ScopeMissing, cmd, who)
	assert.Equal(t, []string{"payments:write"}, e.Details()["requiredScopes"])
	who.Scopes = []string{"payments:write"}
	e = k.refused(escrow.FeatureDisabled, cmd, who)
	assert.Equal(t, "public_api_payments_write", e.Details()["featureKey"])
	who.Features = []string{"public_api_payments_write"}
	e = k.refused(escrow.AccountClaimRequired, cmd, who)
	assert.Equal(t, "https://claim.example/2", e.Details()["claimUrl"])
	who.Claimed = true
	assert.Equal(t, escrow.NotFound, k.refused(escrow.ContractNotFound, cmd, who).Code())
	who.Account = "acme"
	assert.Equal(t, escrow.NotFound, k.refused(escrow.MilestoneNotFound, cmd, who).Code())
	e = k.refused(escrow.MilestoneNotFundable, escrow.FundMilestone{MilestoneID: "m1"}, who)
	assert.Equal(t, "m1", e.Details()["milestoneId"])
	assert.Equal(t, "ACTIVE_FUNDED", e.Details()["status"])
	draft := newDesk(t, escrow.OpenTrain, hireTerms())
	e = draft.refused(escrow.ScopeMissing, escrow.Hire{}, escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "acme"})
	assert.Equal(t, []string{"proposals:write"}, e.Details()["requiredScopes"])
	e = draft.refused(escrow.FeatureDisabled, escrow.Hire{}, escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "acme", Scopes: byToken.Scopes})
	assert.Equal(t, "public_api_hiring", e.Details()["featureKey"])
}

// TestOpenTrainOthers: for everybody but the client's tokens and humans there is
// no such contract.
func TestOpenTrainOthers(t *testing.T) {
	other := byToken
	other.Account = "other"
	for _, name := range []string{"proposed", "active", "ended", "not-hired"} {
		k := trainAt(t, name)
		for _, cmd := range []escrow.Command{escrow.Hire{}, escrow.AddMilestone{Milestone: stone("m9", 1)}, escrow.FundMilestone{MilestoneID: "zz"},
			escrow.ApproveMilestone{MilestoneID: "m1"}, escrow.End{}} {
			for _, who := range []escrow.Actor{other, byTrainer, escrow.Agent("trainer"), escrow.Agent("acme"), bySystem} {
				k.refused(escrow.ContractNotFound, cmd, who)
			}
		}
	}
	draft := newDesk(t, escrow.OpenTrain, hireTerms())
	draft.refused(escrow.ContractNotFound, escrow.Hire{}, other)
	draft.refused(escrow.ContractNotFound, escrow.Hire{}, escrow.Agent("acme"))
}

// TestOpenTrainState goes through the conflicts of the milestones.
func TestOpenTrainState(t *testing.T) {
	k := trainAt(t, "active, nothing funded")
	k.refused(escrow.MilestoneExists, escrow.AddMilestone{Milestone: stone("m1", 5)}, byToken)
	e := k.refused(escrow.MilestoneNotFundable, escrow.FundMilestone{MilestoneID: "m1"}, byToken)
	assert.Equal(t, "PAID", e.Details()["status"])
	e = k.refused(escrow.MilestoneNotFunded, escrow.ApproveMilestone{MilestoneID: "m2"}, byToken)
	assert.Equal(t, "NOT_FUNDED", e.Details()["status"])
	k.refused(escrow.MilestoneNotFunded, escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	k.refused(escrow.MilestoneNotFound, escrow.ApproveMilestone{}, byAnn)
}

// TestHireTerms breaks the terms of a hire.
func TestHireTerms(t *testing.T) {
	with := func(change func(*escrow.MilestoneTerms)) func(*escrow.Terms) {
		return func(t *escrow.Terms) { change(&t.Milestones[0]) }
	}
	policy := func(change func(*escrow.Policy)) func(*escrow.Terms) {
		return func(t *escrow.Terms) { *t = under(*t, escrow.OpenTrain, change) }
	}
	for name, c := range map[string]struct {
		set   func(*escrow.Terms)
		want  escrow.Reason
		field string
	}{
		"id":                {func(t *escrow.Terms) { t.ID = "" }, escrow.Malformed, "id"},
		"no client":         {func(t *escrow.Terms) { t.Client = "" }, escrow.InvalidTerms, "client"},
		"no worker":         {func(t *escrow.Terms) { t.Worker = "" }, escrow.InvalidTerms, "worker"},
		"worker is client":  {func(t *escrow.Terms) { t.Worker = "acme" }, escrow.InvalidTerms, "worker"},
		"no milestone":      {func(t *escrow.Terms) { t.Milestones = nil }, escrow.InvalidMilestone, "milestones"},
		"two milestones":    {func(t *escrow.Terms) { t.Milestones = append(t.Milestones, stone("m2", 1)) }, escrow.InvalidMilestone, "milestones"},
		"no milestone id":   {with(func(m *escrow.MilestoneTerms) { m.ID = "" }), escrow.InvalidMilestone, "milestones[0].id"},
		"bad milestone id":  {with(func(m *escrow.MilestoneTerms) { m.ID = "a b" }), escrow.Malformed, "milestones[0].id"},
		"no name":           {with(func(m *escrow.MilestoneTerms) { m.Name = " " }), escrow.InvalidMilestone, "milestones[0].name"},
		"no amount":         {with(func(m *escrow.MilestoneTerms) { m.Amount.Valid = false }), escrow.InvalidMilestone, "milestones[0].amount"},
		"amount 0":          {with(func(m *escrow.MilestoneTerms) { m.Amount.Decimal = decimal.Decimal{} }), escrow.InvalidMilestone, "milestones[0].amount"},
		"amount negative":   {with(func(m *escrow.MilestoneTerms) { m.Amount.Decimal = decimal.NewFromInt(-1) }), escrow.Malformed, "milestones[0].amount"},
		"amount enormous":   {with(func(m *escrow.MilestoneTerms) { m.Amount.Decimal = decimal.New(1, 1e8) }), escrow.AmountBounds, "milestones[0].amount"},
		"amount large":      {with(func(m *escrow.MilestoneTerms) { m.Amount.Decimal = decimal.New(1, 35) }), escrow.AmountBounds, "milestones[0].amount"},
		"amount too fine":   {with(func(m *escrow.MilestoneTerms) { m.Amount.Decimal = decimal.New(1001, -3) }), escrow.AmountScale, "milestones[0].amount"},
		"amount far finer":  {with(func(m *escrow.MilestoneTerms) { m.Amount.Decimal = decimal.New(1, -25) }), escrow.AmountScale, "milestones[0].amount"},
		"due date":          {with(func(m *escrow.MilestoneTerms) { m.DueDate = time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) }), escrow.Malformed, "milestones[0].dueDate"},
		"ttl 0":             {policy(func(p *escrow.Policy) { p.ApprovalTTL = 0 }), escrow.InvalidPolicy, "approvalTTL"},
		"ttl over a year":   {policy(func(p *escrow.Policy) { p.ApprovalTTL = 365*24*time.Hour + time.Second }), escrow.InvalidPolicy, "approvalTTL"},
		"quorum 0":          {policy(func(p *escrow.Policy) { p.Quorum = 0 }), escrow.InvalidPolicy, "quorum"},
		"quorum 11":         {policy(func(p *escrow.Policy) { p.Quorum = 11 }), escrow.InvalidPolicy, "quorum"},
		"disposition":       {policy(func(p *escrow.Policy) { p.EndDisposition = "burn" }), escrow.InvalidPolicy, "endDisposition"},
		"fee negative":      {policy(func(p *escrow.Policy) { p.InitiationFee = decimal.NewFromInt(-1) }), escrow.InvalidPolicy, "initiationFee"},
		"fee too fine":      {policy(func(p *escrow.Policy) { p.InitiationFee = decimal.New(9955, -3) }), escrow.InvalidPolicy, "initiationFee"},
		"description alone": {with(func(m *escrow.MilestoneTerms) { m.Name, m.Description = "", "what to do" }), "", ""},
		"no fees":           {policy(func(p *escrow.Policy) { p.InitiationFee, p.MarketplaceFee = decimal.Decimal{}, escrow.Ratio{} }), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			terms := hireTerms()
			c.set(&terms)
			k := newDesk(t, escrow.OpenTrain, terms)
			if c.want == "" {
				k.do(escrow.Hire{}, byToken)
				return
			}
			e := k.refused(c.want, escrow.Hire{}, byToken)
			assert.Equal(t, c.field, e.Details()["field"])
			assert.Equal(t, "OT-1", e.Rule())
		})
	}
}

// TestHireTermsOrder: what is malformed comes before the policy, that before the
// terms, those before the milestone.
func TestHireTermsOrder(t *testing.T) {
	terms := under(hireTerms(), escrow.OpenTrain, func(p *escrow.Policy) { p.Quorum = 0 })
	terms.Milestones[0].ID, terms.Worker = "a b", ""
	newDesk(t, escrow.OpenTrain, terms).refused(escrow.Malformed, escrow.Hire{}, byToken)
	terms.Milestones[0].ID = ""
	newDesk(t, escrow.OpenTrain, terms).refused(escrow.InvalidPolicy, escrow.Hire{}, byToken)
	terms.Policy = nil
	newDesk(t, escrow.OpenTrain, terms).refused(escrow.InvalidTerms, escrow.Hire{}, byToken)
	terms.Worker = "trainer"
	newDesk(t, escrow.OpenTrain, terms).refused(escrow.InvalidMilestone, escrow.Hire{}, byToken)
	terms.Milestones[0].ID, terms.Milestones[0].Amount.Decimal = "m1", decimal.New(1, -3)
	newDesk(t, escrow.OpenTrain, terms).refused(escrow.AmountScale, escrow.Hire{}, byToken)
}

// TestAddedMilestones are checked as those of a hire, before the token is.
func TestAddedMilestones(t *testing.T) {
	k := trainAt(t, "active")
	bare := escrow.Actor{ID: "t", Kind: escrow.KindToken, Account: "acme"}
	k.refused(escrow.InvalidMilestone, escrow.AddMilestone{}, bare)
	k.refused(escrow.InvalidMilestone, escrow.AddMilestone{Milestone: stone("m2", 0)}, bare)
	tooFine := stone("m2", 1)
	tooFine.Amount.Decimal = decimal.New(1, -3)
	k.refused(escrow.AmountScale, escrow.AddMilestone{Milestone: tooFine}, bare)
	k.refused(escrow.ScopeMissing, escrow.AddMilestone{Milestone: stone("m2", 1)}, bare)
}

// TestTooManyMilestones: a contract holds at most a thousand.
func TestTooManyMilestones(t *testing.T) {
	k := trainAt(t, "active")
	list := make([]string, 0, 1000)
	for i := range 999 {
		list = append(list, fmt.Sprintf(`{"id":"x%d","name":"n","amount":"1","status":"NOT_FUNDED"}`, i))
	}
	text := strings.Replace(jsonOf(t, k.c), `"status":"ACTIVE_FUNDED"}]`, `"status":"ACTIVE_FUNDED"},`+strings.Join(list[:998], ",")+`]`, 1)
	var err error
	k.c, err = escrow.ParseContract([]byte(text))
	require.NoError(t, err)
	d, err := escrow.Decide(k.c, escrow.AddMilestone{Milestone: stone("last", 1)}, byAnn, k)
	require.NoError(t, err)
	full := d.Contract.Milestones()
	assert.Equal(t, 1000, full[999].Number)
	_, err = escrow.Decide(d.Contract, escrow.AddMilestone{Milestone: stone("one more", 1)}, byAnn, k)
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = escrow.Decide(d.Contract, escrow.AddMilestone{Milestone: stone("more", 1)}, byAnn, k)
	assert.ErrorIs(t, err, escrow.TooMany)
	assert.ErrorIs(t, err, escrow.Conflict)
}

// TestDispositions are a human's own decision to end, each of a funded milestone.
func TestDispositions(t *testing.T) {
	end := func(pairs ...string) escrow.End {
		e := escrow.End{Dispositions: []escrow.Disposition{}}
		for i := 0; i < len(pairs); i += 2 {
			e.Dispositions = append(e.Dispositions, escrow.Disposition{MilestoneID: pairs[i], Disposition: escrow.DispositionChoice(pairs[i+1])})
		}
		return e
	}
	k := trainAt(t, "active, m2 not funded")
	for name, cmd := range map[string]escrow.End{
		"a choice there is not":  end("m1", "burn"),
		"require":                end("m1", "require"),
		"a milestone not funded": end("m2", "release"),
		"no such milestone":      end("m9", "release"),
		"twice":                  end("m1", "release", "m1", "release"),
	} {
		e := k.refused(escrow.DispositionInvalid, cmd, byAnn)
		assert.Equal(t, escrow.InvalidRequest, e.Code(), name)
	}
	k.refused(escrow.DispositionInvalid, end("m1", "release"), byToken)
	k.refused(escrow.DispositionInvalid, end(), byToken)
	d := k.do(end("m1", "release"), byAnn)
	assert.Equal(t, []string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, moves(d))
}

// TestEndDispositionPolicy: what becomes of funded milestones by default.
func TestEndDispositionPolicy(t *testing.T) {
	for choice, want := range map[escrow.DispositionChoice]string{
		escrow.Refund:  "100 milestone:m1 -> client:acme (milestone_refund)",
		escrow.Release: "100 milestone:m1 -> worker:trainer (milestone_release)",
	} {
		k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, func(p *escrow.Policy) { p.EndDisposition = choice }))
		k.do(escrow.Hire{}, byAnn)
		assert.Equal(t, []string{want}, moves(k.do(escrow.End{}, byAnn)))
	}
	k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, func(p *escrow.Policy) { p.EndDisposition = escrow.Choose }))
	k.do(escrow.Hire{}, byAnn)
	e := k.refused(escrow.DispositionRequired, escrow.End{}, byAnn)
	assert.Equal(t, escrow.InvalidRequest, e.Code())
	k.do(escrow.End{Dispositions: []escrow.Disposition{{MilestoneID: "m1", Disposition: escrow.Refund}}}, byAnn)
}

// TestPayoutReview: a decision that pays out enough carries a review, and is
// otherwise the same.
func TestPayoutReview(t *testing.T) {
	for least, want := range map[string]bool{"52.5": true, "52.500001": false, "0": true, "1000": false} {
		terms := under(workTerms(), escrow.OpenContract, func(p *escrow.Policy) {
			p.PayoutReview = escrow.PayoutReview{MinPayout: decimal.RequireFromString(least), Quorum: 2}
		})
		k := newDesk(t, escrow.OpenContract, terms)
		created := k.do(escrow.Create{}, byClient)
		_, ok := created.Review()
		assert.False(t, ok, "a deposit is no payout")
		k.do(escrow.Accept{}, byWorker)
		d := k.do(escrow.Withdraw{}, byWorker)
		review, ok := d.Review()
		assert.Equal(t, want, ok, least)
		assert.Equal(t, escrow.CancelledWithdrawn, d.To)
		if ok {
			assert.Equal(t, "52.5", k.c.Asset().Text(review.Amount))
			assert.Equal(t, least, k.c.Asset().Text(review.MinPayout))
			assert.Equal(t, 2, review.Quorum)
		}
	}
	k := workAt(t, "created")
	d := k.do(escrow.Cancel{}, byClient)
	_, ok := d.Review()
	assert.False(t, ok, "no policy, no review")
}

// TestMovementsSayWhere: the basis of a movement is what it is a part of.
func TestMovementsSayWhere(t *testing.T) {
	k := workAt(t, "matched")
	d := k.do(escrow.Withdraw{}, byWorker)
	asset := k.c.Asset()
	for i, want := range []struct{ amount, of, ratio, policy string }{
		{"50", "50", "", ""}, {"0.75", "2.5", "0.3", "earlyWithdrawalSlashRatio"}, {"1.75", "2.5", "0.7", "earlyWithdrawalSlashRatio"},
	} {
		m := d.Movement(i)
		assert.Equal(t, want.amount, m.Decimal().String())
		assert.Equal(t, want.of, asset.Text(m.Basis.Of))
		assert.Equal(t, want.policy, m.Basis.Policy)
		assert.Equal(t, want.ratio != "", m.Basis.HasRatio)
		if m.Basis.HasRatio {
			assert.Equal(t, want.ratio, m.Basis.Ratio.String())
		}
		assert.True(t, m.IsPayout())
		assert.False(t, m.IsDeposit())
	}
	for i := range d.Movements() {
		if i == 1 {
			break
		}
	}
	hired := newDesk(t, escrow.OpenTrain, hireTerms())
	d = hired.do(escrow.Hire{}, byAnn)
	deposit, fee, initiation := d.Movement(0), d.Movement(1), d.Movement(2)
	assert.True(t, deposit.IsDeposit())
	assert.False(t, fee.IsDeposit() || fee.IsPayout(), "a charge goes from party to party")
	assert.Equal(t, "marketplaceFee", fee.Basis.Policy)
	assert.Equal(t, "initiationFee", initiation.Basis.Policy)
	assert.Equal(t, "0.1", fee.Basis.Ratio.String())
}

// TestZeroIsNotMoved: a movement of nothing is left out, and the record of what
// was posted is kept.
func TestZeroIsNotMoved(t *testing.T) {
	none := func(p *escrow.Policy) {
		p.WorkerStakeRatio, p.DisputeBondRatio, p.ProtocolFee = escrow.Ratio{}, escrow.Ratio{}, escrow.Ratio{}
	}
	k := newDesk(t, escrow.OpenContract, under(workTerms(), escrow.OpenContract, none))
	k.do(escrow.Create{}, byClient)
	assert.Empty(t, moves(k.do(escrow.Accept{}, byWorker)))
	assert.Equal(t, "escrow 50", held(k.c))
	assert.Contains(t, jsonOf(t, k.c), `"workerStake":"0"`)
	assert.Equal(t, []string{"50 escrow -> client:0xClient (escrow_refund)"}, moves(k.do(escrow.Withdraw{}, byWorker)))
}

// TestDepositsRoundHalfUp: a stake of a price that does not divide.
func TestDepositsRoundHalfUp(t *testing.T) {
	for units, want := range map[int64]string{9: "0", 10: "0.000001", 29: "0.000001", 30: "0.000002", 31: "0.000002"} {
		terms := workTerms()
		terms.Price = decimal.New(units, -6)
		k := newDesk(t, escrow.OpenContract, terms)
		k.do(escrow.Create{}, byClient)
		k.do(escrow.Accept{}, byWorker)
		assert.Contains(t, jsonOf(t, k.c), `"workerStake":"`+want+`"`, "a twentieth of %d", units)
	}
}

// TestGreatestAmounts: a life at 10^36 smallest units balances to the unit.
func TestGreatestAmounts(t *testing.T) {
	one := func(p *escrow.Policy) {
		full, err := escrow.ParseRatio("1")
		require.NoError(t, err)
		p.WorkerStakeRatio, p.DisputeBondRatio, p.BackupAgentBondRatio, p.BARecruitCount = full, full, full, 15
	}
	terms := under(workTerms(), escrow.OpenContract, one)
	terms.Price, terms.AcceptanceCriteria = decimal.New(1, 30), strings.Split("abcdefghij", "")
	k := newDesk(t, escrow.OpenContract, terms)
	toDisputed(k)
	var agents []string
	for i := range 15 {
		agents = append(agents, fmt.Sprintf("0xJ%d", i))
	}
	k.do(escrow.Draw{BackupAgents: agents}, bySystem)
	for i, a := range agents {
		k.do(votes([]string{"mmmmmmmmmm", "nnnnnnnnnn", "mnumnumnum"}[i%3]), escrow.Agent(a))
	}
	d := k.do(escrow.Settle{}, bySystem)
	assert.Empty(t, held(k.c))
	assert.True(t, k.c.IsTerminal())
	assert.Greater(t, d.NumMovements(), 15)
}

// TestAccountText: accounts have one text form each.
func TestAccountText(t *testing.T) {
	kinds := map[escrow.AccountKind]string{escrow.AccountClient: "client:x", escrow.AccountWorker: "worker:x", escrow.AccountBackup: "backup:x",
		escrow.AccountBackupBond: "backup-bond:x", escrow.AccountMilestone: "milestone:x"}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		assert.Equal(t, kinds[kind], escrow.Account{Kind: kind, ID: "x"}.String())
	}
	for kind, want := range map[escrow.AccountKind]string{escrow.AccountTreasury: "treasury", escrow.AccountPlatform: "platform",
		escrow.AccountEscrow: "escrow", escrow.AccountStake: "stake", escrow.AccountDisputeBond: "dispute-bond"} {
		assert.Equal(t, want, escrow.Account{Kind: kind}.String())
		assert.Equal(t, kind >= escrow.AccountEscrow, kind.Custody())
	}
}

// TestVotesNameEveryCriterionOnce: one named twice leaves another out, wherever
// it stands in the list.
func TestVotesNameEveryCriterionOnce(t *testing.T) {
	k := workAt(t, "disputed, drawn")
	ballots := func(criteria ...int) escrow.Vote {
		var v escrow.Vote
		for _, i := range criteria {
			v.Votes = append(v.Votes, escrow.Ballot{CriterionIndex: i, Vote: escrow.Met})
		}
		return v
	}
	for _, wrong := range [][]int{{0, 0, 1}, {0, 1, 0}, {1, 0, 1}, {2, 1, 2}, {0, 1, 1}, {0, 1}, {0, 1, 2, 2}, {0, 1, 3}, {-1, 1, 2}} {
		k.refused(escrow.VotesIncomplete, ballots(wrong...), byAgents[0])
	}
	k.do(ballots(2, 0, 1), byAgents[0])
}

// TestMilestonesTogetherMayBeTheBound: they may come to 10^38 smallest units.
func TestMilestonesTogetherMayBeTheBound(t *testing.T) {
	terms := hireTerms()
	terms.Milestones[0].Amount.Decimal = decimal.New(1, 34)
	k := newDesk(t, escrow.OpenTrain, terms)
	k.do(escrow.Hire{}, byAnn)
	for i := range 99 {
		more := stone(fmt.Sprint("x", i), 1)
		more.Amount.Decimal = decimal.New(1, 34)
		k.do(escrow.AddMilestone{Milestone: more}, byAnn)
	}
	k.refused(escrow.AmountBounds, escrow.AddMilestone{Milestone: stone("y", 1)}, byAnn)
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, parsed(t, jsonOf(t, k.c))), "also when it is stored")
}

// TestUnusableAmountsComeFirst: an amount that is none is said before what a
// milestone misses.
func TestUnusableAmountsComeFirst(t *testing.T) {
	for amount, want := range map[string]escrow.Reason{"1e60": escrow.AmountBounds, "-1": escrow.Malformed} {
		terms := hireTerms()
		terms.Milestones[0].ID, terms.Milestones[0].Amount.Decimal = "", decimal.RequireFromString(amount)
		newDesk(t, escrow.OpenTrain, terms).refused(want, escrow.Hire{}, byToken)
	}
}

// TestWhatIsNotThereComesBeforeTheStatus: a milestone that does not exist is said
// first, also of a contract that has ended.
func TestWhatIsNotThereComesBeforeTheStatus(t *testing.T) {
	k := trainAt(t, "ended")
	k.refused(escrow.MilestoneNotFound, escrow.ApproveMilestone{MilestoneID: "nope"}, byAnn)
	k.refused(escrow.MilestoneNotFound, escrow.FundMilestone{MilestoneID: "nope"}, byAnn)
}

// TestGreatestQuorum: ten humans are the most that a policy may ask for.
func TestGreatestQuorum(t *testing.T) {
	quorum := func(n int) escrow.Terms {
		return under(hireTerms(), escrow.OpenTrain, func(p *escrow.Policy) { p.Quorum = n })
	}
	newDesk(t, escrow.OpenTrain, quorum(10)).do(escrow.Hire{}, byToken)
	newDesk(t, escrow.OpenTrain, quorum(11)).refused(escrow.InvalidPolicy, escrow.Hire{}, byToken)
}

// TestDecideIntoOfManyMovements, one after the other: what the first spilled over
// is not found in the second, nor what it executed.
func TestDecideIntoOfManyMovements(t *testing.T) {
	var d escrow.Decision
	k := workAt(t, "disputed, last vote")
	k.do(votes("mmm"), byAgents[2])
	other := workAt(t, "disputed, last vote")
	other.do(votes("nnn"), byAgents[2])
	system, ann, client := bySystem, byAnn, byClient
	before := ""
	for i, k := range []*desk{k, other, k} {
		want, err := k.ask(escrow.Settle{}, bySystem)
		require.NoError(t, err)
		kept := d
		require.NoError(t, escrow.DecideInto(&d, &k.c, escrow.Settle{}, &system, k))
		assert.Equal(t, jsonOf(t, want), jsonOf(t, d))
		if i > 0 {
			assert.Equal(t, before, jsonOf(t, kept), "a copy of the decision before is left alone")
		}
		before = jsonOf(t, d)
	}
	d = escrow.Decision{}
	asked, created := trainAt(t, "proposed"), workAt(t, "created")
	require.NoError(t, escrow.DecideInto(&d, &asked.c, confirm(asked), &ann, asked))
	assert.Equal(t, "OT-1", d.Executes)
	require.NoError(t, escrow.DecideInto(&d, &created.c, escrow.Cancel{}, &client, created))
	assert.Empty(t, d.Executes)
}

// TestOneDeadlineIsKept where the terms name no earlier one.
func TestOneDeadlineIsKept(t *testing.T) {
	c := escrow.OpenContract.Draft(escrow.Terms{ID: "x", ReviewDeadline: june(8, 0)})
	kept := c.Terms()
	assert.True(t, kept.ReviewDeadline.Equal(june(8, 0)))
	assert.Zero(t, kept.DeliveryDeadline)
}

// TestPriceFaultsInOrder: a price that is no amount comes before all else that is
// wrong with the terms, one that is too fine in its turn.
func TestPriceFaultsInOrder(t *testing.T) {
	for price, want := range map[string]escrow.Reason{"1e60": escrow.AmountBounds, "-1": escrow.Malformed, "1e-7": escrow.InvalidTerms} {
		terms := workTerms()
		terms.TaskDescription, terms.Price = " ", decimal.RequireFromString(price)
		newDesk(t, escrow.OpenContract, terms).refused(want, escrow.Create{}, byClient)
	}
}
