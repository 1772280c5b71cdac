package escrowriver_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowriver"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx    = context.Background()
	monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// task is a draft of work that any worker may take until Tuesday.
func task(id string) escrow.Contract {
	return opencontract.Terms{
		ID: id, Client: "0xClient", Price: decimal.NewFromInt(50), TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardOpenTender, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: monday.AddDate(0, 0, 1), WithdrawalDeadline: monday.AddDate(0, 0, 2), DeliveryDeadline: monday.AddDate(0, 0, 3), ReviewDeadline: monday.AddDate(0, 0, 4),
	}.Draft()
}

// bench is a database with a contract that nobody took in time, and River's tables.
type bench struct {
	address string
	pool    *pgxpool.Pool
	rail    *sandbox.Rail
	store   *escrowsql.Store
}

func newBench(t *testing.T) *bench {
	b := &bench{address: sqltest.Postgres(t)}
	db, dialect, err := escrowsql.Connect(b.address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	b.store, err = escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	b.rail, err = sandbox.Open(ctx, db, escrow.At(monday))
	require.NoError(t, err)
	runner := b.runner()
	runner.Clock = escrow.At(monday)
	_, err = runner.Found(ctx, task("c1"), opencontract.Create{}.Command(), escrow.Agent("0xClient"), "k")
	require.NoError(t, err)
	b.pool, err = pgxpool.New(ctx, b.address)
	require.NoError(t, err)
	t.Cleanup(b.pool.Close)
	migrator, err := rivermigrate.New(riverpgxv5.New(b.pool), nil)
	require.NoError(t, err)
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	require.NoError(t, err)
	return b
}

// runner returns a runner for which it is Friday.
func (b *bench) runner() *escrowrun.Runner {
	return &escrowrun.Runner{Store: b.store, Rail: b.rail, Clock: escrow.At(monday.AddDate(0, 0, 4))}
}

// start starts a client, and returns what it tells of jobs.
func (b *bench) start(t *testing.T, worker river.Worker[escrowriver.Args], change func(*river.Config)) (*river.Client[pgx.Tx], <-chan *river.Event) {
	workers := river.NewWorkers()
	require.NoError(t, river.AddWorkerSafely(workers, worker))
	config := &river.Config{
		Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		PeriodicJobs: []*river.PeriodicJob{escrowriver.PeriodicJob(time.Second)},
	}
	if change != nil {
		change(config)
	}
	client, err := river.NewClient(riverpgxv5.New(b.pool), config)
	require.NoError(t, err)
	events, cancel := client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	t.Cleanup(cancel)
	require.NoError(t, client.Start(ctx))
	t.Cleanup(func() { _ = client.StopAndCancel(ctx) })
	return client, events
}

// completed waits for a job that succeeds.
func completed(t *testing.T, events <-chan *river.Event) {
	e := <-events
	require.NotNil(t, e)
	require.Equal(t, river.EventKindJobCompleted, e.Kind, "%+v", e.Job)
}

// settled fails unless the contract lapsed once and its client has the money back.
func (b *bench) settled(t *testing.T) {
	c, err := b.store.Find(ctx, "c1")
	require.NoError(t, err)
	assert.True(t, c.IsTerminal())
	assert.EqualValues(t, 2, c.Revision())
	balances, err := b.rail.Balances(ctx)
	require.NoError(t, err)
	for _, each := range balances {
		assert.Zero(t, each.Units.Sign(), "%+v", each)
	}
	audited, err := b.store.Audit(ctx, func(f escrowsql.Fault) { t.Error(f) })
	require.NoError(t, err)
	assert.Equal(t, 1, audited.Contracts)
}

// TestDeadline: a deadline that is due is applied by a job, and the money goes back.
func TestDeadline(t *testing.T) {
	b := newBench(t)
	_, events := b.start(t, &escrowriver.Worker{Runner: b.runner()}, nil)
	completed(t, events)
	b.settled(t)
}

// TestTwoClients: two clients on one database, and jobs on both at once, do it once.
func TestTwoClients(t *testing.T) {
	b := newBench(t)
	all := make(chan *river.Event, 100)
	for range 2 {
		client, events := b.start(t, &escrowriver.Worker{Runner: b.runner()}, nil)
		_, err := client.Insert(ctx, escrowriver.Args{}, nil)
		require.NoError(t, err)
		go func() {
			for e := range events {
				all <- e
			}
		}()
	}
	completed(t, all)
	completed(t, all)
	b.settled(t)
}

// TestUnique: while a job waits, no other is put beside it.
func TestUnique(t *testing.T) {
	b := newBench(t)
	client, err := river.NewClient(riverpgxv5.New(b.pool), &river.Config{})
	require.NoError(t, err)
	first, err := client.Insert(ctx, escrowriver.Args{}, &river.InsertOpts{ScheduledAt: monday})
	require.NoError(t, err)
	assert.False(t, first.UniqueSkippedAsDuplicate)
	second, err := client.Insert(ctx, escrowriver.Args{}, &river.InsertOpts{ScheduledAt: monday})
	require.NoError(t, err)
	assert.True(t, second.UniqueSkippedAsDuplicate)
}

// hung never ends by itself, as a process that dies in the middle of a job.
type hung struct {
	river.WorkerDefaults[escrowriver.Args]
	began chan struct{}
	once  atomic.Bool
}

func (h *hung) Work(ctx context.Context, _ *river.Job[escrowriver.Args]) error {
	if h.once.CompareAndSwap(false, true) {
		close(h.began)
	}
	<-ctx.Done()
	return ctx.Err()
}

// TestKilled: what a client leaves that is stopped in the middle of a job, another does.
func TestKilled(t *testing.T) {
	b := newBench(t)
	h := &hung{began: make(chan struct{})}
	client, _ := b.start(t, h, nil)
	<-h.began
	require.NoError(t, client.StopAndCancel(ctx))
	_, events := b.start(t, &escrowriver.Worker{Runner: b.runner()}, nil)
	completed(t, events)
	b.settled(t)
}

// TestAdd: what cannot work is refused when it is registered.
func TestAdd(t *testing.T) {
	require.ErrorContains(t, escrowriver.Add(river.NewWorkers(), nil), "set Runner.Store")
	workers, runner := river.NewWorkers(), &escrowrun.Runner{Store: &escrowsql.Store{}}
	require.NoError(t, escrowriver.Add(workers, runner))
	require.Error(t, escrowriver.Add(workers, runner))
}
