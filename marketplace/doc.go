// Package marketplace is a marketplace that runs: the documented calls of OpenContract and
// OpenTrain, every lifecycle over HTTP, and pages for people, on one store and one runner.
//
//	market, err := marketplace.Open(ctx, marketplace.Options{Database: "escrow.db", Kind: marketplace.SandboxKind, Origin: "http://localhost:8080"})
//	handler, err := market.Handler()
//	go market.Run(ctx)
//
// A database is a sandbox or live from its making. In a sandbox money is made up, the clock
// can be moved forward, and anybody can play anybody; it answers on this machine only.
//
//	/                          pages for people
//	/people/                   passkeys, sessions, tokens
//	/v1/…                      OpenContract
//	/public/v1/…               OpenTrain
//	/lifecycles/{name}/…       every lifecycle
//	/openapi.json              the document of the last; those of the other two stand beside them
//	/healthz /readyz /metrics  for machines that watch
//	/sandbox/…                 keys, proposals and the clock of a sandbox
//
// Payments of OpenContract's calls are by x402 where the payer's account is an address of
// Ethereum; in a sandbox any other account's money is made up, and needs no payment.
package marketplace
