// Now runs the loops of package bench/before on this engine.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/bench/before/loops"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/simulate"
	"github.com/shopspring/decimal"
)

func main() {
	log.SetFlags(0)
	list := append(decisions(), whole()...)
	list = append(list, own()...)
	if err := loops.Serve(os.Stdin, os.Stdout, list, 200*time.Millisecond); err != nil {
		log.Fatal(err)
	}
}

// june is an instant of the sample.
func june(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }

// still is a clock that stands still.
type still time.Time

// Now returns the instant at which the clock stands.
func (s still) Now() time.Time { return time.Time(s) }

// ask is one thing that somebody asks for.
type ask struct {
	command escrow.Command
	actor   escrow.Actor
}

// The sample's parties and commands.
var (
	client, worker, system = escrow.Agent("0xClientAgent"), escrow.Agent("0xWorkerAgent"), escrow.SystemActor()

	create   = ask{opencontract.Create{}.Command(), client}
	accept   = ask{opencontract.Accept{}.Command(), worker}
	withdraw = ask{opencontract.Withdraw{}.Command(), worker}
	deliver  = ask{opencontract.Deliver{Delivery: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"}.Command(), worker}
	approve  = ask{opencontract.Approve{}.Command(), client}
	dispute  = ask{opencontract.Dispute{}.Command(), client}
	settle   = ask{opencontract.Settle{}.Command(), system}
)

func draft() escrow.Contract {
	return opencontract.Terms{
		ID: "contract_xyz789", Client: client.ID, Worker: worker.ID, Price: decimal.NewFromInt(50),
		TaskDescription: "Summarize 10 research papers",
		AcceptanceCriteria: []string{"Each summary is 150-250 words",
			"Each summary cites the paper's primary methodology", "All 10 papers are covered"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: june(4, 0), WithdrawalDeadline: june(5, 0), DeliveryDeadline: june(6, 0), ReviewDeadline: june(8, 0),
	}.Draft()
}

// after returns a draft after some decisions.
func after(c escrow.Contract, asks ...ask) (escrow.Contract, error) {
	for _, a := range asks {
		d, err := escrow.Decide(c, a.command, a.actor, still(june(3, 0)))
		if err != nil {
			return c, err
		}
		c = d.Contract
	}
	return c, nil
}

// into decides the same again and again in memory of its own. Whether it is
// refused is as it should be.
func into(name string, contract func() (escrow.Contract, error), a ask, at time.Time, refused bool) loops.Loop {
	return loops.Loop{Name: name, Prepare: func() (func() error, error) {
		c, err := contract()
		var d escrow.Decision
		var clock escrow.Clock = still(at)
		return func() error {
			return expected(escrow.DecideInto(&d, &c, a.command, &a.actor, clock), refused)
		}, err
	}}
}

// byValue is into by value.
func byValue(name string, contract func() (escrow.Contract, error), a ask, at time.Time, refused bool) loops.Loop {
	return loops.Loop{Name: name, Prepare: func() (func() error, error) {
		c, err := contract()
		var clock escrow.Clock = still(at)
		return func() error {
			_, err := escrow.Decide(c, a.command, a.actor, clock)
			return expected(err, refused)
		}, err
	}}
}

// expected passes an error on that is not expected, or that there is none.
func expected(err error, refused bool) error {
	switch {
	case !refused:
		return err
	case err == nil:
		return fmt.Errorf("was not refused")
	}
	return nil
}

func matched() (escrow.Contract, error) { return after(draft(), create, accept) }

func decisions() []loops.Loop {
	wrong := ask{withdraw.command, client}
	return []loops.Loop{
		into("withdraw-into", matched, withdraw, june(4, 12), false),
		byValue("withdraw-value", matched, withdraw, june(4, 12), false),
		into("deliver-into", matched, deliver, june(4, 12), false),
		into("wrong-into", matched, wrong, june(4, 12), true),
		byValue("wrong-value", matched, wrong, june(4, 12), true),
		into("late-into", matched, withdraw, june(5, 12), true),
		byValue("late-value", matched, withdraw, june(5, 12), true),
		{Name: "explain", Prepare: func() (func() error, error) {
			c, err := matched()
			return func() error { _, err := escrow.Explain(c, worker, still(june(4, 12))); return err }, err
		}},
		{Name: "jsonl", Prepare: line},
	}
}

// line reads a request, decides it and writes the decision, as decide --jsonl does
// with every line.
func line() (func() error, error) {
	c, err := matched()
	if err != nil {
		return nil, err
	}
	text, err := escrow.Request{Contract: c, Command: withdraw.command, Actor: worker, Now: june(4, 12)}.MarshalJSON()
	return func() error {
		q, err := escrow.ParseRequest(text, opencontract.Lifecycle, opentrain.Lifecycle)
		if err != nil {
			return err
		}
		d, err := q.Decide()
		if err != nil {
			return err
		}
		_, err = d.MarshalJSON()
		return err
	}, err
}

// lived takes a draft through a life, in the memory of two decisions by turns.
func lived(name string, asks ...ask) loops.Loop {
	return loops.Loop{Name: name, Prepare: func() (func() error, error) {
		first := draft()
		var turns [2]escrow.Decision
		var clock escrow.Clock = still(june(3, 0))
		return func() error {
			c := &first
			for i := range asks {
				d := &turns[i&1]
				if err := escrow.DecideInto(d, c, asks[i].command, &asks[i].actor, clock); err != nil {
					return err
				}
				c = &d.Contract
			}
			if !c.IsTerminal() {
				return fmt.Errorf("the life stops in %s", c.Status())
			}
			return nil
		}, nil
	}}
}

func whole() []loops.Loop {
	jury := []string{"backup-1", "backup-2", "backup-3"}
	judged := []ask{create, accept, deliver, dispute, {opencontract.Draw{BackupAgents: jury}.Command(), system}}
	for _, id := range jury {
		var ballots []opencontract.Ballot
		for i := range 3 {
			ballots = append(ballots, opencontract.Ballot{CriterionIndex: i, Vote: opencontract.Met})
		}
		judged = append(judged, ask{opencontract.Vote{Ballots: ballots}.Command(), escrow.Agent(id)})
	}
	return []loops.Loop{
		lived("life-into", create, accept, deliver, approve, settle),
		lived("jury-into", append(judged, settle)...),
		simulated("simulated-opencontract", opencontract.Lifecycle, 50_000),
		simulated("simulated-opentrain", opentrain.Lifecycle, 5_000),
	}
}

// simulated lives through contracts of a lifecycle's default scenario.
func simulated(name string, l *escrow.Lifecycle, contracts int) loops.Loop {
	return loops.Loop{Name: name, Per: contracts, Prepare: func() (func() error, error) {
		s := simulate.Default(l)
		s.Contracts = contracts
		return func() error {
			_, err := simulate.Run(context.Background(), s, simulate.Workers(1))
			return err
		}, nil
	}}
}
