package railtest

import (
	"context"
	"slices"

	"github.com/escrow-go/escrow/escrowrun"
)

// TryLaw tries one law on a rail.
func TryLaw(ctx context.Context, rail escrowrun.Rail, law string, options ...Option) error {
	return newSuite(options).try(ctx, rail, slices.Index(Laws(), law))
}
