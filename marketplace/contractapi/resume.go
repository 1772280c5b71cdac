package contractapi

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

// resume is the documented object of an agent. What nobody has said how to work out is null.
type resume struct {
	Address            string       `json:"address"`
	ReputationScore    *float64     `json:"reputationScore"`
	ApprovalRate       *float64     `json:"approvalRate"`
	DisputeRecord      []disputed   `json:"disputeRecord"`
	PaymentReliability *float64     `json:"paymentReliability"`
	DisputeFairness    *float64     `json:"disputeFairness"`
	CriteriaClarity    *float64     `json:"criteriaClarity"`
	SpecializationTags []string     `json:"specializationTags"`
	AvgDeliveryTime    *string      `json:"avgDeliveryTime"`
	CompletedContracts int          `json:"completedContracts"`
	StakeBondHistory   []string     `json:"stakeBondHistory"`
	BackupAgentRecord  backupRecord `json:"backupAgentRecord"`
	TotalVolumeEarned  string       `json:"totalVolumeEarned"`
	TenureStart        time.Time    `json:"tenureStart"`
}

// disputed is a dispute that an agent has raised.
type disputed struct {
	Outcome string `json:"outcome"`
}

// backupRecord is how an agent has judged.
type backupRecord struct {
	Participations int      `json:"participations"`
	VotingAccuracy *float64 `json:"votingAccuracy"`
}

// contractsOf yields all contracts of which an account is a party, newest first, as they
// stand now.
func (s *Server) contractsOf(ctx context.Context, account string) iter.Seq2[escrow.Contract, error] {
	return func(yield func(escrow.Contract, error) bool) {
		q := escrowsql.Query{Account: account, Lifecycle: opencontract.Lifecycle.Name(), Limit: 200}
		for {
			page, err := s.store().List(ctx, q)
			ids := make([]string, len(page.Contracts))
			for i, c := range page.Contracts {
				ids[i] = c.ID
			}
			var contracts []escrow.Contract
			if err == nil {
				contracts, err = s.store().FindAll(ctx, ids...)
			}
			for _, c := range contracts {
				now, stood := s.standing(c)
				if !yield(now, stood) || stood != nil {
					return
				}
			}
			if err != nil {
				yield(escrow.Contract{}, err)
			}
			if q.Cursor = page.Next; err != nil || q.Cursor == "" {
				return
			}
		}
	}
}

// record is what is counted up for a resume.
type record struct {
	resume
	upheld, right, counted int
	earned                 decimal.Decimal
}

// agent shows what an agent has done.
func (s *Server) agent(w http.ResponseWriter, r *http.Request, _ escrow.Actor) error {
	address, ok := addressOf(r.PathValue("address"))
	if !ok {
		return none("agent of this address")
	}
	keys, err := s.Keys.of(r.Context(), address)
	if err != nil {
		return err
	}
	own := record{resume: resume{Address: address, DisputeRecord: []disputed{}}}
	if len(keys) > 0 {
		own.since(time.Unix(0, keys[0].createdAt))
	}
	for c, err := range s.contractsOf(r.Context(), address) {
		if err == nil {
			err = s.count(r.Context(), &own, c)
		}
		if err != nil {
			return err
		}
	}
	if own.TenureStart.IsZero() {
		return none("agent of this address")
	}
	own.DisputeFairness = share(own.upheld, len(own.DisputeRecord))
	own.BackupAgentRecord.VotingAccuracy = share(own.right, own.counted)
	own.TotalVolumeEarned = money(own.earned.String())
	return s.answer(w, r, http.StatusOK, own.resume)
}

// since counts an instant at which the agent was there.
func (x *record) since(at time.Time) {
	if x.TenureStart.IsZero() || at.Before(x.TenureStart) {
		x.TenureStart = at.UTC()
	}
}

// count adds a contract to a resume.
func (s *Server) count(ctx context.Context, x *record, c escrow.Contract) error {
	x.since(c.CreatedAt())
	tallied := opencontract.CriteriaMet(c) != nil
	if c.Account(opencontract.Client) == x.Address && tallied && c.View().Has(opencontract.DisputedAt) {
		x.dispute(c)
	}
	if slices.Contains(opencontract.BackupAgents(c), x.Address) {
		x.judged(c, tallied)
	}
	if c.Account(opencontract.Worker) != x.Address || !settled(c) {
		return nil
	}
	x.CompletedContracts++
	earned, err := s.earned(ctx, c)
	x.earned = x.earned.Add(earned)
	return err
}

// dispute counts a dispute that most of the backup agents have judged: it is rejected when
// they found every criterion met, and upheld otherwise.
func (x *record) dispute(c escrow.Contract) {
	votes := opencontract.Votes(c)
	against := func(v opencontract.CastVote) bool { return v.MajorityOutcome != opencontract.Met }
	switch agents, voters := len(opencontract.BackupAgents(c)), len(votes)/len(opencontract.CriteriaMet(c)); {
	case 2*voters <= agents: // nobody can tell
		return
	case !slices.ContainsFunc(votes, against):
		x.DisputeRecord = append(x.DisputeRecord, disputed{"rejected"})
		return
	}
	x.upheld++
	x.DisputeRecord = append(x.DisputeRecord, disputed{"upheld"})
}

// judged counts a contract for which the agent was drawn, and its votes once they are tallied.
func (x *record) judged(c escrow.Contract, tallied bool) {
	x.BackupAgentRecord.Participations++
	for _, v := range opencontract.Votes(c) {
		if !tallied || v.BackupAgent != x.Address {
			continue
		}
		x.counted++
		if v.Vote == v.MajorityOutcome {
			x.right++
		}
	}
}

// settled reports whether a contract was delivered and paid out.
func settled(c escrow.Contract) bool {
	switch c.Status() {
	case opencontract.SettledFullyMet, opencontract.SettledPartiallyMet, opencontract.SettledNoneMet:
		return true
	}
	return false
}

// earned returns what a settled contract has paid its worker for the work.
func (s *Server) earned(ctx context.Context, c escrow.Contract) (sum decimal.Decimal, err error) {
	last, err := s.store().History(ctx, c.ID(), c.Revision()-1, 1)
	if err != nil || len(last) != 1 {
		return sum, errors.Join(err, ctx.Err())
	}
	for _, m := range last[0].Movements {
		if m.Reason != "payout" {
			continue
		}
		d, err := decimal.NewFromString(m.Amount)
		if err != nil {
			return sum, err
		}
		sum = sum.Add(d)
	}
	return sum, nil
}

// share is a part of a whole, nil of nothing.
func share(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	x := float64(part) / float64(whole)
	return &x
}
