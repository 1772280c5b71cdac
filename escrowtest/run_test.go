package escrowtest_test

import (
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/stretchr/testify/require"
)

func TestEngineAgreesWithItself(t *testing.T) {
	escrowtest.Run(t, escrowtest.Engine())
}

// A history may begin with a contract that holds money already.
func TestAuditOfTheRestOfALife(t *testing.T) {
	for _, play := range []*escrowtest.Play{escrowtest.OpenContract(), escrowtest.OpenTrain()} {
		for seed := range 300 {
			life := escrowtest.Lives(play).Example(seed)
			half := len(life.Steps) / 2
			rest := &escrowtest.Story{Begin: life.Scenes()[half].Contract, Steps: life.Steps[half:]}
			require.Empty(t, escrowtest.Audit(rest), "%s, seed %d", play, seed)
		}
	}
}
