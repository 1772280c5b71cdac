// Package cli is the command escrowd, which looks after a store of contracts, for any
// lifecycles: those that ship, or one's own.
//
//	func main() { cli.Main(rental.Lifecycle) }
//
// Who moves real money gives a [Command] their own rail.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// The exit statuses.
const (
	exitClean    = 0
	exitFindings = 1
	exitUnusable = 2
)

// errFindings ends a run that has told what it found.
var errFindings = errors.New("findings")

// description is the help text of the whole.
const description = `Runs a marketplace of escrowed contracts, and looks after its store, in SQLite or
PostgreSQL.

Examples:
  escrowd serve                                a sandbox to look at
  escrowd audit --database escrow.db           does all that is stored follow from the rest?
  escrowd ops list --database escrow.db        what do people have to look at?
  escrowd backup --database escrow.db all.gz   write all there is into a file
  escrowd work --database escrow.db --rail rail.db   do the timed work

Exit status: 0 clean, 1 differences or findings, 2 unusable call or database.`

// commands are all that can be called, each in a file of its own.
type commands struct {
	common

	Audit     auditCmd     `cmd:"" help:"Live every stored contract again and tell what does not follow."`
	Reconcile reconcileCmd `cmd:"" help:"Compare what the store says was moved with what the rail says."`
	Backup    backupCmd    `cmd:"" help:"Write all that the store has into a file."`
	Restore   restoreCmd   `cmd:"" help:"Read a backup into an empty database of either kind, and audit it."`
	Ops       opsCmd       `cmd:"" help:"What people have to look at, and what they decide about it."`
	History   historyCmd   `cmd:"" help:"Print the decisions of a contract, with the money that each moved."`
	Show      showCmd      `cmd:"" help:"Print where a contract stands: custody, next deadline, approvals, payments."`
	List      listCmd      `cmd:"" help:"List contracts of an account, or of a lifecycle in a status."`
	Erase     eraseCmd     `cmd:"" help:"Forget for good what people wrote into a contract that has ended."`
	Serve     serveCmd     `cmd:"" help:"Run a marketplace: a sandbox to look at, or a live one."`
	User      userCmd      `cmd:"" help:"Who may sign in and sign."`
	Work      workCmd      `cmd:"" help:"Do the timed work until interrupted."`
}

// Stdio is where a call reads and writes.
type Stdio struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Rails opens the rail at an address, which is what --rail says.
type Rails func(ctx context.Context, address string, clock escrow.Clock) (rail escrowrun.Rail, leave func() error, err error)

// Command is the command for an embedder's own store.
type Command struct {
	// Lifecycles are all that the stored contracts name.
	Lifecycles []*escrow.Lifecycle
	// Rails opens the rail, [Sandbox] when nil.
	Rails Rails
	// Prepare sets what else a runner needs, such as Jury and Deliver; nil sets nothing.
	Prepare func(*escrowrun.Runner)
}

// Main carries out the call that the process was started with, for contracts of the given
// lifecycles and the sandbox's money, and ends the process: with 0 when all is clean, 1
// for findings, 2 for a call or database that is unusable.
func Main(lifecycles ...*escrow.Lifecycle) { Command{Lifecycles: lifecycles}.Main() }

// Main carries out the call that the process was started with, and ends the process.
func (c Command) Main() {
	// A closed pipe is a write error like any other, and no reason to die.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := c.Run(ctx, os.Args[1:], Stdio{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// helped is how kong says that the help text is printed and all is done.
type helped int

// Run carries out one call, whose arguments do not have the program's name, and returns
// the exit status that Main would end with.
func (c Command) Run(ctx context.Context, args []string, std Stdio) (status int) {
	defer func() {
		if code, ok := recover().(helped); ok {
			status = int(code)
		} else if status < 0 {
			fmt.Fprintln(std.Err, "escrowd: this is a mistake of the program's own; nothing more was done")
			status = exitUnusable
		}
	}()
	status = -1
	status = c.run(ctx, args, std)
	return status
}

func (c Command) run(ctx context.Context, args []string, std Stdio) int {
	var all commands
	parser := kong.Must(&all,
		kong.Name("escrowd"),
		kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoAppDescFormat: true, WrapUpperBound: 80}),
		kong.Writers(std.Out, std.Err),
		kong.Exit(func(code int) { panic(helped(code)) }),
	)
	call, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(std.Err, "escrowd: %v; \"escrowd --help\" tells commands and examples\n", err)
		return exitUnusable
	}
	j := &job{Context: ctx, common: all.common, command: c, std: std, out: &output{w: std.Out, json: all.JSON}}
	defer j.close()
	err = call.Run(j)
	if err == nil {
		err = j.out.err
	}
	return j.status(err)
}

// status tells what went wrong on standard error, unless it is findings, which are told,
// or a reader that has gone away.
func (j *job) status(err error) int {
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case !errors.Is(err, syscall.EPIPE):
		fmt.Fprintln(j.std.Err, "escrowd: "+j.plain(err))
	}
	return exitUnusable
}
