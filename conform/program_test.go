package conform_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/conform"
	"github.com/escrow-go/escrow/crowdfund"
	"github.com/escrow-go/escrow/escrowtest"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// soon is how long programs are waited for that never answer.
const soon = 50 * time.Millisecond

// request is any request of the corpus.
var request = conform.Corpus()[0].Request

// TestMissingAnswers: of a program that does not answer it is said why, and each
// request starts it again.
func TestMissingAnswers(t *testing.T) {
	for name, says := range map[string]string{
		"hangs":          "no answer within 50ms",
		"reads only":     "no answer within 50ms",
		"leaves a child": "no answer within 50ms",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := impatiently(t, name, soon)
			for range 2 {
				_, err := p.Exchange(request)
				assert.ErrorContains(t, err, says)
			}
		})
	}
	for name, says := range map[string]string{
		"ends":       "the program ended without an answer: exit status 3",
		"has no end": "the program's answer cannot be read",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := served(t, name)
			for range 2 {
				_, err := p.Exchange(request)
				assert.ErrorContains(t, err, says)
			}
		})
	}
}

// TestLargeRequests: a program that does not read is not waited for any longer than
// one that does not write.
func TestLargeRequests(t *testing.T) {
	t.Parallel()
	huge := bytes.Repeat([]byte("x"), 1<<20)
	_, err := impatiently(t, "hangs", soon).Exchange(huge)
	assert.ErrorContains(t, err, "no answer within 50ms")
	_, err = served(t, "ends").Exchange(huge)
	assert.ErrorIs(t, err, conform.ErrEnded)
	answer, err := served(t, honest).Exchange(huge)
	require.NoError(t, err)
	assert.Contains(t, string(answer), "malformed")
}

// TestStartsAgain: a program that dies costs one answer.
func TestStartsAgain(t *testing.T) {
	t.Parallel()
	p := served(t, "answers once")
	for i := range 4 {
		answer, err := p.Exchange(request)
		if i%2 == 1 {
			assert.ErrorIs(t, err, conform.ErrEnded)
			continue
		}
		require.NoError(t, err)
		assert.Empty(t, escrowtest.CompareWire(conform.Corpus()[0].Answer, answer))
	}
}

// TestLinesNobodyAskedFor: a second answer is no answer to the next request.
func TestLinesNobodyAskedFor(t *testing.T) {
	for _, name := range []string{"repeats", "babbles"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := served(t, name)
			var err error
			for range 1000 { // the line may come only when the next request is out
				if _, err = p.Exchange(request); err != nil {
					break
				}
			}
			assert.ErrorContains(t, err, "a line that nobody had asked for")
		})
	}
}

// TestBadManners: programs that say what is no answer differ, and no run takes
// longer than giving up on three requests.
func TestBadManners(t *testing.T) {
	all := len(conform.Corpus(known...))
	for name, want := range map[string]struct {
		asked int
		says  string
	}{
		"says nothing": {all, "0 of "},
		"says garbage": {all, `the system "listening on port 8080"`},
		"says nobody":  {all, "0 of "},
		"ends":         {3, fmt.Sprintf("given up: too many requests without an answer, %d were not sent", all-3)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := conform.Run(t.Context(), served(t, name), nil, few...)
			require.NoError(t, err)
			assert.False(t, r.Passed())
			assert.Equal(t, want.asked, r.Exchanges)
			assert.Len(t, r.Differs, want.asked)
			assert.Nil(t, r.Lives)
			assert.Contains(t, r.String(), want.says)
		})
	}
	t.Run("answers once", func(t *testing.T) {
		t.Parallel()
		r, err := conform.Run(t.Context(), served(t, "answers once"), nil)
		require.NoError(t, err)
		assert.True(t, r.GaveUp)
		assert.Equal(t, 40, r.Exchanges, "every other one is answered")
		assert.Len(t, r.Differs, 20)
	})
	t.Run("hangs", func(t *testing.T) {
		t.Parallel()
		r, err := conform.Run(t.Context(), impatiently(t, "hangs", soon), nil)
		require.NoError(t, err)
		assert.True(t, r.GaveUp)
		assert.Equal(t, 3, strings.Count(string(r.Requests()), "\n"))
	})
}

// TestKillsGrandchildren: what a program has started ends with it.
func TestKillsGrandchildren(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	heard := &until{Tail: conform.NewTail(100), told: cancel}
	p := conform.Command(ctx, known, time.Minute, heard, os.Args[0], "-serve", "leaves a child")
	_, err := p.Exchange(request)
	require.ErrorIs(t, err, context.Canceled)
	number := strings.TrimSpace(heard.String())
	require.NotEmpty(t, number)
	assert.Eventually(t, func() bool { // it may wait to be taken note of, but runs no more
		stat, err := os.ReadFile("/proc/" + number + "/stat")
		return err != nil || strings.Contains(string(stat), ") Z ")
	}, time.Minute, time.Millisecond)
}

// until is told when a program has written a line.
type until struct {
	*conform.Tail
	told func()
}

func (u *until) Write(p []byte) (int, error) {
	n, err := u.Tail.Write(p)
	if bytes.Contains(p, []byte("\n")) {
		u.told()
	}
	return n, err
}

// TestTail: of what a program complains, the end is kept.
func TestTail(t *testing.T) {
	t.Parallel()
	tail := conform.NewTail(20)
	assert.Empty(t, tail.String())
	for i := range 1000 {
		fmt.Fprintf(tail, "line %d\n", i)
	}
	assert.Equal(t, "line 998\nline 999\n", tail.String())
	fmt.Fprint(tail, strings.Repeat("x", 100))
	assert.Equal(t, strings.Repeat("x", 20), tail.String())
}

// TestOnly: a program is asked about what a pattern matches, and nothing else.
func TestOnly(t *testing.T) {
	t.Parallel()
	p := served(t, "the revision stays")
	require.NoError(t, p.Only("OC-7", "confirm"))
	require.Error(t, p.Only("["))
	r, err := conform.Run(t.Context(), p, nil, append(few, escrowtest.Playing(otplay.Play()))...)
	require.NoError(t, err)
	assert.Less(t, r.All, len(conform.Corpus(known...))/4)
	for _, c := range r.Rules {
		assert.NotEqual(t, "OC-8", c.Rule)
	}
	assert.NotEmpty(t, r.Differs)
}

// TestUnknownLifecycles: a lifecycle that a program does not know is told of, and the
// lives of others go on.
func TestUnknownLifecycles(t *testing.T) {
	t.Parallel()
	law := escrowtest.Of(crowdfund.Lifecycle)
	p := conform.Command(t.Context(), append(known, crowdfund.Lifecycle), time.Minute, os.Stderr, os.Args[0], "-serve", "knows one")
	t.Cleanup(func() { _ = p.Close() })
	r, err := conform.Run(t.Context(), p, nil, append(few, law, escrowtest.Playing(octplay.Play(), otplay.Play()))...)
	require.NoError(t, err)
	assert.Equal(t, []string{"crowdfund", "opentrain"}, r.Unknown)
	assert.Nil(t, r.Lives.Failure)
	assert.Positive(t, r.Asked)
	assert.False(t, r.Passed())
	assert.Contains(t, r.String(), "not known to the program: crowdfund, opentrain")
}

// TestCannotStart: there is no report of a program that there is not.
func TestCannotStart(t *testing.T) {
	t.Parallel()
	for _, command := range [][]string{nil, {"./no-such-program"}, {t.TempDir()}} {
		p := conform.Command(t.Context(), known, soon, os.Stderr, command...)
		r, err := conform.Run(t.Context(), p, nil)
		assert.Error(t, err, "%v", command)
		assert.Nil(t, r)
		assert.NoError(t, p.Close())
	}
}

// TestDone: a run ends with its context, in the corpus and in the lives.
func TestDone(t *testing.T) {
	t.Parallel()
	for _, until := range []string{"10 exchanges, ", "3 lives, "} {
		ctx, done := context.WithCancel(t.Context())
		p := conform.Command(ctx, known, time.Minute, os.Stderr, os.Args[0], "-serve", honest)
		_, err := conform.Run(ctx, p, func(text string) {
			if strings.HasPrefix(text, until) {
				done()
			}
		}, escrowtest.Playing(otplay.Play()))
		assert.ErrorIs(t, err, context.Canceled)
		_, err = p.Exchange(request)
		assert.ErrorIs(t, err, context.Canceled)
		done()
	}
}

// TestStandardError: what a program complains of is heard, also after it has died.
func TestStandardError(t *testing.T) {
	t.Parallel()
	var heard bytes.Buffer
	p := conform.Command(t.Context(), known, time.Minute, &heard, os.Args[0], "-serve", "no such fault")
	for range 2 {
		_, err := p.Exchange(request)
		assert.ErrorIs(t, err, conform.ErrEnded)
		assert.ErrorContains(t, err, "exit status 2")
	}
	assert.Equal(t, strings.Repeat("there is no fault \"no such fault\"\n", 2), heard.String())
}

// TestRemembers: a program keeps nothing; what it answered is asked about next.
func TestRemembers(t *testing.T) {
	t.Parallel()
	p, engine := served(t, honest), escrowtest.Engine()
	for _, s := range escrowtest.Lives(otplay.Play()).Example(1).Steps {
		if s.Before.IsDraft() {
			require.NoError(t, p.Begin(s.Before))
			require.NoError(t, engine.Begin(s.Before))
		}
		got, err := p.Ask(s.Question)
		require.NoError(t, err)
		want, err := engine.Ask(s.Question)
		require.NoError(t, err)
		assert.Empty(t, escrowtest.Compare(&want, &got))
	}
	_, err := served(t, "says nobody").Ask(escrowtest.Question{Command: escrow.Advance(), Actor: escrow.SystemActor(), Now: time.Now()})
	assert.Error(t, err)
}
