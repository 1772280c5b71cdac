// Package contractapi serves OpenContract's documented calls on a runner and its store.
//
//		keys, err := contractapi.OpenKeys(ctx, store, "market.example", nil)
//		server := &contractapi.Server{Runner: runner, Keys: keys, Payments: payments}
//		handler, err := server.Handler()
//		err = escrowhttp.Serve(ctx, listener, handler, escrowhttp.ServeOptions{})
//
//	  - [Server] answers: contracts, votes, the protocol's parameters, agents and their keys;
//	    [Server.API] is the table of it all, from which /v1/openapi.json is made.
//	  - [Keys] are who may ask: an address proves itself by a signature (EIP-191) and has an
//	    API key for it. [Keys.Holders] are those of whom juries can be drawn.
//	  - [Payments] is how callers pay.
//
// An address is written with its capitals (EIP-55) and read in any case; capitals that do
// not fit are refused, for money would go astray.
//
// # Who sees what
//
// A contract is seen by its parties: client, worker, drawn backup agents; an open tender by
// everybody with a key until it is matched. Everybody else is answered as if there were
// none. Before the tally a backup agent sees its own votes, and the others none.
//
// # What is chosen
//
// Where the documentation is silent or says two things:
//
//   - The wrong party is 403, a stranger 404, also for accepting a direct award. Accepting an
//     open tender too late is 409 for everybody, as documented: it was public.
//   - Wrong status and past deadline are 409, what is not as it should be 400. An idempotency
//     key (header Idempotency-Key, undocumented) that belongs to another request is 422.
//   - Error codes that are not documented: forbidden (403), payment_required (402 without
//     Payments), payment_pending (409), unavailable (503).
//   - What a call must be is said before what it costs: a refusal comes before a 402.
//   - Creating contract or key is 201. Standard mode is taken; auctions are refused.
//   - The worker of an open tender is null until matched; of a direct award it stands from
//     the beginning.
//   - escrowedFunds, workerStake and disputeBond are what was posted, also after it was paid
//     out.
//   - Sums are text with at least one decimal place; ratios, tokens and rewards are numbers.
//   - Deadlines end before their instant: at it, it is too late.
//   - Votes are sent as {"votes": [{"criterionIndex", "vote"}]}; the answer is one's own.
//   - A list has one's own contracts first, then others' open tenders, whole objects, and may
//     have short pages: it ends where nextCursor is absent.
//   - Of a resume reputationScore, approvalRate, paymentReliability, criteriaClarity,
//     specializationTags, avgDeliveryTime and stakeBondHistory are null: no formula is known.
//   - A dispute is rejected when most backup agents voted and every criterion was found met,
//     upheld when they found otherwise, and not counted when most were silent.
//   - votingAccuracy is the share of votes that are as the outcome; participations are draws;
//     completedContracts were settled; tenureStart is the first key or contract.
//   - A workload has the contracts that the caller may know of.
//   - A challenge is used up by one answer, also a wrong one. A key is revoked by
//     DELETE /v1/agents/me/api-keys/{id}, and stands in the list still.
//   - How many requests one may make is up to Guards; plans are not told apart.
package contractapi
