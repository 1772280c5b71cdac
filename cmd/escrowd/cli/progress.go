package cli

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress is a line that tells on a terminal that a long run still goes on.
type progress struct {
	out      io.Writer
	terminal bool
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// run shows what goes on until the function that it returns is called.
func (p *progress) run(what string) (stop func()) {
	if !p.terminal {
		return func() {}
	}
	began, end, ended := time.Now(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-end:
				fmt.Fprint(p.out, "\r\x1b[K")
				return
			case <-tick.C:
				fmt.Fprintf(p.out, "\r\x1b[K%s, %s", what, time.Since(began).Round(time.Second))
			}
		}
	}()
	return func() { close(end); <-ended }
}
