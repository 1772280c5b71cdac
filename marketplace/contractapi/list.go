package contractapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
)

// filter is which contracts a list wants; what is empty is any.
type filter struct {
	status, contractType, awardMethod, client, worker string
}

const (
	defaultPage = 20
	maxPage     = 100
	// looked is how many contracts are looked at for one page, whether they are wanted or
	// not: the next page goes on from there.
	looked = 500
)

// The two parts of a list, in their order, as cursors begin: contracts that the caller is a
// party of, then others' open tenders. Each is newest first.
const (
	ownPart    = "own."
	tenderPart = "tenders."
)

// list lists the contracts that the caller may know of.
func (s *Server) list(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	query := r.URL.Query()
	f, err := filterOf(query)
	if err != nil {
		return err
	}
	limit, err := limitOf(query)
	if err != nil {
		return err
	}
	part, cursor, err := partOf(query.Get("cursor"))
	if err != nil {
		return err
	}
	found := []contract{}
	for seen := 0; part != "" && len(found) < limit && seen < looked; {
		page, err := s.part(r.Context(), part, cursor, actor, limit-len(found))
		if err != nil {
			return err
		}
		seen += len(page.Contracts)
		if found, err = s.add(r.Context(), found, part, page, actor, f); err != nil {
			return err
		}
		if cursor = page.Next; cursor == "" {
			part = after(part)
		}
	}
	next := ""
	if part != "" {
		next = part + cursor
	}
	return s.page(w, r, http.StatusOK, found, next)
}

// after is the part that follows, empty after the last.
func after(part string) string {
	if part == ownPart {
		return tenderPart
	}
	return ""
}

// part returns a page of the store's.
func (s *Server) part(ctx context.Context, part, cursor string, actor escrow.Actor, limit int) (escrowsql.Page, error) {
	q := escrowsql.Query{Lifecycle: opencontract.Lifecycle.Name(), Status: string(opencontract.Created), Cursor: cursor, Limit: limit}
	if part == ownPart {
		q.Account, q.Status = actor.ID, ""
	}
	return s.store().List(ctx, q)
}

// add adds what is wanted of a page, as it stands now.
func (s *Server) add(ctx context.Context, found []contract, part string, page escrowsql.Page, actor escrow.Actor, f filter) ([]contract, error) {
	ids := make([]string, len(page.Contracts))
	for i, c := range page.Contracts {
		ids[i] = c.ID
	}
	contracts, err := s.store().FindAll(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, c := range contracts {
		if c, err = s.standing(c); err != nil {
			return nil, err
		}
		x := contractOf(c)
		if escrow.Visible(c, actor) && f.takes(x) && (part == ownPart || !party(x, actor.ID)) {
			found = append(found, x)
		}
	}
	return found, nil
}

// party reports whether an account is a party of a contract.
func party(x contract, account string) bool {
	return x.Client == account || x.Worker != nil && *x.Worker == account || slices.Contains(x.BackupAgents, account)
}

// takes reports whether a contract is wanted.
func (f filter) takes(x contract) bool {
	is := func(want, have string) bool { return want == "" || want == have }
	worker := ""
	if x.Worker != nil {
		worker = *x.Worker
	}
	return is(f.status, x.Status) && is(f.contractType, x.ContractType) && is(f.awardMethod, x.AwardMethod) && is(f.client, x.Client) && is(f.worker, worker)
}

// filterOf reads which contracts are wanted.
func filterOf(query url.Values) (f filter, err error) {
	for _, p := range []struct {
		name string
		into *string
		of   []string
	}{
		{"status", &f.status, statuses}, {"contractType", &f.contractType, []string{opencontract.Fixed, opencontract.Auction}},
		{"awardMethod", &f.awardMethod, []string{opencontract.AwardDirect, opencontract.AwardOpenTender}},
		{"client", &f.client, nil}, {"worker", &f.worker, nil},
	} {
		text := query.Get(p.name)
		if text == "" {
			continue
		}
		if *p.into = text; p.of == nil {
			address, ok := addressOf(text)
			if !ok {
				return f, invalid(p.name, badAddress)
			}
			*p.into = address
		} else if !slices.Contains(p.of, text) {
			return f, invalid(p.name, "must be one of "+strings.Join(p.of, ", "))
		}
	}
	return f, nil
}

// limitOf reads how many contracts are wanted.
func limitOf(query url.Values) (int, error) {
	text := query.Get("limit")
	if text == "" {
		return defaultPage, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxPage {
		return 0, invalid("limit", "must be a whole number from 1 to "+strconv.Itoa(maxPage))
	}
	return limit, nil
}

// partOf reads where a list goes on: at the beginning without a cursor.
func partOf(text string) (part, cursor string, err error) {
	if text == "" {
		return ownPart, "", nil
	}
	for _, part := range []string{ownPart, tenderPart} {
		if cursor, ok := strings.CutPrefix(text, part); ok && (cursor == "" || printable(cursor)) {
			return part, cursor, nil
		}
	}
	return "", "", escrowsql.ErrCursor
}
