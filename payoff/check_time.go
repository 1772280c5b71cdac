package payoff

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
)

// reviewTooShort asks whether an approval can be used as long as it lives.
func reviewTooShort(c Case, a Assumptions) (*harm, error) {
	switch {
	case c.isTrain():
		return approvalOutlives(c)
	case a.ApprovalLife == 0 || c.mode() != opencontract.PrivacyPreserving:
		return nil, nil
	}
	l, err := play(c, delivered(), func(i int) bool { return i == 2 })
	if err != nil {
		return nil, err
	}
	last := l.now.Add(a.ApprovalLife - time.Nanosecond)
	_, err = escrow.Decide(l.contract, approve.cmd, theClient, escrow.At(last))
	if err == nil {
		return nil, nil
	}
	if !errors.Is(err, escrow.WindowClosed) && !errors.Is(err, escrow.DeadlineDue) {
		return nil, err
	}
	return &harm{"a review of at least " + escrow.FormatDuration(a.ApprovalLife),
		fmt.Sprintf("work may be delivered at the last moment; an approval given then lives %s, the review %s: confirmed at its end it is %s",
			escrow.FormatDuration(a.ApprovalLife), escrow.FormatDuration(c.Review), reasonOf(err))}, nil
}

// approvalOutlives asks whether a payment that was requested when the review began
// still waits when it is over.
func approvalOutlives(c Case) (*harm, error) {
	t := train{c, theToken(c.Lifecycle)}
	l, err := play(c, append(t.hired(), t.asked(opentrain.ApproveMilestone{MilestoneID: milestoneID(1)}.Command())), atOnce)
	if err != nil {
		return nil, err
	}
	approval := l.latestApproval()
	if approval.StatusAt(approval.CreatedAt.Add(c.Review)) != escrow.ApprovalIsPending {
		return nil, nil
	}
	return &harm{"an approval that lives at most " + escrow.FormatDuration(c.Review),
		fmt.Sprintf("a payment asked for when the review of %s begins still waits for a human after its end, until %s",
			escrow.FormatDuration(c.Review), escrow.FormatDuration(approval.ExpiresAt.Sub(approval.CreatedAt)))}, nil
}

func reviewTunes(c Case) []tune {
	if c.isTrain() {
		return []tune{shortApproval, longReview}
	}
	return []tune{longReview}
}

func reasonOf(err error) escrow.Reason {
	var e *escrow.Error
	errors.As(err, &e)
	return e.Reason()
}

// worstLock returns the longest lock that is picked, with its ending, over
// all endings. How many criteria there are, and how many more than three judge,
// changes no time.
func worstLock(c Case, picked func(Lock) bool) (worst Lock, where string, err error) {
	if c.Criteria = min(c.Criteria, 1); c.recruits() > 3 {
		if c, err = With(c, opencontract.BARecruitCount.Name, "3"); err != nil {
			return worst, "", err
		}
	}
	var seen []string
	for _, p := range plansOf(c) {
		if shape := p.shape(); slices.Contains(seen, shape) {
			continue
		} else {
			seen = append(seen, shape)
		}
		e, err := endingOf(c, p)
		if err != nil {
			return worst, "", err
		}
		for _, f := range e.Flows {
			for _, l := range f.Locked {
				if picked(l) && (where == "" || l.Longest > worst.Longest) {
					worst, where = l, e.Name
				}
			}
		}
	}
	return worst, where, nil
}

// shape tells plans apart that may take different times: who asks for what.
func (p plan) shape() string {
	text := ""
	for _, s := range p.steps {
		text += s.by.ID + " " + string(s.command("").Action()) + "\n"
	}
	return text
}

func lockedTooLong(c Case, a Assumptions) (*harm, error) {
	l, where, err := worstLock(c, func(l Lock) bool { return l.Longest != WithoutLimit && !l.Within(a.MaxLocked) })
	if err != nil || where == "" {
		return nil, err
	}
	return &harm{"at most " + escrow.FormatDuration(a.MaxLocked),
		fmt.Sprintf("%s: %s is held up to %s", where, l.Account, Spell(l.Longest))}, nil
}

func lockedWithoutLimit(c Case, _ Assumptions) (*harm, error) {
	l, where, err := worstLock(c, func(l Lock) bool { return l.Longest == WithoutLimit })
	if err != nil || where == "" {
		return nil, err
	}
	return &harm{"a deadline after which time or the system ends it",
		fmt.Sprintf("%s: %s is held until the client acts, and no rule makes him; no field of the policy changes that, so remind him", where, l.Account)}, nil
}

// windowTunes are the windows that lie in a contract's life, the longest first.
func windowTunes(c Case) []tune {
	if c.isTrain() {
		return []tune{shortApproval}
	}
	list := []tune{{opencontract.BAVotingWindow.Name, "PT1S"}}
	for _, name := range []string{"match", "withdrawal", "delivery", "review"} {
		list = append(list, tune{name, "PT1S"})
	}
	length := func(t tune) int64 { return seconds.read(c.value(t.field)).Int64() }
	slices.SortStableFunc(list, func(a, b tune) int { return int(length(b) - length(a)) })
	return list
}
