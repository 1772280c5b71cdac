package contractapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// voting is the documented object of one backup agent's vote on one criterion. What it came
// to is null until the tally.
type voting struct {
	BackupAgent     string       `json:"backupAgent"`
	CriterionIndex  int          `json:"criterionIndex"`
	Vote            string       `json:"vote"`
	MajorityOutcome *string      `json:"majorityOutcome"`
	BondOutcome     *string      `json:"bondOutcome"`
	Reward          *json.Number `json:"reward"`
}

// votesFor returns the votes that an account may see: its own, and all after the tally, so
// that nobody votes as others have.
func votesFor(c escrow.Contract, account string) []voting {
	tallied := opencontract.CriteriaMet(c) != nil
	list := []voting{}
	for _, cast := range opencontract.Votes(c) {
		if !tallied && cast.BackupAgent != account {
			continue
		}
		own := voting{BackupAgent: cast.BackupAgent, CriterionIndex: cast.CriterionIndex, Vote: cast.Vote,
			MajorityOutcome: text(cast.MajorityOutcome), BondOutcome: text(cast.BondOutcome)}
		if cast.Reward != "" {
			reward := json.Number(cast.Reward)
			own.Reward = &reward
		}
		list = append(list, own)
	}
	return list
}

// vote takes all votes of a backup agent, and its bond.
func (s *Server) vote(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	var wants struct {
		Votes []struct {
			CriterionIndex *int   `json:"criterionIndex"`
			Vote           string `json:"vote"`
		} `json:"votes"`
	}
	body, err := read(r, &wants)
	if err != nil {
		return err
	}
	ballots := []opencontract.Ballot{}
	for i, v := range wants.Votes {
		if v.CriterionIndex == nil || *v.CriterionIndex < 0 {
			return invalid("votes."+strconv.Itoa(i)+".criterionIndex", "must be the number of a criterion, from 0 on")
		}
		ballots = append(ballots, opencontract.Ballot{CriterionIndex: *v.CriterionIndex, Vote: v.Vote})
	}
	q, refused, err := s.request(r, actor, body)
	if err != nil {
		return err
	}
	q.Command = opencontract.Vote{Ballots: ballots}.Command()
	own := func(c escrow.Contract) any {
		return slices.DeleteFunc(votesFor(c, actor.ID), func(v voting) bool { return v.BackupAgent != actor.ID })
	}
	return s.ask(w, r, call{q, http.StatusOK, own}, refused)
}

// votes lists the votes on a contract that the caller may see.
func (s *Server) votes(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	index, agent, err := votesFilter(r)
	if err != nil {
		return err
	}
	c, err := s.visible(r.Context(), r.PathValue("id"), actor)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, slices.DeleteFunc(votesFor(c, actor.ID), func(v voting) bool {
		return index >= 0 && v.CriterionIndex != index || agent != "" && v.BackupAgent != agent
	}))
}

// votesFilter reads which votes are wanted: index is -1 for those of all criteria.
func votesFilter(r *http.Request) (index int, agent string, err error) {
	index = -1
	query := r.URL.Query()
	if t := query.Get("criterionIndex"); t != "" {
		if index, err = strconv.Atoi(t); err != nil || index < 0 || index > 9 {
			return -1, "", invalid("criterionIndex", "must be a whole number from 0 to 9")
		}
	}
	if t := query.Get("backupAgent"); t != "" {
		own, ok := addressOf(t)
		if !ok {
			return -1, "", invalid("backupAgent", badAddress)
		}
		agent = own
	}
	return index, agent, nil
}
