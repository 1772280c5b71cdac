package marketplace

import (
	"context"
	"errors"
	"fmt"

	"github.com/escrow-go/escrow/escrowsql"
)

// Kind says whether the money is real.
type Kind string

// A database is one of them from its making, for good.
const (
	SandboxKind Kind = "sandbox"
	LiveKind    Kind = "live"
)

// ErrKind: the database is of the other kind.
var ErrKind = errors.New("the database is of the other kind")

// settle makes sure that a database is of a kind. One that has contracts already, and was
// never a sandbox, is live.
func settle(ctx context.Context, store *escrowsql.Store, kind Kind) error {
	first := kind
	empty, err := store.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		first = LiveKind
	}
	is, err := store.SetFirst(ctx, "marketplace.kind", string(first))
	if err == nil && Kind(is) != kind {
		err = fmt.Errorf("%w: it is a %s database since it was made, and this is a %s marketplace", ErrKind, is, kind)
	}
	return err
}
