package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/escrow-go/escrow/simulate"
)

type simulateCmd struct {
	Scenario  string  `arg:"" help:"A scenario, YAML or JSON; - for standard input."`
	Seed      *uint64 `placeholder:"N" help:"Draw other random numbers than the scenario says."`
	Contracts *int    `placeholder:"N" help:"Simulate more or fewer contracts than the scenario says."`
	JSON      string  `name:"json" placeholder:"FILE" help:"Write the result as JSON; - prints it instead of the text."`
	CSV       string  `name:"csv" placeholder:"FILE" help:"Write every figure on a line; - prints them instead of the text."`
	HTML      string  `name:"html" placeholder:"FILE" help:"Write a page with charts that opens offline."`
}

// Help describes the command in detail.
func (simulateCmd) Help() string {
	return `Lives through thousands of contracts: clients, workers, backup agents and
approvers behave as the scenario says, and the engine decides. What comes out is
how contracts end, what each party is left with, how long it takes and how much
money is locked, each with its 95 % interval.

Several policies are compared on the same contracts and the same luck. A sweep
varies fields of the scenario, looks for the best exchange of two measures, and
says where rational workers change their mind.

Same scenario, same seed, same result, whatever the number of processors.

Examples:

    escrow simulate examples/scenarios/default.yaml
    escrow simulate --seed 7 --contracts 1000000 --html found.html scenario.yaml
    escrow simulate --json - scenario.yaml | jq .result.policies[0].endings

Progress goes to standard error. Ctrl-C stops with what was found so far.

Exit status: 0 everything simulated, 1 stopped early, 2 unusable call.`
}

// Run simulates, and prints what was found.
func (c *simulateCmd) Run(std *Stdio) error {
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt)
	defer done()
	context.AfterFunc(ctx, done) // a second Ctrl-C does not wait
	return c.run(ctx, std)
}

func (c *simulateCmd) run(ctx context.Context, std *Stdio) error {
	told, err := c.read(std)
	if err != nil {
		return err
	}
	outputs, err := c.outputs()
	if err != nil {
		return err
	}
	debug.SetGCPercent(400) // hardly anything is kept: collecting seldom is faster
	fmt.Fprintf(std.Err, "%s: seed %d\n", told.scenario.Name, told.scenario.Seed)
	began := time.Now()
	if err := told.simulate(ctx, std); err != nil {
		return err
	}
	if took := time.Since(began); took > 0 {
		fmt.Fprintf(std.Err, "%s contracts in %s, %s\n", grouped(told.lives()), took.Round(time.Millisecond), rate(told.lives(), "contracts", took))
	}
	if err := outputs.write(std, told); err != nil {
		return err
	}
	if told.stopped() {
		return errRefused
	}
	return nil
}

// read reads the scenario, and changes in it what the call says.
func (c *simulateCmd) read(std *Stdio) (*simulation, error) {
	text, err := std.scenarioText(c.Scenario)
	if err != nil {
		return nil, err
	}
	name := c.Scenario
	if name == "-" {
		name = "standard input"
	}
	document, err := yamlToJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s, err := simulate.ParseScenario(document)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if c.Seed != nil {
		s, err = s.With("seed", strconv.FormatUint(*c.Seed, 10))
	}
	if c.Contracts != nil && err == nil {
		s, err = s.With("contracts", strconv.Itoa(*c.Contracts))
	}
	if err != nil {
		return nil, fmt.Errorf("--seed or --contracts: %w", err)
	}
	return &simulation{scenario: s, text: text, document: document}, nil
}

// scenarioText reads what a file holds: a byte more than a scenario may have, if
// there are so many.
func (s *Stdio) scenarioText(name string) ([]byte, error) {
	f, err := s.open(name)
	if err != nil {
		return nil, fmt.Errorf("%w; give the path of a scenario (YAML or JSON), or - for standard input", err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxYAML+1))
}
