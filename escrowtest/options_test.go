package escrowtest_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// punctual is a backend that applies the deadlines that are due before it decides.
type punctual struct{ contract escrow.Contract }

func (p *punctual) Begin(c escrow.Contract) error {
	p.contract = c
	return nil
}

func (p *punctual) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	c, _, err := escrow.AsOf(p.contract, q.Now)
	if err != nil {
		return escrowtest.Answer{}, err
	}
	d, err := escrow.Decide(c, q.Command, q.Actor, escrow.At(q.Now))
	if p.contract = c; err == nil {
		p.contract = d.Contract
	}
	return escrowtest.AnswerOf(d, err), nil
}

// Race has the second question overtake the first, which is then decided on what it left.
func (p *punctual) Race(first, second escrowtest.Question) (a, b escrowtest.Answer, err error) {
	b, lost := p.Ask(second)
	a, err = p.Ask(first)
	return a, b, errors.Join(err, lost)
}

func TestAppliesDeadlinesFirst(t *testing.T) {
	lives := escrowtest.AtLeast(200)
	escrowtest.Run(t, &punctual{}, escrowtest.Playing(octplay.Play(), otplay.Play()), lives, escrowtest.AppliesDeadlinesFirst())
	for _, system := range []escrowtest.System{escrowtest.Engine(), &punctual{}} {
		_, first := system.(*punctual)
		options := []escrowtest.Option{escrowtest.Playing(octplay.Play()), lives}
		if !first {
			options = append(options, escrowtest.AppliesDeadlinesFirst())
		}
		f := escrowtest.Try(system, options...).Failure
		require.NotNil(t, f, "who applies them otherwise than it says is found")
		assert.Contains(t, f.String(), string(escrow.DeadlineDue))
	}
}

// hiding is the engine, but that strangers are told of no contract.
type hiding struct{ contract escrow.Contract }

func (h *hiding) Begin(c escrow.Contract) error {
	h.contract = c
	return nil
}

func (h *hiding) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	d, err := escrow.Decide(h.contract, q.Command, q.Actor, escrow.At(q.Now))
	var refusal *escrow.Error
	if err == nil {
		h.contract = d.Contract
	} else if errors.As(err, &refusal) && refusal.Code() != escrow.Unauthorized && !h.contract.IsDraft() && !escrow.Visible(h.contract, q.Actor) {
		err = escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)
	}
	return escrowtest.AnswerOf(d, err), nil
}

func TestHidesContracts(t *testing.T) {
	lives := escrowtest.AtLeast(200)
	escrowtest.Run(t, &hiding{}, escrowtest.Playing(octplay.Play()), lives, escrowtest.HidesContracts())
	f := escrowtest.Try(&hiding{}, escrowtest.Playing(octplay.Play()), lives).Failure
	require.NotNil(t, f, "who does not say so is found")
	f = escrowtest.Try(escrowtest.Engine(), escrowtest.Playing(octplay.Play()), lives, escrowtest.HidesContracts()).Failure
	require.NotNil(t, f, "who says so and does not is found")
	assert.Contains(t, f.String(), string(escrow.ContractNotFound))
}

// signing is the engine, with answers that say where approvals are signed.
func signing(url string) escrowtest.System {
	return altered{System: escrowtest.Engine(), answer: func(a *escrowtest.Answer) {
		if !a.Accepted() || a.Approval == "" {
			return
		}
		*a = filled(*a, url)
	}}
}

// filled returns an answer with a url in its approvals.
func filled(a escrowtest.Answer, url string) escrowtest.Answer {
	var d struct {
		Decision map[string]any `json:"decision"`
	}
	if err := json.Unmarshal(escrowtest.WireOf(&a), &d); err != nil {
		panic(err)
	}
	fill := func(v any) {
		if approval, ok := v.(map[string]any); ok {
			approval["approvalUrl"] = url
		}
	}
	fill(d.Decision["approval"])
	list, _ := d.Decision["contract"].(map[string]any)["approvals"].([]any)
	for _, approval := range list {
		fill(approval)
	}
	text, _ := json.Marshal(d)
	read, err := escrowtest.ParseAnswer(text, lifecycles.All()...)
	if err != nil {
		panic(err)
	}
	return read
}

func TestFillsApprovalURL(t *testing.T) {
	play, lives := escrowtest.Playing(otplay.Play()), escrowtest.AtLeast(200)
	escrowtest.Run(t, signing("https://example.org/sign"), play, lives, escrowtest.FillsApprovalURL())
	for missing, options := range map[string][]escrowtest.Option{
		"approvalUrl: the engine says where the application has it signed": {play, lives, escrowtest.FillsApprovalURL()},
		"": {play, lives},
	} {
		system := signing("https://example.org/sign")
		if missing != "" {
			system = escrowtest.Engine()
		}
		f := escrowtest.Try(system, options...).Failure
		require.NotNil(t, f)
		assert.Contains(t, f.String(), missing)
	}
}
