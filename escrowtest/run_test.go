package escrowtest_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/lifecycles/play"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	"github.com/escrow-go/escrow/purchase"
)

func TestEngineAgreesWithItself(t *testing.T) {
	escrowtest.Run(t, escrowtest.Engine(), escrowtest.Playing(octplay.Play(), otplay.Play()))
}

// What follows from a declaration alone reaches all that these lifecycles have but
// what takes amounts or coincidences of a kind.
func TestDefaultPlays(t *testing.T) {
	if testing.Short() {
		t.Skip("a quarter of a minute; TestShippedLifecycles lives some of it")
	}
	fixed, order := escrowtest.PlayOf(fixedprice.Lifecycle), escrowtest.PlayOf(purchase.Lifecycle)
	fixed.Unreached = append(fixed.Unreached, "rule AP-4", "reason not_confirmed_by_you", "reason approval_superseded", "reason not_covered")
	order.Unreached = append(order.Unreached, "reason amount_scale", "reason window_closed")
	escrowtest.Run(t, escrowtest.Engine(), escrowtest.Playing(fixed, order), escrowtest.AtLeast(300))
}

// Every lifecycle that ships keeps the guarantees when it is played by what follows
// from its declaration alone, however far that comes.
func TestShippedLifecycles(t *testing.T) {
	for _, l := range lifecycles.All() {
		t.Run(l.Name(), func(t *testing.T) {
			t.Parallel()
			lives := escrowtest.Lives(escrowtest.PlayOf(l))
			for seed := range lives300(t) {
				require.Empty(t, escrowtest.Audit(lives.Example(seed)), "seed %d", seed)
			}
		})
	}
}

// lives300 is how many lives are looked at: 300, a few with -short, or as many as
// ESCROW_CHECKS says.
func lives300(t *testing.T) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("ESCROW_CHECKS")); err == nil {
		return n
	}
	if testing.Short() {
		return 30
	}
	return 300
}

// A history may begin with a contract that holds money already.
func TestAuditOfTheRestOfALife(t *testing.T) {
	for _, play := range []*escrowtest.Play{octplay.Play(), otplay.Play()} {
		for seed := range 300 {
			life := escrowtest.Lives(play).Example(seed)
			half := len(life.Steps) / 2
			rest := &escrowtest.Story{Begin: life.Scenes()[half].Contract, Steps: life.Steps[half:]}
			require.Empty(t, escrowtest.Audit(rest), "%s, seed %d", play, seed)
		}
	}
}

// A run that is told nothing to play has shown nothing.
func TestNothingToPlay(t *testing.T) {
	assert.False(t, escrowtest.Try(escrowtest.Engine()).Passed())
	failed := &failing{}
	escrowtest.Run(failed, escrowtest.Engine())
	assert.Contains(t, failed.text, "nothing to play")
}

// failing is a test that keeps what it failed for.
type failing struct {
	silent
	text string
}

func (f *failing) Fatalf(format string, _ ...any) { f.text = format }

// Whatever snapshot is accepted is read back byte for byte, is never out of balance
// whatever is asked of it, and can end: by time, or where it stands open-ended by
// its party.
func TestAcceptedSnapshots(t *testing.T) {
	for _, play := range plays() {
		t.Run(play.Lifecycle.Name(), func(t *testing.T) {
			t.Parallel()
			altered, tried := escrowtest.Altered(play), 0
			for seed := range lives300(t) {
				s := altered.Example(seed)
				require.Empty(t, escrowtest.AuditContract(s.Contract), "seed %d", seed)
				for _, q := range everything(play, s, seed) {
					tried++
					d, err := escrow.Decide(s.Contract, q.Command, q.Actor, escrow.At(q.Now))
					answer := escrowtest.AnswerOf(d, err)
					require.NotEqual(t, escrow.InternalError, answer.Code, "seed %d: %s: %v", seed, q, err)
					if answer.Accepted() {
						require.Empty(t, escrowtest.AuditContract(d.Contract), "seed %d: %s", seed, q)
					}
				}
			}
			t.Logf("%d questions", tried)
		})
	}
}

// plays are those of all lifecycles that ship, their own where they have one.
func plays() (list []*escrowtest.Play) {
	for _, l := range lifecycles.All() {
		list = append(list, play.Of(l))
	}
	return list
}

// everything draws some moves in a scene, now and at its next deadline.
func everything(play *escrowtest.Play, s escrowtest.Scene, seed int) (list []escrowtest.Question) {
	for i := range 12 {
		m := escrowtest.Moves(play, s).Example(100*seed + i)
		list = append(list, escrowtest.Question{Command: m.Command, Actor: m.Actor, Now: s.Now})
	}
	if next, ok := escrow.NextDeadline(s.Contract); ok {
		list = append(list, escrowtest.Question{Command: escrow.Advance(), Actor: escrow.SystemActor(), Now: next.At})
	}
	return list
}

// A stake that goes to the treasury instead of the client: neither put it in, nor did
// the row name it.
func TestOwnership(t *testing.T) {
	story := withdrawal()
	moves := story.Steps[2].Answer.Movements
	for i := range moves {
		if moves[i].Reason == "stake_slash" {
			moves[i].To = escrow.Account{Kind: "treasury"}
		}
	}
	var found []string
	for _, v := range escrowtest.Audit(story) {
		found = append(found, v.String())
	}
	assert.Equal(t, []string{"G12 in step 3: stake pays treasury, who put nothing into it and whom OC-7 did not name before"}, found)
}

// Whatever is accepted from an actor is refused from one who is none: without an id,
// with one that no id may be, or of an unknown kind.
func TestInvalidActorsDecideNothing(t *testing.T) {
	for _, p := range plays() {
		t.Run(p.Lifecycle.Name(), func(t *testing.T) {
			t.Parallel()
			lives := escrowtest.Lives(p)
			for seed := range lives300(t) {
				for _, step := range lives.Example(seed).Steps {
					if !step.Answer.Accepted() {
						continue
					}
					for _, spoil := range []func(*escrow.Actor){
						func(a *escrow.Actor) { a.ID, a.Account = "", "" },
						func(a *escrow.Actor) { a.ID = "" },
						func(a *escrow.Actor) { a.Account, a.ID = account(*a), "two words" },
						func(a *escrow.Actor) { a.Account = account(*a) + "\n" },
						func(a *escrow.Actor) { a.User = "two words" },
						func(a *escrow.Actor) { a.Kind = "robot" },
					} {
						actor := step.Question.Actor
						spoil(&actor)
						_, err := escrow.Decide(step.Before, step.Question.Command, actor, escrow.At(step.Question.Now))
						require.Error(t, err, "seed %d: %v as %+v", seed, step.Question, actor)
						code := escrowtest.AnswerOf(escrow.Decision{}, err).Code
						require.Contains(t, []escrow.Code{escrow.Unauthorized, escrow.InvalidRequest}, code, "seed %d: %v as %+v", seed, step.Question, actor)
					}
				}
			}
		})
	}
}

// account is what an actor acts for.
func account(a escrow.Actor) string {
	if a.Account == "" {
		return a.ID
	}
	return a.Account
}
