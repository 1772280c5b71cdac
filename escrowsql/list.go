package escrowsql

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"
)

// Query says which contracts are listed: those that an account is a party of, of one
// lifecycle and status where these are given; without an account those of a lifecycle
// in a status. Newest first.
type Query struct {
	Account           string
	Lifecycle, Status string
	// Cursor is where to go on: a page's Next, empty for the beginning.
	Cursor string
	// Limit is the greatest number of contracts, 100 when 0, at most 1,000.
	Limit int
}

// Summary is a contract in a list.
type Summary struct {
	ID, Lifecycle, Status string
	Revision              uint64
	CreatedAt, DecidedAt  time.Time
	Ended                 bool
}

// Page is a part of a list.
type Page struct {
	Contracts []Summary
	// Next is the cursor of the next part, empty at the end. It stays good whatever
	// happens meanwhile: no contract that was there all the time is skipped or told twice.
	Next string
}

// ErrCursor: a cursor that no page has given.
var ErrCursor = errors.New("not a cursor of this list")

// List returns a page of contracts.
func (s *Store) List(ctx context.Context, q Query) (Page, error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	q.Limit = min(q.Limit, 1000)
	created, id, err := cursor(q.Cursor)
	if err != nil {
		return Page{}, err
	}
	const columns = `SELECT c.id, c.lifecycle, c.status, c.revision, c.created_at, c.decided_at, c.ended FROM `
	var found []Summary
	if q.Account != "" {
		found, err = query(ctx, s.db, summary, columns+`escrow_accounts a JOIN escrow_contracts c ON c.id = a.contract_id
			WHERE a.account = $1 AND (a.created_at, a.contract_id) < ($2, $3) AND ($5 = '' OR c.lifecycle = $5) AND ($6 = '' OR c.status = $6)
			ORDER BY a.created_at DESC, a.contract_id DESC LIMIT $4`, q.Account, created, id, q.Limit+1, q.Lifecycle, q.Status)
	} else {
		found, err = query(ctx, s.db, summary, columns+`escrow_contracts c WHERE c.lifecycle = $1 AND c.status = $2
			AND (c.created_at, c.id) < ($3, $4) ORDER BY c.created_at DESC, c.id DESC LIMIT $5`, q.Lifecycle, q.Status, created, id, q.Limit+1)
	}
	page := Page{Contracts: found}
	if len(found) > q.Limit {
		page.Contracts = found[:q.Limit]
		last := page.Contracts[q.Limit-1]
		page.Next = base64.RawURLEncoding.EncodeToString([]byte(stamp(last.CreatedAt) + " " + last.ID))
	}
	return page, err
}

// cursor reads a cursor; the empty one is behind every contract.
func cursor(text string) (created, id string, err error) {
	if text == "" {
		return "~", "", nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(text)
	created, id, ok := strings.Cut(string(plain), " ")
	if _, bad := instant(created); err != nil || !ok || bad != nil {
		return "", "", ErrCursor
	}
	return created, id, nil
}

func summary(r row) (c Summary, err error) {
	var created, decided string
	if err = r.Scan(&c.ID, &c.Lifecycle, &c.Status, &c.Revision, &created, &decided, &c.Ended); err != nil {
		return c, err
	}
	if c.CreatedAt, err = instant(created); err == nil {
		c.DecidedAt, err = instant(decided)
	}
	return c, err
}
