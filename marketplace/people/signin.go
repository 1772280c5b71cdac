package people

import (
	"context"
	"errors"

	"github.com/go-webauthn/webauthn/protocol"
)

// beginSignIn asks whoever comes for a passkey of theirs.
func (p *People) beginSignIn(ctx context.Context) (*protocol.CredentialAssertion, error) {
	if p.issuer != nil {
		return nil, ErrByIssuer
	}
	assertion, data, err := p.web.BeginDiscoverableLogin()
	if err != nil {
		return nil, err
	}
	return assertion, p.ask(ctx, challenge{id: data.Challenge, purpose: toSignIn}, data)
}

// signIn returns whose passkey has answered.
func (p *People) signIn(ctx context.Context, answer []byte) (User, error) {
	if p.issuer != nil {
		return User{}, ErrByIssuer
	}
	parsed, err := assertion(answer)
	if err != nil {
		return User{}, err
	}
	c, err := p.answer(ctx, parsed.Response.CollectedClientData.Challenge, toSignIn, "", "")
	if err != nil {
		return User{}, err
	}
	h, err := p.holder(ctx, string(parsed.Response.UserHandle))
	if errors.Is(err, ErrNotFound) {
		err = ErrOtherPasskey
	}
	if err != nil {
		return User{}, err
	}
	_, err = p.asserted(ctx, h, &c, parsed)
	return h.User, err
}
