package escrowhttp_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/lifecycles/play"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// told returns what a validator found wrong, in short.
func told(problems []*errors.ValidationError) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%s: %s\n", p.Message, p.Reason)
		for _, s := range p.SchemaValidationErrors {
			fmt.Fprintf(&b, "  %s: %s\n", s.FieldPath, s.Reason)
		}
	}
	return b.String()
}

// livesOf is how many lives of each lifecycle are lived over HTTP.
const livesOf = 8

// TestLives: whatever happens in the lives of every lifecycle, over HTTP it is answered as
// the engine answers it, and every request and answer is as the document says.
func TestLives(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for _, l := range lifecycles.All() {
			t.Run(l.Name(), func(t *testing.T) {
				met := map[int]int{}
				for seed := range livesOf {
					story := escrowtest.Lives(play.Of(l)).Example(seed)
					s.live(t, fmt.Sprintf("%s-%d", l.Name(), seed), story, met)
				}
				assert.Positive(t, met[200]+met[202], "%v", met)
				assert.Positive(t, met[409]+met[403], "%v", met)
			})
		}
	})
}

// life is one contract that is lived over HTTP beside the engine.
type life struct {
	*site
	c    escrow.Contract
	base string
	met  map[int]int
}

// live asks over HTTP all that a story asks, and the engine beside it.
func (s *site) live(t *testing.T, id string, story *escrowtest.Story, met map[int]int) {
	l := &life{site: s, met: met}
	for n, step := range story.Steps {
		if l.c.Lifecycle() == nil {
			l.begin(t, id, step.Before)
		}
		s.clock.set(step.Question.Now)
		l.step(t, step.Question, fmt.Sprintf("%s-%d", id, n))
		if t.Failed() {
			t.Logf("at step %d of %s: %s by %+v", n, id, step.Question.Command.Action(), step.Question.Actor)
			return
		}
	}
}

// begin takes the story's draft under an id of the test's.
func (l *life) begin(t *testing.T, id string, draft escrow.Contract) {
	text, err := draft.MarshalJSON()
	require.NoError(t, err)
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &members))
	members["id"] = json.RawMessage(`"` + id + `"`)
	text, err = json.Marshal(members)
	require.NoError(t, err)
	l.c, err = escrow.ParseContract(text, draft.Lifecycle())
	require.NoError(t, err)
	l.base = "/lifecycles/" + draft.Lifecycle().Name()
}

// step asks one question over HTTP and of the engine.
func (l *life) step(t *testing.T, q escrowtest.Question, key string) {
	command, err := q.Command.MarshalJSON()
	require.NoError(t, err)
	before, _, err := escrow.AsOf(l.c, q.Now)
	require.NoError(t, err)
	var d escrow.Decision
	parsed, want := l.c.Lifecycle().ParseCommand(command)
	if want == nil {
		d, want = escrow.Decide(before, parsed, q.Actor, escrow.At(q.Now))
	}
	got := l.send(t, q.Actor, string(command), key)
	l.met[got.status]++
	if want != nil {
		l.refused(t, before, q.Actor, want, got)
	} else {
		assert.Equal(t, string(escrow.AppendAnswer(nil, &d, nil)), got.body)
		l.status(t, &d, got.status)
		l.c = d.Contract
	}
	if l.c.IsDraft() {
		return
	}
	if want != nil {
		l.c = before // the deadlines that were due apply all the same
	}
	l.look(t, q)
}

// send asks a command over HTTP: the founding one, or another.
func (l *life) send(t *testing.T, actor escrow.Actor, command, key string) answer {
	if !l.c.IsDraft() {
		return l.ask(t, actor, "POST", l.base+"/contracts/"+l.c.ID()+"/commands", command, "Idempotency-Key", key)
	}
	draft, err := l.c.MarshalJSON()
	require.NoError(t, err)
	return l.ask(t, actor, "POST", l.base+"/contracts", `{"draft":`+string(draft)+`,"command":`+command+`}`, "Idempotency-Key", key)
}

// status checks the status of a decision.
func (l *life) status(t *testing.T, d *escrow.Decision, got int) {
	want := 200
	if l.c.IsDraft() {
		want = 201
	}
	if a, ok := d.Approval(); ok && a.Status == escrow.ApprovalIsPending {
		want = 202
	}
	assert.Equal(t, want, got)
}

// refused checks a refusal: it is the engine's, or hides the contract.
func (l *life) refused(t *testing.T, c escrow.Contract, actor escrow.Actor, want error, got answer) {
	var refusal *escrow.Error
	require.ErrorAs(t, want, &refusal)
	p := got.problem(t)
	code := refusal.Code()
	if !c.IsDraft() && !escrow.Visible(c, actor) && got.status == 404 {
		assert.EqualValues(t, escrow.ContractNotFound, p.Reason)
		return
	}
	assert.EqualValues(t, code, p.Code)
	assert.EqualValues(t, refusal.Reason(), p.Reason)
	assert.Equal(t, refusal.Message(), p.Message)
	assert.Equal(t, code.HTTP(), got.status)
}

// look reads the contract back in every way, as the actor may.
func (l *life) look(t *testing.T, q escrowtest.Question) {
	actor := q.Actor
	at := l.base + "/contracts/" + l.c.ID()
	now, _, err := escrow.AsOf(l.c, q.Now)
	require.NoError(t, err)
	if actor.ID == "" {
		return
	}
	if !escrow.Visible(now, actor) {
		for _, path := range []string{"", "/actions", "/history"} {
			none := l.ask(t, actor, "GET", l.base+"/contracts/none"+path, "")
			assert.Equal(t, none.body, l.ask(t, actor, "GET", at+path, "").body)
			assert.Equal(t, 404, none.status)
		}
		return
	}
	text, err := now.MarshalJSON()
	require.NoError(t, err)
	got := l.ask(t, actor, "GET", at, "")
	assert.JSONEq(t, `{"contract":`+string(text)+`}`, got.body)
	x, err := escrow.Explain(now, actor, escrow.At(q.Now))
	if err == nil {
		text, err = x.MarshalJSON()
		require.NoError(t, err)
		assert.JSONEq(t, `{"explanation":`+string(text)+`}`, l.ask(t, actor, "GET", at+"/actions", "").body)
	}
	assert.Equal(t, 200, l.ask(t, actor, "GET", at+"/history", "").status)
	for _, a := range now.Approvals() {
		text, err := a.MarshalJSON()
		require.NoError(t, err)
		assert.JSONEq(t, `{"approval":`+string(text)+`}`, l.ask(t, actor, "GET", l.base+"/approvals/"+a.ID, "").body)
	}
}
