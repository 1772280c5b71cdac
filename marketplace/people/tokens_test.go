package people_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func bearing(token string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// TestTokens: a token acts for its minter within what both may do now, until it ends.
func TestTokens(t *testing.T) {
	sqltest.Each(t, func(t *testing.T, address string) {
		h := open(t, address, people.Options{Features: []string{"public_api_hiring"}})
		u, _, b := h.person(t, "Ada", "acct_b")
		s := b.signedIn()
		token, made, err := h.Mint(ctx, s, "ci", people.Scopes{"payments:write", "jobs:read"}, time.Hour)
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(token, made.Shown))
		actor, scopes, err := h.Authenticate(bearing(token))
		require.NoError(t, err)
		assert.Equal(t, escrow.Actor{ID: made.ID, Kind: escrow.KindToken, Account: "acct_b", User: u.ID, Scopes: scopes, Features: []string{"public_api_hiring"}, Claimed: true}, actor)
		for scope, want := range map[string]bool{"payments:write": true, "payments:read": true, "jobs:read": true, "jobs:write": false, "team:read": false} {
			assert.Equal(t, want, scopes.Allow(scope), scope)
		}

		require.NoError(t, h.Limit(ctx, u.ID, people.Scopes{"payments:read", "team:write"}))
		_, scopes, err = h.Authenticate(bearing(token))
		require.NoError(t, err)
		assert.Equal(t, people.Scopes{"payments:read"}, scopes, "no more than its minter may now")
		for name, c := range map[string]struct {
			scopes people.Scopes
			want   error
		}{
			"more than the minter": {people.Scopes{"payments:write"}, people.ErrScope}, "no scope": {nil, people.ErrMalformed},
			"unknown": {people.Scopes{"admin"}, people.ErrMalformed},
		} {
			_, _, err := h.Mint(ctx, b.signedIn(), "x", c.scopes, 0)
			assert.ErrorIs(t, err, c.want, name)
		}
		listed, err := h.Tokens(ctx, u.ID)
		require.NoError(t, err)
		require.Len(t, listed, 1)
		assert.Equal(t, monday, listed[0].UsedAt)

		bob, _, _ := h.person(t, "Bob", "acct_b")
		assert.ErrorIs(t, h.RevokeToken(ctx, bob.ID, made.ID), people.ErrNotFound)
		second, kept, err := h.Mint(ctx, b.signedIn(), "two", people.Scopes{"team:read"}, 0)
		require.NoError(t, err)
		require.NoError(t, h.RevokeToken(ctx, u.ID, kept.ID))
		h.clock.add(time.Hour)
		third, _, err := h.Mint(ctx, s, "three", people.Scopes{"team:read"}, 0)
		assert.ErrorIs(t, err, people.ErrSignedOut)
		for _, ended := range []string{token, second, third, "", "escrow_token_", made.Shown, "x" + token, "escrow_token_' OR 1=1 --"} {
			_, _, err := h.Authenticate(bearing(ended))
			assert.ErrorIs(t, err, people.ErrToken, ended)
		}
		basic := bearing(token)
		basic.Header.Set("Authorization", "Basic "+token)
		_, _, err = h.Authenticate(basic)
		assert.ErrorIs(t, err, people.ErrToken)
	})
}

// TestTokenOfDisabled: a user who is shut out takes their tokens along.
func TestTokenOfDisabled(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, _, b := h.person(t, "Ada", "acct_b")
		token, _, err := h.Mint(ctx, b.signedIn(), "ci", people.Scopes{"jobs:read"}, 0)
		require.NoError(t, err)
		require.NoError(t, h.Disable(ctx, u.ID))
		_, _, err = h.Authenticate(bearing(token))
		assert.ErrorIs(t, err, people.ErrToken)
	})
}

// TestKey: an agent's key is its account's, without scopes, and nobody's token.
func TestKey(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		key, made, err := h.Key(ctx, "0xWorker")
		require.NoError(t, err)
		actor, scopes, err := h.Authenticate(bearing(key))
		require.NoError(t, err)
		assert.Equal(t, escrow.Agent("0xWorker"), actor)
		assert.Empty(t, scopes)
		assert.ErrorIs(t, h.RevokeToken(ctx, "", made.ID), people.ErrNotFound)
		require.NoError(t, h.RevokeKey(ctx, made.ID))
		_, _, err = h.Authenticate(bearing(key))
		assert.ErrorIs(t, err, people.ErrToken)
	})
}

var shownToken = regexp.MustCompile(`<code>(escrow_token_\w+)</code>`)

// TestTokenPage: a token is shown once, and revoked on the page.
func TestTokenPage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, _, b := h.person(t, "Ada <b>", "acct_b")
		status, _, page := b.post("/people/tokens", "name", "<script>", "scope", "jobs:read", "scope", "team:write", "days", "30")
		require.Equal(t, 200, status, page)
		assert.NotContains(t, page, "<script>alert")
		assert.Contains(t, page, "&lt;script&gt;")
		token := shownToken.FindStringSubmatch(page)
		require.Len(t, token, 2, page)
		_, _, err := h.Authenticate(bearing(token[1]))
		require.NoError(t, err)
		_, _, page = b.get("/people/")
		assert.NotContains(t, page, token[1])
		listed, err := h.Tokens(ctx, u.ID)
		require.NoError(t, err)
		status, _, _ = b.post("/people/tokens/" + listed[0].ID + "/revoke")
		assert.Equal(t, 303, status)
		_, _, err = h.Authenticate(bearing(token[1]))
		assert.ErrorIs(t, err, people.ErrToken)
		status, _, _ = b.post("/people/tokens", "name", "x", "scope", "jobs:read", "days", "9999")
		assert.Equal(t, 400, status)
		r := bearing(token[1])
		_, err = h.Session(r)
		assert.ErrorIs(t, err, people.ErrSignedOut, "a token is no session")
	})
}

// TestKept: nothing that opens a door is in the database as it is.
func TestKept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, unused, err := h.Add(ctx, "Bob", "acct_c")
		require.NoError(t, err)
		u, link, err := h.Add(ctx, "Ada", "acct_b")
		require.NoError(t, err)
		b, d := h.browser(t), newDevice(t, h.url, "localhost")
		b.enrol(link, d)
		token, _, err := h.Mint(ctx, b.signedIn(), "ci", people.Scopes{"jobs:read"}, 0)
		require.NoError(t, err)
		key, _, err := h.Key(ctx, "0xWorker")
		require.NoError(t, err)
		s := b.signedIn()
		_, err = h.Verify(ctx, s, intent, []byte(d.sign(h.asked(t, s, intent))))
		require.NoError(t, err)

		kept := h.dump(t)
		assert.Contains(t, kept, u.ID, "it is the right database")
		assert.Contains(t, kept, "appr_1")
		last := func(link string) string { return link[strings.LastIndex(link, "/")+1:] }
		for _, secret := range []string{last(unused), last(link), b.cookie("session").Value, token, strings.TrimPrefix(token, "escrow_token_"), key, strings.TrimPrefix(key, "escrow_key_")} {
			require.Greater(t, len(secret), 40)
			assert.NotContains(t, kept, secret)
		}
	})
}

// dump returns all that is kept of people.
func (h *house) dump(t *testing.T) string {
	var all strings.Builder
	for _, table := range []string{"users", "links", "subjects", "passkeys", "challenges", "sessions", "signatures", "tokens"} {
		rows, err := h.store.DB().Query(`SELECT * FROM people_` + table)
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			row, to := make([]string, len(columns)), make([]any, len(columns))
			for i := range row {
				to[i] = &row[i]
			}
			require.NoError(t, rows.Scan(to...))
			all.WriteString(strings.Join(row, "|") + "\n")
		}
		require.NoError(t, rows.Close())
	}
	return all.String()
}
