package escrowhttp_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun/runtest"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	contracts "github.com/escrow-go/escrow/opencontract/play"
	trainings "github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/require"
)

var livesAtLeast = flag.Int("lives", 50, "how many lives the harness plays at least")

// TestHarness: with all that it can look at, the harness finds nothing over HTTP, and
// reaches everything.
func TestHarness(t *testing.T) {
	for _, p := range []*escrowtest.Play{contracts.Play(), trainings.Play()} {
		t.Run(p.Lifecycle.Name(), func(t *testing.T) {
			sqltest.Each(t, func(t *testing.T, address string) {
				t.Parallel()
				options := []escrowtest.Option{escrowtest.Playing(p), escrowtest.AppliesDeadlinesFirst(), escrowtest.HidesContracts(),
					escrowtest.AtLeast(*livesAtLeast), escrowtest.ArtefactsIn(t.TempDir())}
				if testing.Short() {
					report := escrowtest.Try(system(t, address), append(options, escrowtest.AtLeast(3), escrowtest.AtMost(3))...)
					require.Nil(t, report.Failure, "%s", report.Failure)
					require.Empty(t, report.Checks.Missing())
					return
				}
				escrowtest.Run(t, system(t, address), options...)
			})
		})
	}
}

// system is a site with a rail as the harness sees it.
func system(t *testing.T, address string) *runtest.System {
	s := open(t, address)
	s.checked = nil // every answer is held against the document by TestLives
	money := filepath.Join(t.TempDir(), "rail.db")
	if strings.HasPrefix(address, "postgres") {
		money = sqltest.Postgres(t)
	}
	db, _, err := escrowsql.Connect(money)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	x := &runtest.System{Runner: s.Runner, Clock: &runtest.Clock{}, Wall: &runtest.Clock{}, Front: overHTTP{t, s},
		Empty: func() error { return errors.Join(sqltest.Empty(address), sqltest.Empty(money)) }}
	x.Wall.Set(monday)
	x.Rail, err = sandbox.Open(ctx, db, x.Wall)
	require.NoError(t, err)
	s.Runner.Clock, s.Runner.Wall, s.Runner.Rail = x.Clock, x.Wall, x.Rail
	return x
}

// overHTTP asks a site.
type overHTTP struct {
	t *testing.T
	*site
}

// keyProblem is what was told of a key, in place of an answer.
type keyProblem string

func (p keyProblem) Error() string { return string(p) }

func (o overHTTP) Taken(err error) bool   { return errors.Is(err, keyProblem(escrowhttp.KeyReused)) }
func (o overHTTP) Running(err error) bool { return errors.Is(err, keyProblem(escrowhttp.KeyRunning)) }

func (o overHTTP) Found(draft escrow.Contract, q escrowtest.Question) (escrowtest.Answer, error) {
	text, err := draft.MarshalJSON()
	if err != nil {
		return escrowtest.Answer{}, err
	}
	return o.post("/lifecycles/"+draft.Lifecycle().Name()+"/contracts", q, func(command string) string { return `{"draft":` + string(text) + `,"command":` + command + `}` })
}

func (o overHTTP) Ask(contract string, q escrowtest.Question) (escrowtest.Answer, error) {
	return o.post(o.base(contract)+"/commands", q, func(command string) string { return command })
}

// base is the address of a contract. Of the lifecycles of the harness only one has it.
func (o overHTTP) base(contract string) string {
	name := lifecycles.All()[0].Name()
	if c, err := o.Runner.Store.Find(ctx, contract); err == nil {
		name = c.Lifecycle().Name()
	}
	return "/lifecycles/" + name + "/contracts/" + url.PathEscape(contract)
}

func (o overHTTP) post(path string, q escrowtest.Question, body func(command string) string) (escrowtest.Answer, error) {
	command, err := q.Command.MarshalJSON()
	if err != nil {
		return escrowtest.Answer{}, err
	}
	var headers []string
	if q.Key != "" {
		headers = []string{escrowhttp.KeyHeader, q.Key}
	}
	a := o.ask(o.t, q.Actor, "POST", path, body(string(command)), headers...)
	if a.status < 300 {
		return escrowtest.ParseAnswer([]byte(a.body), lifecycles.All()...)
	}
	if a.status >= 500 {
		return escrowtest.Answer{}, fmt.Errorf("%d %s", a.status, a.body)
	}
	p := a.problem(o.t)
	if p.Reason == escrowhttp.KeyReused || p.Reason == escrowhttp.KeyRunning {
		return escrowtest.Answer{}, keyProblem(p.Reason)
	}
	return escrowtest.Answer{Code: escrow.Code(p.Code), Reason: escrow.Reason(p.Reason)}, nil
}

// get reads what an actor may, into a member of the answer.
func (o overHTTP) get(actor escrow.Actor, path, member string) (json.RawMessage, error) {
	a := o.ask(o.t, actor, "GET", path, "")
	if a.status != 200 {
		p := a.problem(o.t)
		return nil, escrow.NewRefusal(escrow.Code(p.Code), escrow.Reason(p.Reason), p.Message, nil)
	}
	var body map[string]json.RawMessage
	err := json.Unmarshal([]byte(a.body), &body)
	return body[member], err
}

func (o overHTTP) Read(actor escrow.Actor, contract string, _ time.Time) (escrow.Contract, error) {
	text, err := o.get(actor, o.base(contract), "contract")
	if err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ReadStored(text, lifecycles.All()...)
}

func (o overHTTP) ReadApproval(actor escrow.Actor, id string, _ time.Time) ([]byte, error) {
	return o.get(actor, "/lifecycles/opentrain/approvals/"+url.PathEscape(id), "approval")
}

func (o overHTTP) List(actor escrow.Actor, cursor string, limit int, _ time.Time) (ids []string, next string, err error) {
	for _, l := range []string{"opencontract", "opentrain"} { // of a life's contracts one of them has all
		query := url.Values{"limit": {fmt.Sprint(limit)}}
		if cursor != "" {
			query.Set("cursor", cursor)
		}
		a := o.ask(o.t, actor, "GET", "/lifecycles/"+l+"/contracts?"+query.Encode(), "")
		var page struct {
			Contracts []struct{ ID string }
			Next      string
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.status != 200 {
			return nil, "", fmt.Errorf("%d %s: %w", a.status, a.body, err)
		}
		for _, c := range page.Contracts {
			ids = append(ids, c.ID)
		}
		if next == "" {
			next = page.Next
		}
	}
	return ids, next, nil
}
