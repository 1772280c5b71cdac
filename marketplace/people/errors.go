package people

import "net/http"

// Error is why a person, a browser or a program was refused. Each has a code; errors.Is
// tells them apart.
type Error struct {
	// Code is the refusal's name, for programs.
	Code string
	// Status is the one of HTTP that fits.
	Status int
	text   string
}

// Error returns the refusal in words.
func (e *Error) Error() string { return e.text }

// The refusals. Nothing has happened, but that a challenge that was tried is used up.
var (
	ErrMalformed = &Error{"malformed", http.StatusBadRequest, "the request is not well formed"}
	ErrNotFound  = &Error{"not_found", http.StatusNotFound, "there is no such thing of yours"}

	ErrSignedOut = &Error{"signed_out", http.StatusUnauthorized, "sign in first"}
	ErrStale     = &Error{"sign_in_again", http.StatusForbidden, "the sign-in is too long ago for this: sign in again"}
	ErrDisabled  = &Error{"user_disabled", http.StatusForbidden, "the user is disabled"}
	ErrToken     = &Error{"token_invalid", http.StatusUnauthorized, "no valid token was given"}
	ErrScope     = &Error{"scope_exceeded", http.StatusForbidden, "a token cannot do more than who mints it"}

	ErrLink         = &Error{"link_invalid", http.StatusNotFound, "there is no such enrolment link; ask for a new one"}
	ErrLinkUsed     = &Error{"link_used", http.StatusGone, "the enrolment link has been used; ask for a new one"}
	ErrLinkExpired  = &Error{"link_expired", http.StatusGone, "the enrolment link has expired; ask for a new one"}
	ErrByIssuer     = &Error{"by_issuer", http.StatusForbidden, "people sign in here by their OpenID provider"}
	ErrIssuer       = &Error{"issuer_refused", http.StatusForbidden, "the OpenID provider's answer is not valid"}
	ErrNotEnrolled  = &Error{"not_enrolled", http.StatusForbidden, "nobody is enrolled under this sign-in; use the enrolment link first"}
	ErrSubjectTaken = &Error{"subject_taken", http.StatusConflict, "this sign-in belongs to another user"}

	ErrNoPasskey   = &Error{"no_passkey", http.StatusConflict, "add a passkey first"}
	ErrLastPasskey = &Error{"last_passkey", http.StatusConflict, "the last passkey cannot be removed: add another first"}
	ErrPasskeyUsed = &Error{"passkey_known", http.StatusConflict, "the passkey is enrolled already"}

	ErrNoChallenge   = &Error{"challenge_unknown", http.StatusConflict, "what was signed is no challenge of ours"}
	ErrReplayed      = &Error{"challenge_used", http.StatusConflict, "the challenge has been answered before"}
	ErrExpired       = &Error{"challenge_expired", http.StatusConflict, "the challenge has expired; sign again"}
	ErrOtherUser     = &Error{"other_user", http.StatusForbidden, "the challenge was given to another user"}
	ErrOtherSession  = &Error{"other_session", http.StatusForbidden, "the challenge was given to another session"}
	ErrOtherApproval = &Error{"other_approval", http.StatusConflict, "another approval was signed"}
	ErrOtherHash     = &Error{"other_hash", http.StatusConflict, "what the approval says is not what was signed"}
	ErrOtherValues   = &Error{"other_values", http.StatusConflict, "the values are not those that were signed"}
	ErrOtherPasskey  = &Error{"other_passkey", http.StatusForbidden, "the passkey is not one of this user's"}
	ErrNotVerified   = &Error{"user_not_verified", http.StatusForbidden, "the passkey did not verify the person"}
	ErrCopied        = &Error{"passkey_copied", http.StatusForbidden, "the passkey counts backwards, as a copy would: remove it and enrol another"}
	ErrSignature     = &Error{"signature_invalid", http.StatusForbidden, "the signature is not valid"}
	ErrNotByPost     = &Error{"not_by_post", http.StatusMethodNotAllowed, "an approval is confirmed by a form that is posted"}
	ErrNotByToken    = &Error{"not_by_token", http.StatusForbidden, "an approval is confirmed by a person, never by a token"}
)
