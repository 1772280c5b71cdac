package escrowtest

import (
	"time"

	"github.com/escrow-go/escrow"
)

// Reader is a [System] whose contracts can be read. After every step of a life the
// harness reads as those who have asked, who must see the latest snapshot, and as a
// stranger, who must be told what is told of a contract that does not exist.
type Reader interface {
	// Read returns a contract as an actor sees it at an instant. What is refused is
	// an *escrow.Error (as [Answer.Refusal] makes it); any other error says that there
	// is no answer.
	Read(actor escrow.Actor, contract string, now time.Time) (escrow.Contract, error)
}

// ApprovalReader is a [System] whose approvals can be read by their id: also those
// that the contract's snapshot no longer keeps.
type ApprovalReader interface {
	// ReadApproval returns an approval as an actor sees it at an instant, in wire
	// form. Errors are those of [Reader].
	ReadApproval(actor escrow.Actor, id string, now time.Time) ([]byte, error)
}

// Historian is a [System] that tells what was decided about a contract.
type Historian interface {
	// History returns the decisions about a contract as an actor sees them at an
	// instant, in the order of their revisions. Those that changed no snapshot may be
	// left out. Errors are those of [Reader].
	History(actor escrow.Actor, contract string, now time.Time) ([]Answer, error)
}

// Lister is a [System] that lists an account's contracts by pages.
type Lister interface {
	// Keep has the system keep a further draft beside the contract of Begin, in place
	// of whatever it kept under the same id before.
	Keep(draft escrow.Contract) error
	// List returns the ids of a page of the contracts that an actor sees at an instant,
	// at most limit if the system lets the asker choose, and the cursor of the page
	// that follows, empty after the last. The first page has the empty cursor. Errors
	// are those of [Reader].
	List(actor escrow.Actor, cursor string, limit int, now time.Time) (ids []string, next string, err error)
}
