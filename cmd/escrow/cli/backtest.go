package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/escrow-go/escrow/backtest"
)

type backtestCmd struct {
	History    string   `arg:"" help:"File with the recorded requests, one a line, or - for standard input."`
	Policy     []string `required:"" sep:"none" placeholder:"[NAME=]FILE" help:"A policy (JSON) to replay under; may be given several times."`
	Lifecycle  string   `placeholder:"NAME" help:"Which lifecycle the policies are for, where several have their fields (default: the first of ${lifecycles})."`
	SkipFaulty bool     `help:"Skip and count lines that are no requests or go back in time, instead of stopping."`
	List       int      `default:"20" help:"How many histories to list for each policy, and how many that are left out."`
	JSON       bool     `name:"json" help:"Print the report as JSON."`
	CSV        string   `name:"csv" placeholder:"FILE" help:"Write the money per policy, asset and party as comma-separated values."`
}

// Help describes the command in detail.
func (backtestCmd) Help() string {
	return `A record is the requests that were made of contracts, a line each, as "escrow
decide --jsonl" reads them. Every contract is replayed from its draft on, once as
recorded and once under each policy: the same commands, by the same people, at the
same times. The report says what each party paid in and got, in the record and
under the policy, and which contracts would have gone another way, and why.

Deadlines that are due are applied before every request, so advance requests ask
for nothing more. What the record leaves open is left open; what had ended in the
record and has not under a policy is ended by time, where time can.

A policy names the fields that differ from the defaults of its lifecycle. It is
called as its file, or NAME. Contracts of other lifecycles are not concerned.

Contracts that begin in mid-life, and those with a snapshot that their requests do
not lead to, are left out, counted and named.

Examples:

    escrow backtest examples/history.jsonl --policy examples/policies/short-vote.json
    escrow backtest history.jsonl --policy a.json --policy kinder=b.json --csv money.csv
    zcat history.jsonl.gz | escrow backtest - --policy a.json --json

Progress goes to standard error. Ctrl-C stops with what was read so far.

Exit status: 0 done, 1 stopped early, 2 unusable call or record.`
}

// Run replays the record, and prints what differs.
func (c *backtestCmd) Run(std *Stdio, known shelf) error {
	policies, err := c.policies(std, known)
	if err != nil {
		return err
	}
	f, err := std.open(c.History)
	if err != nil {
		return fmt.Errorf("%w; give the path of a file with a request a line, or - for standard input", err)
	}
	defer f.Close()
	report, err := c.replay(std, known, f, policies)
	if err != nil {
		return fmt.Errorf("%s: %w", c.History, err)
	}
	if err := c.write(std, report); err != nil {
		return err
	}
	if report.Stopped {
		return errRefused
	}
	return nil
}

// replay runs until the end or the first Ctrl-C; a second one ends the process.
func (c *backtestCmd) replay(std *Stdio, known shelf, history io.Reader, policies []backtest.Policy) (*backtest.Report, error) {
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt)
	defer done()
	context.AfterFunc(ctx, done)
	line := newProgress(std.Err)
	defer line.end()
	options := []backtest.Option{backtest.Knowing(known...), backtest.AtMost(c.List),
		backtest.Watch(func(p backtest.Progress) {
			took := max(time.Since(line.began), time.Millisecond)
			line.show("%d lines, %d MB, %d lines/s, %d histories, %d open", p.Lines, p.Bytes/1_000_000,
				int64(p.Lines)*1000/took.Milliseconds(), p.Histories, p.Open)
		})}
	if c.SkipFaulty {
		options = append(options, backtest.SkipFaulty())
	}
	return backtest.Run(ctx, history, policies, options...)
}

// write prints the report and writes the table that was asked for.
func (c *backtestCmd) write(std *Stdio, r *backtest.Report) error {
	text := []byte(r.String())
	if c.JSON {
		var err error
		if text, err = json.MarshalIndent(r, "", "  "); err != nil {
			return err
		}
		text = append(text, '\n')
	}
	if _, err := std.Out.Write(text); err != nil || c.CSV == "" {
		return err
	}
	f, err := os.Create(c.CSV)
	if err != nil {
		return err
	}
	if err := r.WriteCSV(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
