package escrowsql_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/lifecycles/play"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestLives: whatever is decided is read back to the byte, has its history, and is found
// sound; of every lifecycle that ships.
func TestLives(t *testing.T) {
	for _, l := range lifecycles.All() {
		t.Run(l.Name(), func(t *testing.T) {
			lives := escrowtest.Lives(play.Of(l))
			each(t, func(t *testing.T, s *escrowsql.Store) {
				rapid.Check(t, func(t *rapid.T) {
					defer wipe(t, s)
					live(t, s, lives.Draw(t, "life"))
				})
			})
		})
	}
}

func live(t *rapid.T, s *escrowsql.Store, life *escrowtest.Story) {
	c := life.Begin
	var rules []string
	approvals := map[string]escrow.ApprovalStatus{}
	for i := range life.Steps {
		q := life.Steps[i].Question
		d, err := escrow.Decide(c, q.Command, q.Actor, escrow.At(q.Now))
		if err != nil {
			continue
		}
		require.NoError(t, s.Commit(ctx, &escrowsql.Commit{Before: c, Decision: d, Clock: q.Now}))
		if d.Contract != c {
			rules = append(rules, d.Rule)
		}
		c = d.Contract
		for _, a := range c.Approvals() {
			approvals[a.ID] = a.Status
		}
	}
	if c.IsDraft() {
		return
	}
	found, err := s.Find(ctx, c.ID())
	require.NoError(t, err)
	same(t, c, found)
	history, err := s.History(ctx, c.ID(), 0, 1000)
	require.NoError(t, err)
	var told []string
	for i, e := range history {
		require.EqualValues(t, i+1, e.Revision)
		told = append(told, e.Rule)
	}
	require.Equal(t, rules, told)
	for id, status := range approvals {
		a, err := s.Approval(ctx, id)
		require.NoError(t, err)
		require.Equal(t, status, a.Status)
	}
	require.Equal(t, escrowsql.Audited{Contracts: 1, Decisions: len(rules)}, sound(t, s))
}

func TestStale(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		first := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		require.NoError(t, s.Commit(ctx, first))
		require.ErrorIs(t, s.Commit(ctx, decided(t, task("c1"), opencontract.Create{}.Command(), client, day(0))), escrowsql.ErrStale, "founded twice")

		c := first.Decision.Contract
		accept := decided(t, c, opencontract.Accept{}.Command(), worker, monday)
		cancel := decided(t, c, opencontract.Cancel{}.Command(), client, monday)
		require.NoError(t, s.Commit(ctx, accept))
		cancel.Also = func(ctx context.Context, tx *sql.Tx) error { panic("asked for a commit that is stale") }
		require.ErrorIs(t, s.Commit(ctx, cancel), escrowsql.ErrStale)
		require.ErrorIs(t, s.Commit(ctx, accept), escrowsql.ErrStale, "the same once more")
		found, err := s.Find(ctx, "c1")
		require.NoError(t, err)
		same(t, accept.Decision.Contract, found)
		sound(t, s)
	})
}

// TestWhole: a commit that fails anywhere leaves nothing.
func TestWhole(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		own := errors.New("the embedder's row cannot be written")
		c := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		c.Messages = []escrowsql.Message{{ID: "m1", Topic: "mail", ContractID: "c1", Payload: "{}"}}
		c.Also = func(ctx context.Context, tx *sql.Tx) error { return own }
		require.ErrorIs(t, s.Commit(ctx, c), own)
		require.Panics(t, func() {
			c.Also = func(context.Context, *sql.Tx) error { panic("a fault of the embedder's") }
			_ = s.Commit(ctx, c)
		})
		for _, table := range []string{"contracts", "accounts", "decisions", "movements", "texts", "outbox", "lifecycles"} {
			var rows int
			require.NoError(t, s.DB().QueryRow(`SELECT COUNT(*) FROM escrow_`+table).Scan(&rows))
			assert.Zero(t, rows, table)
		}
		_, err := s.Find(ctx, "c1")
		require.ErrorIs(t, err, escrowsql.ErrNotFound)

		c.Also = func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO escrow_settings (name, value) VALUES ('own', 'row')`)
			return err
		}
		require.NoError(t, s.Commit(ctx, c))
		var own2 string
		require.NoError(t, s.DB().QueryRow(`SELECT value FROM escrow_settings WHERE name = 'own'`).Scan(&own2))
		assert.Equal(t, "row", own2)
	})
}

// TestLanded: whoever does not know whether a commit has landed can find out.
func TestLanded(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		c := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		rival := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		landed, err := s.Landed(ctx, c)
		require.NoError(t, err)
		assert.False(t, landed)
		require.NoError(t, s.Commit(ctx, c))
		landed, err = s.Landed(ctx, c)
		require.NoError(t, err)
		assert.True(t, landed)
		require.ErrorIs(t, s.Commit(ctx, rival), escrowsql.ErrStale)
		landed, err = s.Landed(ctx, rival)
		require.NoError(t, err)
		assert.False(t, landed, "a rival's own, though it decided the same")
	})
}

// TestRivals: of many who decide on one revision, in several stores at once, one commits.
func TestRivals(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*escrowsql.Store{open(t, address), open(t, address)}
		c := founded(t, stores[0], "c1")
		for round := range 5 {
			var won atomic.Int32
			var group sync.WaitGroup
			for i := range 8 {
				made := decided(t, c, opencontract.Accept{}.Command(), worker, monday)
				if round%2 == 1 {
					made = decided(t, c, opencontract.Cancel{}.Command(), client, monday)
				}
				group.Go(func() {
					switch err := stores[i%2].Commit(ctx, made); {
					case err == nil:
						won.Add(1)
					case !errors.Is(err, escrowsql.ErrStale):
						assert.NoError(t, err)
					}
				})
			}
			group.Wait()
			require.EqualValues(t, 1, won.Load())
			c = founded(t, stores[0], fmt.Sprintf("c%d", round+2))
		}
		sound(t, stores[1])
	})
}

// TestOtherTable: a lifecycle that is not the one which contracts were decided by is
// refused as soon as the store is opened.
func TestOtherTable(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		founded(t, open(t, address), "c1")
		spec := opencontract.Lifecycle.Spec()
		spec.Asset.Scale = 2
		other, err := escrow.Define(spec)
		require.NoError(t, err)
		db, dialect, err := escrowsql.Connect(address)
		require.NoError(t, err)
		defer func() { _ = db.Close() }()
		_, err = escrowsql.Open(ctx, db, dialect, []*escrow.Lifecycle{other})
		require.ErrorIs(t, err, escrowsql.ErrOtherTable)
		require.ErrorContains(t, err, "opencontract version 1")

		s, err := escrowsql.Open(ctx, db, dialect, nil)
		require.NoError(t, err)
		_, err = s.Find(ctx, "c1")
		require.ErrorContains(t, err, "opencontract version 1, which was not passed to Open")
	})
}

// TestDue: a contract is due when its next deadline is, or when the system has work.
func TestDue(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		founded(t, s, "later")
		c := founded(t, s, "sooner")
		c = commit(t, s, c, opencontract.Accept{}.Command(), worker, monday)
		c = commit(t, s, c, opencontract.Deliver{Delivery: "here"}.Command(), worker, monday)
		c = commit(t, s, c, opencontract.Dispute{}.Command(), client, monday)
		withdrawn(t, s, "never")

		due := func(now time.Time) []string {
			ids, err := s.Due(ctx, now, 10)
			require.NoError(t, err)
			return ids
		}
		assert.Equal(t, []string{"sooner"}, due(monday), "a jury is to be drawn")
		assert.Equal(t, []string{"sooner"}, due(day(1).Add(-1)))
		assert.Equal(t, []string{"sooner", "later"}, due(day(1)), "to the nanosecond")
		assert.Empty(t, due(monday.Add(-time.Hour)))

		// A lease leaves it to one, until it runs out or the contract moves on.
		lease := func(own time.Time) []string {
			ids, err := s.Lease(ctx, monday, 10, own, own.Add(time.Minute))
			require.NoError(t, err)
			return ids
		}
		assert.Equal(t, []string{"sooner"}, lease(monday))
		assert.Empty(t, lease(monday.Add(time.Minute-1)))
		assert.Equal(t, []string{"sooner"}, lease(monday.Add(time.Minute)))
		_ = c
	})
}

func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		key := escrowsql.Key{Account: "0xClient", Key: "k1", Fingerprint: "f"}
		until := monday.Add(time.Minute)
		found, err := s.BeginKey(ctx, &key, monday, until)
		require.NoError(t, err)
		require.Nil(t, found, "new")

		again := escrowsql.Key{Account: "0xClient", Key: "k1", Fingerprint: "f"}
		_, err = s.BeginKey(ctx, &again, monday, until)
		require.ErrorIs(t, err, escrowsql.ErrKeyRunning)
		_, err = s.BeginKey(ctx, &escrowsql.Key{Account: "0xClient", Key: "k1", Fingerprint: "other"}, monday, until)
		require.ErrorIs(t, err, escrowsql.ErrKeyReused)
		other, err := s.BeginKey(ctx, &escrowsql.Key{Account: "0xOther", Key: "k1", Fingerprint: "other"}, monday, until)
		require.NoError(t, err)
		require.Nil(t, other, "every account has keys of its own")

		// Another takes it over when the lease has run out: the first can commit no more.
		found, err = s.BeginKey(ctx, &again, until, until.Add(time.Minute))
		require.NoError(t, err)
		require.Nil(t, found)
		first := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		first.Key = &escrowsql.KeyAnswer{Key: key, Answer: escrowsql.Answer{Status: 200, Body: []byte("first"), ContractID: "c1"}}
		require.ErrorIs(t, s.Commit(ctx, first), escrowsql.ErrKeyLost)
		_, err = s.Find(ctx, "c1")
		require.ErrorIs(t, err, escrowsql.ErrNotFound)

		second := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		second.Key = &escrowsql.KeyAnswer{Key: again, Answer: escrowsql.Answer{Status: 200, Body: []byte(`{"a": "as it was"}`), ContractID: "c1"}}
		require.NoError(t, s.Commit(ctx, second))
		found, err = s.BeginKey(ctx, &escrowsql.Key{Account: "0xClient", Key: "k1", Fingerprint: "f"}, day(3), day(4))
		require.NoError(t, err)
		assert.Equal(t, &second.Key.Answer, found)

		// One that came to nothing is given back; one that is a week old is forgotten.
		dropped := escrowsql.Key{Account: "0xClient", Key: "k2", Fingerprint: "f"}
		_, err = s.BeginKey(ctx, &dropped, monday, until)
		require.NoError(t, err)
		require.NoError(t, s.DropKey(ctx, &dropped))
		found, err = s.BeginKey(ctx, &dropped, monday, until)
		require.NoError(t, err)
		require.Nil(t, found)
		require.NoError(t, s.FinishKey(ctx, &escrowsql.KeyAnswer{Key: dropped, Answer: escrowsql.Answer{Status: 409, Body: []byte("no")}}))
		require.NoError(t, s.PurgeKeys(ctx, monday.Add(1)))
		found, err = s.BeginKey(ctx, &dropped, monday, until)
		require.NoError(t, err)
		require.Nil(t, found)
	})
}

// TestEvents: a cursor never skips an event, however commits and numbering interleave.
func TestEvents(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*escrowsql.Store{open(t, address), open(t, address)}
		const writers, each = 4, 10
		var writing, reading sync.WaitGroup
		var done atomic.Bool
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					withdrawn(t, stores[w%2], fmt.Sprintf("c%d-%d", w, i))
				}
			})
		}
		seen := map[string]uint64{}
		var cursor int64
		read := func(s *escrowsql.Store) {
			events, err := s.Events(ctx, cursor, 7)
			assert.NoError(t, err)
			for _, e := range events {
				assert.Equal(t, cursor+1, e.Event, "numbers have no gaps")
				assert.Equal(t, seen[e.ContractID]+1, e.Revision, "decisions of a contract come in their order")
				cursor, seen[e.ContractID] = e.Event, e.Revision
			}
		}
		for _, s := range stores {
			reading.Go(func() {
				for !done.Load() {
					_, err := s.NumberEvents(ctx, 5)
					assert.NoError(t, err)
				}
			})
		}
		reading.Go(func() {
			for !done.Load() {
				read(stores[0])
			}
		})
		writing.Wait()
		done.Store(true)
		reading.Wait()
		for cursor < writers*each*3 {
			n, err := stores[1].NumberEvents(ctx, 100)
			require.NoError(t, err)
			was := cursor
			read(stores[1])
			require.True(t, n > 0 || cursor > was, "an event is missing")
		}
		assert.Len(t, seen, writers*each)
	})
}

func TestOutbox(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		c := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		c.Messages = []escrowsql.Message{{ID: "a", Topic: "mail", ContractID: "c1", Payload: "1"}, {ID: "b", Topic: "mail", ContractID: "c1", Payload: "2"}, {ID: "c", Topic: "hook", Payload: "3"}}
		require.NoError(t, s.Commit(ctx, c))
		now := monday
		take := func() []escrowsql.Message {
			m, err := s.TakeMessages(ctx, "mail", 10, now, now.Add(time.Minute))
			require.NoError(t, err)
			return m
		}
		require.Len(t, take(), 2)
		require.Empty(t, take(), "leased")
		now = now.Add(time.Minute)
		taken := take()
		require.Len(t, taken, 2, "nobody told what became of them")
		require.NoError(t, s.Sent(ctx, "a"))
		message := taken[1]
		require.Equal(t, "b", message.ID)
		var waits []time.Duration
		for range 12 {
			require.NoError(t, s.Unsent(ctx, message, "no route", now))
			began := now
			for next := take(); len(next) == 0 && now.Before(began.Add(24*time.Hour)); next = take() {
				now = now.Add(10 * time.Second)
			}
			waits = append(waits, now.Sub(began))
			message.Attempts++
		}
		assert.Equal(t, []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second}, waits[:3])
		dead, err := s.DeadLetters(ctx, "mail", 10)
		require.NoError(t, err)
		require.Equal(t, []escrowsql.Message{{ID: "b", Topic: "mail", ContractID: "c1", Payload: "2", Attempts: 12, Problem: "no route"}}, dead)
		require.NoError(t, s.Resend(ctx, "b"))
		require.ErrorIs(t, s.Resend(ctx, "b"), escrowsql.ErrNotFound)
		require.Len(t, take(), 1)
	})
}
