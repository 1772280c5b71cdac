package escrowhttp_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBodies: what is no strict JSON, or too large, is refused with its place, and nothing
// else is read.
func TestBodies(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.found(t, "j1") + "/commands"
		for name, test := range map[string]struct {
			path, body, kind string
			status           int
			reason, message  string
		}{
			"no JSON":         {at, `{"action":`, "application/json", 400, "malformed", "byte 10"},
			"two values":      {at, `{"action":"end"} {}`, "application/json", 400, "malformed", "byte 17"},
			"unknown field":   {at, `{"action":"end","extra":1}`, "application/json", 400, "malformed", "extra"},
			"another case":    {at, `{"Action":"end"}`, "application/json", 400, "malformed", "action"},
			"twice":           {at, `{"action":"end","action":"accept"}`, "application/json", 400, "malformed", "action: stands twice"},
			"no UTF-8":        {at, "{\"action\":\"\xff\"}", "application/json", 400, "malformed", "byte"},
			"no object":       {jobs, `[]`, "application/json", 400, "malformed", "array"},
			"empty":           {at, ``, "application/json", 400, "malformed", "no JSON"},
			"unknown action":  {at, `{"action":"explode"}`, "application/json", 400, "unknown_action", "explode"},
			"a form":          {at, `action=end`, "application/x-www-form-urlencoded", 415, escrowhttp.UnsupportedType, "application/json"},
			"no type":         {at, `{"action":"end"}`, "", 415, escrowhttp.UnsupportedType, "application/json"},
			"another charset": {at, `{"action":"end"}`, "application/json; charset=latin1", 415, escrowhttp.UnsupportedType, "UTF-8"},
			"too large":       {at, `{"action":"` + strings.Repeat("x", 1<<20) + `"}`, "application/json", 413, escrowhttp.BodyTooLarge, "larger"},
			"deep":            {at, strings.Repeat(`{"a":`, 20000), "application/json", 400, "malformed", ""},
		} {
			t.Run(name, func(t *testing.T) {
				r, err := http.NewRequest("POST", s.address+test.path, strings.NewReader(test.body))
				require.NoError(t, err)
				r.Header.Set("Authorization", token(client))
				r.Header.Set("Content-Type", test.kind)
				got := s.send(t, r, test.body)
				assert.Equal(t, test.status, got.status, got.body)
				p := got.problem(t)
				assert.Equal(t, test.reason, p.Reason)
				assert.Contains(t, p.Message, test.message)
			})
		}
		// The same without a length beforehand.
		r, err := http.NewRequest("POST", s.address+at, io.MultiReader(strings.NewReader(`{"a":"`), strings.NewReader(strings.Repeat("x", 1<<21))))
		require.NoError(t, err)
		r.Header.Set("Authorization", token(client))
		r.Header.Set("Content-Type", "application/json")
		got, err := http.DefaultClient.Do(r)
		if err == nil { // else the server has hung up on what goes on sending
			defer func() { _ = got.Body.Close() }()
			assert.Equal(t, 413, got.StatusCode)
		}
		compressed := s.ask(t, client, "POST", at, `{"action":"end"}`, "Content-Encoding", "gzip")
		assert.Equal(t, 415, compressed.status)
	})
}

// TestNowhere: what is at no route is told in the API's own form, and what is asked by
// another method, by which it may be.
func TestNowhere(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.checked = nil // the document has no such routes
		got := s.ask(t, client, "GET", "/nowhere", "")
		assert.Equal(t, 404, got.status)
		assert.Equal(t, escrowhttp.NoSuchRoute, got.problem(t).Reason)
		got = s.ask(t, client, "GET", "/lifecycles/unknown/contracts", "")
		assert.Equal(t, 404, got.status)
		got = s.ask(t, client, "DELETE", jobs, "")
		assert.Equal(t, 405, got.status)
		assert.Equal(t, "GET, HEAD, POST", got.header.Get("Allow"))
		assert.Equal(t, escrowhttp.MethodNotAllowed, got.problem(t).Reason)
	})
}

// guarded serves a handler that answers "ok" behind guards.
func guarded(t *testing.T, g *escrowhttp.Guards, h http.HandlerFunc) string {
	if h == nil {
		h = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }
	}
	return serve(t, g.Wrap(h))
}

// get asks with headers, "Host" among them, and returns status and reason.
func get(t *testing.T, method, address string, headers ...string) (int, string, http.Header) {
	r, err := http.NewRequest(method, address, nil)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	if got.StatusCode < 400 {
		return got.StatusCode, string(text), got.Header
	}
	return got.StatusCode, answer{body: string(text)}.problem(t).Reason, got.Header
}

// TestOrigins: other hosts, other sites and, where it is told so, proxies are refused.
func TestOrigins(t *testing.T) {
	address := guarded(t, &escrowhttp.Guards{Hosts: []string{"api.example.com"}, Origins: []string{"https://app.example.com"}, RefuseForwarded: true}, nil)
	for name, test := range map[string]struct {
		method  string
		headers []string
		status  int
		answer  string
	}{
		"own host":          {"GET", nil, 200, "ok"},
		"own host, shouted": {"GET", []string{"Host", "API.example.com"}, 200, "ok"},
		"another host":      {"GET", []string{"Host", "evil.example.com"}, 421, escrowhttp.OtherHost},
		"a host's tail":     {"GET", []string{"Host", "api.example.com.evil.com"}, 421, escrowhttp.OtherHost},
		"another site":      {"POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.com"}, 403, escrowhttp.CrossSite},
		"a sibling":         {"POST", []string{"Sec-Fetch-Site", "same-site"}, 403, escrowhttp.CrossSite},
		"an old browser":    {"POST", []string{"Origin", "https://evil.com"}, 403, escrowhttp.CrossSite},
		"a trusted page":    {"POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://app.example.com"}, 200, "ok"},
		"the same page":     {"POST", []string{"Sec-Fetch-Site", "same-origin"}, 200, "ok"},
		"no browser":        {"POST", nil, 200, "ok"},
		"a link":            {"GET", []string{"Sec-Fetch-Site", "cross-site"}, 200, "ok"},
		"a proxy":           {"GET", []string{"X-Forwarded-For", "10.0.0.1"}, 403, escrowhttp.ForwardedNotAllowed},
		"another proxy":     {"GET", []string{"Forwarded", "for=10.0.0.1"}, 403, escrowhttp.ForwardedNotAllowed},
		"a third":           {"GET", []string{"Via", "1.1 x"}, 403, escrowhttp.ForwardedNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			status, text, header := get(t, test.method, address, append([]string{"Host", "api.example.com"}, test.headers...)...)
			assert.Equal(t, test.status, status)
			assert.Equal(t, test.answer, text)
			assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
			assert.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'")
			assert.Equal(t, "no-store", header.Get("Cache-Control"))
			assert.NotEmpty(t, header.Get(escrowhttp.RequestIDHeader))
		})
	}
	status, _, _ := get(t, "GET", guarded(t, &escrowhttp.Guards{Origins: []string{"no origin"}}, nil))
	assert.Equal(t, 500, status, "a trusted origin that is none trusts nobody")
}

// TestFlood: whoever asks too often waits; others do not, until all together ask too often.
func TestFlood(t *testing.T) {
	who := func(r *http.Request) string { return r.Header.Get("Who") }
	address := guarded(t, &escrowhttp.Guards{Caller: who, Limits: escrowhttp.Limits{CallerRate: 1e-9, CallerBurst: 2, Rate: 1e-9, Burst: 5, Callers: 2}}, nil)
	ask := func(name string) int {
		status, _, header := get(t, "GET", address, "Who", name)
		if status == 429 {
			assert.NotEmpty(t, header.Get("Retry-After"))
		}
		return status
	}
	assert.Equal(t, []int{200, 200, 429, 429}, []int{ask("a"), ask("a"), ask("a"), ask("a")})
	assert.Equal(t, []int{200, 200, 429}, []int{ask("b"), ask("b"), ask("b")})
	assert.Equal(t, []int{200, 429}, []int{ask("c"), ask("d")}, "the process has its own limit")
	unlimited := guarded(t, &escrowhttp.Guards{Limits: escrowhttp.Limits{CallerRate: -1, Rate: -1}}, nil)
	for range 300 {
		status, _, _ := get(t, "GET", unlimited)
		require.Equal(t, 200, status)
	}
}

// TestSlow: a body that comes byte by byte is not waited for longer than it may take.
func TestSlow(t *testing.T) {
	h := (&escrowhttp.Errors{}).Handler(func(_ http.ResponseWriter, r *http.Request) error {
		_, err := escrowhttp.ReadBody(r)
		return err
	})
	address := guarded(t, &escrowhttp.Guards{Limits: escrowhttp.Limits{BodyTime: time.Millisecond}}, h.ServeHTTP)
	c, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	require.NoError(t, err)
	defer func() { _ = c.Close() }()
	_, err = fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	require.NoError(t, err)
	got, err := http.ReadResponse(bufio.NewReader(c), nil) // it is answered though nothing more is sent
	require.NoError(t, err)
	defer func() { _ = got.Body.Close() }()
	assert.Equal(t, 408, got.StatusCode)
	assert.True(t, got.Close, "nothing more is read from the connection")
}

// TestSlowHead: a head that does not end is not waited for.
func TestSlowHead(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	own, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- escrowhttp.Serve(own, l, http.NotFoundHandler(), escrowhttp.ServeOptions{Header: time.Millisecond})
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	_, err = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	require.NoError(t, err)
	_, err = io.ReadAll(c) // ends when the server hangs up
	require.NoError(t, err)
	stop()
	require.NoError(t, <-ended)
}

// TestLimitOfTime: a request that takes too long is told to give up, and answered so.
func TestLimitOfTime(t *testing.T) {
	h := (&escrowhttp.Errors{}).Handler(func(_ http.ResponseWriter, r *http.Request) error {
		<-r.Context().Done()
		return r.Context().Err()
	})
	status, reason, header := get(t, "GET", guarded(t, &escrowhttp.Guards{Limits: escrowhttp.Limits{Request: time.Millisecond}}, h.ServeHTTP))
	assert.Equal(t, 503, status)
	assert.Equal(t, escrowhttp.TimedOut, reason)
	assert.Equal(t, "1", header.Get("Retry-After"))
}

// TestPanic: what panics is an internal error that tells nothing; one that has begun to
// answer is cut off, so that nobody takes half for whole.
func TestPanic(t *testing.T) {
	address := guarded(t, &escrowhttp.Guards{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/late" {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
		}
		panic("secret")
	})
	status, reason, _ := get(t, "GET", address)
	assert.Equal(t, 500, status)
	assert.Equal(t, escrowhttp.Internal, reason)
	got, err := http.Get(address + "/late")
	if err == nil {
		_, err = io.ReadAll(got.Body)
		_ = got.Body.Close()
	}
	assert.Error(t, err)
}

// TestLeak: whatever goes wrong in the database, its words never reach a caller; the log
// has them, under the id that the caller is told.
func TestLeak(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.found(t, "j1")
		const words = "hunter2 at 10.1.2.3"
		s.Runner.Also = func(context.Context, *sql.Tx, *escrow.Decision) error { return errors.New(words) }
		ask := func(actor escrow.Actor, method, path, body string) {
			got := s.ask(t, actor, method, path, body)
			require.Equal(t, 500, got.status, got.body)
			assert.Equal(t, escrowhttp.Internal, got.problem(t).Reason)
			for _, word := range []string{"hunter2", "10.1.2.3", "sql", "database", "closed", "escrow_"} {
				assert.NotContains(t, got.body, word)
			}
			assert.Contains(t, s.log.String(), got.header.Get(escrowhttp.RequestIDHeader))
		}
		ask(client, "POST", at+"/commands", `{"action":"fund_milestone","milestoneId":"m1"}`)
		assert.Contains(t, s.log.String(), words)
		require.NoError(t, s.Runner.Store.DB().Close())
		for _, path := range []string{at, at + "/actions", at + "/history", jobs, "/events", "/lifecycles/fixedprice/approvals/a"} {
			ask(client, "GET", path, "")
		}
		ask(client, "POST", at+"/commands", `{"action":"end"}`)
		ask(client, "POST", jobs, job("j2"))
		assert.NotContains(t, s.log.String(), token(client)[len("Bearer "):], "no credentials in the log")
		assert.NotContains(t, s.log.String(), "A logo", "no bodies in the log")
		assert.Equal(t, 503, s.ask(t, nobody, "GET", "/readyz", "").status)
		assert.Equal(t, 200, s.ask(t, nobody, "GET", "/healthz", "").status)
	}, func(s *escrowhttp.Server) {
		s.Authenticate = bearer
	})
}

// TestAuthenticate: who is not known is 401; what goes wrong while finding out is not told.
func TestAuthenticate(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		reason string
	}{
		{nil, 401, "no_actor"},
		{escrow.NewRefusal(escrow.Unauthorized, escrow.NoActor, "no such key", nil), 401, "no_actor"},
		{&escrowhttp.Problem{Status: 403, Code: "forbidden", Reason: "suspended", Message: "the account is suspended"}, 403, "suspended"},
		{errors.New("the directory is down"), 500, escrowhttp.Internal},
	} {
		each(t, func(t *testing.T, s *site) {
			got := s.ask(t, nobody, "GET", jobs, "")
			assert.Equal(t, test.status, got.status)
			assert.Equal(t, test.reason, got.problem(t).Reason)
			assert.NotContains(t, got.body, "directory")
		}, func(s *escrowhttp.Server) {
			s.Authenticate = func(*http.Request) (escrow.Actor, error) { return escrow.Actor{}, test.err }
		})
	}
}

// TestUnusable: a server that could let anybody in, or serve nothing, is not made.
func TestUnusable(t *testing.T) {
	_, err := (&escrowhttp.Server{Authenticate: bearer}).Handler()
	require.ErrorContains(t, err, "runner")
	_, err = (&escrowhttp.Server{Runner: &escrowrun.Runner{Store: &escrowsql.Store{}}}).Handler()
	require.ErrorContains(t, err, "Authenticate")
	api := &escrowhttp.API{Routes: []escrowhttp.Route{{Method: "GET", Pattern: "/a"}, {Method: "GET", Pattern: "/a"}}}
	_, err = api.Handler()
	require.ErrorContains(t, err, "/a")
}

// TestRecorder: guards work without a connection beneath.
func TestRecorder(t *testing.T) {
	g := &escrowhttp.Guards{}
	w := httptest.NewRecorder()
	g.Wrap((&escrowhttp.Errors{}).Handler(func(w http.ResponseWriter, r *http.Request) error {
		body, err := escrowhttp.ReadBody(r)
		_, _ = w.Write(bytes.ToUpper(body))
		return err
	})).ServeHTTP(w, func() *http.Request {
		r := httptest.NewRequest("POST", "/", strings.NewReader(`"hello"`))
		r.Header.Set("Content-Type", "application/json")
		return r
	}())
	assert.Equal(t, `"HELLO"`, w.Body.String())
}
