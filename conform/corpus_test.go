package conform_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/conform"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/escrow-go/escrow/internal/vectors"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	"github.com/escrow-go/escrow/opentrain"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/escrow-go/escrow/purchase"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write the corpus anew; raise Version when an answer changes")

// TestCorpus checks that the engine answers the corpus as it is written, which is
// what its version stands for, and that it comes by all there is. With -rewrite it
// is made: of the worked cases, then of the first question of each kind in random
// lives.
func TestCorpus(t *testing.T) {
	if *rewrite {
		require.NoError(t, os.WriteFile("corpus.v2.jsonl.gz", compressed(t, made(t)), 0o644))
		t.Skip("written; run again to check it")
	}
	reach := map[string]escrowtest.Reach{}
	for _, p := range plays() {
		reach[p.Lifecycle.Name()] = escrowtest.Reach{}
	}
	names := map[string]bool{}
	for _, e := range conform.Corpus() {
		assert.False(t, names[e.Name], "two exchanges are called %q", e.Name)
		names[e.Name] = true
		assert.Empty(t, escrowtest.CompareWire(e.Answer, answer(e.Request)), "%s: the engine answers otherwise than version %d", e.Name, conform.Version)
		note(reach, e.Request)
	}
	for _, p := range plays() {
		for _, name := range escrowtest.Wanted(p.Lifecycle) {
			if reach[p.Lifecycle.Name()][name] == 0 && !slices.Contains(unreached(p), name) {
				t.Errorf("%s: the corpus never comes by %s", p.Lifecycle.Name(), name)
			}
		}
	}
}

// plays are how the lifecycles of the corpus are played.
func plays() []*escrowtest.Play {
	return []*escrowtest.Play{octplay.Play(), otplay.Play(), escrowtest.PlayOf(fixedprice.Lifecycle), escrowtest.PlayOf(purchase.Lifecycle)}
}

// unreached is what the corpus need not come by: of OpenContract and OpenTrain, whose
// worked cases are part of it, only what nothing comes by.
func unreached(p *escrowtest.Play) []string {
	switch p.Lifecycle {
	case opencontract.Lifecycle, opentrain.Lifecycle:
		return []string{"reason unbalanced", "reason unknown_lifecycle", "reason rule_failed", "reason item_exists", "reason too_many", "reason approval_resolved"}
	}
	return append(p.Unreached, "reason amount_scale", "reason not_covered", "reason window_closed", "reason approval_superseded", "rule AP-4")
}

// answer returns the engine's answer to a request.
func answer(request []byte) []byte {
	q, err := escrow.ParseRequest(request, lifecycles.All()...)
	var d escrow.Decision
	if err == nil {
		d, err = q.Decide()
	}
	return escrow.AppendAnswer(nil, &d, err)
}

// note counts what a request comes by. What cannot be read counts for both
// lifecycles: it is refused before it is of any.
func note(reach map[string]escrowtest.Reach, request []byte) {
	q, err := escrow.ParseRequest(request, lifecycles.All()...)
	var refusal *escrow.Error
	if errors.As(err, &refusal) {
		for _, r := range reach {
			r["reason "+string(refusal.Reason())]++
		}
		return
	}
	d, err := q.Decide()
	a := escrowtest.AnswerOf(d, err)
	reach[q.Contract.Lifecycle().Name()].Note(escrowtest.Question{Command: q.Command, Actor: q.Actor, Now: q.Now}, &a)
}

// compressed returns a text as the repository keeps it: the same text, the same bytes.
func compressed(t *testing.T, text []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// made returns the corpus as it is to be written.
func made(t *testing.T) []byte {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	seen := map[string]int{}
	add := func(name string, request []byte) {
		q, err := escrow.ParseRequest(request, lifecycles.All()...)
		if errors.Is(err, escrow.Malformed) {
			return // the answer to what is no request tells the line that it stood in
		}
		lifecycle := ""
		if err == nil {
			lifecycle = q.Contract.Lifecycle().Name()
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		require.NoError(t, lines.Encode(conform.Exchange{Name: name, Lifecycle: lifecycle, Request: request, Answer: answer(request)}))
	}
	cases, err := vectors.Load("../testdata/vectors/cases.jsonl")
	require.NoError(t, err)
	for _, c := range cases {
		add(strings.Join(strings.Fields(c.Name), " "), c.Request)
	}
	for _, play := range plays() {
		kinds := shortest(t, play)
		for _, kind := range slices.Sorted(maps.Keys(kinds)) {
			add(kind, kinds[kind])
		}
	}
	add("opentrain: add_milestone to a thousand", crowded(t))
	return b.Bytes()
}

// shortest returns the shortest request of each kind in random lives.
func shortest(t *testing.T, play *escrowtest.Play) map[string][]byte {
	kinds := map[string][]byte{}
	for seed := range 10_000 {
		for _, s := range escrowtest.Lives(play).Example(seed).Steps {
			request, err := escrow.Request{Contract: s.Before, Command: s.Command, Actor: s.Actor, Now: s.Now}.MarshalJSON()
			require.NoError(t, err)
			if kind := kindOf(&s); kinds[kind] == nil || len(request) < len(kinds[kind]) {
				kinds[kind] = request
			}
		}
	}
	return kinds
}

// crowded returns a request for one milestone too many.
func crowded(t *testing.T) []byte {
	human := escrow.Human("h1", "0xClient")
	ask := escrow.Request{Actor: human, Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Command: opentrain.Hire{}.Command()}
	milestone := func(i int) opentrain.MilestoneTerms {
		return opentrain.MilestoneTerms{ID: fmt.Sprintf("m%d", i), Name: "part", Amount: decimal.NewNullDecimal(decimal.NewFromInt(1))}
	}
	ask.Contract = opentrain.Terms{ID: "job-1", Client: "0xClient", Worker: "0xWorker", Milestones: []opentrain.MilestoneTerms{milestone(1)}}.Draft()
	for i := 2; i <= 1001; i++ {
		d, err := ask.Decide()
		require.NoError(t, err)
		ask.Contract, ask.Command = d.Contract, opentrain.AddMilestone{Milestone: milestone(i)}.Command()
	}
	request, err := ask.MarshalJSON()
	require.NoError(t, err)
	return request
}

// kindOf names what a step is an example of: who may or may not do what, from
// where to where, and where the time lies about a moment.
func kindOf(s *escrowtest.Step) string {
	status := string(s.Before.Status())
	if s.Before.IsDraft() {
		status = "draft"
	}
	kind := fmt.Sprintf("%s: %s from %s ", s.Before.Lifecycle().Name(), s.Command.Action(), status)
	if s.Answer.Accepted() {
		kind += strings.TrimSpace(fmt.Sprintf("by %s %s", s.Answer.Rule, s.Answer.Executes))
	} else {
		kind += "is " + string(s.Answer.Reason)
	}
	return kind + boundary(s)
}

// aboutTime are the refusals that a moment may be the reason for.
var aboutTime = []escrow.Reason{"", escrow.DeadlineDue, escrow.WindowClosed, escrow.NothingDue, escrow.ApprovalExpired, escrow.InvalidTerms}

// boundary names the one moment that a step lies within a nanosecond of, where
// the answer may be about it.
func boundary(s *escrowtest.Step) (where string) {
	if !slices.Contains(aboutTime, s.Answer.Reason) {
		return ""
	}
	for name, at := range s.Before.Moments() {
		if away := s.Now.Sub(at); away >= -1 && away <= 1 {
			if where != "" {
				return ""
			}
			where = fmt.Sprintf(", %s%+dns", name, away)
		}
	}
	return where
}
