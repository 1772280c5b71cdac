package escrowtest_test

import (
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/fixedprice"
	escrow "github.com/escrow-go/escrow/next"
	"github.com/escrow-go/escrow/opentrain"
)

func TestDefault(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opentrain.Lifecycle, fixedprice.Lifecycle} {
		t.Run(l.Name(), func(t *testing.T) {
			r := escrowtest.Try(escrowtest.Engine(), escrowtest.Of(l), escrowtest.AtLeast(300))
			t.Log(r)
		})
	}
}
