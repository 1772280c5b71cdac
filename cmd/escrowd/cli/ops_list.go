package cli

import (
	"fmt"
	"time"

	"github.com/escrow-go/escrow/escrowsql"
)

type opsListCmd struct{}

// findingLine is one thing to look at.
type findingLine struct {
	Finding  string     `json:"finding"`
	Contract string     `json:"contract,omitempty"`
	Revision uint64     `json:"revision,omitempty"`
	ID       string     `json:"id"`
	Account  string     `json:"account,omitempty"`
	Amount   string     `json:"amount,omitempty"`
	Asset    string     `json:"asset,omitempty"`
	Attempts int        `json:"attempts,omitempty"`
	Quorum   int        `json:"quorum,omitempty"`
	Topic    string     `json:"topic,omitempty"`
	Until    *time.Time `json:"until,omitempty"`
	Problem  string     `json:"problem,omitempty"`
	Remedy   string     `json:"remedy"`
}

// most is how many of a kind are told.
const most = 1000

// Run tells what people have to look at.
func (opsListCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	found := 0
	tell := func(f findingLine) {
		found++
		where := f.ID
		if f.Contract != "" {
			where = fmt.Sprintf("%s revision %d: %s", f.Contract, f.Revision, f.ID)
		}
		text := where + " " + f.Finding
		if f.Amount != "" {
			text += fmt.Sprintf(", %s %s of %s", f.Amount, f.Asset, f.Account)
		}
		if f.Problem != "" {
			text += " (" + f.Problem + ")"
		}
		j.out.tell(f, "%s: %s", text, f.Remedy)
	}
	for _, read := range []func(*job, *escrowsql.Store, func(findingLine)) error{reviews, deadPayments, shortfalls, letters, openKeys} {
		if err := read(j, store, tell); err != nil {
			return err
		}
	}
	if !j.JSON {
		j.out.tell(nil, "%s", many(found, "finding"))
	}
	if found > 0 {
		return errFindings
	}
	return nil
}

func reviews(j *job, s *escrowsql.Store, tell func(findingLine)) error {
	list, err := s.Payments(j, escrowsql.PaymentReview, "", most)
	for _, p := range list {
		tell(findingLine{Finding: "is under review", Contract: p.ContractID, Revision: p.Revision, ID: p.ID, Account: p.Account, Amount: p.Amount, Asset: p.Asset.Code, Quorum: p.Quorum,
			Remedy: fmt.Sprintf("ops release %s %d by %s", p.ContractID, p.Revision, many(p.Quorum, "operator"))})
	}
	return err
}

func deadPayments(j *job, s *escrowsql.Store, tell func(findingLine)) error {
	list, err := s.Payments(j, escrowsql.PaymentDead, "", most)
	for _, p := range list {
		tell(findingLine{Finding: "was given up, a " + string(p.Kind), Contract: p.ContractID, Revision: p.Revision, ID: p.ID, Account: p.Account, Amount: p.Amount, Asset: p.Asset.Code,
			Attempts: p.Attempts, Problem: p.Problem, Remedy: "ops retry " + p.ID})
	}
	return err
}

func shortfalls(j *job, s *escrowsql.Store, tell func(findingLine)) error {
	list, err := s.Shortfalls(j, "", most)
	for _, i := range list {
		tell(findingLine{Finding: "is a shortfall", Contract: i.ContractID, Revision: i.Revision, ID: i.ID, Account: i.Payer, Amount: i.Amount, Asset: i.Asset.Code, Problem: i.Problem,
			Remedy: "nothing is paid out of the contract until its capture succeeds; ops retry " + i.ID})
	}
	return err
}

func letters(j *job, s *escrowsql.Store, tell func(findingLine)) error {
	list, err := s.DeadLetters(j, "", most)
	for _, m := range list {
		tell(findingLine{Finding: "is a dead letter of " + m.Topic, ID: m.ID, Contract: "", Topic: m.Topic, Attempts: m.Attempts, Problem: m.Problem, Remedy: "ops resend " + m.ID})
	}
	return err
}

// openKeys tells the keys whose request has run out of time without an answer.
func openKeys(j *job, s *escrowsql.Store, tell func(findingLine)) error {
	list, err := s.OpenKeys(j, most)
	now := time.Now()
	for _, k := range list {
		if k.Until.After(now) {
			continue // it is being answered
		}
		until := k.Until.UTC()
		tell(findingLine{Finding: "is a key of " + k.Account + " without an answer", ID: k.Key, Account: k.Account, Until: &until, Remedy: "the same request may be sent again"})
	}
	return err
}
