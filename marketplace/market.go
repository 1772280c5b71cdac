package marketplace

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/escrow-go/escrow/marketplace/trainapi"
)

// features are what tokens may do here, as OpenTrain's rules call it.
var features = []string{"public_api_hiring", "public_api_payments_write"}

// Options say what marketplace it is.
type Options struct {
	// Database is a file of SQLite, made when it is not there, or postgres://….
	Database string
	// Kind is the database's, for good.
	Kind Kind
	// Origin is where browsers find the marketplace: "https://market.example", of a sandbox
	// "http://localhost:8080".
	Origin string
	// Rail moves the money of a live marketplace, which needs one. A sandbox has its own.
	Rail escrowrun.Rail
	// OIDC has people sign in by an OpenID provider; nil by passkeys alone.
	OIDC *people.OIDC
	// Migrate says what to do with a database that is not of this version.
	Migrate escrowsql.Migrate
	// Log is told what people should look at; nil tells nobody.
	Log *slog.Logger
	// Wall is the processes' own time; the system's when nil.
	Wall escrow.Clock
}

// Market is a marketplace. It is safe for use by many goroutines; its timed work is done
// by [Market.Run].
type Market struct {
	Runner *escrowrun.Runner
	People *people.People
	// Clock is a sandbox's, nil when the marketplace is live: time is the wall's then.
	Clock *Clock

	options Options
	dialect *escrowsql.Dialect
	metrics *escrowhttp.Metrics
	till    *till
	keys    *contractapi.Keys
	train   *trainapi.Server
	open    []*sql.DB
}

// Open opens a marketplace on its database, whose tables it makes or brings up to date.
// The error says in one line what cannot be.
func Open(ctx context.Context, o Options) (*Market, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Wall == nil {
		o.Wall = wall{}
	}
	m := &Market{options: o, metrics: escrowhttp.NewMetrics()}
	if err := m.openAll(ctx); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// openAll opens the parts of the marketplace, each on what is before it.
func (m *Market) openAll(ctx context.Context) error {
	o := m.options
	db, err := m.connect(o.Database)
	if err != nil {
		return err
	}
	store, err := escrowsql.Open(ctx, db, m.dialect, lifecycles.All(), escrowsql.Options{Migrate: o.Migrate})
	if err != nil {
		return err
	}
	if err := settle(ctx, store, o.Kind); err != nil {
		return err
	}
	m.Runner = &escrowrun.Runner{Store: store, Rail: o.Rail, Clock: o.Wall, Wall: o.Wall, Log: o.Log}
	m.Runner.Jury = juryOf(m.judges)
	if o.Kind == SandboxKind {
		if err := m.play(ctx, store); err != nil {
			return err
		}
	}
	m.metrics.Watch(store, m.Runner.Clock)
	if m.People, err = people.Open(ctx, store, people.Options{Origin: o.Origin, Title: "Escrow", OIDC: o.OIDC, Features: features, Clock: o.Wall, Log: o.Log, Migrate: o.Migrate}); err != nil {
		return err
	}
	if m.keys, err = contractapi.OpenKeys(ctx, store, strings.TrimSuffix(o.Origin, "/"), o.Wall); err != nil {
		return err
	}
	m.train = m.newTrain()
	if err := m.train.Open(ctx); err != nil {
		return err
	}
	m.Runner.Also, m.Runner.Deliver, m.Runner.Topics = m.train.Also, m.train.Deliver, m.train.Topics()
	if o.Kind == SandboxKind {
		return m.demo(ctx)
	}
	return nil
}

// check says what of the options cannot be.
func (o *Options) check() error {
	origin, err := url.Parse(o.Origin)
	switch {
	case o.Kind != SandboxKind && o.Kind != LiveKind:
		return fmt.Errorf("a marketplace is %q or %q, not %q", SandboxKind, LiveKind, o.Kind)
	case o.Database == "":
		return errors.New("the database is missing: name a file, or postgres://…")
	case err != nil || origin.Host == "" || strings.TrimSuffix(origin.Path, "/") != "":
		return fmt.Errorf("the marketplace's address %q is none: write it as https://market.example", o.Origin)
	case o.Kind == SandboxKind && !local(origin.Hostname()):
		return fmt.Errorf("a sandbox is on this machine only: its address is localhost, 127.0.0.1 or [::1], not %q", origin.Hostname())
	case o.Kind == LiveKind && origin.Scheme != "https":
		return fmt.Errorf("a live marketplace's address begins with https://, not with %q", o.Origin)
	case o.Kind == LiveKind && o.Rail == nil:
		return errors.New("a live marketplace needs a rail that moves its money: give marketplace.Options one")
	}
	return nil
}

// local reports whether a host is this machine by its name.
func local(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// connect opens a database that Close closes.
func (m *Market) connect(address string) (*sql.DB, error) {
	db, dialect, err := escrowsql.Connect(address)
	if err != nil {
		return nil, err
	}
	if m.dialect == nil {
		m.dialect = dialect
	}
	m.open = append(m.open, db)
	return db, nil
}

// Run does the timed work until the context ends.
func (m *Market) Run(ctx context.Context) error { return m.Runner.Run(ctx) }

// Close closes the databases.
func (m *Market) Close() (err error) {
	for _, db := range m.open {
		err = errors.Join(err, db.Close())
	}
	return err
}
