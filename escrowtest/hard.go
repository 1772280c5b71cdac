package escrowtest

// Keyed is a [System] that takes the idempotency key of a question
// ([Question.Key]). The same question under the same key has the same answer, byte
// for byte, and no second effect; another question under it is refused.
type Keyed interface {
	// KeyTaken reports whether an error of Ask says that the question's key was used
	// for another question, as HTTP servers do with status 422.
	KeyTaken(err error) bool
}

// Racer is a [System] that can carry out one question in the middle of another, so
// that what happens at once happens the same way every time.
type Racer interface {
	// Race asks both questions about the contract of Begin. It stops the first between
	// its decision and its commit, carries the second out whole, lets the first go on,
	// and returns both answers. Where the first keeps the second out by a lock, it goes
	// on first. Errors are those of Ask.
	Race(first, second Question) (a, b Answer, err error)
}

// Crasher is a [System] that can be killed.
type Crasher interface {
	// Crash asks a question, stops the system at a step of the question's way as if it
	// were killed, and starts it again from what is stored. Steps count from 0: before
	// anything is stored, between any two things that are, before the answer. It
	// reports false when the way has no such step: then the question was carried out,
	// and only its answer is lost. Of the way and its steps only the system knows.
	Crash(q Question, step int) (stopped bool, err error)
}
