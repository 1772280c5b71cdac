package escrow

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// ContractType is how the price comes about.
type ContractType string

// The contract types. Auction has no rules yet.
const (
	Fixed   ContractType = "fixed"
	Auction ContractType = "auction"
)

// AwardMethod is how the worker is found.
type AwardMethod string

// The award methods.
const (
	AwardDirect     AwardMethod = "direct_award"
	AwardOpenTender AwardMethod = "open_tender"
)

// VerificationMode is who judges a delivery: the client, with backup agents
// only in a dispute (privacy-preserving), or always backup agents (standard).
type VerificationMode string

// The verification modes.
const (
	PrivacyPreserving VerificationMode = "privacy-preserving"
	Standard          VerificationMode = "standard"
)

// Terms is what a contract is about before anybody has agreed to it. A
// lifecycle reads the fields it knows and refuses, at the founding, what does
// not fit.
type Terms struct {
	// ID is the application's: 1 to 200 bytes of printable ASCII, no blank, no "/".
	ID     string
	Client string
	// Worker is empty in an open tender.
	Worker string
	// Asset is what is paid in; the zero value is the lifecycle's own.
	Asset Asset
	// Policy is what the contract lives under; nil is the lifecycle's default.
	Policy *Policy

	// Price is in whole units of the asset.
	Price                  decimal.Decimal
	TaskDescription        string
	SupplementaryMaterials string
	AcceptanceCriteria     []string
	ContractType           ContractType
	AwardMethod            AwardMethod
	VerificationMode       VerificationMode
	MatchDeadline          time.Time
	WithdrawalDeadline     time.Time
	DeliveryDeadline       time.Time
	ReviewDeadline         time.Time

	// OpenTrain.
	Title, JobID, ProposalID string
	Milestones               []MilestoneTerms

	// Data is the own data of a lifecycle from outside, of the type it declared.
	Data any
}

// terms is [Terms] frozen: bounded, converted, and shared by all snapshots of a
// contract.
type terms struct {
	id, client, worker string
	asset              Asset
	policy             Policy
	price              Amount
	initiationFee      Amount
	minPayout          Amount

	task, materials string
	criteria        []string
	contractType    ContractType
	award           AwardMethod
	mode            VerificationMode
	// fixed are the deadlines of the terms, by kind of moment.
	fixed [momentReview + 1]instant

	title, jobID, proposalID string
	drafted                  []MilestoneTerms

	// What a draft's founding will be refused for, found once: faults that come
	// before the comparison of its first deadline with the clock, and after.
	early, late *Error
	unworkable  *Error
	// text is a faulty draft as it was read, so that writing does not mend it.
	text       string
	asked      number
	priceFault Reason
}

// Draft returns the snapshot that a contract is founded from. It never fails:
// what is wrong with the terms is what the founding command is refused for.
func (l *Lifecycle) Draft(t Terms) Contract {
	f := &terms{
		id: t.ID, client: t.Client, worker: t.Worker, asset: t.Asset,
		task: t.TaskDescription, materials: t.SupplementaryMaterials,
		criteria:     append([]string(nil), t.AcceptanceCriteria...),
		contractType: t.ContractType, award: t.AwardMethod, mode: t.VerificationMode,
		title: t.Title, jobID: t.JobID, proposalID: t.ProposalID,
		drafted: append([]MilestoneTerms(nil), t.Milestones...),
	}
	if f.asset == (Asset{}) {
		f.asset = l.asset
	}
	f.policy = l.policy
	if t.Policy != nil {
		f.policy = *t.Policy
	}
	f.asked, f.priceFault = numberOf(t.Price)
	for _, m := range [...]struct {
		to   *instant
		from time.Time
		name string
	}{
		{&f.fixed[momentMatch], t.MatchDeadline, "matchDeadline"}, {&f.fixed[momentWithdrawal], t.WithdrawalDeadline, "withdrawalDeadline"},
		{&f.fixed[momentDelivery], t.DeliveryDeadline, "deliveryDeadline"}, {&f.fixed[momentReview], t.ReviewDeadline, "reviewDeadline"},
	} {
		if m.from.IsZero() {
			continue
		}
		if *m.to = instantOf(m.from); !m.to.valid() && f.early == nil {
			f.early = field(Malformed, m.name, "lies outside the years 1 to 9999")
		}
	}
	return l.draft(f, t.Data)
}

// draft finishes frozen terms into a snapshot.
func (l *Lifecycle) draft(f *terms, data any) Contract {
	f.freeze()
	c := Contract{law: l, terms: f, worker: f.worker, data: data}
	if f.early == nil {
		f.early = f.malformed()
	}
	if !l.holdsData(data) {
		// Rules look at the data before the draft is refused for it.
		c.data = reflect.Zero(l.dataType()).Interface()
		f.early = cmp.Or(f.early, field(Malformed, "data", "is not the data of lifecycle "+l.name))
	}
	for i := range f.drafted {
		if _, fault := c.milestoneOf(f.drafted[i], "milestones["+strconv.Itoa(i)+"]"); fault != nil && f.early == nil &&
			(fault.reason == Malformed || fault.reason == AmountBounds) {
			f.early = fault
		}
	}
	if f.early == nil {
		f.early = f.unworkable
	}
	if f.early == nil {
		f.early = f.policy.fault(l.fields, f.asset)
	}
	if f.early == nil && f.client == "" {
		f.early = field(InvalidTerms, "client", "is missing")
	}
	if l.judged {
		f.judge()
	} else if f.early == nil {
		f.early = l.unusedFault(f)
	}
	return c
}

// unusedFault checks the terms that could not be written down again, where the
// lifecycle does not judge them itself. A hire looks at the price last.
func (l *Lifecycle) unusedFault(f *terms) *Error {
	if len(f.criteria) > maxCriteria {
		return field(InvalidTerms, "acceptanceCriteria", "must be at most ten")
	} else if !l.hires() {
		return f.scaleFault()
	}
	return nil
}

// scaleFault checks that the price can be paid in the asset.
func (f *terms) scaleFault() *Error {
	if f.priceFault != "" {
		return field(f.priceFault, "budgetOrPrice", "has more decimal places than the asset")
	}
	return nil
}

// Terms returns what the contract is about, as it was drafted: its price and
// deadlines, its parties but for a worker found later, and its policy whole.
// Milestones are those of a draft only; see [Contract.Milestones].
func (c *Contract) Terms() Terms {
	f := c.said()
	policy := f.policy
	return Terms{
		ID: f.id, Client: f.client, Worker: f.worker, Asset: f.asset, Policy: &policy,
		Price: f.asset.Decimal(f.price), TaskDescription: f.task, SupplementaryMaterials: f.materials,
		AcceptanceCriteria: slices.Clone(f.criteria), ContractType: f.contractType, AwardMethod: f.award, VerificationMode: f.mode,
		MatchDeadline: f.fixed[momentMatch].time(), WithdrawalDeadline: f.fixed[momentWithdrawal].time(),
		DeliveryDeadline: f.fixed[momentDelivery].time(), ReviewDeadline: f.fixed[momentReview].time(),
		Title: f.title, JobID: f.jobID, ProposalID: f.proposalID, Milestones: slices.Clone(f.drafted), Data: c.data,
	}
}

// freeze converts what is given in whole units into smallest units.
func (f *terms) freeze() {
	if f.priceFault == "" {
		f.price, f.priceFault = f.asked.units(f.asset.Scale)
	}
	f.initiationFee, _ = f.asset.Amount(f.policy.InitiationFee)
	f.minPayout, _ = f.asset.Amount(f.policy.PayoutReview.MinPayout)
}

// malformed returns what makes terms unreadable, whatever the lifecycle.
func (f *terms) malformed() *Error {
	switch {
	case !validID(f.id) || strings.Contains(f.id, "/"):
		return field(Malformed, "id", "must be 1 to 200 bytes of printable ASCII without blanks or /")
	case f.asset.Scale > maxScale || !validID(f.asset.Code):
		return field(Malformed, "asset", "needs a code and a scale of 0 to 18")
	case f.client != "" && !validID(f.client):
		return field(Malformed, "client", "must be 1 to 200 bytes of printable ASCII without blanks")
	case f.worker != "" && !validID(f.worker):
		return field(Malformed, "worker", "must be 1 to 200 bytes of printable ASCII without blanks")
	case f.priceFault != "" && f.priceFault != AmountScale:
		return field(f.priceFault, "budgetOrPrice", "is no amount within bounds")
	}
	return nil
}

// judge finds, once for a draft, what an OpenContract founding will refuse.
func (f *terms) judge() {
	if f.early == nil {
		f.early = f.termsFault()
	}
	f.late = f.orderFault()
}

// termsFault checks the terms up to the deadlines, in the documented order.
func (f *terms) termsFault() *Error {
	switch {
	case blank(f.task):
		return field(InvalidTerms, "taskDescription", "is blank")
	case f.asked == number{} && f.priceFault == "":
		return field(InvalidTerms, "budgetOrPrice", "must be more than zero")
	case f.priceFault != "":
		return f.scaleFault()
	case len(f.criteria) == 0 || len(f.criteria) > maxCriteria:
		return field(InvalidTerms, "acceptanceCriteria", "must be one to ten")
	}
	for _, criterion := range f.criteria {
		if blank(criterion) {
			return field(InvalidTerms, "acceptanceCriteria", "holds a blank criterion")
		}
	}
	switch {
	case f.contractType == Auction:
		return field(UnsupportedCombination, "contractType", "auctions have no rules yet; use fixed")
	case f.contractType != Fixed:
		return field(InvalidTerms, "contractType", "must be fixed")
	case f.award != AwardDirect && f.award != AwardOpenTender:
		return field(InvalidTerms, "awardMethod", "must be direct_award or open_tender")
	case f.mode != PrivacyPreserving && f.mode != Standard:
		return field(InvalidTerms, "verificationMode", "must be privacy-preserving or standard")
	case (f.worker != "") != (f.award == AwardDirect):
		return field(InvalidTerms, "worker", "must be named in a direct award, and only there")
	case f.worker == f.client:
		return field(InvalidTerms, "worker", "must not be the client")
	}
	return nil
}

// orderFault checks the deadlines among themselves.
func (f *terms) orderFault() *Error {
	switch {
	case f.fixed[momentWithdrawal].before(f.fixed[momentMatch]):
		return field(InvalidTerms, "withdrawalDeadline", "must not be before the match deadline")
	case f.fixed[momentDelivery].before(f.fixed[momentWithdrawal]) || !f.fixed[momentMatch].before(f.fixed[momentDelivery]):
		return field(InvalidTerms, "deliveryDeadline", "must be after the match deadline and not before the withdrawal deadline")
	case f.mode == Standard && !f.fixed[momentReview].isZero():
		return field(InvalidTerms, "reviewDeadline", "must be absent in standard mode, where backup agents judge")
	case f.mode == PrivacyPreserving && !f.fixed[momentDelivery].before(f.fixed[momentReview]):
		return field(InvalidTerms, "reviewDeadline", "must be after the delivery deadline")
	}
	return nil
}

// termsFault returns what an OpenContract founding is refused for at an instant.
func (c *Contract) termsFault(now instant) *Error {
	switch {
	case c.status != 0:
		return nil
	case !now.before(c.terms.fixed[momentMatch]):
		return refuseMatch
	}
	return c.terms.late
}

var refuseMatch = field(InvalidTerms, "matchDeadline", "must lie in the future")

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// nothing is what the zero contract says.
var nothing terms

// said returns the contract's terms, so that the zero contract can be asked.
func (c *Contract) said() *terms {
	if c.terms == nil {
		return &nothing
	}
	return c.terms
}
