package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/escrow-go/escrow/payoff"
)

type payoffCmd struct {
	caseFlags
	JSON bool   `name:"json" help:"Print the table as JSON."`
	HTML string `name:"html" placeholder:"FILE" help:"Write the table and its chart as a page."`
}

// Help describes the command in detail.
func (payoffCmd) Help() string {
	return `Plays every way in which a contract can end, twice for every deposit: everybody
acts at once up to it and at the last nanosecond after it, and the other way
round. Prints what each party has more or less, what is locked longest, a chart,
and what a backup agent's vote comes to. Nothing is sampled and nothing is
reckoned anew: every number is what the engine decided.

In opencontract the system is taken to settle at once. In opentrain a token asks
and as many humans confirm as the policy wants; where only the client can go on,
money is locked without limit.

Examples:

    escrow payoff
    escrow payoff policy.json --price 1200 --criteria 5 --delivery P14D
    escrow payoff --lifecycle opentrain --milestones 3 --html payoff.html

Exit status: 0 printed, 2 unusable call.`
}

// Run plays every ending and prints what it comes to.
func (c *payoffCmd) Run(std *Stdio) error {
	terms, refused, err := c.read(std)
	if err != nil {
		return err
	}
	if err := refusal(refused); err != nil {
		return err
	}
	table, err := payoff.Of(terms)
	if err != nil {
		return err
	}
	if err := c.writePage(table); err != nil {
		return err
	}
	if c.JSON {
		return std.indented(table)
	}
	_, err = io.WriteString(std.Out, table.String())
	return err
}

func (c *payoffCmd) writePage(table *payoff.Table) error {
	if c.HTML == "" {
		return nil
	}
	page, err := table.Page()
	if err != nil {
		return err
	}
	return os.WriteFile(c.HTML, []byte(page), 0o644)
}

// indented prints a value as JSON for programs and people.
func (s *Stdio) indented(value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.Out, "%s\n", text)
	return err
}
