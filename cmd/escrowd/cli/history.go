package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

type historyCmd struct {
	Contract string `arg:""`
}

type entryLine struct {
	Contract  string          `json:"contract"`
	Revision  uint64          `json:"revision"`
	Rule      string          `json:"rule"`
	Executes  string          `json:"executes,omitempty"`
	Action    string          `json:"action"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	At        time.Time       `json:"at"`
	Clock     time.Time       `json:"clock"`
	Actor     escrow.Actor    `json:"actor"`
	Command   json.RawMessage `json:"command"`
	Digest    string          `json:"digest"`
	Chain     string          `json:"chain"`
	Movements []movementLine  `json:"movements"`
}

type movementLine struct {
	ID     string          `json:"id"`
	Kind   string          `json:"kind"`
	From   string          `json:"from"`
	To     string          `json:"to"`
	Asset  string          `json:"asset"`
	Amount string          `json:"amount"`
	Reason string          `json:"reason"`
	Basis  json.RawMessage `json:"basis,omitempty"`
}

// Run prints the decisions of a contract.
func (c *historyCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	if _, err := store.Find(j, c.Contract); err != nil {
		return err
	}
	for after := uint64(0); ; {
		list, err := store.History(j, c.Contract, after, 500)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			after = e.Revision
			j.entry(&e)
		}
	}
}

func (j *job) entry(e *escrowsql.Entry) {
	line := entryLine{e.ContractID, e.Revision, e.Rule, e.Executes, string(e.Action), string(e.From), string(e.To), e.At, e.Clock, e.Actor, e.Command, e.Digest, e.Chain, []movementLine{}}
	for _, m := range e.Movements {
		line.Movements = append(line.Movements, movementLine{m.ID, string(m.Kind), m.From, m.To, m.Asset.Code, m.Amount, string(m.Reason), m.Basis})
	}
	who := string(e.Actor.Kind)
	if e.Actor.ID != "" {
		who += " " + e.Actor.ID
	}
	change := string(e.To)
	if e.From != "" && e.From != e.To {
		change = fmt.Sprintf("%s → %s", e.From, e.To)
	}
	j.out.tell(line, "%3d  %s  %s %s by %s: %s", e.Revision, when(e.At), e.Rule, e.Action, who, change)
	if j.JSON {
		return
	}
	for _, m := range line.Movements {
		j.out.tell(nil, "       %s %s  %s → %s  %s, %s", m.Amount, m.Asset, m.From, m.To, m.Kind, m.Reason)
	}
}
