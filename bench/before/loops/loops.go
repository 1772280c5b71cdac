// Package loops runs the loops of one program on demand: a line on its input asks
// for a loop, a line on its output answers with what it took. It needs nothing but
// the standard library, so that the sources of any commit can be built with it.
package loops

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"syscall"
	"time"
)

// Loop is something that is done again and again.
type Loop struct {
	Name string
	// Per is how many operations one call of a step does, 1 when it is 0.
	Per int
	// Prepare makes what a step needs, once for each answer: what lies where in
	// memory matters, and differs from answer to answer.
	Prepare func() (step func() error, err error)
}

// Sample is what one operation took.
type Sample struct {
	// Nanoseconds are of the processor, the collection of garbage included: on
	// shared cores the clock on the wall measures others too.
	Nanoseconds   float64
	Bytes, Allocs float64
	// Fault is why there is no sample, empty when there is one.
	Fault string
}

// Serve answers until the input ends.
func Serve(in io.Reader, out io.Writer, list []Loop, atLeast time.Duration) error {
	byName := map[string]Loop{}
	for _, l := range list {
		byName[l.Name] = l
	}
	answers := json.NewEncoder(out)
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var s Sample
		err := fmt.Errorf("no loop is called %q", lines.Text())
		if l, known := byName[lines.Text()]; known {
			s, err = l.Measure(atLeast)
		}
		if err != nil {
			s.Fault = err.Error()
		}
		if err := answers.Encode(s); err != nil {
			return err
		}
	}
	return nil
}

// Measure repeats a step until it has worked for long enough.
func (l *Loop) Measure(atLeast time.Duration) (Sample, error) {
	step, err := l.Prepare()
	if err != nil {
		return Sample{}, err
	}
	for n := 1; ; n *= 4 {
		took, s, err := l.times(step, n)
		if err != nil || took >= atLeast || n >= 1<<30 {
			return s, err
		}
		if took > 0 {
			n = max(n, int(float64(n)*float64(atLeast)/float64(took)/4))
		}
	}
}

// times repeats a step n times.
func (l *Loop) times(step func() error, n int) (time.Duration, Sample, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := worked()
	for range n {
		if err := step(); err != nil {
			return 0, Sample{}, err
		}
	}
	took := worked() - began
	runtime.ReadMemStats(&after)
	operations := float64(n) * float64(max(l.Per, 1))
	return took, Sample{
		Nanoseconds: float64(took.Nanoseconds()) / operations,
		Bytes:       float64(after.TotalAlloc-before.TotalAlloc) / operations,
		Allocs:      float64(after.Mallocs-before.Mallocs) / operations,
	}, nil
}

// worked is how long processors have worked for this process.
func worked() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
