package bench

import (
	"context"

	"github.com/looplab/fsm"
)

// looplabMachine is looplab/fsm: one machine that is set to the status of the
// contract before each event.
type looplabMachine struct {
	machine *fsm.FSM
	request request
}

func newLooplabMachine() *looplabMachine {
	m := &looplabMachine{}
	m.build(peerMatched)
	return m
}

// build makes the smallest machine that can withdraw.
func (m *looplabMachine) build(status string) {
	m.machine = fsm.NewFSM(status,
		fsm.Events{{Name: "withdraw", Src: []string{peerMatched}, Dst: peerWithdrawn}},
		fsm.Callbacks{"before_withdraw": m.guard})
}

func (m *looplabMachine) guard(_ context.Context, e *fsm.Event) {
	if !m.request.allowed() {
		e.Cancel()
	}
}

func (m *looplabMachine) load(r request) { m.request = r }

func (m *looplabMachine) withdraw() string {
	m.machine.SetState(m.request.status)
	return m.fire()
}

func (m *looplabMachine) fire() string {
	// The error says what the status says, with more words.
	_ = m.machine.Event(context.Background(), "withdraw")
	return m.machine.Current()
}

// looplabBuild is [looplabMachine] with a new machine for every contract.
type looplabBuild struct{ looplabMachine }

func (m *looplabBuild) withdraw() string {
	m.build(m.request.status)
	return m.fire()
}
