package escrowrun_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx            = context.Background()
	monday         = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	client, worker = escrow.Agent("0xClient"), escrow.Agent("0xWorker")
)

func day(n time.Duration) time.Time { return monday.Add(n * 24 * time.Hour) }

// leaseOf is how long a runner's leases are.
const leaseOf = 30 * time.Second

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

// shop is a runner with its store, its rail and its clocks.
type shop struct {
	*escrowrun.Runner
	rail        *sandbox.Rail // without faults
	clock, wall *clock
	// address and railAddress are those of its databases.
	address, railAddress string
	// replayed counts the requests that were asked again.
	replayed int
}

// open opens a shop on a database, and its rail on one of its own.
func open(t testing.TB, address, rail string, options ...sandbox.Option) *shop {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	own, _, err := escrowsql.Connect(rail)
	require.NoError(t, err)
	t.Cleanup(func() { _ = own.Close() })
	s := &shop{clock: &clock{now: monday}, wall: &clock{now: monday}, address: address, railAddress: rail}
	s.rail, err = sandbox.Open(ctx, own, s.wall)
	require.NoError(t, err)
	bad, err := sandbox.Open(ctx, own, s.wall, append([]sandbox.Option{sandbox.WithSleep(func(context.Context, time.Duration) {})}, options...)...)
	require.NoError(t, err)
	s.Runner = &escrowrun.Runner{Store: store, Rail: bad, Clock: s.clock, Wall: s.wall, CallLimit: time.Minute, Jury: jury}
	return s
}

// jury draws the first three of the agents there are.
func jury(_ context.Context, c escrow.Contract, action escrow.Action) (escrow.Command, bool, error) {
	if action == "draw" {
		return opencontract.Draw{BackupAgents: []string{"0xAda", "0xBob", "0xCyd"}}.Command(), true, nil
	}
	for _, act := range c.Lifecycle().Acts() {
		if act.Action() == action && len(act.Params()) == 0 {
			return act.Command(), true, nil
		}
	}
	return escrow.Command{}, false, nil
}

// each runs a test on a shop of each kind of database.
func each(t *testing.T, test func(t *testing.T, s *shop), options ...sandbox.Option) {
	sqltest.Each(t, func(t *testing.T, address string) {
		rail := filepath.Join(t.TempDir(), "rail.db")
		if strings.HasPrefix(address, "postgres") {
			rail = sqltest.Postgres(t)
		}
		test(t, open(t, address, rail, options...))
	})
}

// task is a draft of work that a worker is asked for, or that any may take.
func task(id string, workers ...string) escrow.Contract {
	terms := opencontract.Terms{
		ID: id, Client: "0xClient", Price: decimal.NewFromInt(50), TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardOpenTender, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}
	if len(workers) > 0 {
		terms.Worker, terms.AwardMethod = workers[0], opencontract.AwardDirect
	}
	return terms.Draft()
}

// found founds a task.
func (s *shop) found(t testing.TB, id string, workers ...string) {
	_, err := s.Found(ctx, task(id, workers...), opencontract.Create{}.Command(), client, "found-"+id)
	require.NoError(t, err)
}

// do asks a command, which must be accepted.
func (s *shop) do(t testing.TB, id string, command escrow.Command, actor escrow.Actor) escrowrun.Answer {
	a, err := s.Do(ctx, id, command, actor, fmt.Sprintf("%s-%s", id, command.Action()))
	require.NoError(t, err)
	return a
}

// settle does all timed work, later and later, until there is none. What is on its way to
// the rail arrives first.
func (s *shop) settle(t testing.TB) {
	for range 5 {
		_, err := s.rail.Lookup(ctx, "none")
		require.ErrorIs(t, err, escrowrun.ErrNoTransfer)
	}
	for idle := 0; idle < 3; {
		done, err := s.Work(ctx)
		require.False(t, unexpected(err), "%v", err)
		if idle++; done > 0 {
			idle = 0
		}
		s.wall.add(3 * time.Hour)
	}
}

// balances returns what every account has paid in and got, in whole units; the contracts
// by their ids.
func (s *shop) balances(t require.TestingT) map[string]string {
	list, err := s.rail.Balances(ctx)
	require.NoError(t, err)
	all := map[string]string{}
	for _, b := range list {
		if b.Units.Sign() != 0 {
			all[b.Account+b.Contract] = decimal.NewFromBigInt(b.Units, -int32(b.Asset.Scale)).String()
		}
	}
	return all
}

// sound fails when store or rail are not as they should be: the audit, the
// reconciliation, and what the rail was asked for beyond what it had.
func (s *shop) sound(t require.TestingT) {
	var faults []string
	_, err := s.Store.Audit(ctx, func(f escrowsql.Fault) { faults = append(faults, f.String()) })
	require.NoError(t, err)
	calm := *s.Runner
	calm.Rail = s.rail
	_, err = calm.Reconcile(ctx, time.Time{}, func(d escrowrun.Difference) { faults = append(faults, d.String()) })
	require.NoError(t, err)
	overdrawn, err := s.rail.Overdrawn(ctx)
	require.NoError(t, err)
	for _, o := range overdrawn {
		faults = append(faults, "overdrawn: "+o.ID)
	}
	require.Empty(t, faults)
}
