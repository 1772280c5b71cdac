package simulation

import "math/bits"

// maxJury and maxCriteria are the engine's bounds.
const (
	maxJury     = 15
	maxCriteria = 10
)

// ballots are those of one juror who voted: the criteria it calls met, not met and
// unclear, a bit each.
type ballots [3]uint16

const (
	met = iota
	notMet
	unclear
)

// try lets a jury judge, and settles by what it finds.
func (l *life) try(called int64) {
	l.values[disputes] = 1
	window := l.policy.votingWindow
	drawn := part(called, called+window, l.drawTime.at(l.random.of(ofDraw)))
	var votes [maxJury]ballots
	if drawn >= called+window {
		l.settle(votes[:0], called+window)
		return
	}
	closes, voters, last := drawn+window, 0, int64(0)
	for seat := range l.policy.jury {
		juror := stream(l.random.of(ofJuror + uint64(seat)))
		a := &l.agents[l.agentOf.pick(juror.of(ofAgent))]
		at := part(drawn, closes, a.votesAt.at(juror.of(ofVoteTime)))
		if at < closes && a.votes.falls(juror.of(ofTurnout)) {
			votes[voters] = l.vote(a, juror)
			l.bondUp(&l.policy, l.criteria, at)
			voters, last = voters+1, max(last, at)
		}
	}
	if voters < l.policy.jury {
		last = closes
	}
	l.settle(votes[:voters], last)
}

// vote returns how a juror judges the criteria.
func (l *life) vote(a *agent, juror stream) (b ballots) {
	for i := range uint64(l.criteria) {
		says := met
		if l.bad>>i&1 == 1 {
			says = notMet
		}
		if a.unclear.falls(juror.of(ofBallot + 2*i)) {
			says = unclear
		} else if !a.accuracy.falls(juror.of(ofBallot + 2*i + 1)) {
			says ^= met ^ notMet
		}
		b[says] |= 1 << i
	}
	return b
}

// outcome is what a jury says of all criteria, a bit each.
type outcome struct {
	found ballots
	// quorum says that enough voted, decided are the criteria that a majority of
	// them calls met or not met.
	quorum  bool
	decided uint16
}

// tally decides every criterion by majority.
func (l *life) tally(votes []ballots) (o outcome) {
	all := uint16(1)<<l.criteria - 1
	if o.quorum = 2*len(votes) > l.policy.jury; !o.quorum {
		o.found[unclear] = all
		if l.policy.silenceApproves {
			o.found = ballots{met: all}
		}
		return o
	}
	for says := range o.found {
		o.found[says] = majority(votes, says, l.criteria)
	}
	o.decided = o.found[met] | o.found[notMet]
	o.found[unclear] = all &^ o.decided
	return o
}

// majority returns the criteria on which more than half say the same.
func majority(votes []ballots, says, criteria int) (list uint16) {
	for i := range criteria {
		count := 0
		for _, b := range votes {
			count += int(b[says] >> i & 1)
		}
		if 2*count > len(votes) {
			list |= 1 << i
		}
	}
	return list
}

func count(criteria uint16) int { return bits.OnesCount16(criteria) }

// settle pays everything out by what the votes come to.
func (l *life) settle(votes []ballots, at int64) {
	o := l.tally(votes)
	if o.found[notMet] == l.bad && o.found[unclear] == 0 {
		l.values[disputesRight] = 1
	}
	for _, b := range votes {
		wrong := o.found[met]&b[notMet] | o.found[notMet]&b[met]
		l.bondBack(&l.policy, count(o.decided&wrong), count(o.decided&b[unclear]))
	}
	l.verdict(&l.policy, &o, l.criteria, at)
}
