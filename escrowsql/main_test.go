package escrowsql_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
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
	monday         = time.Date(2026, 6, 1, 12, 0, 0, 123456789, time.UTC)
	client, worker = escrow.Agent("0xClient"), escrow.Agent("0xWorker")
)

func day(n time.Duration) time.Time { return monday.Add(n * 24 * time.Hour) }

// each runs a test on a store in an empty database of each kind.
func each(t *testing.T, test func(t *testing.T, s *escrowsql.Store)) {
	sqltest.Each(t, func(t *testing.T, address string) { test(t, open(t, address)) })
}

func open(t testing.TB, address string, options ...escrowsql.Options) *escrowsql.Store {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	s, err := escrowsql.Open(ctx, db, dialect, lifecycles.All(), options...)
	require.NoError(t, err)
	return s
}

// task is a draft of work that a worker is asked for.
func task(id string) escrow.Contract {
	return opencontract.Terms{
		ID: id, Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(50),
		TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten", "by \"Ada\""},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}.Draft()
}

// decided returns the commit of a command.
func decided(t testing.TB, c escrow.Contract, command escrow.Command, actor escrow.Actor, now time.Time) *escrowsql.Commit {
	d, err := escrow.Decide(c, command, actor, escrow.At(now))
	require.NoError(t, err)
	return &escrowsql.Commit{Before: c, Decision: d, Clock: now}
}

// commit decides a command and stores the decision.
func commit(t testing.TB, s *escrowsql.Store, c escrow.Contract, command escrow.Command, actor escrow.Actor, now time.Time) escrow.Contract {
	made := decided(t, c, command, actor, now)
	require.NoError(t, s.Commit(ctx, made))
	return made.Decision.Contract
}

// founded stores a task that its client has founded.
func founded(t testing.TB, s *escrowsql.Store, id string) escrow.Contract {
	return commit(t, s, task(id), opencontract.Create{}.Command(), client, monday)
}

// withdrawn stores a task whose worker has withdrawn in time.
func withdrawn(t testing.TB, s *escrowsql.Store, id string) escrow.Contract {
	c := commit(t, s, founded(t, s, id), opencontract.Accept{}.Command(), worker, monday)
	return commit(t, s, c, opencontract.Withdraw{}.Command(), worker, day(1))
}

// sound fails when an audit finds anything.
func sound(t require.TestingT, s *escrowsql.Store) escrowsql.Audited {
	var faults []string
	sum, err := s.Audit(ctx, func(f escrowsql.Fault) { faults = append(faults, f.String()) })
	require.NoError(t, err)
	require.Empty(t, faults)
	return sum
}

// same fails unless two contracts are the same to the byte.
func same(t require.TestingT, want, got escrow.Contract) {
	a, err := want.MarshalJSON()
	require.NoError(t, err)
	b, err := got.MarshalJSON()
	require.NoError(t, err)
	require.Equal(t, string(a), string(b))
}

// wipe empties the tables.
func wipe(t require.TestingT, s *escrowsql.Store) {
	for _, table := range []string{"contracts", "accounts", "decisions", "movements", "approvals", "texts", "keys", "outbox", "intents", "payments", "releases"} {
		_, err := s.DB().Exec(fmt.Sprintf(`DELETE FROM escrow_%s`, table))
		require.NoError(t, err)
	}
}

// eachAddress runs a test with the address of an empty database of each kind.
func eachAddress(t *testing.T, test func(t *testing.T, address string)) { sqltest.Each(t, test) }
