package x402

import "fmt"

// Refusal says why a payment is not taken.
type Refusal struct {
	// Reason is the word of the protocol, one of the Reasons.
	Reason string
	// What says for people what was wrong, and what would be right.
	What string
}

// Error returns both.
func (r *Refusal) Error() string { return r.Reason + ": " + r.What }

// refuse makes a refusal.
func refuse(reason, what string, args ...any) *Refusal {
	return &Refusal{Reason: reason, What: fmt.Sprintf(what, args...)}
}

// Why payments are refused, in the protocol's own words.
const (
	ReasonVersion      = "invalid_x402_version"
	ReasonPayload      = "invalid_payload"
	ReasonScheme       = "unsupported_scheme"
	ReasonNetwork      = "invalid_network"
	ReasonRequirements = "invalid_payment_requirements"
	ReasonRecipient    = "invalid_exact_evm_payload_recipient_mismatch"
	ReasonValue        = "invalid_exact_evm_payload_authorization_value"
	ReasonValidAfter   = "invalid_exact_evm_payload_authorization_valid_after"
	ReasonValidBefore  = "invalid_exact_evm_payload_authorization_valid_before"
	ReasonSignature    = "invalid_exact_evm_payload_signature"
	// ReasonContractWallet is of signatures of wallets that are contracts, deployed
	// (EIP-1271) or not yet (EIP-6492): they are not taken.
	ReasonContractWallet = "invalid_exact_evm_payload_undeployed_smart_wallet"
	// ReasonNonceUsed is of an authorization that pays for something else already.
	ReasonNonceUsed = "invalid_exact_evm_nonce_already_used"
	// ReasonFunds is of a payer who has less than is to be paid.
	ReasonFunds = "insufficient_funds"
)

// Why payments are refused, where the protocol has no word.
const (
	// ReasonPayer is of a payment that another account than the payer's has signed.
	ReasonPayer = "payer_mismatch"
	// ReasonPayerAddress is of a payer whose account is no address.
	ReasonPayerAddress = "payer_is_no_address"
	// ReasonAsset is of what is not USDC, or has more than six decimal places.
	ReasonAsset = "unsupported_asset"
	// ReasonAmount is of amounts that cannot be paid: none, or more than 10^38 units.
	ReasonAmount = "unsupported_amount"
	// ReasonVoided is of the capture of what was let go.
	ReasonVoided = "voided"
	// ReasonNotCaptured is of refunds of a hold that has no money.
	ReasonNotCaptured = "not_captured"
)
