package people

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// beginLink asks who comes by a link for a new passkey.
func (p *People) beginLink(ctx context.Context, linkDigest string) (*protocol.CredentialCreation, error) {
	if p.issuer != nil {
		return nil, ErrByIssuer
	}
	u, err := p.invited(ctx, linkDigest)
	if err != nil {
		return nil, err
	}
	return p.beginPasskey(ctx, toEnrol, u.ID, linkDigest)
}

// beginPasskey asks a user for a new passkey, on a device that has none yet.
func (p *People) beginPasskey(ctx context.Context, why purpose, userID, boundTo string) (*protocol.CredentialCreation, error) {
	h, err := p.holder(ctx, userID)
	if err != nil {
		return nil, err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range h.WebAuthnCredentials() {
		known = append(known, c.Descriptor())
	}
	creation, data, err := p.web.BeginRegistration(h, webauthn.WithExclusions(known), webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired))
	if err != nil {
		return nil, err
	}
	return creation, p.ask(ctx, challenge{id: data.Challenge, purpose: why, userID: userID, boundTo: boundTo}, data)
}

// enrol keeps the first passkey of who comes by a link, and uses the link up.
func (p *People) enrol(ctx context.Context, linkDigest, name string, answer []byte) (User, error) {
	u, err := p.invited(ctx, linkDigest)
	if err != nil {
		return User{}, err
	}
	made, err := p.made(ctx, toEnrol, u.ID, linkDigest, answer)
	if err != nil {
		return User{}, err
	}
	return u, p.store.Write(ctx, func(tx *sql.Tx) error {
		if err := p.useLink(ctx, tx, linkDigest); err != nil {
			return err
		}
		return p.addPasskey(ctx, tx, u.ID, name, made)
	})
}

// add keeps another passkey of who is signed in.
func (p *People) add(ctx context.Context, s Session, name string, answer []byte) error {
	made, err := p.made(ctx, toAdd, s.User.ID, s.ID, answer)
	if err != nil {
		return err
	}
	return p.store.Write(ctx, func(tx *sql.Tx) error { return p.addPasskey(ctx, tx, s.User.ID, name, made) })
}

// made checks a new passkey.
func (p *People) made(ctx context.Context, why purpose, userID, boundTo string, answer []byte) (*webauthn.Credential, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, malformed(err)
	}
	c, err := p.answer(ctx, parsed.Response.CollectedClientData.Challenge, why, userID, boundTo)
	if err != nil {
		return nil, err
	}
	data, err := c.webauthn()
	if err != nil {
		return nil, err
	}
	h, err := p.holder(ctx, userID)
	if err != nil {
		return nil, err
	}
	if !parsed.Response.AttestationObject.AuthData.Flags.HasUserVerified() {
		return nil, ErrNotVerified
	}
	made, err := p.web.CreateCredential(h, data, parsed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	return made, nil
}
