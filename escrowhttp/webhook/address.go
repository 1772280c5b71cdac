package webhook

import (
	"context"
	"fmt"
	"net/netip"
	"syscall"
)

// control lets a connection be made to a public address only. It is asked for every
// address that a name resolves to, right before the connection is made.
func (s *Sender) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	if s.Sandbox {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" || !public(to.Addr()) {
		return fmt.Errorf("%w: %s", errAddress, address)
	}
	return nil
}

// The networks that are not public, though [netip.Addr.IsGlobalUnicast] holds, by the
// registries of IANA.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

// unicast is all that is public of IPv6: not loopback, link-local, unique local, multicast,
// nor what carries an IPv4 address (mapped, compatible, NAT64).
var unicast = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// public reports whether an address is one of the public network. An IPv4 address that is
// written as one of IPv6 is not.
func public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Zone() != "" || ip.Is6() && !unicast.Contains(ip) {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}
