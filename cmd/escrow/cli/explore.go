package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/explore"
	"github.com/escrow-go/escrow/lifecycles/play"
)

type exploreCmd struct {
	Lifecycle string `required:"" placeholder:"NAME|FILE" help:"${lifecycles}, or a file that says where contracts begin, who asks and for what."`
	Policy    string `placeholder:"FILE" help:"A policy (JSON) to explore under instead of the default; - for standard input."`
	HTML      string `name:"html" placeholder:"FILE" help:"Write a page with the graph of what was found."`
	Mermaid   string `placeholder:"FILE" help:"Write the graph in Mermaid's notation."`
	JSON      bool   `name:"json" help:"Print the report as JSON."`
	Limit     int    `default:"0" help:"Stop after so many states (0: never); what is left out is not proved."`
}

// Help describes the command in detail.
func (exploreCmd) Help() string {
	return `Everybody asks for everything, just before, at and after every instant that
matters, in every state that follows, until there are no more states. Every
answer is checked against the guarantees G1 to G12; then it is worked out how
every state ends and which party can end it alone.

By NAME, contracts, actors and commands are those that follow from the
lifecycle's declaration: two amounts, up to two items, everybody and strangers.
A FILE is {"start": time, "contracts": [drafts], "actors": […], "commands": […]}
for terms of your own. A confirm or decline_approval that names no approval is
asked for each there is.

Examples:

    escrow explore --lifecycle opencontract
    escrow explore --lifecycle opentrain --policy policy.json --html found.html
    escrow explore --lifecycle examples/scope.json --mermaid found.mmd

Progress goes to standard error. Ctrl-C stops with what was found so far.

Exit status: 0 everything explored and no guarantee violated, 1 violated or
stopped early, 2 unusable call.`
}

// Run explores, and prints what was found.
func (c *exploreCmd) Run(std *Stdio, known shelf) error {
	scope, err := c.scope(std, known)
	if err != nil {
		return err
	}
	debug.SetGCPercent(400) // states are kept, answers are not: collecting seldom is faster
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt)
	defer done()
	line := newProgress(std.Err)
	report, err := explore.Run(scope, explore.AtMost(c.Limit), explore.Until(ctx), explore.Watch(func(p explore.Progress) {
		line.show("%d states, %d waiting, %d edges, depth %d", p.States, p.Waiting, p.Edges, p.Depth)
	}))
	line.end()
	if err != nil {
		return err
	}
	if err := c.write(std, report); err != nil {
		return err
	}
	if report.Truncated || len(report.Violations) > 0 {
		return errRefused
	}
	return nil
}

// scope returns what the call asks to explore.
func (c *exploreCmd) scope(std *Stdio, known shelf) (explore.Scope, error) {
	l, unknown := known.named(c.Lifecycle)
	if unknown == nil {
		policy, err := c.policy(std, l)
		if err != nil {
			return explore.Scope{}, err
		}
		return play.ScopeOf(l, policy)
	}
	text, err := std.object(c.Lifecycle, `{"start": "2026-06-01T00:00:00Z", "contracts": [drafts], "actors": […], "commands": […]}`)
	if errors.Is(err, fs.ErrNotExist) {
		return explore.Scope{}, fmt.Errorf("no file, and %w", unknown)
	}
	if err != nil {
		return explore.Scope{}, err
	}
	s, err := explore.ParseScope(text, known...)
	if err != nil || c.Policy == "" {
		return s, err
	}
	policy, err := c.policy(std, s.Lifecycle())
	if err != nil {
		return s, err
	}
	return s.Under(policy), nil
}

// policy reads the policy that is given, of a lifecycle; the zero one when none is.
func (c *exploreCmd) policy(std *Stdio, l *escrow.Lifecycle) (p escrow.Policy, err error) {
	if c.Policy == "" {
		return p, nil
	}
	text, err := std.object(c.Policy, policyForm)
	if err != nil {
		return p, err
	}
	return l.ParsePolicy(text)
}

// write prints the report and writes the graphs that were asked for.
func (c *exploreCmd) write(std *Stdio, r *explore.Report) error {
	if c.HTML != "" {
		page, err := r.Page()
		if err == nil {
			err = os.WriteFile(c.HTML, []byte(page), 0o644)
		}
		if err != nil {
			return err
		}
	}
	if c.Mermaid != "" {
		if err := os.WriteFile(c.Mermaid, []byte(r.Mermaid()), 0o644); err != nil {
			return err
		}
	}
	if c.JSON {
		return std.indented(r)
	}
	_, err := io.WriteString(std.Out, r.String())
	return err
}
