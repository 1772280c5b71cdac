package escrow

// The fields of a contract, in the order in which they are written.
const (
	fID = iota
	fLifecycle
	fStatus
	fRevision
	fCreatedAt
	fEndDate
	fClient
	fWorker
	fAsset
	fPolicy
	fTask
	fMaterials
	fDelivery
	fDeliveredAt
	fDisputedAt
	fData
	fCriteria
	fCriteriaMet
	fContractType
	fAward
	fMode
	fPrice
	fMatch
	fWithdrawal
	fDeliveryDeadline
	fReview
	fVoting
	fAgents
	fVotes
	fEscrowed
	fStake
	fBond
	fTitle
	fJob
	fProposal
	fMilestones
	fApprovals
	fCustody
)

var contractNames = fieldNames("id", "lifecycle", "status", "revision", "createdAt", "endDate", "client", "worker",
	"asset", "policy", "taskDescription", "supplementaryMaterials", "delivery", "deliveredAt", "disputedAt", "data",
	"acceptanceCriteria", "criteriaMet", "contractType", "awardMethod", "verificationMode", "budgetOrPrice",
	"matchDeadline", "withdrawalDeadline", "deliveryDeadline", "reviewDeadline", "votingDeadline", "backupAgents",
	"votes", "escrowedFunds", "workerStake", "disputeBond", "title", "jobId", "proposalId", "milestones", "approvals", "custody")

// wireContract is a contract as it was read, before it is known which lifecycle
// and asset its parts belong to.
type wireContract struct {
	*terms
	lifecycle, status, worker, delivery string
	policyText, assetText, dataText     string
	votes, milestones, approvals        string
	custody, text                       string
	criteriaMet, agents                 []string
	revision                            uint64
	createdAt, endDate, deliveredAt     instant
	disputedAt, votingDeadline          instant
	posted                              [singlePots]number
	given                               potSet
}

// contract reads the fields of a contract.
func (r *reader) contract() *wireContract {
	c := &wireContract{terms: &terms{}}
	r.peek()
	start := r.i
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch i := r.field(contractNames, &seen); {
		case i == unknown:
			r.skip()
		case i >= fMatch && i <= fVoting || i == fCreatedAt || i == fEndDate || i == fDeliveredAt || i == fDisputedAt:
			*c.time(i) = r.instant()
		case i == fPolicy, i == fAsset, i == fData, i == fVotes, i == fMilestones, i == fApprovals, i == fCustody:
			*c.part(i) = r.raw()
		case i == fPrice || i >= fEscrowed && i <= fBond:
			r.sum(c, i)
		case i == fCriteria:
			c.criteria = r.texts()
		case i == fCriteriaMet:
			c.criteriaMet = r.texts()
		case i == fAgents:
			c.agents = r.texts()
		case i == fRevision:
			c.revision = r.count(1 << 53)
		case i == fClient, i == fWorker:
			*c.prose(i) = r.id()
		default:
			*c.prose(i) = r.prose()
		}
	}
	c.text = r.s[start:r.i]
	return c
}

func (c *wireContract) time(i int) *instant {
	switch i {
	case fMatch:
		return &c.fixed[momentMatch]
	case fWithdrawal:
		return &c.fixed[momentWithdrawal]
	case fDeliveryDeadline:
		return &c.fixed[momentDelivery]
	case fReview:
		return &c.fixed[momentReview]
	case fVoting:
		return &c.votingDeadline
	case fCreatedAt:
		return &c.createdAt
	case fEndDate:
		return &c.endDate
	case fDeliveredAt:
		return &c.deliveredAt
	}
	return &c.disputedAt
}

func (c *wireContract) part(i int) *string {
	switch i {
	case fPolicy:
		return &c.policyText
	case fAsset:
		return &c.assetText
	case fData:
		return &c.dataText
	case fVotes:
		return &c.votes
	case fMilestones:
		return &c.milestones
	case fApprovals:
		return &c.approvals
	}
	return &c.custody
}

func (c *wireContract) prose(i int) *string {
	switch i {
	case fID:
		return &c.id
	case fLifecycle:
		return &c.lifecycle
	case fStatus:
		return &c.status
	case fClient:
		return &c.client
	case fWorker:
		return &c.worker
	case fTask:
		return &c.task
	case fMaterials:
		return &c.materials
	case fDelivery:
		return &c.delivery
	case fContractType:
		return (*string)(&c.contractType)
	case fAward:
		return (*string)(&c.award)
	case fMode:
		return (*string)(&c.mode)
	case fTitle:
		return &c.title
	case fJob:
		return &c.jobID
	}
	return &c.proposalID
}

// sum reads one of the amounts of a contract.
func (r *reader) sum(c *wireContract, i int) {
	n, reason := r.anyNumber()
	switch {
	case reason == absent:
	case i == fPrice && (reason == "" || reason == AmountScale):
		// A price that is too fine is for the draft's founding to refuse.
		c.asked, c.priceFault = n, reason
	case reason != "":
		r.fail(reason, catalogueText(reason))
	default:
		c.posted[i-fEscrowed] = n
		c.given |= potKind(i - fEscrowed).set()
	}
}

// law returns the lifecycle a contract lives by: the one it names; else the one
// that has its status; else OpenContract.
func (c *wireContract) law(known []*Lifecycle) *Lifecycle {
	for _, l := range known {
		if c.lifecycle == l.name || c.lifecycle == "" && l.indexOf(Status(c.status)) > 0 {
			return l
		}
	}
	if c.lifecycle == "" {
		return known[0]
	}
	return nil
}

// readContract reads a contract of any of the known lifecycles.
func readContract(text string, known []*Lifecycle) (Contract, *Error) {
	r := &reader{s: text}
	w := r.contract()
	r.end()
	if r.fault != nil {
		return Contract{}, r.fault
	}
	return w.resolve(known)
}

// resolve makes a snapshot of the lifecycle that the contract lives by.
func (w *wireContract) resolve(known []*Lifecycle) (Contract, *Error) {
	l := w.law(known)
	if l == nil {
		return Contract{}, refuse(UnknownLifecycle, "there is no lifecycle "+echo(w.lifecycle)+" here")
	}
	status := l.indexOf(Status(w.status))
	if status < 0 {
		return Contract{}, field(Malformed, "status", "lifecycle "+l.name+" has no status "+echo(w.status))
	}
	return w.snapshot(l, uint8(status))
}
