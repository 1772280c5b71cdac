package cli_test

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInterrupt: Ctrl-C ends a run that would take hours, and it tells what it has.
func TestInterrupt(t *testing.T) {
	cmd := exec.Command(command, "simulate", "-", "--contracts", "10000000000")
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout = strings.NewReader("name: long"), &out
	complaints, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(complaints).ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "long: seed 1\n", line)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	var exit *exec.ExitError
	require.True(t, errors.As(cmd.Wait(), &exit))
	assert.Equal(t, 1, exit.ExitCode())
	assert.Contains(t, out.String(), "STOPPED EARLY")
}

func TestSimulateHelp(t *testing.T) {
	out, err := exec.Command(command, "simulate", "--help").Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "Usage: escrow simulate <scenario>")
	assert.Contains(t, string(out), "Ctrl-C")
}
