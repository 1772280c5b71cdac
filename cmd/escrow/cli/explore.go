package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"time"

	escrow "github.com/escrow-go/escrow/next"
	"github.com/escrow-go/escrow/explore"
)

type exploreCmd struct {
	Lifecycle string `required:"" placeholder:"NAME|FILE" help:"opencontract, opentrain, or a file that says where contracts begin, who asks and for what."`
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

A FILE is {"start": time, "contracts": [drafts], "actors": […], "commands": […]}
for a lifecycle of your own or terms of your own. A confirm or decline_approval
that names no approval is asked for each there is.

Examples:

    escrow explore --lifecycle opencontract
    escrow explore --lifecycle opentrain --policy policy.json --html found.html
    escrow explore --lifecycle examples/erc8183/scope.json --mermaid found.mmd

Progress goes to standard error. Ctrl-C stops with what was found so far.

Exit status: 0 everything explored and no guarantee violated, 1 violated or
stopped early, 2 unusable call.`
}

// Run explores, and prints what was found.
func (c *exploreCmd) Run(std *Stdio) error {
	scope, err := c.scope(std)
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
func (c *exploreCmd) scope(std *Stdio) (explore.Scope, error) {
	policy, err := c.policyText(std)
	if err != nil {
		return explore.Scope{}, err
	}
	switch c.Lifecycle {
	case escrow.OpenContract.Name():
		p, err := policyOf(escrow.OpenContract, policy)
		return explore.OpenContract(p), err
	case escrow.OpenTrain.Name():
		p, err := policyOf(escrow.OpenTrain, policy)
		return explore.OpenTrain(p), err
	}
	text, err := std.object(c.Lifecycle, `{"start": "2026-06-01T00:00:00Z", "contracts": [drafts], "actors": […], "commands": […]}, or the name opencontract or opentrain`)
	if err != nil {
		return explore.Scope{}, err
	}
	s, err := explore.ParseScope(text, outside()...)
	if err != nil || policy == nil {
		return s, err
	}
	p, err := policyOf(s.Lifecycle(), policy)
	if err != nil {
		return s, err
	}
	return s.Under(*p), nil
}

func (c *exploreCmd) policyText(std *Stdio) (json.RawMessage, error) {
	if c.Policy == "" {
		return nil, nil
	}
	return std.object(c.Policy, `a policy, as in {"protocolFee": "0.05"}`)
}

// policyOf reads a policy of a lifecycle, nil for none. A policy that no contract
// can be founded under is an error.
func policyOf(law *escrow.Lifecycle, text json.RawMessage) (*escrow.Policy, error) {
	if text == nil {
		return nil, nil
	}
	draft, err := json.Marshal(map[string]any{"id": "policy", "lifecycle": law.Name(), "client": "client", "policy": text})
	if err != nil {
		return nil, err
	}
	c, err := escrow.ParseContract(draft, outside()...)
	if err != nil {
		return nil, err
	}
	for _, founding := range law.Spec().Rules {
		if founding.From[0] != escrow.Draft {
			continue
		}
		_, err := escrow.Decide(c, founding.On, escrow.Human("human", "client"), clock(time.Unix(0, 0)))
		if errors.Is(err, escrow.InvalidPolicy) || errors.Is(err, escrow.Malformed) {
			return nil, err
		}
	}
	p := c.Policy()
	return &p, nil
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
	if !c.JSON {
		_, err := io.WriteString(std.Out, r.String())
		return err
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.Out, "%s\n", text)
	return err
}
