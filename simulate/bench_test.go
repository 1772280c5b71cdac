package simulate

import (
	"context"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/require"
)

// BenchmarkRun is the time for one contract of the default scenarios.
func BenchmarkRun(b *testing.B) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		b.Run(l.Name(), func(b *testing.B) {
			s := Default(l)
			s.Contracts = b.N
			b.ReportAllocs()
			_, err := Run(context.Background(), s)
			require.NoError(b, err)
		})
	}
}
