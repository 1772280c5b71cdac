package cli

import (
	"errors"
	"fmt"

	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/payoff"
)

// caseFlags are the terms that a policy is looked at with.
type caseFlags struct {
	Policy     string `arg:"" optional:"" help:"A policy (JSON); - for standard input, none for the lifecycle's default."`
	Lifecycle  string `default:"opencontract" enum:"opencontract,opentrain" help:"Whose policy: opencontract or opentrain."`
	Price      string `placeholder:"AMOUNT" help:"Of the task, or of each milestone (50; opentrain 500)."`
	Criteria   string `placeholder:"N" help:"Acceptance criteria, 1 to 10 (3)."`
	Milestones string `placeholder:"N" help:"Milestones, 1 to 10 (opentrain 2)."`
	Match      string `placeholder:"DURATION" help:"How long a worker may accept, as in PT24H (P1D)."`
	Withdrawal string `placeholder:"DURATION" help:"How long he may withdraw, after that (P1D)."`
	Delivery   string `placeholder:"DURATION" help:"How long he may deliver, after that (P1D)."`
	Review     string `placeholder:"DURATION" help:"How long the client may review, after that (P1D; opentrain, at the application, P3D)."`
	Award      string `default:"direct_award" enum:"direct_award,open_tender" help:"How the worker is found: direct_award or open_tender."`
	Mode       string `default:"privacy-preserving" enum:"privacy-preserving,standard" help:"Who judges: the client (privacy-preserving), or backup agents always (standard)."`
}

// read returns the case that the flags tell of, and what of the policy the engine
// refuses.
func (f *caseFlags) read(std *Stdio) (c payoff.Case, refused []payoff.Finding, err error) {
	lifecycle := opencontract.Lifecycle
	if f.Lifecycle == opentrain.Lifecycle.Name() {
		lifecycle = opentrain.Lifecycle
	}
	c = payoff.DefaultCase(lifecycle)
	c.Award, c.Mode = f.Award, f.Mode
	for _, term := range []struct{ name, value string }{
		{"price", f.Price}, {"criteria", f.Criteria}, {"milestones", f.Milestones},
		{"match", f.Match}, {"withdrawal", f.Withdrawal}, {"delivery", f.Delivery}, {"review", f.Review},
	} {
		if term.value == "" {
			continue
		}
		if c, err = payoff.With(c, term.name, term.value); err != nil {
			return c, nil, err
		}
	}
	if f.Policy == "" {
		return c, nil, nil
	}
	text, err := std.object(f.Policy, policyForm)
	if err != nil {
		return c, nil, err
	}
	c.Policy, refused, err = payoff.NearestPolicy(lifecycle, text)
	return c, refused, err
}

// refusal is the error about a policy that the engine refuses, for a command that
// needs one it takes.
func refusal(refused []payoff.Finding) error {
	var list []error
	for _, f := range refused {
		list = append(list, fmt.Errorf("%s; the nearest it takes is %s", f.Message, f.Change))
	}
	return errors.Join(list...)
}
