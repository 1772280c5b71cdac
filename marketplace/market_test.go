package marketplace

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/x402"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fair is a sandbox that is served.
type fair struct {
	*Market
	wall    *watch
	address string
}

// served opens and serves a sandbox on a database, on a Monday.
func served(t *testing.T, database string) *fair {
	own := &watch{now: monday}
	f := servedBy(t, database, own)
	f.wall = own
	return f
}

// servedNow opens and serves a sandbox by the time that browsers know.
func servedNow(t *testing.T, database string) *fair { return servedBy(t, database, wall{}) }

func servedBy(t *testing.T, database string, wall escrow.Clock) *fair {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	f := &fair{address: "http://" + listener.Addr().String()}
	f.Market, err = Open(ctx, Options{Database: database, Kind: SandboxKind, Origin: strings.Replace(f.address, "127.0.0.1", "localhost", 1), Wall: wall})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	handler, err := f.Handler()
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(handler)
	require.NoError(t, server.Listener.Close())
	server.Listener = listener
	server.Start()
	t.Cleanup(server.Close)
	return f
}

// reply is what came back.
type reply struct {
	status int
	body   string
	header http.Header
}

// in returns a member of a JSON answer, by its path.
func (r reply) in(t *testing.T, path ...string) any {
	var v any
	require.NoError(t, json.Unmarshal([]byte(r.body), &v), r.body)
	for _, p := range path {
		members, ok := v.(map[string]any)
		require.True(t, ok, "%s has no %s", r.body, p)
		v = members[p]
	}
	return v
}

// ask sends a request; headers are names and values.
func (f *fair) ask(t *testing.T, method, path, body string, headers ...string) reply {
	r, err := http.NewRequestWithContext(t.Context(), method, f.address+path, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return reply{response.StatusCode, string(text), response.Header}
}

// key mints a key for an account, as a header.
func (f *fair) key(t *testing.T, account string) []string {
	r := f.ask(t, "POST", "/sandbox/keys", `{"account":"`+account+`"}`)
	require.Equal(t, 200, r.status, r.body)
	return []string{"Authorization", "Bearer " + r.in(t, "key").(string)}
}

// TestSandbox: what a newcomer would try works: the pages, a life over each API, the
// clock, and what machines watch.
func TestSandbox(t *testing.T) {
	sqltest.Each(t, func(t *testing.T, database string) {
		f := served(t, database)
		home := f.ask(t, "GET", "/", "")
		assert.Equal(t, 200, home.status)
		for _, says := range []string{"first-task", "No money here is real", "<svg"} {
			assert.Contains(t, home.body, says)
		}
		for _, at := range []string{"/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/openapi.json", "/api/public/v1/openapi.json", "/lifecycles", "/sandbox", "/people/sign-in"} {
			assert.Equal(t, 200, f.ask(t, "GET", at, "").status, at)
		}

		clara := f.key(t, "acct_clara")
		r := f.ask(t, "GET", "/lifecycles/opencontract/contracts/first-task", "", clara...)
		assert.Equal(t, "matched", r.in(t, "contract", "status"))
		assert.Equal(t, 404, f.ask(t, "GET", "/lifecycles/opencontract/contracts/first-task", "", f.key(t, "acct_nobody")...).status)
		assert.Equal(t, 401, f.ask(t, "GET", "/lifecycles/opencontract/contracts/first-task", "").status)

		r = f.ask(t, "POST", "/sandbox/clock", `{"now":"2026-06-20T00:00:00Z"}`)
		require.Equal(t, 200, r.status, r.body)
		r = f.ask(t, "GET", "/lifecycles/opencontract/contracts/first-task", "", clara...)
		assert.Equal(t, "cancelled-absent", r.in(t, "contract", "status"), "all that was due is done")
		r = f.ask(t, "POST", "/sandbox/clock", `{"now":"2026-06-19T00:00:00Z"}`)
		assert.Equal(t, 400, r.status)
		assert.Contains(t, r.body, "forward only")
		audited, err := f.Runner.Store.Audit(ctx, func(fault escrowsql.Fault) { assert.Fail(t, fault.String()) })
		require.NoError(t, err)
		assert.Positive(t, audited.Decisions)
	})
}

// TestPaying: OpenContract's calls are paid for by x402.
func TestPaying(t *testing.T) {
	f := served(t, sqltest.SQLite(t))
	client, worker := signing(1), signing(2)
	key := f.key(t, client.address)
	body := `{"taskDescription":"sum up","budgetOrPrice":"50.0","acceptanceCriteria":["all"],"contractType":"fixed","awardMethod":"open_tender","verificationMode":"privacy-preserving",
		"matchDeadline":"2026-06-02T12:00:00Z","withdrawalDeadline":"2026-06-03T12:00:00Z","deliveryDeadline":"2026-06-04T12:00:00Z","reviewDeadline":"2026-06-05T12:00:00Z"}`
	quote := f.ask(t, "POST", "/v1/contracts", body, key...)
	require.Equal(t, 402, quote.status, quote.body)
	made := f.ask(t, "POST", "/v1/contracts", body, append(key, client.pays(t, f, quote)...)...)
	require.Equal(t, 201, made.status, made.body)
	assert.NotEmpty(t, made.header.Get("X-PAYMENT-RESPONSE"))
	at := "/v1/contracts/" + made.in(t, "data", "id").(string)

	key = f.key(t, worker.address)
	quote = f.ask(t, "POST", at+"/accept", `{"accept":true}`, key...)
	require.Equal(t, 402, quote.status, quote.body)
	wrong := f.ask(t, "POST", at+"/accept", `{"accept":true}`, append(key, client.pays(t, f, quote)...)...)
	assert.Equal(t, 402, wrong.status, "another's payment")
	paid := f.ask(t, "POST", at+"/accept", `{"accept":true}`, append(key, worker.pays(t, f, quote)...)...)
	require.Equal(t, 200, paid.status, paid.body)
	require.Equal(t, 200, f.ask(t, "POST", at+"/withdraw", "", key...).status)

	_, err := f.Runner.Work(ctx)
	require.NoError(t, err)
	balances, err := f.till.plain.(*sandbox.Rail).Balances(ctx)
	require.NoError(t, err)
	got := map[string]string{}
	for _, b := range balances {
		got[b.Account] = b.Units.String()
	}
	assert.Equal(t, "750000", got[client.address])
	assert.Equal(t, "-750000", got[worker.address])
}

// wallet is an account that pays.
type wallet struct {
	key     *secp256k1.PrivateKey
	address string
	nonce   *byte
}

// signing is the wallet of a number.
func signing(n byte) wallet {
	key := secp256k1.PrivKeyFromBytes([]byte{n})
	return wallet{key, x402.AddressOf(key).String(), new(byte)}
}

// pays answers a quote, as a header.
func (w wallet) pays(t *testing.T, f *fair, r reply) []string {
	var asked struct{ Accepts []x402.Quote }
	require.NoError(t, json.Unmarshal([]byte(r.body), &asked), r.body)
	*w.nonce++
	name, value, err := x402.Pay(w.key, asked.Accepts[0], 1, [32]byte{*w.nonce}, f.wall.Now()).Header()
	require.NoError(t, err)
	return []string{name, value}
}

// TestPlaced: a sandbox answers to this machine's names only, to nobody's proxy, and to
// no other site's forms.
func TestPlaced(t *testing.T) {
	f := served(t, sqltest.SQLite(t))
	host := strings.TrimPrefix(f.address, "http://")
	assert.Equal(t, 200, f.ask(t, "GET", "/", "", "Host", strings.Replace(host, "127.0.0.1", "localhost", 1)).status)
	for _, other := range []string{"market.example", "localhost.evil.example", "127.0.0.1:1", "localhost"} {
		assert.GreaterOrEqual(t, f.ask(t, "GET", "/", "", "Host", other).status, 400, other)
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"} {
		assert.GreaterOrEqual(t, f.ask(t, "GET", "/", "", name, "1.2.3.4").status, 400, name)
	}
	for _, at := range []string{"/sandbox/keys", "/sandbox/clock", "/sandbox/people", "/sandbox/role", "/contracts/first-task/commands"} {
		assert.Equal(t, 403, f.ask(t, "POST", at, `{}`, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example").status, at)
	}
}

// TestUnusable: what cannot be is said in a line that says what would be right.
func TestUnusable(t *testing.T) {
	file := sqltest.SQLite(t)
	m, err := Open(ctx, Options{Database: file, Kind: SandboxKind, Origin: "http://localhost:8080"})
	require.NoError(t, err)
	require.NoError(t, m.Close())
	for says, o := range map[string]Options{
		"is a sandbox database since it was made": {Database: file, Kind: LiveKind, Origin: "https://market.example", Rail: nothing{}},
		"localhost, 127.0.0.1 or [::1]":           {Database: file, Kind: SandboxKind, Origin: "http://192.168.1.2:8080"},
		"begins with https://":                    {Database: file, Kind: LiveKind, Origin: "http://market.example", Rail: nothing{}},
		"needs a rail":                            {Database: file, Kind: LiveKind, Origin: "https://market.example"},
		"the database is missing":                 {Kind: SandboxKind, Origin: "http://localhost"},
		"write it as https://market.example":      {Database: file, Kind: LiveKind, Origin: "market"},
		`"sandbox" or "live"`:                     {Database: file, Origin: "http://localhost"},
	} {
		_, err := Open(ctx, o)
		require.ErrorContains(t, err, says)
		assert.NotContains(t, err.Error(), "\n")
	}
}

// nothing is a rail that nobody asks.
type nothing struct{ escrowrun.Rail }

// TestLive: a live marketplace has nothing of a sandbox.
func TestLive(t *testing.T) {
	m, err := Open(ctx, Options{Database: sqltest.SQLite(t), Kind: LiveKind, Origin: "https://market.example", Rail: nothing{}, Wall: &watch{now: monday}})
	require.NoError(t, err)
	defer func() { require.NoError(t, m.Close()) }()
	handler, err := m.Handler()
	require.NoError(t, err)
	ask := func(method, path string) int {
		r := httptest.NewRequest(method, "https://market.example"+path, strings.NewReader(`{"account":"acct_clara","now":"2030-01-01T00:00:00Z"}`))
		r.Header.Set("Content-Type", "application/json")
		r.AddCookie(&http.Cookie{Name: roleCookie, Value: "olive"})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	assert.Equal(t, 200, ask("GET", "/"))
	for _, at := range []string{"/sandbox/keys", "/sandbox/people", "/sandbox/proposals", "/sandbox/clock", "/sandbox/role"} {
		assert.Equal(t, 404, ask("POST", at), at)
	}
	assert.Equal(t, 404, ask("GET", "/sandbox"))
	assert.Equal(t, 404, ask("GET", "/metrics"), "it is for a listener of the operators'")
	assert.NotEqual(t, 200, ask("GET", "/operators"), "nobody is played")
	w := httptest.NewRecorder()
	m.Operations().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	assert.Equal(t, 200, w.Code)
	_, err = m.Runner.Store.Find(ctx, "first-task")
	require.ErrorIs(t, err, escrowsql.ErrNotFound)
}

// TestPerson: a person who is let in by a link is asked for by name, and what they are
// played as in a sandbox ends there.
func TestPerson(t *testing.T) {
	f := served(t, sqltest.SQLite(t))
	r := f.ask(t, "POST", "/sandbox/people", `{"name":"Clara Client","account":"acct_clara"}`)
	require.Equal(t, 200, r.status, r.body)
	link, err := url.Parse(r.in(t, "link").(string))
	require.NoError(t, err)
	assert.Equal(t, 200, f.ask(t, "GET", link.Path, "").status)
	assert.Equal(t, 400, f.ask(t, "POST", "/sandbox/people", `{"name":"","account":"acct_clara"}`).status)
	assert.Equal(t, 400, f.ask(t, "POST", "/sandbox/keys", `{"account":"a b"}`).status)
	r = f.ask(t, "POST", "/sandbox/proposals", `{"id":"p1","account":"acct_clara","trainer":"acct_walter","jobId":"j1","title":"Label"}`)
	assert.Equal(t, 200, r.status, r.body)
	assert.Equal(t, 400, f.ask(t, "POST", "/sandbox/proposals", `{"id":"p 1"}`).status)
	for role, account := range map[string]string{"": "acct_clara", "walter": "acct_walter", "nobody": "acct_clara"} {
		visit := httptest.NewRequest("GET", "/", nil)
		visit.AddCookie(&http.Cookie{Name: roleCookie, Value: role})
		who, known := f.who(visit)
		assert.True(t, known)
		assert.Equal(t, account, who.Actor.Account)
	}
}
