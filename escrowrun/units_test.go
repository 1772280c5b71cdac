package escrowrun

import (
	"math/big"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestUnits: every sum is read as it is written, and nothing else is.
func TestUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asset := escrow.Asset{Code: "USD", Scale: rapid.Uint8Range(0, 18).Draw(t, "scale")}
		n := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 15).Draw(t, "units"))
		want, err := escrow.AmountOf(n)
		require.NoError(t, err)
		got, err := units(asset, asset.Text(want))
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
	for _, text := range []string{"", ".", "-1", "1e3", "1e10000000", "0.001", "1,5", " 1", "1 ", "NaN", "99999999999999999999999999999999999999999999999999"} {
		_, err := units(escrow.Asset{Code: "USD", Scale: 2}, text)
		require.Error(t, err, text)
	}
}
