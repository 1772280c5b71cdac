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
)

const (
	// grace is how long a program may take to end once nobody asks any more.
	grace = time.Second
	// longestLine is how long an answer may be: as long as a request.
	longestLine = 16 << 20
)

// process is a program while it runs.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	// lines are what it writes, closed when it writes no more; broken is why it
	// could not be read to its end.
	lines  chan []byte
	broken error
	// over is closed when nobody listens any more.
	over chan struct{}
}

// start starts a program.
func start(ctx context.Context, stderr io.Writer, command []string) (*process, error) {
	if len(command) == 0 {
		return nil, errors.New("conform: no command to start")
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr, cmd.WaitDelay = stderr, grace // children that leave its group may hold its pipes
	grouped(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("the program does not start: %w", err)
	}
	p := &process{cmd: cmd, in: in, lines: make(chan []byte), over: make(chan struct{})}
	go p.listen(out)
	return p, nil
}

// listen hands on what the program writes, line by line.
func (p *process) listen(out io.Reader) {
	defer close(p.lines)
	s := bufio.NewScanner(out)
	s.Buffer(nil, longestLine)
	for s.Scan() {
		select {
		case p.lines <- bytes.Clone(s.Bytes()):
		case <-p.over:
			return
		}
	}
	p.broken = s.Err()
}

// ask sends a request and returns the line that answers it. After an error the
// program is to be ended.
func (p *process) ask(ctx context.Context, patience time.Duration, request []byte) (answer []byte, err error) {
	select {
	case line, more := <-p.lines:
		if more {
			return nil, unasked(line)
		}
	default:
	}
	// A program that does not read must not keep us from giving up on it.
	written := make(chan error, 1)
	go func(line []byte) {
		_, err := p.in.Write(line)
		written <- err
	}(append(bytes.Clone(bytes.TrimSpace(request)), '\n'))
	late := time.After(patience)
	for answered := false; !answered || written != nil; {
		select {
		case err := <-written:
			if written = nil; err != nil {
				return nil, ErrEnded
			}
		case line, more := <-p.lines:
			switch {
			case !more && errors.Is(p.broken, bufio.ErrTooLong):
				return nil, fmt.Errorf("the program's answer cannot be read: it has no end within %d MB", longestLine>>20)
			case !more && p.broken != nil:
				return nil, fmt.Errorf("the program's answer cannot be read: %w", p.broken)
			case !more:
				return nil, ErrEnded
			case answered:
				return nil, unasked(line)
			}
			answer, answered = line, true
		case <-late:
			return nil, fmt.Errorf("the program gives no answer within %s", patience)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return answer, nil
}

// ErrEnded is the error of a program that ended instead of answering.
var ErrEnded = errors.New("the program ended without an answer")

func unasked(line []byte) error {
	return fmt.Errorf("the program wrote a line that nobody had asked for: %s", cut(string(line)))
}

// end ends the program: it has nothing more to read, and is killed when it does
// not end by itself in time. What it has started is killed with it. It returns how it
// ended.
func (p *process) end(within time.Duration) error {
	close(p.over)
	_ = p.in.Close()
	kill := time.AfterFunc(within, func() { _ = killGroup(p.cmd) })
	defer kill.Stop()
	defer func() { _ = killGroup(p.cmd) }()
	return p.cmd.Wait()
}
