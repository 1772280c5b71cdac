package explore

import (
	"slices"
	"strings"

	"github.com/escrow-go/escrow/escrowtest"
)

// kindFound is how often each rule, reason or action came by.
type kindFound struct {
	Kind string
	// Missing counts what should have come by and did not.
	Missing int
	List    []nameFound
}

// nameFound is how often something came by.
type nameFound struct {
	Name    string
	Times   int
	Missing bool
}

// found lists by kind what came by how often, in the order of the table. A name
// without a count need not come by, unless it is missing.
func (r *Report) found() []kindFound {
	kinds := []kindFound{{Kind: "rules"}, {Kind: "reasons"}, {Kind: "actions"}}
	for _, name := range escrowtest.Wanted(r.lifecycle) {
		kind, plain, _ := strings.Cut(name, " ")
		i := slices.IndexFunc(kinds, func(k kindFound) bool { return k.Kind == kind+"s" })
		if i < 0 {
			continue
		}
		n := nameFound{plain, r.Reached[name], slices.Contains(r.Unreached, name)}
		if n.Missing {
			kinds[i].Missing++
		}
		kinds[i].List = append(kinds[i].List, n)
	}
	return kinds
}
