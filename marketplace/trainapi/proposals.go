package trainapi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// Proposal is a trainer's offer to work on a job: what a hire begins with.
type Proposal struct {
	// ID names it: 1 to 200 letters, digits and "-", "_", ".", as it stands in addresses.
	ID string
	// Account is the employer's, whose job it is; Trainer is the account that is paid.
	Account, Trainer string
	// JobID and Title are the job's.
	JobID, Title string
	// DisplayName, Country and ProfilePath are what an employer sees of the trainer: never
	// the full name. They may be empty.
	DisplayName, Country, ProfilePath string
	CreatedAt                         time.Time

	// contract is the id that its last hire has, or will have.
	contract string
}

// AddProposal stores a proposal, so that it can be hired from.
func (s *Server) AddProposal(ctx context.Context, p Proposal) error {
	switch {
	case !addressable(p.ID):
		return errors.New("a proposal's id is 1 to 200 letters, digits, dots, - and _")
	case p.Account == "" || p.Trainer == "" || p.JobID == "":
		return fmt.Errorf("proposal %s: account, trainer and job must be named", p.ID)
	}
	done, err := s.db().ExecContext(ctx, `INSERT INTO trainapi_proposals
		(id, account, job_id, title, trainer, display_name, country, profile_path, created_at, contract_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '') ON CONFLICT (id) DO NOTHING`,
		p.ID, p.Account, p.JobID, p.Title, p.Trainer, p.DisplayName, p.Country, p.ProfilePath, stamp(p.CreatedAt))
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("proposal %s is there already", p.ID))
	}
	return nil
}

// addressable reports whether an id can stand in an address as it is.
func addressable(id string) bool {
	strange := func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r))
	}
	return id != "" && len(id) <= 200 && !strings.ContainsFunc(id, strange) && id != "." && id != ".."
}

const proposalColumns = `SELECT id, account, job_id, title, trainer, display_name, country, profile_path, created_at, contract_id FROM trainapi_proposals `

func proposal(scan func(...any) error) (p Proposal, err error) {
	var created string
	if err := scan(&p.ID, &p.Account, &p.JobID, &p.Title, &p.Trainer, &p.DisplayName, &p.Country, &p.ProfilePath, &created, &p.contract); err != nil {
		return p, err
	}
	p.CreatedAt, err = instant(created)
	return p, err
}

// proposal returns an account's proposal; there is none of another account.
func (s *Server) proposal(ctx context.Context, id, account string) (Proposal, error) {
	found, err := query(ctx, s.db(), proposal, proposalColumns+`WHERE id = $1 AND account = $2`, id, account)
	if err != nil {
		return Proposal{}, err
	}
	if len(found) == 0 {
		return Proposal{}, noProposal(id)
	}
	return found[0], nil
}

// proposals returns proposals by their ids.
func (s *Server) proposals(ctx context.Context, ids []string) (map[string]Proposal, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	found, err := query(ctx, s.db(), proposal, proposalColumns+`WHERE id IN (`+marks(1, len(ids))+`)`, args...)
	all := map[string]Proposal{}
	for _, p := range found {
		all[p.ID] = p
	}
	return all, err
}

// jobAccounts returns whose a job is; nobody's when there is none.
func (s *Server) jobAccounts(ctx context.Context, job string) ([]string, error) {
	return query(ctx, s.db(), func(scan func(...any) error) (account string, err error) { return account, scan(&account) },
		`SELECT DISTINCT account FROM trainapi_proposals WHERE job_id = $1`, job)
}

// reserve gives a proposal the id of its next contract, unless somebody else has done so
// since the proposal was read. All who hire from it then hire by the same contract.
func (s *Server) reserve(ctx context.Context, p Proposal) error {
	_, err := s.db().ExecContext(ctx, `UPDATE trainapi_proposals SET contract_id = $1 WHERE id = $2 AND contract_id = $3`,
		"ct-"+strings.ToLower(rand.Text()), p.ID, p.contract)
	return err
}

// draftOf returns the contract that a hire founds.
func (s *Server) draftOf(ctx context.Context, p Proposal, m milestoneTerms) (escrow.Contract, error) {
	draft := m.draft(p)
	if s.Founding == nil {
		return draft, nil
	}
	return s.Founding(ctx, p, draft)
}
