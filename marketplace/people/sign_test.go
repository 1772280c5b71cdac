package people_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var intent = people.Intent{ApprovalID: "appr_1", Hash: strings.Repeat("ab", 32), Values: json.RawMessage(`{"disposition":"confirm","amount":"900.00"}`)}

// asked returns the challenge that a session is given for an intent.
func (h *house) asked(t tester, s people.Session, i people.Intent) string {
	question, err := h.Challenge(ctx, s, i)
	require.NoError(t, err)
	return question.Response.Challenge.String()
}

// TestSign: what a person signed is kept, and verified again from what is kept.
func TestSign(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, d, b := h.person(t, "Ada", "acct_b")
		s := b.signedIn()
		answer := d.sign(h.asked(t, s, intent))
		same := intent
		same.Values = json.RawMessage(` {"amount": "900.00", "disposition": "confirm"} `)
		made, err := h.Verify(ctx, s, same, []byte(answer))
		require.NoError(t, err, "values are the same in another order")
		said, err := made.Says()
		require.NoError(t, err)
		assert.Equal(t, "appr_1 "+intent.Hash+" "+u.ID+" acct_b", said.ApprovalID+" "+said.Hash+" "+said.UserID+" "+said.Account)
		assert.JSONEq(t, string(intent.Values), string(said.Values))
		assert.Equal(t, monday, made.At)

		stored, err := h.Signatures(ctx, "appr_1")
		require.NoError(t, err)
		require.Equal(t, []people.Signature{made}, stored)
		text, err := json.Marshal(stored[0])
		require.NoError(t, err)
		var told people.Signature
		require.NoError(t, json.Unmarshal(text, &told))
		require.NoError(t, people.VerifyStored(told), "by anyone, from JSON")
	})
}

// TestStoredAltered: whatever is changed in a stored signature is found.
func TestStoredAltered(t *testing.T) {
	h := open(t, sqltest.SQLite(t), people.Options{})
	_, d, b := h.person(t, "Ada", "acct_b")
	s := b.signedIn()
	made, err := h.Verify(ctx, s, intent, []byte(d.sign(h.asked(t, s, intent))))
	require.NoError(t, err)
	flip := func(field *[]byte) {
		changed := append([]byte{}, *field...)
		changed[len(changed)/2] ^= 1
		*field = changed
	}
	for name, alter := range map[string]func(*people.Signature){
		"approval":      func(s *people.Signature) { s.Statement = strings.Replace(s.Statement, "appr_1", "appr_2", 1) },
		"hash":          func(s *people.Signature) { s.Statement = strings.Replace(s.Statement, "abab", "abac", 1) },
		"values":        func(s *people.Signature) { s.Statement = strings.Replace(s.Statement, "900.00", "9000.00", 1) },
		"user":          func(s *people.Signature) { s.Statement = strings.Replace(s.Statement, "user_", "user-", 1) },
		"blank":         func(s *people.Signature) { s.Statement += " " },
		"no statement":  func(s *people.Signature) { s.Statement = "" },
		"origin":        func(s *people.Signature) { s.Origin = "https://evil.example" },
		"client":        func(s *people.Signature) { flip(&s.ClientData) },
		"no client":     func(s *people.Signature) { s.ClientData = nil },
		"authenticator": func(s *people.Signature) { flip(&s.AuthenticatorData) },
		"unverified":    func(s *people.Signature) { flipAt(&s.AuthenticatorData, 32, 0x04) },
		"counter":       func(s *people.Signature) { flipAt(&s.AuthenticatorData, 36, 0x01) },
		"no device":     func(s *people.Signature) { s.AuthenticatorData = nil },
		"signature":     func(s *people.Signature) { flip(&s.Signature) },
		"no signature":  func(s *people.Signature) { s.Signature = nil },
		"key":           func(s *people.Signature) { flip(&s.PublicKey) },
		"no key":        func(s *people.Signature) { s.PublicKey = nil },
	} {
		altered := made
		alter(&altered)
		assert.ErrorIs(t, people.VerifyStored(altered), people.ErrSignature, name)
	}
	assert.NoError(t, people.VerifyStored(made))
}

func flipAt(field *[]byte, at int, bits byte) {
	changed := append([]byte{}, *field...)
	changed[at] ^= bits
	*field = changed
}

// TestSignRefused: whatever differs from what was asked is refused by name, and keeps
// nothing.
func TestSignRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, ada, b := h.person(t, "Ada", "acct_b")
		_, bob, bobs := h.person(t, "Bob", "acct_b")
		s, other, again := b.signedIn(), bobs.signedIn(), h.browser(t)
		again.signIn(ada)
		elsewhere := again.signedIn()
		with := func(change func(*people.Intent)) people.Intent {
			i := intent
			change(&i)
			return i
		}
		for _, c := range []struct {
			name    string
			session people.Session
			intent  people.Intent
			answer  func(challenge string) string
			after   time.Duration
			want    error
		}{
			{"altered hash", s, with(func(i *people.Intent) { i.Hash = strings.Repeat("ac", 32) }), ada.sign, 0, people.ErrOtherHash},
			{"another approval", s, with(func(i *people.Intent) { i.ApprovalID = "appr_2" }), ada.sign, 0, people.ErrOtherApproval},
			{"declined, not confirmed", s, with(func(i *people.Intent) { i.Values = json.RawMessage(`{"disposition":"decline","amount":"900.00"}`) }), ada.sign, 0, people.ErrOtherValues},
			{"other values", s, with(func(i *people.Intent) { i.Values = json.RawMessage(`{"disposition":"confirm","amount":"9000.00"}`) }), ada.sign, 0, people.ErrOtherValues},
			{"no values", s, with(func(i *people.Intent) { i.Values = nil }), ada.sign, 0, people.ErrOtherValues},
			{"values of no form", s, with(func(i *people.Intent) { i.Values = json.RawMessage(`[]`) }), ada.sign, 0, people.ErrMalformed},
			{"another user's passkey", s, intent, bob.sign, 0, people.ErrOtherPasskey},
			{"another user", other, intent, ada.sign, 0, people.ErrOtherUser},
			{"another user with theirs", other, intent, bob.sign, 0, people.ErrOtherUser},
			{"another session", elsewhere, intent, ada.sign, 0, people.ErrOtherSession},
			{"a session of nobody", people.Session{User: s.User}, intent, ada.sign, 0, people.ErrSignedOut},
			{"a session said to be another's", people.Session{ID: s.ID, User: other.User}, intent, ada.sign, 0, people.ErrOtherUser},
			{"expired", s, intent, ada.sign, 2 * time.Minute, people.ErrExpired},
			{"own challenge", s, intent, func(string) string { return ada.sign(b64(make([]byte, 32))) }, 0, people.ErrNoChallenge},
			{"not verified", s, intent, spoilt(ada, func(d *device) { d.flags = 0x01 }), 0, people.ErrNotVerified},
			{"another origin", s, intent, spoilt(ada, func(d *device) { d.origin = "https://evil.example" }), 0, people.ErrSignature},
			{"another host", s, intent, spoilt(ada, func(d *device) { d.host = "evil.example" }), 0, people.ErrSignature},
			{"another key", s, intent, spoilt(ada, func(d *device) { d.key = bob.key }), 0, people.ErrSignature},
			{"another's handle", s, intent, spoilt(ada, func(d *device) { d.handle = bob.handle }), 0, people.ErrSignature},
			{"no JSON", s, intent, func(string) string { return "" }, 0, people.ErrMalformed},
		} {
			challenge := h.asked(t, s, intent)
			h.clock.add(c.after)
			_, err := h.Verify(ctx, c.session, c.intent, []byte(c.answer(challenge)))
			assert.ErrorIs(t, err, c.want, c.name)
		}
		for _, i := range []people.Intent{{}, {ApprovalID: "appr_1"}, {ApprovalID: "a", Hash: "b", Values: json.RawMessage(`{} {}`)}, {ApprovalID: "a", Hash: "b", Values: json.RawMessage(`null`)}} {
			_, err := h.Challenge(ctx, s, i)
			assert.ErrorIs(t, err, people.ErrMalformed)
		}
		kept, err := h.Signatures(ctx, "appr_1")
		require.NoError(t, err)
		assert.Empty(t, kept)
	})
}

// spoilt returns how a device signs that is not as it should be.
func spoilt(d *device, spoil func(*device)) func(string) string {
	return func(challenge string) string {
		other := *d
		spoil(&other)
		return other.sign(challenge)
	}
}

// TestSignOnce: an answer is good once, also when many bring it at the same time, and when
// it was refused the first time.
func TestSignOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, d, b := h.person(t, "Ada", "acct_b")
		s := b.signedIn()
		answer := []byte(d.sign(h.asked(t, s, intent)))
		var group sync.WaitGroup
		var good, replayed atomic.Int64
		for range 8 {
			group.Go(func() {
				switch _, err := h.Verify(ctx, s, intent, answer); {
				case err == nil:
					good.Add(1)
				case assert.ErrorIs(t, err, people.ErrReplayed):
					replayed.Add(1)
				}
			})
		}
		group.Wait()
		assert.Equal(t, []int64{1, 7}, []int64{good.Load(), replayed.Load()})

		answer = []byte(d.sign(h.asked(t, s, intent)))
		altered := intent
		altered.Hash = strings.Repeat("00", 32)
		_, err := h.Verify(ctx, s, altered, answer)
		assert.ErrorIs(t, err, people.ErrOtherHash)
		_, err = h.Verify(ctx, s, intent, answer)
		assert.ErrorIs(t, err, people.ErrReplayed)

		signIn := h.browser(t)
		_, _, question := signIn.post("/people/sign-in/begin")
		_, err = h.Verify(ctx, s, intent, []byte(d.get([]byte(question))))
		assert.ErrorIs(t, err, people.ErrNoChallenge, "a sign-in signs no approval")
		status, _, _ := signIn.post("/people/sign-in", "passkey", d.sign(h.asked(t, s, intent)))
		assert.Equal(t, 409, status, "an approval signs nobody in")
	})
}

// TestSigned: an approval is confirmed by a posted form of a session, never by GET, by a
// token, or once the user is shut out.
func TestSigned(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		u, d, b := h.person(t, "Ada", "acct_b")
		s := b.signedIn()
		token, _, err := h.Mint(ctx, s, "ci", people.Scopes{"payments:write"}, 0)
		require.NoError(t, err)
		request := func(method, bearer string) *http.Request {
			form := values([]string{"passkey", d.sign(h.asked(t, s, intent))}).Encode()
			r := httptest.NewRequest(method, "/?"+form, strings.NewReader(form))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.AddCookie(b.cookie("session"))
			if bearer != "" {
				r.Header.Set("Authorization", "Bearer "+bearer)
			}
			return r
		}
		for _, method := range []string{"GET", "HEAD", "PUT"} {
			_, _, err := h.Signed(request(method, ""), intent)
			assert.ErrorIs(t, err, people.ErrNotByPost, method)
		}
		_, _, err = h.Signed(request("POST", token), intent)
		assert.ErrorIs(t, err, people.ErrNotByToken)
		kept, err := h.Signatures(ctx, "appr_1")
		require.NoError(t, err)
		assert.Empty(t, kept)

		r := request("POST", "")
		r.URL.RawQuery = ""
		_, who, err := h.Signed(r, intent)
		require.NoError(t, err)
		assert.Equal(t, u.Actor(), who.User.Actor())
		late := request("POST", "")
		require.NoError(t, h.Disable(ctx, u.ID))
		_, _, err = h.Signed(late, intent)
		assert.ErrorIs(t, err, people.ErrSignedOut)
		_, err = h.Challenge(ctx, s, intent)
		assert.ErrorIs(t, err, people.ErrSignedOut)
	})
}
