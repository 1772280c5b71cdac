package people_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx    = context.Background()
	monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// tester is a test, or an example, which panics.
type tester interface {
	require.TestingT
	Helper()
	Cleanup(func())
	Output() io.Writer
}

// clock is a clock that the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is a marketplace's people, with their pages on a server.
type house struct {
	*people.People
	store *escrowsql.Store
	clock *clock
	url   string
	mux   *http.ServeMux
}

// each runs a test on people in an empty database of each kind.
func each(t *testing.T, test func(t *testing.T, h *house)) {
	sqltest.Each(t, func(t *testing.T, address string) { test(t, open(t, address, people.Options{})) })
}

func open(t tester, address string, o people.Options) *house {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, nil)
	require.NoError(t, err)
	h := &house{store: store, clock: &clock{now: monday}, mux: http.NewServeMux()}
	server := httptest.NewServer(h.mux)
	t.Cleanup(server.Close)
	h.url = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	o.Title, o.Clock, o.Log = "Market", h.clock, slog.New(slog.NewTextHandler(t.Output(), nil))
	if o.Origin == "" {
		o.Origin = h.url
	}
	h.People, err = people.Open(ctx, store, o)
	require.NoError(t, err)
	h.mux.Handle("/people/", h.Handler())
	return h
}

// browser is a browser without a screen.
type browser struct {
	t    tester
	h    *house
	http *http.Client
}

func (h *house) browser(t tester) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{t, h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// do asks, and returns the status, where it leads, and the page.
func (b *browser) do(r *http.Request, err error) (int, string, string) {
	require.NoError(b.t, err)
	reply, err := b.http.Do(r)
	require.NoError(b.t, err)
	defer func() { _ = reply.Body.Close() }()
	body, err := io.ReadAll(reply.Body)
	require.NoError(b.t, err)
	return reply.StatusCode, reply.Header.Get("Location"), string(body)
}

func (b *browser) get(path string) (int, string, string) {
	return b.do(http.NewRequest("GET", b.h.url+path, nil))
}

func (b *browser) post(path string, form ...string) (int, string, string) {
	r, err := http.NewRequest("POST", b.h.url+path, strings.NewReader(values(form).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r, err)
}

func values(form []string) url.Values {
	v := url.Values{}
	for i := 0; i < len(form); i += 2 {
		v.Add(form[i], form[i+1])
	}
	return v
}

// cookie returns a cookie of the browser's.
func (b *browser) cookie(name string) *http.Cookie {
	at, err := url.Parse(b.h.url)
	require.NoError(b.t, err)
	for _, c := range b.http.Jar.Cookies(at) {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// session returns who is signed in.
func (b *browser) session() (people.Session, error) {
	r := httptest.NewRequest("GET", "/", nil)
	if c := b.cookie("session"); c != nil {
		r.AddCookie(c)
	}
	return b.h.Session(r)
}

func (b *browser) signedIn() people.Session {
	s, err := b.session()
	require.NoError(b.t, err)
	return s
}

// person is a user with a passkey, signed in.
func (h *house) person(t tester, name, account string) (people.User, *device, *browser) {
	u, link, err := h.Add(ctx, name, account)
	require.NoError(t, err)
	b, d := h.browser(t), newDevice(t, h.url, "localhost")
	b.enrol(link, d)
	return u, d, b
}

// enrol comes by a link.
func (b *browser) enrol(link string, d *device) {
	path := strings.TrimPrefix(link, b.h.url)
	_, _, question := b.post(path + "/begin")
	status, to, page := b.post(path, "passkey", d.create([]byte(question)), "name", "Laptop")
	require.Equal(b.t, 303, status, page)
	require.Equal(b.t, "/people/", to)
}

// signIn signs in by a passkey.
func (b *browser) signIn(d *device) (int, string, string) {
	_, _, question := b.post("/people/sign-in/begin")
	return b.post("/people/sign-in", "passkey", d.get([]byte(question)), "next", "/here?a=b")
}
