package escrowhttp

import (
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// newLimiter returns a limiter of so many requests a second; a negative rate is none.
func newLimiter(perSecond float64, burst int) *rate.Limiter {
	if perSecond < 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(perSecond), burst)
}

// allow refuses what comes too fast, and says when to come again.
func allow(l *rate.Limiter) error {
	now := time.Now()
	next := l.ReserveN(now, 1)
	wait := time.Second // of a limiter that lets nothing through
	if next.OK() {
		if wait = next.DelayFrom(now); wait <= 0 {
			return nil
		}
		next.CancelAt(now)
	}
	return &Problem{Status: http.StatusTooManyRequests, Code: codeTooMany, Reason: RateExceeded, Message: "too many requests", RetryAfter: wait}
}

// callers limits each caller by itself. It remembers so many; whoever has not asked for
// longest is forgotten first.
type callers struct {
	limits  *lru.Cache[string, *rate.Limiter]
	perSec  float64
	burst   int
	unbound bool
}

func newCallers(perSecond float64, burst, most int) *callers {
	limits, err := lru.New[string, *rate.Limiter](max(most, 1))
	if err != nil { // only of a size below 1
		panic(err)
	}
	return &callers{limits: limits, perSec: perSecond, burst: burst, unbound: perSecond < 0}
}

func (c *callers) allow(caller string) error {
	if c.unbound {
		return nil
	}
	l, ok := c.limits.Get(caller)
	if !ok {
		l = newLimiter(c.perSec, c.burst)
		if there, found, _ := c.limits.PeekOrAdd(caller, l); found {
			l = there
		}
	}
	return allow(l)
}
