package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/escrow-go/escrow/internal/vectors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// command is the path of the built command.
var command string

func TestMain(m *testing.M) {
	os.Exit(withCommand(m.Run))
}

// withCommand builds the command, once for all tests.
func withCommand(run func() int) int {
	dir, err := os.MkdirTemp("", "escrow")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	command = filepath.Join(dir, "escrow")
	if out, err := exec.Command("go", "build", "-o", command, "..").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	return run()
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"decide", "--help"}, {"explain", "--help"}, {"rulebook", "--help"}, {"schema", "--help"}} {
		out, err := exec.Command(command, args...).Output()
		require.NoError(t, err)
		assert.Contains(t, string(out), "Usage: escrow")
		assert.Contains(t, string(out), "Examples")
	}
}

// TestClosedPipe: a reader that goes away ends the stream quietly.
func TestClosedPipe(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	defer w.Close()
	cmd := exec.Command(command, "decide", "--jsonl")
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader([]byte("{}\n")), w, &complaint
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	assert.Equal(t, 2, exit.ExitCode())
	assert.Empty(t, complaint.String())
}

// TestVectors sends every worked case through the built command.
func TestVectors(t *testing.T) {
	cases, err := vectors.Load("../../../testdata/vectors/cases.jsonl")
	require.NoError(t, err)
	require.Len(t, cases, 499)
	var requests bytes.Buffer
	for _, v := range cases {
		require.NoError(t, json.Compact(&requests, v.Request))
		requests.WriteByte('\n')
	}
	cmd := exec.Command(command, "decide", "--jsonl")
	cmd.Stdin, cmd.Stderr = &requests, os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	answers := bufio.NewScanner(bytes.NewReader(out))
	answers.Buffer(nil, 1<<20)
	for _, v := range cases {
		require.True(t, answers.Scan(), "an answer for %s", v.Name)
		t.Run(v.Name, func(t *testing.T) {
			if diff := v.Mismatch(answers.Bytes()); diff != "" {
				t.Fatal(diff)
			}
		})
	}
	require.False(t, answers.Scan(), "one answer a request")
}
