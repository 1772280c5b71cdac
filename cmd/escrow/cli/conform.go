package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/escrow-go/escrow/conform"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles/play"
)

type conformCmd struct {
	Lives     int           `default:"2000" help:"How many random lives of each lifecycle to live after the corpus."`
	Seed      int           `default:"1" help:"Chooses the random lives: the same seed, the same lives."`
	Patience  time.Duration `default:"10s" help:"How long the program may take for an answer."`
	Save      string        `default:"conform-failure" placeholder:"FOLDER" help:"Where to save what differs (default: ${default})."`
	Lifecycle []string      `placeholder:"NAME" help:"Only ask about these lifecycles (default: ${lifecycles}); may be given several times."`
	Only      []string      `placeholder:"PATTERN" help:"Only ask about these rules or actions, as in OC-7, 'OT-*' or confirm; may be given several times."`
	Program   []string      `arg:"" passthrough:"" name:"command" help:"The program and its arguments, after --."`
}

// Help describes the command in detail.
func (conformCmd) Help() string {
	return `The program reads a request a line from its standard input and writes an answer
a line to its standard output, each as soon as it can, as "escrow decide --jsonl"
does. It may be written in anything.

First it answers the corpus, of the lifecycles that are in it: every rule, every
refusal, both sides of every boundary. Then it lives random lives of every
lifecycle next to the engine, whatever the corpus has shown: rules that differ
there, and lifecycles that the program does not know, the engine answers in
them. The first difference of a life is shortened to the shortest story that
shows one. The texts of refusals (message, remedy) may differ; nothing else.

What differs is counted by rule, printed, and saved:

    report.txt         what is printed
    differences.jsonl  every difference: request, expected answer, the program's
    requests.jsonl     the requests to send again
    stderr.txt         the end of what the program wrote to its standard error
    story.*            a life that differs: a transcript, a Go test and a page

The program is killed, with all that it has started, when it takes longer than
patience. An answer has at most 16 MB; of what it complains, the end is kept.

Examples:

    escrow conform -- escrow decide --jsonl
    escrow conform --lives 20000 --seed 7 -- ./my-engine --rules
    escrow conform --lifecycle opentrain --only 'OT-*' -- ./my-engine

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
	known, err := known.only(c.Lifecycle)
	if err != nil {
		return err
	}
	complaints := conform.NewTail(mostComplaints)
	r, err := c.ask(std, known, complaints)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.Out, r)
	if r.Passed() {
		return nil
	}
	files, err := c.save(r, complaints.String())
	if err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(std.Out, "saved", f)
	}
	return errRefused
}

// ask has the program answer, and shows how far it has come.
func (c *conformCmd) ask(std *Stdio, known shelf, complaints *conform.Tail) (*conform.Report, error) {
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt)
	defer done()
	p := conform.Command(ctx, known, c.Patience, complaints, c.Program...)
	if err := p.Only(c.Only...); err != nil {
		return nil, err
	}
	line := newProgress(std.Err)
	defer line.end()
	return conform.Run(ctx, p, func(text string) { line.show("%s", text) },
		escrowtest.Playing(plays(known)...), escrowtest.AtLeast(c.Lives), escrowtest.AtMost(c.Lives), escrowtest.Seed(c.Seed), escrowtest.RunAgain(c.again))
}

// mostComplaints is how much of a program's standard error is kept.
const mostComplaints = 16 << 10

// again is the command that lives the life of a seed once more.
func (c *conformCmd) again(seed int) string {
	words := []string{"escrow conform", "--seed", strconv.Itoa(seed), "--lives 1"}
	for _, name := range c.Lifecycle {
		words = append(words, "--lifecycle", name)
	}
	for _, pattern := range c.Only {
		words = append(words, "--only", strconv.Quote(pattern))
	}
	return strings.Join(append(words, "--", strings.Join(c.Program, " ")), " ")
}

// plays returns how lives of lifecycles go.
func plays(known shelf) (list []*escrowtest.Play) {
	for _, l := range known {
		list = append(list, play.Of(l))
	}
	return list
}

// save writes what differs into the folder.
func (c *conformCmd) save(r *conform.Report, complaints string) (files []string, err error) {
	if r.Lives != nil && r.Lives.Failure != nil {
		if files, err = r.Lives.Failure.Leave(c.Save); err != nil {
			return files, err
		}
	}
	if err := os.MkdirAll(c.Save, 0o755); err != nil {
		return files, err
	}
	for _, f := range []struct {
		name string
		text []byte
	}{
		{"report.txt", []byte(r.String() + "\n")},
		{"differences.jsonl", r.Differences()},
		{"requests.jsonl", r.Requests()},
		{"stderr.txt", []byte(complaints)},
	} {
		path := filepath.Join(c.Save, f.name)
		if len(f.text) == 0 {
			continue
		}
		if err := os.WriteFile(path, f.text, 0o644); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}
