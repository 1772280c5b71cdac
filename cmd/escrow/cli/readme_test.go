package cli_test

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every command that the README names is there, and the README names every command.
func TestReadmeNamesTheCommands(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	require.NoError(t, err)
	named := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^escrow (\w+)`).FindAllSubmatch(text, -1) {
		named[string(m[1])] = true
		assert.NoError(t, exec.Command(command, string(m[1]), "--help").Run(), "escrow %s", m[1])
	}
	help, err := exec.Command(command, "--help").Output()
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`(?m)^  (\w+)  +[A-Z]`).FindAllStringSubmatch(string(help), -1) {
		assert.True(t, named[m[1]], "the README does not name escrow %s", m[1])
	}
}
