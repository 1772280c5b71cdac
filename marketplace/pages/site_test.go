package pages_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStranger: to whoever has nothing to do with it, a contract is answered by the same
// bytes as one that does not exist, however it is asked for.
func TestStranger(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	approval := s.hire(t, "images")
	dee, ben := s.as(t, 3), s.as(t, 1)
	same := func(b *browser, method, there, missing string) {
		t.Helper()
		ask := func(path string) (int, string, http.Header) {
			if method == http.MethodPost {
				status, text := b.post(path, url.Values{"action": {"deliver"}, "key": {"k"}})
				return status, text, b.last.Header
			}
			status, text := b.get(path)
			return status, text, b.last.Header
		}
		status, text, header := ask(there)
		otherStatus, otherText, otherHeader := ask(missing)
		assert.Equal(t, http.StatusNotFound, status, there)
		assert.Equal(t, otherStatus, status)
		assert.Equal(t, otherText, text)
		header.Del("Date")
		otherHeader.Del("Date")
		assert.Equal(t, otherHeader, header)
		assert.NotContains(t, text, "papers")
	}
	same(dee, "GET", "/contracts/papers", "/contracts/none")
	same(dee, "GET", "/contracts/papers?done=1", "/contracts/none?done=1")
	same(dee, "POST", "/contracts/papers/commands", "/contracts/none/commands")
	same(dee, "POST", "/contracts/papers/begin", "/contracts/none/begin")
	same(ben, "GET", "/approvals/"+approval, "/approvals/none") // a party, and what the other side's people ask each other
	for _, what := range []string{"begin", "confirm", "decline", "revoke"} {
		same(dee, "POST", "/approvals/"+approval+"/"+what, "/approvals/none/"+what)
		same(ben, "POST", "/approvals/"+approval+"/"+what, "/approvals/none/"+what)
	}
	same(dee, "GET", "/operators", "/nowhere")
	same(dee, "POST", "/operators/release", "/nowhere")
	assert.NotContains(t, ben.page("/contracts/images"), approval)
	assert.NotContains(t, ben.page("/contracts/images"), "<strong>End</strong>", "what was asked of the client's own people")
	assert.Contains(t, s.as(t, 0).page("/contracts/images"), "<strong>End</strong>")
	assert.Contains(t, s.as(t, 0).page("/contracts/images"), "An approval runs out")
	assert.NotContains(t, ben.page("/contracts/images"), "An approval runs out")
	s.clock.set(day(4))
	for range 2 { // due, then recorded
		assert.Contains(t, s.as(t, 0).page("/contracts/images"), "AP-3")
		assert.NotContains(t, ben.page("/contracts/images"), "AP-3<")
		assert.NotContains(t, ben.page("/contracts/images"), "rule AP-3")
		s.work(t)
	}
	assert.NotContains(t, dee.page("/contracts"), "papers")
	assert.NotContains(t, ben.page("/approvals"), "images")
}

// TestNobody: whoever is not signed in sees the home page and the sandbox, and nothing
// else.
func TestNobody(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	nobody := s.as(t, -1)
	assert.Contains(t, nobody.page("/"), "Money that waits")
	nobody.page("/sandbox")
	for _, path := range []string{"/contracts", "/contracts/papers", "/contracts/none", "/approvals", "/approvals/x", "/new", "/new/opencontract"} {
		status, text := nobody.get(path)
		assert.Equal(t, http.StatusUnauthorized, status, path)
		assert.Contains(t, text, "Sign in")
		assert.NotContains(t, text, "papers")
	}
}

// TestHeaders: no page may be framed, sniffed, or fetch anything from elsewhere, and no
// form of another site is taken.
func TestHeaders(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	ben := s.as(t, 1)
	for _, path := range []string{"/", "/contracts/papers", "/nowhere", "/static/style.css"} {
		ben.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
			"X-Frame-Options":         "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		} {
			assert.Equal(t, want, ben.last.Header.Get(name), path)
		}
	}
	form := hidden(t, ben.page("/contracts/papers"), "/contracts/papers/commands", "withdraw")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
		r := httptest.NewRequest(http.MethodPost, s.web.URL+"/contracts/papers/commands", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(name, value)
		status, text := ben.send(r)
		assert.Equal(t, http.StatusForbidden, status)
		assert.Contains(t, text, "another site")
	}
	assert.Contains(t, ben.page("/contracts/papers"), "matched", "nothing happened")
	r := httptest.NewRequest(http.MethodPost, s.web.URL+"/contracts/papers/commands", strings.NewReader("f.work="+strings.Repeat("x", 2<<20)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	status, text := ben.send(r)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, text, "too large")
}

// TestContracts: the list is filtered, and goes on where it ended.
func TestContracts(t *testing.T) {
	s := open(t)
	for _, id := range []string{"a", "b", "c"} {
		s.task(t, id)
	}
	s.offer(t, "house")
	ann := s.as(t, 0)
	assert.Equal(t, 4, strings.Count(ann.page("/contracts"), `<th scope="row"`))
	assert.Equal(t, 3, strings.Count(ann.page("/contracts?lifecycle=opencontract"), `<th scope="row"`))
	assert.Equal(t, 1, strings.Count(ann.page("/contracts?status=active"), `<th scope="row"`))
	assert.Contains(t, ann.page("/contracts?status=disputed"), "None of your contracts is like that")
	assert.Contains(t, s.as(t, 3).page("/contracts"), "You are a party of no contract")
	for range 50 {
		s.task(t, "more"+string(rune('a'+len(ann.path)%3))+randomID())
	}
	first := ann.page("/contracts")
	assert.Equal(t, 50, strings.Count(first, `<th scope="row"`))
	at := strings.Index(first, "cursor=")
	require.Positive(t, at)
	cursor, _, _ := strings.Cut(first[at:], `"`)
	assert.Equal(t, 4, strings.Count(ann.page("/contracts?"+cursor), `<th scope="row"`))
	status, _ := ann.get("/contracts?cursor=wrong")
	assert.Equal(t, http.StatusBadRequest, status)
}

// TestSandbox: roles are taken, the clock moves forward only, and forms lead back here
// only.
func TestSandbox(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	b := s.as(t, -1)
	status, _ := b.post("/sandbox/role", url.Values{"role": {"ben"}})
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "/contracts", b.path)
	assert.Contains(t, b.page("/contracts/papers"), "You are the <strong>worker</strong>")
	status, _ = b.post("/sandbox/role", url.Values{"role": {"nobody"}})
	assert.Equal(t, http.StatusBadRequest, status)

	deadline := hidden(t, b.page("/contracts/papers"), "/sandbox/clock", "")
	_, text := b.post("/sandbox/clock", deadline)
	assert.Equal(t, "/contracts/papers", b.path)
	assert.Contains(t, text, "cancelled-absent")
	assert.Equal(t, day(3), s.clock.Now())
	for _, wrong := range []url.Values{{"to": {"2026-06-01T00:00:00Z"}}, {"by": {"P9999D"}}, {"by": {"x"}}, {}} {
		status, _ := b.post("/sandbox/clock", wrong)
		assert.Equal(t, http.StatusBadRequest, status, wrong)
	}
	for _, elsewhere := range []string{"//evil.example", "https://evil.example", "/\\evil.example"} {
		b.post("/sandbox/clock", url.Values{"by": {"PT1H"}, "back": {elsewhere}})
		assert.Equal(t, "/sandbox", b.path)
	}
	s.Site.Sandbox = nil
	for _, path := range []string{"/sandbox", "/sandbox/clock", "/sandbox/role"} {
		status, _ := b.post(path, url.Values{"by": {"PT1H"}, "role": {"ann"}})
		assert.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, status)
	}
	assert.NotContains(t, b.page("/"), "No money here is real")
}

// TestNames: an id with every sign that an id may have leads to its contract, and stays
// text.
func TestNames(t *testing.T) {
	s := open(t)
	const id = `c-?#%2F&"'<xss>\..;=+`
	s.task(t, id)
	ben := s.as(t, 1)
	list := ben.page("/contracts")
	harmless(t, list)
	link := regexp.MustCompile(`<a href="(/contracts/[^"]*)">`).FindStringSubmatch(list)
	require.NotNil(t, link)
	page := ben.page(html.UnescapeString(link[1]))
	harmless(t, page)
	assert.Contains(t, html.UnescapeString(page), `<h1 class="id">`+id+`</h1>`)
	action := regexp.MustCompile(`action="(/contracts/[^"]*/commands)"`).FindStringSubmatch(page)
	require.NotNil(t, action)
	form := hidden(t, page, action[1], "withdraw")
	status, text := ben.post(html.UnescapeString(action[1]), form)
	assert.Equal(t, http.StatusOK, status)
	harmless(t, text)
	assert.Contains(t, text, "cancelled-withdrawn")
}
