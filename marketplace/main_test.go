package marketplace

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx    = context.Background()
	monday = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
)

// watch is a wall that the test moves.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) set(t time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = t
}

// opened opens a store at an address.
func opened(t *testing.T, address string) *escrowsql.Store {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	require.NoError(t, err)
	return store
}
