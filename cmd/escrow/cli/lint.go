package cli

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/payoff"
)

type lintCmd struct {
	caseFlags
	assumptionFlags
	Strict bool `help:"Exit with 1 on warnings too."`
	Checks bool `help:"Print what is checked, and nothing else."`
	JSON   bool `name:"json" help:"Print the findings as JSON."`
}

// assumptionFlags are what a policy does not say.
type assumptionFlags struct {
	PriceFrom    string `placeholder:"AMOUNT" help:"Lowest price that the policy is for (the price)."`
	PriceTo      string `placeholder:"AMOUNT" help:"Highest price that the policy is for (the price)."`
	Accuracy     string `placeholder:"RATIO" help:"How likely a diligent backup agent judges a criterion rightly (0.9)."`
	Turnout      string `placeholder:"RATIO" help:"How likely a backup agent votes (0.9)."`
	TokenValue   string `placeholder:"AMOUNT" help:"What a reward token is worth (0.1)."`
	MaxLocked    string `placeholder:"DURATION" help:"How long money may be locked at most (P30D)."`
	ApprovalLife string `placeholder:"DURATION" help:"How long the client's approvals live at the application (opencontract; not checked)."`
}

// Help describes the command in detail.
func (lintCmd) Help() string {
	return `Refuses or warns of what does harm under a policy. Each finding names the field,
from where on it is no harm, and the value nearest to the present one with
which it clears, found by asking the engine again. --checks tells what is
checked.

Examples:

    escrow lint policy.json
    escrow lint policy.json --price-from 0.5 --price-to 5000 --token-value 0.02
    escrow lint --lifecycle opentrain --price 20 --review P1D

Exit status: 0 clean or warnings only, 1 something refused (with --strict: or
warned of), 2 unusable call.`
}

// Run looks for what does harm, and prints it.
func (c *lintCmd) Run(std *Stdio) error {
	if c.Checks {
		return printChecks(std)
	}
	terms, findings, err := c.read(std)
	if err != nil {
		return err
	}
	assumed, err := c.assumed()
	if err != nil {
		return err
	}
	more, err := payoff.Lint(terms, assumed)
	if err != nil {
		return err
	}
	findings = append(findings, more...)
	if err := c.print(std, terms, assumed, findings); err != nil {
		return err
	}
	if slices.ContainsFunc(findings, func(f payoff.Finding) bool { return c.Strict || f.Severity == payoff.Refuse }) {
		return errRefused
	}
	return nil
}

// assumed returns the defaults with what the flags say instead.
func (f *assumptionFlags) assumed() (a payoff.Assumptions, err error) {
	a = payoff.DefaultAssumptions()
	money := escrow.Asset{Code: "money", Scale: 18}
	number := reading(money.Parse, money.Decimal)
	for _, flag := range []struct {
		name, value string
		set         func(string) error
	}{
		{"price-from", f.PriceFrom, setTo(&a.PriceFrom, number)},
		{"price-to", f.PriceTo, setTo(&a.PriceTo, number)},
		{"accuracy", f.Accuracy, setTo(&a.Accuracy, escrow.ParseRatio)},
		{"turnout", f.Turnout, setTo(&a.Turnout, escrow.ParseRatio)},
		{"token-value", f.TokenValue, setTo(&a.TokenValue, number)},
		{"max-locked", f.MaxLocked, setTo(&a.MaxLocked, escrow.ParseDuration)},
		{"approval-life", f.ApprovalLife, setTo(&a.ApprovalLife, escrow.ParseDuration)},
	} {
		if flag.value == "" {
			continue
		}
		if err := flag.set(flag.value); err != nil {
			return a, fmt.Errorf("--%s: %w", flag.name, err)
		}
	}
	return a, nil
}

// reading returns what reads a text and then turns it into something else.
func reading[T, U any](parse func(string) (T, error), turn func(T) U) func(string) (U, error) {
	return func(text string) (U, error) {
		read, err := parse(text)
		return turn(read), err
	}
}

// setTo returns what reads a text into a place.
func setTo[T any](at *T, parse func(string) (T, error)) func(string) error {
	return func(text string) (err error) {
		*at, err = parse(text)
		return err
	}
}

// print tells what was found, and under which assumptions.
func (c *lintCmd) print(std *Stdio, terms payoff.Case, a payoff.Assumptions, findings []payoff.Finding) error {
	if c.JSON {
		return std.indented(struct {
			Findings    []payoff.Finding  `json:"findings"`
			Assumptions map[string]string `json:"assumptions"`
		}{append([]payoff.Finding{}, findings...), assumptionsTold(a)})
	}
	var p page
	p.flow("", fmt.Sprintf("%s: %s", terms.Lifecycle.Name(), countFindings(findings)))
	p.findings(findings)
	p.title("assumed")
	p.assumptions(terms, a)
	_, err := fmt.Fprint(std.Out, p.String())
	return err
}

// findings writes a row for each: how bad, what, which field, its value and the
// change; below it what happens and from where on it does not.
func (p *page) findings(list []payoff.Finding) {
	check, field := 0, 0
	for _, f := range list {
		check, field = max(check, len(f.Check)), max(field, len(f.Field))
	}
	for _, f := range list {
		p.title(fmt.Sprintf("%-6s  %-*s  %-*s  %s", f.Severity, check, f.Check, field, f.Field, changeText(f)))
		p.flow("        ", f.Message)
		p.flow("        no harm: ", f.Threshold)
	}
}

func changeText(f payoff.Finding) string {
	if f.Change == "" {
		return f.Value + " → no value of it clears this"
	}
	return f.Value + " → " + f.Change
}

// countFindings says how many there are of each severity.
func countFindings(findings []payoff.Finding) string {
	refused := 0
	for _, f := range findings {
		if f.Severity == payoff.Refuse {
			refused++
		}
	}
	switch warned := len(findings) - refused; {
	case len(findings) == 0:
		return "nothing that does harm was found"
	case warned == 0:
		return fmt.Sprintf("%d refused", refused)
	case refused == 0:
		return fmt.Sprintf("%d warned of, nothing refused", warned)
	default:
		return fmt.Sprintf("%d refused, %d warned of", refused, warned)
	}
}

// assumptions tells what findings depend on besides the policy.
func (p *page) assumptions(terms payoff.Case, a payoff.Assumptions) {
	if a.PriceFrom.IsZero() {
		a.PriceFrom = terms.Price
	}
	if a.PriceTo.IsZero() {
		a.PriceTo = terms.Price
	}
	told := assumptionsTold(a)
	for _, name := range assumptionNames {
		p.flow(fmt.Sprintf("  %-14s  ", name), told[name])
	}
}

var assumptionNames = []string{"price-from", "price-to", "accuracy", "turnout", "token-value", "max-locked", "approval-life"}

// assumptionsTold returns the assumptions by the names of their flags.
func assumptionsTold(a payoff.Assumptions) map[string]string {
	life := escrow.FormatDuration(a.ApprovalLife)
	if a.ApprovalLife == 0 {
		life = "not checked (opentrain: approvalTTL)"
	}
	return map[string]string{
		"price-from": a.PriceFrom.String(), "price-to": a.PriceTo.String(), "accuracy": a.Accuracy.String(), "turnout": a.Turnout.String(),
		"token-value": a.TokenValue.String(), "max-locked": escrow.FormatDuration(a.MaxLocked), "approval-life": life,
	}
}

// printChecks tells what is checked.
func printChecks(std *Stdio) error {
	var p page
	for _, c := range payoff.Checks() {
		p.flow(fmt.Sprintf("%-24s %-6s  ", c.Name, c.Severity), c.Meaning)
	}
	_, err := fmt.Fprint(std.Out, p.String())
	return err
}
