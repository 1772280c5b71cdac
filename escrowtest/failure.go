package escrowtest

import (
	"fmt"
	"strings"
)

// Failure is a story in which a system differs from the engine, or breaks a
// guarantee.
type Failure struct {
	// Story is what was asked, with the system's answers. The last one is wrong.
	Story *Story
	// Want is what the engine answers to the last question.
	Want Answer
	// Differences are those of the last answer.
	Differences []Difference
	// Findings are what optional interfaces of the system show to be wrong.
	Findings []Finding
	// Violations are the guarantees that the story breaks.
	Violations []Violation
	// Err is why there is no last answer.
	Err error
	// Seed draws the life in which the story was found.
	Seed int

	// told is the story as it was told, with what was tried with its last question.
	told *Story
	// again says how to run it again.
	again func(seed int) string
}

// alike reports whether two failures show the same kind of thing, so that a shorter
// story does not tell of something else.
func (f *Failure) alike(other *Failure) bool {
	if f.told.tried() != other.told.tried() {
		return false
	}
	if len(other.Findings) == 0 {
		return len(f.Findings) == 0
	}
	return len(f.Findings) > 0 && f.Findings[0].Check == other.Findings[0].Check
}

// String tells the failure for people: what differs in one line, why, what was
// asked, what the engine answers, and how to run it again.
func (f *Failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (seed %d)\n", f.headline(), f.Seed)
	for _, reason := range f.reasons() {
		fmt.Fprintf(&b, "\n%s", reason)
	}
	fmt.Fprintf(&b, "\n\n%s", f.Story)
	if f.differs() {
		last := f.last()
		fmt.Fprintf(&b, "\nin step %d the engine answers\n     %s\n", len(f.Story.Steps), (&Step{Before: last.Before, Question: last.Question, Answer: f.Want}).answer())
	}
	fmt.Fprintf(&b, "\nrun it again: %s", f.Again())
	return b.String()
}

// Again says how to run the story again.
func (f *Failure) Again() string {
	if f.again != nil {
		return f.again(f.Seed)
	}
	return fmt.Sprintf("escrowtest.Seed(%d)", f.Seed)
}

// reasons are what is wrong, the most important first.
func (f *Failure) reasons() (list []string) {
	if f.Err != nil {
		list = append(list, fmt.Sprintf("the system gives no answer: %v", f.Err))
	}
	for _, found := range f.Findings {
		list = append(list, found.String())
	}
	for _, d := range f.ranked() {
		list = append(list, d.String())
	}
	for _, v := range f.Violations {
		list = append(list, "breaks "+v.String())
	}
	return list
}
