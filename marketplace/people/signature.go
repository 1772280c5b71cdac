package people

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
)

// Signature is a person's under an approval, with all that is needed to verify it again.
type Signature struct {
	ID string `json:"id"`
	// Statement is what was signed, to the byte; [Signature.Says] reads it.
	Statement string `json:"statement"`
	// Origin is where it was signed.
	Origin    string    `json:"origin"`
	SessionID string    `json:"sessionId"`
	At        time.Time `json:"at"`
	// CredentialID and PublicKey (COSE) are the passkey's.
	CredentialID []byte `json:"credentialId"`
	PublicKey    []byte `json:"publicKey"`
	// ClientData, AuthenticatorData and Signature are what the passkey answered.
	ClientData        []byte `json:"clientDataJSON"`
	AuthenticatorData []byte `json:"authenticatorData"`
	Signature         []byte `json:"signature"`
}

// Says returns what was signed.
func (s Signature) Says() (said Statement, err error) {
	if err = json.Unmarshal([]byte(s.Statement), &said); err != nil {
		return said, fmt.Errorf("%w: the statement: %w", ErrSignature, err)
	}
	return said, nil
}

// VerifyStored verifies a signature from itself alone: that the holder of the public key,
// verified by their device, signed this statement at this origin. That the key was the
// person's is what their enrolment says.
func VerifyStored(s Signature) error {
	origin, err := url.Parse(s.Origin)
	if err != nil {
		return fmt.Errorf("%w: the origin: %w", ErrSignature, err)
	}
	var client protocol.CollectedClientData
	if err := json.Unmarshal(s.ClientData, &client); err != nil {
		return fmt.Errorf("%w: the client's data: %w", ErrSignature, err)
	}
	var device protocol.AuthenticatorData
	if err := device.Unmarshal(s.AuthenticatorData); err != nil {
		return fmt.Errorf("%w: the authenticator's data: %w", ErrSignature, err)
	}
	host := sha256.Sum256([]byte(origin.Hostname()))
	switch {
	case client.Type != protocol.AssertCeremony:
		return fmt.Errorf("%w: it is of another ceremony, %q", ErrSignature, client.Type)
	case client.Challenge != base64url(challengeOf(s.Statement)):
		return fmt.Errorf("%w: another statement was signed", ErrSignature)
	case client.Origin != s.Origin || client.CrossOrigin:
		return fmt.Errorf("%w: it was made at %q", ErrSignature, client.Origin)
	case !bytes.Equal(device.RPIDHash, host[:]):
		return fmt.Errorf("%w: it was made for another host", ErrSignature)
	case !device.Flags.HasUserPresent() || !device.Flags.HasUserVerified():
		return fmt.Errorf("%w: %w", ErrSignature, ErrNotVerified)
	}
	key, err := webauthncose.ParsePublicKey(s.PublicKey)
	if err != nil {
		return fmt.Errorf("%w: the public key: %w", ErrSignature, err)
	}
	sum := sha256.Sum256(s.ClientData)
	if valid, err := webauthncose.VerifySignature(key, slices.Concat(s.AuthenticatorData, sum[:]), s.Signature); err != nil || !valid {
		return fmt.Errorf("%w: the key did not sign this", ErrSignature)
	}
	_, err = s.Says()
	return err
}

// Signatures returns the signatures under an approval, in the order they were made.
func (p *People) Signatures(ctx context.Context, approvalID string) ([]Signature, error) {
	return all(ctx, p, scanSignature, `SELECT id, session_id, statement, origin, credential_id, public_key, client_data, authenticator_data, signature, signed_at
		FROM people_signatures WHERE approval_id = $1 ORDER BY signed_at, id`, approvalID)
}

func scanSignature(r scanner) (s Signature, err error) {
	err = r.Scan(&s.ID, &s.SessionID, &s.Statement, &s.Origin, (*bytesColumn)(&s.CredentialID), (*bytesColumn)(&s.PublicKey), (*bytesColumn)(&s.ClientData),
		(*bytesColumn)(&s.AuthenticatorData), (*bytesColumn)(&s.Signature), (*instantColumn)(&s.At))
	return s, err
}

// keep stores a signature, once it is verified from what will be stored.
func (p *People) keep(ctx context.Context, s Signature) (Signature, error) {
	if err := VerifyStored(s); err != nil {
		return Signature{}, err
	}
	said, err := s.Says()
	if err != nil {
		return Signature{}, err
	}
	return s, p.write(ctx, nil, `INSERT INTO people_signatures (id, approval_id, user_id, session_id, statement, origin, credential_id, public_key,
		client_data, authenticator_data, signature, signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.ID, said.ApprovalID, said.UserID, s.SessionID, s.Statement, s.Origin, base64url(s.CredentialID), base64url(s.PublicKey),
		base64url(s.ClientData), base64url(s.AuthenticatorData), base64url(s.Signature), millis(s.At))
}
