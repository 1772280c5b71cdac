package bench

import (
	"context"

	"github.com/qmuntal/stateless"
)

// statelessMachine is qmuntal/stateless: one machine for all contracts, whose
// state stands outside it.
type statelessMachine struct {
	machine *stateless.StateMachine
	request request
	from    stateless.State
	status  stateless.State
}

func newStatelessMachine() *statelessMachine {
	m := &statelessMachine{}
	m.build()
	return m
}

// build makes the smallest machine that can withdraw.
func (m *statelessMachine) build() {
	m.machine = stateless.NewStateMachineWithExternalStorage(m.get, m.set, stateless.FiringImmediate)
	m.machine.Configure(peerMatched).Permit("withdraw", peerWithdrawn, m.guard)
}

func (m *statelessMachine) get(context.Context) (stateless.State, error) { return m.status, nil }

func (m *statelessMachine) set(_ context.Context, s stateless.State) error {
	m.status = s
	return nil
}

func (m *statelessMachine) guard(context.Context, ...any) bool { return m.request.allowed() }

func (m *statelessMachine) load(r request) { m.request, m.from = r, r.status }

func (m *statelessMachine) withdraw() string {
	m.status = m.from
	// The error says what the status says, with more words.
	_ = m.machine.FireCtx(context.Background(), "withdraw")
	return m.status.(string)
}

// statelessBuild is [statelessMachine] with a new machine for every contract.
type statelessBuild struct{ statelessMachine }

func (m *statelessBuild) withdraw() string {
	m.build()
	return m.statelessMachine.withdraw()
}
