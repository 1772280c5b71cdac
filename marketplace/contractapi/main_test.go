package contractapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	problems "github.com/pb33f/libopenapi-validator/errors"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/sha3"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx    = context.Background()
	monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// day is an instant that many days after monday.
func day(n time.Duration) time.Time { return monday.Add(n * 24 * time.Hour) }

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
	*contractapi.Server
	clock, wall       *clock
	money             *sandbox.Rail
	address, database string
	jury              []string
	// give makes drafts of terms, where the test says how.
	give    func(opencontract.Terms) (escrow.Contract, error)
	checked validator.Validator
}

// each runs a test on a site with an empty database of each kind.
func each(t *testing.T, test func(t *testing.T, s *site), change ...func(*site)) {
	sqltest.Each(t, func(t *testing.T, address string) { test(t, open(t, address, change...)) })
}

// open opens a site on a database, with a rail of made-up money.
func open(t testing.TB, address string, change ...func(*site)) *site {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	bank, _, err := escrowsql.Connect(filepath.Join(t.TempDir(), "rail.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = bank.Close() })
	s := &site{clock: &clock{now: monday}, wall: &clock{now: monday}, database: address}
	s.money, err = sandbox.Open(ctx, bank, s.wall)
	require.NoError(t, err)
	keys, err := contractapi.OpenKeys(ctx, store, "market.example", s.wall)
	require.NoError(t, err)
	runner := &escrowrun.Runner{Store: store, Rail: s.money, Clock: s.clock, Wall: s.wall, Jury: s.draw}
	s.Server = &contractapi.Server{Runner: runner, Keys: keys, Metrics: escrowhttp.NewMetrics(),
		Guards: escrowhttp.Guards{Limits: escrowhttp.Limits{Rate: -1, CallerRate: -1}}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, c := range change {
		c(s)
	}
	h, err := s.Handler()
	require.NoError(t, err)
	s.address = serve(t, h)
	s.checked = validate(t, s.API())
	return s
}

// draw draws the jury that the test has named.
func (s *site) draw(_ context.Context, _ escrow.Contract, action escrow.Action) (escrow.Command, bool, error) {
	if action == "draw" {
		return opencontract.Draw{BackupAgents: s.jury}.Command(), len(s.jury) > 0, nil
	}
	return opencontract.Settle{}.Command(), true, nil
}

// validate checks answers by the document of an API.
func validate(t testing.TB, api *escrowhttp.API) validator.Validator {
	text, err := api.Document()
	require.NoError(t, err)
	document, err := libopenapi.NewDocument(text)
	require.NoError(t, err)
	v, wrong := validator.NewValidator(document)
	require.Empty(t, wrong)
	ok, found := v.ValidateDocument()
	require.True(t, ok, told(found))
	return v
}

// told returns what a validator found wrong, in short.
func told(found []*problems.ValidationError) string {
	var b strings.Builder
	for _, p := range found {
		fmt.Fprintf(&b, "%s: %s\n", p.Message, p.Reason)
		for _, s := range p.SchemaValidationErrors {
			fmt.Fprintf(&b, "  %s: %s\n", s.FieldPath, s.Reason)
		}
	}
	return b.String()
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

// agent is somebody with an account, and an API key once it has signed for one.
type agent struct {
	own     *secp256k1.PrivateKey
	address string
	key     string
}

// nobody has no key.
var nobody = agent{}

func keccak(text []byte) []byte {
	h := sha3.NewLegacyKeccak256()
	_, _ = h.Write(text)
	return h.Sum(nil)
}

// named returns the agent of a name, always the same, without an API key.
func named(name string) agent {
	own := secp256k1.PrivKeyFromBytes(keccak([]byte(name)))
	address, ok := contractapi.AddressOf(fmt.Sprintf("0x%x", keccak(own.PubKey().SerializeUncompressed()[1:])[12:]))
	if !ok {
		panic("no address")
	}
	return agent{own: own, address: address}
}

// sign signs a message as wallets do (EIP-191).
func (a agent) sign(message string) string {
	hash := keccak(fmt.Appendf(nil, "\x19Ethereum Signed Message:\n%d%s", len(message), message))
	sig := ecdsa.SignCompact(a.own, hash, false)
	return fmt.Sprintf("0x%x%x", sig[1:], sig[0])
}

// agents returns agents with API keys.
func (s *site) agents(t testing.TB, names ...string) (list []agent) {
	for _, name := range names {
		a := named(name)
		id, message := s.challenged(t, a)
		a.key = s.signed(t, a, id, a.sign(message), "").need(t, 201).text(t, "apiKey")
		list = append(list, a)
	}
	return list
}

// challenged asks for a challenge of an agent's.
func (s *site) challenged(t testing.TB, a agent) (id, message string) {
	got := s.ask(t, nobody, "POST", "/v1/agents/"+a.address+"/challenge", "").need(t, 200)
	return got.text(t, "challengeId"), got.text(t, "message")
}

// signed answers a challenge.
func (s *site) signed(t testing.TB, a agent, id, signature, label string) answer {
	body, err := json.Marshal(map[string]string{"challengeId": id, "signature": signature, "label": label})
	require.NoError(t, err)
	return s.ask(t, nobody, "POST", "/v1/agents/"+a.address+"/api-key", string(body))
}

// answer is what came back.
type answer struct {
	status int
	body   string
	header http.Header
}

// need fails unless the answer has a status.
func (a answer) need(t require.TestingT, status int) answer {
	require.Equal(t, status, a.status, a.body)
	return a
}

// data returns the members of what was answered.
func (a answer) data(t require.TestingT) (data map[string]any) {
	var body struct{ Data *map[string]any }
	body.Data = &data
	require.NoError(t, json.Unmarshal([]byte(a.body), &body), a.body)
	return data
}

// list returns the entries of what was answered.
func (a answer) list(t require.TestingT) (list []map[string]any) {
	var body struct{ Data *[]map[string]any }
	body.Data = &list
	require.NoError(t, json.Unmarshal([]byte(a.body), &body), a.body)
	return list
}

// text returns a member that is text.
func (a answer) text(t require.TestingT, name string) string {
	text, ok := a.data(t)[name].(string)
	require.True(t, ok, "%s of %s", name, a.body)
	return text
}

// code returns the code of a refusal.
func (a answer) code(t require.TestingT) string {
	var body struct {
		Error struct{ Code, Message string }
	}
	require.NoError(t, json.Unmarshal([]byte(a.body), &body), a.body)
	require.NotEmpty(t, body.Error.Message, a.body)
	return body.Error.Code
}

// ask sends a request, and holds it and its answer against the document. A request that is
// refused need not be as the document says.
func (s *site) ask(t require.TestingT, by agent, method, path, body string, headers ...string) answer {
	r, err := http.NewRequest(method, s.address+path, strings.NewReader(body))
	require.NoError(t, err)
	if by.key != "" {
		r.Header.Set("Authorization", "Bearer "+by.key)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	if s.checked == nil || path == "/v1/openapi.json" || path == "/v1/nothing" {
		return answer{got.StatusCode, string(text), got.Header}
	}
	got.Body = io.NopCloser(bytes.NewReader(text))
	r.Body = io.NopCloser(strings.NewReader(body))
	if got.StatusCode < 300 {
		ok, found := s.checked.ValidateHttpRequestSync(r)
		require.True(t, ok, "%s %s\n%s\n%v", r.Method, r.URL.Path, body, told(found))
		r.Body = io.NopCloser(strings.NewReader(body))
	}
	ok, found := s.checked.ValidateHttpResponse(r, got)
	require.True(t, ok, "%s %s\n%d %s\n%v", r.Method, r.URL.Path, got.StatusCode, text, told(found))
	return answer{got.StatusCode, string(text), got.Header}
}

// get asks for something that is there.
func (s *site) get(t require.TestingT, by agent, path string) answer {
	return s.ask(t, by, "GET", path, "").need(t, 200)
}

// post does something that must succeed.
func (s *site) post(t require.TestingT, by agent, path, body string) answer {
	return s.ask(t, by, "POST", path, body).need(t, 200)
}

// task is what a client asks for, of a worker or of anybody; changes set members.
func task(worker string, changes ...func(map[string]any)) string {
	x := map[string]any{
		"taskDescription": "sum up ten papers", "acceptanceCriteria": []string{"all ten", "in English", "one page each"},
		"contractType": "fixed", "awardMethod": "open_tender", "budgetOrPrice": "50.0", "verificationMode": "privacy-preserving",
		"matchDeadline": day(1), "withdrawalDeadline": day(2), "deliveryDeadline": day(3), "reviewDeadline": day(5),
	}
	if worker != "" {
		x["awardMethod"], x["worker"] = "direct_award", worker
	}
	for _, change := range changes {
		change(x)
	}
	text, err := json.Marshal(x)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// created posts a task and returns the address of its contract.
func (s *site) created(t require.TestingT, client agent, worker string) string {
	got := s.ask(t, client, "POST", "/v1/contracts", task(worker)).need(t, 201)
	return "/v1/contracts/" + got.text(t, "id")
}

// work does all the timed work at an instant.
func (s *site) work(t require.TestingT, at time.Time) {
	s.clock.set(at)
	for {
		done, err := s.Runner.Work(ctx)
		require.NoError(t, err)
		if done == 0 {
			return
		}
	}
}

// balances returns what every account has got beyond what it paid, in whole units.
func (s *site) balances(t require.TestingT, of ...agent) (list []string) {
	all, err := s.money.Balances(ctx)
	require.NoError(t, err)
	for _, a := range of {
		sum := decimal.Zero
		for _, b := range all {
			if b.Account == a.address {
				sum = sum.Add(decimal.NewFromBigInt(b.Units, -int32(b.Asset.Scale)))
			}
		}
		list = append(list, sum.String())
	}
	return list
}
