package escrowtest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
	"pgregory.net/rapid"
)

// Scene is a contract at an instant.
type Scene struct {
	Contract escrow.Contract
	Now      time.Time
}

// Move is a command and who gives it.
type Move struct {
	Command escrow.Command
	Actor   escrow.Actor
}

// ask makes a move in the scene.
func (s *Scene) ask(m Move) Answer {
	return ask(s.Contract, Question{Command: m.Command, Actor: m.Actor, Now: s.Now})
}

// Play is how contracts of one lifecycle are played: who there is, what they
// might ask for, and what may be wrong with it. [PlayOf] makes one of the
// lifecycle's declaration; a package that knows better makes its own, or changes
// that one.
type Play struct {
	// Lifecycle is the rule book.
	Lifecycle *escrow.Lifecycle
	// Draft draws the terms of a contract and the instant at which its life begins.
	// Terms should be wrong now and then.
	Draft func(*rapid.T) Scene
	// Cast is everybody who may ask for something: the parties first, then those
	// who only look like one. The first three send advance.
	Cast []escrow.Actor
	// Moves returns what the parties might ask for in a scene, the likelier the
	// more often; advance and answers to approvals included where they are due.
	Moves func(*rapid.T, Scene) []Move
	// Commands returns every command of the lifecycle, each with a payload that is
	// in order where there is something to name.
	Commands func(*rapid.T, Scene) []escrow.Command
	// Spoil returns a command with a payload that is not in order; nil leaves
	// commands as they are.
	Spoil func(*rapid.T, Scene, escrow.Command) escrow.Command
	// Finish is, for each party that deposits anything, what it does to end the
	// contract with nobody's help but that of time and the system that settles.
	Finish map[string]Strategy
	// Unreached lists what a run need not reach, as in "reason too_many".
	Unreached []string
}

// Strategy is what a party does next, and when, to end a contract by its own
// moves. It is asked again after each move until the contract has ended.
type Strategy func(Scene) (Move, time.Time)

// Drafts draws drafts of a play's contracts with the instant at which they are to
// be founded; one in sixteen has something wrong with it.
func Drafts(p *Play) *rapid.Generator[Scene] { return rapid.Custom(p.Draft) }

// Contracts draws contracts in any reachable state, drafts and ended ones
// included, at an instant of their lives.
func Contracts(p *Play) *rapid.Generator[Scene] {
	return rapid.Custom(func(t *rapid.T) Scene { return drawLife(t, p).Last() })
}

// Actors draws who may ask something of a play's contracts: the parties, and
// those who only look like one.
func Actors(p *Play) *rapid.Generator[escrow.Actor] { return rapid.SampledFrom(p.Cast) }

// Commands draws commands that are in order wherever a scene has something to
// name, and one in four with a payload that is not.
func Commands(p *Play, s Scene) *rapid.Generator[escrow.Command] {
	return rapid.Custom(func(t *rapid.T) escrow.Command { return p.drawCommand(t, s) })
}

// Moves draws what might be asked in a scene and by whom: mostly what a party
// would ask for, sometimes the right thing by the wrong actor, with a spoilt
// payload, or anything at all.
func Moves(p *Play, s Scene) *rapid.Generator[Move] {
	return rapid.Custom(func(t *rapid.T) Move { return p.drawMove(t, s) })
}

// Lives draws lives: a contract from its draft on, with everything that was asked
// of it and what the engine answered. Half of them end by the strategy of one
// party.
func Lives(p *Play) *rapid.Generator[*Story] {
	return rapid.Custom(func(t *rapid.T) *Story { return drawLife(t, p) })
}

func (p *Play) drawMove(t *rapid.T, s Scene) Move {
	right := p.Moves(t, s)
	kind := nth(t, 10)
	if len(right) == 0 {
		kind = 9
	}
	switch {
	case kind <= 6:
		return drawn(t, right)
	case kind == 7:
		return Move{drawn(t, right).Command, drawn(t, p.Cast)}
	case kind == 8:
		m := drawn(t, right)
		return Move{p.spoilt(t, s, m.Command), m.Actor}
	}
	return Move{p.drawCommand(t, s), drawn(t, p.Cast)}
}

func (p *Play) drawCommand(t *rapid.T, s Scene) escrow.Command {
	command := drawn(t, p.Commands(t, s))
	if nth(t, 4) == 3 {
		return p.spoilt(t, s, command)
	}
	return command
}

// spoilt returns a spoilt command that can be written down and read back: what no
// system could be asked, none is.
func (p *Play) spoilt(t *rapid.T, s Scene, command escrow.Command) escrow.Command {
	if p.Spoil == nil {
		return command
	}
	spoilt := p.Spoil(t, s, command)
	text, err := spoilt.MarshalJSON()
	if err != nil {
		return command
	}
	again, err := p.Lifecycle.ParseCommand(text)
	if err != nil {
		return command
	}
	return again
}

// mostSteps is how long a life may be: long enough for fifteen votes. A draft and
// a contract that has ended are soon left alone.
const mostSteps = 30

func drawLife(t *rapid.T, p *Play) *Story {
	s := p.Draft(t)
	life := &Story{Begin: s.Contract, start: s.Now}
	idle := 0
	for range mostSteps {
		s.Now = drawLater(t, s)
		q := life.next(t, p, s)
		s = life.tell(s, q)
		if s.Contract.IsTerminal() || s.Contract.IsDraft() {
			idle++
		}
		if idle == 4 || nth(t, 100) == 0 {
			break
		}
	}
	life.finish(t, p, s)
	return life
}

// next draws the next question, now and then the last one once more.
func (st *Story) next(t *rapid.T, p *Play, s Scene) Question {
	if n := len(st.Steps); n > 0 && nth(t, 16) == 15 {
		q := st.Steps[n-1].Question
		q.Now = s.Now
		return q
	}
	m := p.drawMove(t, s)
	q := Question{Command: m.Command, Actor: m.Actor, Now: s.Now}
	if nth(t, 40) == 39 {
		q.Now = notBefore(startOfTime, s.Now.Add(-drawn(t, gaps))) // a clock that runs behind
	}
	return q
}

// tell asks the engine, adds the step to the story, and returns the scene it
// leads to, whose time is no earlier.
func (st *Story) tell(s Scene, q Question) Scene {
	step := Step{Before: s.Contract, Question: q, Answer: ask(s.Contract, q)}
	st.Steps = append(st.Steps, step)
	return Scene{step.After(), notBefore(s.Now, q.Now)}
}

// finish lets a party end the contract alone, in half of the lives.
func (st *Story) finish(t *rapid.T, p *Play, s Scene) {
	parties := p.finishers(&s.Contract)
	if len(parties) == 0 || nth(t, 2) == 0 {
		return
	}
	st.Finisher = drawn(t, parties)
	for range mostSteps {
		if s.Contract.IsTerminal() {
			return
		}
		m, at := p.Finish[st.Finisher](s)
		s = st.tell(s, Question{Command: m.Command, Actor: m.Actor, Now: notBefore(s.Now, at)})
		if last := &st.Steps[len(st.Steps)-1]; !last.Answer.Accepted() {
			return
		}
	}
}

// Due returns the advance that is sent in a scene where a deadline is due, by one of
// the first three of a cast; none where nothing is.
func Due(t *rapid.T, s Scene, cast []escrow.Actor) []Move {
	if next, ok := escrow.NextDeadline(s.Contract); !ok || s.Now.Before(next.At) {
		return nil
	}
	advance := Move{escrow.Advance(), drawn(t, cast[:3])}
	return []Move{advance, advance}
}

// Wait lets the system do what only it can do, else the contract's next deadline
// come and has somebody send advance.
func (s Scene) Wait(by escrow.Actor) (Move, time.Time) {
	if next, ok := escrow.NextDeadline(s.Contract); !ok || s.Now.Before(next.At) {
		for _, m := range append(systemWork(s.Contract, s.Now), systemMay(s.Contract)...) {
			if answer := s.ask(m); answer.Accepted() {
				return m, s.Now
			}
		}
	}
	return s.wait(by)
}

// wait lets the contract's next deadline come and has somebody send advance.
func (s Scene) wait(by escrow.Actor) (Move, time.Time) {
	at := s.Now
	if next, ok := escrow.NextDeadline(s.Contract); ok && next.At.After(at) {
		at = next.At
	}
	return Move{escrow.Advance(), by}, at
}

// String names the play.
func (p *Play) String() string { return fmt.Sprintf("play of %s", p.Lifecycle.Name()) }

// finishers returns the parties that may end a contract alone: those whose money it
// holds, and those that may end it where time does not.
func (p *Play) finishers(c *escrow.Contract) (parties []string) {
	if c.IsDraft() || c.IsTerminal() {
		return nil
	}
	has := map[string]bool{}
	for _, party := range reading.Spec(p.Lifecycle).OpenEnded {
		has[party.Name] = true
	}
	for _, h := range c.Custody() {
		owner, _ := reading.Owner(c, h.Account)
		has[owner.Kind] = true
	}
	for _, party := range slices.Sorted(maps.Keys(p.Finish)) {
		if has[party] {
			parties = append(parties, party)
		}
	}
	return parties
}
