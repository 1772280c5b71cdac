package pages_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// begin asks what a form's signature is for, and returns that as the signature.
func (s *shop) begin(t testing.TB, b *browser, path string, form url.Values) string {
	status, text := b.post(path, form)
	require.Equal(t, http.StatusOK, status, text)
	var told struct{ Options struct{ Challenge string } }
	require.NoError(t, json.Unmarshal([]byte(text), &told))
	return told.Options.Challenge
}

// TestConfirm: money moves by a signature of exactly what was shown, and by nothing else.
func TestConfirm(t *testing.T) {
	s := open(t)
	id := s.hire(t, "images")
	path := "/approvals/" + id
	ann := s.as(t, 0)
	page := ann.page(path)
	for _, want := range []string{"<h1>Contract end</h1>", "What each choice means", "400&nbsp;USD", "600&nbsp;USD", "(token)", "Confirm with your passkey"} {
		assert.Contains(t, page, want)
	}
	before := s.revision(t, "images")
	status, _ := ann.get(path + "/confirm")
	assert.Equal(t, http.StatusNotFound, status, "nothing is confirmed by looking")
	form := hidden(t, page, path+"/confirm", "")
	form.Set("f.dispositions.0.milestoneId", "m1")
	form.Set("f.dispositions.0.disposition", "refund")
	form.Set("f.dispositions.1.milestoneId", "m2")
	form.Set("f.dispositions.1.disposition", "refund")
	for name, signature := range map[string]string{"none": "", "another": "x"} {
		form.Set("signature", signature)
		status, text := ann.post(path+"/confirm", form)
		assert.Equal(t, http.StatusForbidden, status, name)
		assert.Contains(t, text, "nothing has happened", name)
	}
	assert.Equal(t, before, s.revision(t, "images"))

	// Other terms than were shown are shown first, and signed by themselves.
	signed := s.begin(t, ann, path+"/begin", form)
	form.Set("f.dispositions.0.disposition", "release")
	form.Set("signature", signed)
	status, text := ann.post(path+"/confirm", form)
	assert.Equal(t, http.StatusConflict, status)
	assert.Contains(t, text, "not what was shown")
	assert.Equal(t, before, s.revision(t, "images"))
	status, _ = ann.post(path+"/begin", form)
	assert.Equal(t, http.StatusConflict, status)

	shown := hidden(t, ann.page(path+"?f.dispositions.0.milestoneId=m1&f.dispositions.0.disposition=release&f.dispositions.1.milestoneId=m2&f.dispositions.1.disposition=refund"), path+"/confirm", "")
	form.Set("shown", shown.Get("shown"))
	status, text = ann.post(path+"/confirm", form)
	assert.Equal(t, http.StatusForbidden, status, "the signature is of other terms")
	assert.Contains(t, text, "not accepted")
	form.Set("signature", s.begin(t, ann, path+"/begin", form))
	status, text = ann.post(path+"/confirm", form)
	require.Equal(t, http.StatusOK, status, text)
	assert.Contains(t, text, "milestone release")
	c, err := s.Runner.Store.Find(ctx, "images")
	require.NoError(t, err)
	assert.True(t, c.IsTerminal())
	page = ann.page(path)
	assert.Contains(t, page, "confirmed")
	assert.NotContains(t, page, "Confirm with")
}

// TestDecline: an approval is declined without a script, once.
func TestDecline(t *testing.T) {
	s := open(t)
	id := s.hire(t, "images")
	ann := s.as(t, 0)
	form := hidden(t, ann.page("/approvals/"+id), "/approvals/"+id+"/decline", "")
	status, text := ann.post("/approvals/"+id+"/decline", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, text, "Decline approval")
	first := ann.path
	status, _ = ann.post("/approvals/"+id+"/decline", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, first, ann.path)
	assert.Contains(t, ann.page("/approvals/"+id), "declined")
	assert.Contains(t, ann.page("/approvals"), "Nothing waits for you")
	status, text = ann.post("/approvals/"+id+"/decline", url.Values{"key": {"another"}})
	assert.Equal(t, http.StatusConflict, status)
	assert.Contains(t, text, `role="alert"`)
}

// TestQuorum: of two people who must agree the first sees that others are missing, and
// can take it back.
func TestQuorum(t *testing.T) {
	s := open(t)
	people[3].Actor.Account = "acct_ann" // Dee is of Ann's account here
	defer func() { people[3].Actor.Account = "acct_dee" }()
	terms := opentrain.Terms{ID: "two", Client: "acct_ann", Worker: "acct_ben", Milestones: milestone("m1", 5), Policy: []escrow.Value{opentrain.Quorum.To(2)}}
	s.found(t, terms.Draft(), opentrain.Hire{}.Command(), 0)
	ann, dee := s.as(t, 0), s.as(t, 3)
	c, err := s.Runner.Store.Find(ctx, "two")
	require.NoError(t, err)
	id := c.Approvals()[0].ID
	path := "/approvals/" + id
	agree := func(b *browser) (int, string) {
		page := b.page(path)
		form := hidden(t, page, path+"/confirm", "")
		form.Set("signature", s.begin(t, b, path+"/begin", form))
		return b.post(path+"/confirm", form)
	}
	assert.Contains(t, dee.page(path), "2 people must agree")
	assert.Contains(t, dee.page(path), "still waits for others")
	status, _ := agree(dee)
	require.Equal(t, http.StatusOK, status)
	page := dee.page(path)
	assert.Contains(t, page, `Agreed so far: <span class="id">dee</span>`)
	status, _ = dee.post(path+"/revoke", hidden(t, page, path+"/revoke", ""))
	require.Equal(t, http.StatusOK, status)
	assert.Contains(t, dee.page(path), "Nobody has agreed yet")
	agree(dee)
	assert.NotContains(t, ann.page(path), "still waits for others")
	status, text := agree(ann)
	require.Equal(t, http.StatusOK, status)
	assert.Contains(t, text, "active")
}

// TestOwnWord: what an agent would have to ask for, a person does by their word alone:
// with their passkey.
func TestOwnWord(t *testing.T) {
	s := open(t)
	s.hire(t, "images")
	ann := s.as(t, 0)
	page := ann.page("/contracts/images")
	assert.Contains(t, page, "Approve milestone with your passkey")
	form := hidden(t, page, "/contracts/images/commands", "approve_milestone")
	form.Set("f.milestoneId", "m1")
	before := s.revision(t, "images")
	status, text := ann.post("/contracts/images/commands", form)
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, text, "Nothing was signed")
	signed := s.begin(t, ann, "/contracts/images/begin", form)
	form.Set("f.milestoneId", "m2")
	form.Set("signature", signed)
	status, _ = ann.post("/contracts/images/commands", form)
	assert.Equal(t, http.StatusForbidden, status, "the signature is of another milestone")
	assert.Equal(t, before, s.revision(t, "images"))
	form.Set("f.milestoneId", "m1")
	status, text = ann.post("/contracts/images/commands", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, text, "milestone release")

	// What a person might move by the same action is signed also where nothing moves now:
	// another row may answer by the time it is decided.
	form = hidden(t, ann.page("/contracts/images"), "/contracts/images/commands", "approve_milestone")
	form.Set("f.milestoneId", "m2")
	form.Set("signature", s.begin(t, ann, "/contracts/images/begin", form))
	status, _ = ann.post("/contracts/images/commands", form)
	require.Equal(t, http.StatusOK, status)
	form = hidden(t, ann.page("/contracts/images"), "/contracts/images/commands", "end")
	status, text = ann.post("/contracts/images/commands", form)
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, text, "Nothing was signed")
	form.Set("signature", s.begin(t, ann, "/contracts/images/begin", form))
	status, text = ann.post("/contracts/images/commands", form)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, text, "ended")
}
