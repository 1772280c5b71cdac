package x402_test

import (
	"context"
	"encoding/json"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/x402"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	ctx  = context.Background()
	noon = time.Unix(1780315800, 0).UTC() // a minute before the vectors are too old
	usdc = escrow.Asset{Code: "USDC", Scale: 6}
)

// keyOf is a key of one's own for every name.
func keyOf(name string) *secp256k1.PrivateKey {
	sum := nonceOf("key of " + name)
	return secp256k1.PrivKeyFromBytes(sum[:])
}

// platform is the account that collects, stranger has nothing to do with it.
var (
	platform = x402.AddressOf(keyOf("platform"))
	payer    = x402.AddressOf(keyOf("payer"))
	stranger = x402.AddressOf(keyOf("stranger"))
)

// quote is for a payment of so many units.
func quote(units uint64) x402.Quote {
	return x402.Quote{Network: x402.Base, PayTo: platform, Amount: escrow.Units(units), Timeout: time.Minute}
}

// clock is a clock that the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// vectors are what viem and the clients of both protocols have signed.
type vectors struct {
	PayTo  x402.Address
	Signed []struct {
		Network, Key, Digest, Signature string
		Authorization                   map[string]string
	}
	Headers []struct {
		Version         int
		Network, Header string
	}
}

func readVectors(t require.TestingT) (v vectors) {
	text, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &v))
	return v
}
