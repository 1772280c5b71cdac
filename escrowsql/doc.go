// Package escrowsql keeps escrowed contracts in SQLite or PostgreSQL: snapshots,
// decisions, movements, approvals, idempotency keys, an outbox and numbered events, of
// any lifecycle. One decision is one transaction.
//
//	db, dialect, err := escrowsql.Connect("escrow.db") // or postgres://…
//	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
//	contract, err := store.Find(ctx, id)
//	decision, err := escrow.Decide(contract, command, actor, clock)
//	err = store.Commit(ctx, &escrowsql.Commit{Before: contract, Decision: decision, Clock: now})
//
// A commit lands on the revision it was decided from, or is [ErrStale] and nothing has
// happened: read again and decide again. One that ends in [ErrUnknown] may have landed;
// [Store.Landed] tells, and until it has, nothing else may be done about it.
//
// # What is kept
//
// Every snapshot's bytes are in a chain of digests, one link a decision, with command,
// actor and what the clock showed; [Store.Audit] lives every life again from that alone.
// Texts that people wrote are kept apart: a snapshot has in their place a salted hash, so
// [Store.Erase] can forget them for good and the chain still holds.
//
// Instants keep their nanoseconds and amounts their digits: both are text. All SQL is in
// this package; tables begin with escrow_, so they can live in a database of yours.
package escrowsql
