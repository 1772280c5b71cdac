package before

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/escrow-go/escrow/bench/before/loops"
)

// Names of the loops that both engines run.
var both = []string{
	"withdraw-into", "withdraw-value", "wrong-into", "wrong-value", "late-into", "late-value", "deliver-into",
	"life-into", "jury-into", "explain", "jsonl", "simulated-opencontract", "simulated-opentrain",
}

// Names of the loops that only this engine runs: over a lifecycle of one's own.
var alone = []string{"own-withdraw-into", "own-deliver-into"}

// Samples are what a loop took, one for each round.
type Samples []loops.Sample

// Results are the samples of a loop under the earlier engine and under this one.
type Results map[string]*Pair

// Pair are samples of the same rounds.
type Pair struct{ Then, Now Samples }

// Measure measures every loop under both engines by turns, in rounds, and tells
// progress how far it is. It runs in the folder of this package.
func Measure(ctx context.Context, rounds int, progress io.Writer) (Results, error) {
	dir, err := os.MkdirTemp("", "before-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	then, now, err := start(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer now.stop()
	defer then.stop()
	all := Results{}
	for round := range rounds {
		for _, name := range append(append([]string(nil), both...), alone...) {
			if all[name] == nil {
				all[name] = &Pair{}
			}
			if err := all[name].take(name, round, then, now); err != nil {
				return nil, err
			}
		}
		fmt.Fprintf(progress, "round %d of %d\n", round+1, rounds)
	}
	return all, nil
}

// start checks out, builds and starts both programs.
func start(ctx context.Context, dir string) (then, now *program, err error) {
	old, programs := filepath.Join(dir, "sources"), filepath.Join(dir, "bin")
	if err := checkOut(ctx, old); err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(programs, 0o755); err != nil {
		return nil, nil, err
	}
	thenPath, nowPath := filepath.Join(programs, "then"), filepath.Join(programs, "now")
	err = errors.Join(build(ctx, old, "./measure", thenPath, "GOWORK=off"), build(ctx, ".", "./now", nowPath))
	if err != nil {
		return nil, nil, err
	}
	if then, err = run(ctx, thenPath); err != nil {
		return nil, nil, err
	}
	if now, err = run(ctx, nowPath); err != nil {
		then.stop()
		return nil, nil, err
	}
	return then, now, nil
}

// take measures a loop once under each engine that has it; who is first changes
// from round to round.
func (p *Pair) take(name string, round int, then, now *program) error {
	turns := []func() error{
		func() error { return then.add(&p.Then, name) },
		func() error { return now.add(&p.Now, name) },
	}
	for _, only := range alone {
		if name == only {
			turns = turns[1:]
		}
	}
	for i := range turns {
		if err := turns[(i+round)%len(turns)](); err != nil {
			return err
		}
	}
	return nil
}

// program is a running program that answers what a loop takes.
type program struct {
	cmd     *exec.Cmd
	asks    io.WriteCloser
	answers *json.Decoder
}

func run(ctx context.Context, path string) (*program, error) {
	cmd := exec.CommandContext(ctx, path)
	cmd.Stderr = os.Stderr
	// One processor each: what garbage costs is then paid in the same coin.
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	asks, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &program{cmd, asks, json.NewDecoder(bufio.NewReader(out))}, cmd.Start()
}

// add asks for a sample.
func (p *program) add(to *Samples, name string) error {
	if _, err := fmt.Fprintln(p.asks, name); err != nil {
		return err
	}
	var s loops.Sample
	if err := p.answers.Decode(&s); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if s.Fault != "" {
		return fmt.Errorf("%s: %s", name, s.Fault)
	}
	*to = append(*to, s)
	return nil
}

func (p *program) stop() {
	_ = p.asks.Close()
	_ = p.cmd.Wait()
}
