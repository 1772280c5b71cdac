package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const studies = "../../../docs/studies"

// charts are what is shown of each study's page: the beginnings of the charts'
// names.
var charts = map[string][]string{
	"slash":  {"Disputes over", "capital.days over"},
	"jury":   {"Map of disputes.right"},
	"cosign": {"Map of sign.wait"},
}

// TestStudies makes every study from its scenario again: the page shows what the
// command prints, and the charts of the report.
func TestStudies(t *testing.T) {
	scenarios, err := filepath.Glob(studies + "/*.yaml")
	require.NoError(t, err)
	require.Len(t, scenarios, len(charts))
	for _, scenario := range scenarios {
		name := strings.TrimSuffix(filepath.Base(scenario), ".yaml")
		t.Run(name, func(t *testing.T) {
			page := filepath.Join(t.TempDir(), "page.html")
			got := call("", "simulate", scenario, "--html", page)
			require.Equal(t, 0, got.status, got.err)
			text, err := os.ReadFile(filepath.Join(studies, name+".md"))
			require.NoError(t, err)
			golden(t, filepath.Join(studies, name+".md"), printed(t, string(text), name, got.out))
			html, err := os.ReadFile(page)
			require.NoError(t, err)
			for i, label := range charts[name] {
				golden(t, filepath.Join(studies, name+"-"+string(rune('1'+i))+".svg"), chart(t, string(html), label))
				assert.Contains(t, string(text), name+"-"+string(rune('1'+i))+".svg")
			}
		})
	}
}

// printed puts what a command printed into the page, where it stands under the
// command.
func printed(t *testing.T, page, name, out string) string {
	command := "go run ./cmd/escrow simulate docs/studies/" + name + ".yaml\n```\n\n```\n"
	before, after, found := strings.Cut(page, command)
	require.True(t, found, "the page has lost its command: %s", command)
	_, after, found = strings.Cut(after, "```\n")
	require.True(t, found, "what the command prints has no end")
	return before + command + out + "```\n" + after
}

var (
	variable = regexp.MustCompile(`--[a-z0-9-]+: *#[0-9a-f]+`)
	drawing  = regexp.MustCompile(`(?s)<svg class="chart".*?</svg>`)
)

// chart returns a chart of a report as a file of its own, in the colours that the
// page defines first.
func chart(t *testing.T, html, label string) string {
	for _, svg := range drawing.FindAllString(html, -1) {
		if !strings.Contains(svg, `aria-label="`+label) {
			continue
		}
		var colours []string
		seen := map[string]bool{}
		for _, v := range variable.FindAllString(html, -1) {
			if name, _, _ := strings.Cut(v, ":"); !seen[name] && strings.Contains(svg, "var("+name+")") {
				seen[name], colours = true, append(colours, v)
			}
		}
		head, rest, _ := strings.Cut(svg, ">")
		return head + "><style>svg{background:#fff;font-family:'Liberation Sans',Arial,Helvetica,sans-serif;" + strings.Join(colours, ";") + "}</style>" + rest + "\n"
	}
	require.Fail(t, "no such chart", label)
	return ""
}
