// Package marketplace is a small backend around package escrow, as the team of a
// marketplace would write it: an HTTP server that keeps contracts, decides by the
// engine, and books the money. It is there to be tested: docs/testing.md puts it
// next to the engine with package escrowtest.
//
//	POST /contracts                 a draft; 201 and the draft
//	GET  /contracts/{id}            the contract as it stands
//	POST /contracts/{id}/commands   {"command", "actor"}; the decision or the refusal
//	GET  /contracts/{id}/history    what was asked and decided, in order
//	GET  /balances                  every account of the ledger
//
// Left out is what the harness does not look at: who the actor really is, the
// collecting of deposits before a decision is committed, payouts held for review,
// and the scheduler that sends advance.
package marketplace
