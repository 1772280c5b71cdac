package escrow_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/vectors"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// documented is the contract object of the OpenContract documentation.
const documented = `{"id":"contract_xyz789","status":"matched","createdAt":"2026-06-03T00:00:00Z","client":"0xClientAgent...","worker":"0xWorkerAgent...",
	"taskDescription":"Summarize 10 research papers","acceptanceCriteria":["Each summary is 150-250 words","Each summary cites the paper's primary methodology","All 10 papers are covered"],
	"criteriaMet":null,"supplementaryMaterials":null,"delivery":null,"contractType":"fixed","awardMethod":"direct_award","budgetOrPrice":"50.0",
	"matchDeadline":"2026-06-04T00:00:00Z","withdrawalDeadline":"2026-06-05T00:00:00Z","deliveryDeadline":"2026-06-06T00:00:00Z","reviewDeadline":"2026-06-08T00:00:00Z",
	"verificationMode":"privacy-preserving","backupAgents":[],"escrowedFunds":"50.0","workerStake":"2.5","disputeBond":null}`

// gone removes a field.
type gone struct{}

// edited returns JSON with the value at a path such as "votes.0.vote" set.
func edited(t testing.TB, text, path string, value any) string {
	t.Helper()
	var root any
	require.NoError(t, json.Unmarshal([]byte(text), &root))
	return mustText(t, put(t, root, strings.Split(path, "."), value))
}

// put sets a value inside another.
func put(t testing.TB, in any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	switch in := in.(type) {
	case map[string]any:
		if _, remove := value.(gone); remove && len(path) == 1 {
			delete(in, path[0])
		} else {
			in[path[0]] = put(t, in[path[0]], path[1:], value)
		}
		return in
	case []any:
		i, err := strconv.Atoi(path[0])
		require.NoError(t, err)
		in[i] = put(t, in[i], path[1:], value)
		return in
	}
	t.Fatalf("there is no %v", path)
	return nil
}

// mustText is encoding/json's form of a value.
func mustText(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// parsed reads a contract that must be readable.
func parsed(t testing.TB, text string) escrow.Contract {
	t.Helper()
	c, err := escrow.ParseContract([]byte(text))
	require.NoError(t, err, text)
	return c
}

// unreadable checks that a contract is refused for a reason that names a field.
func unreadable(t testing.TB, want escrow.Reason, field, text string) {
	t.Helper()
	c, err := escrow.ParseContract([]byte(text))
	require.ErrorIs(t, err, want, text)
	assert.ErrorContains(t, err, field)
	assert.Equal(t, escrow.Contract{}, c, "a refusal comes with nothing")
}

// TestDocumentedSample decodes as it stands, with what is implied.
func TestDocumentedSample(t *testing.T) {
	c := parsed(t, documented)
	assert.Equal(t, escrow.Matched, c.Status())
	assert.Equal(t, "opencontract", c.Lifecycle().Name())
	assert.Equal(t, "escrow 50, stake 2.5", held(c))
	assert.Equal(t, escrow.OpenContract.DefaultPolicy(), c.Policy())
	assert.Equal(t, uint64(0), c.Revision())
	assert.Equal(t, escrow.Asset{Code: "USDC", Scale: 6}, c.Asset())
	k := &desk{t, c, june(4, 12)}
	d := k.do(escrow.Withdraw{}, escrow.Agent("0xWorkerAgent..."))
	assert.Equal(t, uint64(1), d.Contract.Revision())
	assert.Contains(t, jsonOf(t, d.Contract), `"policy":{"protocolFee":"0.05",`, "every decision writes the policy out whole")
}

// TestDocumentedDecision is the decision of wire.md, to the byte but for the
// snapshot.
func TestDocumentedDecision(t *testing.T) {
	text := strings.NewReplacer("0xClientAgent...", "0xClientAgent", "0xWorkerAgent...", "0xWorkerAgent", `"status"`, `"revision":2,"status"`).Replace(documented)
	k := &desk{t, parsed(t, text), june(4, 12)}
	d := k.do(escrow.Withdraw{}, escrow.Agent("0xWorkerAgent"))
	line := string(escrow.AppendAnswer(nil, &d, nil))
	want := `{"decision":{"rule":"OC-7","action":"withdraw","from":"matched","to":"cancelled-withdrawn","actor":"0xWorkerAgent","at":"2026-06-04T12:00:00Z","movements":[` +
		`{"id":"contract_xyz789/3/0","from":"escrow","to":"client:0xClientAgent","amount":"50","reason":"escrow_refund","basis":{"of":"50"}},` +
		`{"id":"contract_xyz789/3/1","from":"stake","to":"client:0xClientAgent","amount":"0.75","reason":"stake_slash","basis":{"of":"2.5","ratio":"0.3","policy":"earlyWithdrawalSlashRatio"}},` +
		`{"id":"contract_xyz789/3/2","from":"stake","to":"worker:0xWorkerAgent","amount":"1.75","reason":"stake_return","basis":{"of":"2.5","ratio":"0.7","policy":"earlyWithdrawalSlashRatio"}}],` +
		`"rewards":[],"approval":null,"review":null,"contract":{`
	assert.True(t, strings.HasPrefix(line, want), line)
	assert.True(t, json.Valid([]byte(line)))
	assert.Equal(t, line, `{"decision":`+jsonOf(t, d)+`}`)
	assert.JSONEq(t, `{"id":"contract_xyz789/3/0","from":"escrow","to":"client:0xClientAgent","amount":"50","reason":"escrow_refund","basis":{"of":"50"}}`, jsonOf(t, d.Movement(0)))
}

// TestSnapshotsRoundTrip: at every place, what is written is read as the same
// snapshot, which is written the same and answers the same.
func TestSnapshotsRoundTrip(t *testing.T) {
	check := func(k *desk) {
		text := jsonOf(t, k.c)
		again := parsed(t, text)
		require.Equal(t, text, jsonOf(t, again))
		for _, spaced := range []string{mustText(t, json.RawMessage(text)), " \n" + strings.ReplaceAll(text, `":`, `" :	`) + "\r\n"} {
			require.Equal(t, text, jsonOf(t, parsed(t, spaced)))
		}
		for _, cmd := range []escrow.Command{escrow.Create{}, escrow.Accept{}, escrow.Withdraw{}, escrow.Settle{}, escrow.Hire{}, escrow.End{}, escrow.Advance{}} {
			for _, who := range []escrow.Actor{byClient, byWorker, bySystem, byAnn} {
				d, err := escrow.Decide(k.c, cmd, who, k)
				d2, err2 := escrow.Decide(again, cmd, who, k)
				require.Equal(t, string(escrow.AppendAnswer(nil, &d, err)), string(escrow.AppendAnswer(nil, &d2, err2)))
			}
		}
	}
	for _, p := range workPlaces {
		check(workAt(t, p.name))
	}
	for _, p := range trainPlaces {
		k := trainAt(t, p.name)
		check(k)
		if k.c.Status() == escrow.Active {
			k.do(escrow.End{}, byToken)
			check(k)
		}
	}
	check(newDesk(t, escrow.OpenContract, workTerms()))
	check(newDesk(t, escrow.OpenTrain, hireTerms()))
}

// TestRoundTripOfEverything writes and reads the fields that lives rarely fill.
func TestRoundTripOfEverything(t *testing.T) {
	terms := under(workTerms(), escrow.OpenContract, func(p *escrow.Policy) {
		p.PayoutReview = escrow.PayoutReview{MinPayout: decimal.RequireFromString("10.50"), Quorum: 3}
		p.BAVotingWindow = 90*time.Minute + time.Second
	})
	terms.SupplementaryMaterials, terms.TaskDescription = "ipfs://more", "line\n\"quoted\" é\x01"
	terms.Asset = escrow.Asset{Code: "EURC", Scale: 2}
	k := newDesk(t, escrow.OpenContract, terms)
	k.do(escrow.Create{}, byClient)
	again := parsed(t, jsonOf(t, k.c))
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, again))
	assert.Equal(t, k.c.Policy().BAVotingWindow, again.Policy().BAVotingWindow)
	assert.Contains(t, jsonOf(t, k.c), `"payoutReview":{"minPayout":"10.5","quorum":3}`)
	assert.Contains(t, jsonOf(t, k.c), `"baVotingWindow":"PT1H30M1S"`)
	h := hireTerms()
	h.Milestones[0].Description, h.Milestones[0].DueDate = "both", june(9, 0).In(time.FixedZone("", 7200))
	train := newDesk(t, escrow.OpenTrain, h)
	assert.Contains(t, jsonOf(t, train.c), `"dueDate":"2026-06-09T00:00:00Z"`)
	train.do(escrow.Hire{}, byAnn)
	assert.Equal(t, jsonOf(t, train.c), jsonOf(t, parsed(t, jsonOf(t, train.c))))
}

// TestUnknownFieldsOfContracts are ignored, wherever they stand.
func TestUnknownFieldsOfContracts(t *testing.T) {
	k := workAt(t, "disputed, last vote")
	train := trainAt(t, "active")
	train.do(escrow.End{}, byToken)
	for text, paths := range map[string][]string{
		jsonOf(t, k.c):     {"new", "policy.new", "asset.new", "votes.0.new", "custody.0.new"},
		jsonOf(t, train.c): {"new", "milestones.0.new", "approvals.0.new", "approvals.0.movements.0.new"},
		jsonOf(t, escrow.OpenTrain.Draft(hireTerms())): {"milestones.0.new"},
	} {
		for _, path := range paths {
			for _, value := range []any{nil, 5, "x", []any{1, map[string]any{"a": nil}}} {
				assert.Equal(t, text, jsonOf(t, parsed(t, edited(t, text, path, value))), path)
			}
		}
	}
	review := edited(t, jsonOf(t, escrow.OpenContract.Draft(workTerms())), "policy.payoutReview", map[string]any{"minPayout": 1, "quorum": 2, "new": 3})
	assert.Contains(t, jsonOf(t, parsed(t, review)), `"payoutReview":{"minPayout":"1","quorum":2}`)
}

// TestDuplicates: a known field that stands twice is a fault, wherever it stands.
func TestDuplicates(t *testing.T) {
	k := workAt(t, "disputed, last vote")
	train := trainAt(t, "active")
	train.do(escrow.End{}, byToken)
	for _, text := range []string{jsonOf(t, k.c), jsonOf(t, train.c)} {
		var fields map[string]json.RawMessage
		require.NoError(t, json.Unmarshal([]byte(text), &fields))
		for name, value := range fields {
			unreadable(t, escrow.Malformed, "stands twice", text[:len(text)-1]+`,"`+name+`":`+string(value)+"}")
		}
		for _, inner := range []string{`{"code":`, `"policy":{`, `"votes":[{`, `"milestones":[{`, `"approvals":[{`, `"movements":[{`, `"custody":[{`} {
			at := strings.Index(text, inner)
			if at < 0 {
				continue
			}
			open := at + strings.IndexByte(inner, '{') + 1
			first := text[open : open+strings.IndexByte(text[open:], ',')]
			unreadable(t, escrow.Malformed, "stands twice", text[:open]+first+","+text[open:])
		}
	}
	_, err := escrow.OpenContract.ParseCommand([]byte(`{"action":"deliver","delivery":"a","delivery":"b"}`))
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = escrow.OpenTrain.ParseCommand([]byte(`{"action":"hire","milestone":{"name":"a","name":"b"}}`))
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = escrow.ParseRequest([]byte(`{"actor":{"id":"a"},"actor":{"id":"b"}}`))
	assert.ErrorIs(t, err, escrow.Malformed)
	var a escrow.Actor
	assert.ErrorIs(t, a.UnmarshalJSON([]byte(`{"id":"a","id":"b"}`)), escrow.Malformed)
}

// TestAmountGivenTwice: amount and amountUsd are the same field.
func TestAmountGivenTwice(t *testing.T) {
	_, err := escrow.OpenTrain.ParseCommand([]byte(`{"action":"add_milestone","milestone":{"id":"m2","name":"n","amount":"100","amountUsd":"5"}}`))
	assert.ErrorIs(t, err, escrow.Malformed)
	for _, given := range []string{`"amount":"5","amountUsd":null`, `"amount":null,"amountUsd":"5"`} {
		cmd, err := escrow.OpenTrain.ParseCommand([]byte(`{"action":"add_milestone","milestone":{"id":"m2","name":"n",` + given + `}}`))
		require.NoError(t, err)
		assert.Equal(t, "5", cmd.(escrow.AddMilestone).Milestone.Amount.Decimal.String())
	}
	both := edited(t, jsonOf(t, trainAt(t, "active").c), "milestones.0.amountUsd", "5")
	_, err = escrow.ParseContract([]byte(both))
	assert.ErrorIs(t, err, escrow.Malformed)
}

// TestNullIsAbsent: a null field is a field that is not there.
func TestNullIsAbsent(t *testing.T) {
	optional := strings.Fields("lifecycle revision createdAt endDate asset supplementaryMaterials delivery deliveredAt disputedAt data criteriaMet votingDeadline " +
		"backupAgents votes disputeBond title jobId proposalId milestones approvals custody policy escrowedFunds")
	base := documented
	want := jsonOf(t, parsed(t, edited(t, edited(t, base, "createdAt", gone{}), "escrowedFunds", gone{})))
	for _, name := range optional {
		without := edited(t, edited(t, edited(t, base, "createdAt", gone{}), "escrowedFunds", gone{}), name, gone{})
		assert.Equal(t, jsonOf(t, parsed(t, without)), jsonOf(t, parsed(t, edited(t, without, name, nil))), name)
		assert.Equal(t, want, jsonOf(t, parsed(t, without)), name)
	}
	for name := range map[string]any{"id": 0, "client": 0, "worker": 0, "workerStake": 0, "acceptanceCriteria": 0, "awardMethod": 0, "verificationMode": 0} {
		for _, value := range []any{nil, gone{}} {
			unreadable(t, escrow.Malformed, name, edited(t, base, name, value))
		}
	}
	unreadable(t, escrow.Malformed, "asset", edited(t, base, "asset", map[string]any{"code": "EUR", "scale": nil}))
	unreadable(t, escrow.Malformed, "stands twice", strings.Replace(base, "{", `{"asset":{"code":"EUR","scale":null,"scale":2},`, 1))
	for text, want := range map[string]escrow.Command{`{"action":"deliver","delivery":null}`: escrow.Deliver{}, `{"action":"vote","votes":null}`: escrow.Vote{},
		`{"action":"draw","backupAgents":null}`: escrow.Draw{}, `{"action":"vote","votes":[{"criterionIndex":null,"vote":null}]}`: escrow.Vote{Votes: []escrow.Ballot{{CriterionIndex: -1}}}} {
		cmd, err := escrow.OpenContract.ParseCommand([]byte(text))
		require.NoError(t, err)
		assert.Equal(t, want, cmd)
	}
	for text, want := range map[string]escrow.Command{`{"action":"hire","milestone":null}`: escrow.Hire{}, `{"action":"end","dispositions":null}`: escrow.End{},
		`{"action":"confirm","approvalId":null,"dispositions":null,"milestone":null}`: escrow.Confirm{}, `{"action":"add_milestone","milestone":null}`: escrow.AddMilestone{},
		`{"action":"fund_milestone","milestoneId":null}`:                                                        escrow.FundMilestone{},
		`{"action":"hire","milestone":{"id":null,"name":null,"description":null,"amount":null,"dueDate":null}}`: escrow.Hire{Milestone: &escrow.MilestoneTerms{}}} {
		cmd, err := escrow.OpenTrain.ParseCommand([]byte(text))
		require.NoError(t, err)
		assert.Equal(t, want, cmd)
	}
}

// TestNumbersAreAmounts: a JSON number is read as an amount, within the bounds
// of the text form.
func TestNumbersAreAmounts(t *testing.T) {
	draft := jsonOf(t, escrow.OpenContract.Draft(workTerms()))
	for number, want := range map[string]string{"50": "50", "50.0": "50", "0.000001": "0.000001", "1000000000000000000000000000000": "1000000000000000000000000000000"} {
		c := parsed(t, strings.Replace(draft, `"budgetOrPrice":"50"`, `"budgetOrPrice":`+number, 1))
		assert.Equal(t, want, c.Asset().Text(c.Price()))
	}
	for number, want := range map[string]escrow.Reason{"5e1": escrow.Malformed, "-50": escrow.Malformed, "1" + strings.Repeat("0", 40): escrow.AmountBounds,
		"true": escrow.Malformed, "[]": escrow.Malformed, "NaN": escrow.Malformed, `""`: escrow.Malformed, "1e1000000000": escrow.Malformed, `"` + strings.Repeat("9", 1<<20) + `"`: escrow.AmountBounds} {
		_, err := escrow.ParseContract([]byte(strings.Replace(draft, `"budgetOrPrice":"50"`, `"budgetOrPrice":`+number, 1)))
		assert.ErrorIs(t, err, want, "%.30s", number)
	}
	fine := parsed(t, strings.Replace(draft, `"budgetOrPrice":"50"`, `"budgetOrPrice":0.0000001`, 1))
	_, err := escrow.Decide(fine, escrow.Create{}, byClient, &desk{t, fine, june(3, 0)})
	assert.ErrorIs(t, err, escrow.AmountScale, "a price that is too fine is for the founding to refuse")
}

// TestImplied completes what a documented object leaves out.
func TestImplied(t *testing.T) {
	review := edited(t, edited(t, documented, "status", "under-review"), "delivery", "ipfs://x")
	k := &desk{t, parsed(t, review), june(7, 0)}
	assert.Contains(t, jsonOf(t, k.c), `"deliveredAt":"2026-06-06T00:00:00Z"`)
	k.do(escrow.Dispute{}, escrow.Agent("0xClientAgent..."))
	disputed := edited(t, edited(t, review, "status", "disputed"), "disputeBond", "2.5")
	c := parsed(t, disputed)
	assert.Contains(t, jsonOf(t, c), `"disputedAt":"2026-06-08T00:00:00Z"`)
	assert.Equal(t, "escrow 50, stake 2.5, dispute-bond 2.5", held(c))
	next, ok := escrow.NextDeadline(c)
	require.True(t, ok)
	assert.True(t, next.At.Equal(june(9, 0)), "a day to draw")
	drawn := edited(t, disputed, "backupAgents", []string{"0xA", "0xB", "0xC"})
	assert.Contains(t, jsonOf(t, parsed(t, drawn)), `"votingDeadline":"2026-06-09T00:00:00Z"`)
	voted := edited(t, drawn, "votes", []any{map[string]any{"backupAgent": "0xB", "criterionIndex": 0, "vote": "met"},
		map[string]any{"backupAgent": "0xB", "criterionIndex": 2, "vote": "unclear"}, map[string]any{"backupAgent": "0xB", "criterionIndex": 1, "vote": "not met"}})
	c = parsed(t, voted)
	assert.Equal(t, "escrow 50, stake 2.5, dispute-bond 2.5, backup-bond:0xB 7.5", held(c))
	assert.Equal(t, escrow.NotMet, c.Votes()[1].Vote)
	standard := edited(t, edited(t, edited(t, review, "verificationMode", "standard"), "reviewDeadline", gone{}), "backupAgents", []string{"0xA", "0xB", "0xC"})
	assert.Contains(t, jsonOf(t, parsed(t, standard)), `"votingDeadline":"2026-06-07T00:00:00Z"`, "a day from the delivery")
	posted := edited(t, documented, "escrowedFunds", "49")
	assert.Equal(t, "escrow 49, stake 2.5", held(parsed(t, posted)), "what was posted is what is held")
	noBond := edited(t, disputed, "disputeBond", nil)
	assert.Equal(t, "escrow 50, stake 2.5", held(parsed(t, noBond)))
	ended := edited(t, documented, "status", "cancelled-withdrawn")
	c = parsed(t, ended)
	assert.Empty(t, held(c))
	assert.Contains(t, jsonOf(t, c), `"escrowedFunds":"50"`, "a historical record")
}

// TestImpliedAfterADispute: with agents drawn in privacy-preserving mode there
// was a dispute, so what is implied of it is completed in every later status.
func TestImpliedAfterADispute(t *testing.T) {
	resolved := edited(t, edited(t, edited(t, documented, "status", "resolved"), "backupAgents", []string{"0xA", "0xB", "0xC"}), "criteriaMet", []string{"met", "met", "met"})
	assert.Contains(t, jsonOf(t, parsed(t, resolved)), `"votingDeadline":"2026-06-09T00:00:00Z"`, "disputedAt = the review deadline, votingDeadline a day later")
}

// TestLifecycleIsTold from the status when it is not named.
func TestLifecycleIsTold(t *testing.T) {
	text := jsonOf(t, trainAt(t, "active").c)
	assert.Equal(t, "opentrain", ptr(parsed(t, edited(t, text, "lifecycle", gone{}))).Lifecycle().Name())
	assert.Equal(t, escrow.Asset{Code: "USD", Scale: 2}, ptr(parsed(t, edited(t, text, "asset", gone{}))).Asset())
	draft := edited(t, jsonOf(t, escrow.OpenTrain.Draft(hireTerms())), "lifecycle", gone{})
	assert.Equal(t, "opencontract", ptr(parsed(t, draft)).Lifecycle().Name(), "a draft without a name is opencontract's")
	unreadable(t, escrow.UnknownLifecycle, "nowhere", edited(t, documented, "lifecycle", "nowhere"))
	unreadable(t, escrow.Malformed, "status", edited(t, edited(t, text, "lifecycle", "opencontract"), "status", "active"))
	unreadable(t, escrow.Malformed, "status", edited(t, documented, "status", "lost"))
	unreadable(t, escrow.Malformed, "status", edited(t, documented, "status", "="))
}

func ptr(c escrow.Contract) *escrow.Contract { return &c }

// TestMalformedContracts goes through every way in which a stored contract can
// contradict itself.
func TestMalformedContracts(t *testing.T) {
	train := trainAt(t, "active, m2 not funded")
	train.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	texts := map[string]string{
		"matched":  jsonOf(t, workAt(t, "matched").c),
		"drawn":    jsonOf(t, workAt(t, "disputed, last vote").c),
		"resolved": jsonOf(t, workAt(t, "resolved").c),
		"settled":  jsonOf(t, workAt(t, "settled-partially-met").c),
		"active":   jsonOf(t, train.c),
		"proposed": jsonOf(t, trainAt(t, "proposed").c),
		"ended":    jsonOf(t, trainAt(t, "ended").c),
	}
	eleven := strings.Split("abcdefghijk", "")
	sixteen := strings.Split("abcdefghijklmnop", "")
	vote := func(agent string, criterion int, v string) any {
		return map[string]any{"backupAgent": agent, "criterionIndex": criterion, "vote": v}
	}
	for _, c := range []struct {
		base, path string
		value      any
		field      string
	}{
		{"matched", "id", "a/b", "id"}, {"matched", "id", "", "id"}, {"matched", "id", "a b", "id"}, {"matched", "id", 5, "id"},
		{"matched", "client", gone{}, "client"}, {"matched", "client", "a b", "client"}, {"matched", "worker", gone{}, "worker"},
		{"matched", "worker", "0xClient", "worker"}, {"matched", "worker", "é", "worker"}, {"matched", "revision", -1, "revision"},
		{"matched", "revision", 1.5, "revision"}, {"matched", "revision", "1", "revision"}, {"matched", "revision", float64(1 << 60), "revision"},
		{"matched", "createdAt", "yesterday", "createdAt"}, {"matched", "createdAt", 5, "createdAt"}, {"matched", "matchDeadline", "2026-06-04", "matchDeadline"},
		{"matched", "asset", 5, "asset"}, {"matched", "asset.code", gone{}, "asset"}, {"matched", "asset.code", "", "asset"}, {"matched", "asset.scale", 19, "scale"},
		{"matched", "asset.scale", gone{}, "asset"}, {"matched", "asset.code", "a b", "code"}, {"matched", "policy", 5, "policy"}, {"matched", "policy", []any{}, "policy"},
		{"matched", "policy.protocolFee", "2", "protocolFee"}, {"matched", "policy.protocolFee", true, "protocolFee"}, {"matched", "policy.protocolFee", "-0.1", "protocolFee"},
		{"matched", "policy.baVotingWindow", "a day", "baVotingWindow"}, {"matched", "policy.baVotingWindow", 5, "baVotingWindow"},
		{"matched", "policy.baRecruitCount", "3", "baRecruitCount"}, {"matched", "policy.noQuorum", "maybe", "noQuorum"}, {"matched", "policy.noQuorum", 5, "noQuorum"},
		{"matched", "policy.tokenMintRewardFull", "x", "tokenMintRewardFull"}, {"matched", "policy.payoutReview", 5, "payoutReview"},
		{"matched", "policy.payoutReview", map[string]any{"quorum": 99}, "payoutReview"}, {"matched", "policy.payoutReview", map[string]any{"minPayout": "x"}, "minPayout"},
		{"matched", "policy.payoutReview", map[string]any{"minPayout": "0.0000001", "quorum": 1}, "payoutReview"},
		{"matched", "policy.tokenMintRewardReduced", "1" + strings.Repeat("0", 30), "tokenMintRewardReduced"},
		{"matched", "taskDescription", 5, "taskDescription"}, {"matched", "data", map[string]any{}, "data"}, {"matched", "acceptanceCriteria", []any{}, "acceptanceCriteria"},
		{"matched", "acceptanceCriteria", eleven, "acceptanceCriteria"}, {"matched", "acceptanceCriteria", "a", "acceptanceCriteria"}, {"matched", "acceptanceCriteria", []any{1}, "acceptanceCriteria"},
		{"matched", "criteriaMet", []string{"met", "met", "met"}, "criteriaMet"}, {"matched", "awardMethod", "lottery", "awardMethod"},
		{"matched", "verificationMode", gone{}, "verificationMode"}, {"matched", "budgetOrPrice", "x", "budgetOrPrice"}, {"matched", "budgetOrPrice", "0.0000001", "budgetOrPrice"},
		{"matched", "budgetOrPrice", "1" + strings.Repeat("0", 36), "budgetOrPrice"}, {"matched", "escrowedFunds", "-1", "escrowedFunds"}, {"matched", "escrowedFunds", "0.0000001", "escrowedFunds"},
		{"matched", "workerStake", "1" + strings.Repeat("0", 36), "workerStake"}, {"matched", "workerStake", gone{}, "workerStake"}, {"matched", "votes", 5, "votes"},
		{"matched", "votes", []any{vote("0xA", 0, "met")}, "votes"}, {"matched", "milestones", []any{map[string]any{"id": "m1", "name": "n", "amount": 1, "status": "PAID"}}, "milestones"},
		{"matched", "custody", 5, "custody"}, {"matched", "custody", []any{}, "custody"}, {"matched", "custody.0.amount", "49", "escrow holds 50"}, {"matched", "custody.0.account", "treasury", "custody"},
		{"matched", "custody.1.account", "escrow", "names an account twice"}, {"matched", "custody.0.amount", "x", "amount"}, {"matched", "custody.0.amount", "0.0000001", "amount"},
		{"matched", "custody.0.account", 5, "account"}, {"matched", "custody.0", 5, "custody"}, {"matched", "approvals", 5, "approvals"},
		{"drawn", "backupAgents", sixteen, "backupAgents"}, {"drawn", "backupAgents", []string{"0xA", "0xB", "0xA"}, "backupAgents"}, {"drawn", "backupAgents", []string{"0xA", "0xB", "0xClient"}, "backupAgents"},
		{"drawn", "backupAgents", []string{"0xA", "0xB", "0xWorker"}, "backupAgents"}, {"drawn", "backupAgents", []string{"0xA", "0xB", ""}, "backupAgents"}, {"drawn", "backupAgents", gone{}, "votes"},
		{"drawn", "votes.0.backupAgent", "0xZ", "votes"}, {"drawn", "votes.0.criterionIndex", 3, "votes"}, {"drawn", "votes.0.criterionIndex", 1, "votes"}, {"drawn", "votes.0.criterionIndex", gone{}, "votes"},
		{"drawn", "votes.0.criterionIndex", "0", "criterionIndex"}, {"drawn", "votes.0.vote", "maybe", "votes"}, {"drawn", "votes.0.vote", gone{}, "votes"}, {"drawn", "votes", []any{vote("0xA", 0, "met")}, "votes"},
		{"drawn", "votes.0.majorityOutcome", "met", "votes"}, {"drawn", "votes.0.bondOutcome", "returned", "votes"}, {"drawn", "votes.0.reward", "10", "votes"}, {"drawn", "votes.0.reward", "x", "reward"},
		{"drawn", "custody.3.account", "backup-bond:0xC", "custody"}, {"drawn", "disputeBond", "3", "custody"},
		{"resolved", "criteriaMet", gone{}, "criteriaMet"}, {"resolved", "criteriaMet", []string{"met"}, "criteriaMet"}, {"resolved", "criteriaMet.1", "maybe", "criteriaMet"}, {"resolved", "criteriaMet", []any{}, "criteriaMet"},
		{"settled", "votes.0.majorityOutcome", "not met", "votes"}, {"settled", "votes.0.bondOutcome", "slashed", "votes"}, {"settled", "votes.0.reward", "11", "votes"}, {"settled", "custody", []any{map[string]any{"account": "escrow", "amount": "1"}}, "custody"},
		{"active", "worker", gone{}, "worker"}, {"active", "worker", "acme", "worker"}, {"active", "backupAgents", []string{"0xA"}, "backupAgents"}, {"active", "policy.initiationFee", "9.955", "initiationFee"},
		{"active", "policy.separateDuties", "no", "separateDuties"}, {"active", "policy.quorum", -1, "quorum"}, {"active", "policy.endDisposition", "burn", "endDisposition"},
		{"active", "milestones", 5, "milestones"}, {"active", "milestones.0", 5, "milestones"}, {"active", "milestones.0.id", "m2", "different ids"}, {"active", "milestones.0.id", gone{}, "milestones"},
		{"active", "milestones.0.id", "a b", "id"}, {"active", "milestones.0.amount", "0", "milestones"}, {"active", "milestones.0.amount", "1.001", "milestones"}, {"active", "milestones.0.amount", gone{}, "milestones"},
		{"active", "milestones.0.name", gone{}, "milestones"}, {"active", "milestones.0.status", gone{}, "status"}, {"active", "milestones.0.status", "LOST", "status"}, {"active", "milestones.0.milestoneNumber", "1", "milestoneNumber"},
		{"active", "milestones.0.dueDate", "soon", "dueDate"}, {"active", "milestones.0.status", "PAID", "custody"}, {"active", "milestones.0.amount", "99", "custody"}, {"active", "budgetOrPrice", "1.001", "budgetOrPrice"},
		{"ended", "milestones.0.status", "ACTIVE_FUNDED", "ACTIVE_FUNDED"}, {"proposed", "milestones.0.status", "ACTIVE_FUNDED", "ACTIVE_FUNDED"}, {"proposed", "milestones", gone{}, "accounts of the contract"},
		{"proposed", "approvals", gone{}, "approvals"}, {"proposed", "approvals", []any{}, "approvals"},
	} {
		t.Run(c.base+" "+c.path+" "+fmt.Sprintf("%.20v", c.value), func(t *testing.T) {
			_, err := escrow.ParseContract([]byte(edited(t, texts[c.base], c.path, c.value)))
			var e *escrow.Error
			require.ErrorAs(t, err, &e)
			assert.ErrorContains(t, err, c.field)
			if e.Reason() != escrow.AmountBounds && e.Reason() != escrow.AmountScale {
				assert.Equal(t, escrow.Malformed, e.Reason())
			}
		})
	}
}

// TestContradictions: a snapshot that no decisions lead to, and under which money
// would move otherwise or never, is malformed.
func TestContradictions(t *testing.T) {
	k := workAt(t, "disputed, last vote")
	k.do(votes("mmm"), byAgents[2])
	tallied, review := jsonOf(t, k.c), jsonOf(t, workAt(t, "under-review").c)
	quorum := trainUnder(t, twoHumans)
	quorum.do(escrow.End{}, byToken)
	for name, text := range map[string]string{
		"results that the votes do not give":       edited(t, tallied, "criteriaMet.0", "not met"),
		"a quorum that is not the policy's":        edited(t, jsonOf(t, quorum.c), "approvals.1.quorum", 1),
		"a dispute before the client has disputed": edited(t, review, "disputedAt", "2026-06-07T00:00:00Z"),
		"judges where the client reviews":          edited(t, review, "backupAgents", []string{"0xA", "0xB", "0xC"}),
		"judges of nothing delivered":              edited(t, jsonOf(t, workAt(t, "matched").c), "backupAgents", []string{"0xA", "0xB", "0xC"}),
		"created, never to lapse":                  edited(t, jsonOf(t, workAt(t, "created").c), "matchDeadline", gone{}),
		"matched, never to lapse":                  edited(t, jsonOf(t, workAt(t, "matched").c), "deliveryDeadline", gone{}),
		"created, never to be delivered":           edited(t, jsonOf(t, workAt(t, "created").c), "deliveryDeadline", gone{}),
		"matched, never to be reviewed":            edited(t, jsonOf(t, workAt(t, "matched").c), "reviewDeadline", gone{}),
		"under review, never to lapse":             edited(t, review, "reviewDeadline", gone{}),
	} {
		_, err := escrow.ParseContract([]byte(text))
		assert.ErrorIs(t, err, escrow.Malformed, name)
	}
}

// TestBrokenJSON is refused with where it breaks.
func TestBrokenJSON(t *testing.T) {
	for _, text := range []string{"", " ", "null", "5", `"x"`, "[]", "{", `{"id"`, `{"id":`, `{"id":"x"`, `{"id":"x",}`, documented + "x", documented + documented, `{"id":"\x"}`, "{\"id\":\"\xff\"}",
		`{"new":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + "}", `{"policy":{"protocolFee"}}`, `{"votes":[}`} {
		_, err := escrow.ParseContract([]byte(text))
		require.ErrorIs(t, err, escrow.Malformed, "%.40q", text)
		assert.ErrorContains(t, err, "at byte ", "%.40q", text)
	}
}

// TestTamperedApprovals: an approval binds what it shows; nothing of it can be
// changed in storage without being noticed.
func TestTamperedApprovals(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	k.do(escrow.End{}, byToken)
	text := jsonOf(t, k.c)
	for _, c := range []struct {
		path  string
		value any
		field string
	}{
		{"approvals.0.command", gone{}, "command"}, {"approvals.0.command", 5, ""}, {"approvals.0.command.action", "fund", ""}, {"approvals.0.command.extra", 1, "extra"},
		{"approvals.0.command.milestoneId", "m1", "hash"}, {"approvals.0.movements.0.amount", "34", "hash"}, {"approvals.0.movements", gone{}, "hash"}, {"approvals.0.movements.0.reason", "payout", "hash"},
		{"approvals.0.movements.0.to", "milestone:m1", "hash"}, {"approvals.0.movements.0.to", "client:mallory", "must move something"}, {"approvals.0.movements.0.from", gone{}, "must move something"},
		{"approvals.0.movements.0.amount", "0", "must move something"}, {"approvals.0.movements.0.amount", "0.001", "amount"}, {"approvals.0.movements.0", 5, "movements"}, {"approvals.0.movements", 5, "movements"},
		{"approvals.0.milestoneId", "m1", "hash"}, {"approvals.0.milestoneId", "a b", "milestoneId"}, {"approvals.0.hash", "00", "hash"}, {"approvals.0.hash", 5, "hash"},
		{"approvals.0.id", "", "id"}, {"approvals.0.id", "h1-ap-4", "different ids"}, {"approvals.0.contractId", "h2", "id"}, {"approvals.0.type", "milestone_approve", "type"}, {"approvals.0.type", "", "type"},
		{"approvals.0.status", "lost", "status"}, {"approvals.0.status", gone{}, "status"}, {"approvals.0.status", "confirmed", "resolvedAt"}, {"approvals.0.resolvedAt", "2026-06-04T00:00:00Z", "resolvedAt"},
		{"approvals.0.expiresAt", gone{}, "expiresAt"}, {"approvals.0.createdAt", gone{}, "expiresAt"}, {"approvals.0.requestedBy", gone{}, "expiresAt"}, {"approvals.0.requestedBy", "a b", "requestedBy"},
		{"approvals.0.quorum", 0, "confirmedBy"}, {"approvals.0.quorum", "1", "quorum"}, {"approvals.0.confirmedBy", []string{"ann"}, "confirmedBy"}, {"approvals.0.confirmedBy", []string{"a b"}, "confirmedBy"},
		{"approvals.0.confirmedBy", 5, "confirmedBy"}, {"approvals.0.expiresAt", "soon", "expiresAt"}, {"approvals.0.account", "a b", "account"}, {"approvals.0", 5, "approvals"},
		{"approvals.1.command.dispositions.0.disposition", "release", "hash"}, {"approvals.1.command.dispositions.0.milestoneId", "m2", "hash"},
	} {
		t.Run(c.path+" "+fmt.Sprintf("%.20v", c.value), func(t *testing.T) {
			_, err := escrow.ParseContract([]byte(edited(t, text, c.path, c.value)))
			require.Error(t, err)
			assert.ErrorContains(t, err, c.field)
			assert.ErrorIs(t, err, escrow.InvalidRequest)
		})
	}
	unreadable(t, escrow.Malformed, "approvals", edited(t, edited(t, edited(t, text, "status", "ended"), "milestones.0.status", "PAID"), "custody", []any{}))
	url := edited(t, text, "approvals.0.approvalUrl", "https://x")
	assert.Contains(t, jsonOf(t, parsed(t, url)), `"approvalUrl":"https://x"`, "the application's to fill")
	assert.Equal(t, text, jsonOf(t, parsed(t, edited(t, text, "approvals.0.hash", gone{}))), "a hash that is not given is worked out")
	assert.Equal(t, text, jsonOf(t, parsed(t, edited(t, edited(t, text, "approvals.0.contractId", gone{}), "approvals.0.account", gone{}))))
}

// TestTamperedConfirmations: who has confirmed is different humans, fewer than
// the quorum while it waits.
func TestTamperedConfirmations(t *testing.T) {
	k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, func(p *escrow.Policy) { p.Quorum = 3 }))
	k.do(escrow.Hire{}, byToken)
	text := jsonOf(t, k.c)
	parsed(t, edited(t, text, "approvals.0.confirmedBy", []string{"ann", "bob"}))
	for _, list := range [][]string{{"ann", "ann"}, {"a b"}, {""}, {"ann", "bob", "zoe"}, {"ann", "bob", "zoe", "eve"}} {
		unreadable(t, escrow.Malformed, "confirmedBy", edited(t, text, "approvals.0.confirmedBy", list))
	}
}

// TestApprovalIDsStayUnique: a snapshot whose revision is behind its approvals, or
// left out, is refused, or its next approval has an id of its own; the decision
// is never one that cannot be read again.
func TestApprovalIDsStayUnique(t *testing.T) {
	k := trainAt(t, "proposed")
	k.do(escrow.Confirm{ApprovalID: k.approval()}, byAnn)
	for _, revision := range []any{gone{}, 0, nil} {
		c, err := escrow.ParseContract([]byte(edited(t, jsonOf(t, k.c), "revision", revision)))
		if err != nil {
			assert.ErrorIs(t, err, escrow.Malformed)
			continue
		}
		d, err := escrow.Decide(c, escrow.End{}, byToken, k)
		require.NoError(t, err)
		_, err = escrow.ParseContract([]byte(jsonOf(t, d.Contract)))
		assert.NoError(t, err, "revision %v: the decision's snapshot", revision)
	}
}

// TestApprovalResult is kept as JSON, with the application's own evidence.
func TestApprovalResult(t *testing.T) {
	k := trainAt(t, "active")
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.do(confirm(k), byAnn)
	text := edited(t, jsonOf(t, k.c), "approvals.0.result", map[string]any{"movements": []string{"h1/3/0"}, "invoice": "inv 7"})
	assert.Equal(t, `{"invoice":"inv 7","movements":["h1/3/0"]}`, string(ptr(parsed(t, text)).Approvals()[0].Result))
	spaced := strings.Replace(jsonOf(t, k.c), `"result":{"movements":["h1/3/0"]}`, `"result" : { "movements" : [ "h1/3/0" ] }`, 1)
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, parsed(t, spaced)))
}

// TestApprovalOfAHireWithoutTerms could not say what is agreed to.
func TestApprovalOfAHireWithoutTerms(t *testing.T) {
	text := jsonOf(t, trainAt(t, "proposed").c)
	bare := edited(t, edited(t, text, "approvals.0.command", map[string]any{"action": "hire"}), "approvals.0.hash", gone{})
	unreadable(t, escrow.Malformed, "command", bare)
}

// TestStoredPoliciesAreNotJudged: a policy that no draft could have today stays
// what it is.
func TestStoredPoliciesAreNotJudged(t *testing.T) {
	matched, active := jsonOf(t, workAt(t, "matched").c), jsonOf(t, trainAt(t, "active").c)
	for path, value := range map[string]any{"policy.baRecruitCount": 4, "policy.earlyWithdrawalSlashRatio": "1", "policy.baVotingWindow": "PT0S"} {
		parsed(t, edited(t, matched, path, value))
	}
	for path, value := range map[string]any{"policy.quorum": 40, "policy.approvalTTL": "P10000D"} {
		c := parsed(t, edited(t, active, path, value))
		assert.Equal(t, jsonOf(t, c), jsonOf(t, parsed(t, jsonOf(t, c))))
	}
	k := &desk{t, parsed(t, edited(t, active, "policy.quorum", 40)), june(4, 0)}
	k.do(escrow.End{}, byToken)
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, parsed(t, jsonOf(t, k.c))))
}

// TestDraftPolicies: what cannot work is for the founding to refuse, as
// invalid_policy.
func TestDraftPolicies(t *testing.T) {
	work, train := jsonOf(t, escrow.OpenContract.Draft(workTerms())), jsonOf(t, escrow.OpenTrain.Draft(hireTerms()))
	for _, c := range []struct {
		text, field string
		value       any
	}{
		{work, "protocolFee", "1.1"}, {work, "protocolFee", 2}, {work, "workerStakeRatio", "1.000000000000000001"}, {work, "unclearCredit", "2"},
		{work, "earlyWithdrawalSlashRatio", "1"}, {work, "baVotingWindow", "PT0S"}, {work, "baVotingWindow", "P3651D"}, {work, "baRecruitCount", 2}, {work, "baRecruitCount", 0},
		{work, "baRecruitCount", 17}, {work, "noQuorum", "reject"}, {work, "disputeForfeitTo", "client"}, {work, "backupSlashTo", "worker"}, {work, "payoutReview", map[string]any{"minPayout": "1"}},
		{work, "payoutReview", map[string]any{"minPayout": "0.0000001", "quorum": 1}}, {train, "marketplaceFee", "7"}, {train, "approvalTTL", "PT0S"}, {train, "approvalTTL", "P366D"}, {train, "quorum", 0},
		{train, "quorum", 11}, {train, "endDisposition", "burn"}, {train, "initiationFee", "9.955"},
	} {
		checkDraftPolicy(t, c.text, c.field, c.value)
	}
	for field, value := range map[string]any{"protocolFee": nil, "baRecruitCount": nil, "noQuorum": nil, "baVotingWindow": nil, "payoutReview": nil, "tokenMintRewardFull": nil} {
		c := parsed(t, edited(t, work, "policy."+field, value))
		assert.Equal(t, escrow.OpenContract.DefaultPolicy(), c.Policy(), field)
	}
}

// checkDraftPolicy founds a draft with one policy field changed.
func checkDraftPolicy(t *testing.T, text, name string, value any) {
	t.Helper()
	c, err := escrow.ParseContract([]byte(edited(t, text, "policy."+name, value)))
	if !assert.NoError(t, err, "%s %v: a draft is refused by its founding", name, value) {
		return
	}
	var founding escrow.Command = escrow.Create{}
	if c.Lifecycle() == escrow.OpenTrain {
		founding = escrow.Hire{}
	}
	e := (&desk{t, c, june(3, 0)}).refused(escrow.InvalidPolicy, founding, byToken)
	assert.Equal(t, name, e.Details()["field"])
	assert.Contains(t, e.Message(), name)
}

// TestDraftPoliciesTooFine: more than 18 places, and windows past all bounds, are
// values that cannot work, as documented, and no other fault.
func TestDraftPoliciesTooFine(t *testing.T) {
	work, train := jsonOf(t, escrow.OpenContract.Draft(workTerms())), jsonOf(t, escrow.OpenTrain.Draft(hireTerms()))
	checkDraftPolicy(t, work, "protocolFee", "0.0500000000000000001")
	checkDraftPolicy(t, work, "baVotingWindow", "P36501D")
	checkDraftPolicy(t, train, "initiationFee", "9.9500000000000000001")
}

// TestDraftsHoldTermsOnly: what rules set is refused by the founding command,
// and by it alone.
func TestDraftsHoldTermsOnly(t *testing.T) {
	work, train := jsonOf(t, escrow.OpenContract.Draft(workTerms())), jsonOf(t, escrow.OpenTrain.Draft(hireTerms()))
	for path, value := range map[string]any{"revision": 1, "createdAt": "2026-06-01T00:00:00Z", "endDate": "2026-06-01T00:00:00Z", "delivery": "x", "deliveredAt": "2026-06-01T00:00:00Z",
		"disputedAt": "2026-06-01T00:00:00Z", "votingDeadline": "2026-06-01T00:00:00Z", "backupAgents": []string{"0xA"}, "criteriaMet": []string{"met", "met", "met"}, "escrowedFunds": "50",
		"workerStake": "2.5", "disputeBond": "2.5", "votes": []any{map[string]any{"backupAgent": "0xA"}}, "approvals": []any{map[string]any{"id": "x"}},
		"custody": []any{map[string]any{"account": "escrow", "amount": "50"}}, "milestones": []any{map[string]any{"id": "m1"}}} {
		k := &desk{t, parsed(t, edited(t, work, path, value)), june(3, 0)}
		e := k.refused(escrow.Malformed, escrow.Create{}, byClient)
		assert.Contains(t, e.Message(), "terms only", path)
		k.refused(escrow.WrongStatus, escrow.Accept{}, byWorker)
	}
	for path, value := range map[string]any{"milestones.0.status": "NOT_FUNDED", "milestones.0.milestoneNumber": 1} {
		k := &desk{t, parsed(t, edited(t, train, path, value)), june(3, 0)}
		k.refused(escrow.Malformed, escrow.Hire{}, byToken)
	}
	empty := work
	for _, name := range []string{"backupAgents", "votes", "approvals", "custody", "milestones"} {
		empty = edited(t, empty, name, []any{})
	}
	(&desk{t, parsed(t, edited(t, empty, "revision", 0)), june(3, 0)}).do(escrow.Create{}, byClient)
	many := make([]any, 1001)
	for i := range many {
		many[i] = map[string]any{"id": "m"}
	}
	for path, value := range map[string]any{"milestones": 5, "milestones.0": "x", "milestones.0.amount": true, "milestones.0.dueDate": "soon", "milestones ": many} {
		path = strings.TrimSpace(path)
		_, err := escrow.ParseContract([]byte(edited(t, train, path, value)))
		assert.ErrorIs(t, err, escrow.Malformed, path)
	}
}

// TestFaultyDraftsStayFaulty: a draft that is refused by its founding is not
// mended by being stored, least of all with other terms.
func TestFaultyDraftsStayFaulty(t *testing.T) {
	work, train := jsonOf(t, escrow.OpenContract.Draft(workTerms())), jsonOf(t, escrow.OpenTrain.Draft(hireTerms()))
	for _, c := range []struct {
		text, path string
		value      any
	}{
		{work, "policy.protocolFee", "2"}, {work, "policy.protocolFee", "0.0500000000000000001"}, {work, "policy.payoutReview", map[string]any{"minPayout": "1", "quorum": 0}},
		{work, "policy.baVotingWindow", "PT0S"}, {work, "policy.noQuorum", "maybe"}, {work, "budgetOrPrice", "0.0000001"}, {work, "budgetOrPrice", "0.0000000000000000001"},
		{work, "revision", 1}, {work, "escrowedFunds", "50"}, {train, "milestones.0.status", "PAID"}, {train, "policy.initiationFee", "9.955"}, {train, "policy.initiationFee", "9.9500000000000000001"},
		{train, "milestones.0.amount", "1.001"}, {train, "budgetOrPrice", "0.00001"}, {train, "acceptanceCriteria", strings.Split("a b c d e f g h i j k", " ")},
	} {
		draft := parsed(t, edited(t, c.text, c.path, c.value))
		founding := map[*escrow.Lifecycle]escrow.Command{escrow.OpenContract: escrow.Create{}, escrow.OpenTrain: escrow.Hire{}}[draft.Lifecycle()]
		_, want := (&desk{t, draft, june(3, 0)}).ask(founding, byAnn)
		require.Error(t, want, c.path)
		text, err := draft.MarshalJSON()
		if err != nil {
			continue // a draft that cannot be written is not mended either
		}
		_, got := (&desk{t, parsed(t, string(text)), june(3, 0)}).ask(founding, byAnn)
		assert.ErrorIs(t, got, want.(*escrow.Error).Reason(), "%s %v, stored and read", c.path, c.value)
	}
}

// TestAmountUsd is accepted for amount.
func TestAmountUsd(t *testing.T) {
	text := strings.Replace(jsonOf(t, escrow.OpenTrain.Draft(hireTerms())), `"amount":"100"`, `"amountUsd":100.00`, 1)
	k := &desk{t, parsed(t, text), june(3, 0)}
	assert.Equal(t, trainRows[0].moves, moves(k.do(escrow.Hire{}, byAnn)))
	stored := strings.Replace(jsonOf(t, k.c), `"amount":"100","status"`, `"amountUsd":"100","status"`, 1)
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, parsed(t, stored)))
	cmd, err := escrow.OpenTrain.ParseCommand([]byte(`{"action":"add_milestone","milestone":{"id":"m2","name":"n","amountUsd":"5.50"}}`))
	require.NoError(t, err)
	assert.True(t, cmd.(escrow.AddMilestone).Milestone.Amount.Decimal.Equal(decimal.RequireFromString("5.5")))
}

// TestContractUnmarshals with encoding/json, also inside other values.
func TestContractUnmarshals(t *testing.T) {
	k := workAt(t, "matched")
	var in struct{ Contract escrow.Contract }
	require.NoError(t, json.Unmarshal([]byte(`{"contract":`+jsonOf(t, k.c)+`}`), &in))
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, in.Contract))
	before := in.Contract
	assert.ErrorIs(t, json.Unmarshal([]byte(`{"contract":{"id":"x","status":"lost"}}`), &in), escrow.Malformed)
	assert.True(t, before == in.Contract, "a refusal leaves what was there")
	assert.True(t, k.c == k.c, "snapshots compare")
}

// TestZeroValues are null in JSON, and no panic anywhere.
func TestZeroValues(t *testing.T) {
	assert.Equal(t, "null", jsonOf(t, escrow.Contract{}))
	assert.Equal(t, "null", jsonOf(t, escrow.Decision{}))
	var c escrow.Contract
	assert.NoError(t, json.Unmarshal([]byte("null"), &c), "the zero contract is null")
	var d escrow.Decision
	assert.NotPanics(t, func() {
		_, ok := d.Approval()
		assert.False(t, ok)
	}, "Decision.Approval")
	assert.NotPanics(t, func() {
		_, ok := d.Review()
		assert.False(t, ok)
	}, "Decision.Review")
	assert.NotPanics(t, func() { _, _ = json.Marshal(escrow.Request{}) }, "Request.MarshalJSON")
	assert.NotPanics(t, func() { _, _ = json.Marshal(escrow.Request{Contract: workAt(t, "created").c}) }, "Request.MarshalJSON without a command")
	assert.Equal(t, escrow.Draft, c.Status())
	var q escrow.Request
	_, err := q.Decide()
	assert.ErrorIs(t, err, escrow.NoActor)
}

// TestActors are read strictly, and written as they were.
func TestActors(t *testing.T) {
	for text, want := range map[string]escrow.Actor{
		`{"id":"0xC"}`: {ID: "0xC"},
		`{"id":"t","kind":"token","account":"acme","user":"ann","scopes":["a:write"],"features":[],"claimed":true,"claimUrl":"https://x"}`: {ID: "t", Kind: escrow.KindToken,
			Account: "acme", User: "ann", Scopes: []string{"a:write"}, Features: []string{}, Claimed: true, ClaimURL: "https://x"},
		`{"id":"h","kind":"human"}`: {ID: "h", Kind: escrow.KindHuman},
		`null`:                      {},
	} {
		var a escrow.Actor
		require.NoError(t, json.Unmarshal([]byte(text), &a), text)
		if text != "null" {
			require.NoError(t, a.UnmarshalJSON([]byte(text)))
			assert.JSONEq(t, text, jsonOf(t, a))
		}
		assert.Equal(t, want, a)
	}
	full := `{"id":null,"kind":null,"account":null,"user":null,"scopes":null,"features":null,"claimed":null,"claimUrl":null}`
	var a escrow.Actor
	require.NoError(t, a.UnmarshalJSON([]byte(full)))
	assert.Equal(t, escrow.Actor{}, a)
	for _, text := range []string{`{"id":5}`, `{"scopes":"x"}`, `{"scopes":[1]}`, `{"claimed":"yes"}`, `{"role":"admin"}`, `{"ID":"x"}`, `[]`, `{"id":"x"`, `{"id":"x"}x`, `"x"`, ``} {
		a := escrow.Actor{ID: "before"}
		assert.ErrorIs(t, a.UnmarshalJSON([]byte(text)), escrow.Malformed, text)
		assert.Equal(t, "before", a.ID)
	}
}

// ownCommands are all commands of the engine, with their JSON.
var ownCommands = map[string]escrow.Command{
	`{"action":"create"}`: escrow.Create{}, `{"action":"accept"}`: escrow.Accept{}, `{"action":"decline"}`: escrow.Decline{}, `{"action":"cancel"}`: escrow.Cancel{},
	`{"action":"withdraw"}`: escrow.Withdraw{}, `{"action":"approve"}`: escrow.Approve{}, `{"action":"dispute"}`: escrow.Dispute{}, `{"action":"settle"}`: escrow.Settle{},
	`{"action":"advance"}`:                                              escrow.Advance{},
	`{"action":"deliver","delivery":"ipfs://x"}`:                        escrow.Deliver{Delivery: "ipfs://x"},
	`{"action":"draw","backupAgents":["0xA","0xB"]}`:                    escrow.Draw{BackupAgents: []string{"0xA", "0xB"}},
	`{"action":"vote","votes":[{"criterionIndex":1,"vote":"not met"}]}`: escrow.Vote{Votes: []escrow.Ballot{{CriterionIndex: 1, Vote: escrow.NotMet}}},
	`{"action":"hire"}`:                                                 escrow.Hire{},
	`{"action":"hire","milestone":{"name":"n"}}`:                        escrow.Hire{Milestone: &escrow.MilestoneTerms{Name: "n"}},
	`{"action":"add_milestone","milestone":{"id":"m2","name":"n","description":"d","amount":"5.5","dueDate":"2026-06-09T00:00:00Z"}}`: escrow.AddMilestone{Milestone: escrow.MilestoneTerms{
		ID: "m2", Name: "n", Description: "d", Amount: decimal.NewNullDecimal(decimal.New(55, -1)), DueDate: june(9, 0)}},
	`{"action":"fund_milestone","milestoneId":"m1"}`:    escrow.FundMilestone{MilestoneID: "m1"},
	`{"action":"approve_milestone","milestoneId":"m1"}`: escrow.ApproveMilestone{MilestoneID: "m1"},
	`{"action":"end"}`:                   escrow.End{},
	`{"action":"end","dispositions":[]}`: escrow.End{Dispositions: []escrow.Disposition{}},
	`{"action":"end","dispositions":[{"milestoneId":"m1","disposition":"release"}]}`: escrow.End{Dispositions: choose("m1 release")},
	`{"action":"confirm","approvalId":"x"}`:                                          escrow.Confirm{ApprovalID: "x"},
	`{"action":"confirm","approvalId":"x","dispositions":[{"milestoneId":"m1","disposition":"refund"}],"milestone":{"name":"n"}}`: escrow.Confirm{ApprovalID: "x", Dispositions: choose("m1 refund"),
		Milestone: &escrow.MilestoneTerms{Name: "n"}},
	`{"action":"decline_approval","approvalId":"x"}`: escrow.DeclineApproval{ApprovalID: "x"},
}

// lifecycleOf returns the lifecycle that has a command.
func lifecycleOf(cmd escrow.Command) *escrow.Lifecycle {
	switch cmd.(type) {
	case escrow.Hire, escrow.AddMilestone, escrow.FundMilestone, escrow.ApproveMilestone, escrow.End, escrow.Confirm, escrow.DeclineApproval:
		return escrow.OpenTrain
	}
	return escrow.OpenContract
}

// TestCommands are read and written, byte for byte.
func TestCommands(t *testing.T) {
	for text, want := range ownCommands {
		cmd, err := lifecycleOf(want).ParseCommand([]byte(text))
		require.NoError(t, err, text)
		assert.IsType(t, want, cmd)
		assert.Equal(t, text, string(escrow.FormatCommand(cmd)))
		assert.Equal(t, text, string(escrow.FormatCommand(want)))
	}
}

// TestFieldsOfCommands: a field that the action does not have is malformed.
func TestFieldsOfCommands(t *testing.T) {
	fields := map[string]string{"delivery": `"x"`, "backupAgents": `[]`, "votes": `[]`, "milestone": `{}`, "milestoneId": `"m"`, "approvalId": `"x"`, "dispositions": `[]`, "surprise": `1`, "Action": `"x"`}
	has := map[escrow.Action]string{"deliver": "delivery", "draw": "backupAgents", "vote": "votes", "hire": "milestone", "add_milestone": "milestone", "fund_milestone": "milestoneId",
		"approve_milestone": "milestoneId", "confirm": "approvalId dispositions milestone", "decline_approval": "approvalId", "end": "dispositions"}
	for _, cmd := range ownCommands {
		for name, value := range fields {
			_, err := lifecycleOf(cmd).ParseCommand([]byte(`{"action":"` + string(cmd.Action()) + `","` + name + `":` + value + `}`))
			if allowed := strings.Fields(has[cmd.Action()]); assert.Equal(t, slices.Contains(allowed, name), err == nil, "%s of %s", name, cmd.Action()) && err != nil {
				assert.ErrorIs(t, err, escrow.Malformed)
				assert.ErrorContains(t, err, name)
			}
		}
	}
}

// TestMalformedCommands goes through what is wrong inside a command's fields.
func TestMalformedCommands(t *testing.T) {
	for text, want := range map[string]escrow.Reason{
		``: escrow.Malformed, `null`: escrow.Malformed, `[]`: escrow.Malformed, `{}`: escrow.Malformed, `{"action":null}`: escrow.Malformed, `{"action":5}`: escrow.Malformed, `{"action":""}`: escrow.Malformed,
		`{"action":"withdraw"`: escrow.Malformed, `{"action":"withdraw"}x`: escrow.Malformed, `{"action":"withdraw","action":"create"}`: escrow.Malformed, `{"action":"fly"}`: escrow.UnknownAction,
		`{"action":"Withdraw"}`: escrow.UnknownAction, `{"action":"end"}`: escrow.UnknownAction, `{"action":"deliver","delivery":5}`: escrow.Malformed, `{"action":"draw","backupAgents":"x"}`: escrow.Malformed,
		`{"action":"draw","backupAgents":[5]}`: escrow.Malformed, `{"action":"vote","votes":{}}`: escrow.Malformed, `{"action":"vote","votes":[5]}`: escrow.Malformed,
		`{"action":"vote","votes":[{"criterionIndex":-1,"vote":"met"}]}`: escrow.Malformed, `{"action":"vote","votes":[{"criterionIndex":"0"}]}`: escrow.Malformed,
		`{"action":"vote","votes":[{"vote":5}]}`: escrow.Malformed, `{"action":"vote","votes":[{"weight":5}]}`: escrow.Malformed, `{"action":"vote","votes":[{"vote":"met","vote":"met"}]}`: escrow.Malformed,
		`{"action":"create","asset":{}}`: escrow.Malformed,
	} {
		_, err := escrow.OpenContract.ParseCommand([]byte(text))
		assert.ErrorIs(t, err, want, text)
	}
	for _, text := range []string{`{"action":"hire","milestone":5}`, `{"action":"hire","milestone":{"status":"PAID"}}`, `{"action":"hire","milestone":{"amount":"x"}}`, `{"action":"hire","milestone":{"id":"a b"}}`,
		`{"action":"hire","milestone":{"dueDate":"soon"}}`, `{"action":"hire","milestone":{"name":5}}`, `{"action":"end","dispositions":{}}`, `{"action":"end","dispositions":[5]}`,
		`{"action":"end","dispositions":[{"milestoneId":"a b"}]}`, `{"action":"end","dispositions":[{"amount":1}]}`, `{"action":"fund_milestone","milestoneId":"a b"}`, `{"action":"confirm","approvalId":5}`} {
		_, err := escrow.OpenTrain.ParseCommand([]byte(text))
		assert.ErrorIs(t, err, escrow.Malformed, text)
	}
	_, err := escrow.OpenContract.ParseCommand([]byte(`{"action":"deliver","surprise":1}`))
	var e *escrow.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, escrow.Action("deliver"), e.Action())
	_, err = escrow.OpenTrain.ParseCommand([]byte(`{"action":"hire","milestone":{"amount":"0.0000000000000000001"}}`))
	assert.ErrorIs(t, err, escrow.AmountScale)
}

// TestBallotWithoutCriterion is not a vote on the first criterion, however often
// it is written and read.
func TestBallotWithoutCriterion(t *testing.T) {
	cmd, err := escrow.OpenContract.ParseCommand([]byte(`{"action":"vote","votes":[{"vote":"met"},{"criterionIndex":1,"vote":"met"},{"criterionIndex":2,"vote":"met"}]}`))
	require.NoError(t, err)
	k := workAt(t, "disputed, drawn")
	k.refused(escrow.VotesIncomplete, cmd, byAgents[0])
	again, err := escrow.OpenContract.ParseCommand(escrow.FormatCommand(cmd))
	if err != nil {
		return
	}
	k.refused(escrow.VotesIncomplete, again, byAgents[0])
}

// TestRequests are what the decide driver reads.
func TestRequests(t *testing.T) {
	k := workAt(t, "matched")
	q := escrow.Request{Contract: k.c, Command: escrow.Withdraw{}, Actor: byWorker, Now: k.now}
	text := jsonOf(t, q)
	read, err := escrow.ParseRequest([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, text, jsonOf(t, read))
	d, err := read.Decide()
	require.NoError(t, err)
	want, _ := k.ask(escrow.Withdraw{}, byWorker)
	assert.Equal(t, jsonOf(t, want), jsonOf(t, d))
	for _, path := range []string{"surprise", "actor.surprise", "command.surprise"} {
		_, err := escrow.ParseRequest([]byte(edited(t, text, path, 1)))
		assert.ErrorIs(t, err, escrow.Malformed, path)
	}
	_, err = escrow.ParseRequest([]byte(edited(t, text, "contract.surprise", 1)))
	assert.NoError(t, err)
	for _, c := range []struct {
		path  string
		value any
		want  escrow.Reason
		field string
	}{
		{"actor", gone{}, escrow.NoActor, ""}, {"actor", nil, escrow.NoActor, ""}, {"actor.id", gone{}, escrow.NoActor, ""}, {"actor", 5, escrow.Malformed, "actor"},
		{"contract.id", 5, escrow.Malformed, "id"}, {"contract", 5, escrow.Malformed, "contract"}, {"contract.workerStake", true, escrow.Malformed, "workerStake"},
		{"contract", gone{}, escrow.Malformed, "contract"}, {"contract", nil, escrow.Malformed, "contract"}, {"contract.lifecycle", "x", escrow.UnknownLifecycle, ""},
		{"command", gone{}, escrow.Malformed, "command"}, {"command", nil, escrow.Malformed, "command"}, {"command.action", "fly", escrow.UnknownAction, "fly"},
		{"now", gone{}, escrow.Malformed, "now"}, {"now", nil, escrow.Malformed, "now"}, {"now", "today", escrow.Malformed, "now"}, {"now", 5, escrow.Malformed, "now"},
	} {
		_, err := escrow.ParseRequest([]byte(edited(t, text, c.path, c.value)))
		assert.ErrorIs(t, err, c.want, c.path)
		assert.ErrorContains(t, err, c.field)
	}
	_, err = escrow.ParseRequest([]byte(edited(t, edited(t, text, "actor", nil), "contract.id", 5)))
	assert.ErrorIs(t, err, escrow.NoActor, "a missing actor comes before a malformed contract")
	_, err = escrow.ParseRequest([]byte(edited(t, edited(t, text, "actor", nil), "contract.status", "lost")))
	assert.ErrorIs(t, err, escrow.NoActor, "a missing actor comes first")
	for _, broken := range []string{"", "[]", text + "x", text[:len(text)-1], `{"now":1,}`} {
		_, err := escrow.ParseRequest([]byte(broken))
		assert.ErrorIs(t, err, escrow.Malformed)
	}
	_, err = escrow.ParseRequest([]byte(edited(t, text, "actor.id", "a b")))
	assert.NoError(t, err, "ids are for the decision to judge")
}

// pathsOf returns the path of every value inside JSON.
func pathsOf(prefix string, v any) (paths []string) {
	if prefix != "" {
		paths = append(paths, prefix[1:])
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			paths = append(paths, pathsOf(prefix+"."+name, v[name])...)
		}
	case []any:
		for i := range v {
			paths = append(paths, pathsOf(prefix+"."+strconv.Itoa(i), v[i])...)
		}
	}
	return paths
}

// TestEveryFieldChanged sets every value of rich snapshots to every kind of
// other value: each is refused, or read, written as it was read, and answers
// whatever is asked without a panic or an imbalance.
func TestEveryFieldChanged(t *testing.T) {
	train := trainAt(t, "active, m2 not funded")
	train.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	train.do(escrow.End{}, byToken)
	hired := trainAt(t, "proposed")
	hired.do(escrow.Confirm{ApprovalID: hired.approval()}, byAnn)
	values := []any{gone{}, nil, "", "x", "1", 0, 1, -1, 2.5, true, []any{}, []any{"x"}, map[string]any{}, "2026-06-07T06:00:00Z", "0xClient", "acme"}
	read := 0
	for _, c := range []escrow.Contract{workAt(t, "disputed, last vote").c, workAt(t, "settled-partially-met").c, workAt(t, "created, tender").c,
		train.c, hired.c, trainAt(t, "proposed").c, escrow.OpenTrain.Draft(hireTerms())} {
		text := jsonOf(t, c)
		var root any
		require.NoError(t, json.Unmarshal([]byte(text), &root))
		for _, path := range pathsOf("", root) {
			for _, value := range values {
				changed, err := escrow.ParseContract([]byte(edited(t, text, path, value)))
				if err != nil {
					requireRefusal(t, err)
					continue
				}
				read++
				requireStable(t, changed)
				exercise(t, changed, june(7, 7))
			}
		}
	}
	assert.Greater(t, read, 1000, "snapshots that were read")
}

// sampleLines returns every n-th of the worked cases.
func sampleLines(t testing.TB, n int) (lines []vectors.Case) {
	t.Helper()
	cases, err := vectors.Load("testdata/vectors/cases.jsonl")
	require.NoError(t, err)
	for i := 0; i < len(cases); i += n {
		lines = append(lines, cases[i])
	}
	return lines
}

// part returns a field of a request.
func part(t testing.TB, v vectors.Case, name string) []byte {
	t.Helper()
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(v.Request, &fields))
	return fields[name]
}

// FuzzContract: any text is refused or read; what is read is written, read and
// written again the same, explained and decided without a panic.
func FuzzContract(f *testing.F) {
	for _, v := range sampleLines(f, 10) {
		f.Add(part(f, v, "contract"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := escrow.ParseContract(text)
		if err != nil {
			requireRefusal(t, err)
			return
		}
		requireStable(t, c)
		for _, now := range []time.Time{june(3, 0), june(7, 0), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)} {
			exercise(t, c, now)
		}
	})
}

// requireRefusal needs an error that is a refusal with a class.
func requireRefusal(t *testing.T, err error) {
	t.Helper()
	e, ok := err.(*escrow.Error)
	if !ok || e.Code() == "" || e.Code() == escrow.InternalError {
		t.Fatalf("%v is no refusal", err)
	}
}

// requireStable writes, reads and writes a contract.
func requireStable(t *testing.T, c escrow.Contract) {
	t.Helper()
	first := jsonOf(t, c)
	again, err := escrow.ParseContract([]byte(first))
	if err != nil {
		t.Fatalf("what was written is not read: %v\n%s", err, first)
	}
	if second := jsonOf(t, again); first != second {
		t.Fatalf("written\n%s\nread and written\n%s", first, second)
	}
}

// exercise asks everything that can be asked of a contract.
func exercise(t *testing.T, c escrow.Contract, now time.Time) {
	t.Helper()
	clock := &desk{t, c, now}
	people := []escrow.Actor{escrow.Agent(c.Client()), bySystem, escrow.Human("fuzz", c.Client()), escrow.Agent("0xFuzz")}
	people[1].Account, people[3].ID = "", "0xFuzz"
	if c.Worker() != "" {
		people = append(people, escrow.Agent(c.Worker()))
	}
	for _, a := range c.BackupAgents() {
		people = append(people, escrow.Agent(a))
	}
	for _, who := range people {
		if who.ID == "" {
			continue
		}
		for _, cmd := range everyCommand(c) {
			d, err := escrow.Decide(c, cmd, who, clock)
			if err != nil {
				requireAnswer(t, err)
				continue
			}
			requireStable(t, d.Contract)
			for _, m := range d.Movements() {
				if m.Amount.IsZero() {
					t.Fatalf("%s moves nothing", m)
				}
			}
		}
		_, _ = escrow.Explain(c, who, clock)
	}
	escrow.NextDeadline(c)
	escrow.MaxTime(c)
}

// requireAnswer needs a refusal that is no fault of the engine's.
func requireAnswer(t *testing.T, err error) {
	t.Helper()
	if e := err.(*escrow.Error); e.Code() == escrow.InternalError {
		t.Fatalf("%v", err)
	}
}

// everyCommand returns one command of each kind that fits a contract, and one
// for each of its milestones and approvals.
func everyCommand(c escrow.Contract) []escrow.Command {
	if c.Lifecycle() == escrow.OpenContract {
		ballots := escrow.Vote{}
		for i := range 10 {
			ballots.Votes = append(ballots.Votes, escrow.Ballot{CriterionIndex: i, Vote: escrow.Met})
		}
		list := []escrow.Command{escrow.Create{}, escrow.Accept{}, escrow.Decline{}, escrow.Cancel{}, escrow.Withdraw{}, escrow.Deliver{Delivery: "x"}, escrow.Approve{}, escrow.Dispute{},
			draw, escrow.Settle{}, escrow.Advance{}}
		for n := range 10 {
			list = append(list, escrow.Vote{Votes: ballots.Votes[:n+1]})
		}
		return list
	}
	list := []escrow.Command{escrow.Hire{}, escrow.Hire{Milestone: &escrow.MilestoneTerms{Name: "fuzz"}}, escrow.AddMilestone{Milestone: stone("fuzz", 1)}, escrow.End{}, escrow.Advance{}}
	for i, m := range c.Milestones() {
		if i < 3 {
			list = append(list, escrow.FundMilestone{MilestoneID: m.ID}, escrow.ApproveMilestone{MilestoneID: m.ID}, escrow.End{Dispositions: []escrow.Disposition{{MilestoneID: m.ID, Disposition: escrow.Release}}})
		}
	}
	for i, a := range c.Approvals() {
		if i < 3 {
			list = append(list, escrow.Confirm{ApprovalID: a.ID}, escrow.DeclineApproval{ApprovalID: a.ID})
		}
	}
	return list
}

// FuzzCommand: any text is refused or read as a command that is written and read
// as the same, by either lifecycle, and decided on without a panic.
func FuzzCommand(f *testing.F) {
	for _, v := range sampleLines(f, 10) {
		f.Add(part(f, v, "command"))
	}
	for text := range ownCommands {
		f.Add([]byte(text))
	}
	desks := []*desk{workAt(f, "disputed, drawn"), trainAt(f, "active")}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, k := range desks {
			cmd, err := k.c.Lifecycle().ParseCommand(text)
			if err != nil {
				requireRefusal(t, err)
				continue
			}
			first := escrow.FormatCommand(cmd)
			again, err := k.c.Lifecycle().ParseCommand(first)
			if err != nil || string(escrow.FormatCommand(again)) != string(first) {
				t.Fatalf("%s is not read as it was written: %v", first, err)
			}
			if reflect.TypeOf(cmd) != reflect.TypeOf(again) {
				t.Fatalf("%T is read as %T", cmd, again)
			}
			for _, who := range []escrow.Actor{byAgents[0], bySystem, byAnn, byToken} {
				_, _ = escrow.Decide(k.c, cmd, who, k)
			}
		}
	})
}

// FuzzActor: any text is refused or read as an actor that is written and read as
// the same, and may ask without a panic.
func FuzzActor(f *testing.F) {
	for _, v := range sampleLines(f, 10) {
		f.Add([]byte(part(f, v, "actor")))
	}
	k := trainAt(f, "active")
	f.Fuzz(func(t *testing.T, text []byte) {
		var a, again escrow.Actor
		if err := a.UnmarshalJSON(text); err != nil {
			requireRefusal(t, err)
			return
		}
		first := jsonOf(t, a)
		if err := again.UnmarshalJSON([]byte(first)); err != nil || !reflect.DeepEqual(a, again) {
			t.Fatalf("%s is read as %+v (%v), was %+v", first, again, err, a)
		}
		_, _ = escrow.Decide(k.c, escrow.End{}, a, k)
		_, _ = escrow.Explain(k.c, a, k)
	})
}

// FuzzRequest: any line has one answer that is one line of JSON, and a request
// that is read is written and answered the same.
func FuzzRequest(f *testing.F) {
	for _, v := range sampleLines(f, 10) {
		f.Add([]byte(v.Request))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		answer := answerTo(line)
		if !json.Valid(answer) || strings.ContainsRune(string(answer), '\n') {
			t.Fatalf("%s is no answer", answer)
		}
		q, err := escrow.ParseRequest(line)
		if err != nil {
			requireRefusal(t, err)
			return
		}
		text, err := q.MarshalJSON()
		if err != nil {
			return
		}
		if again := answerTo(text); string(again) != string(answer) {
			t.Fatalf("answered\n%s\nwritten, read and answered\n%s", answer, again)
		}
	})
}

// TestVotesNameTheirCriterion: one that does not is not taken for another.
func TestVotesNameTheirCriterion(t *testing.T) {
	k := workAt(t, "disputed, drawn")
	k.do(votes("mmm"), byAgents[0])
	text := jsonOf(t, k.c)
	parsed(t, text)
	for i := range 3 {
		without := strings.Replace(text, fmt.Sprintf(`"criterionIndex":%d,`, i), "", 1)
		require.NotEqual(t, text, without)
		_, err := escrow.ParseContract([]byte(without))
		assert.ErrorIs(t, err, escrow.Malformed)
	}
}

// TestDraftsOfManyMilestones: as many as a contract may hold.
func TestDraftsOfManyMilestones(t *testing.T) {
	draft := func(n int) error {
		terms := hireTerms()
		for i := 1; i < n; i++ {
			terms.Milestones = append(terms.Milestones, stone(fmt.Sprint("x", i), 1))
		}
		_, err := escrow.ParseContract([]byte(jsonOf(t, escrow.OpenTrain.Draft(terms))))
		return err
	}
	assert.NoError(t, draft(1000))
	assert.Error(t, draft(1001))
}

// TestStoredMilestones: at most a thousand, each with the number that it says, or
// that of its place.
func TestStoredMilestones(t *testing.T) {
	text := jsonOf(t, trainAt(t, "active").c)
	with := func(n int) string {
		more := ""
		for i := range n {
			more += fmt.Sprintf(`,{"id":"x%d","name":"n","amount":"1","status":"NOT_FUNDED"}`, i)
		}
		return strings.Replace(text, `"status":"ACTIVE_FUNDED"}]`, `"status":"ACTIVE_FUNDED"}`+more+`]`, 1)
	}
	full := parsed(t, with(999))
	assert.Len(t, full.Milestones(), 1000)
	assert.Equal(t, 1000, full.Milestones()[999].Number)
	_, err := escrow.ParseContract([]byte(with(1000)))
	assert.ErrorIs(t, err, escrow.Malformed)
	for said, want := range map[string]int{`"milestoneNumber":7`: 7, `"milestoneNumber":0`: 1, `"milestoneNumber":null`: 1} {
		c := parsed(t, strings.Replace(text, `"milestoneNumber":1`, said, 1))
		assert.Equal(t, want, c.Milestones()[0].Number, said)
	}
}

// TestBallotsWithoutACriterion are for none.
func TestBallotsWithoutACriterion(t *testing.T) {
	cmd, err := escrow.OpenContract.ParseCommand([]byte(`{"action":"vote","votes":[{"vote":"met"}]}`))
	require.NoError(t, err)
	assert.Equal(t, escrow.Vote{Votes: []escrow.Ballot{{CriterionIndex: -1, Vote: escrow.Met}}}, cmd)
}

// TestPoliciesAreReadToTheEnd: what is unknown, null or empty is passed over, and
// what follows counts.
func TestPoliciesAreReadToTheEnd(t *testing.T) {
	ttl := escrow.OpenTrain.DefaultPolicy().ApprovalTTL
	for _, policy := range []string{`{"surprise":[1],"quorum":2}`, `{"approvalTTL":null,"quorum":2}`, `{"approvalTTL":"","quorum":2}`} {
		c := parsed(t, `{"id":"h1","lifecycle":"opentrain","client":"acme","policy":`+policy+`}`)
		got := c.Policy()
		assert.Equal(t, 2, got.Quorum, policy)
		assert.Equal(t, ttl, got.ApprovalTTL, policy)
	}
}

// TestStoredWindows: a hundred years can be stored, and no more.
func TestStoredWindows(t *testing.T) {
	text := jsonOf(t, trainAt(t, "active").c)
	ttl := regexp.MustCompile(`"approvalTTL":"[^"]*"`)
	require.Regexp(t, ttl, text)
	_, err := escrow.ParseContract([]byte(ttl.ReplaceAllString(text, `"approvalTTL":"P36500D"`)))
	assert.NoError(t, err)
	_, err = escrow.ParseContract([]byte(ttl.ReplaceAllString(text, `"approvalTTL":"P36501D"`)))
	assert.ErrorIs(t, err, escrow.Malformed)
}

// TestAssetsNeedTheirScale: null is none, wherever it stands.
func TestAssetsNeedTheirScale(t *testing.T) {
	for asset, fine := range map[string]bool{`{"code":"X","scale":2}`: true, `{"scale":2,"code":"X"}`: true, `{"code":"X","scale":0}`: true,
		`{"code":"X","scale":null}`: false, `{"scale":null,"code":"X"}`: false, `{"code":"X"}`: false, `{"scale":2}`: false} {
		_, err := escrow.ParseContract([]byte(`{"id":"h1","lifecycle":"opentrain","client":"acme","asset":` + asset + `}`))
		assert.Equal(t, fine, err == nil, "%s: %v", asset, err)
	}
}

// TestStoredWorkers: the terms name the worker of a direct award, and not one who
// came with the acceptance.
func TestStoredWorkers(t *testing.T) {
	direct := parsed(t, jsonOf(t, workAt(t, "matched").c))
	terms := direct.Terms()
	assert.Equal(t, "0xWorker", terms.Worker)
	tender := newDesk(t, escrow.OpenContract, tenderTerms())
	tender.do(escrow.Create{}, byClient)
	tender.do(escrow.Accept{}, byWorker)
	stored := parsed(t, jsonOf(t, tender.c))
	terms = stored.Terms()
	assert.Empty(t, terms.Worker)
	assert.Equal(t, "0xWorker", stored.Worker())
}

// TestDeadlinesOfThePastMayBeMissing, but not one that is to come.
func TestDeadlinesOfThePastMayBeMissing(t *testing.T) {
	ended := workAt(t, "matched")
	ended.do(escrow.Withdraw{}, byWorker)
	resolved := newDesk(t, escrow.OpenContract, workTerms())
	toResolved(resolved)
	for _, c := range []escrow.Contract{ended.c, resolved.c} {
		parsed(t, edited(t, jsonOf(t, c), "deliveryDeadline", gone{}))
	}
	_, err := escrow.ParseContract([]byte(edited(t, jsonOf(t, workAt(t, "matched").c), "deliveryDeadline", gone{})))
	assert.ErrorIs(t, err, escrow.Malformed)
}

// TestForeignApprovalIDs: only an id that the engine itself would give tells of a
// revision.
func TestForeignApprovalIDs(t *testing.T) {
	k := trainAt(t, "proposed")
	text := jsonOf(t, k.c)
	for id, fine := range map[string]bool{"h1-ap-1": true, "999": true, "h1-ap-x": true, "other-ap-999": true, "h1-ap-99999999999999999999999": true, "h1-ap-2": false} {
		_, err := escrow.ParseContract([]byte(strings.Replace(text, `"id":"h1-ap-1"`, `"id":"`+id+`"`, 1)))
		assert.Equal(t, fine, err == nil, "%s: %v", id, err)
	}
}

// TestWhatIsNotThereIsNotWritten: no empty lists, and a price where there is one
// or ought to be.
func TestWhatIsNotThereIsNotWritten(t *testing.T) {
	work, train := jsonOf(t, workAt(t, "matched").c), jsonOf(t, escrow.OpenTrain.Draft(hireTerms()))
	assert.NotContains(t, work, `"approvals"`)
	assert.NotContains(t, work, `"milestones"`)
	assert.NotContains(t, train, `"acceptanceCriteria"`)
	assert.NotContains(t, train, `"budgetOrPrice"`)
	small, err := escrow.Define(table(func(*escrow.Spec) {}))
	require.NoError(t, err)
	assert.Contains(t, jsonOf(t, small.Draft(escrow.Terms{ID: "x", Client: "0xClient", Price: decimal.NewFromInt(5), Data: bounty{}})), `"budgetOrPrice":"5"`)
	assert.NotContains(t, jsonOf(t, small.Draft(escrow.Terms{ID: "x", Client: "0xClient", Data: bounty{}})), `"budgetOrPrice"`)
	assert.Contains(t, jsonOf(t, escrow.OpenContract.Draft(escrow.Terms{ID: "x"})), `"budgetOrPrice":"0"`)
}

// TestFaultyPricesStayFaulty when the draft is stored.
func TestFaultyPricesStayFaulty(t *testing.T) {
	for price, want := range map[string]escrow.Reason{"1e60": escrow.AmountBounds, "-1": escrow.Malformed, "0.0000001": escrow.AmountScale, "1e-30": escrow.AmountScale} {
		terms := workTerms()
		terms.Price = decimal.RequireFromString(price)
		k := newDesk(t, escrow.OpenContract, terms)
		k.refused(want, escrow.Create{}, byClient)
		stored, err := escrow.ParseContract([]byte(jsonOf(t, k.c)))
		if err == nil {
			_, err = escrow.Decide(stored, escrow.Create{}, byClient, k)
		}
		assert.ErrorIs(t, err, want, price)
	}
}
