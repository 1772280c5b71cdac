package people_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// approvalPage is a page with a form that signs, as a marketplace's own are.
const approvalPage = `<!doctype html><html lang="en"><title>Approval</title><script src="/people/people.js" defer></script>
<link rel="stylesheet" href="/people/people.css"><main><h1>Pay 900.00 USD</h1>
<form method="post" action="/approval" data-passkey="/approval/challenge"><input type="hidden" name="passkey">
<button name="disposition" value="confirm">Confirm</button> <button name="disposition" value="decline">Decline</button><output role="alert"></output></form></main>`

// approval adds the page to a house, and says what was refused in words.
func (h *house) approval() {
	chosen := func(r *http.Request) people.Intent {
		values, _ := json.Marshal(map[string]string{"disposition": r.PostFormValue("disposition")})
		return people.Intent{ApprovalID: "appr_1", Hash: intent.Hash, Values: values}
	}
	h.mux.HandleFunc("GET /approval", func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, approvalPage) })
	h.mux.Handle("POST /approval/challenge", h.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, err := h.Challenge(r.Context(), people.SessionOf(r), chosen(r))
		if err != nil {
			http.Error(w, `{"error":"`+err.Error()+`"}`, http.StatusConflict)
			return
		}
		h.Ask(w, question)
	})))
	h.mux.HandleFunc("POST /approval", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		made, s, err := h.Signed(r, chosen(r))
		if err != nil {
			http.Error(w, "<main>"+err.Error()+"</main>", http.StatusForbidden)
			return
		}
		said, _ := made.Says()
		_, _ = fmt.Fprintf(w, "<main>%s signed %s</main>", s.User.Name, said.Values)
	})
}

// chromium returns a browser, which keeps a list of what it complains of.
func chromium(t *testing.T) (context.Context, func() []string) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		sqltest.Lacks(t, "chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute))
	top, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	tab, shut := chromedp.NewContext(top)
	t.Cleanup(func() { _ = chromedp.Cancel(tab); shut() })
	said := make(chan string, 1000)
	require.NoError(t, chromedp.Listen(tab, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			said <- e.ExceptionDetails.Text
		case *runtime.EventConsoleAPICalled:
			said <- fmt.Sprint(e.Args)
		}
	}))
	return tab, func() (all []string) {
		for {
			select {
			case one := <-said:
				all = append(all, one)
			default:
				return all
			}
		}
	}
}

// passkeys gives a tab a device that keeps passkeys and verifies whoever asks.
func passkeys(id *webauthn.AuthenticatorID) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err := cdp.Call(ctx, tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		*id = made.AuthenticatorID
		return err
	})
}

// text reads the text of an element.
func text(at string, to *string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) (err error) {
		*to, err = chromedp.Text(at)(ctx, tab)
		return err
	})
}

// verified says whether the device verifies who asks.
func verified(id *webauthn.AuthenticatorID, yes bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: *id, IsUserVerified: yes})
		return err
	})
}

// TestBrowser: a person in a real browser enrols, signs out and in, and signs an approval.
func TestBrowser(t *testing.T) {
	tab, complaints := chromium(t)
	h := open(t, sqltest.SQLite(t), people.Options{})
	h.approval()
	_, link, err := h.Add(ctx, "Ada Lovelace", "acct_b")
	require.NoError(t, err)
	var device webauthn.AuthenticatorID
	var own, confirmed, declined, refused string
	require.NoError(t, chromedp.Do(tab,
		passkeys(&device),
		chromedp.Navigate(link), shots(t, "enrol"),
		chromedp.SendKeys(`input[name=name]`, "My laptop\r"), // by keyboard alone
		chromedp.WaitVisible(`//h1[.="Ada Lovelace"]`), text(`main`, &own),
		chromedp.Click(`//button[.="Sign out"]`), chromedp.WaitVisible(`//h1[.="Sign in"]`), shots(t, "sign-in"),
		chromedp.Click(`//button[.="Sign in with a passkey"]`), chromedp.WaitVisible(`//h1[.="Ada Lovelace"]`),
		chromedp.SendKeys(`form[action="/people/tokens"] input[name=name]`, "build"), chromedp.Click(`input[value="jobs:read"]`),
		chromedp.Click(`//button[.="Make a token"]`), chromedp.WaitVisible(`[role=status] code`), shots(t, "own"),

		chromedp.Navigate(h.url+"/approval"), chromedp.Click(`button[value=confirm]`), chromedp.WaitNotPresent(`form`), text(`main`, &confirmed),
		chromedp.Navigate(h.url+"/approval"), chromedp.Click(`button[value=decline]`), chromedp.WaitNotPresent(`form`), text(`main`, &declined),
		verified(&device, false),
		chromedp.Navigate(h.url+"/approval"), chromedp.Click(`button[value=confirm]`), chromedp.WaitVisible(`//output[.!=""]`), text(`output`, &refused),
	))
	assert.Contains(t, own, "My laptop")
	assert.Equal(t, `Ada Lovelace signed {"disposition":"confirm"}`, confirmed)
	assert.Equal(t, `Ada Lovelace signed {"disposition":"decline"}`, declined)
	assert.Contains(t, refused, "did not answer")
	assert.Empty(t, complaints())
	kept, err := h.Signatures(ctx, "appr_1")
	require.NoError(t, err)
	require.Len(t, kept, 2)
	for _, s := range kept {
		assert.NoError(t, people.VerifyStored(s))
	}
	if dir := os.Getenv("ESCROW_TEST_SHOTS"); dir != "" { // testdata/signature.json is one of these
		text, err := json.MarshalIndent(kept[0], "", "\t")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "signature.json"), append(text, '\n'), 0o644))
	}
}

// TestBrowserWrongUser: on a device that holds the passkey of one person only, another
// cannot sign, also not by a session of theirs.
func TestBrowserWrongUser(t *testing.T) {
	tab, _ := chromium(t)
	h := open(t, sqltest.SQLite(t), people.Options{})
	h.approval()
	_, _, bob := h.person(t, "Bob", "acct_b")
	_, link, err := h.Add(ctx, "Ada", "acct_b")
	require.NoError(t, err)
	var device webauthn.AuthenticatorID
	var refused string
	require.NoError(t, chromedp.Do(tab,
		passkeys(&device),
		chromedp.Navigate(link), chromedp.Click(`//button[.="Add a passkey"]`), chromedp.WaitVisible(`//h1[.="Ada"]`),
		setCookie(h.url, bob.cookie("session")), // Bob's session, Ada's device
		chromedp.Navigate(h.url+"/approval"), chromedp.Click(`button[value=confirm]`), chromedp.WaitVisible(`//output[.!=""]`), text(`output`, &refused),
	))
	assert.Contains(t, refused, "did not answer")
	kept, err := h.Signatures(ctx, "appr_1")
	require.NoError(t, err)
	assert.Empty(t, kept)
}

// shots looks at a page on a telephone and on a desk, light and dark: nothing is wider than
// the screen. Pictures go to the folder that ESCROW_TEST_SHOTS names, if it is set.
func shots(t *testing.T, name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		for _, width := range []int64{400, 1200} {
			for _, scheme := range []string{"light", "dark"} {
				if err := shot(ctx, t, tab, name, width, scheme); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func shot(ctx context.Context, t *testing.T, tab *chromedp.Target, name string, width int64, scheme string) error {
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	if _, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		return err
	}
	if _, err := chromedp.EmulateViewport(width, 800)(ctx, tab); err != nil {
		return err
	}
	wide, err := chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`)(ctx, tab)
	if err != nil {
		return err
	}
	assert.False(t, wide, "%s at %d", name, width)
	colour, err := chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`)(ctx, tab)
	if err != nil {
		return err
	}
	assert.Equal(t, scheme == "light", colour == "rgb(255, 255, 255)", "%s %s: %s", name, scheme, colour)
	dir := os.Getenv("ESCROW_TEST_SHOTS")
	if dir == "" {
		return nil
	}
	picture, err := chromedp.FullScreenshot(100)(ctx, tab)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o644)
}

func setCookie(url string, c *http.Cookie) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: url})
		return err
	})
}
