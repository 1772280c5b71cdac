package marketplace

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/opencontract"
)

var draw = opencontract.Draw{}.Command().Action()

// juryOf returns a jury of those who may judge: as many as the contract's policy says, no
// party among them, the same whenever it is asked for the same contract. While there are
// fewer, a dispute waits.
func juryOf(judges func(context.Context) ([]string, error)) escrowrun.Jury {
	return func(ctx context.Context, c escrow.Contract, action escrow.Action) (escrow.Command, bool, error) {
		if c.Lifecycle().Name() != opencontract.Lifecycle.Name() || action != draw {
			return plain(c.Lifecycle(), action)
		}
		all, err := judges(ctx)
		if err != nil {
			return escrow.Command{}, false, err
		}
		view := c.View()
		free := slices.DeleteFunc(slices.Sorted(slices.Values(all)), func(account string) bool {
			return account == view.Text(opencontract.Client.Account) || account == view.Text(opencontract.Worker.Account)
		})
		free = slices.Compact(free)
		jurors := int(opencontract.BARecruitCount.In(view))
		if len(free) < jurors {
			return escrow.Command{}, false, nil
		}
		seed := sha256.Sum256([]byte(c.ID()))
		order := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed[:8]), binary.LittleEndian.Uint64(seed[8:16])))
		order.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
		drawn := free[:jurors]
		slices.SortFunc(drawn, cmp.Compare[string])
		return opencontract.Draw{BackupAgents: drawn}.Command(), true, nil
	}
}

// plain is an action that carries nothing, done as it is.
func plain(l *escrow.Lifecycle, action escrow.Action) (escrow.Command, bool, error) {
	for _, act := range l.Acts() {
		if act.Action() == action && len(act.Params()) == 0 {
			return act.Command(), true, nil
		}
	}
	return escrow.Command{}, false, nil
}
