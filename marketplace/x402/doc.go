// Package x402 takes payments by HTTP 402, as agents make them: the answer to a request
// that costs something is a quote, and the same request comes again with a payment that
// the payer has signed. Protocols 1 and 2 are spoken side by side.
//
//		http request ── Proof ──> proof, key ── Runner.Ask ──> Rail.Hold ──> the rail that moves the money
//		             <─ Require ─ Runner.Quote, Rail.Quote
//
//	  - [Rail] is a payment rail that asks payers for a signature, judges it, and has another rail move the money.
//	  - [Proof], [Require] and [Settled] are what a server needs of the protocol.
//	  - [Quote] and [Payment] are what is asked and what is answered; [Payment.Verify] holds one against the other.
//	  - [Pay] is the payer's side.
//
// A payment is an authorization of one transfer of USDC (EIP-3009), signed as typed data
// (EIP-712) by the key of the account that pays. Whoever shows it can have it settled, to
// the account it names, once. Wallets that are contracts are refused.
package x402
