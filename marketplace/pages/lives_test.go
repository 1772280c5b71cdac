package pages_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/lifecycles/play"
	"github.com/escrow-go/escrow/marketplace/pages"
	"github.com/stretchr/testify/require"
)

// window is a site that shows whatever contract a test has stored, to whomever it says.
type window struct {
	store  *escrowsql.Store
	site   http.Handler
	clock  *clock
	person pages.Person
	known  bool
	log    bytes.Buffer
}

func newWindow(t testing.TB, l *escrow.Lifecycle) (*window, func()) {
	dir := t.TempDir()
	db, dialect, err := escrowsql.Connect(filepath.Join(dir, "escrow.db"))
	require.NoError(t, err)
	w := &window{clock: &clock{now: monday}}
	w.store, err = escrowsql.Open(ctx, db, dialect, []*escrow.Lifecycle{l})
	require.NoError(t, err)
	w.site = (&pages.Site{Runner: &escrowrun.Runner{Store: w.store, Clock: w.clock}, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		Who: func(*http.Request) (pages.Person, bool) { return w.person, w.known }}).Handler()
	return w, func() { _ = db.Close() }
}

// forget takes everything out of the store, for the next life.
func (w *window) forget(t require.TestingT) {
	for _, table := range []string{"contracts", "accounts", "decisions", "movements", "approvals", "texts", "keys", "payments"} {
		_, err := w.store.DB().Exec("DELETE FROM escrow_" + table)
		require.NoError(t, err)
	}
}

// get loads a page as somebody.
func (w *window) get(t require.TestingT, who escrow.Actor, operator bool, path string) (int, string) {
	w.person, w.known = pages.Person{Actor: who, Name: "<xss>", Operator: operator}, true
	r := httptest.NewRecorder()
	w.site.ServeHTTP(r, httptest.NewRequest(http.MethodGet, path, nil))
	require.Empty(t, w.log.String(), path)
	return r.Code, r.Body.String()
}

// onlookers are who look at every step: every account that drafts and lives name, as a
// human, and an operator.
func onlookers(c escrow.Contract) (list []escrow.Actor) {
	known := map[string]bool{}
	for _, p := range c.Lifecycle().Spec().Parties {
		if p.Account != nil && c.Account(p) != "" && !known[c.Account(p)] {
			known[c.Account(p)] = true
			list = append(list, escrow.Human("h1", c.Account(p)))
		}
	}
	return append(list, escrow.Agent("acct-stranger"))
}

// render loads every page that a contract has, as everybody, and fails when one is not
// shown, or lets markup of somebody's through.
func (w *window) render(t require.TestingT, c escrow.Contract) {
	path := "/contracts/" + url.PathEscape(c.ID())
	for i, who := range append(onlookers(c), escrow.Human("op", "acct-op")) {
		operator := who.ID == "op"
		want := http.StatusNotFound
		if operator || escrow.Visible(c, who) {
			want = http.StatusOK
		}
		status, text := w.get(t, who, operator, path)
		require.Equal(t, want, status, "%s as %v", path, who)
		harmless(t, text)
		if status == http.StatusOK {
			require.Contains(t, text, c.Lifecycle().Label(c.Status()))
		}
		if i > 0 {
			continue
		}
		for _, other := range []string{"/", "/contracts", "/approvals"} {
			status, text := w.get(t, who, false, other)
			require.Equal(t, http.StatusOK, status)
			harmless(t, text)
		}
		for _, a := range c.Approvals() {
			status, text := w.get(t, who, false, "/approvals/"+url.PathEscape(a.ID))
			require.Contains(t, []int{http.StatusOK, http.StatusNotFound}, status)
			harmless(t, text)
		}
	}
}

var (
	element = regexp.MustCompile(`<([a-zA-Z][a-zA-Z0-9]*)`)
	ours    = " html head meta title link script body a div strong time header nav ul li p main h1 h2 h3 span section article details summary table caption thead tbody tr th td dl dt dd ol form input label select option textarea button fieldset legend datalist noscript footer svg desc rect g path text "
)

// harmless fails when a page has an element that no template of ours writes, or a script
// or handler besides ours.
func harmless(t require.TestingT, page string) {
	for _, m := range element.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(ours, " "+m[1]+" ") {
			require.Failf(t, "a stranger's element", "<%s", m[1])
		}
	}
	require.Equal(t, 1, strings.Count(page, "<script"))
	require.NotContains(t, page, " style=", "the policy forbids it")
	require.NotRegexp(t, `<[^>]* on[a-z]+=`, regexp.MustCompile(`"[^"]*"`).ReplaceAllString(page, `""`))
}

// markup is what is written wherever people write.
const markup = `<xss onload="x()">&"'</title></textarea><script>x()</script>{{.}}`

// texts are those that plays write.
var texts = regexp.MustCompile(`"(some text|other text|0xhash|text [0-9]+|sum up ten papers|criterion [0-9]+|Label|work)"`)

// marked puts markup wherever a draft or a command of a play has a text.
func marked(text []byte) []byte {
	return texts.ReplaceAllFunc(text, func(was []byte) []byte {
		own, _ := json.Marshal(markup + string(was))
		return own
	})
}

// livesShown is how many lives of each lifecycle are shown, at least.
var livesShown = flag.Int("lives", 6, "how many lives of each lifecycle are shown")

// TestLives shows every page of every step of random lives of every lifecycle, with
// markup in every text.
func TestLives(t *testing.T) {
	for _, l := range lifecycles.All() {
		t.Run(l.Name(), func(t *testing.T) {
			t.Parallel()
			w, done := newWindow(t, l)
			defer done()
			lives := escrowtest.Lives(play.Of(l))
			steps := 0
			for seed := 0; seed < *livesShown || steps == 0; seed++ {
				w.forget(t)
				steps += w.live(t, l, lives.Example(seed))
			}
		})
	}
}

// live lives a story again with markup in it, and shows every step. It returns how many
// steps there were.
func (w *window) live(t require.TestingT, l *escrow.Lifecycle, story *escrowtest.Story) (steps int) {
	text, err := story.Begin.MarshalJSON()
	require.NoError(t, err)
	c, err := escrow.ParseContract(marked(text), l)
	if err != nil {
		return 0
	}
	for i := range story.Steps {
		q := &story.Steps[i].Question
		text, err := q.Command.MarshalJSON()
		require.NoError(t, err)
		command, err := l.ParseCommand(marked(text))
		if err != nil {
			continue
		}
		d, err := escrow.Decide(c, command, q.Actor, escrow.At(q.Now))
		if err != nil || d.Contract == c {
			continue
		}
		require.NoError(t, w.store.Commit(ctx, &escrowsql.Commit{Before: c, Decision: d, Clock: q.Now}))
		c = d.Contract
		w.clock.set(q.Now)
		w.render(t, c)
		if next, ok := escrow.NextDeadline(c); ok { // due, and not stored yet
			w.clock.set(next.At)
			due, _, err := escrow.AsOf(c, next.At)
			require.NoError(t, err)
			w.render(t, due)
		}
		steps++
	}
	return steps
}
