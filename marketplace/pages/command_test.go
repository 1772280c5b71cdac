package pages_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func randomID() string { return rand.Text() }

// revision is how many decisions a contract has had.
func (s *shop) revision(t testing.TB, id string) uint64 {
	c, err := s.Runner.Store.Find(ctx, id)
	require.NoError(t, err)
	return c.Revision()
}

// TestCommand: a form does what it says, once however often it is sent.
func TestCommand(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	ben := s.as(t, 1)
	form := hidden(t, ben.page("/contracts/papers"), "/contracts/papers/commands", "deliver")
	form.Set("f.delivery", "https://example.com/summaries\r\nand a second line")
	status, text := ben.post("/contracts/papers/commands", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "/contracts/papers?done=3", ben.path)
	for _, want := range []string{
		`<div class="said" role="status"><p>Done.</p><p class="what"><strong>Deliver</strong>`, `<span class="status">under-review</span>`,
		"https://example.com/summaries\nand a second line", "rule OC-8 · you",
	} {
		assert.Contains(t, text, want)
	}
	for range 3 {
		status, _ = ben.post("/contracts/papers/commands", form)
		assert.Equal(t, http.StatusOK, status)
		assert.Equal(t, "/contracts/papers?done=3", ben.path)
	}
	assert.EqualValues(t, 3, s.revision(t, "papers"))

	form.Set("f.delivery", "something else")
	status, text = ben.post("/contracts/papers/commands", form)
	assert.Equal(t, http.StatusConflict, status)
	assert.Contains(t, text, "sent before with other content")
	assert.EqualValues(t, 3, s.revision(t, "papers"))
}

// TestRefusal: why not stands beside the form, with what was typed still in it.
func TestRefusal(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	s.offer(t, "house")
	ben := s.as(t, 1)
	form := hidden(t, ben.page("/contracts/papers"), "/contracts/papers/commands", "deliver")
	status, text := ben.post("/contracts/papers/commands", form)
	assert.Equal(t, http.StatusBadRequest, status)
	at := strings.Index(text, `id="form-deliver"`)
	require.Positive(t, at)
	assert.Contains(t, text[at:at+300], `role="alert"`)
	assert.Contains(t, text, `aria-invalid="true"`)

	ann := s.as(t, 0)
	form = hidden(t, ann.page("/contracts/house"), "/contracts/house/commands", "release_part")
	form.Set("f.milestoneId", "plans")
	form.Set("f.amount", "900.501")
	status, text = ann.post("/contracts/house/commands", form)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, text, `value="900.501"`)
	assert.Contains(t, text, "<strong>Amount is no amount of USD.</strong>")
	form.Set("f.amount", "100.25")
	form.Set("key", randomID())
	status, text = ann.post("/contracts/house/commands", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, text, "90.22")

	for _, wrong := range []url.Values{{"key": {"k"}}, {"action": {"advance"}, "key": {"k"}}, {"action": {"confirm"}, "key": {"k"}}, {"action": {"end"}}} {
		status, _ = ann.post("/contracts/house/commands", wrong)
		assert.GreaterOrEqual(t, status, 400, wrong)
	}
	// What is due is applied first: a page that was loaded before is refused in words.
	form = hidden(t, ben.page("/contracts/papers"), "/contracts/papers/commands", "withdraw")
	s.clock.set(day(2))
	status, text = ben.post("/contracts/papers/commands", form)
	assert.Equal(t, http.StatusConflict, status)
	assert.Contains(t, text, "3 Jun 2026, 12:00 UTC")
}

// TestPayment: a payer whose money is not to be had is told so beside the form, and one
// who has to act goes on with the same form.
func TestPayment(t *testing.T) {
	var fault sandbox.FaultKind
	s := open(t, sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		if c.Operation == sandbox.HoldCall {
			return sandbox.Fault{Kind: fault}
		}
		return sandbox.Fault{}
	}}))
	s.offer(t, "house")
	ann := s.as(t, 0)
	bonus := func() url.Values {
		form := hidden(t, ann.page("/contracts/house"), "/contracts/house/commands", "bonus")
		form.Set("f.amount", "10")
		return form
	}
	fault = sandbox.Refuse
	status, text := ann.post("/contracts/house/commands", bonus())
	assert.Equal(t, http.StatusPaymentRequired, status)
	assert.Contains(t, text, "cannot be held")

	fault = sandbox.AskPayer
	before := s.revision(t, "house")
	form := bonus()
	status, text = ann.post("/contracts/house/commands", form)
	assert.Equal(t, http.StatusConflict, status)
	assert.Contains(t, text, "waits for its payer")
	assert.Equal(t, before, s.revision(t, "house"))
	again := hidden(t, text, "/contracts/house/commands", "bonus")
	assert.Equal(t, form.Get("key"), again.Get("key"))
	again.Set("f.amount", "10")
	status, _ = ann.post("/contracts/house/commands", again)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, before+1, s.revision(t, "house"))
}

// TestFounding: a contract is founded by a form, once.
func TestFounding(t *testing.T) {
	s := open(t)
	ann := s.as(t, 0)
	page := ann.page("/new/fixedprice")
	assert.Contains(t, page, `value="acct_ann"`, "whoever begins it")
	form := hidden(t, page, "/new/fixedprice", "")
	for name, value := range map[string]string{
		"action": "offer", "f.client": "acct_ann", "f.freelancer": "acct_ben", "f.arbitrator": "acct_cyd", "f.title": "A shed",
		"f.milestones.0.milestoneId": "all", "f.milestones.0.name": "All of it", "f.milestones.0.amount": "0",
	} {
		form.Set(name, value)
	}
	status, text := ann.post("/new/fixedprice", form)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, text, `value="A shed"`)
	assert.Contains(t, text, `role="alert"`)
	form.Set("f.milestones.0.amount", "250.5")
	status, text = ann.post("/new/fixedprice", form)
	require.Equal(t, http.StatusOK, status, text)
	founded := ann.path
	assert.Contains(t, text, "All of it")
	status, _ = ann.post("/new/fixedprice", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, founded, ann.path)
	assert.Equal(t, 1, strings.Count(ann.page("/contracts"), `<th scope="row"`))

	// A hire moves money by a person's word alone, which takes their passkey.
	form = hidden(t, ann.page("/new/opentrain"), "/new/opentrain", "")
	for name, value := range map[string]string{"action": "hire", "f.client": "acct_ann", "f.worker": "acct_ben", "f.milestones.0.id": "m1", "f.milestones.0.name": "One", "f.milestones.0.amount": "5"} {
		form.Set(name, value)
	}
	status, text = ann.post("/new/opentrain", form)
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, text, "Nothing was signed")
	form.Set("signature", s.begin(t, ann, "/new/opentrain/begin", form))
	status, text = ann.post("/new/opentrain", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, text, "active")
}
