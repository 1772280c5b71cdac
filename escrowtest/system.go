package escrowtest

import "github.com/escrow-go/escrow"

// System is a backend that keeps contracts and answers questions about them. Put
// it over whatever the backend speaks: Go calls, HTTP, a database, another
// process. The harness asks one question at a time.
type System interface {
	// Begin has the system keep a contract, usually a draft, in place of whatever it
	// kept under the same id before. The questions that follow are about it.
	Begin(contract escrow.Contract) error
	// Ask carries a command out at the instant of the question, as if the system's
	// own clock showed it, and returns what the system answers. An error says that
	// there is no answer: the system could not be reached, or said what is none.
	Ask(Question) (Answer, error)
}

// Engine returns the system that is the engine itself.
func Engine() System { return &engine{} }

// engine keeps one contract and lets the engine decide.
type engine struct{ contract escrow.Contract }

func (e *engine) Begin(contract escrow.Contract) error {
	e.contract = contract
	return nil
}

func (e *engine) Ask(q Question) (Answer, error) {
	a := ask(e.contract, q)
	if a.Accepted() {
		e.contract = *a.Contract
	}
	return a, nil
}
