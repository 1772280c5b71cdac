package cli_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// behaviour is the environment variable that makes this test binary a program that
// answers requests: as the engine, or not quite so.
const behaviour = "ESCROW_TEST_BEHAVIOUR"

// behaviours change the engine's answer, which ends with its line.
var behaviours = map[string]func(q escrow.Request, answer string) string{
	"other receiver": func(_ escrow.Request, answer string) string {
		return strings.ReplaceAll(answer, `"treasury"`, `"platform"`)
	},
	"other reason, rarely": func(q escrow.Request, answer string) string {
		if q.Contract.View().Len(opencontract.Jury) < 15 {
			return answer
		}
		return strings.ReplaceAll(answer, "backup_bond_return", "backup_bond_slash")
	},
	"dies midway": func(q escrow.Request, answer string) string {
		if q.Command.Action() == "withdraw" {
			os.Exit(3)
		}
		return answer
	},
	"two lines": func(_ escrow.Request, answer string) string { return answer + answer },
	"complains": func(escrow.Request, string) string {
		fmt.Fprint(os.Stderr, strings.Repeat("a stack of goroutines\n", 1000))
		return "Hello!\n"
	},
	"garbage": func(escrow.Request, string) string { return "Hello!\n" },
	"nothing": func(escrow.Request, string) string { return "\n" },
	"hangs": func(escrow.Request, string) string {
		time.Sleep(time.Hour)
		return ""
	},
}

// init is earlier than the tests, which build the command.
func init() {
	change, is := behaviours[os.Getenv(behaviour)]
	if !is {
		return
	}
	requests := bufio.NewReader(os.Stdin)
	for {
		line, err := requests.ReadBytes('\n')
		if err != nil {
			os.Exit(0)
		}
		q, err := escrow.ParseRequest(line, lifecycles.All()...)
		var d escrow.Decision
		if err == nil {
			d, err = q.Decide()
		}
		fmt.Print(change(q, string(escrow.AppendAnswer(nil, &d, err))+"\n"))
	}
}

// conformed is what became of a call of conform.
type conformed struct {
	out, err string
	status   int
	// folder is where it was to save.
	folder string
}

// conforms calls the built command with a program that behaves so.
func conforms(t *testing.T, behaves string, args ...string) (c conformed) {
	c.folder = filepath.Join(t.TempDir(), "saved")
	cmd := exec.Command(command, append([]string{"conform", "--save", c.folder, "--lives", "100", "--lifecycle", "opencontract", "--lifecycle", "opentrain"}, args...)...)
	cmd.Env = append(os.Environ(), behaviour+"="+behaves)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	_ = cmd.Run()
	return conformed{out.String(), complaint.String(), cmd.ProcessState.ExitCode(), c.folder}
}

// saved returns the names of what was saved.
func (c conformed) saved() (names []string) {
	files, _ := os.ReadDir(c.folder)
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func TestConformAgrees(t *testing.T) {
	c := conforms(t, "", "--", command, "decide", "--jsonl")
	assert.Equal(t, 0, c.status, c.out)
	assert.Contains(t, c.out, "random lives: all")
	assert.Empty(t, c.err)
	assert.Empty(t, c.saved())
}

// TestConformDiffers: what differs in the corpus is printed, and saved to be asked
// again.
func TestConformDiffers(t *testing.T) {
	for behaves, says := range map[string]string{
		"other receiver": `the engine says "treasury", the system "platform"`,
		"dies midway":    "the program ended without an answer: exit status 3",
		"two lines":      "corpus version 2: ",
		"garbage":        `the system "Hello!`,
		"nothing":        "corpus version 2: 0 of ",
	} {
		t.Run(behaves, func(t *testing.T) {
			c := conforms(t, behaves, "--", os.Args[0])
			assert.Equal(t, 1, c.status, c.err)
			assert.Contains(t, c.out, says)
			assert.Empty(t, c.err)
			require.Equal(t, []string{"differences.jsonl", "report.txt", "requests.jsonl"}, c.saved())
			for _, name := range c.saved() {
				assert.Contains(t, c.out, "saved "+filepath.Join(c.folder, name))
			}
			report, err := os.ReadFile(filepath.Join(c.folder, "report.txt"))
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(c.out, string(report)), "what is printed is saved")
			requests, err := os.ReadFile(filepath.Join(c.folder, "requests.jsonl"))
			require.NoError(t, err)
			again := exec.Command(command, "decide", "--jsonl")
			again.Stdin = bytes.NewReader(requests)
			answers, err := again.Output()
			require.NoError(t, err)
			assert.Equal(t, bytes.Count(requests, []byte("\n")), bytes.Count(answers, []byte("\n")))
		})
	}
}

// TestConformHangs: a program is waited for no longer than asked.
func TestConformHangs(t *testing.T) {
	c := conforms(t, "hangs", "--patience", "50ms", "--", os.Args[0])
	assert.Equal(t, 1, c.status)
	assert.Contains(t, c.out, "no answer within 50ms")
	assert.Contains(t, c.out, "given up")
}

// TestConformTellsStory: what only a life shows is saved as a story.
func TestConformTellsStory(t *testing.T) {
	c := conforms(t, "other reason, rarely", "--", os.Args[0])
	assert.Equal(t, 1, c.status, c.err)
	assert.Contains(t, c.out, `the engine says "backup_bond_return", the system "backup_bond_slash"`)
	assert.Equal(t, []string{"differences.jsonl", "report.txt", "requests.jsonl", "story.html", "story.txt", "story_test.go.txt"}, c.saved())
	request, err := os.ReadFile(filepath.Join(c.folder, "requests.jsonl"))
	require.NoError(t, err)
	q, err := escrow.ParseRequest(request, lifecycles.All()...)
	require.NoError(t, err)
	assert.Equal(t, escrow.Action("settle"), q.Command.Action())
}

// TestConformOnly: what a program is asked about can be chosen.
func TestConformOnly(t *testing.T) {
	c := conforms(t, "other receiver", "--only", "OC-1*", "--only", "vote", "--", os.Args[0])
	assert.Equal(t, 1, c.status, c.err)
	assert.Contains(t, c.out, "opencontract OC-16: ")
	assert.NotContains(t, c.out, "opencontract OC-9: ")
	assert.Contains(t, c.out, "random lives: all 200 agree")
	differences, err := os.ReadFile(filepath.Join(c.folder, "differences.jsonl"))
	require.NoError(t, err)
	assert.Contains(t, string(differences), `"expected":{"decision"`)
}

// TestConformComplains: of what a program complains, the end is saved.
func TestConformComplains(t *testing.T) {
	c := conforms(t, "complains", "--only", "OC-1", "--", os.Args[0])
	assert.Equal(t, 1, c.status, c.err)
	assert.Empty(t, c.err)
	text, err := os.ReadFile(filepath.Join(c.folder, "stderr.txt"))
	require.NoError(t, err)
	assert.Less(t, len(text), 17<<10)
	assert.Contains(t, string(text), "a stack of goroutines")
}

func TestConformUnusable(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(folder, nil, 0o600))
	for says, args := range map[string][]string{
		"expected the program to run after --": {"--"},
		"expected":                             nil,
		"the program does not start":           {"--", "./no-such-program"},
		"--lives":                              {"--lives", "many", "--", command},
		"the pattern":                          {"--only", "[", "--", command},
		"--patience":                           {"--patience", "long", "--", command},
		"not a directory":                      {"--save", folder, "--", os.Args[0]},
	} {
		t.Run(says, func(t *testing.T) {
			c := conforms(t, "garbage", args...)
			assert.Equal(t, 2, c.status)
			assert.True(t, strings.HasPrefix(c.err, "escrow: "), c.err)
			assert.Contains(t, c.err, says)
			assert.Empty(t, c.saved())
		})
	}
}
