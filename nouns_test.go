package escrow

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lifecycleNouns are the words of lifecycles that ship or are well known. The engine
// knows none of them: what they name is declared, never meant.
var lifecycleNouns = regexp.MustCompile(`(?i)\b(` + strings.Join([]string{
	`jur(y|ies|ors?)`, `milestones?`, `criteri(on|a|ons)`, `stak(es?|ed|ing)`, `hir(es?|ed|ing)`, `workers?`, `clients?`, `freelancers?`, `trainers?`, `employers?`,
	`backup ?agents?`, `disput(es?|ed)`, `dispute ?bonds?`, `bonds?`, `fees?`, `slash(ed|ing)`, `withdraw(s|n|als?)?`, `votes?`, `ballots?`, `verdicts?`,
	`tenders?`, `bids?`, `bidders?`, `pledges?`, `bookings?`, `proposalid`, `jobid`, `tokenmint\w*`, `settlements?`, `treasur(y|ies)`, `brokers?`,
	`inspections?`, `crowdfund\w*`, `opencontract`, `opentrain`, `fixedprice`, `erc-?8183`, `kleros`, `upwork`, `sharetribe`, `budgetorprice`,
}, "|") + `)\b`)

// compound finds the same nouns inside names such as workerStake.
var compound = regexp.MustCompile(`(Jury|Juror|Milestone|Criterion|Criteria|Worker|Freelancer|Trainer|Slash[A-Z]|Withdraw|Dispute|Ballot|Verdict|Hire)|\b(jury|juror|milestone|criterion|criteria|worker|freelancer|trainer|slash|withdraw|dispute|ballot|verdict|hire)[A-Z]`)

// TestTheEngineKnowsNoLifecycle goes through the package's own files.
func TestTheEngineKnowsNoLifecycle(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for i, line := range strings.Split(string(text), "\n") {
			for _, nouns := range []*regexp.Regexp{lifecycleNouns, compound} {
				if noun := nouns.FindString(line); noun != "" {
					assert.Failf(t, "a noun of a lifecycle", "%s:%d says %q: %s", name, i+1, noun, strings.TrimSpace(line))
				}
			}
		}
	}
}

// TestNounsAreWhole: words that only look alike are none.
func TestNounsAreWhole(t *testing.T) {
	for _, text := range []string{"field", "feed", "forbids", "withdrawn is", "unvoted", "mistakes", "inherits"} {
		assert.Equal(t, text == "withdrawn is", lifecycleNouns.MatchString(text), text)
	}
}
