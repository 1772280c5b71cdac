// Package marketplace is a small backend around package escrow, as the team of a
// marketplace would write it: an HTTP server that keeps contracts, decides by the
// engine, books the money, and pays. It is there to be tested: docs/testing.md puts
// it next to the engine with package escrowtest.
//
//	POST /contracts                 a draft; 201 and the draft
//	POST /contracts/{id}/commands   {"command", "actor"}; the decision or the refusal
//	GET  /contracts?cursor=&limit=  the contracts that the actor sees, by pages
//	GET  /contracts/{id}            the contract as it stands
//	GET  /contracts/{id}/history    what was asked and decided, in order
//	GET  /approvals/{id}            an approval, whether or not the contract still keeps it
//	GET  /contracts/{id}/books      what is booked, held and paid: for the operators
//	GET  /balances                  every account of the ledger: for the operators
//
// A command may have an Idempotency-Key: asked again under it, the same command has
// the same answer; another one is refused with status 422. Who reads says so in the
// header Actor, as JSON.
//
// Deposits are held before a decision is stored and captured when it is; payouts are
// sent then, those of a decision with a review when somebody has released them.
//
// Left out is what the harness does not look at: who the actor really is, and the
// scheduler that sends advance. The payment provider is a list beside the contract, and
// declines nothing.
package marketplace
