package people_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// provider is an OpenID provider in which one person is signed in. It checks PKCE and signs
// its tokens; what it says can be spoilt.
type provider struct {
	t       *testing.T
	server  *httptest.Server
	key     *ecdsa.PrivateKey
	clock   *clock
	subject string
	spoil   func(claims map[string]any)
	codes   map[string]url.Values
}

func newProvider(t *testing.T) *provider {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	p := &provider{t: t, key: key, subject: "ada@idp", spoil: func(map[string]any) {}, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		at := p.server.URL
		answer(w, map[string]any{"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "1", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		code := rand.Text()
		p.codes[code] = q
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusSeeOther)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		q, ok := p.codes[r.PostFormValue("code")]
		delete(p.codes, r.PostFormValue("code"))
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if !ok || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") != b64(sum[:]) {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": p.token(q)})
	})
	p.server = httptest.NewServer(mux)
	t.Cleanup(p.server.Close)
	return p
}

func (p *provider) token(q url.Values) string {
	now := p.clock.Now()
	claims := map[string]any{"iss": p.server.URL, "sub": p.subject, "aud": q.Get("client_id"), "nonce": q.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
	p.spoil(claims)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: p.key, KeyID: "1"}}, nil)
	require.NoError(p.t, err)
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	require.NoError(p.t, err)
	return text
}

func eachIssuer(t *testing.T, test func(t *testing.T, h *house, p *provider)) {
	sqltest.Each(t, func(t *testing.T, address string) {
		p := newProvider(t)
		h := open(t, address, people.Options{OIDC: &people.OIDC{Issuer: p.server.URL, ClientID: "market", ClientSecret: "s"}})
		p.clock = h.clock
		test(t, h, p)
	})
}

// away goes to the provider and returns the way back.
func (b *browser) away(form ...string) string {
	status, to, page := b.post("/people/oidc", form...)
	require.Equal(b.t, 303, status, page)
	_, back, _ := b.do(http.NewRequest("GET", to, nil))
	return strings.TrimPrefix(back, b.h.url)
}

// TestOIDC: a subject is bound by a link, once; then it signs in; to sign it adds a passkey.
func TestOIDC(t *testing.T) {
	eachIssuer(t, func(t *testing.T, h *house, p *provider) {
		u, link, err := h.Add(ctx, "Ada", "acct_b")
		require.NoError(t, err)
		token := link[strings.LastIndex(link, "/")+1:]
		b := h.browser(t)
		status, _, page := b.get(strings.TrimPrefix(link, h.url))
		assert.Equal(t, 200, status)
		assert.Contains(t, page, `action="/people/oidc"`)
		status, _, page = b.get(b.away())
		assert.Equal(t, 403, status)
		assert.Contains(t, page, people.ErrNotEnrolled.Error())

		back := b.away("link", token)
		status, to, page := b.get(back)
		require.Equal(t, 303, status, page)
		assert.Equal(t, "/people/", to)
		s := b.signedIn()
		assert.Equal(t, u.ID+" oidc", s.User.ID+" "+s.Way)
		first := b.cookie("session").Value
		assert.Nil(t, b.cookie("oidc"))
		status, _, _ = b.post("/people/oidc", "link", token)
		assert.Equal(t, 410, status, "the link is used up")

		_, err = h.Challenge(ctx, s, intent)
		require.ErrorIs(t, err, people.ErrNoPasskey)
		d := newDevice(t, h.url, "localhost")
		_, _, question := b.post("/people/passkeys/begin")
		status, _, page = b.post("/people/passkeys", "passkey", d.create([]byte(question)))
		require.Equal(t, 303, status, page)
		_, err = h.Verify(ctx, s, intent, []byte(d.sign(h.asked(t, s, intent))))
		require.NoError(t, err)
		status, _, page = b.post("/people/sign-in/begin")
		assert.Equal(t, 403, status, "who may come in is the provider's to say")
		assert.Contains(t, page, `"by_issuer"`)

		_, to, _ = b.get(b.away("next", "/approvals/1"))
		assert.Equal(t, "/approvals/1", to)
		assert.NotEqual(t, first, b.cookie("session").Value)
		assert.NotContains(t, h.dump(t), token)

		_, other, err := h.Add(ctx, "Bob", "acct_b")
		require.NoError(t, err)
		status, _, page = b.get(b.away("link", other[strings.LastIndex(other, "/")+1:]))
		assert.Equal(t, 409, status)
		assert.Contains(t, page, people.ErrSubjectTaken.Error())
		require.NoError(t, h.Disable(ctx, u.ID))
		status, _, _ = b.get(b.away())
		assert.Equal(t, 403, status)
	})
}

// TestOIDCRefused: what another browser brings, what comes twice or late, and what the
// provider did not say to this question is refused.
func TestOIDCRefused(t *testing.T) {
	eachIssuer(t, func(t *testing.T, h *house, p *provider) {
		_, link, err := h.Add(ctx, "Ada", "acct_b")
		require.NoError(t, err)
		b := h.browser(t)
		status, _, _ := b.get(b.away("link", link[strings.LastIndex(link, "/")+1:]))
		require.Equal(t, 303, status)

		back := b.away()
		other := h.browser(t)
		status, _, _ = other.get(back)
		assert.Equal(t, 403, status, "a browser that was not sent")
		other.away()
		status, _, _ = other.get(back)
		assert.Equal(t, 403, status, "a browser that was sent with another state")
		gone := b.cookie("oidc")
		status, _, _ = b.get(back)
		require.Equal(t, 303, status)
		r, err := http.NewRequest("GET", h.url+back, nil)
		require.NoError(t, err)
		r.AddCookie(gone)
		status, _, page := other.do(r, nil)
		assert.NotEqual(t, 303, status, page)

		back = b.away()
		h.clock.add(2 * time.Minute)
		status, _, _ = b.get(back)
		assert.NotEqual(t, 303, status, "late")
		status, _, _ = b.get("/people/oidc/callback")
		assert.NotEqual(t, 303, status)

		forger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		own := p.key
		for name, spoil := range map[string]func(map[string]any){
			"nonce":    func(c map[string]any) { c["nonce"] = "another" },
			"no nonce": func(c map[string]any) { delete(c, "nonce") },
			"audience": func(c map[string]any) { c["aud"] = "another" },
			"issuer":   func(c map[string]any) { c["iss"] = "https://evil.example" },
			"expired":  func(c map[string]any) { c["exp"] = h.clock.Now().Add(-time.Hour).Unix() },
			"key":      func(map[string]any) { p.key = forger },
		} {
			p.spoil = spoil
			status, _, page := b.get(b.away())
			assert.Equal(t, 403, status, name)
			assert.Contains(t, page, html.EscapeString(people.ErrIssuer.Error()), name)
			p.key = own
		}
		p.spoil = func(map[string]any) {}
		status, _, _ = b.get(b.away())
		assert.Equal(t, 303, status, "and the same without any of it")
	})
}

// TestOIDCDown: a provider that does not answer keeps nobody from starting, and is found
// when it is back.
func TestOIDCDown(t *testing.T) {
	p := newProvider(t)
	up := false
	proxy := httptest.NewUnstartedServer(nil)
	proxy.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !up {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		p.server.Config.Handler.ServeHTTP(w, r)
	})
	proxy.Start()
	t.Cleanup(proxy.Close)
	p.server = &httptest.Server{URL: proxy.URL, Config: p.server.Config}
	h := open(t, sqltest.SQLite(t), people.Options{OIDC: &people.OIDC{Issuer: proxy.URL, ClientID: "market"}})
	b := h.browser(t)
	status, _, page := b.get("/people/sign-in")
	assert.Equal(t, 500, status)
	assert.NotContains(t, page, "502", "what is wrong is for the log")
	up = true
	status, _, _ = b.get("/people/sign-in")
	assert.Equal(t, 200, status)
}
