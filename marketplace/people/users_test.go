package people_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEnrol: a link is for one passkey, once, within a day; looking at it uses nothing up.
func TestEnrol(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, link, err := h.Add(ctx, "Ada", "acct_b")
		require.NoError(t, err)
		assert.Equal(t, escrow.Human(u.ID, "acct_b"), u.Actor())
		path := strings.TrimPrefix(link, h.url)
		b := h.browser(t)
		for range 2 {
			status, _, page := b.get(path)
			assert.Equal(t, 200, status)
			assert.Contains(t, page, "Welcome, Ada")
		}
		_, _, question := b.post(path + "/begin")
		late := newDevice(t, h.url, "localhost").create([]byte(question))
		b.enrol(link, newDevice(t, h.url, "localhost"))
		assert.Equal(t, u.ID, b.signedIn().User.ID)

		status, _, page := b.post(path, "passkey", late)
		assert.Equal(t, 410, status, page)
		assert.Contains(t, page, people.ErrLinkUsed.Error())
		status, _, page = b.post(path + "/begin")
		assert.Equal(t, 410, status)
		assert.Contains(t, page, `"link_used"`)
		keys, err := h.Passkeys(ctx, u.ID)
		require.NoError(t, err)
		assert.Len(t, keys, 1)

		first, err := h.Link(ctx, u.ID)
		require.NoError(t, err)
		second, err := h.Link(ctx, u.ID)
		require.NoError(t, err)
		status, _, _ = b.get(strings.TrimPrefix(first, h.url))
		assert.Equal(t, 404, status, "a link takes the place of the one before")
		h.clock.add(24 * time.Hour)
		status, _, page = b.get(strings.TrimPrefix(second, h.url))
		assert.Equal(t, 410, status)
		assert.Contains(t, page, people.ErrLinkExpired.Error())
	})
}

// TestEnrolRivals: of many who use a link at once, one has it.
func TestEnrolRivals(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, link, err := h.Add(ctx, "Ada", "acct_b")
		require.NoError(t, err)
		path := strings.TrimPrefix(link, h.url)
		var group sync.WaitGroup
		for range 6 {
			b, d := h.browser(t), newDevice(t, h.url, "localhost")
			_, _, question := b.post(path + "/begin")
			answer := d.create([]byte(question))
			group.Go(func() { b.post(path, "passkey", answer) })
		}
		group.Wait()
		keys, err := h.Passkeys(ctx, u.ID)
		require.NoError(t, err)
		assert.Len(t, keys, 1)
	})
}

// TestUnverified: a passkey that did not verify the person is not enrolled.
func TestUnverified(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, link, err := h.Add(ctx, "Ada", "acct_b")
		require.NoError(t, err)
		b, d := h.browser(t), newDevice(t, h.url, "localhost")
		d.flags = 0x01
		path := strings.TrimPrefix(link, h.url)
		_, _, question := b.post(path + "/begin")
		status, _, page := b.post(path, "passkey", d.create([]byte(question)))
		assert.Equal(t, 403, status)
		assert.Contains(t, page, people.ErrNotVerified.Error())
	})
}

// TestSignIn: each sign-in makes a new session and ends the one that was brought, so
// that nobody can set one up for another; where to go on is a page of this site.
func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, d, b := h.person(t, "Ada", "acct_b")
		before := b.cookie("session")
		old := b.signedIn()
		status, to, page := b.signIn(d)
		require.Equal(t, 303, status, page)
		assert.Equal(t, "/here?a=b", to)
		assert.NotEqual(t, before.Value, b.cookie("session").Value)
		assert.NotEqual(t, old.ID, b.signedIn().ID)
		sessions, err := h.Sessions(ctx, u.ID)
		require.NoError(t, err)
		require.Len(t, sessions, 1, "the session that was brought has ended")

		planted := httptest.NewRequest("GET", "/", nil)
		planted.AddCookie(&http.Cookie{Name: "session", Value: "chosen-by-somebody-else"})
		_, err = h.Session(planted)
		assert.ErrorIs(t, err, people.ErrSignedOut)

		for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "/\tx"} {
			_, _, question := b.post("/people/sign-in/begin")
			_, to, _ := b.post("/people/sign-in", "passkey", d.get([]byte(question)), "next", next)
			assert.Equal(t, "/people/", to, next)
		}
		_, _, question := b.post("/people/sign-in/begin")
		answer := d.get([]byte(question))
		status, _, _ = b.post("/people/sign-in", "passkey", answer)
		require.Equal(t, 303, status)
		status, _, page = b.post("/people/sign-in", "passkey", answer)
		assert.Equal(t, 409, status)
		assert.Contains(t, page, people.ErrReplayed.Error())
		stranger := newDevice(t, h.url, "localhost")
		stranger.handle = d.handle
		status, _, page = b.signIn(stranger)
		assert.Equal(t, 403, status)
		assert.Contains(t, page, html.EscapeString(people.ErrOtherPasskey.Error()))
	})
}

// TestSessions: a session ends unused, at its age, when it is revoked, and with its user.
func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, d, b := h.person(t, "Ada", "acct_b")
		h.clock.add(29 * time.Minute)
		b.signedIn()
		h.clock.add(29 * time.Minute)
		b.signedIn()
		h.clock.add(30 * time.Minute)
		_, err := b.session()
		assert.ErrorIs(t, err, people.ErrSignedOut, "idle")

		b.signIn(d)
		for range 47 {
			h.clock.add(15 * time.Minute)
			b.signedIn()
		}
		h.clock.add(15 * time.Minute)
		_, err = b.session()
		assert.ErrorIs(t, err, people.ErrSignedOut, "12 hours old")

		b.signIn(d)
		other := h.browser(t)
		other.signIn(d)
		status, _, _ := b.post("/people/sessions/" + other.signedIn().ID + "/revoke")
		assert.Equal(t, 303, status)
		_, err = other.session()
		assert.ErrorIs(t, err, people.ErrSignedOut, "revoked")

		_, _, stranger := h.person(t, "Bob", "acct_c")
		status, _, _ = stranger.post("/people/sessions/" + b.signedIn().ID + "/revoke")
		assert.Equal(t, 404, status, "nobody ends another's session")

		other.signIn(d)
		b.post("/people/sessions/revoke")
		_, err = other.session()
		assert.ErrorIs(t, err, people.ErrSignedOut, "all revoked")
		b.signIn(d)
		value := b.cookie("session")
		status, _, _ = b.post("/people/sign-out")
		assert.Equal(t, 303, status)
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(value)
		_, err = h.Session(r)
		assert.ErrorIs(t, err, people.ErrSignedOut, "the cookie is no good after signing out")

		b.signIn(d)
		require.NoError(t, h.Disable(ctx, u.ID))
		_, err = b.session()
		assert.ErrorIs(t, err, people.ErrSignedOut, "disabled")
		status, _, page := b.signIn(d)
		assert.Equal(t, 403, status)
		assert.Contains(t, page, people.ErrDisabled.Error())
		kept, err := h.User(ctx, u.ID)
		require.NoError(t, err)
		assert.True(t, kept.DisabledAt.Equal(h.clock.Now()))
		_, err = h.Link(ctx, u.ID)
		assert.ErrorIs(t, err, people.ErrDisabled)
	})
}

// TestPasskeys: another passkey is added soon after signing in; the last one stays.
func TestPasskeys(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, d, b := h.person(t, "Ada", "acct_b")
		keys, err := h.Passkeys(ctx, u.ID)
		require.NoError(t, err)
		status, _, _ := b.post("/people/passkeys/" + keys[0].ID + "/remove")
		assert.Equal(t, 409, status, "the last")

		second := newDevice(t, h.url, "localhost")
		_, _, question := b.post("/people/passkeys/begin")
		status, _, page := b.post("/people/passkeys", "passkey", second.create([]byte(question)), "name", "Phone")
		require.Equal(t, 303, status, page)
		_, _, page = b.get("/people/")
		assert.Contains(t, page, "Phone")
		status, _, _ = b.post("/people/passkeys/" + keys[0].ID + "/remove")
		assert.Equal(t, 303, status)
		status, _, _ = h.browser(t).signIn(d)
		assert.Equal(t, 403, status, "removed")
		status, _, _ = h.browser(t).signIn(second)
		assert.Equal(t, 303, status)

		h.clock.add(11 * time.Minute)
		status, _, page = b.post("/people/passkeys/begin")
		assert.Equal(t, 403, status)
		assert.Contains(t, page, `"sign_in_again"`)
		status, _, _ = b.post("/people/tokens", "name", "x", "scope", "jobs:read", "days", "30")
		assert.Equal(t, 403, status, "nor is a token made")
	})
}

// TestCopied: a passkey that counts backwards is refused from then on.
func TestCopied(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, d, b := h.person(t, "Ada", "acct_b")
		d.count = 10
		status, _, _ := b.signIn(d)
		require.Equal(t, 303, status)
		d.count = 4
		status, _, page := b.signIn(d)
		assert.Equal(t, 403, status)
		assert.Contains(t, page, people.ErrCopied.Error())
		d.count = 100
		status, _, _ = b.signIn(d)
		assert.Equal(t, 403, status, "nobody knows which is the copy")
	})
}

// TestCrossSite: what another site posts is refused, whatever it is, also with the cookie.
func TestCrossSite(t *testing.T) {
	h := open(t, sqltest.SQLite(t), people.Options{})
	h.mux.Handle("/approve", h.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, people.SessionOf(r).User.Name)
	})))
	_, _, b := h.person(t, "Ada", "acct_b")
	for _, path := range []string{"enrol/x", "enrol/x/begin", "sign-in", "sign-in/begin", "oidc", "sign-out", "passkeys", "passkeys/begin", "passkeys/x/remove", "sessions/revoke", "sessions/x/revoke", "tokens", "tokens/x/revoke", "../approve"} {
		for _, by := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			r, err := http.NewRequest("POST", h.url+"/people/"+path, nil)
			if path == "../approve" {
				r, err = http.NewRequest("POST", h.url+"/approve", nil)
			}
			require.NoError(t, err)
			r.Header.Set(by[0], by[1])
			status, _, _ := b.do(r, nil)
			assert.Equal(t, 403, status, "%s %v", path, by)
		}
	}
	b.signedIn()
	_, _, page := b.post("/approve")
	assert.Equal(t, "Ada", page)
	_, to, _ := h.browser(t).get("/approve?x=1")
	assert.Equal(t, "/people/sign-in?next=%2Fapprove%3Fx%3D1", to)
	status, _, _ := h.browser(t).post("/approve")
	assert.Equal(t, 401, status)
}

// TestHead: pages allow no script in them, no frame around them, and are not kept.
func TestHead(t *testing.T) {
	h := open(t, sqltest.SQLite(t), people.Options{})
	reply, err := http.Get(h.url + "/people/sign-in")
	require.NoError(t, err)
	require.NoError(t, reply.Body.Close())
	policy := reply.Header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'; script-src 'self';")
	assert.Contains(t, policy, "frame-ancestors 'none'")
	assert.NotContains(t, policy, "unsafe")
	assert.Equal(t, "no-store", reply.Header.Get("Cache-Control"))
}

// TestCookie: with TLS the cookie is the host's own, and never sent without it.
func TestCookie(t *testing.T) {
	h := open(t, sqltest.SQLite(t), people.Options{Origin: "https://market.example"})
	_, link, err := h.Add(ctx, "Ada", "acct_b")
	require.NoError(t, err)
	path, d, b := strings.TrimPrefix(link, "https://market.example"), newDevice(t, "https://market.example", "market.example"), h.browser(t)
	_, _, question := b.post(path + "/begin")
	r := httptest.NewRequest("POST", path, strings.NewReader(values([]string{"passkey", d.create([]byte(question))}).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, r)
	require.Len(t, w.Result().Cookies(), 1, w.Body.String())
	c := w.Result().Cookies()[0]
	assert.Equal(t, "__Host-session", c.Name)
	assert.True(t, c.Secure && c.HttpOnly && c.SameSite == http.SameSiteLaxMode && c.Path == "/" && c.Domain == "")
}

// TestMalformed: names, accounts and origins that cannot be are refused.
func TestMalformed(t *testing.T) {
	h := open(t, sqltest.SQLite(t), people.Options{})
	for _, c := range [][2]string{{"", "acct_b"}, {"Ada\n", "acct_b"}, {"Ada", ""}, {"Ada", "acct b"}, {"Ada", "ä"}, {strings.Repeat("a", 201), "acct_b"}} {
		_, _, err := h.Add(ctx, c[0], c[1])
		assert.ErrorIs(t, err, people.ErrMalformed, c)
	}
	for _, origin := range []string{"", "market.example", "http://market.example", "https://market.example/", "https://market.example/x"} {
		_, err := people.Open(ctx, h.store, people.Options{Origin: origin})
		assert.ErrorContains(t, err, "https://market.example", origin)
	}
}
