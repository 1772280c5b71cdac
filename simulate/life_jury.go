package simulate

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// voting is what a jury is given to judge, and the votes that it casts.
type voting struct {
	// truth says of every criterion whether it is truly met.
	truth []bool
	// kept are the votes made last: few differ, and commands never change.
	kept [keptVotes]struct {
		ballots ballots
		command escrow.Command
	}
	// order is who votes, by time.
	order []voter
}

// voter is a backup agent of the jury and when it votes.
type voter struct {
	seat, group int
	at          time.Duration
}

func (v *voting) prepare(m *model) {
	v.truth = make([]bool, m.Terms.Criteria)
}

// ballots is one vote for every criterion, two bits each, as the number of its
// verdict counted from 1.
type ballots uint32

// verdicts are the votes that an agent casts.
var verdicts = [...]string{opencontract.Met, opencontract.NotMet, opencontract.Unclear}

const (
	isMet ballots = iota + 1
	isNotMet
	isUnclear
)

const keptVotes = 1 << 8

// cast returns the command of a vote.
func (v *voting) cast(b ballots) escrow.Command {
	kept := &v.kept[b*0x9e3779b1>>(32-8)]
	if kept.ballots != b {
		list := make([]opencontract.Ballot, len(v.truth))
		for i := range list {
			list[i] = opencontract.Ballot{CriterionIndex: i, Vote: verdicts[b>>(2*i)&3-1]}
		}
		kept.ballots, kept.command = b, opencontract.Vote{Ballots: list}.Command()
	}
	return kept.command
}

// tried tells when a jury, called at an instant, has judged.
func (l *life) tried(called time.Duration) (time.Duration, error) {
	l.out.values[disputes] = 1
	window := l.m.numbers.votingWindow
	drawn := part(called, called+window, l.m.Matching.DrawAfter.at(l.random.of(ofDraw)))
	if drawn >= called+window {
		drawn = called + window
		return drawn, l.verdict(advance, &system, drawn)
	}
	if err := l.ask(l.m.draw, &system, drawn); err != nil {
		return 0, err
	}
	l.summon(drawn, drawn+window)
	judged := drawn + window
	if n := len(l.vote.order); n == len(l.m.jurors) {
		judged = l.vote.order[n-1].at
	}
	for _, v := range l.vote.order {
		if err := l.verdict(l.vote.cast(l.ballots(v)), &l.m.jurors[v.seat], v.at); err != nil {
			return 0, err
		}
	}
	if len(l.vote.order) < len(l.m.jurors) {
		return judged, l.verdict(advance, &system, judged)
	}
	return judged, nil
}

// summon finds out who of the jury votes before the window closes, and when.
func (l *life) summon(drawn, closes time.Duration) {
	l.vote.order = l.vote.order[:0]
	for seat := range l.m.jurors {
		s := l.random.juror(seat)
		group := l.m.agents.pick(s.of(ofAgent))
		at := part(drawn, closes, l.m.BackupAgents[group].VotesAt.at(s.of(ofVoteTime)))
		if at < closes && l.m.agent[group].votes.falls(s.of(ofTurnout)) {
			l.vote.order = append(l.vote.order, voter{seat, group, at})
		}
	}
	slices.SortStableFunc(l.vote.order, func(a, b voter) int { return int(a.at - b.at) })
}

// The quantities of one juror; those of its ballots follow, two each.
const (
	ofAgent quantity = iota
	ofTurnout
	ofVoteTime
	ofBallot
)

// juror returns the random numbers of a seat of the jury.
func (s stream) juror(seat int) stream {
	return stream(s.of(inJury + quantity(seat)))
}

// ballots returns a voter's votes.
func (l *life) ballots(v voter) (cast ballots) {
	s := l.random.juror(v.seat)
	for i, truth := range l.vote.truth {
		cast |= l.ballot(v.group, truth, s.of(ofBallot+2*quantity(i)), s.of(ofBallot+2*quantity(i)+1)) << (2 * i)
	}
	return cast
}

// ballot is how an agent of a group judges a criterion.
func (l *life) ballot(group int, truth bool, unclear, right uint64) ballots {
	a := &l.m.agent[group]
	met := truth
	switch {
	case l.m.BackupAgents[group].Behaviour == ColludingAgent:
		met = l.m.BackupAgents[group].Side == ForWorker
	case a.unclear.falls(unclear):
		return isUnclear
	case !a.accuracy.falls(right):
		met = !truth
	}
	if met {
		return isMet
	}
	return isNotMet
}

// verdict asks for what may resolve the contract, and sees whether it came out
// as it truly was.
func (l *life) verdict(cmd escrow.Command, actor *escrow.Actor, at time.Duration) error {
	if err := l.ask(cmd, actor, at); err != nil || l.at.Status() != opencontract.Resolved {
		return err
	}
	for i, outcome := range opencontract.CriteriaMet(*l.at) {
		if (outcome == opencontract.Met) != l.vote.truth[i] || outcome == opencontract.Unclear {
			return nil
		}
	}
	l.out.values[disputesRight] = 1
	return nil
}
