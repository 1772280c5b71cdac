package trainapi_test

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
	"github.com/escrow-go/escrow/escrowhttp/webhook"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/marketplace/trainapi"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx    = context.Background()
	monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	ann    = escrow.Human("ann", "acct_1")
)

// token returns a token of an account that lacks nothing.
func token(account string) escrow.Actor {
	return escrow.Actor{ID: "tok_" + account, Kind: escrow.KindToken, Account: account, User: "ann", Claimed: true, ClaimURL: "https://market.example/claim",
		Scopes:   []string{"proposals:write", "payments:write", "messages:read", "webhooks:manage"},
		Features: []string{"public_api_hiring", "public_api_payments_write", "public_api_webhooks"}}
}

var mine, strange = token("acct_1"), token("acct_2")

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

func (c *clock) add(d time.Duration) { c.set(c.Now().Add(d)) }

// site is a server on a real listener, with a client that holds every answer against the
// document.
type site struct {
	*trainapi.Server
	clock, wall *clock
	address     string
	log         *bytes.Buffer
	checked     validator.Validator
	database    string
}

// validate checks answers by the document, which is read once.
var validate = sync.OnceValues(func() (validator.Validator, error) {
	text, err := new(trainapi.Server).API().Document()
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
func each(t *testing.T, test func(t *testing.T, s *site), change ...func(*trainapi.Server)) {
	sqltest.Each(t, func(t *testing.T, address string) { test(t, open(t, address, change...)) })
}

// open opens a site on a database.
func open(t testing.TB, address string, change ...func(*trainapi.Server)) *site {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	s := &site{clock: &clock{now: monday}, wall: &clock{now: monday}, log: &bytes.Buffer{}, database: address}
	s.Server = &trainapi.Server{
		Runner: &escrowrun.Runner{Store: store, Clock: s.clock, Wall: s.wall}, Dialect: dialect, Authenticate: bearer,
		ApprovalURL: func(id string) string { return "https://market.example/approvals/" + id },
		Sender:      &webhook.Sender{Sandbox: true},
		Guards:      escrowhttp.Guards{Limits: escrowhttp.Limits{Rate: -1, CallerRate: -1}},
		Log:         slog.New(slog.NewJSONHandler(&locked{w: s.log}, nil)),
	}
	for _, c := range change {
		c(s.Server)
	}
	require.NoError(t, s.Open(ctx))
	s.Runner.Also, s.Runner.Deliver, s.Runner.Topics = s.Also, s.Deliver, s.Topics()
	h, err := s.Handler()
	require.NoError(t, err)
	s.address = serve(t, h)
	s.checked, err = validate()
	require.NoError(t, err)
	return s
}

// locked writes for many.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
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
func bearer(r *http.Request) (c trainapi.Caller, err error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return c, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		err = json.Unmarshal(text, &c.Actor)
	}
	c.Owner = !strings.HasPrefix(c.Actor.User, "member")
	c.Me.Actor = trainapi.MeActor{UserID: c.Actor.User, UserType: "EMPLOYER"}
	c.Me.Account = trainapi.MeAccount{Kind: "employer_organization", OwnerUserID: "ann", MemberRole: "OWNER"}
	return c, err
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
}

// problem returns the refusal of an answer.
func (a answer) problem(t require.TestingT) (p struct {
	Error, Code, RequestID string
	Details                map[string]any
}) {
	require.NoError(t, json.Unmarshal([]byte(a.body), &p), a.body)
	require.GreaterOrEqual(t, a.status, 400, a.body)
	require.Len(t, p.RequestID, 26, a.body)
	require.Equal(t, a.header.Get("X-Request-Id"), p.RequestID)
	require.NotEmpty(t, p.Error)
	return p
}

// refused holds a refusal against what it should be: reason may be empty.
func (a answer) refused(t require.TestingT, status int, code, reason string) map[string]any {
	p := a.problem(t)
	require.Equal(t, status, a.status, a.body)
	require.Equal(t, code, p.Code, a.body)
	got, _ := p.Details["reason"].(string)
	require.Equal(t, reason, got, a.body)
	return p.Details
}

// read reads a JSON answer of a status.
func (a answer) read(t require.TestingT, status int) map[string]any {
	require.Equal(t, status, a.status, a.body)
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &v))
	return v
}

// ask sends a request, and holds it and its answer against the document.
func (s *site) ask(t require.TestingT, actor escrow.Actor, method, path, body string, headers ...string) answer {
	r, err := http.NewRequest(method, s.address+trainapi.Base+path, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if actor.ID != "" {
		text, err := json.Marshal(actor)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+base64.RawURLEncoding.EncodeToString(text))
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	if s.checked != nil {
		s.check(t, r, body, got, text)
	}
	return answer{got.StatusCode, string(text), got.Header}
}

// check holds an exchange against the document. What is refused need not be valid.
func (s *site) check(t require.TestingT, r *http.Request, body string, got *http.Response, text []byte) {
	got.Body = io.NopCloser(bytes.NewReader(text))
	if got.StatusCode < 300 {
		r.Body = io.NopCloser(strings.NewReader(body))
		ok, problems := s.checked.ValidateHttpRequestSync(r)
		require.True(t, ok, "%s %s\n%s\n%v", r.Method, r.URL.Path, body, saying(problems))
	}
	r.Body = io.NopCloser(strings.NewReader(body))
	ok, problems := s.checked.ValidateHttpResponse(r, got)
	require.True(t, ok, "%s %s\n%d %s\n%v", r.Method, r.URL.Path, got.StatusCode, text, saying(problems))
}

// saying returns what a validator found wrong, in short.
func saying(problems []*errors.ValidationError) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.Message + ": " + p.Reason + "\n")
		for _, s := range p.SchemaValidationErrors {
			b.WriteString("  " + s.FieldPath + ": " + s.Reason + "\n")
		}
	}
	return b.String()
}

// propose stores a proposal of a job of an account.
func (s *site) propose(t require.TestingT, id, account string) {
	require.NoError(t, s.AddProposal(ctx, trainapi.Proposal{ID: id, Account: account, Trainer: "trainer_9", JobID: "job_" + account, Title: "Label pictures",
		DisplayName: "Maria G.", Country: "Spain", ProfilePath: "/profile/maria-g", CreatedAt: monday}))
}

const firstBatch = `{"milestone":{"name":"First batch","description":"5,000 posts","amount":300,"dueDate":"2026-07-01"}}`

// approvalOf returns the approval of a 202.
func approvalOf(t require.TestingT, a answer) map[string]any {
	return a.read(t, http.StatusAccepted)["approval"].(map[string]any)
}

// confirm has a person answer an approval, on their page.
func (s *site) confirm(t require.TestingT, approval map[string]any, command func(id string) escrow.Command) {
	stored, err := s.Runner.Store.Approval(ctx, approval["id"].(string))
	require.NoError(t, err)
	_, err = s.Runner.Do(ctx, stored.ContractID, command(stored.ID), ann, "")
	require.NoError(t, err)
}

func confirming(id string) escrow.Command { return opentrain.Confirm{ApprovalID: id}.Command() }
func declining(id string) escrow.Command {
	return opentrain.DeclineApproval{ApprovalID: id}.Command()
}

// hired hires from a proposal and returns the contract's id.
func (s *site) hired(t require.TestingT, proposal string) string {
	s.propose(t, proposal, "acct_1")
	a := approvalOf(t, s.ask(t, mine, "POST", "/proposals/"+proposal+"/hire", firstBatch))
	s.confirm(t, a, confirming)
	got := s.ask(t, mine, "GET", "/approvals/"+a["id"].(string), "").read(t, 200)["approval"].(map[string]any)
	require.Equal(t, "confirmed", got["status"])
	return got["result"].(map[string]any)["contractId"].(string)
}
