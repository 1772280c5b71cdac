package explore_test

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	"github.com/escrow-go/escrow/opentrain"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// says checks that a page says something.
func says(t *testing.T, page, text string) {
	t.Helper()
	assert.True(t, strings.Contains(page, text), text)
}

// pageOf returns the page of a report, whose drawing is well formed and shows every
// status.
func pageOf(t *testing.T, r *explore.Report) string {
	t.Helper()
	text, err := r.Page()
	require.NoError(t, err)
	svg := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindString(text)
	require.NoError(t, xml.Unmarshal([]byte(svg), new(struct{})))
	for _, s := range r.Statuses[1:] {
		assert.Contains(t, svg, ">"+string(s.Status)+"</text>")
	}
	return text
}

func TestPage(t *testing.T) {
	t.Parallel()
	r, err := explore.Run(otplay.Scope(escrow.Policy{}), explore.AtMost(300))
	require.NoError(t, err)
	r.Truncated, r.Unreached = false, nil // as if that were all
	r.Endings = []explore.Ending{{Party: "client", Holding: 1200, Forced: 1200, All: 1300}, {Party: "worker", Holding: 4, Forced: 3}}
	text := pageOf(t, r)
	says(t, text, "opentrain: no guarantee is violated")
	says(t, text, fmt.Sprintf(">%d states</text>", r.Statuses[1].States))
	says(t, text, ">OT-6 end (asked) · ")
	says(t, text, `<td>client</td><td class="n">1,200</td>`)
	says(t, text, `<tr class="wrong"><td>worker</td>`)
	says(t, text, "width:75%")
	says(t, text, "<td>account_claim_required</td>")

	r.Unreached = append(r.Unreached, "rule OT-4")
	r.Violations = []explore.Found{{Violation: escrowtest.Violation{Guarantee: "G9", Message: "<script>"}, Story: hostile()}}
	text = pageOf(t, r)
	says(t, text, "opentrain: 1 violation")
	says(t, text, `<tr class="wrong"><td>OT-4</td>`)
	says(t, text, `class="mark wrong"`)
	assert.False(t, strings.Contains(text, "<script>"), "<script>")
	says(t, text, "&lt;script&gt;")
}

// hostile is a hire by a client that writes markup.
func hostile() *escrowtest.Story {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	begin := opentrain.Terms{ID: "job", Client: "c", Worker: "w", JobID: "j", ProposalID: "p",
		Milestones: []opentrain.MilestoneTerms{{ID: "m", Name: "<script>alert(1)</script>", Amount: decimal.NewNullDecimal(decimal.New(1, 0))}}}.Draft()
	return escrowtest.Tell(begin, now, []escrowtest.Question{{Command: opentrain.Hire{}.Command(), Actor: escrow.Human("h", "c"), Now: now}})
}

func TestPageOfTruncated(t *testing.T) {
	t.Parallel()
	r, err := explore.Run(octplay.Scope(escrow.Policy{}), explore.AtMost(200))
	require.NoError(t, err)
	text := pageOf(t, r)
	says(t, text, "stopped before its end")
	says(t, text, "node never")
	says(t, text, "edge never")
	_, err = new(explore.Report).Page()
	assert.Error(t, err)
}

func TestMermaid(t *testing.T) {
	t.Parallel()
	r, err := explore.Run(otplay.Scope(escrow.Policy{}), explore.AtMost(300))
	require.NoError(t, err)
	text := r.Mermaid()
	for _, s := range r.Statuses[1:] {
		says(t, text, fmt.Sprintf("state \"%s (%d)\" as %s\n", s.Status, s.States, strings.ReplaceAll(string(s.Status), "-", "_")))
	}
	for _, a := range r.Arrows {
		assert.Regexp(t, fmt.Sprintf("%s [^,]* ?%d\\b", a.Rule, a.Times), text)
	}
	says(t, text, "    ended --> [*]\n")
}

func ExampleReport_Mermaid() {
	report, _ := explore.Run(otplay.Scope(escrow.Policy{}), explore.AtMost(20))
	fmt.Println(strings.Contains(report.Mermaid(), "proposed --> active: OT-1 hire "))
	// Output: true
}
