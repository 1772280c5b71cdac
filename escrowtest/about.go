package escrowtest

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/sample"
)

// about returns the question of a step as one about another telling of the same
// contract: approvals, and what was shown of them, are meant by what they are for,
// since their ids count revisions.
func (s *Step) about(c *escrow.Contract) Question {
	q := s.Question
	id, hash := q.Command.Approval()
	before, ok := s.Before.Approval(id)
	if !ok {
		return q
	}
	now, ok := counterpart(&s.Before, c, &before)
	if !ok || now.ID == id && now.Hash == before.Hash {
		return q
	}
	if hash == before.Hash {
		hash = now.Hash
	}
	q.Command = sample.Answering(c.Lifecycle(), q.Command, now.ID, hash)
	return q
}

// counterpart returns the approval of a contract that takes the place of another's:
// as many of its type and target come before it, or the last where there are fewer.
func counterpart(before, now *escrow.Contract, a *escrow.Approval) (found escrow.Approval, ok bool) {
	alike := func(b escrow.Approval) bool { return b.Type == a.Type && b.Target == a.Target }
	place := 0
	for _, b := range before.Approvals() {
		if b.ID == a.ID {
			break
		}
		if alike(b) {
			place++
		}
	}
	for _, b := range now.Approvals() {
		if !alike(b) {
			continue
		}
		if found, ok = b, true; place == 0 {
			break
		}
		place--
	}
	return found, ok
}
