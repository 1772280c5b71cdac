package oracle_test

import (
	"sync/atomic"
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/internal/oracle"
	escrow "github.com/escrow-go/escrow/next"
	opencontract "github.com/escrow-go/escrow/opencontract/play"
	opentrain "github.com/escrow-go/escrow/opentrain/play"
	"pgregory.net/rapid"
)

// system is the oracle as a backend that keeps one contract.
type system struct{ contract escrow.Contract }

func (s *system) Begin(c escrow.Contract) error {
	s.contract = c
	return nil
}

func (s *system) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	request, err := escrow.Request{Contract: s.contract, Command: q.Command, Actor: q.Actor, Now: q.Now}.MarshalJSON()
	if err != nil {
		return escrowtest.Answer{}, err
	}
	a, err := escrowtest.ParseAnswer(oracle.Answer(request), s.contract.Lifecycle())
	if err == nil && a.Accepted() {
		s.contract = *a.Contract
	}
	return a, err
}

// written has drafts come as they read once they were written: what no JSON can say
// is the library's alone.
func written(p *escrowtest.Play) *escrowtest.Play {
	draft := p.Draft
	p.Draft = func(t *rapid.T) escrowtest.Scene {
		s := draft(t)
		text, err := s.Contract.MarshalJSON()
		if err != nil {
			return s
		}
		if read, err := escrow.ParseContract(text, p.Lifecycle); err == nil {
			s.Contract = read
		}
		return s
	}
	return p
}

// Engine and oracle agree, field by field, in a million steps of random lives
// (20,000 with -short).
func TestAgrees(t *testing.T) {
	steps := 1_000_000
	if testing.Short() {
		steps = 20_000
	}
	var asked atomic.Int64
	t.Cleanup(func() { t.Logf("%d steps", asked.Load()) })
	for _, play := range []*escrowtest.Play{written(opencontract.Play()), written(opentrain.Play())} {
		t.Run(play.Lifecycle.Name(), func(t *testing.T) {
			t.Parallel()
			for seed, done := 1, 0; done < steps/2; seed += 500_000 {
				r := escrowtest.Try(&system{}, escrowtest.Playing(play), escrowtest.Seed(seed), escrowtest.AtLeast(1000))
				if r.Failure != nil {
					t.Fatal(r.Failure)
				}
				done += r.Questions
				asked.Add(int64(r.Questions))
			}
		})
	}
}
