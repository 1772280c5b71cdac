package pages_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tab is a page in a real browser.
type tab struct {
	t    *testing.T
	ctx  context.Context
	home string
}

// chrome opens a browser without a network but this site's. Whatever it complains of
// fails the test.
func chrome(t *testing.T, s *shop) *tab {
	path, err := exec.LookPath("chromium")
	if err != nil {
		sqltest.Lacks(t, "chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"), chromedp.Flag("hide-scrollbars", true), chromedp.UserDataDir(t.TempDir()))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(allocated)
	t.Cleanup(done)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	b := &tab{t, ctx, strings.Replace(s.web.URL, "127.0.0.1", "localhost", 1)}
	messages := chromedp.Console(ctx)
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Source != "network" { // refusals are answered with their status
				t.Errorf("the browser complains: %s %s", m, m.URL)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-heard
	})
	return b
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, actions...))
}

// call sends a command of the protocol.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	require.NoError(b.t, err)
	return result
}

// open loads a page.
func (b *tab) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.home + path))
}

// eval returns what an expression comes to.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	require.NoError(b.t, err)
	return value
}

// role makes the browser's user one of the people.
func (b *tab) role(n int) {
	b.t.Helper()
	call(b, network.SetCookie, network.SetCookieParams{Name: "role", Value: people[n].Actor.ID, URL: b.home})
}

// look is how a page is looked at.
type look struct {
	name        string
	wide, high  int64
	dark, phone bool
}

var looks = []look{
	{"phone-light", 400, 800, false, true}, {"phone-dark", 400, 800, true, true},
	{"desk-light", 1200, 800, false, false}, {"desk-dark", 1200, 800, true, false},
}

func (b *tab) look(l look) {
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: l.wide, Height: l.high, DeviceScaleFactor: 1, Mobile: l.phone})
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// TestPages looks at every page of three lifecycles, narrow and wide, light and dark:
// nothing is wider than the screen, what can be read has contrast, every input has a
// label, and no two things have one id. With ESCROW_TEST_SHOTS set, pictures are left in that folder.
func TestPages(t *testing.T) {
	s := open(t)
	s.task(t, "papers")
	approval := s.hire(t, "images")
	s.offer(t, "house")
	s.troubles(t)
	b := chrome(t, s)
	shots := os.Getenv("ESCROW_TEST_SHOTS")
	for _, l := range looks {
		b.look(l)
		for _, p := range []struct {
			name, path string
			who        int
		}{
			{"home", "/", 0}, {"contracts", "/contracts", 0}, {"opencontract", "/contracts/papers", 1}, {"opentrain", "/contracts/images", 0}, {"fixedprice", "/contracts/house", 0},
			{"approvals", "/approvals", 0}, {"approval", "/approvals/" + approval, 0}, {"new", "/new", 0}, {"new-opencontract", "/new/opencontract", 0}, {"new-fixedprice", "/new/fixedprice", 0},
			{"operators", "/operators", 4}, {"sandbox", "/sandbox", 0}, {"missing", "/contracts/none", 0}, {"reviewed", "/contracts/reviewed", 4}, {"ended", "/contracts/gone", 1},
		} {
			b.role(p.who)
			b.open(p.path)
			assert.LessOrEqual(t, eval[int64](b, `document.documentElement.scrollWidth`), l.wide, "%s %s is wider than the screen", l.name, p.path)
			assert.Empty(t, eval[[]string](b, faint), "%s %s: too little contrast", l.name, p.path)
			assert.Empty(t, eval[[]string](b, unlabelled), "%s %s: inputs without a label", l.name, p.path)
			assert.Equal(t, int64(1), eval[int64](b, `document.querySelectorAll("h1").length`), p.path)
			assert.Empty(t, eval[[]string](b, `(() => { const n = {}; document.querySelectorAll("[id]").forEach(e => n[e.id] = (n[e.id] || 0) + 1); return Object.keys(n).filter(k => n[k] > 1) })()`), "%s: ids twice", p.path)
			b.contrast(l)
			if shots != "" {
				picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(shots, p.name+"-"+l.name+".png"), picture, 0o644))
			}
		}
	}
}

// unlabelled lists inputs that no label belongs to.
const unlabelled = `[...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(e => !e.labels.length).map(e => e.name)`

// faint lists texts that have less than 4.5 : 1 against what is behind them.
const faint = `(() => {
  const canvas = document.createElement("canvas"); canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = text => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1); return pen.getImageData(0, 0, 1, 1).data };
  const light = c => [0, 1, 2].map(i => c[i] / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] > 250) return c } return rgba("white") };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || e.closest("svg, script, noscript, option, datalist") || !e.checkVisibility()) continue;
    const a = light(rgba(getComputedStyle(e).color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push(e.className + " " + walk.currentNode.data.trim().slice(0, 30) + " " + ratio.toFixed(2));
  }
  return found;
})()`

var colour = regexp.MustCompile(`^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$`)

// contrast checks the colours themselves, computed here.
func (b *tab) contrast(l look) {
	b.t.Helper()
	light := func(name string) float64 {
		text := strings.TrimSpace(eval[string](b, fmt.Sprintf(`getComputedStyle(document.documentElement).getPropertyValue(%q)`, name)))
		m := colour.FindStringSubmatch(text)
		require.NotNil(b.t, m, "%s is %q", name, text)
		sum := 0.0
		for i, share := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(m[i+1], 16, 8)
			require.NoError(b.t, err)
			v := float64(n) / 255
			if v <= 0.04045 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += share * v
		}
		return sum
	}
	paper := light("--paper")
	assert.Equal(b.t, l.dark, paper < 0.2, "%s has the other scheme's paper", l.name)
	for _, name := range []string{"--text", "--accent", "--warn"} {
		own := light(name)
		assert.GreaterOrEqual(b.t, (max(own, paper)+0.05)/(min(own, paper)+0.05), 4.5, "%s: %s on --paper", l.name, name)
	}
}
