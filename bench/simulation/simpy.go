package simulation

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/simulate"
)

//go:embed *.py
var model embed.FS

// Python is the interpreter that Debian's python3-simpy is installed for.
const Python = "/usr/bin/python3"

// SimPyVersion returns which SimPy there is, on which Python, as in "SimPy 2.3.1,
// Python 3.11.2"; where it cannot be imported, an error that says how to install it.
func SimPyVersion() (string, error) {
	const ask = "import platform, SimPy.Simulation; print(f'SimPy {SimPy.__version__}, Python {platform.python_version()}', end='')"
	out, err := exec.Command(Python, "-c", ask).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("SimPy 2 is not there (apt-get install python3-simpy): %w: %s", err, bytes.TrimSpace(out))
	}
	return string(out), nil
}

// Found is what model.py prints.
type Found struct {
	// Seconds is how long the simulation took, without starting the interpreter.
	Seconds float64               `json:"seconds"`
	Endings map[escrow.Status]int `json:"endings"`
	// Tallies are those of measures by name; that of "settle" is of times, in hours.
	Tallies map[string]Tally `json:"tallies"`
	// Hours is how many contracts took as long, and less than as long as the next.
	Hours [][2]float64 `json:"hours"`
	// Levels is what batches of contracts have in custody, on average in each bin of
	// the horizon.
	Levels [][]float64 `json:"levels"`
}

// Tally is what a Tally of SimPy tells; Var is the variance of what it has seen.
type Tally struct {
	Count int     `json:"count"`
	Mean  float64 `json:"mean"`
	Var   float64 `json:"var"`
}

// SimPy lives through the scenario's contracts in SimPy.
func SimPy(ctx context.Context, s *simulate.Scenario) (*Found, error) {
	numbers, err := numbersOf(s)
	if err != nil {
		return nil, err
	}
	in, err := json.Marshal(numbers)
	if err != nil {
		return nil, err
	}
	out, err := run(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("model.py: %w", err)
	}
	found := new(Found)
	return found, json.Unmarshal(out, found)
}

// run runs model.py, which imports the file beside it.
func run(ctx context.Context, in []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "simpy")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, model); err != nil {
		return nil, err
	}
	var complaints bytes.Buffer
	cmd := exec.CommandContext(ctx, Python, filepath.Join(dir, "model.py"))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &complaints
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, &complaints)
	}
	return out, nil
}
