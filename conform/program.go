package conform

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
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

	running  *exec.Cmd
	in       io.WriteCloser
	answers  chan answer
	contract escrow.Contract
}

// answer is a line that the program wrote, or why there is none.
type answer struct {
	line []byte
	err  error
}

// Command returns the program that a command starts. The program is killed when
// the context is done, or when it takes longer than patience for an answer. What
// it writes to its standard error goes to stderr.
func Command(ctx context.Context, patience time.Duration, stderr io.Writer, command ...string) *Program {
	return &Program{ctx: ctx, command: command, patience: patience, stderr: stderr}
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
	a, err := escrowtest.ParseAnswer(line)
	if err == nil && a.Accepted() {
		p.contract = *a.Contract
	}
	return a, err
}

// Exchange sends one request and returns the line that the program answers.
func (p *Program) Exchange(request []byte) ([]byte, error) {
	if p.running == nil {
		if err := p.start(); err != nil {
			return nil, err
		}
	}
	if _, err := p.in.Write(append(bytes.TrimSpace(request), '\n')); err != nil {
		return nil, p.died(fmt.Errorf("the program takes no request: %w", err))
	}
	select {
	case a := <-p.answers:
		if a.err != nil {
			return nil, p.died(fmt.Errorf("the program gives no answer: %w", a.err))
		}
		return a.line, nil
	case <-time.After(p.patience):
		return nil, p.died(fmt.Errorf("the program gives no answer within %s", p.patience))
	case <-p.ctx.Done():
		return nil, p.died(p.ctx.Err())
	}
}

// start starts the program, and a goroutine that reads its lines until it ends.
func (p *Program) start() error {
	if len(p.command) == 0 {
		return errors.New("conform: no command to start")
	}
	cmd := exec.CommandContext(p.ctx, p.command[0], p.command[1:]...)
	cmd.Stderr = p.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the program does not start: %w", err)
	}
	p.running, p.in, p.answers = cmd, in, make(chan answer, 1)
	go lines(out, p.answers)
	return nil
}

// lines hands on what a program writes, line by line, and why it ended.
func lines(out io.Reader, answers chan<- answer) {
	r := bufio.NewReaderSize(out, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			answers <- answer{err: err}
			return
		}
		answers <- answer{line: line}
	}
}

// died forgets the program after a fault; the next question starts it again.
func (p *Program) died(err error) error {
	_ = p.Close()
	return err
}

// Close ends the program.
func (p *Program) Close() error {
	if p.running == nil {
		return nil
	}
	_ = p.in.Close()
	_ = p.running.Process.Kill()
	for a := range p.answers {
		if a.err != nil {
			break // the reader has ended
		}
	}
	err := p.running.Wait()
	p.running = nil
	var killed *exec.ExitError
	if errors.As(err, &killed) {
		return nil
	}
	return err
}
