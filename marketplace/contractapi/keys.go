package contractapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// Keys are the API keys of agents: of each only a hash is kept. An agent proves with its
// address's signature that it may have one, and may have any number. A key is good until
// it is revoked.
type Keys struct {
	db   *sql.DB
	wall escrow.Clock
	// service is named in what agents sign, so that they see for what they sign.
	service string
}

// OpenKeys returns the keys that are kept in a store's database, in tables of their own
// whose names begin with contractapi_. The service's name stands in what agents sign.
// Wall is the processes' own time, by which challenges run out; the system's when nil.
func OpenKeys(ctx context.Context, store *escrowsql.Store, service string, wall escrow.Clock) (*Keys, error) {
	if wall == nil {
		wall = system{}
	}
	if service == "" || strings.ContainsAny(service, "\r\n") {
		return nil, errors.New("contractapi: the service's name is what agents sign for: one line, not empty")
	}
	return &Keys{db: store.DB(), wall: wall, service: service}, createTables(ctx, store.DB())
}

type system struct{}

func (system) Now() time.Time { return time.Now() }

// key is an API key as its agent sees it.
type key struct {
	id, label          string
	createdAt, revoked int64
}

// keyPrefix tells people, and programs that look for leaked secrets, what a key is for.
const keyPrefix = "oc_"

// hashOf is what is kept of a key. Keys are random, so that a fast hash is enough.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// add makes a key for an address, and returns it with what is shown once.
func (k *Keys) add(ctx context.Context, tx *sql.Tx, address, label string) (own key, secret string, err error) {
	own = key{id: "key_" + strings.ToLower(rand.Text()), label: label, createdAt: k.wall.Now().UnixNano()}
	secret = keyPrefix + rand.Text() + rand.Text()
	_, err = tx.ExecContext(ctx, `INSERT INTO contractapi_keys (id, hash, address, label, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5, 0)`,
		own.id, hashOf(secret), address, label, own.createdAt)
	return own, secret, err
}

// Issue makes a key for an address that has not proved itself, and returns it, this once:
// for sandboxes and tests. The address is written with its capitals (EIP-55).
func (k *Keys) Issue(ctx context.Context, address, label string) (secret string, err error) {
	if own, ok := addressOf(address); !ok || own != address {
		return "", fmt.Errorf("contractapi: %q is no address with its capitals", address)
	}
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback() }()
	if _, secret, err = k.add(ctx, tx, address, label); err != nil {
		return "", err
	}
	return secret, tx.Commit()
}

// Authenticate returns the agent whose key a request carries as its bearer token, nobody
// when it carries none that is good. It fits [escrowhttp.Server.Authenticate].
func (k *Keys) Authenticate(r *http.Request) (escrow.Actor, error) {
	kind, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") || !strings.HasPrefix(secret, keyPrefix) {
		return escrow.Actor{}, nil
	}
	var address string
	err := k.db.QueryRowContext(r.Context(), `SELECT address FROM contractapi_keys WHERE hash = $1 AND revoked_at = 0`, hashOf(secret)).Scan(&address)
	if errors.Is(err, sql.ErrNoRows) {
		return escrow.Actor{}, nil
	}
	if err != nil {
		return escrow.Actor{}, err
	}
	return escrow.Agent(address), nil
}

// Holders returns the addresses that have a key that is not revoked, in their order:
// those of whom backup agents can be drawn, since they can vote.
func (k *Keys) Holders(ctx context.Context) (addresses []string, err error) {
	rows, err := k.db.QueryContext(ctx, `SELECT DISTINCT address FROM contractapi_keys WHERE revoked_at = 0 ORDER BY address`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a string
		if err := rows.Scan(&a); err != nil {
			return nil, err
		}
		addresses = append(addresses, a)
	}
	return addresses, rows.Err()
}

// of returns an address's keys, oldest first, revoked ones too.
func (k *Keys) of(ctx context.Context, address string) (list []key, err error) {
	rows, err := k.db.QueryContext(ctx, `SELECT id, label, created_at, revoked_at FROM contractapi_keys WHERE address = $1 ORDER BY created_at, id`, address)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var own key
		if err := rows.Scan(&own.id, &own.label, &own.createdAt, &own.revoked); err != nil {
			return nil, err
		}
		list = append(list, own)
	}
	return list, rows.Err()
}

// revoke ends one of an address's keys, for good; false when it has none of that id.
func (k *Keys) revoke(ctx context.Context, address, id string) (own key, found bool, err error) {
	err = k.db.QueryRowContext(ctx, `UPDATE contractapi_keys SET revoked_at = CASE WHEN revoked_at = 0 THEN $1 ELSE revoked_at END
		WHERE id = $2 AND address = $3 RETURNING id, label, created_at, revoked_at`, k.wall.Now().UnixNano(), id, address).
		Scan(&own.id, &own.label, &own.createdAt, &own.revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return own, false, nil
	}
	return own, err == nil, err
}
