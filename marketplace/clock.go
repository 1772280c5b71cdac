package marketplace

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// ErrBackwards: a sandbox's clock goes forward only.
var ErrBackwards = errors.New("the clock goes forward only")

// errTooFar: a sandbox's clock cannot be set so far ahead.
var errTooFar = errors.New("the clock cannot be set so far ahead")

// latest is the last instant that a sandbox's clock is set to: from here on contracts
// could have deadlines that no text can say.
var latest = time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)

// Clock is a sandbox's: it goes on as the wall's does, ahead of it by as much as it was
// moved. How much that is is kept in the database.
type Clock struct {
	wall  escrow.Clock
	store *escrowsql.Store
	mu    sync.RWMutex
	ahead time.Duration
}

// clockSetting is where it is kept how far the clock is ahead.
const clockSetting = "marketplace.ahead"

// wall is the time on the wall.
type wall struct{}

func (wall) Now() time.Time { return time.Now().UTC() }

// openClock returns the clock of a database.
func openClock(ctx context.Context, store *escrowsql.Store, wall escrow.Clock) (*Clock, error) {
	c := &Clock{wall: wall, store: store}
	text, err := store.Setting(ctx, clockSetting)
	if err != nil || text == "" {
		return c, err
	}
	c.ahead, err = time.ParseDuration(text)
	return c, err
}

// Now returns the sandbox's time.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.wall.Now().Add(c.ahead).UTC()
}

// Forward sets the clock to an instant that is not before what it shows, and not after
// the year 9000.
func (c *Clock) Forward(ctx context.Context, to time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	real := c.wall.Now()
	if now := real.Add(c.ahead); to.Before(now) {
		return fmt.Errorf("%w: it shows %s", ErrBackwards, now.UTC().Format(time.RFC3339Nano))
	}
	ahead := to.Sub(real)
	if to.After(latest) || real.Add(ahead).Before(to) { // a duration ends after 292 years
		return fmt.Errorf("%w: it goes to %s, and 292 years at most", errTooFar, latest.Format(time.DateOnly))
	}
	if err := c.store.Set(ctx, clockSetting, ahead.String()); err != nil {
		return err
	}
	c.ahead = ahead
	return nil
}
