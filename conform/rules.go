package conform

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// RuleCount is how a program does by one rule of a lifecycle.
type RuleCount struct {
	// Lifecycle is empty for requests that are about none.
	Lifecycle string `json:"lifecycle,omitempty"`
	// Rule is the rule that decides or refuses, of a confirmation the one that it
	// carries out, as in "OC-7"; "action vote" where no rule does.
	Rule string `json:"rule"`
	// Exchanges were answered, Differ of them otherwise than by the engine.
	Exchanges int `json:"exchanges"`
	Differ    int `json:"differ"`
}

// String tells the count on one line.
func (c RuleCount) String() string {
	return fmt.Sprintf("%s: %d of %d agree", strings.TrimSpace(c.Lifecycle+" "+c.Rule), c.Exchanges-c.Differ, c.Exchanges)
}

// subject is what an exchange is about.
type subject struct{ lifecycle, rule, action string }

// subject returns what an exchange is about, by the engine's answer.
func (e *Exchange) subject() subject {
	var request struct{ Command struct{ Action string } }
	var answer struct {
		Decision, Refusal struct{ Rule, Executes string }
	}
	_ = json.Unmarshal(e.Request, &request) // what cannot be read is about nothing
	_ = json.Unmarshal(e.Answer, &answer)
	return subjectOf(e.Lifecycle, request.Command.Action, cmp.Or(answer.Decision.Executes, answer.Decision.Rule, answer.Refusal.Rule))
}

func subjectOf(lifecycle, action, rule string) subject {
	return subject{lifecycle, cmp.Or(rule, strings.TrimSpace("action "+action)), action}
}

// asked returns what a question is about, by the engine's answer.
func asked(c escrow.Contract, q escrowtest.Question, a *escrowtest.Answer) subject {
	return subjectOf(c.Lifecycle().Name(), string(q.Command.Action()), cmp.Or(a.Executes, a.Rule))
}

// Only has the program asked only about rules and actions that a pattern matches, as
// in "OC-7", "OT-*" or "confirm"; [path.Match] says what a pattern is. Whatever else
// comes by in a random life, the engine answers. An error says that a pattern is
// malformed.
func (p *Program) Only(patterns ...string) error {
	for _, pattern := range patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("the pattern %q: %w", pattern, err)
		}
	}
	p.only = append(p.only, patterns...)
	return nil
}

// wants reports whether the program is asked about a subject.
func (p *Program) wants(s subject) bool {
	return len(p.only) == 0 || slices.ContainsFunc(p.only, func(pattern string) bool {
		rule, _ := path.Match(pattern, s.rule)
		action, _ := path.Match(pattern, s.action)
		return rule || action
	})
}

// count counts an exchange by its rule.
func (r *Report) count(s subject, differs bool) {
	i := slices.IndexFunc(r.Rules, func(c RuleCount) bool { return c.Lifecycle == s.lifecycle && c.Rule == s.rule })
	if i < 0 {
		i, r.Rules = len(r.Rules), append(r.Rules, RuleCount{Lifecycle: s.lifecycle, Rule: s.rule})
	}
	if r.Rules[i].Exchanges++; differs {
		r.Rules[i].Differ++
	}
}
