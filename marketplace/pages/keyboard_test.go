package pages_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace/pages"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// authenticator is a signer whose one passkey is in the browser.
type authenticator struct {
	key  *ecdsa.PrivateKey
	id   []byte
	took int
}

// challenge is a digest of all that is signed.
func challenge(s pages.Signing) string {
	text, _ := json.Marshal([]any{s.Contract, s.Approval, s.Hash, s.Own, s.Person.Actor.ID})
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (a *authenticator) Begin(_ context.Context, _ *http.Request, s pages.Signing) (json.RawMessage, error) {
	return json.Marshal(map[string]any{"challenge": challenge(s), "rpId": "localhost", "userVerification": "required",
		"allowCredentials": []map[string]string{{"type": "public-key", "id": base64.RawURLEncoding.EncodeToString(a.id)}}})
}

func (a *authenticator) Finish(_ context.Context, _ *http.Request, s pages.Signing, answer []byte) error {
	var told struct {
		Response struct{ ClientDataJSON, AuthenticatorData, Signature string }
	}
	if err := json.Unmarshal(answer, &told); err != nil {
		return err
	}
	decode := base64.RawURLEncoding.DecodeString
	client, err := decode(told.Response.ClientDataJSON)
	data, err2 := decode(told.Response.AuthenticatorData)
	signature, err3 := decode(told.Response.Signature)
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	var said struct{ Type, Challenge string }
	if err := json.Unmarshal(client, &said); err != nil {
		return err
	}
	if said.Type != "webauthn.get" || said.Challenge != challenge(s) {
		return errors.New("another challenge was signed")
	}
	sum := sha256.Sum256(client)
	signed := sha256.Sum256(append(data, sum[:]...))
	if !ecdsa.VerifyASN1(&a.key.PublicKey, signed[:], signature) {
		return errors.New("the signature is wrong")
	}
	a.took++
	return nil
}

// passkey gives the browser a passkey, and returns the signer that knows it.
func (b *tab) passkey() *authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(b.t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(b.t, err)
	a := &authenticator{key: key, id: []byte("a passkey of the tests")}
	call(b, webauthn.Enable, webauthn.EnableParams{})
	made := call(b, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true, HasCmtgKey: true}})
	call(b, webauthn.AddCredential, webauthn.AddCredentialParams{AuthenticatorID: made.AuthenticatorID, Credential: &webauthn.Credential{
		CredentialID: a.id, IsResidentCredential: true, RpID: "localhost", PrivateKey: private, UserHandle: []byte("u")}})
	return a
}

// named is an expression for what the focused element is called.
const named = `(() => { const e = document.activeElement; return (e.labels && e.labels.length ? e.labels[0].textContent : e.textContent).trim() })()`

// mostTabs is how many times Tab is pressed before something counts as out of reach.
const mostTabs = 150

// reach presses Tab until an element of some kinds that is called so has the focus, and
// is to be seen.
func (b *tab) reach(name, kinds string) {
	b.t.Helper()
	for range mostTabs {
		b.run(chromedp.KeyEvent(kb.Tab))
		if got := eval[string](b, named); (got == name || strings.HasPrefix(got, name+" (")) && eval[bool](b, fmt.Sprintf("document.activeElement.matches(%q)", kinds)) {
			assert.NotEqual(b.t, "none", eval[string](b, `getComputedStyle(document.activeElement).outlineStyle`), "%s: no focus is seen", name)
			return
		}
	}
	require.Failf(b.t, "out of reach", "%q on %s", name, eval[string](b, `location.pathname + ": " + document.body.innerText.slice(0, 3000)`))
}

// press goes to a link or button and presses Enter, and waits for the next page.
func (b *tab) press(name string) {
	b.t.Helper()
	b.reach(name, "a, button")
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	_, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(kb.Enter))
	require.NoError(b.t, err, "%q leads nowhere: %s", name, complaint(b))
}

func complaint(b *tab) string { return eval[string](b, `document.body.innerText.slice(0, 500)`) }

// unfold opens a form by Enter, unless it is open.
func (b *tab) unfold(name string) {
	b.t.Helper()
	b.reach(name, "summary")
	if !eval[bool](b, `document.activeElement.closest("details").open`) {
		b.run(chromedp.KeyEvent(kb.Enter))
	}
}

// write goes to an input and types.
func (b *tab) write(name, text string) {
	b.t.Helper()
	b.reach(name, "input, textarea, select")
	b.run(chromedp.KeyEvent(text))
}

// play takes a role, by keyboard, from whatever page there is.
func (b *tab) play(role string) {
	b.t.Helper()
	b.press("Clock and roles")
	b.press(role)
}

// TestKeyboard lives a whole life with Tab and Enter alone: two people make a contract,
// pay, work, agree to divide the money by passkey, and end it.
func TestKeyboard(t *testing.T) {
	s := open(t)
	b := chrome(t, s)
	b.look(looks[2])
	passkey := b.passkey()
	s.Signer = passkey

	b.open("/")
	b.run(chromedp.KeyEvent(kb.Tab))
	assert.Equal(t, "Skip to the content", eval[string](b, named), "the first thing")
	b.run(chromedp.KeyEvent(kb.Enter))
	assert.Equal(t, "main", eval[string](b, `document.activeElement.id`))
	b.open("/")
	b.play(people[0].Name)

	b.press("New")
	b.press("fixedprice")
	b.write("Freelancer", "acct_ben")
	b.write("Arbitrator", "acct_cyd")
	b.write("Title", "A garden")
	b.write("Milestone id", "beds")
	b.write("Name", "Raised beds")
	b.write("Amount (USD)", "300.50")
	b.press("Offer")
	id := eval[string](b, `document.querySelector("h1").textContent`)
	stands := func(want string) {
		t.Helper()
		c, err := s.Runner.Store.Find(ctx, id)
		require.NoError(t, err)
		assert.Equal(t, want, string(c.Status()))
		assert.Contains(t, eval[string](b, `document.body.innerText`), want)
	}
	stands("offered")

	b.play(people[1].Name)
	b.press(id)
	b.press("Accept")
	stands("active")

	b.play(people[0].Name)
	b.press(id)
	b.unfold("Fund milestone")
	b.press("Fund milestone")
	assert.Contains(t, eval[string](b, `document.body.innerText`), "300.50\u00a0USD held")

	b.play(people[1].Name)
	b.press(id)
	b.unfold("Submit")
	b.write("Work", "photographs")
	b.press("Submit")
	assert.Contains(t, eval[string](b, `document.body.innerText`), "photographs")

	b.play(people[0].Name)
	b.press(id)
	b.unfold("Divide")
	b.write("Freelancer share", "0.8")
	b.press("Divide")
	assert.Contains(t, eval[string](b, `document.body.innerText`), "It waits for approval")

	b.play(people[1].Name)
	b.press("Approvals")
	b.press("Agreed division of beds")
	assert.Contains(t, eval[string](b, `document.body.innerText`), "216.36\u00a0USD", "0.8 of 300.50 less the fee")
	b.press("Confirm with your passkey")
	assert.Equal(t, 1, passkey.took)
	assert.Contains(t, eval[string](b, `document.body.innerText`), "Nothing is held")

	b.play(people[0].Name)
	b.press(id)
	b.press("End")
	stands("ended")

	var faults []string
	_, err := s.Runner.Store.Audit(ctx, func(f escrowsql.Fault) { faults = append(faults, f.String()) })
	require.NoError(t, err)
	assert.Empty(t, faults)
}
