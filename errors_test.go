package escrow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
)

// late asks for one refusal that carries an instant.
func late(t *testing.T) (*escrow.Error, error) {
	t.Helper()
	k := standing(t, "taken").at(june(6, 12))
	_, err := escrow.Decide(k.c, shipIt(), bySeller, k)
	var e *escrow.Error
	require.True(t, errors.As(err, &e))
	return e, err
}

// TestErrorsIsAndAs: a refusal is asked for by its code and by its reason, also when
// it is wrapped.
func TestErrorsIsAndAs(t *testing.T) {
	e, err := late(t)
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
	assert.Equal(t, escrow.Action("ship"), e.Action())
	assert.Equal(t, "O-6", e.Rule())
	assert.Equal(t, "conflict", escrow.Conflict.Error())
	assert.Equal(t, "deadline_due", escrow.DeadlineDue.Error())
}

// TestErrorText names action, reason, rule, what was wrong, and when.
func TestErrorText(t *testing.T) {
	e, err := late(t)
	for _, part := range []string{"escrow: ", "ship", "deadline_due", "O-6", "shipBy", "2026-06-06T00:00:00Z", e.Message()} {
		assert.Contains(t, err.Error(), part)
	}
	assert.Contains(t, e.Remedy(), "advance")
	_, err = escrow.ParseContract([]byte(`{"lifecycle":"order","id":"c","status":"open","buyer":"a b"}`), order)
	assert.ErrorContains(t, err, "buyer", "a malformed field is named")
	_, err = escrow.Decide(escrow.Contract{}, cancel.Command(), escrow.Actor{}, nil)
	assert.ErrorContains(t, err, "no_actor")
}

// TestDetailsAreCopies: nothing that a caller does to a refusal is seen by the next.
func TestDetailsAreCopies(t *testing.T) {
	k := standing(t, "open")
	e := k.refused(escrow.WrongStatus, shipIt(), bySeller)
	assert.Equal(t, []string{"taken"}, e.Details()["statuses"])
	e.Details()["statuses"].([]string)[0] = "changed"
	delete(e.Details(), "statuses")
	assert.Equal(t, []string{"taken"}, k.refused(escrow.WrongStatus, shipIt(), bySeller).Details()["statuses"])
	_, err := escrow.Decide(k.c, cancel.Command(), escrow.Actor{}, k)
	var none *escrow.Error
	require.True(t, errors.As(err, &none))
	assert.Empty(t, none.Details())
	_, ok := none.Deadline()
	assert.False(t, ok)
}

// TestCatalogue lists every reason once, by class in the order of the checks; the
// list is a copy.
func TestCatalogue(t *testing.T) {
	seen := map[escrow.Reason]bool{}
	classes := map[escrow.Code]int{escrow.Unauthorized: 401, escrow.InvalidRequest: 400, escrow.Forbidden: 403, escrow.NotFound: 404, escrow.Conflict: 409, escrow.InternalError: 500}
	for _, entry := range escrow.Catalogue() {
		assert.False(t, seen[entry.Reason], entry.Reason)
		seen[entry.Reason] = true
		assert.NotEmpty(t, entry.Meaning)
		assert.NotEmpty(t, entry.Remedy)
		assert.Equal(t, classes[entry.Code], entry.Code.HTTP(), entry.Reason)
	}
	escrow.Catalogue()[0].Reason = "changed"
	assert.Equal(t, escrow.NoActor, escrow.Catalogue()[0].Reason)
	assert.Equal(t, 500, escrow.Code("unknown").HTTP())
}

// TestReasonsOfALifecycle are those of the engine that it can give, and its own.
func TestReasonsOfALifecycle(t *testing.T) {
	var reasons []escrow.Reason
	for _, entry := range order.Reasons() {
		reasons = append(reasons, entry.Reason)
		assert.NotEmpty(t, entry.Meaning)
	}
	for _, want := range []escrow.Reason{"not_buyer", "not_seller", "own_order", escrow.WrongStatus, escrow.DeadlineDue, escrow.SeparateDuties, escrow.NotSystem} {
		assert.True(t, slices.Contains(reasons, want), want)
	}
	assert.False(t, slices.Contains(reasons, escrow.Reason("not_lender")))
}

// TestNewRefusal is an application's own, in the engine's form.
func TestNewRefusal(t *testing.T) {
	details := map[string]any{"field": "card", "missing": []string{"number"}, "tries": 3}
	e := escrow.NewRefusal(escrow.Conflict, "no_payment_method", "there is no card", details)
	details["field"] = "changed"
	assert.ErrorIs(t, e, escrow.Conflict)
	assert.ErrorIs(t, e, escrow.Reason("no_payment_method"))
	assert.Equal(t, "escrow: no_payment_method: there is no card", e.Error())
	assert.Equal(t, "card", e.Details()["field"])
	assert.JSONEq(t, `{"code":"conflict","reason":"no_payment_method","message":"there is no card","details":{"field":"card","missing":["number"],"tries":3}}`, jsonOf(t, e))
	assert.NotEmpty(t, escrow.NewRefusal(escrow.Conflict, escrow.DeadlineDue, "late", nil).Remedy())
}

// TestErrorJSON writes what a program needs; none is null.
func TestErrorJSON(t *testing.T) {
	e, _ := late(t)
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, e)), &got))
	assert.Equal(t, "conflict", got["code"])
	assert.Equal(t, "deadline_due", got["reason"])
	assert.Equal(t, "ship", got["action"])
	assert.Equal(t, "O-6", got["rule"])
	assert.Equal(t, map[string]any{"deadline": "shipBy", "at": "2026-06-06T00:00:00Z"}, got["details"])
	assert.Equal(t, "null", jsonOf(t, (*escrow.Error)(nil)))
	answer := escrow.AppendAnswer([]byte("x"), nil, errors.New("something else"))
	assert.Contains(t, string(answer), `x{"refusal":{"code":"invalid_request"`)
}
