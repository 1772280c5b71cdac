package escrowtest_test

import (
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
)

func TestEngineAgreesWithItself(t *testing.T) {
	escrowtest.Run(t, escrowtest.Engine())
}
