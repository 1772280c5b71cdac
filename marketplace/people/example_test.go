package people_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/escrow-go/escrow/marketplace/people"
)

// example stands in for a test where an example needs one.
type example struct{ ended []func() }

func (e *example) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (e *example) FailNow()                          { panic("failed") }
func (e *example) Helper()                           {}
func (e *example) Cleanup(f func())                  { e.ended = append(e.ended, f) }
func (e *example) Output() io.Writer                 { return io.Discard }
func (e *example) end() {
	for i := len(e.ended) - 1; i >= 0; i-- {
		e.ended[i]()
	}
}

// market opens a marketplace's people in a new database.
func market() (*house, *example) {
	e := &example{}
	dir, err := os.MkdirTemp("", "people")
	if err != nil {
		panic(err)
	}
	e.Cleanup(func() { _ = os.RemoveAll(dir) })
	return open(e, filepath.Join(dir, "escrow.db"), people.Options{}), e
}

// signedIn is the market with Ada, whose passkey is a device.
func signedIn() (h *house, d *device, s people.Session, end func()) {
	h, e := market()
	_, d, b := h.person(e, "Ada", "acct_b")
	return h, d, b.signedIn(), e.end
}

// A person signs an approval: what they were shown is what they signed.
func Example() {
	people, device, session, end := signedIn()
	defer end()

	question, err := people.Challenge(ctx, session, intent) // to the browser, by people.Ask
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := device.sign(question.Response.Challenge.String()) // what the passkey says
	signature, err := people.Verify(ctx, session, intent, []byte(answer))
	if err != nil {
		fmt.Println(err)
		return
	}
	said, _ := signature.Says()
	fmt.Println(session.User.Name, "signed", said.ApprovalID, string(said.Values))
	_, err = people.Verify(ctx, session, intent, []byte(answer))
	fmt.Println(err)
	// Output:
	// Ada signed appr_1 {"amount":"900.00","disposition":"confirm"}
	// the challenge has been answered before
}

func ExampleOpen() {
	h, e := market()
	defer e.end()
	_, err := people.Open(ctx, h.store, people.Options{Origin: "https://market.example", Title: "Market"})
	fmt.Println(err)
	_, err = people.Open(ctx, h.store, people.Options{Origin: "http://market.example"})
	fmt.Println(err)
	// Output:
	// <nil>
	// the origin "http://market.example": an address as https://market.example is needed, without a path; http for localhost alone
}

func ExamplePeople_Add() {
	people, e := market()
	defer e.end()
	user, link, err := people.Add(ctx, "Ada", "acct_b")
	fmt.Println(user.Name, user.Account, strings.Contains(link, "/people/enrol/"), err)
	// Output: Ada acct_b true <nil>
}

func ExamplePeople_Link() {
	people, _, session, end := signedIn()
	defer end()
	link, err := people.Link(ctx, session.User.ID) // her laptop is lost
	fmt.Println(strings.Contains(link, "/people/enrol/"), err)
	// Output: true <nil>
}

func ExamplePeople_Disable() {
	people, _, session, end := signedIn()
	defer end()
	if err := people.Disable(ctx, session.User.ID); err != nil {
		fmt.Println(err)
	}
	_, err := people.Challenge(ctx, session, intent)
	fmt.Println(err)
	users, err := people.Users(ctx)
	fmt.Println(users[0].Name, users[0].DisabledAt.Format(time.DateOnly), err)
	// Output:
	// sign in first
	// Ada 2026-06-01 <nil>
}

func ExamplePeople_Limit() {
	h, _, session, end := signedIn()
	defer end()
	fmt.Println(h.Limit(ctx, session.User.ID, people.Scopes{"jobs:write"}))
	_, _, err := h.Mint(ctx, session, "payroll", people.Scopes{"payments:write"}, 0)
	fmt.Println(err)
	// Output:
	// <nil>
	// a token cannot do more than who mints it: payments:write
}

func ExamplePeople_Handler() {
	people, e := market()
	defer e.end()
	mux := http.NewServeMux()
	mux.Handle("/people/", people.Handler())
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/people/", nil))
	fmt.Println(w.Code, w.Header().Get("Location"))
	// Output: 303 /people/sign-in?next=%2Fpeople%2F
}

func ExamplePeople_Require() {
	h, e := market()
	defer e.end()
	page := h.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintln(w, "Hello,", people.SessionOf(r).User.Name)
	}))
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest("GET", "/approvals/1", nil))
	fmt.Println(w.Code, w.Header().Get("Location"))
	// Output: 303 /people/sign-in?next=%2Fapprovals%2F1
}

func ExamplePeople_Signed() {
	people, e := market()
	defer e.end()
	_, _, err := people.Signed(httptest.NewRequest("GET", "/approvals/1?confirm=yes", nil), intent)
	fmt.Println(err)
	// Output: an approval is confirmed by a form that is posted
}

// A signature that a browser made, on another machine, from a file.
func ExampleVerifyStored() {
	text, err := os.ReadFile("testdata/signature.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	var s people.Signature
	if err := json.Unmarshal(text, &s); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(people.VerifyStored(s))
	s.Statement = strings.Replace(s.Statement, "confirm", "decline", 1)
	fmt.Println(people.VerifyStored(s))
	// Output:
	// <nil>
	// the signature is not valid: another statement was signed
}

func ExamplePeople_Signatures() {
	people, device, session, end := signedIn()
	defer end()
	answer := device.sign(people.asked(&example{}, session, intent))
	if _, err := people.Verify(ctx, session, intent, []byte(answer)); err != nil {
		fmt.Println(err)
	}
	kept, err := people.Signatures(ctx, "appr_1")
	fmt.Println(len(kept), kept[0].At, err)
	// Output: 1 2026-06-01 12:00:00 +0000 UTC <nil>
}

func ExamplePeople_Mint() {
	h, _, session, end := signedIn()
	defer end()
	token, _, err := h.Mint(ctx, session, "nightly", people.Scopes{"payments:write"}, 90*24*time.Hour)
	if err != nil {
		fmt.Println(err)
		return
	}
	actor, scopes, err := h.Authenticate(bearing(token))
	fmt.Println(actor.Kind, actor.Account, scopes, err)
	for _, t := range must(h.Tokens(ctx, session.User.ID)) {
		fmt.Println(t.Name, "until", t.ExpiresAt.Format(time.DateOnly), h.RevokeToken(ctx, session.User.ID, t.ID))
	}
	_, _, err = h.Authenticate(bearing(token))
	fmt.Println(err)
	// Output:
	// token acct_b payments:read payments:write <nil>
	// nightly until 2026-08-30 <nil>
	// no valid token was given
}

func ExamplePeople_Key() {
	people, e := market()
	defer e.end()
	key, made, err := people.Key(ctx, "0xWorker")
	if err != nil {
		fmt.Println(err)
		return
	}
	actor, _, err := people.Authenticate(bearing(key))
	fmt.Println(actor.Kind, actor.ID, err)
	fmt.Println(people.RevokeKey(ctx, made.ID))
	// Output:
	// agent 0xWorker <nil>
	// <nil>
}

func ExamplePeople_Sessions() {
	people, _, session, end := signedIn()
	defer end()
	for _, s := range must(people.Sessions(ctx, session.User.ID)) {
		fmt.Println(s.Way, s.ExpiresAt.Format(time.DateTime), people.Revoke(ctx, s.User.ID, s.ID))
	}
	fmt.Println(people.RevokeAll(ctx, session.User.ID))
	// Output:
	// link 2026-06-02 00:00:00 <nil>
	// <nil>
}

func ExamplePeople_Passkeys() {
	people, _, session, end := signedIn()
	defer end()
	for _, k := range must(people.Passkeys(ctx, session.User.ID)) {
		fmt.Println(k.Name, people.RemovePasskey(ctx, session.User.ID, k.ID))
	}
	// Output: Laptop the last passkey cannot be removed: add another first
}

func ExampleScopes_Allow() {
	scopes := people.Scopes{"payments:write"}
	fmt.Println(scopes.Allow("payments:read"), scopes.Allow("jobs:read"))
	fmt.Println(people.AllScopes())
	// Output:
	// true false
	// jobs:read jobs:write proposals:read proposals:write messages:read messages:write payments:read payments:write team:read team:write
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
