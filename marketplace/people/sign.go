package people

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Intent is what a person is about to sign: an approval, what it says, and what they chose.
type Intent struct {
	// ApprovalID and Hash are the approval's.
	ApprovalID, Hash string
	// Values is what the person chose, as a JSON object: whether they confirm or decline,
	// and values of their own. Empty is {}.
	Values json.RawMessage
}

// Statement is what a signature says, as JSON with its members in the order of their names.
type Statement struct {
	Account    string          `json:"account"`
	ApprovalID string          `json:"approvalId"`
	Hash       string          `json:"hash"`
	Nonce      string          `json:"nonce"`
	UserID     string          `json:"userId"`
	Values     json.RawMessage `json:"values"`
}

// domain keeps what is signed here apart from whatever else a digest may be made of.
const domain = "escrow: a person signs an approval, version 1\x00"

// challengeOf returns what a passkey signs of a statement.
func challengeOf(statement string) []byte {
	sum := sha256.Sum256([]byte(domain + statement))
	return sum[:]
}

// canonical writes the values in one way: members in the order of their names, numbers as
// they were written, no blanks.
func (i Intent) canonical() (json.RawMessage, error) {
	if len(i.Values) == 0 {
		return json.RawMessage("{}"), nil
	}
	var values map[string]any
	reader := json.NewDecoder(bytes.NewReader(i.Values))
	reader.UseNumber()
	if err := reader.Decode(&values); err != nil || values == nil {
		return nil, fmt.Errorf("%w: the values are no JSON object", ErrMalformed)
	}
	if _, err := reader.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: something follows the values", ErrMalformed)
	}
	return json.Marshal(values)
}

// Challenge asks the session's user to sign. The answer to [People.Verify] has two minutes,
// and comes from the same session.
func (p *People) Challenge(ctx context.Context, s Session, i Intent) (*protocol.CredentialAssertion, error) {
	if i.ApprovalID == "" || i.Hash == "" {
		return nil, fmt.Errorf("%w: an approval's id and hash are needed", ErrMalformed)
	}
	values, err := i.canonical()
	if err != nil {
		return nil, err
	}
	h, err := p.signer(ctx, s)
	if err != nil {
		return nil, err
	}
	if len(h.keys) == 0 {
		return nil, ErrNoPasskey
	}
	text, err := json.Marshal(Statement{Account: h.Account, ApprovalID: i.ApprovalID, Hash: i.Hash, Nonce: secret(), UserID: h.ID, Values: values})
	if err != nil {
		return nil, err
	}
	options, data, err := p.web.BeginLogin(h, webauthn.WithChallenge(challengeOf(string(text))))
	if err != nil {
		return nil, err
	}
	return options, p.ask(ctx, challenge{id: data.Challenge, purpose: toSign, userID: h.ID, boundTo: s.ID, statement: string(text)}, data)
}

// signer returns the user of a session that has not ended meanwhile.
func (p *People) signer(ctx context.Context, s Session) (*holder, error) {
	live, err := p.live(ctx, `s.id`, s.ID)
	if err != nil {
		return nil, err
	}
	if live.User.ID != s.User.ID {
		return nil, ErrOtherUser
	}
	return p.holder(ctx, live.User.ID)
}

// Verify checks a passkey's answer to a challenge, as credential.toJSON() gives it, and
// keeps the signature for good. The intent is what is about to be done: whatever differs
// from what was signed is refused by name. A challenge that was tried is used up.
func (p *People) Verify(ctx context.Context, s Session, i Intent, answer []byte) (Signature, error) {
	values, err := i.canonical()
	if err != nil {
		return Signature{}, err
	}
	parsed, err := assertion(answer)
	if err != nil {
		return Signature{}, err
	}
	h, err := p.signer(ctx, s)
	if err != nil {
		return Signature{}, err
	}
	c, err := p.answer(ctx, parsed.Response.CollectedClientData.Challenge, toSign, h.ID, s.ID)
	if err != nil {
		return Signature{}, err
	}
	var said Statement
	if err := json.Unmarshal([]byte(c.statement), &said); err != nil {
		return Signature{}, err
	}
	switch {
	case said.ApprovalID != i.ApprovalID:
		return Signature{}, ErrOtherApproval
	case said.Hash != i.Hash:
		return Signature{}, ErrOtherHash
	case !bytes.Equal(said.Values, values):
		return Signature{}, ErrOtherValues
	}
	key, err := p.asserted(ctx, h, &c, parsed)
	if err != nil {
		return Signature{}, err
	}
	return p.keep(ctx, Signature{
		ID: newID("signature"), Statement: c.statement, Origin: p.Origin, SessionID: s.ID, At: instant(millis(p.now())),
		CredentialID: key.credential.ID, PublicKey: key.credential.PublicKey, ClientData: parsed.Raw.AssertionResponse.ClientDataJSON,
		AuthenticatorData: parsed.Raw.AssertionResponse.AuthenticatorData, Signature: parsed.Raw.AssertionResponse.Signature,
	})
}

// Signed verifies the signature in a posted form, whose field passkey has the answer, for
// the session of its cookie. Nothing is confirmed by another method, nor by a token.
func (p *People) Signed(r *http.Request, i Intent) (Signature, Session, error) {
	if r.Header.Get("Authorization") != "" {
		return Signature{}, Session{}, ErrNotByToken
	}
	if r.Method != http.MethodPost {
		return Signature{}, Session{}, ErrNotByPost
	}
	s, err := p.Session(r)
	if err != nil {
		return Signature{}, Session{}, err
	}
	made, err := p.Verify(r.Context(), s, i, []byte(r.PostFormValue("passkey")))
	return made, s, err
}

// base64url writes bytes as the database keeps them.
func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// bytesColumn reads what base64url wrote.
type bytesColumn []byte

// Scan reads base64.
func (c *bytesColumn) Scan(value any) (err error) {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("stored bytes are a %T", value)
	}
	*c, err = base64.RawURLEncoding.DecodeString(strings.TrimSpace(text))
	return err
}
