// Package transcript plays the lives of contracts that are told in text, for the
// tests of lifecycles. A transcript is blocks of commands, a line of dashes, and
// what they print; lines that start with # are remarks.
//
//	draft price=50 policy.quorum=2                    terms, over those of a sample
//	create by client at 2026-06-03T00:00:00Z          any action; the time stays until another
//	vote met not-met unclear by 0xA                   its payload stands between action and actor
//	next | horizon                                    what time does, besides the shows of the lifecycle
//
// Every decision's snapshot goes through JSON before the next command.
package transcript

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
)

var rewrite = flag.Bool("rewrite", false, "write the transcripts anew instead of comparing them")

// Teller is what a lifecycle adds to its transcripts.
type Teller struct {
	Lifecycle *escrow.Lifecycle
	// Sample is the JSON of the terms that a draft starts from; Alias gives fields
	// of it shorter names.
	Sample string
	Alias  map[string]string
	// Actor is who a transcript names; anything that it does not know is an agent.
	Actor func(c escrow.Contract, name string) (escrow.Actor, bool)
	// Payload is what a command carries besides its action.
	Payload func(action string, words []string) map[string]any
	// Shows are what else there is to see of a contract.
	Shows map[string]func(escrow.Contract) string
	// Adds is what else a decision says, a line each.
	Adds func(escrow.Decision) string
}

// Run plays the transcripts of testdata/transcripts. With -rewrite the files are
// written as they are played.
func (tell Teller) Run(t *testing.T) {
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			played := (&stage{TB: t, Teller: tell}).play(string(text))
			if *rewrite {
				require.NoError(t, os.WriteFile(name, []byte(played), 0o644))
				return
			}
			assert.Equal(t, string(text), played)
		})
	}
}

// stage is a contract and the time at it.
type stage struct {
	testing.TB
	Teller
	c   escrow.Contract
	now time.Time
}

// play returns a transcript with what its commands print now.
func (s *stage) play(text string) string {
	var out strings.Builder
	for i, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			out.WriteString("\n")
		}
		commands, _, asks := strings.Cut(block+"\n", "----\n")
		out.WriteString(commands)
		if !asks {
			continue
		}
		out.WriteString("----\n")
		for line := range strings.Lines(commands) {
			if line = strings.TrimSpace(line); !strings.HasPrefix(line, "#") {
				out.WriteString(s.perform(line))
			}
		}
	}
	return out.String()
}

// perform carries one line out and returns what it prints.
func (s *stage) perform(line string) string {
	verb, rest, _ := strings.Cut(line, " ")
	switch show := s.Shows[verb]; {
	case show != nil:
		return show(s.c)
	case verb == "draft":
		return s.draft(strings.Fields(rest))
	case verb == "next":
		return next(s.c)
	case verb == "horizon":
		return horizon(s.c)
	}
	payload, asks, ok := strings.Cut(" "+rest, " by ")
	require.True(s, ok, "%s: nobody asks", line)
	who, when, timed := strings.Cut(asks, " at ")
	if timed {
		at, err := time.Parse(time.RFC3339Nano, when)
		require.NoError(s, err)
		s.now = at
	}
	body := s.Payload(verb, strings.Fields(payload))
	if body == nil {
		body = map[string]any{}
	}
	body["action"] = verb
	text, err := json.Marshal(body)
	require.NoError(s, err)
	cmd, err := s.Lifecycle.ParseCommand(text)
	require.NoError(s, err, line)
	return s.answer(cmd, s.actor(who))
}

// actor is who a line names.
func (s *stage) actor(name string) escrow.Actor {
	if name == "system" {
		return escrow.SystemActor()
	}
	if actor, known := s.Actor(s.c, name); known {
		return actor
	}
	return escrow.Agent(name)
}

// draft makes a draft of the sample with some fields changed; "none" removes one.
func (s *stage) draft(words []string) string {
	var terms map[string]any
	require.NoError(s, json.Unmarshal([]byte(s.Sample), &terms))
	terms["lifecycle"] = s.Lifecycle.Name()
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		if long := s.Alias[name]; long != "" {
			name = long
		}
		in, path := terms, strings.Split(name, ".")
		for _, key := range path[:len(path)-1] {
			if in[key] == nil {
				in[key] = map[string]any{}
			}
			in = in[key].(map[string]any)
		}
		last := path[len(path)-1]
		switch {
		case value == "none":
			delete(in, last)
		case json.Valid([]byte(value)):
			in[last] = json.RawMessage(value)
		default:
			in[last] = value
		}
	}
	text, err := json.Marshal(terms)
	require.NoError(s, err)
	s.c, err = escrow.ParseContract(text, s.Lifecycle)
	require.NoError(s, err)
	return "draft of " + s.Lifecycle.Name() + "\n"
}

// answer asks, stores the next snapshot, and prints what followed.
func (s *stage) answer(cmd escrow.Command, who escrow.Actor) string {
	d, err := escrow.Decide(s.c, cmd, who, escrow.At(s.now))
	var e *escrow.Error
	if errors.As(err, &e) {
		return refused(e)
	}
	stored, err := json.Marshal(d.Contract)
	require.NoError(s, err)
	s.c, err = escrow.ReadStored(stored, s.Lifecycle)
	require.NoError(s, err)
	again, err := json.Marshal(s.c)
	require.NoError(s, err)
	require.Equal(s, string(stored), string(again))
	return s.decided(d)
}
