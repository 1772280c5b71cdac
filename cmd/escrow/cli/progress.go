package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/escrow-go/escrow/simulate"
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

// part shows how much of something is done, at which rate, and how long the rest
// takes at that rate.
func (p *progress) part(done, total int, what string) {
	p.show("%s", partText(done, total, what, time.Since(p.began)))
}

// end clears the line of a terminal.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// partText says how far a run has come after a time.
func partText(done, total int, what string, took time.Duration) string {
	text := fmt.Sprintf("%s of %s %s", grouped(done), grouped(total), what)
	if total > 0 {
		text += fmt.Sprintf(", %d %%", int(100*float64(done)/float64(total)))
	}
	if done == 0 || took <= 0 {
		return text
	}
	left := time.Duration(float64(took) / float64(done) * float64(total-done))
	return fmt.Sprintf("%s, %s, %s left", text, rate(done, what, took), left.Round(time.Second))
}

// rate says how many there are in a second.
func rate(done int, what string, took time.Duration) string {
	return fmt.Sprintf("%s %s/s", simulate.Number(float64(done)/took.Seconds(), 0), what)
}

func grouped(n int) string { return simulate.Number(float64(n), 0) }
