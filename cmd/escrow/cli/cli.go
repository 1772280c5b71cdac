// Package cli is the command line of the rules engine, for any lifecycles: those
// that ship, as in the command escrow, or one's own.
//
//	func main() { cli.Main(rental.Lifecycle) }
//
// All of it works for the lifecycles that it is handed; payoff, lint and simulate
// know only those of OpenContract and OpenTrain.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/escrow-go/escrow"
)

// The exit statuses.
const (
	exitDecision = 0
	exitRefusal  = 1
	exitUnusable = 2
)

// errRefused ends a run whose answer, already printed, is a refusal.
var errRefused = errors.New("refused")

// description is the help text of the whole.
const description = `Rules engine for escrowed work contracts: who may do what, until when, and who
is paid what.

It is pure: a contract, a command, who asks and the time go in as JSON, a
decision with every movement of money or a refusal with its reason comes out.
Nothing is stored and nothing is sent.

Examples, from the top of the repository:
  escrow decide examples/withdraw.json        what follows if the worker withdraws?
  escrow explain examples/explain.json        what may each party do now, and why not?
  escrow decide --jsonl < requests.jsonl      answer a request a line, as they come
  escrow rulebook opencontract                print the rules that all this follows

Exit status: 0 decision (or all printed), 1 refusal, 2 unusable call.`

// commands are all that can be called.
type commands struct {
	Decide     decideCmd     `cmd:"" help:"Answer a request: the decision or the refusal, as JSON."`
	Explain    explainCmd    `cmd:"" help:"Show what each party may do now, what not and why, and what happens by itself."`
	Lifecycles lifecyclesCmd `cmd:"" help:"List the lifecycles that are known."`
	Rulebook   rulebookCmd   `cmd:"" help:"Print a lifecycle's rules, or its state diagram."`
	Schema     schemaCmd     `cmd:"" help:"Print the JSON Schema of what a lifecycle reads and writes."`
	Explore    exploreCmd    `cmd:"" help:"Walk through everything that can happen, and check the guarantees in every state."`
	Payoff     payoffCmd     `cmd:"" help:"Print, for every way a contract can end, what each party pays, gets and has locked."`
	Lint       lintCmd       `cmd:"" help:"Refuse or warn of what does harm under a policy, with the smallest change that clears it."`
	Simulate   simulateCmd   `cmd:"" help:"Live through thousands of contracts of a scenario: who ends with what, how long it takes, what another policy changes."`
	Conform    conformCmd    `cmd:"" help:"Check whether another program decides as the engine does."`
	Backtest   backtestCmd   `cmd:"" help:"Replay recorded contracts under other policies: who would have had more, and what would have gone another way."`
}

// Stdio is where a call reads and writes.
type Stdio struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Main carries out the call that the process was started with, for contracts of the
// given lifecycles, and ends the process: with 0 for a decision or when all is
// printed, 1 for a refusal, 2 for a call that is unusable. Objects that name no
// lifecycle are read as those of the first that reads such. Every version that
// contracts name must be given.
func Main(lifecycles ...*escrow.Lifecycle) {
	// A closed pipe is a write error like any other, and no reason to die.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(Run(os.Args[1:], Stdio{os.Stdin, os.Stdout, os.Stderr}, lifecycles...))
}

// Run carries out one call, whose arguments do not have the program's name, and
// returns the exit status that [Main] would end with.
func Run(args []string, std Stdio, lifecycles ...*escrow.Lifecycle) int {
	known := shelf(lifecycles)
	parser := kong.Must(&commands{},
		kong.Name("escrow"),
		kong.Description(description),
		kong.Vars{"lifecycles": known.names()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoAppDescFormat: true, WrapUpperBound: 80}),
		kong.Writers(std.Out, std.Err),
	)
	call, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(std.Err, "escrow: %v\nRun \"escrow --help\" for commands and examples.\n", err)
		return exitUnusable
	}
	return exitStatus(call.Run(&std, known), &std)
}

// exitStatus tells what went wrong on standard error, unless it is a refusal,
// which is an answer, or a reader that has gone away.
func exitStatus(err error, std *Stdio) int {
	switch {
	case err == nil:
		return exitDecision
	case errors.Is(err, errRefused):
		return exitRefusal
	case !errors.Is(err, syscall.EPIPE):
		fmt.Fprintf(std.Err, "escrow: %s\n", strings.TrimPrefix(err.Error(), "escrow: "))
	}
	return exitUnusable
}
