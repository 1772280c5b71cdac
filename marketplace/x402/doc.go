// Package x402 takes payments by HTTP 402, as agents make them: the answer to a request
// that costs something is a quote, and the same request comes again with a payment that
// the payer has signed. Protocols 1 and 2 are spoken side by side.
//
//		request without a payment ─> Runner.Quote ─> Rail.Quote ─> Require: 402
//		request with a payment ─> Proof ─> Runner.Ask ─> Rail.Hold ─> the rail that moves the money ─> Settled
//
//	  - [Rail] is a payment rail that asks payers for a signature, judges it, and has another rail move the money.
//	  - [Rail.Ask] is all that a server does with a request; [Proof], [Require] and [Settled] are its parts.
//	  - [Quote] and [Payment] are what is asked and what is answered; [Payment.Verify] holds one against the other.
//	  - [Pay] is the payer's side.
//
// A payment is an authorization of one transfer of USDC (EIP-3009), signed as typed data
// (EIP-712) by the key of the account that pays. Whoever shows it can have it settled, to
// the account it names, once. Wallets that are contracts are refused.
//
// An authorization names a sum and a receiver, and not what is paid for. So it is bound to
// one hold, and by that to one request of one account, before it is settled.
package x402
