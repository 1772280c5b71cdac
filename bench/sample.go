package bench

import (
	"strings"
	"time"
)

// The parties of the sample.
const (
	client   = "0xClientAgent"
	worker   = "0xWorkerAgent"
	stranger = "0xSomebodyElse"
	system   = "system"
)

// The deadlines of the sample: 4, 5, 6 and 8 June 2026.
var (
	matchDeadline      = june(4, 0)
	withdrawalDeadline = june(5, 0)
	deliveryDeadline   = june(6, 0)
	reviewDeadline     = june(8, 0)
)

// When things are asked.
var (
	// early is when the contract is made and accepted; a whole life happens then.
	early = june(3, 0)
	// inTime is when the worker asks to withdraw, as documented.
	inTime = june(4, 12)
	// tooLate is after the withdrawal window has closed, with no deadline due.
	tooLate = june(5, 12)
)

// delivery is what the worker delivers.
const delivery = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"

// arrived returns an account id with memory of its own, as one that came in with
// a request has: no contender compares only addresses.
func arrived(id string) string { return strings.Clone(id) }

func june(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }
