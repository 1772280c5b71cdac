package marketplace

import (
	"context"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/escrow-go/escrow/marketplace/trainapi"
)

// Tables are those of a marketplace that belong into a backup of its store: people with
// their passkeys, tokens and signatures, API keys, proposals, webhooks and their events.
// Sessions, challenges and links are not among them.
func Tables() []escrowsql.Table {
	return []escrowsql.Table{
		{Name: "people_users", Order: "id"}, {Name: "people_subjects", Order: "issuer, subject"}, {Name: "people_passkeys", Order: "id"},
		{Name: "people_signatures", Order: "id"}, {Name: "people_tokens", Order: "id"}, {Name: "contractapi_keys", Order: "id"},
		{Name: "trainapi_proposals", Order: "id"}, {Name: "trainapi_events", Order: "contract_id, revision, position"}, {Name: "trainapi_webhooks", Order: "id"},
	}
}

// MakeTables makes the tables of a marketplace in a store, for a backup to be restored
// into.
func MakeTables(ctx context.Context, store *escrowsql.Store, dialect *escrowsql.Dialect) error {
	if _, err := people.Open(ctx, store, people.Options{Origin: "http://localhost"}); err != nil {
		return err
	}
	if _, err := contractapi.OpenKeys(ctx, store, "localhost", nil); err != nil {
		return err
	}
	return trainapi.MakeTables(ctx, store, dialect)
}
