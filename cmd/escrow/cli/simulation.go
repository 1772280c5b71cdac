package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	pages "github.com/escrow-go/escrow/cmd/escrow/cli/report"
	"github.com/escrow-go/escrow/simulate"
)

// simulation is a scenario with what came of it: a result or, where it has a
// sweep, that.
type simulation struct {
	scenario *simulate.Scenario
	// text is what was given, document the JSON of it.
	text, document []byte
	result         *simulate.Result
	sweep          *simulate.SweepResult
}

// simulate lives through the contracts, and tells how far it has come.
func (s *simulation) simulate(ctx context.Context, std *Stdio) (err error) {
	line := newProgress(std.Err)
	defer line.end()
	watch := simulate.Watch(func(p simulate.Progress) { line.part(p.Done, p.Total, "contracts") })
	if len(s.scenario.Sweep) > 0 {
		s.sweep, err = simulate.Sweep(ctx, s.scenario, watch)
	} else {
		s.result, err = simulate.Run(ctx, s.scenario, watch)
	}
	return err
}

func (s *simulation) stopped() bool {
	if s.sweep != nil {
		return s.sweep.Stopped
	}
	return s.result.Stopped
}

// lives returns how many contracts were lived, under all policies and at all
// points.
func (s *simulation) lives() (n int) {
	if s.sweep == nil {
		return s.result.Contracts * len(s.result.Policies)
	}
	for _, p := range s.sweep.Points {
		n += p.Result.Contracts * len(p.Result.Policies)
	}
	return n
}

// writeText writes the result for a terminal.
func (s *simulation) writeText(w io.Writer) error {
	text := fmt.Stringer(s.result)
	if s.sweep != nil {
		text = s.sweep
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func (s *simulation) writeCSV(w io.Writer) error {
	if s.sweep != nil {
		return s.sweep.CSV(w)
	}
	return s.result.CSV(w)
}

// writeJSON writes the result with all that it was made from.
func (s *simulation) writeJSON(w io.Writer) error {
	found := any(s.result)
	if s.sweep != nil {
		found = s.sweep
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Version   string          `json:"version"`
		Scenario  json.RawMessage `json:"scenario"`
		Seed      uint64          `json:"seed"`
		Contracts int             `json:"contracts"`
		Result    any             `json:"result"`
	}{version(), s.document, s.scenario.Seed, s.scenario.Contracts, found})
}

func (s *simulation) writePage(w io.Writer) error {
	from := pages.Source{Version: version(), Scenario: string(s.text), Seed: s.scenario.Seed, Contracts: s.scenario.Contracts}
	if s.sweep != nil {
		return pages.Sweep(w, s.sweep, from)
	}
	return pages.Result(w, s.result, from)
}
