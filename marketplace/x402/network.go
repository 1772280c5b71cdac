package x402

import "strconv"

// Network is a chain on which USDC is paid. Payments are taken on the networks of this
// package and on no other.
type Network struct {
	// Name is what protocol 1 calls the network.
	Name string
	// ChainID is the chain's number.
	ChainID uint64
	// Token is the contract of USDC. TokenName and TokenVersion are those of the domain
	// that payments to it are signed for.
	Token                   Address
	TokenName, TokenVersion string
}

// The networks.
var (
	Base = Network{Name: "base", ChainID: 8453, TokenName: "USD Coin", TokenVersion: "2",
		Token: Address{0x83, 0x35, 0x89, 0xfc, 0xd6, 0xed, 0xb6, 0xe0, 0x8f, 0x4c, 0x7c, 0x32, 0xd4, 0xf7, 0x1b, 0x54, 0xbd, 0xa0, 0x29, 0x13}}
	// BaseSepolia is the test network of Base; its USDC is worth nothing.
	BaseSepolia = Network{Name: "base-sepolia", ChainID: 84532, TokenName: "USDC", TokenVersion: "2",
		Token: Address{0x03, 0x6c, 0xbd, 0x53, 0x84, 0x2c, 0x54, 0x26, 0x63, 0x4e, 0x79, 0x29, 0x54, 0x1e, 0xc2, 0x31, 0x8f, 0x3d, 0xcf, 0x7e}}
)

// networks are all that payments are taken on.
var networks = []Network{Base, BaseSepolia}

// CAIP2 is what protocol 2 calls the network, as in "eip155:8453".
func (n Network) CAIP2() string { return "eip155:" + strconv.FormatUint(n.ChainID, 10) }

// networkCalled returns the network of a name, as either protocol calls it.
func networkCalled(name string, version int) (Network, bool) {
	for _, n := range networks {
		if version == 1 && n.Name == name || version == 2 && n.CAIP2() == name {
			return n, true
		}
	}
	return Network{}, false
}
