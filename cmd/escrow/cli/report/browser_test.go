package report

import (
	"bytes"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBrowser opens a page in a browser without a network: every chart is there
// and drawn, and nothing is complained of.
func TestBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	dir := t.TempDir()
	text := written(t, pages["three policies"])
	page := filepath.Join(dir, "report.html")
	require.NoError(t, os.WriteFile(page, []byte(text), 0o644))
	open := func(args ...string) (string, string) {
		args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
			"--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--user-data-dir=" + filepath.Join(dir, "profile")}, append(args, "file://"+page)...)
		var out, complaints bytes.Buffer
		cmd := exec.CommandContext(t.Context(), chromium, args...)
		cmd.Stdout, cmd.Stderr = &out, &complaints
		require.NoError(t, cmd.Run(), complaints.String())
		return out.String(), complaints.String()
	}
	dom, complaints := open("--dump-dom")
	assert.NotContains(t, complaints, ":CONSOLE")
	assert.NotContains(t, complaints, "net::ERR")
	for _, chart := range drawing.FindAllString(text, -1) {
		label := chart[:strings.Index(chart, " viewBox")]
		says(t, dom, label)
	}
	assert.Equal(t, strings.Count(text, "<path"), strings.Count(dom, "<path"), "every line was read as a line")

	shot := filepath.Join(dir, "report.png")
	open("--window-size=1150,3000", "--screenshot="+shot)
	picture, err := os.ReadFile(shot)
	require.NoError(t, err)
	assert.Greater(t, colours(t, picture), 50, "something is drawn")
}

// colours counts the colours of a picture.
func colours(t *testing.T, picture []byte) int {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	seen := map[color.Color]bool{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}
