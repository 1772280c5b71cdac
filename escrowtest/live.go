package escrowtest

import (
	"slices"

	"github.com/escrow-go/escrow"
	"pgregory.net/rapid"
)

// life draws the life of a seed.
func (r *run) life(lives *rapid.Generator[*Story], seed int) *Story {
	story := lives.Example(seed)
	story.habits = r.habits
	return story
}

// live tells a life, and then what is tried with it. It returns the failure with the
// story that was told.
func (r *run) live(p *Play, story *Story, seed int, reach Reach) (*Failure, *Story) {
	if f := r.teller.replay(story, reach); f != nil {
		return f, story
	}
	for _, told := range r.teller.trials(p, story, seed) {
		for again := true; again; told = told.nextStep() {
			if f := r.teller.replay(told, Reach{}); f != nil {
				return f, told
			}
			again = told.trial.Kind == tryCrash && r.teller.stopped && told.trial.Step < mostCrashSteps
		}
	}
	return nil, nil
}

// mostCrashSteps is how many steps the way of a question has at most.
const mostCrashSteps = 100

// nextStep returns a story whose crash comes a step later.
func (st *Story) nextStep() *Story {
	next, try := *st, *st.trial
	try.Step++
	next.trial = &try
	return &next
}

// listEvery is after how many lives a list is read by pages.
const listEvery = 100

// special returns a function that tries what takes long with few lives: the first
// that has a request to crowd a snapshot with, and one in a hundred that is listed.
func (r *run) special(p *Play) func(i int, story *Story) (*Failure, *Story) {
	crowded := r.teller.able.approvals == nil
	return func(i int, story *Story) (*Failure, *Story) {
		var list []*Story
		if told := crowding(p, story); told != nil && !crowded {
			crowded, list = true, append(list, told)
		}
		if told := listing(story); told != nil && r.teller.able.lister != nil && i%listEvery < 5 {
			list = append(list, told)
		}
		for _, told := range list {
			if f := r.teller.replay(told, Reach{}); f != nil {
				return f, told
			}
		}
		return nil, nil
	}
}

// missing returns what was never reached and should have been.
func (r *run) missing(reach Reach, p *Play) []string {
	return slices.DeleteFunc(reach.Missing(p), func(name string) bool {
		return r.habits.DeadlinesFirst && name == "reason "+string(escrow.DeadlineDue)
	})
}

// moreLives is in how many further lives a run looks for one that fails sooner.
const moreLives = 100

// shortest returns the failure of the shortest story: what fails in a few steps of
// another life is easier to shorten than what fails in many of this one.
func (r *run) shortest(p *Play, lives *rapid.Generator[*Story], seed int, story *Story, failed *Failure) *Failure {
	best := seed
	more := moreLives
	if kind := story.tried(); kind == tryCrowd || kind == tryList {
		more = 0 // they are tried with few lives
	}
	for next := seed + 1; next <= seed+more && len(failed.Story.Steps) > 1; next++ {
		other := r.life(lives, next)
		if f, told := r.live(p, other, next, Reach{}); f != nil && f.alike(failed) && len(f.Story.Steps) < len(failed.Story.Steps) {
			best, story, failed = next, told, f
		}
	}
	failed = shorten(r.teller, story, failed)
	failed.Seed, failed.again = best, r.again
	return failed
}
