package escrowtest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
)

// nobody is the id of a stranger, and what is added to the id of a contract for one
// that does not exist.
const nobody = "nobody-asked"

// stranger returns an actor like one who has asked, but of nobody's account.
func (l *telling) stranger() escrow.Actor {
	a := escrow.Agent(nobody)
	if len(l.askers) > 0 {
		a = l.askers[0]
		a.ID, a.Account = nobody, nobody
		if a.User != "" {
			a.User = nobody
		}
	}
	return a
}

// reads reads the contract as those who may see it, and as a stranger.
func (l *telling) reads(k *known) (found findings) {
	if l.able.reader == nil {
		return nil
	}
	for _, actor := range append(l.askers[:len(l.askers):len(l.askers)], l.stranger()) {
		l.able.used["Reader"]++
		got, err := l.able.reader.Read(actor, k.contract.ID(), l.now())
		if !escrow.Visible(k.contract, actor) {
			l.hidden(&found, "Reader", actor, k.contract.ID(), err, l.missingContract())
			continue
		}
		if err != nil {
			found.add("Reader", "%s, who sees the contract, reads: %v", nameOf(actor), err)
			continue
		}
		l.latest(&found, k, actor, &got)
	}
	return found
}

// now is the time of the last question.
func (l *telling) now() time.Time { return l.story.Steps[len(l.story.Steps)-1].Now }

// latest finds a contract that is not the one that it must be.
func (l *telling) latest(found *findings, k *known, actor escrow.Actor, got *escrow.Contract) {
	if got.Lifecycle() != nil && sameContract(&k.contract, got) {
		return
	}
	if got.Revision() != k.contract.Revision() {
		age, where := "a stale read", ","
		switch {
		case got.Revision() > k.contract.Revision():
			age = "a read of what was never decided"
		case l.historyEnds(k, actor, got.Revision()):
			age, where = "a decision that is not kept", ", where the history ends as well,"
		}
		found.add("Reader", "%s: %s sees revision %d, %s%s after revision %d, %s, was decided", age, nameOf(actor), got.Revision(), label(got.Status()), where, k.contract.Revision(), label(k.contract.Status()))
		return
	}
	want, _ := k.contract.MarshalJSON()
	text, _ := got.MarshalJSON()
	for _, d := range compareWire(want, text, true)[:1] {
		found.add("Reader", "%s reads another contract than was decided: %s", nameOf(actor), d)
	}
}

// historyEnds reports whether the history of a contract has no revision after one.
func (l *telling) historyEnds(k *known, actor escrow.Actor, revision uint64) bool {
	if l.able.historian == nil {
		return false
	}
	list, err := l.able.historian.History(actor, k.contract.ID(), l.now())
	return err == nil && !slices.ContainsFunc(list, func(a Answer) bool { return a.Contract == nil || a.Contract.Revision() > revision })
}

// hidden finds what a stranger is told of something other than of what does not
// exist.
func (l *telling) hidden(found *findings, check string, actor escrow.Actor, what string, err, missing error) {
	if err == nil {
		found.add(check, "%s, who is no party, is shown %s", nameOf(actor), what)
		return
	}
	told, of := refusalOf(err), refusalOf(missing)
	switch {
	case told == nil:
		found.add(check, "%s, who is no party, asks for %s and is given no answer: %v", nameOf(actor), what, err)
	case told.Code() != escrow.NotFound:
		found.add(check, "%s, who is no party, is told %s of %s: a foreign contract must be %s, as if it did not exist", nameOf(actor), words(told), what, escrow.NotFound)
	case of == nil || of.Code() != told.Code() || of.Reason() != told.Reason():
		found.add(check, "%s, who is no party, is told %s of %s, and %s of what does not exist: the difference gives it away", nameOf(actor), words(told), what, words(of))
	}
}

// missingContract is what is told of a contract that does not exist.
func (l *telling) missingContract() error {
	l.able.used["Reader"]++
	_, err := l.able.reader.Read(l.stranger(), nobody, l.now())
	return err
}

// refusalOf returns an error as a refusal, nil when it is none.
func refusalOf(err error) (refusal *escrow.Error) {
	errors.As(err, &refusal)
	return refusal
}

// words are the code and the reason of a refusal.
func words(refusal *escrow.Error) string {
	if refusal == nil {
		return "nothing"
	}
	return fmt.Sprintf("%s %s", refusal.Code(), refusal.Reason())
}
