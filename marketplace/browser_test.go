package marketplace

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// passkeys gives a tab a device that keeps passkeys and verifies whoever asks.
func passkeys() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		return err
	})
}

// shot keeps a picture of a page in the folder that ESCROW_TEST_SHOTS names.
func shot(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		dir := os.Getenv("ESCROW_TEST_SHOTS")
		if dir == "" {
			return nil
		}
		picture, err := chromedp.FullScreenshot(100)(ctx, tab)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600)
	})
}

// TestCosigned: what a token asks for waits for a person, who is let in by a link, enrols a
// passkey, is shown what would move, and signs it; then the money moves, and the signature
// can be verified by anybody.
func TestCosigned(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		sqltest.Lacks(t, "chromium is not installed")
	}
	f := servedNow(t, sqltest.SQLite(t))
	user, link, err := f.People.Add(ctx, "Clara Client", "acct_clara")
	require.NoError(t, err)
	draft := opentrain.Terms{ID: "job-1", Client: "acct_clara", Worker: "acct_walter", Title: "Label photographs",
		Milestones: []opentrain.MilestoneTerms{{ID: "m1", Name: "The first 500", Amount: decimal.NewNullDecimal(decimal.NewFromInt(900))}}}.Draft()
	token := escrow.Actor{ID: "token-1", Kind: escrow.KindToken, Account: "acct_clara", User: user.ID, Scopes: people.AllScopes(), Features: features, Claimed: true}
	a, err := f.Runner.Found(ctx, draft, opentrain.Hire{}.Command(), token, "hire-1")
	require.NoError(t, err)
	require.Equal(t, 202, a.Status)
	approval, _ := a.Decision.Approval()

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute))
	top, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	tab, shut := chromedp.NewContext(top)
	defer shut()
	bounded, cancel := context.WithTimeout(tab, time.Minute)
	defer cancel()
	require.NoError(t, chromedp.Do(bounded,
		passkeys(),
		chromedp.Navigate(link), chromedp.SendKeys(`input[name=name]`, "My laptop\r"), chromedp.WaitVisible(`//h1[.="Clara Client"]`),
		chromedp.Navigate(f.options.Origin+"/approvals/"+approval.ID), chromedp.WaitVisible(`button.sign`), shot("approval"),
		chromedp.Click(`button.sign`), chromedp.WaitVisible(`//p[.="Done."]`), shot("confirmed"),
		chromedp.Navigate(f.options.Origin+"/sandbox"), chromedp.WaitVisible(`main`), shot("sandbox"),
	))
	c, err := f.Runner.Store.Find(ctx, "job-1")
	require.NoError(t, err)
	assert.Equal(t, escrow.Status("active"), c.Status())
	signed, err := f.People.Signatures(ctx, approval.ID)
	require.NoError(t, err)
	require.Len(t, signed, 1)
	require.NoError(t, people.VerifyStored(signed[0]))
	said, err := signed[0].Says()
	require.NoError(t, err)
	assert.Equal(t, approval.Hash, said.Hash)
	assert.Equal(t, user.ID, said.UserID)
}
