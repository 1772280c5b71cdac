package simulation

import (
	"encoding/json"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/simulate"
)

// fields are the numbers of a scenario as model.py reads them: money in smallest
// units, time in nanoseconds, ratios and parts as fractions of 1.
type fields map[string]any

// numbersOf returns the numbers of a scenario that the floor knows too.
func numbersOf(s *simulate.Scenario) (fields, error) {
	f, err := NewFloor(s)
	if err != nil {
		return nil, err
	}
	r, p := reader{}, s.Policies[0].Policy.View()
	numbers := fields{
		"seed": s.Seed, "contracts": s.Contracts, "horizon": s.Horizon, "arrivals": r.part(s.Arrivals),
		"price": r.drawn(s.Price, 1), "step": f.step, "value": r.part(s.Value), "capitalCost": fraction(s.CapitalCost),
		"matches": fraction(s.Matching.Chance), "matchTime": r.part(s.Matching.After), "drawTime": r.part(s.Matching.DrawAfter),
		"match": f.match, "withdrawal": f.withdrawal, "delivery": f.delivery, "review": f.review, "criteria": f.criteria,
		"fee": fraction(opencontract.ProtocolFee.In(p)), "stake": fraction(opencontract.WorkerStakeRatio.In(p)),
		"disputeBond": fraction(opencontract.DisputeBondRatio.In(p)), "backupBond": fraction(opencontract.BackupAgentBondRatio.In(p)),
		"withdrawSlash": fraction(opencontract.EarlyWithdrawalSlashRatio.In(p)), "absentSlash": fraction(opencontract.AbsentNoneMetClientShare.In(p)),
		"unclearSlash": fraction(opencontract.BAUnclearSlashRatio.In(p)), "unclearCredit": fraction(opencontract.UnclearCredit.In(p)),
		"jury": f.policy.jury, "window": f.policy.votingWindow, "silenceApproves": f.policy.silenceApproves,
		"forfeitToWorker": f.policy.forfeitToWorker, "slashToTreasury": f.policy.slashToTreasury,
	}
	r.crowds(numbers, s)
	return numbers, r.err
}

func (r *reader) crowds(numbers fields, s *simulate.Scenario) {
	var workers, clients, agents []fields
	for _, w := range s.Workers {
		workers = append(workers, fields{"share": fraction(w.Share),
			"absent": w.Behaviour == simulate.AbsentWorker, "rational": w.Behaviour == simulate.RationalWorker,
			"quality": fraction(w.Quality), "withdraws": fraction(w.Withdraws), "expects": fraction(w.Expects),
			"delivers": r.part(w.Delivers), "withdrawsAt": r.part(w.WithdrawsAt), "cost": r.part(w.Cost)})
	}
	for _, c := range s.Clients {
		clients = append(clients, fields{"share": fraction(c.Share),
			"negligent": c.Behaviour == simulate.NegligentClient, "disputing": c.Behaviour == simulate.DisputingClient,
			"rational": c.Behaviour == simulate.RationalClient, "cancels": fraction(c.Cancels),
			"reviews": r.part(c.Reviews), "errs": fraction(c.Errs), "trusts": fraction(c.Trusts)})
	}
	for _, a := range s.BackupAgents {
		agents = append(agents, fields{"share": fraction(a.Share), "votes": fraction(a.Votes), "votesAt": r.part(a.VotesAt),
			"accuracy": fraction(a.Accuracy), "unclear": fraction(a.Unclear)})
	}
	numbers["workers"], numbers["clients"], numbers["agents"] = workers, clients, agents
}

// fraction returns a ratio as a number that JSON has.
func fraction(x escrow.Ratio) json.Number { return json.Number(x.String()) }

// part returns a distribution of parts of something.
func (r *reader) part(d simulate.Distribution) fields { return r.drawn(d, one) }

// drawn returns a distribution in units of so many of its finest. What the floor
// does not know, model.py does not know either.
func (r *reader) drawn(d simulate.Distribution, unit float64) fields {
	r.law(d)
	s := d.Shape()
	return fields{"kind": s.Kind, "from": float64(s.From) / unit, "to": float64(s.To) / unit,
		"middle": float64(s.Middle) / unit, "spread": s.Spread}
}
