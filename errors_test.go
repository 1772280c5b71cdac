package escrow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// refusal asks for one refusal that carries an instant.
func refusal(t *testing.T) (*escrow.Error, error) {
	t.Helper()
	k := workAt(t, "matched").at(june(6, 12))
	_, err := escrow.Decide(k.c, escrow.Withdraw{}, byWorker, k)
	var e *escrow.Error
	require.True(t, errors.As(err, &e))
	return e, err
}

// TestErrorsIsAndAs: a refusal is asked for by its code and by its reason, also
// when it is wrapped.
func TestErrorsIsAndAs(t *testing.T) {
	e, err := refusal(t)
	wrapped := fmt.Errorf("asking: %w", err)
	for _, target := range []error{escrow.Conflict, escrow.DeadlineDue} {
		assert.ErrorIs(t, err, target)
		assert.ErrorIs(t, wrapped, target)
	}
	for _, target := range []error{escrow.Forbidden, escrow.WindowClosed, errors.New("conflict"), escrow.Code("deadline_due"), escrow.Reason("conflict")} {
		assert.NotErrorIs(t, err, target)
	}
	var code escrow.Code
	assert.False(t, errors.As(err, &code), "a code is asked for with Is")
	assert.Equal(t, escrow.Conflict, e.Code())
	assert.Equal(t, escrow.DeadlineDue, e.Reason())
	assert.Equal(t, escrow.Action("withdraw"), e.Action())
	assert.Equal(t, "OC-7", e.Rule())
	assert.Equal(t, "conflict", escrow.Conflict.Error())
	assert.Equal(t, "deadline_due", escrow.DeadlineDue.Error())
}

// TestErrorText names action, reason, rule, what was wrong, and when.
func TestErrorText(t *testing.T) {
	e, err := refusal(t)
	for _, part := range []string{"escrow: ", "withdraw", "deadline_due", "OC-7", "deliveryDeadline", "2026-06-06T00:00:00Z", e.Message()} {
		assert.Contains(t, err.Error(), part)
	}
	assert.Contains(t, e.Remedy(), "advance")
	_, err = escrow.ParseContract([]byte(`{"id":"c","status":"matched","client":"a b"}`))
	assert.ErrorContains(t, err, "client", "a malformed field is named")
	_, err = escrow.Decide(escrow.Contract{}, escrow.Cancel{}, escrow.Actor{}, nil)
	assert.ErrorContains(t, err, "no_actor")
}

// TestErrorDetails are a new map each time, with the deadline that counts.
func TestErrorDetails(t *testing.T) {
	e, _ := refusal(t)
	d := e.Details()
	assert.Equal(t, map[string]any{"deadline": "deliveryDeadline", "at": "2026-06-06T00:00:00Z"}, d)
	d["deadline"] = "never"
	assert.Equal(t, "deliveryDeadline", e.Details()["deadline"])
	at, ok := e.Deadline()
	assert.True(t, ok)
	assert.True(t, at.Equal(june(6, 0)))
	wrong := workAt(t, "created").refused(escrow.WrongStatus, escrow.Settle{}, bySystem)
	assert.Equal(t, map[string]any{"statuses": []string{"resolved"}}, wrong.Details())
	_, ok = wrong.Deadline()
	assert.False(t, ok)
	founding := workAt(t, "created").refused(escrow.WrongStatus, escrow.Create{}, byClient)
	assert.Equal(t, []string{"draft"}, founding.Details()["statuses"])
	nobody := workAt(t, "created").refused(escrow.NoActor, escrow.Create{}, escrow.Actor{})
	assert.Empty(t, nobody.Details())
}

// TestErrorJSON is the refusal of wire.md.
func TestErrorJSON(t *testing.T) {
	e, err := refusal(t)
	var line struct{ Refusal map[string]any }
	require.NoError(t, json.Unmarshal(escrow.AppendAnswer(nil, nil, err), &line))
	assert.Equal(t, map[string]any{"code": "conflict", "reason": "deadline_due", "action": "withdraw", "rule": "OC-7", "message": e.Message(), "remedy": e.Remedy(),
		"details": map[string]any{"deadline": "deliveryDeadline", "at": "2026-06-06T00:00:00Z"}}, line.Refusal)
	text, jsonErr := json.Marshal(e)
	require.NoError(t, jsonErr)
	assert.JSONEq(t, string(escrow.AppendAnswer(nil, nil, err)), `{"refusal":`+string(text)+`}`)
	claim := newDesk(t, escrow.OpenTrain, hireTerms()).refused(escrow.ScopeMissing, escrow.Hire{}, escrow.Actor{ID: "t", Kind: escrow.KindToken})
	assert.Contains(t, jsonOf(t, claim), `"details":{"requiredScopes":["proposals:write"]}`)
	foreign := escrow.AppendAnswer([]byte("before\n"), nil, errors.New("disk full"))
	assert.Equal(t, `before`+"\n"+`{"refusal":{"code":"invalid_request","reason":"malformed","message":"disk full"`, strings.Split(string(foreign), `,"remedy"`)[0])
}

// TestNewRefusal makes refusals of the application's own in the same form.
func TestNewRefusal(t *testing.T) {
	details := map[string]any{"field": "card", "cards": []string{"a", "b"}, "tries": 3}
	e := escrow.NewRefusal(escrow.Conflict, "payment_method_required", "add a card first", details)
	assert.ErrorIs(t, e, escrow.Conflict)
	assert.ErrorIs(t, e, escrow.Reason("payment_method_required"))
	assert.Equal(t, "add a card first", e.Message())
	assert.Equal(t, details, e.Details())
	assert.Contains(t, jsonOf(t, e), `"details":{"cards":["a","b"],"field":"card","tries":3}`)
	details["field"] = "changed"
	assert.Equal(t, "card", e.Details()["field"])
	known := escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "", nil)
	assert.NotEmpty(t, known.Remedy())
	assert.Contains(t, jsonOf(t, known), `"details":{}`)
}

// TestHTTP gives each class its status.
func TestHTTP(t *testing.T) {
	for code, want := range map[escrow.Code]int{escrow.Unauthorized: 401, escrow.InvalidRequest: 400, escrow.Forbidden: 403, escrow.NotFound: 404,
		escrow.Conflict: 409, escrow.InternalError: 500, "teapot": 500} {
		assert.Equal(t, want, code.HTTP(), code)
	}
}

// documentedReasons is the table of engine.md.
var documentedReasons = map[escrow.Code]string{
	escrow.Unauthorized: "no_actor",
	escrow.InvalidRequest: "malformed unknown_action unknown_lifecycle amount_bounds amount_scale invalid_policy invalid_terms invalid_milestone " +
		"unsupported_combination delivery_missing backup_agents_invalid votes_incomplete vote_invalid declined_open_tender disposition_invalid disposition_required",
	escrow.Forbidden: "not_client not_worker worker_is_client not_backup_agent not_system not_human scope_missing feature_disabled account_claim_required",
	escrow.NotFound:  "contract_not_found milestone_not_found approval_not_found",
	escrow.Conflict: "wrong_status contract_ended deadline_due window_closed nothing_due already_voted milestone_exists milestone_not_fundable milestone_not_funded " +
		"too_many approval_confirmed approval_declined approval_expired approval_superseded approval_stale separate_duties",
	escrow.InternalError: "unbalanced",
}

// TestCatalogue holds every documented reason, once, in the class and order of
// the documents, with a meaning and a remedy; disposition_required is the one
// request check that comes last.
func TestCatalogue(t *testing.T) {
	byCode := map[escrow.Code][]string{}
	for _, e := range escrow.Catalogue() {
		byCode[e.Code] = append(byCode[e.Code], string(e.Reason))
		assert.NotEmpty(t, e.Meaning, e.Reason)
		assert.NotEmpty(t, e.Remedy, e.Reason)
	}
	for code, want := range documentedReasons {
		assert.Equal(t, strings.Fields(want), byCode[code], code)
	}
	assert.Len(t, byCode, len(documentedReasons))
	own := escrow.Catalogue()
	own[0].Meaning = "changed"
	assert.NotEqual(t, "changed", escrow.Catalogue()[0].Meaning, "the catalogue is a copy")
}

// TestReasonsOfALifecycle leaves out what its rules cannot give.
func TestReasonsOfALifecycle(t *testing.T) {
	reasons := func(l *escrow.Lifecycle) (list []escrow.Reason) {
		for _, e := range l.Reasons() {
			list = append(list, e.Reason)
		}
		return list
	}
	work, train := reasons(escrow.OpenContract), reasons(escrow.OpenTrain)
	for _, r := range []escrow.Reason{escrow.NotWorker, escrow.WorkerIsClient, escrow.AlreadyVoted, escrow.WindowClosed, escrow.UnsupportedCombination} {
		assert.Contains(t, work, r)
		assert.NotContains(t, train, r)
	}
	for _, r := range []escrow.Reason{escrow.NotHuman, escrow.ScopeMissing, escrow.ContractEnded, escrow.ApprovalStale, escrow.DispositionRequired, escrow.InvalidMilestone} {
		assert.Contains(t, train, r)
		assert.NotContains(t, work, r)
	}
	assert.Equal(t, escrow.NoActor, work[0])
	assert.Equal(t, escrow.Unbalanced, work[len(work)-1])
	assert.Less(t, slices.Index(train, escrow.SeparateDuties), slices.Index(train, escrow.DispositionRequired), "checked last")
}

// TestReasonsAreGiven: every refusal that a walk over all places and actions
// provokes is one that the lifecycle's rule book lists.
func TestReasonsAreGiven(t *testing.T) {
	type questions struct {
		l      *escrow.Lifecycle
		places []place
		cmds   []escrow.Command
	}
	for _, q := range []questions{
		{escrow.OpenContract, workPlaces, []escrow.Command{escrow.Create{}, escrow.Accept{}, escrow.Decline{}, escrow.Cancel{}, escrow.Withdraw{}, escrow.Deliver{},
			escrow.Approve{}, escrow.Dispute{}, draw, votes("mmm"), escrow.Settle{}, escrow.Advance{}, escrow.End{}}},
		{escrow.OpenTrain, trainPlaces, []escrow.Command{escrow.Hire{}, escrow.AddMilestone{Milestone: stone("m1", 1)}, escrow.FundMilestone{MilestoneID: "m1"},
			escrow.ApproveMilestone{MilestoneID: "m2"}, escrow.End{}, escrow.Confirm{ApprovalID: "x"}, escrow.DeclineApproval{ApprovalID: "h1-ap-1"}, escrow.Advance{}}},
	} {
		listed := map[escrow.Reason]bool{}
		for _, e := range q.l.Reasons() {
			listed[e.Reason] = true
		}
		for _, p := range q.places {
			k := standing(t, q.l, q.places, p.name)
			for _, cmd := range q.cmds {
				for _, who := range []escrow.Actor{byClient, byWorker, byStranger, bySystem, byToken, byAnn, byTrainer, {}} {
					var e *escrow.Error
					if _, err := k.ask(cmd, who); errors.As(err, &e) {
						assert.True(t, listed[e.Reason()], "%s gives %s", q.l.Name(), e.Reason())
					}
				}
			}
		}
	}
}
