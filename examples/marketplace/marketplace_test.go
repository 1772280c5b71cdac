package marketplace_test

import (
	"flag"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/escrow-go/escrow/examples/marketplace/backend"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	contracts "github.com/escrow-go/escrow/opencontract/play"
	trainings "github.com/escrow-go/escrow/opentrain/play"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// playing are the lifecycles whose contracts are lived.
var playing = escrowtest.Playing(contracts.Play(), trainings.Play())

var bug = flag.String("bug", "", "plant a bug, as in \"stale read\", and see TestMarketplace find it")

func TestMarketplace(t *testing.T) {
	escrowtest.Run(t, backend.New(marketplace.WithBug(marketplace.Bug(*bug))), playing, lives())
}

// lives is how many lives there are: with -short, as few as reach everything.
func lives() escrowtest.Option {
	if testing.Short() {
		return escrowtest.AtLeast(50)
	}
	return escrowtest.AtLeast(1000)
}

// TestSparedWrite: the bug that docs/testing.md tells of is found where a jury is
// drawn that nobody remembers.
func TestSparedWrite(t *testing.T) {
	report := escrowtest.Try(backend.New(marketplace.WithBug(marketplace.SparedWrite)), playing)
	require.NotNil(t, report.Failure)
	steps := report.Failure.Story.Steps
	require.LessOrEqual(t, len(steps), 6)
	last := steps[len(steps)-1]
	assert.Equal(t, escrow.Action("draw"), last.Command.Action())
	assert.True(t, last.Answer.Accepted(), "the answer says that the jury is drawn")
	assert.Equal(t, "Reader", report.Failure.Findings[0].Check)
}

// TestLedger: a property of one's own, by the generators alone: after any life the ledger adds up to nothing, and holds for the contract what its
// snapshot says.
func TestLedger(t *testing.T) {
	for _, play := range []*escrowtest.Play{contracts.Play(), trainings.Play()} {
		t.Run(play.Lifecycle.Name(), rapid.MakeCheck(func(t *rapid.T) {
			life := escrowtest.Lives(play).Draw(t, "life")
			b := tell(t, life)
			want := map[string]string{}
			last := life.Last().Contract
			for _, h := range last.Custody() {
				want[last.ID()+"/"+h.Account.String()] = h.Amount.String()
			}
			sum, held := sums(t, b, last.ID()+"/")
			require.Zero(t, sum.Sign(), "the ledger adds up to %s", sum)
			require.Equal(t, want, held)
		}))
	}
}

// TestHistory: what the backend has recorded passes the audit.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		life := escrowtest.Lives(trainings.Play()).Draw(t, "life")
		b := tell(t, life)
		var entries []marketplace.Entry
		require.NoError(t, b.Get(escrow.SystemActor(), b.Path()+"/history", &entries))
		story := &escrowtest.Story{Begin: life.Begin}
		for _, e := range entries {
			command, err := life.Begin.Lifecycle().ParseCommand(e.Command)
			require.NoError(t, err)
			answer, err := escrowtest.ParseAnswer(e.Answer, lifecycles.All()...)
			require.NoError(t, err)
			story.Steps = append(story.Steps, escrowtest.Step{
				Before:   story.Last().Contract,
				Question: escrowtest.Question{Command: command, Actor: e.Actor, Now: e.Now},
				Answer:   answer,
			})
		}
		require.Empty(t, escrowtest.Audit(story))
	})
}

// TestRace: the harness interleaves two questions, always the same way. Many at once,
// under the race detector, are a test of the backend's own: of ten that want the work at
// once, or of one who asks ten times, one gets it, and stakes.
func TestRace(t *testing.T) {
	for name, worker := range map[string]func(i int) string{
		"ten workers":    func(i int) string { return fmt.Sprintf("worker%d", i) },
		"one, ten times": func(int) string { return "worker" },
	} {
		t.Run(name, func(t *testing.T) {
			b, now := backend.New(), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
			require.NoError(t, b.Begin(tender(now)))
			created, err := b.Ask(escrowtest.Question{Command: opencontract.Create{}.Command(), Actor: escrow.Agent("client"), Now: now})
			require.NoError(t, err)
			require.True(t, created.Accepted(), "%s", created)

			var matched atomic.Int32
			var group sync.WaitGroup
			for i := range 10 {
				group.Go(func() {
					w := b.Post(b.Path()+"/commands", "", map[string]any{"command": opencontract.Accept{}.Command(), "actor": escrow.Agent(worker(i))})
					if w.Code == http.StatusOK {
						matched.Add(1)
					}
				})
			}
			group.Wait()
			assert.EqualValues(t, 1, matched.Load())
			var books marketplace.Books
			require.NoError(t, b.Get(escrow.SystemActor(), b.Path()+"/books", &books))
			require.Len(t, books.Booked, 2)
			var captured []string
			for _, p := range books.Deposits {
				if p.State != "voided" {
					assert.Equal(t, "captured", p.State)
					captured = append(captured, p.ID)
				}
			}
			assert.Equal(t, []string{books.Booked[0].ID, books.Booked[1].ID}, captured)
		})
	}
}

// tender is a draft that any worker may accept.
func tender(now time.Time) escrow.Contract {
	day := func(n time.Duration) time.Time { return now.Add(n * 24 * time.Hour) }
	return opencontract.Terms{
		ID: "tender", Client: "client", Price: decimal.NewFromInt(50), TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardOpenTender, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}.Draft()
}

// tell has a backend live a life.
func tell(t require.TestingT, life *escrowtest.Story) *backend.System {
	b := backend.New()
	require.NoError(t, b.Begin(life.Begin))
	for i := range life.Steps {
		_, err := b.Ask(life.Steps[i].Question)
		require.NoError(t, err)
	}
	return b
}

// sums adds up the ledger, and returns what is held for a contract.
func sums(t require.TestingT, b *backend.System, prefix string) (sum *big.Int, held map[string]string) {
	var balances []marketplace.Balance
	require.NoError(t, b.Get(escrow.SystemActor(), "/balances", &balances))
	sum, held = new(big.Int), map[string]string{}
	for _, x := range balances {
		sum.Add(sum, x.Units)
		if x.Units.Sign() != 0 && strings.HasPrefix(x.Account, prefix) {
			held[x.Account] = x.Units.String()
		}
	}
	return sum, held
}
