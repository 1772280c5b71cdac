package railtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// law is one promise of a rail, and what finds out whether it is kept.
type law struct {
	name  string
	check func(*trial) error
}

// errNotOffered is what a check returns whose law is about something that the rail does
// not offer.
var errNotOffered = errors.New("the rail does not offer it")

// Option fits the suite to a rail.
type Option func(*suite)

// suite is how the laws are tried.
type suite struct {
	prefix               string
	asset                escrow.Asset
	payer, payee         string
	greatest             escrow.Amount
	challenged, declined string
	proof                []byte
	attempts             int
}

// Prefix sets how all ids of transfers and contracts begin. It must be new in every run
// on the same rail. Without it, it is random.
func Prefix(prefix string) Option { return func(s *suite) { s.prefix = prefix } }

// Asset sets what is paid in; without it, EUR of scale 2.
func Asset(a escrow.Asset) Option { return func(s *suite) { s.asset = a } }

// Accounts sets who pays and who is paid, two different ones; without it, acct_payer
// and acct_payee.
func Accounts(payer, payee string) Option {
	return func(s *suite) { s.payer, s.payee = payer, payee }
}

// Greatest sets the largest amount that the rail takes in one transfer, at least 100
// smallest units; without it, 10^12.
func Greatest(a escrow.Amount) Option { return func(s *suite) { s.greatest = a } }

// Challenged names a payer whose holds need an action first, and the proof that meets
// the challenge. Without it, what needs an action is not tried.
func Challenged(payer string, proof []byte) Option {
	return func(s *suite) { s.challenged, s.proof = payer, proof }
}

// Declined names a payer whose holds are refused. Without it, refused holds are not
// tried.
func Declined(payer string) Option { return func(s *suite) { s.declined = payer } }

// Attempts sets how often something is asked in all when the answer is unknown; without
// it, once, so that every unknown answer breaks the law that is tried.
func Attempts(n int) Option { return func(s *suite) { s.attempts = max(n, 1) } }

func newSuite(options []Option) *suite {
	s := &suite{prefix: "rt-" + rand.Text()[:12], asset: escrow.Asset{Code: "EUR", Scale: 2},
		payer: "acct_payer", payee: "acct_payee", greatest: escrow.Units(1e12), attempts: 1}
	for _, option := range options {
		option(s)
	}
	return s
}

// Run tries every law on a rail, each in a subtest that bears its name. What the rail
// does not offer is skipped.
func Run(t *testing.T, rail escrowrun.Rail, options ...Option) {
	t.Helper()
	s := newSuite(options)
	for i, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			err := s.try(t.Context(), rail, i)
			if errors.Is(err, errNotOffered) {
				t.Skip(err)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// Failure is a law that a rail breaks.
type Failure struct {
	Law string
	// Err says what was asked, what was expected and what was answered.
	Err error
}

// Try tries every law on a rail and returns those that it breaks, in the order of Laws.
func Try(ctx context.Context, rail escrowrun.Rail, options ...Option) []Failure {
	s := newSuite(options)
	var out []Failure
	for i, l := range laws {
		if err := s.try(ctx, rail, i); err != nil && !errors.Is(err, errNotOffered) {
			out = append(out, Failure{l.name, err})
		}
	}
	return out
}

// Laws returns the names of all laws.
func Laws() []string {
	out := make([]string, len(laws))
	for i, l := range laws {
		out[i] = l.name
	}
	return out
}

// try tries one law, with ids and a contract of its own.
func (s *suite) try(ctx context.Context, rail escrowrun.Rail, i int) error {
	t := &trial{suite: s, ctx: ctx, rail: rail, contract: fmt.Sprintf("%s-%d", s.prefix, i+1)}
	if err := laws[i].check(t); err != nil {
		return err
	}
	return t.onlyKnown()
}
