package oracle

import (
	"flag"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	contractplay "github.com/escrow-go/escrow/opencontract/play"
	trainplay "github.com/escrow-go/escrow/opentrain/play"
)

var steps = flag.Int("steps", 20_000, "how many steps of random lives are compared: -steps 1000000 -timeout 0 for a million")

// TestAgrees: engine and oracle agree, field by field, on every step of random lives.
func TestAgrees(t *testing.T) {
	least := few(*steps, min(*steps, 1_000))
	for _, play := range []*escrowtest.Play{contractplay.Play(), trainplay.Play()} {
		t.Run(play.Lifecycle.Name(), func(t *testing.T) {
			t.Parallel()
			lives, asked := escrowtest.Lives(play), 0
			for life := int(*seed); asked < least/2 && !t.Failed(); life++ {
				for _, step := range lives.Example(life).Steps {
					compare(t, request(t, &step), true)
					asked++
				}
			}
			t.Log(asked, "steps")
		})
	}
}

// request is a step's question as the driver reads it.
func request(t *testing.T, s *escrowtest.Step) []byte {
	t.Helper()
	text, err := escrow.Request{Contract: s.Before, Command: s.Command, Actor: s.Actor, Now: s.Now}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return text
}
