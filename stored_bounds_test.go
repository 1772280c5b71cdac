package escrow_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	escrow "github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// TestFormsThatReadWrongly fail as the lifecycle's own fault, or leave the field out.
func TestFormsThatReadWrongly(t *testing.T) {
	k := evening(t).at(june(3, 20))
	k.do(beginning("loud"), byHal)
	text := jsonOf(t, k.c)
	for name, c := range map[string]struct {
		rows [][]Value
		want error
	}{
		"nothing":       {nil, nil},
		"another field": {[][]Value{{lead.To("hal")}}, escrow.RuleFailed},
		"out of bounds": {[][]Value{{tags.To([]string{"a\x01"})}}, escrow.Malformed},
	} {
		spec := club.Spec()
		spec.Forms[0].Read = func(View, map[string][]byte) ([][]Value, *escrow.Error) { return c.rows, nil }
		other, err := escrow.Define(spec)
		require.NoError(t, err)
		_, err = escrow.ParseContract([]byte(text), other)
		if c.want == nil {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorIs(t, err, c.want, name)
		}
	}
	for name, write := range map[string]func(View, string) []byte{
		"no JSON": func(View, string) []byte { return []byte("#tea") },
		"panics":  func(View, string) []byte { panic("no") },
	} {
		spec := club.Spec()
		spec.Forms[0].Write = write
		other, err := escrow.Define(spec)
		require.NoError(t, err)
		c, err := escrow.ParseContract([]byte(text), other)
		require.NoError(t, err)
		_, err = c.MarshalJSON()
		assert.ErrorIs(t, err, escrow.RuleFailed, name)
		assert.Empty(t, c.Digest())
		d, err := escrow.Decide(c, hush.Command(), byHal, k)
		require.NoError(t, err)
		assert.Contains(t, string(escrow.AppendAnswer(nil, &d, nil)), `{"refusal":{"code":"internal_error"`, name)
	}
}

// TestExtras add to what a decision says: nothing where the function has nothing to
// say, and what it fails with where it panics.
func TestExtras(t *testing.T) {
	for want, of := range map[string]func(View, escrow.Action) []byte{
		`"said":null`:    func(View, escrow.Action) []byte { return nil },
		`"said":["hi"]`:  func(View, escrow.Action) []byte { return []byte(`["hi"]`) },
		`"rule_failed"`:  func(View, escrow.Action) []byte { panic("no") },
		`internal_error`: func(View, escrow.Action) []byte { return []byte("hi") },
	} {
		spec := club.Spec()
		spec.Extras = []escrow.Extra{{Name: "said", Meaning: "what was said", Of: of}}
		other, err := escrow.Define(spec)
		require.NoError(t, err)
		d, err := escrow.Decide(other.Draft("e1", escrow.TextOf(host.Account, "hal"), entry.To(escrow.Units(5)), doors.To(june(3, 20)), lastly.To(june(4, 4))), invite.Command(), byHal, escrow.At(june(3, 0)))
		require.NoError(t, err)
		assert.Contains(t, string(escrow.AppendAnswer(nil, &d, nil)), want)
	}
}

// TestTargetsOfStoredApprovals are items of their command.
func TestTargetsOfStoredApprovals(t *testing.T) {
	b := lent(t)
	b.do(note.Command(noted.To("n")), byBorrower)
	refusesEdits(t, b.c, []edit{{"approvals.0.target", "p1", "belongs to no such command"}})
	b = lent(t)
	b.do(whole.Command(thePiece.To("p1"), claimed.Decimal(power36Decimal())), byLender)
	text := strings.ReplaceAll(jsonOf(t, b.c), `"pieceId":"p1"`, `"pieceId":"p9"`)
	text = strings.ReplaceAll(text, `"target":"p1"`, `"target":"p9"`)
	_, err := escrow.ParseContract([]byte(text), loan)
	assert.ErrorContains(t, err, "is no item of pieces")
}

// TestExpiredApprovalsExpiredInTime.
func TestExpiredApprovalsExpiredInTime(t *testing.T) {
	k := asked(t).at(june(5, 12))
	k.do(escrow.Advance(), bySystem)
	refusesEdits(t, k.c, []edit{{"approvals.0.resolvedAt", "2026-06-05T11:00:00Z", "is when it expired"}})
}

// TestDraftsHaveNoApprovals, and nothing that rules set.
func TestDraftsHaveNoApprovals(t *testing.T) {
	for _, e := range []edit{{"approvals", []any{map[string]any{}}, ""}, {"tracking", "x", ""}} {
		c, err := escrow.ParseContract([]byte(edited(t, jsonOf(t, ordered(t, terms()...).c), e.path, e.value)), order)
		require.NoError(t, err)
		_, err = escrow.Decide(c, open.Command(), byBuyer, escrow.At(june(3, 0)))
		assert.ErrorIs(t, err, escrow.Malformed)
	}
}

// TestCountsEnd where every JSON reader holds them exactly.
func TestCountsEnd(t *testing.T) {
	k := evening(t).at(june(3, 20))
	k.do(beginning("loud"), byHal)
	k.do(hush.Command(), byHal)
	c, err := escrow.ParseContract([]byte(edited(t, jsonOf(t, k.c), "rounds", uint64(1<<53-1))), club)
	require.NoError(t, err)
	_, err = escrow.Decide(c, beginning("loud"), byHal, k)
	assert.ErrorIs(t, err, escrow.RuleFailed)
	refusesEdits(t, k.c, []edit{{"revision", uint64(1<<53 - 1), "revision"}})
	_, err = escrow.Decide(k.c, begin.Command(how.To("loud"), about.To(make([]string, 1001))), byHal, k)
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = escrow.Decide(k.c, begin.Command(how.To("loud"), about.To([]string{})), byHal, k)
	assert.ErrorIs(t, err, escrow.Malformed)
}

// TestLongNamesHaveNoNeighbours: nothing is suggested for what is far from all names.
func TestLongNamesHaveNoNeighbours(t *testing.T) {
	_, err := club.ParseCommand([]byte(`{"action":"` + strings.Repeat("x", 70) + `"}`))
	assert.ErrorIs(t, err, escrow.UnknownAction)
	assert.NotContains(t, err.Error(), "did you mean")
	assert.Equal(t, "null", jsonOf(t, new(escrow.Error)))
}

// TestStoredApprovalsEnd: more than are kept have not ended in a stored contract; an
// import forgets the oldest.
func TestStoredApprovalsEnd(t *testing.T) {
	k := standing(t, "taken, extra")
	for range 100 {
		d, err := escrow.Decide(k.c, payFor("x1"), theToken, k)
		require.NoError(t, err)
		a, _ := d.Approval()
		d, err = escrow.Decide(d.Contract, escrow.DeclineApproval(a.ID, ""), byAnn, k)
		require.NoError(t, err)
		k.c = d.Contract
	}
	text := jsonOf(t, k.c)
	from := strings.Index(text, `{"id":"o1-ap-4"`)
	require.Positive(t, from)
	one := text[from : from+strings.Index(text[from:], `},{"id":"o1-ap-6"`)+1]
	more := strings.Replace(text, one, strings.Replace(one, "o1-ap-4", "o1-ap-3", 1)+","+one, 1)
	_, err := escrow.ParseContract([]byte(more), order)
	assert.ErrorContains(t, err, "more have ended than are kept")
	c, err := escrow.ParseContract([]byte(edited(t, more, "schema", gone{})), order)
	require.NoError(t, err)
	assert.Len(t, c.Approvals(), 100)
}
