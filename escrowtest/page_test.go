package escrowtest_test

import (
	"encoding/xml"
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/opencontract"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// altered is the engine, with answers that are changed on their way.
type altered struct {
	escrowtest.System
	question func(*escrowtest.Question)
	answer   func(*escrowtest.Answer)
}

func (a altered) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	if a.question != nil {
		a.question(&q)
	}
	got, err := a.System.Ask(q)
	if a.answer != nil {
		a.answer(&got)
	}
	return got, err
}

// byHand makes an answer one that only says what its fields do.
func byHand(a *escrowtest.Answer) {
	*a = escrowtest.Answer{Code: a.Code, Reason: a.Reason, Rule: a.Rule, Executes: a.Executes, From: a.From, To: a.To, At: a.At, Movements: a.Movements, Contract: a.Contract}
}

// losing loses a unit of every third movement at an end.
func losing() escrowtest.System {
	return altered{System: escrowtest.Engine(), answer: func(a *escrowtest.Answer) {
		byHand(a)
		if len(a.Movements) > 2 && a.Contract.IsTerminal() {
			m := &a.Movements[2]
			m.Amount, _ = escrow.Asset{}.Parse(new(big.Int).Sub(m.Amount.BigInt(), big.NewInt(1)).String())
		}
	}}
}

// late has a clock that is a second behind.
func late() escrowtest.System {
	return altered{System: escrowtest.Engine(), question: func(q *escrowtest.Question) { q.Now = q.Now.Add(-time.Second) }}
}

// says checks that a page says something.
func says(t *testing.T, page, text string) {
	t.Helper()
	assert.True(t, strings.Contains(page, text), text)
}

// fails runs a system until it fails, and returns the page.
func fails(t *testing.T, s escrowtest.System, play *escrowtest.Play) (*escrowtest.Failure, string) {
	t.Helper()
	r := escrowtest.Try(s, escrowtest.AtLeast(200), escrowtest.Playing(play))
	require.NotNil(t, r.Failure)
	return r.Failure, pageOf(t, r.Failure)
}

// pageOf returns the page of a failure, whose drawings are well formed and show
// every status.
func pageOf(t *testing.T, f *escrowtest.Failure) string {
	t.Helper()
	text, err := f.Page()
	require.NoError(t, err)
	for _, svg := range regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(text, -1) {
		require.NoError(t, xml.Unmarshal([]byte(svg), new(struct{})))
	}
	for _, s := range f.Story.Begin.Lifecycle().Statuses() {
		says(t, text, ">"+string(s)+"</text>")
	}
	assert.False(t, strings.Contains(text, "http://localhost"), "http://localhost")
	assert.False(t, strings.Contains(text, "src="), "src=")
	return text
}

func TestPageOfLostMoney(t *testing.T) {
	t.Parallel()
	for _, play := range []*escrowtest.Play{octplay.Play(), otplay.Play()} {
		f, text := fails(t, losing(), play)
		last := f.Story.Steps[len(f.Story.Steps)-1]
		asset := last.Before.Asset()
		got, want := last.Answer.Movements[2], f.Want.Movements[2]
		says(t, text, "<b>"+asset.Text(got.Amount)+" "+asset.Code+"</b>")
		says(t, text, "<b>"+asset.Text(want.Amount)+" "+asset.Code+"</b>")
		says(t, text, `class="move strange"`)
		says(t, text, asset.Text(escrow.Units(1))+" "+asset.Code+"</tspan>")
		says(t, text, "conservation of money")
		says(t, text, `<tr class="right">`)
		says(t, text, "func TestStory(t *testing.T)")
	}
}

func TestPageOfLateClock(t *testing.T) {
	t.Parallel()
	_, text := fails(t, late(), octplay.Play())
	says(t, text, "dates its decision ")
	says(t, text, "time is idempotent")
}

// A task that is text of strangers does not get into the page as markup.
func TestPageEscapes(t *testing.T) {
	t.Parallel()
	const hostile = "<script>alert(1)</script>"
	begin := (opencontract.Terms{ID: "a</pre>", Client: "0x<b>", Worker: "w", TaskDescription: hostile}).Draft()
	q := escrowtest.Question{Command: opencontract.Deliver{Delivery: hostile}.Command(), Actor: escrow.Agent("0x<b>"), Now: time.Unix(0, 0)}
	story := escrowtest.Tell(begin, q.Now, []escrowtest.Question{q})
	text := pageOf(t, &escrowtest.Failure{Story: story, Err: errors.New(hostile), Want: story.Steps[0].Answer})
	assert.False(t, strings.Contains(text, "<script>alert"), "<script>alert")
	assert.False(t, strings.Contains(text, "0x<b>"), "0x<b>")
	assert.False(t, strings.Contains(text, "a</pre>"), "a</pre>")
	says(t, text, "&lt;script&gt;alert(1)")
	says(t, text, "no answer: &lt;script&gt;")
	says(t, text, "The system gives no answer to step 1")
	says(t, text, "No money moved.")
}

// What a page says at the top, for each way to differ.
func TestPageHeadlines(t *testing.T) {
	t.Parallel()
	refusal := func(a *escrowtest.Answer) { *a = escrowtest.Answer{Code: escrow.Conflict, Reason: escrow.WrongStatus} }
	for headline, answer := range map[string]func(*escrowtest.Answer){
		"refuses create (wrong_status), which the engine accepts": func(a *escrowtest.Answer) {
			if a.To == opencontract.Created {
				refusal(a)
			}
		},
		"goes to matched, the engine to created": func(a *escrowtest.Answer) {
			if byHand(a); a.To == opencontract.Created {
				a.Contract, a.To = nil, opencontract.Matched
			}
		},
		"goes to nowhere, the engine to created": func(a *escrowtest.Answer) {
			if byHand(a); a.To == opencontract.Created {
				a.Contract, a.To, a.Rule = nil, "nowhere", ""
			}
		},
		"makes 0 movements of money, the engine 1": func(a *escrowtest.Answer) {
			if byHand(a); a.To == opencontract.Created {
				a.Movements = nil
			}
		},
		"which the engine refuses (": func(a *escrowtest.Answer) {
			if !a.Accepted() {
				*a = escrowtest.Answer{Rule: "OC-1", To: opencontract.Created}
			}
		},
	} {
		_, text := fails(t, altered{System: escrowtest.Engine(), answer: answer}, octplay.Play())
		says(t, text, headline)
	}
}
