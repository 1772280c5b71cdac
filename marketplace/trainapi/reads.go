package trainapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opentrain"
)

// me shows who asks.
func (s *Server) me(w http.ResponseWriter, _ *http.Request, c Caller) error {
	own := c.Me
	own.Token.ID, own.Token.Scopes = c.Actor.ID, append([]string{}, c.Actor.Scopes...)
	return write(w, http.StatusOK, own)
}

// mostContracts is how many contracts a page has at most, and has when nobody says.
const mostContracts = 1000

// listContracts lists the account's contracts, newest first.
func (s *Server) listContracts(w http.ResponseWriter, r *http.Request, c Caller) error {
	query := r.URL.Query()
	limit, err := contractsPage(query)
	if err == nil {
		err = s.listable(r.Context(), query, c)
	}
	if err != nil {
		return err
	}
	var list []escrow.Contract
	cursor := query.Get("cursor")
	for { // a page of the store may have contracts that are not shown
		page, err := s.store().List(r.Context(), escrowsql.Query{Account: c.Actor.Account, Lifecycle: opentrain.Lifecycle.Name(), Cursor: cursor, Limit: limit - len(list)})
		if err != nil {
			return err
		}
		shown, err := s.listed(r.Context(), page, query, c)
		if err != nil {
			return err
		}
		list, cursor = append(list, shown...), page.Next
		if cursor == "" || len(list) == limit {
			break
		}
	}
	views, err := s.contractViews(r.Context(), list)
	if err != nil {
		return err
	}
	answer := map[string]any{"contracts": views}
	if cursor != "" {
		answer["nextCursor"] = cursor
	}
	return write(w, http.StatusOK, answer)
}

func contractsPage(query url.Values) (limit int, err error) {
	switch query.Get("status") {
	case "", "active", "ended":
	default:
		return 0, badField("status", "must be active or ended")
	}
	text := query.Get("limit")
	if text == "" {
		return mostContracts, nil
	}
	if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > mostContracts {
		return 0, badField("limit", "must be a whole number from 1 to "+strconv.Itoa(mostContracts))
	}
	return limit, nil
}

// listable refuses a job of another account; that it exists is no secret.
func (s *Server) listable(ctx context.Context, query url.Values, c Caller) error {
	job := query.Get("jobId")
	if job == "" {
		return nil
	}
	accounts, err := s.jobAccounts(ctx, job)
	switch {
	case err != nil:
		return err
	case len(accounts) == 0:
		return nothing("jobs", "jobId", job)
	case !slices.Contains(accounts, c.Actor.Account):
		return refuse(http.StatusForbidden, "", "the job is another account's", map[string]any{"jobId": job})
	}
	return nil
}

// listed returns the contracts of a page that a list shows.
func (s *Server) listed(ctx context.Context, page escrowsql.Page, query url.Values, c Caller) (list []escrow.Contract, err error) {
	ids := make([]string, 0, len(page.Contracts))
	for _, summary := range page.Contracts {
		ids = append(ids, summary.ID)
	}
	found, err := s.store().FindAll(ctx, ids...)
	if err != nil {
		return nil, err
	}
	job, status := query.Get("jobId"), query.Get("status")
	for _, stored := range found {
		contract, ok, err := s.shown(stored, c.Actor.Account)
		if err != nil {
			return nil, err
		}
		if ok && hiredBy(contract) && (status == "" || string(contract.Status()) == status) && (job == "" || opentrain.JobID.In(contract.View()) == job) {
			list = append(list, contract)
		}
	}
	return list, nil
}

// contractViews returns contracts as answers show them.
func (s *Server) contractViews(ctx context.Context, list []escrow.Contract) ([]contractJSON, error) {
	views := []contractJSON{}
	for part := range slices.Chunk(list, 200) {
		ids, from := make([]string, len(part)), make([]string, len(part))
		for i, c := range part {
			ids[i], from[i] = c.ID(), opentrain.ProposalID.In(c.View())
		}
		past, err := s.facts(ctx, ids...)
		if err != nil {
			return nil, err
		}
		proposals, err := s.proposals(ctx, from)
		if err != nil {
			return nil, err
		}
		for i, c := range part {
			views = append(views, contractView(c, past[ids[i]], proposals[from[i]]))
		}
	}
	return views, nil
}

// getContract shows a contract.
func (s *Server) getContract(w http.ResponseWriter, r *http.Request, c Caller) error {
	contract, err := s.visible(r, r.PathValue("contractId"), c)
	if err != nil {
		return err
	}
	views, err := s.contractViews(r.Context(), []escrow.Contract{contract})
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"contract": contractDetail{contractJSON: views[0], Budget: budgetView(contract)}})
}

// getApproval shows an approval.
func (s *Server) getApproval(w http.ResponseWriter, r *http.Request, c Caller) error {
	record, err := s.approval(r.Context(), r.PathValue("approvalId"), c)
	if err != nil {
		return err
	}
	a, err := s.approvalView(r.Context(), record)
	if err != nil {
		return err
	}
	return write(w, http.StatusOK, map[string]any{"approval": a})
}

// approval returns an approval as it stands now, to the owner of its account and to who
// has asked for it.
func (s *Server) approval(ctx context.Context, id string, c Caller) (json.RawMessage, error) {
	stored, err := s.store().Approval(ctx, id)
	if errors.Is(err, escrowsql.ErrNotFound) {
		return nil, noApproval(id)
	}
	if err != nil {
		return nil, err
	}
	contract, ok, err := s.own(ctx, stored.ContractID, c.Actor.Account)
	if err != nil {
		return nil, err
	}
	record := stored.Record
	if now, kept := contract.Approval(id); ok && kept {
		if record, err = now.MarshalJSON(); err != nil {
			return nil, err
		}
	}
	var a approvalRecord
	if err := json.Unmarshal(record, &a); err != nil {
		return nil, err
	}
	if !ok || !c.Owner && (a.RequestedBy == "" || a.RequestedBy != c.Actor.User) {
		return nil, noApproval(id)
	}
	return record, nil
}

// onlyPeople refuses a token that would answer an approval: money never moves by a call
// alone.
func (s *Server) onlyPeople(_ http.ResponseWriter, r *http.Request, c Caller) error {
	id := r.PathValue("approvalId")
	if _, err := s.approval(r.Context(), id, c); err != nil {
		return err
	}
	return refuse(http.StatusForbidden, escrow.NotHuman, "an approval is answered by a signed-in person, at its approvalUrl: never by a token",
		map[string]any{"approvalUrl": s.ApprovalURL(id)})
}

// showDocument shows the OpenAPI document.
func (s *Server) showDocument(w http.ResponseWriter, _ *http.Request) error {
	return write(w, http.StatusOK, json.RawMessage(s.document))
}
