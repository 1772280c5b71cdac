package cli

import (
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

type showCmd struct {
	Contract string `arg:""`
}

type showLine struct {
	Contract  escrow.Contract   `json:"contract"`
	Custody   []escrow.Holding  `json:"custody"`
	Deadline  *escrow.Deadline  `json:"next_deadline"`
	Approvals []escrow.Approval `json:"approvals"`
	Intents   []moneyLine       `json:"intents"`
	Payments  []moneyLine       `json:"payments"`
}

// moneyLine is an intent or a payment.
type moneyLine struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Revision uint64 `json:"revision"`
	Account  string `json:"account"`
	Amount   string `json:"amount"`
	Asset    string `json:"asset"`
	State    string `json:"state"`
	Problem  string `json:"problem,omitempty"`
}

// Run prints where a contract stands.
func (c *showCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	found, err := store.Find(j, c.Contract)
	if err != nil {
		return err
	}
	line := showLine{Contract: found, Custody: found.Custody(), Approvals: found.Approvals(), Intents: []moneyLine{}, Payments: []moneyLine{}}
	if d, ok := escrow.NextDeadline(found); ok {
		line.Deadline = &d
	}
	if err := line.money(j, store, c.Contract); err != nil {
		return err
	}
	if j.JSON {
		j.out.tell(line, "")
		return nil
	}
	j.show(found, &line)
	return nil
}

func (l *showLine) money(j *job, s *escrowsql.Store, id string) error {
	intents, err := s.IntentsOf(j, id)
	if err != nil {
		return err
	}
	for _, i := range intents {
		l.Intents = append(l.Intents, moneyLine{i.ID, "hold", i.Revision, i.Payer, i.Amount, i.Asset.Code, string(i.State), i.Problem})
	}
	payments, err := s.PaymentsOf(j, id)
	for _, p := range payments {
		l.Payments = append(l.Payments, moneyLine{p.ID, string(p.Kind), p.Revision, p.Account, p.Amount, p.Asset.Code, string(p.State), p.Problem})
	}
	return err
}

// show prints it for people.
func (j *job) show(c escrow.Contract, l *showLine) {
	rows := [][]string{
		{"contract", c.ID()},
		{"lifecycle", fmt.Sprintf("%s version %d", c.Lifecycle().Name(), c.Lifecycle().Version())},
		{"status", string(c.Status())},
		{"revision", fmt.Sprint(c.Revision())},
		{"created", when(c.CreatedAt())},
		{"decided", when(c.DecidedAt())},
	}
	for _, h := range l.Custody {
		rows = append(rows, []string{"custody", fmt.Sprintf("%s %s", h.Asset.Text(h.Amount), h.Asset.Code), fmt.Sprint(h.Account)})
	}
	if l.Deadline != nil {
		rows = append(rows, []string{"deadline", when(l.Deadline.At), l.Deadline.Moment})
	}
	for _, a := range l.Approvals {
		rows = append(rows, []string{"approval", fmt.Sprint(a.ID), fmt.Sprint(a.Status)})
	}
	for _, m := range append(l.Intents, l.Payments...) {
		rows = append(rows, []string{m.Kind, fmt.Sprintf("%s %s", m.Amount, m.Asset), m.Account, m.State, fmt.Sprintf("revision %d", m.Revision), m.ID, m.Problem})
	}
	j.out.table(rows)
}
