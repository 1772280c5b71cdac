package escrow_test

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"pgregory.net/rapid"
)

// The properties are checked on lives that package escrowtest draws. It draws
// nothing that no wire form carries, since no other system could be asked that:
// strange questions of that sort are asked here, between the others.

// leastChecks is how many lives every property is checked on, whatever the flags
// say: rapid's own default of 100 misses leaks of one unit. With -short it is half
// as many, of which rapid takes a fifth.
const leastChecks = 10_000

func TestMain(m *testing.M) {
	flag.Parse()
	least := leastChecks
	if testing.Short() {
		least /= 2
	}
	if flag.Lookup("rapid.checks").Value.(flag.Getter).Get().(int) < least {
		setFlag("rapid.checks", strconv.Itoa(least))
	}
	setFlag("rapid.nofailfile", "true")
	debug.SetGCPercent(400) // lives are many and short
	os.Exit(m.Run())
}

func setFlag(name, value string) {
	if err := flag.Set(name, value); err != nil {
		panic(err)
	}
}

type (
	scene = escrowtest.Scene
	move  = escrowtest.Move
	// clockAt is a clock that stands still.
	clockAt = escrowtest.At
)

// The two plays, and who is in them.
var (
	taskPlay, trainPlay = escrowtest.OpenContract(), escrowtest.OpenTrain()
	plays               = []*escrowtest.Play{taskPlay, trainPlay}

	// token may ask for the client of a hire, and humans are those who may co-sign.
	token  = trainPlay.Cast[0]
	humans = slices.DeleteFunc(slices.Clone(trainPlay.Cast), func(a escrow.Actor) bool {
		return a.Kind != escrow.KindHuman || a.Account != theClient
	})
)

const theClient, theWorker = "0xClient", "0xWorker"

// today is when contracts begin that are not drawn.
var today = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// endOfTime is the last instant that RFC 3339 can write.
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)

// question is a move that was made in a scene, and what came of it.
type question struct {
	scene
	move
	decision escrow.Decision
	refusal  *escrow.Error
}

// by is a move of somebody.
func by(actor escrow.Actor, command escrow.Command) move { return move{Command: command, Actor: actor} }

// asked makes a move in a scene.
func asked(s scene, m move) *question {
	q := &question{scene: s, move: m}
	d, err := escrow.Decide(s.Contract, m.Command, m.Actor, clockAt(s.Now))
	if err != nil {
		q.refusal = err.(*escrow.Error)
	}
	q.decision = d
	return q
}

func (q *question) accepted() bool { return q.refusal == nil }

// reason returns why the question was refused, "" when it was not.
func (q *question) reason() escrow.Reason {
	if q.refusal == nil {
		return ""
	}
	return q.refusal.Reason()
}

// after returns the scene that the question leads to.
func (q *question) after() scene {
	if q.accepted() {
		return scene{Contract: q.decision.Contract, Now: q.Now}
	}
	return q.scene
}

// answer returns the decision or refusal as bytes.
func (q *question) answer() string {
	if q.accepted() {
		return string(escrow.AppendAnswer(nil, &q.decision, nil))
	}
	return string(escrow.AppendAnswer(nil, nil, q.refusal))
}

// step returns the question with its answer as package escrowtest audits it.
func (q *question) step() *escrowtest.Step {
	asks := escrowtest.Question{Command: q.Command, Actor: q.Actor, Now: q.Now}
	if q.accepted() {
		return &escrowtest.Step{Before: q.Contract, Question: asks, Answer: escrowtest.AnswerOf(q.decision, nil)}
	}
	return &escrowtest.Step{Before: q.Contract, Question: asks, Answer: escrowtest.AnswerOf(q.decision, q.refusal)}
}

func (q *question) String() string {
	return fmt.Sprintf("%s %s asks %#v\n%s", q.Now.Format(time.RFC3339Nano), q.Actor.ID, q.Command, q.answer())
}

// life is a contract from its draft on, with all that was asked of it, strange
// questions included.
type life struct {
	*escrowtest.Story
	play      *escrowtest.Play
	questions []*question
}

// GoString is what rapid tells of a life in which a property fails.
func (l *life) GoString() string { return "\n" + l.String() }

// accepted returns the questions that were accepted.
func (l *life) accepted() []*question {
	return slices.DeleteFunc(slices.Clone(l.questions), func(q *question) bool { return !q.accepted() })
}

// scenes returns the draft and the scene after every accepted question.
func (l *life) scenes() []scene {
	list := l.Scenes()[:1]
	for _, q := range l.accepted() {
		list = append(list, q.after())
	}
	return list
}

// everyLife checks a property of lives under both lifecycles.
func everyLife(t *testing.T, property func(*rapid.T, *life)) {
	t.Parallel()
	for _, play := range plays {
		t.Run(play.Lifecycle.Name(), func(t *testing.T) { everyLifeOf(t, play, property) })
	}
}

// everyLifeOf checks a property of the lives of one play.
func everyLifeOf(t *testing.T, play *escrowtest.Play, property func(*rapid.T, *life)) {
	t.Parallel()
	checkLives(t, play, property)
}

func checkLives(t *testing.T, play *escrowtest.Play, property func(*rapid.T, *life)) {
	lives := rapid.Map(escrowtest.Lives(play), func(st *escrowtest.Story) *life { return &life{Story: st, play: play} })
	rapid.Check(t, func(t *rapid.T) {
		l := lives.Draw(t, "life")
		l.ask(t)
		property(t, l)
	})
}

// ask asks the questions of the life, and strange ones now and then.
func (l *life) ask(t *rapid.T) {
	for i := range l.Steps {
		step := &l.Steps[i]
		s := scene{Contract: step.Before, Now: step.Now}
		if drawn(t, seldom) {
			l.questions = append(l.questions, askStrange(t, l.play, s))
		}
		l.questions = append(l.questions, asked(s, by(step.Actor, step.Command)))
	}
}

var seldom = []bool{7: true}

// drawn draws an element of a list.
func drawn[E any](t *rapid.T, list []E) E {
	return list[rapid.IntRange(0, len(list)-1).Draw(t, "choice")]
}
