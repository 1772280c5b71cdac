package explore

import "hash/maphash"

// key is what tells a state apart: 128 bits of two independent hashes of all that
// matters about it. Among a billion states two share a key by less than one in
// 10^20.
type key [2]uint64

// hasher makes keys.
type hasher [2]maphash.Seed

func newHasher() hasher { return hasher{maphash.MakeSeed(), maphash.MakeSeed()} }

func (h hasher) key(text []byte) key {
	return key{maphash.Bytes(h[0], text), maphash.Bytes(h[1], text)}
}
