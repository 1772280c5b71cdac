package backtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // random lives are mostly garbage
	os.Exit(m.Run())
}

// half is a policy for tests that are about something else.
func half() backtest.Policy {
	return under("half", opencontract.EarlyWithdrawalSlashRatio.To(ratio("0.5")))
}

// withdrawn is a history of three lines.
func withdrawn(id string) *teller {
	return task(id, 50, monday).ask(1, worker, opencontract.Accept{}.Command()).ask(1, worker, opencontract.Withdraw{}.Command())
}

func replayed(history string, options ...backtest.Option) (*backtest.Report, error) {
	return backtest.Run(context.Background(), strings.NewReader(history), []backtest.Policy{half()}, options...)
}

// TestFaultyLines stop the run with their number, or are skipped, counted and named.
func TestFaultyLines(t *testing.T) {
	good := record(withdrawn("c"))
	first, rest, _ := strings.Cut(good, "\n")
	noActor := strings.Replace(first, `"id":"0xClient"`, `"id":""`, 1)
	require.NotEqual(t, first, noActor)
	for faulty, want := range map[string]string{
		"nonsense":                            "line 3: is no request",
		`{"contract": 5}`:                     "line 3: is no request",
		noActor:                               "line 3: is no request",
		strings.Replace(first, "c", "C", 5):   "line 3: is no request",
		record(task("c", 50, monday.Add(-1))): "line 3: goes back in time: contract c was last asked at 2026-06-01T12:00:00Z (line 1)",
	} {
		history := first + "\n\n" + strings.TrimSpace(faulty) + "\n" + rest
		_, err := replayed(history)
		require.Error(t, err, faulty)
		assert.True(t, strings.HasPrefix(err.Error(), want), err)

		r, err := replayed(history, backtest.SkipFaulty())
		require.NoError(t, err)
		assert.Equal(t, []int{1, 4, 1, 1}, []int{r.FaultyLines, r.Lines, r.Histories, len(r.LeftOut)})
		assert.Equal(t, 3, r.LeftOut[0].Line)
		assert.Equal(t, "0.5", r.Policies[0].Money[0].Parties[0].Difference.String(), "the history is replayed all the same")
	}
}

// TestClockBehind: a clock that is behind the latest decision counts as showing its
// instant, in the record as in the engine.
func TestClockBehind(t *testing.T) {
	l := task("c", 50, monday).ask(2, worker, opencontract.Accept{}.Command()).ask(-1, worker, opencontract.Withdraw{}.Command())
	require.True(t, l.contract.IsTerminal())
	c := back(t, record(l), half())
	assert.Equal(t, []int{1, 0}, []int{c.Histories, c.Parted})
	assert.Equal(t, map[string]string{"client": "0.75 1.25", "worker": "-0.75 -1.25"}, money(c))

	// Somebody whose clock was ahead has applied a deadline without a line.
	l = task("c", 50, monday).ask(1, worker, opencontract.Accept{}.Command())
	ahead, _, err := escrow.AsOf(l.contract, monday.Add(1000*time.Hour))
	require.NoError(t, err)
	l.contract = ahead
	c = back(t, record(l.ask(1, client, opencontract.Cancel{}.Command())), half())
	assert.Equal(t, []backtest.Ending{{Ending: "cancelled-absent", Recorded: 1, Replayed: 1}}, c.Endings)
}

// TestMidLife: a history without its beginning is left out, and counted once.
func TestMidLife(t *testing.T) {
	_, rest, _ := strings.Cut(record(withdrawn("c")), "\n")
	r, err := replayed(rest + record(withdrawn("d")))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1, 0}, []int{r.MidLife, r.Histories, r.Mismatched})
	assert.Equal(t, []backtest.Omission{{1, "c", "begins in mid-life, in status created at revision 1, and not with a draft"}}, r.LeftOut)
	assert.Equal(t, 1, r.Policies[0].Histories)
}

// TestForged: a snapshot that the requests do not lead to leaves its history out.
func TestForged(t *testing.T) {
	lines := strings.SplitAfter(record(withdrawn("c")), "\n")
	early := task("c", 50, monday).ask(1, worker, opencontract.Accept{}.Command())
	absent, _, err := escrow.AsOf(early.contract, monday.Add(1000*time.Hour))
	require.NoError(t, err)
	early.contract = absent
	early.ask(1, client, opencontract.Cancel{}.Command())
	asked := &early.lines[2]
	asked.text = regexp.MustCompile(`"(decided|entered)At":"[^"]*"`).ReplaceAll(asked.text, []byte(`"${1}At":"2026-06-01T13:00:00Z"`))
	for name, forged := range map[string]string{
		"a deadline applied early": record(early),
		"a cheaper stake":          lines[0] + lines[1] + strings.ReplaceAll(lines[2], `"2.5"`, `"2"`),
		"another policy":           lines[0] + strings.Replace(lines[1], `"protocolFee":"0.05"`, `"protocolFee":"0.06"`, 1) + lines[2],
		"a request lost":           lines[0] + lines[2],
		"a second founding":        lines[0] + lines[0] + lines[1],
	} {
		r, err := replayed(forged)
		require.NoError(t, err, name)
		assert.Equal(t, []int{1, 0, 0}, []int{r.Mismatched, r.Histories, r.Policies[0].Histories}, name)
		require.Len(t, r.LeftOut, 1, name)
		assert.Contains(t, r.LeftOut[0].Why, "is not the one that the requests before lead to", name)
	}
}

// TestWhatTheApplicationFillsIn may differ: addresses of approvals and evidence.
func TestWhatTheApplicationFillsIn(t *testing.T) {
	l := job("j", 100, monday)
	l.ask(1, ann, escrow.Confirm(l.last(), "")).ask(1, ann, opentrain.End{}.Command())
	lines := strings.SplitAfter(record(l), "\n")
	lines[1] = strings.Replace(lines[1], `"id":"j-ap-1",`, `"id":"j-ap-1","approvalUrl":"https://acme.example/1",`, 1)
	require.Contains(t, lines[1], "acme.example")
	c := back(t, strings.Join(lines, ""), policy(opentrain.Lifecycle, "same"))
	assert.Equal(t, 1, c.Histories)
}

// TestUntoldDeadlines: an application may apply deadlines on time without a line.
func TestUntoldDeadlines(t *testing.T) {
	l := task("c", 50, monday).ask(1, worker, opencontract.Accept{}.Command())
	untold, _, err := escrow.AsOf(l.contract, monday.Add(1000*time.Hour))
	require.NoError(t, err)
	l.contract = untold
	l.ask(1000, client, opencontract.Cancel{}.Command())
	c := back(t, record(l), half())
	assert.Equal(t, []backtest.Ending{{Ending: "cancelled-absent", Recorded: 1, Replayed: 1}}, c.Endings)
}

// TestLateLines: what is asked of a contract that has ended everywhere is counted,
// and its id may be used again.
func TestLateLines(t *testing.T) {
	l := withdrawn("c").ask(1, client, opencontract.Cancel{}.Command()).ask(1, client, opencontract.Cancel{}.Command())
	r, err := replayed(record(l) + record(withdrawn("c")))
	require.NoError(t, err)
	assert.Equal(t, []int{2, 2, 0}, []int{r.LateLines, r.Histories, r.MidLife})
}

// TestNeverFounded: a draft that was refused may be mended and founded.
func TestNeverFounded(t *testing.T) {
	broken := task("c", 50, monday, func(f *opencontract.Terms) { f.Client = "0xWorker" })
	require.True(t, broken.contract.IsDraft())
	r, err := replayed(record(broken) + record(withdrawn("c")))
	require.NoError(t, err)
	assert.Equal(t, []backtest.Ending{{Ending: "cancelled-withdrawn", Recorded: 1, Replayed: 1}, {Ending: "never founded", Recorded: 1, Replayed: 1}},
		r.Policies[0].Endings)
}

// TestAssets are told apart, and a fee that does not fit one leaves its contracts
// unfounded.
func TestAssets(t *testing.T) {
	round := opentrain.InitiationFee.Decimal(decimal.NewFromInt(9))
	terms := opentrain.Terms{ID: "yen", Client: "acme", Worker: "trainer", Asset: escrow.Asset{Code: "JPY"}, Policy: []escrow.Value{round},
		Milestones: []opentrain.MilestoneTerms{{ID: "m1", Name: "first thousand", Amount: decimal.NewNullDecimal(decimal.NewFromInt(100))}}}
	yen := (&teller{contract: terms.Draft(), now: monday}).ask(0, ann, opentrain.Hire{}.Command())
	terms.ID, terms.Asset, terms.Policy = "usd", escrow.Asset{}, nil
	usd := (&teller{contract: terms.Draft(), now: monday}).ask(0, ann, opentrain.Hire{}.Command())
	require.Equal(t, opentrain.Active, yen.contract.Status())

	c := back(t, record(yen, usd), policy(opentrain.Lifecycle, "round", round))
	require.Len(t, c.Money, 2)
	assert.Equal(t, []string{"JPY", "0", "USD", "0.95"}, []string{c.Money[0].Asset, c.Money[0].Parties[0].Difference.String(),
		c.Money[1].Asset, c.Money[1].Parties[0].Difference.String()})

	c = back(t, record(yen, usd), policy(opentrain.Lifecycle, "default"))
	assert.Equal(t, []int{1, 1}, []int{c.Unfounded, c.Histories})
	assert.Contains(t, c.Why, "initiationFee")
}

// TestOtherLifecycles are not concerned, and anybody's can be.
func TestOtherLifecycles(t *testing.T) {
	r, err := replayed(record(job("j", 1, monday), withdrawn("c")), backtest.Knowing(opentrain.Lifecycle))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1}, []int{r.Policies[0].OtherLifecycle, r.Policies[0].Histories})

	l := aJob("o").ask(0, client, fundJob.Command()).ask(0, client, complete.Command())
	c := back(t, record(l), policy(jobs, "dear", jobFee.To(ratio("0.1"))))
	assert.Equal(t, map[string]string{"client": "-50 -50", "provider": "50 45", "treasury": "0 5"}, money(c))
}

// TestUnknownLifecycle: a history of a lifecycle that nobody passed is none.
func TestUnknownLifecycle(t *testing.T) {
	_, err := replayed(record(aJob("o")))
	assert.ErrorIs(t, err, escrow.UnknownLifecycle)
}

// TestDueAtOnce: a job that is funded after its expiry has expired at that instant.
func TestDueAtOnce(t *testing.T) {
	l := aJob("o").ask(2, client, fundJob.Command())
	require.Equal(t, escrow.Status("funded"), l.contract.Status())
	c := back(t, record(l), policy(jobs, "default"))
	assert.Equal(t, []backtest.Ending{{Ending: "expired", Recorded: 1, Replayed: 1}}, c.Endings)
	assert.Zero(t, c.Outlived)
}

// TestUnusablePolicies are refused before anything is read.
func TestUnusablePolicies(t *testing.T) {
	spec := jobs.Spec()
	spec.About = "Another table of the same name."
	twin, err := escrow.Define(spec)
	require.NoError(t, err)
	for want, list := range map[string][]backtest.Policy{
		"at least one policy":  nil,
		"a name of its own":    {half(), half()},
		"has no values":        {{Name: "x"}},
		"two different tables": {policy(jobs, "one"), policy(twin, "two")},
	} {
		_, err := backtest.Run(context.Background(), iotest.ErrReader(errors.New("was read")), list)
		assert.ErrorContains(t, err, want)
	}
}

// TestReading: errors of the reader are the run's, and no line may be endless.
func TestReading(t *testing.T) {
	_, err := backtest.Run(context.Background(), iotest.ErrReader(io.ErrClosedPipe), []backtest.Policy{half()})
	assert.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = replayed("\n" + strings.Repeat(" ", 17<<20))
	assert.ErrorContains(t, err, "line 2: has more than 16777216 bytes")
}

// TestStopped: the report of a run that was stopped is of what was read.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	history := record(withdrawn("c")) + record(withdrawn("d"))
	seen := backtest.Progress{}
	r, err := backtest.Run(ctx, strings.NewReader(history), []backtest.Policy{half()}, backtest.Watch(func(p backtest.Progress) {
		if seen = p; p.Lines == 4 {
			stop()
		}
	}))
	require.NoError(t, err)
	assert.Equal(t, backtest.Progress{Lines: 4, Bytes: seen.Bytes, Histories: 2, Open: 1}, seen)
	assert.True(t, r.Stopped)
	assert.Equal(t, []int{4, 2}, []int{r.Lines, r.Policies[0].Histories})
	assert.Contains(t, r.String(), "STOPPED")
}

// TestAtMost: what is not listed is counted all the same.
func TestAtMost(t *testing.T) {
	var lives []*teller
	for i := range 5 {
		lives = append(lives, disputed(fmt.Sprint("c", i), 50, monday).ask(20, escrow.Agent("0xJ1"), vote(opencontract.Met)))
	}
	hasty := under("hasty", opencontract.BAVotingWindow.To(time.Hour))
	r, err := backtest.Run(context.Background(), strings.NewReader(record(lives...)+"x\nx\nx\n"), []backtest.Policy{hasty}, backtest.AtMost(2), backtest.SkipFaulty())
	require.NoError(t, err)
	assert.Equal(t, []int{5, 2, 3, 2}, []int{r.Policies[0].Parted, len(r.Policies[0].Partings), r.FaultyLines, len(r.LeftOut)})
	assert.Contains(t, r.String(), "and 3 more")
}

// stream reads the same history over and over, each time of another contract.
type stream struct {
	template []byte
	rest     []byte
	n, left  int
}

func (s *stream) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		if s.n++; s.n > s.left {
			return 0, io.EOF
		}
		s.rest = bytes.ReplaceAll(s.template, []byte("c00000"), fmt.Appendf(nil, "c%05d", s.n))
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// TestConstantMemory: what is held does not grow with the record, nor with what is
// left out of it.
func TestConstantMemory(t *testing.T) {
	lines := strings.SplitAfter(record(withdrawn("c00000")), "\n")
	for name, template := range map[string]string{"histories": strings.Join(lines, ""), "in mid-life": lines[1] + lines[2], "forged": lines[0] + lines[2]} {
		held := func(histories int) (most int64) {
			var now runtime.MemStats
			watch := backtest.Watch(func(p backtest.Progress) {
				if p.Open > 1 {
					t.Fatal("more than one contract is open")
				}
				if p.Lines%(histories/2) == 0 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					most = max(most, int64(now.HeapAlloc))
				}
			})
			_, err := backtest.Run(context.Background(), &stream{template: []byte(template), left: histories}, []backtest.Policy{half()}, watch)
			require.NoError(t, err)
			return most
		}
		few := held(300)
		assert.Less(t, held(3000)-few, int64(200<<10), name)
	}
}

// TestJSON: the report is read back as it was written, amounts as exact text.
func TestJSON(t *testing.T) {
	r, err := replayed(record(withdrawn("c")))
	require.NoError(t, err)
	text, err := json.Marshal(r)
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"party":"client","recorded":{"paidIn":"50","got":"50.75","net":"0.75"},"replayed":{"paidIn":"50","got":"51.25","net":"1.25"},"difference":"0.5"}`)
	assert.NotContains(t, string(text), ":null")
	var again backtest.Report
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, r.String(), again.String())
}

// TestCSV: a row for each policy, asset and party.
func TestCSV(t *testing.T) {
	r, err := replayed(record(withdrawn("c")))
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, r.WriteCSV(&b))
	lines := strings.Split(b.String(), "\n")
	require.Len(t, lines, 6)
	assert.Equal(t, "half,opencontract,USDC,worker,2.5,1.75,-0.75,2.5,1.25,-1.25,-0.5", lines[2])
	assert.ErrorIs(t, r.WriteCSV(shut{}), io.ErrClosedPipe)
}

// shut takes nothing.
type shut struct{}

func (shut) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
