package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// People knows users. It is safe for use by many goroutines, and on PostgreSQL by many
// processes.
type People struct {
	store  *escrowsql.Store
	web    *webauthn.WebAuthn
	issuer *issuer // nil where people sign in by passkeys
	options
}

type options = Options

// Options are how people come in. Origin is needed, the rest may be left out.
type Options struct {
	// Origin is where the pages are, as the browser sees it: "https://market.example".
	// Passkeys are bound to its host for good. Without TLS only localhost will do.
	Origin string
	// Title is the marketplace's name, which a passkey shows; the host by default.
	Title string
	// OIDC has people sign in by an OpenID provider; nil by their passkeys.
	OIDC *OIDC
	// Features are what the marketplace has switched on for tokens.
	Features []string
	// Idle is how long a session lives unused, 30 minutes when 0; Absolute how long it
	// lives at all, 12 hours when 0.
	Idle, Absolute time.Duration
	// Clock is the time, the system's own when nil.
	Clock escrow.Clock
	// Log is told of what people should look at; nil tells nobody.
	Log *slog.Logger
	// Migrate says what to do with tables that are not of this version.
	Migrate escrowsql.Migrate
}

const (
	linkLife      = 24 * time.Hour
	challengeLife = 2 * time.Minute
	// freshness is how long after signing in keys and tokens can be added.
	freshness = 10 * time.Minute
)

//go:embed schema/*.sql
var schemas embed.FS

// Open makes the tables of users in a store's database, or brings them up to date.
func Open(ctx context.Context, store *escrowsql.Store, o Options) (*People, error) {
	origin, err := url.Parse(o.Origin)
	if err != nil || origin.Host == "" || origin.Path != "" || origin.RawQuery != "" || origin.Scheme != "https" && origin.Hostname() != "localhost" {
		return nil, fmt.Errorf("the origin %q: an address as https://market.example is needed, without a path; http for localhost alone", o.Origin)
	}
	p := &People{store: store, options: o}
	p.defaults(origin.Hostname())
	if o.OIDC != nil {
		if p.issuer, err = newIssuer(o.OIDC, o.Origin); err != nil {
			return nil, err
		}
	}
	p.web, err = webauthn.New(&webauthn.Config{
		RPID: origin.Hostname(), RPDisplayName: p.Title, RPOrigins: []string{o.Origin},
		AttestationPreference:  protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
		// Some password managers answer what nobody asked; nothing of it is used.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, err
	}
	return p, store.Tables(ctx, o.Migrate, "people", schemas)
}

func (p *People) defaults(host string) {
	if p.Title == "" {
		p.Title = host
	}
	if p.Idle == 0 {
		p.Idle = 30 * time.Minute
	}
	if p.Absolute == 0 {
		p.Absolute = 12 * time.Hour
	}
	if p.Clock == nil {
		p.Clock = systemClock{}
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (p *People) now() time.Time { return p.Clock.Now() }
func (p *People) secure() bool   { return strings.HasPrefix(p.Origin, "https:") }

// secret returns 256 random bits in 52 letters and digits.
func secret() string { return rand.Text() + rand.Text() }

// newID returns an id that nobody can guess.
func newID(kind string) string { return kind + "_" + strings.ToLower(rand.Text()) }

// digest is what is kept of a secret. It is long and random, so one round is enough.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// millis writes an instant for the database, 0 for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant reads what millis wrote.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// exec changes rows, at least one, else it is the error otherwise.
func exec(ctx context.Context, tx *sql.Tx, otherwise error, query string, args ...any) error {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return otherwise
}

// write changes rows by one statement, at least one, else it is the error otherwise.
func (p *People) write(ctx context.Context, otherwise error, query string, args ...any) error {
	return p.store.Write(ctx, func(tx *sql.Tx) error { return exec(ctx, tx, otherwise, query, args...) })
}

// one reads the only row of a query, else it is the error otherwise.
func one[T any](ctx context.Context, p *People, otherwise error, read func(scanner) (T, error), query string, args ...any) (T, error) {
	found, err := read(p.store.DB().QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		err = otherwise
	}
	return found, err
}

// all reads every row of a query.
func all[T any](ctx context.Context, p *People, read func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := p.store.DB().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var found []T
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

// scanner is a row.
type scanner interface{ Scan(to ...any) error }
