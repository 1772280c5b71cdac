package escrowhttp

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are what operators watch, in a registry of their own. A nil Metrics counts
// nothing.
type Metrics struct {
	// Registry holds them; the embedder may add its own.
	Registry  *prometheus.Registry
	decisions *prometheus.CounterVec
	refusals  *prometheus.CounterVec
	requests  *prometheus.HistogramVec
}

// NewMetrics returns metrics that count from nothing.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "escrow_decisions_total",
			Help: "Decisions that were answered, repeated ones included."}, []string{"lifecycle", "action"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "escrow_refusals_total",
			Help: "Commands that were refused or failed, by reason."}, []string{"lifecycle", "action", "reason"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "escrow_http_request_duration_seconds",
			Help: "How long requests took, by route.", Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 11)}, []string{"method", "route", "status"}),
	}
	m.Registry.MustRegister(m.decisions, m.refusals, m.requests)
	return m
}

// Handler returns the handler of GET /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// Decided counts what came of a command: a decision, or why there was none.
func (m *Metrics) Decided(l *escrow.Lifecycle, action escrow.Action, err error) {
	if m == nil {
		return
	}
	labels := prometheus.Labels{"lifecycle": l.Name(), "action": knownAction(l, action)}
	if err == nil {
		m.decisions.With(labels).Inc()
		return
	}
	labels["reason"] = knownReason(l, ProblemOf(err).Reason)
	m.refusals.With(labels).Inc()
}

// Answered counts a request that was answered. The route is its pattern, never its path.
func (m *Metrics) Answered(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(knownMethod(method), route, strconv.Itoa(status)).Observe(took.Seconds())
}

// unknown is the label of what callers make up, so that they cannot make up labels.
const unknown = "unknown"

func knownAction(l *escrow.Lifecycle, action escrow.Action) string {
	for _, act := range l.Acts() {
		if act.Action() == action {
			return string(action)
		}
	}
	return unknown
}

func knownReason(l *escrow.Lifecycle, reason string) string {
	for _, e := range l.Reasons() {
		if string(e.Reason) == reason {
			return reason
		}
	}
	for _, e := range escrow.Catalogue() {
		if string(e.Reason) == reason {
			return reason
		}
	}
	if ownReasons[reason] {
		return reason
	}
	return unknown
}

func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return unknown
}

// Watch adds what the store has to be done: it is asked for whenever metrics are read.
// The clock is the contracts' time, the system's when nil.
func (m *Metrics) Watch(store *escrowsql.Store, clock escrow.Clock) {
	m.Registry.MustRegister(&backlog{store: store, clock: clockOr(clock)})
}

// backlog collects what waits in a store.
type backlog struct {
	store *escrowsql.Store
	clock escrow.Clock
}

var (
	lagDesc     = prometheus.NewDesc("escrow_deadline_lag_seconds", "How long the contract that is due first has been waiting for the timed work.", nil, nil)
	outboxDesc  = prometheus.NewDesc("escrow_outbox_age_seconds", "How long the oldest message that is to be sent has been waiting.", nil, nil)
	deadDesc    = prometheus.NewDesc("escrow_dead_letters", "Messages that were given up.", nil, nil)
	shortDesc   = prometheus.NewDesc("escrow_shortfalls", "Holds that were decided upon and cannot be captured: their contracts pay nothing out.", nil, nil)
	reviewDesc  = prometheus.NewDesc("escrow_payments_in_review", "Payouts that wait for people to look at them.", nil, nil)
	refusedDesc = prometheus.NewDesc("escrow_payments_dead", "Payouts that were refused or tried in vain too often.", nil, nil)
)

// Describe is for the registry.
func (b *backlog) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{lagDesc, outboxDesc, deadDesc, shortDesc, reviewDesc, refusedDesc} {
		to <- d
	}
}

// scrapeLimit is how long the store may take to tell what waits in it.
const scrapeLimit = 5 * time.Second

// Collect is for the registry.
func (b *backlog) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeLimit)
	defer cancel()
	found, err := b.store.Backlog(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(lagDesc, err)
		return
	}
	gauge := func(d *prometheus.Desc, value float64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	gauge(lagDesc, secondsSince(found.DueSince, b.clock.Now()))
	gauge(outboxDesc, secondsSince(found.UnsentSince, b.clock.Now()))
	gauge(deadDesc, float64(found.DeadLetters))
	gauge(shortDesc, float64(found.Shortfalls))
	gauge(reviewDesc, float64(found.InReview))
	gauge(refusedDesc, float64(found.DeadPayments))
}

// secondsSince returns how long ago an instant was; 0 for none, or one to come.
func secondsSince(at, now time.Time) float64 {
	if at.IsZero() || now.Before(at) {
		return 0
	}
	return now.Sub(at).Seconds()
}
