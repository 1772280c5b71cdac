package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/escrow-go/escrow"
)

// requestForm is what a request looks like.
const requestForm = `one request {"contract": {…}, "command": {"action": …}, "actor": {"id": …}, "now": "2026-06-04T12:00:00Z"}`

type decideCmd struct {
	File    string `arg:"" optional:"" help:"File with one request, or - for standard input."`
	JSONL   bool   `name:"jsonl" xor:"form" help:"Read a request a line (default: standard input) and write an answer a line, in order."`
	Compact bool   `xor:"form" help:"Write the answer on one line."`
}

// Help describes the command in detail.
func (decideCmd) Help() string {
	return `A request is {"contract", "command", "actor", "now"}. The answer is
{"decision": …} with the movements of money and the next contract, or
{"refusal": …} with code, reason, message and remedy. The same request always
has the same answer: the time is "now", never the machine's.

With --jsonl, every line that is not blank gets one answer. A line that is no
request gets a refusal that says which line it is, and the stream goes on.
Answers are flushed whenever the input pauses, so the command can be talked to
through pipes. Memory stays constant; a line may have 16 MiB.

Examples:

    escrow decide examples/withdraw.json
    escrow decide --compact - < request.json
    escrow decide --jsonl < requests.jsonl > answers.jsonl

Exit status: 0 decision, 1 refusal, 2 unusable call. With --jsonl, 0 at the end
of the input, whatever the answers.`
}

// Validate demands a file where one is needed.
func (c *decideCmd) Validate() error {
	if c.File == "" && !c.JSONL {
		return errors.New("expected FILE with one request, - for standard input, or --jsonl for a request a line")
	}
	return nil
}

// Run answers one request, or a stream of them.
func (c *decideCmd) Run(std *Stdio, known shelf) error {
	if c.JSONL {
		return c.stream(std, known)
	}
	request, err := std.object(c.File, requestForm)
	if err != nil {
		return err
	}
	a := answerer{known: known}
	line := a.answer(nil, request, 0)
	if !c.Compact {
		line = indented(line)
	}
	if _, err := std.Out.Write(append(line, '\n')); err != nil {
		return err
	}
	if a.refused {
		return errRefused
	}
	return nil
}

func (c *decideCmd) stream(std *Stdio, known shelf) error {
	if c.File == "" {
		c.File = "-"
	}
	f, err := std.open(c.File)
	if err != nil {
		return fmt.Errorf("%w; give the path of a file with a request a line, or - for standard input", err)
	}
	defer f.Close()
	debug.SetGCPercent(400) // nothing is kept from line to line: collecting seldom is faster
	return stream(f, std.Out, known)
}

// answerer answers requests, one after another.
type answerer struct {
	known shelf
	// refused says that the last answer was a refusal.
	refused bool
	d       escrow.Decision
}

// answer appends the answer to a request, on one line without its end. Line is
// the request's number in its stream, 0 when it came alone.
func (a *answerer) answer(dst, request []byte, line int) []byte {
	q, err := escrow.ParseRequest(request, a.known...)
	if err != nil && line > 0 && errors.Is(err, escrow.Malformed) {
		a.refused = true
		return appendRefusal(dst, atLine(err, line))
	}
	if err == nil {
		err = escrow.DecideInto(&a.d, &q.Contract, q.Command, &q.Actor, escrow.At(q.Now))
	}
	a.refused = err != nil
	return escrow.AppendAnswer(dst, &a.d, err)
}

func indented(line []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, line, "", "  ") != nil {
		return line
	}
	return b.Bytes()
}
