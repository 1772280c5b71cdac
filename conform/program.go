package conform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// Program is a program that answers requests. It is an [escrowtest.System]: it
// remembers the contract of its last answer, so the program needs to keep
// nothing. It is started when it is first asked, and again after it has died.
type Program struct {
	ctx     context.Context
	command []string
	// patience is how long an answer may take.
	patience time.Duration
	stderr   io.Writer
	// lifecycles are those that it is asked about.
	lifecycles []*escrow.Lifecycle
	// only are the rules and actions that it is asked about; without any, all.
	only []string

	running  *process
	contract escrow.Contract
}

// Command returns the program that a command starts, which knows some lifecycles.
// The program is killed, with all that it has started, when the context is done, or
// when it takes longer than patience for an answer. What it writes to its standard
// error goes to stderr; a [Tail] keeps the end of it.
func Command(ctx context.Context, lifecycles []*escrow.Lifecycle, patience time.Duration, stderr io.Writer, command ...string) *Program {
	return &Program{ctx: ctx, lifecycles: lifecycles, command: command, patience: patience, stderr: stderr}
}

// Begin remembers the contract that the next question is about.
func (p *Program) Begin(c escrow.Contract) error {
	p.contract = c
	return nil
}

// Ask sends the contract with the question, and remembers the one that the answer
// holds.
func (p *Program) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	request, err := escrow.Request{Contract: p.contract, Command: q.Command, Actor: q.Actor, Now: q.Now}.MarshalJSON()
	if err != nil {
		return escrowtest.Answer{}, err
	}
	line, err := p.Exchange(request)
	if err != nil {
		return escrowtest.Answer{}, err
	}
	a, err := escrowtest.ParseAnswer(line, p.lifecycles...)
	if err == nil && a.Accepted() {
		p.contract = *a.Contract
	}
	return a, err
}

// Exchange sends one request and returns the line that the program answers,
// without its end. A program that gives none is ended; the next request starts it
// again.
func (p *Program) Exchange(request []byte) ([]byte, error) {
	if err := p.start(); err != nil {
		return nil, err
	}
	answer, err := p.running.ask(p.ctx, p.patience, request)
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, ErrEnded):
		if how := p.end(grace); how != nil {
			err = fmt.Errorf("%w: %w", err, how)
		}
	default:
		_ = p.end(0)
	}
	return nil, err
}

// start starts the program unless it runs.
func (p *Program) start() (err error) {
	if p.running == nil {
		p.running, err = start(p.ctx, p.stderr, p.command)
	}
	return err
}

// end ends the program, and returns how it ended.
func (p *Program) end(within time.Duration) error {
	running := p.running
	p.running = nil
	return running.end(within)
}

// Close ends the program: it reads the end of its input, and is killed when that
// does not move it. How it ends does not matter any more, so there is no error.
func (p *Program) Close() error {
	if p.running != nil {
		_ = p.end(grace)
	}
	return nil
}
