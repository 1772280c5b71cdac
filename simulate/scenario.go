package simulate

import (
	"time"

	"github.com/escrow-go/escrow"
)

// Scenario is what is simulated: contracts of one lifecycle under one or more
// policies, and the people who live under them. [ParseScenario] reads one, with
// a default for every field that is left out.
type Scenario struct {
	// Name and About say to a reader what it shows.
	Name, About string
	// Lifecycle is opencontract.Lifecycle or opentrain.Lifecycle.
	Lifecycle *escrow.Lifecycle
	// Policies are compared on the same random numbers; the first is what the
	// others are compared with.
	Policies []Policy
	// Seed makes the random numbers: same scenario, same seed, same bytes.
	Seed uint64
	// Contracts is how many are simulated, 1 to 10^10.
	Contracts int
	// Horizon is how long contracts keep arriving. Each is followed to its end,
	// beyond it too.
	Horizon time.Duration
	// Arrivals is when in the horizon a contract arrives, as a part of it.
	Arrivals Distribution
	// Price is in smallest units; for OpenTrain it is that of each milestone.
	// PriceStep is what prices are rounded to (half up, at least one step).
	Price     Distribution
	PriceStep int64
	// Value is what the whole work is worth to the client, as a part of the price.
	Value Distribution
	// CapitalCost is what a year of locked money costs its owner, as a part of it.
	CapitalCost escrow.Ratio
	Terms       Terms
	Matching    Matching
	Workers     []Worker
	Clients     []Client
	// BackupAgents is who juries are drawn from.
	BackupAgents []BackupAgent
	// Approvers is who co-signs approvals and payout reviews.
	Approvers []Approver
	Approvals Approvals
	// Sweep varies fields of the scenario; empty for none.
	Sweep []Axis
	// Frontier names the two measures of which a sweep looks for the best
	// exchange; nil for none.
	Frontier *Frontier

	document *node
}

// Policy is a policy with the name that results give it.
type Policy struct {
	Name   string
	Policy escrow.Policy
}

// Terms are what every contract of the scenario agrees on besides the price.
type Terms struct {
	// Criteria is how many an OpenContract contract has, 1 to 10.
	Criteria int
	// Milestones is how many an OpenTrain contract has, 1 to 10.
	Milestones int
	Award      string
	Mode       string
	// The windows follow one another: Withdrawal counts from the match deadline,
	// Delivery from the withdrawal deadline, Review from the delivery deadline.
	// In OpenTrain only Delivery (for each milestone) and Review have a meaning.
	Match, Withdrawal, Delivery, Review time.Duration
}

// Matching is how an offer finds its worker.
type Matching struct {
	// Chance is that somebody takes the offer at all.
	Chance escrow.Ratio
	// After is when, as a part of the match window; 1 and more is too late.
	After Distribution
	// DrawAfter is when the system draws a jury, as a part of the window for it;
	// 1 and more is never.
	DrawAfter Distribution
}

// Worker is a group of workers who behave alike.
type Worker struct {
	Behaviour WorkerBehaviour
	Share     escrow.Ratio
	// Quality is the chance that a criterion is truly met by what is delivered.
	Quality escrow.Ratio
	// Delivers is when, as a part of the time from the match to the delivery
	// deadline; 1 and more is too late.
	Delivers Distribution
	// Withdraws is the chance of giving up in time, WithdrawsAt when, as a part of
	// the time from the match to the withdrawal deadline.
	Withdraws   escrow.Ratio
	WithdrawsAt Distribution
	// Cost is what the work costs the worker, as a part of the price.
	Cost Distribution
	// Expects is the chance of acceptance that a rational worker reckons with.
	Expects escrow.Ratio
}

// WorkerBehaviour names how a worker behaves.
type WorkerBehaviour string

// The behaviours of workers.
const (
	// ReliableWorker delivers in time.
	ReliableWorker WorkerBehaviour = "reliable"
	// LateWorker tries, and often misses the delivery deadline.
	LateWorker WorkerBehaviour = "late"
	// AbsentWorker accepts and is never seen again.
	AbsentWorker WorkerBehaviour = "absent"
	// WithdrawingWorker gives up in time.
	WithdrawingWorker WorkerBehaviour = "withdrawing"
	// PoorWorker delivers work that meets few criteria.
	PoorWorker WorkerBehaviour = "poor"
	// RationalWorker knows its cost once it has accepted, and does what pays best:
	// deliver, withdraw or vanish.
	RationalWorker WorkerBehaviour = "rational"
)

// Client is a group of clients who behave alike.
type Client struct {
	Behaviour ClientBehaviour
	Share     escrow.Ratio
	// Cancels is the chance that the offer is taken back if nobody has accepted it
	// in the first half of the match window.
	Cancels escrow.Ratio
	// Reviews is when the delivery is looked at, as a part of the time from the
	// delivery to the review deadline; 1 and more is never.
	Reviews Distribution
	// Errs is the chance to take a good delivery for bad, or a bad one for good.
	Errs escrow.Ratio
	// Trusts is the chance that a jury judges rightly, as a rational client reckons.
	Trusts escrow.Ratio
}

// ClientBehaviour names how a client behaves.
type ClientBehaviour string

// The behaviours of clients.
const (
	// HonestClient approves what it finds good and disputes what it finds bad.
	HonestClient ClientBehaviour = "honest"
	// NegligentClient never looks.
	NegligentClient ClientBehaviour = "negligent"
	// DisputingClient disputes whatever it is given.
	DisputingClient ClientBehaviour = "disputing"
	// RationalClient disputes when that pays better than approving.
	RationalClient ClientBehaviour = "rational"
)

// BackupAgent is a group of backup agents who behave alike.
type BackupAgent struct {
	Behaviour AgentBehaviour
	Share     escrow.Ratio
	// Votes is the chance to vote at all, VotesAt when, as a part of the voting
	// window; 1 and more is too late.
	Votes   escrow.Ratio
	VotesAt Distribution
	// Accuracy is the chance to judge a criterion rightly, Unclear the chance to
	// call it unclear instead of judging.
	Accuracy, Unclear escrow.Ratio
	// Side is whom a colluding agent votes for.
	Side Side
}

// AgentBehaviour names how a backup agent behaves.
type AgentBehaviour string

// The behaviours of backup agents.
const (
	// DiligentAgent votes, and mostly rightly.
	DiligentAgent AgentBehaviour = "diligent"
	// LazyAgent often does not vote, and looks less closely.
	LazyAgent AgentBehaviour = "lazy"
	// RandomAgent tosses a coin.
	RandomAgent AgentBehaviour = "random"
	// ColludingAgent votes for its side, whatever was delivered.
	ColludingAgent AgentBehaviour = "colluding"
)

// Side is a party that a colluding backup agent votes for.
type Side string

// The sides.
const (
	ForClient Side = "client"
	ForWorker Side = "worker"
)

// Approver is a group of people who behave alike when asked to co-sign.
type Approver struct {
	Behaviour ApproverBehaviour
	Share     escrow.Ratio
	// Answers is the chance to answer at all, After how long it takes.
	Answers escrow.Ratio
	After   Distribution
	// Declines is the chance that the answer is no.
	Declines escrow.Ratio
}

// ApproverBehaviour names how an approver behaves.
type ApproverBehaviour string

// The behaviours of approvers.
const (
	// PromptApprover answers within hours.
	PromptApprover ApproverBehaviour = "prompt"
	// SlowApprover answers within days.
	SlowApprover ApproverBehaviour = "slow"
	// AbsentApprover does not answer.
	AbsentApprover ApproverBehaviour = "absent"
)

// Approvals is how co-signs are asked for.
type Approvals struct {
	// Team is how many people each request goes to; the first answers count. At
	// least the policy's quorum is asked.
	Team int
	// Asks is how often a request is made before the client gives it up, 1 to 10.
	Asks int
	// Relieved is after how long a payout review that people leave lying is done
	// by somebody else: a review does not expire.
	Relieved time.Duration
}

// Axis is one field that a sweep varies.
type Axis struct {
	// Field is the path of a field of the scenario, as in
	// "policy.earlyWithdrawalSlashRatio" or "backupAgents[1].share".
	Field string
	// Values are what it takes, as they stand in JSON.
	Values []string
}

// Frontier names two measures, and of each whether less is better.
type Frontier struct {
	X, Y         string
	LessX, LessY bool
}
