package backtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/escrow-go/escrow"
)

// maxLine is how many bytes a line may have: 16 MiB.
const maxLine = 16 << 20

// Policy is what recorded contracts of its lifecycle are asked about again under.
type Policy struct {
	// Name tells it from the others in the report.
	Name   string
	Policy escrow.Policy
}

// Progress is how far a run has come.
type Progress struct {
	Lines int
	Bytes int64
	// Histories were begun; Open are held because they have not ended in every replay.
	Histories, Open int
}

// Option changes how a run is made.
type Option func(*run)

// Watch has a function called after every line, for showing progress.
func Watch(see func(Progress)) Option { return func(r *run) { r.see = see } }

// AtMost sets how many histories the report lists for each policy as going another
// way, and how many as left out; without it 100. All are counted. Less than 0 is
// none.
func AtMost(n int) Option { return func(r *run) { r.most = max(n, 0) } }

// SkipFaulty has lines that are no requests, or go back in time, skipped and
// counted instead of ending the run. One that is too long to be read ends it all
// the same.
func SkipFaulty() Option { return func(r *run) { r.skip = true } }

// Knowing names the lifecycles that histories may be of besides those of the
// policies.
func Knowing(lifecycles ...*escrow.Lifecycle) Option {
	return func(r *run) { r.lifecycles = append(r.lifecycles, lifecycles...) }
}

// Run replays a record under the given policies, at least one, and reports what
// differs. Each policy needs a name of its own, and its values, which say what
// lifecycle it is for. When the context is done, the report is of what had been
// read, and says so. Errors are those of the reader, of the policies and lifecycles
// and, with the number of the line, a line that is no request, goes back in time
// or has more than 16 MiB; then there is no report.
func Run(ctx context.Context, history io.Reader, policies []Policy, options ...Option) (*Report, error) {
	r, err := newRun(policies, options)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(history)
	lines.Buffer(nil, maxLine+2) // with its end
	for lines.Scan() {
		if r.report.Stopped = ctx.Err() != nil; r.report.Stopped {
			break
		}
		if err := r.take(lines.Bytes()); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d: has more than %d bytes", r.line+1, maxLine)
	} else if err != nil {
		return nil, err
	}
	return r.finish(), nil
}

// run is one run over a record.
type run struct {
	see        func(Progress)
	most       int
	skip       bool
	lifecycles []*escrow.Lifecycle

	others   []Policy
	open     map[string]*history
	report   *Report
	line     int
	progress Progress
}

func newRun(policies []Policy, options []Option) (*run, error) {
	r := &run{see: func(Progress) {}, most: 100, open: map[string]*history{}}
	for _, set := range options {
		set(r)
	}
	if err := check(policies); err != nil {
		return nil, err
	}
	for _, p := range policies {
		r.lifecycles = append(r.lifecycles, p.Policy.Lifecycle())
	}
	var err error
	if r.lifecycles, err = distinct(r.lifecycles); err != nil {
		return nil, err
	}
	r.others, r.report = policies, newReport(policies)
	return r, nil
}

// take reads one line.
func (r *run) take(line []byte) error {
	r.line++
	r.progress.Lines, r.progress.Bytes = r.line, r.progress.Bytes+int64(len(line))+1
	if len(bytes.TrimSpace(line)) > 0 {
		if err := r.request(line); err != nil {
			return err
		}
	}
	r.progress.Histories, r.progress.Open = r.report.Histories, len(r.open)
	r.see(r.progress)
	return nil
}

// request reads one request and asks it. What cannot be used is counted, or ends
// the run.
func (r *run) request(line []byte) error {
	r.report.Lines++
	q, err := escrow.ParseRequest(line, r.lifecycles...)
	if err != nil {
		err = fmt.Errorf("is no request: %w", err)
	} else {
		err = r.ask(&q)
	}
	switch {
	case err == nil:
		return nil
	case !r.skip:
		return fmt.Errorf("line %d: %w", r.line, err)
	}
	r.report.FaultyLines++
	r.leaveOut(q.Contract.ID(), err.Error())
	return nil
}

// finish closes what is still open and returns the report.
func (r *run) finish() *Report {
	rest := slices.SortedFunc(maps.Values(r.open), func(a, b *history) int { return a.begin - b.begin })
	for _, h := range rest {
		r.close(h)
	}
	for i := range r.report.Policies {
		r.report.Policies[i].sort()
	}
	slices.SortFunc(r.report.LeftOut, func(a, b Omission) int { return a.Line - b.Line })
	return r.report
}

// leaveOut lists what is left out of the report, as far as there is room.
func (r *run) leaveOut(contract, why string) {
	if len(r.report.LeftOut) < r.most {
		r.report.LeftOut = append(r.report.LeftOut, Omission{Line: r.line, Contract: contract, Why: why})
	}
}
