package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/escrow-go/escrow/conform"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles/play"
)

type conformCmd struct {
	Lives    int           `default:"2000" help:"How many random lives of each lifecycle to live after the corpus."`
	Seed     int           `default:"1" help:"Chooses the random lives: the same seed, the same lives."`
	Patience time.Duration `default:"10s" help:"How long the program may take for an answer."`
	Save     string        `default:"conform-failure" placeholder:"FOLDER" help:"Where to save what differs (default: ${default})."`
	Only     []string      `name:"lifecycle" placeholder:"NAME" help:"Only ask about these lifecycles (default: ${lifecycles}); may be given several times."`
	Program  []string      `arg:"" passthrough:"" name:"command" help:"The program and its arguments, after --."`
}

// Help describes the command in detail.
func (conformCmd) Help() string {
	return `The program reads a request a line from its standard input and writes an answer
a line to its standard output, each as soon as it can, as "escrow decide --jsonl"
does. It may be written in anything.

First it answers the corpus, of the lifecycles that are in it: every rule, every
refusal, both sides of every boundary. Then it lives random lives of every
lifecycle next to the engine; the first difference is
shortened to the shortest story that shows one. What differs is printed, and
saved as a transcript, a Go test, a page and the requests to send again.
The texts of refusals (message, remedy) may differ; nothing else.

Examples:

    escrow conform -- escrow decide --jsonl
    escrow conform --lives 20000 --seed 7 -- ./my-engine --rules
    escrow conform --lifecycle opentrain -- ./my-engine

Exit status: 0 the program agrees, 1 it differs, 2 unusable call.`
}

// Run has the program answer, and prints what came of it.
func (c *conformCmd) Run(std *Stdio, known shelf) error {
	if len(c.Program) > 0 && c.Program[0] == "--" {
		c.Program = c.Program[1:]
	}
	if len(c.Program) == 0 {
		return fmt.Errorf("expected the program to run after --, as in escrow conform -- ./my-engine")
	}
	known, err := known.only(c.Only)
	if err != nil {
		return err
	}
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt)
	defer done()
	line := newProgress(std.Err)
	p := conform.Command(ctx, known, c.Patience, std.Err, c.Program...)
	r, err := conform.Run(ctx, p, func(text string) { line.show("%s", text) },
		escrowtest.Playing(plays(known)...), escrowtest.AtLeast(c.Lives), escrowtest.AtMost(c.Lives), escrowtest.Seed(c.Seed))
	line.end()
	if err != nil {
		return err
	}
	fmt.Fprintln(std.Out, r)
	if r.Passed() {
		return nil
	}
	files, err := c.save(r)
	if err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(std.Out, "saved", f)
	}
	return errRefused
}

// plays returns how lives of lifecycles go.
func plays(known shelf) (list []*escrowtest.Play) {
	for _, l := range known {
		list = append(list, play.Of(l))
	}
	return list
}

// save writes what differs into the folder.
func (c *conformCmd) save(r *conform.Report) (files []string, err error) {
	if r.Lives != nil && r.Lives.Failure != nil {
		if files, err = r.Lives.Failure.Leave(c.Save); err != nil {
			return files, err
		}
	}
	if err := os.MkdirAll(c.Save, 0o755); err != nil {
		return files, err
	}
	report, requests := filepath.Join(c.Save, "report.txt"), filepath.Join(c.Save, "requests.jsonl")
	for path, text := range map[string][]byte{report: []byte(r.String() + "\n"), requests: r.Requests()} {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return files, err
		}
	}
	return append(files, report, requests), nil
}
