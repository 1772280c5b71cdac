package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress is a line that tells how far a long run has come: on a terminal one
// that is written over, elsewhere a line now and then.
type progress struct {
	out      io.Writer
	terminal bool
	every    time.Duration
	began    time.Time
	last     time.Time
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out, every: 10 * time.Second, began: time.Now()}
	p.last = p.began
	if f, ok := out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.terminal, p.every = true, 200*time.Millisecond
		}
	}
	return p
}

// show shows the line, unless it was shown just now.
func (p *progress) show(format string, args ...any) {
	now := time.Now()
	if now.Sub(p.last) < p.every {
		return
	}
	p.last = now
	line := fmt.Sprintf(format, args...) + fmt.Sprintf(", %s", now.Sub(p.began).Round(time.Second))
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(p.out, line)
}

// end clears the line of a terminal.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
