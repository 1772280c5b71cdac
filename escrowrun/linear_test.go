package escrowrun_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/require"
)

// asked is what was asked at an instant that does not pass, of one contract.
type asked struct {
	actor   string
	command escrow.Command
}

// inOrder is the engine as the model of what may be answered: every answer is that of
// some order in which the questions were decided one after another.
var inOrder = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		c := task("c1")
		if text := state.(string); text != "" {
			var err error
			if c, err = escrow.ReadStored([]byte(text), lifecycles.All()...); err != nil {
				panic(err)
			}
		}
		q := input.(asked)
		d, err := escrow.Decide(c, q.command, escrow.Agent(q.actor), escrow.At(monday))
		if err != nil {
			if c.IsDraft() || !escrow.Visible(c, escrow.Agent(q.actor)) {
				return true, state // what is told to strangers is another test's
			}
			return string(escrow.AppendAnswer(nil, nil, err)) == output.(string), state
		}
		next, err := json.Marshal(d.Contract)
		if err != nil {
			panic(err)
		}
		return string(escrow.AppendAnswer(nil, &d, nil)) == output.(string), string(next)
	},
	Equal: func(a, b any) bool { return a == b },
}

// TestLinearizable: what is answered to many who ask at once is what could have been
// answered one after another, to the byte.
func TestLinearizable(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		const hands = 6
		var mu sync.Mutex
		var history []porcupine.Operation
		began := time.Now()
		var group sync.WaitGroup
		for hand := range hands {
			group.Go(func() {
				for i := range 8 {
					q := asked{"0xClient", steps[(hand+i*5)%len(steps)]()}
					if hand > 1 {
						q.actor = fmt.Sprintf("0xWorker%d", hand)
					}
					call := time.Since(began).Nanoseconds()
					var body []byte
					if q.command.Action() == "create" {
						a, _ := s.Found(ctx, task("c1"), q.command, escrow.Agent(q.actor), "")
						body = a.Body
					} else {
						a, _ := s.Do(ctx, "c1", q.command, escrow.Agent(q.actor), "")
						body = a.Body
					}
					done := time.Since(began).Nanoseconds()
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: hand, Input: q, Call: call, Output: string(body), Return: done})
					mu.Unlock()
				}
			})
		}
		group.Wait()
		require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(inOrder, history, time.Minute))
		s.settle(t)
		s.sound(t)
	})
}
