package escrowhttp_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx    = context.Background()
	monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

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

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// site is a server on a real listener, with a client that holds every answer against the
// document.
type site struct {
	*escrowhttp.Server
	clock   *clock
	address string
	log     *journal
	checked validator.Validator
}

// validate checks answers by the document of all lifecycles, which is read once.
var validate = sync.OnceValues(func() (validator.Validator, error) {
	s := &escrowhttp.Server{Runner: &escrowrun.Runner{Store: &escrowsql.Store{}}, Lifecycles: lifecycles.All()}
	api, err := s.API()
	if err != nil {
		return nil, err
	}
	text, err := api.Document()
	if err != nil {
		return nil, err
	}
	document, err := libopenapi.NewDocument(text)
	if err != nil {
		return nil, err
	}
	v, problems := validator.NewValidator(document)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	return v, nil
})

// each runs a test on a site with an empty database of each kind.
func each(t *testing.T, test func(t *testing.T, s *site), change ...func(*escrowhttp.Server)) {
	sqltest.Each(t, func(t *testing.T, address string) { test(t, open(t, address, change...)) })
}

// open opens a site on a database.
func open(t testing.TB, address string, change ...func(*escrowhttp.Server)) *site {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	s := &site{clock: &clock{now: monday}, log: &journal{}}
	s.Server = &escrowhttp.Server{
		Runner: &escrowrun.Runner{Store: store, Clock: s.clock}, Authenticate: bearer, NamedIDs: true, Metrics: escrowhttp.NewMetrics(), OpenMetrics: true,
		Founding: func(_ context.Context, _ escrow.Actor, draft escrow.Contract) (escrow.Contract, error) {
			return draft, nil
		},
		Guards: escrowhttp.Guards{Limits: escrowhttp.Limits{Rate: -1, CallerRate: -1}},
		Log:    slog.New(slog.NewJSONHandler(s.log, nil)),
	}
	for _, c := range change {
		c(s.Server)
	}
	h, err := s.Handler()
	require.NoError(t, err)
	s.address = serve(t, h)
	s.checked, err = validate()
	require.NoError(t, err)
	return s
}

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// serve serves on a port of its own until the test ends, and returns the address.
func serve(t testing.TB, h http.Handler) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	own, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- escrowhttp.Serve(own, l, h, escrowhttp.ServeOptions{Grace: time.Minute}) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		require.NoError(t, <-ended)
	})
	return "http://" + l.Addr().String()
}

// bearer lets in whoever says who they are: the actor as JSON in base64.
func bearer(r *http.Request) (a escrow.Actor, err error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return a, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	return a, err
}

// token is what bearer reads.
func token(a escrow.Actor) string {
	text, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return "Bearer " + base64.RawURLEncoding.EncodeToString(text)
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
}

// problem returns the reason of a refusal.
func (a answer) problem(t require.TestingT) (p struct {
	Code, Reason, Message, Remedy string
	Details                       map[string]any
}) {
	var body struct{ Error any }
	body.Error = &p
	require.NoError(t, json.Unmarshal([]byte(a.body), &body), a.body)
	require.NotEmpty(t, p.Reason, a.body)
	return p
}

// ask sends a request, and holds it and its answer against the document. A request that
// is refused as invalid need not be valid.
func (s *site) ask(t require.TestingT, actor escrow.Actor, method, path, body string, headers ...string) answer {
	r, err := http.NewRequest(method, s.address+path, strings.NewReader(body))
	require.NoError(t, err)
	if actor.ID != "" {
		r.Header.Set("Authorization", token(actor))
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.send(t, r, body)
}

func (s *site) send(t require.TestingT, r *http.Request, body string) answer {
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	a := answer{got.StatusCode, string(text), got.Header}
	if s.checked == nil || got.Header.Get("Content-Type") != "application/json" {
		return a
	}
	got.Body = io.NopCloser(bytes.NewReader(text))
	r.Body = io.NopCloser(strings.NewReader(body))
	if got.StatusCode < 300 {
		ok, problems := s.checked.ValidateHttpRequestSync(r)
		require.True(t, ok, "%s %s\n%s\n%v", r.Method, r.URL.Path, body, told(problems))
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	ok, problems := s.checked.ValidateHttpResponse(r, got)
	require.True(t, ok, "%s %s\n%d %s\n%v", r.Method, r.URL.Path, got.StatusCode, text, told(problems))
	return a
}
