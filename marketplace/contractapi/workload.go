package contractapi

import (
	"net/http"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// workload is what an agent has to do and has done: ids of contracts, newest first.
type workload struct {
	Address       string     `json:"address"`
	AsWorker      engagement `json:"asWorker"`
	AsClient      engagement `json:"asClient"`
	AsBackupAgent judging    `json:"asBackupAgent"`
}

// engagement are the contracts of an agent in one role.
type engagement struct {
	Active    []string `json:"active"`
	Completed []string `json:"completed"`
}

// judging are the contracts that an agent was drawn to judge.
type judging struct {
	Pending  []string `json:"pendingVotes"`
	Resolved []string `json:"resolvedVotes"`
}

// add adds a contract, by whether it has ended.
func (e *engagement) add(c escrow.Contract) {
	if c.IsTerminal() {
		e.Completed = append(e.Completed, c.ID())
		return
	}
	e.Active = append(e.Active, c.ID())
}

// workload shows an agent's workload: the contracts that the caller may know of, so that
// nobody learns of any.
func (s *Server) workload(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	address, ok := addressOf(r.PathValue("address"))
	if !ok {
		return none("agent of this address")
	}
	own := workload{Address: address, AsWorker: engagement{[]string{}, []string{}}, AsClient: engagement{[]string{}, []string{}}, AsBackupAgent: judging{[]string{}, []string{}}}
	for c, err := range s.contractsOf(r.Context(), address) {
		if err != nil {
			return err
		}
		if !escrow.Visible(c, actor) {
			continue
		}
		if c.Account(opencontract.Worker) == address {
			own.AsWorker.add(c)
		}
		if c.Account(opencontract.Client) == address {
			own.AsClient.add(c)
		}
		if !slices.Contains(opencontract.BackupAgents(c), address) {
			continue
		}
		if opencontract.CriteriaMet(c) == nil {
			own.AsBackupAgent.Pending = append(own.AsBackupAgent.Pending, c.ID())
		} else {
			own.AsBackupAgent.Resolved = append(own.AsBackupAgent.Resolved, c.ID())
		}
	}
	return s.answer(w, r, http.StatusOK, own)
}
