package pages_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/marketplace/pages"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx    = context.Background()
	monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

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

// people are who can be played.
var people = []pages.Person{
	{Actor: escrow.Human("ann", "acct_ann"), Name: "Ann, who pays"},
	{Actor: escrow.Human("ben", "acct_ben"), Name: "Ben, who works"},
	{Actor: escrow.Human("cyd", "acct_cyd"), Name: "Cyd, who judges"},
	{Actor: escrow.Human("dee", "acct_dee"), Name: "Dee, a stranger"},
	{Actor: escrow.Human("olive", "acct_ops"), Name: "Olive, an operator", Operator: true},
	{Actor: escrow.Human("otto", "acct_ops"), Name: "Otto, an operator", Operator: true},
}

// shop is a site with all that is behind it.
type shop struct {
	*pages.Site
	rail  *sandbox.Rail
	clock *clock
	web   *httptest.Server
}

// open opens a sandbox with made-up money.
func open(t testing.TB, options ...sandbox.Option) *shop {
	db, dialect, err := escrowsql.Connect(filepath.Join(t.TempDir(), "escrow.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	own, _, err := escrowsql.Connect(filepath.Join(t.TempDir(), "rail.db"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = own.Close() })
	s := &shop{clock: &clock{now: monday}}
	s.rail, err = sandbox.Open(ctx, own, s.clock, options...)
	require.NoError(t, err)
	runner := &escrowrun.Runner{Store: store, Rail: s.rail, Clock: s.clock, Wall: s.clock, Jury: jury, Topics: []string{"webhook"}}
	s.Site = &pages.Site{Runner: runner, Who: who, Signer: &passkeys{}, SignIn: "/sandbox", Sandbox: &pages.Sandbox{
		Roles: func(context.Context) ([]pages.Person, error) { return people, nil },
		Take: func(w http.ResponseWriter, _ *http.Request, role pages.Person) error {
			http.SetCookie(w, &http.Cookie{Name: "role", Value: role.Actor.ID, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
			return nil
		},
		Forward: func(ctx context.Context, to time.Time) error {
			s.clock.set(to)
			_, err := runner.Work(ctx)
			return err
		},
	}}
	s.web = httptest.NewServer(s.Handler())
	t.Cleanup(s.web.Close)
	return s
}

// who tells who asks by a cookie.
func who(r *http.Request) (pages.Person, bool) {
	cookie, err := r.Cookie("role")
	if err != nil {
		return pages.Person{}, false
	}
	for _, p := range people {
		if p.Actor.ID == cookie.Value {
			return p, true
		}
	}
	return pages.Person{}, false
}

// jury draws the first three of the agents there are.
func jury(_ context.Context, c escrow.Contract, action escrow.Action) (escrow.Command, bool, error) {
	if action == "draw" {
		return opencontract.Draw{BackupAgents: []string{"acct_cyd", "0xBob", "0xEve"}}.Command(), true, nil
	}
	for _, act := range c.Lifecycle().Acts() {
		if act.Action() == action && len(act.Params()) == 0 {
			return act.Command(), true, nil
		}
	}
	return escrow.Command{}, false, nil
}

// passkeys is a signer for tests without a browser: the answer is the challenge.
type passkeys struct{}

func (passkeys) Begin(_ context.Context, _ *http.Request, s pages.Signing) (json.RawMessage, error) {
	return json.Marshal(map[string]string{"challenge": signature(s)})
}

func (passkeys) Finish(_ context.Context, _ *http.Request, s pages.Signing, answer []byte) error {
	if string(answer) != signature(s) {
		return errors.New("signed something else")
	}
	return nil
}

func signature(s pages.Signing) string {
	return strings.Join([]string{s.Contract, s.Approval, s.Hash, string(s.Own), s.Person.Actor.ID}, "|")
}

// work does the timed work that there is.
func (s *shop) work(t testing.TB) {
	_, err := s.Runner.Work(ctx)
	require.NoError(t, err)
}

// found founds a contract.
func (s *shop) found(t testing.TB, draft escrow.Contract, command escrow.Command, by int) {
	_, err := s.Runner.Found(ctx, draft, command, people[by].Actor, "found-"+draft.ID())
	require.NoError(t, err)
}

// do asks a command, which must be accepted.
func (s *shop) do(t testing.TB, id string, command escrow.Command, by int) escrowrun.Answer {
	a, err := s.Runner.Do(ctx, id, command, people[by].Actor, "")
	require.NoError(t, err)
	return a
}

// task founds work between agents, that is under way.
func (s *shop) task(t testing.TB, id string) {
	s.found(t, opencontract.Terms{
		ID: id, Client: "acct_ann", Worker: "acct_ben", Price: decimal.NewFromInt(1250), TaskDescription: "Sum up ten papers on escrow.",
		AcceptanceCriteria: []string{"Each summary has 150 to 250 words", "All ten papers are covered"}, ContractType: opencontract.Fixed,
		AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}.Draft(), opencontract.Create{}.Command(), 0)
	s.do(t, id, opencontract.Accept{}.Command(), 1)
}

// hire founds a hire with two funded milestones, whose end waits for its human.
func (s *shop) hire(t testing.TB, id string) (approval string) {
	s.found(t, opentrain.Terms{ID: id, Client: "acct_ann", Worker: "acct_ben", Title: "Label 10,000 images", Milestones: []opentrain.MilestoneTerms{
		{ID: "m1", Name: "The first half", Amount: decimal.NewNullDecimal(decimal.NewFromInt(400))},
	}}.Draft(), opentrain.Hire{}.Command(), 0)
	s.do(t, id, opentrain.AddMilestone{Milestone: opentrain.MilestoneTerms{ID: "m2", Name: "The second half", Amount: decimal.NewNullDecimal(decimal.NewFromInt(600))}}.Command(), 0)
	s.do(t, id, opentrain.FundMilestone{MilestoneID: "m2"}.Command(), 0)
	token := escrow.Actor{ID: "tok_1", Kind: escrow.KindToken, Account: "acct_ann", User: "ann", Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
	a, err := s.Runner.Do(ctx, id, opentrain.End{}.Command(), token, "")
	require.NoError(t, err)
	asked, ok := a.Decision.Approval()
	require.True(t, ok)
	return asked.ID
}

// milestone is the one that a hire begins with.
func milestone(id string, amount int64) []opentrain.MilestoneTerms {
	return []opentrain.MilestoneTerms{{ID: id, Name: "All of it", Amount: decimal.NewNullDecimal(decimal.NewFromInt(amount))}}
}

// offer founds a fixed price with two milestones, one of them submitted.
func (s *shop) offer(t testing.TB, id string) {
	s.found(t, fixedprice.Terms{ID: id, Client: "acct_ann", Freelancer: "acct_ben", Arbitrator: "acct_cyd", Title: "A small house", Milestones: []fixedprice.MilestoneTerms{
		{ID: "plans", Name: "Plans", Amount: decimal.RequireFromString("900.50")}, {ID: "model", Name: "A model", Amount: decimal.NewFromInt(12000)},
	}}.Draft(), fixedprice.Offer{}.Command(), 0)
	s.do(t, id, fixedprice.Accept{}.Command(), 1)
	s.do(t, id, fixedprice.Fund{Milestone: "plans"}.Command(), 0)
	s.do(t, id, fixedprice.Fund{Milestone: "model"}.Command(), 0)
	s.do(t, id, fixedprice.Submit{Milestone: "plans", Work: "https://example.com/plans.pdf"}.Command(), 1)
}

// browser is a person with cookies.
type browser struct {
	t    testing.TB
	shop *shop
	http http.Client
	last *http.Response
	path string
}

// as returns the browser of a person, a negative one that of nobody.
func (s *shop) as(t testing.TB, who int) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	b := &browser{t: t, shop: s, http: http.Client{Jar: jar}}
	if who >= 0 {
		home, _ := url.Parse(s.web.URL)
		jar.SetCookies(home, []*http.Cookie{{Name: "role", Value: people[who].Actor.ID}})
	}
	return b
}

// get loads a page and returns status and text.
func (b *browser) get(path string) (int, string) {
	return b.send(httptest.NewRequest(http.MethodGet, b.shop.web.URL+path, nil))
}

// post sends a form.
func (b *browser) post(path string, form url.Values) (int, string) {
	r := httptest.NewRequest(http.MethodPost, b.shop.web.URL+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func (b *browser) send(r *http.Request) (int, string) {
	r.RequestURI = ""
	answer, err := b.http.Do(r)
	require.NoError(b.t, err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	require.NoError(b.t, err)
	b.last, b.path = answer, answer.Request.URL.RequestURI()
	return answer.StatusCode, string(text)
}

// page loads a page that must be there.
func (b *browser) page(path string) string {
	b.t.Helper()
	status, text := b.get(path)
	require.Equal(b.t, http.StatusOK, status, text)
	return text
}

// hidden returns the hidden fields of the form of a page that goes to an address.
func hidden(t testing.TB, page, address, action string) url.Values {
	t.Helper()
	for _, form := range regexp.MustCompile(`(?s)<form.*?</form>`).FindAllString(page, -1) {
		if !strings.Contains(form, `action="`+address+`"`) || action != "" && !strings.Contains(form, `name="action" value="`+action+`"`) {
			continue
		}
		fields := url.Values{}
		for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
			fields.Set(m[1], m[2])
		}
		return fields
	}
	require.Failf(t, "no form", "%s %s", address, action)
	return nil
}
