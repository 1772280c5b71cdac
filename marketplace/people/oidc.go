package people

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDC is the OpenID provider that people sign in by. They still add a passkey, which signs
// approvals.
type OIDC struct {
	// Issuer is the provider's address, ClientID and ClientSecret what it knows the
	// marketplace by. Its redirect address is the origin with /people/oidc/callback.
	Issuer, ClientID, ClientSecret string
	// Client asks the provider, one that waits 10 seconds when nil.
	Client *http.Client
}

const callbackPath = "/people/oidc/callback"

// issuer is an OpenID provider, which is looked up when it is first needed.
type issuer struct {
	*OIDC
	client *http.Client
	oauth  oauth2.Config

	mu       sync.Mutex
	provider *oidc.Provider
}

func newIssuer(o *OIDC, origin string) (*issuer, error) {
	at, err := url.Parse(o.Issuer)
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Hostname() != "localhost" && at.Hostname() != "127.0.0.1" {
		return nil, fmt.Errorf("the issuer %q: an address as https://login.example is needed", o.Issuer)
	}
	if o.ClientID == "" {
		return nil, errors.New("the OpenID provider needs a client id")
	}
	i := &issuer{OIDC: o, client: o.Client, oauth: oauth2.Config{ClientID: o.ClientID, ClientSecret: o.ClientSecret, RedirectURL: origin + callbackPath, Scopes: []string{oidc.ScopeOpenID}}}
	if i.client == nil {
		i.client = &http.Client{Timeout: 10 * time.Second}
	}
	return i, nil
}

// find returns the provider and how to ask it. One that does not answer is asked again the
// next time.
func (i *issuer) find(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.provider == nil {
		// The provider's keys are fetched again later, when this request is over.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), i.client), i.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("the OpenID provider: %w", err)
		}
		i.provider = found
	}
	oauth := i.oauth
	oauth.Endpoint = i.provider.Endpoint()
	return i.provider, &oauth, nil
}

// sites returns where the provider is, as a policy lists it.
func (i *issuer) sites() (list string) {
	addresses := []string{i.Issuer}
	i.mu.Lock()
	if i.provider != nil {
		addresses = append(addresses, i.provider.Endpoint().AuthURL)
	}
	i.mu.Unlock()
	for _, address := range addresses {
		if at, err := url.Parse(address); err == nil {
			list += " " + at.Scheme + "://" + at.Host
		}
	}
	return list
}

// departure is what is kept of who is away at the provider.
type departure struct {
	Nonce, Verifier string
	// Link is the digest of the link that they came by, empty when they are enrolled.
	Link string
	// Next is where they wanted to go.
	Next string
}

// depart returns where to send a browser, and what its cookie must hold when it is back.
func (p *People) depart(ctx context.Context, linkDigest, next string) (address, browser string, err error) {
	_, oauth, err := p.issuer.find(ctx)
	if err != nil {
		return "", "", err
	}
	if linkDigest != "" {
		if _, err := p.invited(ctx, linkDigest); err != nil {
			return "", "", err
		}
	}
	state, browser := secret(), secret()
	d := departure{Nonce: secret(), Verifier: oauth2.GenerateVerifier(), Link: linkDigest, Next: next}
	err = p.ask(ctx, challenge{id: digest(state), purpose: toReturn, boundTo: digest(browser)}, d)
	return oauth.AuthCodeURL(state, oidc.Nonce(d.Nonce), oauth2.S256ChallengeOption(d.Verifier)), browser, err
}

// arrive returns who is back from the provider, and where they wanted to go.
func (p *People) arrive(ctx context.Context, state, browser, code string) (u User, next string, err error) {
	c, err := p.answer(ctx, digest(state), toReturn, "", digest(browser))
	if err != nil {
		return User{}, "", err
	}
	var d departure
	if err := json.Unmarshal([]byte(c.ceremony), &d); err != nil {
		return User{}, "", err
	}
	token, err := p.identity(ctx, code, d)
	if err != nil {
		return User{}, "", err
	}
	if d.Link != "" {
		u, err = p.bind(ctx, token, d.Link)
	} else {
		u, err = p.bound(ctx, token)
	}
	return u, d.Next, err
}

// identity exchanges a code for the provider's word on who it is.
func (p *People) identity(ctx context.Context, code string, d departure) (*oidc.IDToken, error) {
	provider, oauth, err := p.issuer.find(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, p.issuer.client)
	answer, err := oauth.Exchange(ctx, code, oauth2.VerifierOption(d.Verifier))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIssuer, err)
	}
	raw, _ := answer.Extra("id_token").(string)
	token, err := provider.Verifier(&oidc.Config{ClientID: p.issuer.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrIssuer, err)
	}
	if token.Nonce != d.Nonce {
		return nil, fmt.Errorf("%w: it is to another question", ErrIssuer)
	}
	return token, nil
}

// bound returns the user that a subject is bound to.
func (p *People) bound(ctx context.Context, token *oidc.IDToken) (User, error) {
	u, err := one(ctx, p, ErrNotEnrolled, scanUser, `SELECT `+userColumns+` FROM people_subjects s JOIN people_users u ON u.id = s.user_id
		WHERE s.issuer = $1 AND s.subject = $2`, token.Issuer, token.Subject)
	if err == nil && !u.DisabledAt.IsZero() {
		err = ErrDisabled
	}
	return u, err
}

// bind binds a subject to the user that a link is for, and uses the link up.
func (p *People) bind(ctx context.Context, token *oidc.IDToken, linkDigest string) (User, error) {
	u, err := p.invited(ctx, linkDigest)
	if err != nil {
		return User{}, err
	}
	return u, p.store.Write(ctx, func(tx *sql.Tx) error {
		if err := p.useLink(ctx, tx, linkDigest); err != nil {
			return err
		}
		return exec(ctx, tx, ErrSubjectTaken, `INSERT INTO people_subjects (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (issuer, subject) DO UPDATE SET user_id = excluded.user_id WHERE people_subjects.user_id = excluded.user_id`,
			token.Issuer, token.Subject, u.ID, millis(p.now()))
	})
}
