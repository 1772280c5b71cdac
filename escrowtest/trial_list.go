package escrowtest

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/sample"
)

const (
	// pageLimit is how many contracts of a page are asked for, mostKept how many are
	// kept to see more than two pages of a system that does not let the asker choose.
	pageLimit = 3
	mostKept  = 128
)

// listing returns a life up to its founding, to be listed among others.
func listing(st *Story) *Story {
	if places := st.changing(); len(places) > 0 && st.Begin.IsDraft() {
		return st.prefix(places[0]+1, trial{Kind: tryList})
	}
	return nil
}

// list keeps further drafts like the first, and reads the list of them by pages.
func (l *telling) list(q Question) *Failure {
	if f := l.ask(q); f != nil || l.able.lister == nil || !escrow.Visible(l.told.Begin, q.Actor) {
		return f
	}
	ids := []string{l.told.Begin.ID()}
	for kept := 7; kept <= mostKept; kept *= 2 {
		for len(ids) < kept {
			terms := sample.TermsOf(l.told.Begin)
			terms.ID = fmt.Sprintf("%s-%03d", l.told.Begin.ID(), len(ids))
			if err := l.able.lister.Keep(terms.Draft()); err != nil {
				return l.failure(findings{{"Lister", fmt.Sprintf("a further draft is not kept: %v", err)}})
			}
			ids = append(ids, terms.ID)
		}
		pages, listed, found := l.pages(q.Actor, kept)
		if found.listed(q.Actor, ids, listed); len(found) > 0 {
			return l.failure(found)
		}
		if pages > 2 {
			break
		}
	}
	return l.failure(l.listedTo(l.stranger(), ids))
}

// pages reads a list to its end.
func (l *telling) pages(actor escrow.Actor, kept int) (pages int, listed []string, found findings) {
	for cursor := ""; ; pages++ {
		l.able.used["Lister"]++
		ids, next, err := l.able.lister.List(actor, cursor, pageLimit, l.now())
		if err != nil {
			found.add("Lister", "%s cannot read page %d of the list: %v", nameOf(actor), pages+1, err)
			return pages, listed, found
		}
		if listed = append(listed, ids...); next == "" {
			return pages + 1, listed, found
		}
		if cursor = next; pages > 100*kept {
			found.add("Lister", "the list of %s has no end", nameOf(actor))
			return pages, listed, found
		}
	}
}

// listed finds contracts that a list leaves out or has twice.
func (f *findings) listed(actor escrow.Actor, want, listed []string) {
	for _, id := range want {
		n := 0
		for _, other := range listed {
			if other == id {
				n++
			}
		}
		switch {
		case n == 0:
			f.add("Lister", "contract %s is missing from the list of %s, which has %d of %d contracts: the cursor skips it", id, nameOf(actor), len(listed), len(want))
		case n > 1:
			f.add("Lister", "contract %s is %d times in the list of %s, read page by page", id, n, nameOf(actor))
		}
		if n != 1 {
			return
		}
	}
}

// listedTo finds contracts that somebody is shown who may not know of them.
func (l *telling) listedTo(stranger escrow.Actor, ids []string) (found findings) {
	if escrow.Visible(l.told.Begin, stranger) || escrow.Visible(l.known.contract, stranger) {
		return nil
	}
	_, listed, found := l.pages(stranger, len(ids))
	for _, id := range listed {
		if slices.Contains(ids, id) {
			found.add("Lister", "%s, who is no party, finds %s in the list", nameOf(stranger), id)
			break
		}
	}
	return found
}
