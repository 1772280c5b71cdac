package escrow

type caseKind uint8

const (
	caseDirectAward caseKind = iota
	caseOpenTender
	caseClientReviews
	caseJuryJudges
	caseUndrawn
	caseDrawn
	caseLastVote
	caseFullyMet
	casePartlyMet
	caseNoneMet
	caseUpheld
	caseMostNotMet
	caseNothingFunded
	caseSomethingFunded
	caseData
)

// Case is a circumstance that selects a rule among those of the same action.
type Case struct {
	name string
	kind caseKind
	of   func(any) bool
	// empty are the pots that hold nothing when the case holds. The proof takes
	// the case's word for it; the audit of every decision does not.
	empty potSet
	fit   fit
}

// String returns the case as the rule book prints it.
func (c Case) String() string { return c.name }

// The cases of the two lifecycles.
var (
	// DirectAward: the contract names its worker.
	DirectAward = Case{name: "direct award", kind: caseDirectAward}
	// OpenTender: whoever accepts first is the worker.
	OpenTender = Case{name: "open tender", kind: caseOpenTender}
	// ClientReviews: privacy-preserving mode, the client judges the delivery.
	ClientReviews = Case{name: "client reviews", kind: caseClientReviews}
	// JuryJudges: a dispute, or standard mode, where every delivery is judged.
	JuryJudges = Case{name: "backup agents judge", kind: caseJuryJudges}
	// Undrawn: no backup agents yet.
	Undrawn = Case{name: "undrawn", kind: caseUndrawn}
	// Drawn: backup agents have been drawn.
	Drawn = Case{name: "drawn", kind: caseDrawn}
	// LastVote: one backup agent has not voted yet.
	LastVote = Case{name: "last vote", kind: caseLastVote}
	// FullyMet: the criteria earn the whole price.
	FullyMet = Case{name: "all credit earned", kind: caseFullyMet}
	// PartlyMet: the criteria earn a part of the price.
	PartlyMet = Case{name: "some credit earned", kind: casePartlyMet}
	// NoneMet: the criteria earn nothing.
	NoneMet = Case{name: "no credit earned", kind: caseNoneMet}
	// DeliveryUpheld: a quorum's majority found every criterion met.
	DeliveryUpheld = Case{name: "every criterion met by a quorum's majority", kind: caseUpheld}
	// MostNotMet: more than half of the criteria are not met.
	MostNotMet = Case{name: "more than half not met", kind: caseMostNotMet}
	// NothingFunded: no milestone holds money.
	NothingFunded = Case{name: "nothing funded", kind: caseNothingFunded, empty: potMilestone.set()}
	// SomethingFunded: a milestone holds money.
	SomethingFunded = Case{name: "something funded", kind: caseSomethingFunded}
)

// CaseIn returns a case that depends on the lifecycle's own data.
func CaseIn[D comparable](name string, holds func(D) bool) Case {
	return Case{name: name, kind: caseData, fit: fitData[D](), of: func(data any) bool { return holds(data.(D)) }}
}

func (k *Case) holds(c *Contract) bool {
	switch k.kind {
	case caseDirectAward:
		return c.terms.award == AwardDirect
	case caseOpenTender:
		return c.terms.award == AwardOpenTender
	case caseClientReviews:
		return c.terms.mode == PrivacyPreserving
	case caseJuryJudges:
		return c.terms.mode == Standard || !c.disputedAt.isZero()
	case caseUndrawn:
		return c.jury == nil
	case caseDrawn:
		return c.jury != nil
	case caseLastVote:
		return c.jury != nil && c.jury.voters() == c.jury.size()-1
	case caseFullyMet, casePartlyMet, caseNoneMet:
		return k.kind == c.grade()
	case caseUpheld:
		return c.upheld()
	case caseMostNotMet:
		return 2*c.results.count(notMet) > len(c.terms.criteria)
	case caseNothingFunded:
		return !c.funded()
	case caseSomethingFunded:
		return c.funded()
	case caseData:
		return k.of(c.data)
	}
	return false
}

func allHold(cases []Case, c *Contract) bool {
	for i := range cases {
		if !cases[i].holds(c) {
			return false
		}
	}
	return true
}
