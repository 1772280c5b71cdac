package backtest

import (
	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// Report is what replaying a record came to. Amounts are exact, in whole units of
// their asset.
type Report struct {
	// Lines were read, blank ones left out; Histories were replayed.
	Lines     int `json:"lines"`
	Histories int `json:"histories"`
	// Stopped says that the run was stopped before the end of the record.
	Stopped bool `json:"stopped"`
	// MidLife counts the histories that do not begin with a draft, Mismatched those
	// with a snapshot that the requests before do not lead to: neither is compared.
	MidLife    int `json:"midLife"`
	Mismatched int `json:"mismatched"`
	// FaultyLines are no requests, or go back in time; LateLines are about contracts
	// that had ended in every replay.
	FaultyLines int `json:"faultyLines"`
	LateLines   int `json:"lateLines"`
	// LeftOut names the first histories and lines that are left out.
	LeftOut  []Omission   `json:"leftOut"`
	Policies []Comparison `json:"policies"`
}

// Omission is something that a report leaves out.
type Omission struct {
	Line int `json:"line"`
	// Contract is empty for a line that names none.
	Contract string `json:"contract,omitempty"`
	Why      string `json:"why"`
}

// Comparison is what would have been under one policy, next to what was.
type Comparison struct {
	Policy    string `json:"policy"`
	Lifecycle string `json:"lifecycle"`
	// Histories are compared; OtherLifecycle are not concerned; Unfounded could not
	// have been founded under the policy, the first of them because of Why.
	Histories      int    `json:"histories"`
	OtherLifecycle int    `json:"otherLifecycle"`
	Unfounded      int    `json:"unfounded"`
	Why            string `json:"why,omitempty"`
	// Parted histories went another way; Partings lists the first of them. Outlived
	// histories had ended in the record, and were ended by time and the system under
	// the policy.
	Parted   int       `json:"parted"`
	Outlived int       `json:"outlived"`
	Money    []Money   `json:"money"`
	Endings  []Ending  `json:"endings"`
	Changes  []Change  `json:"changes"`
	Partings []History `json:"partings"`

	// parties are the names of those whom money can reach.
	parties []string
}

// Money is what went between the parties in one asset.
type Money struct {
	Asset   string       `json:"asset"`
	Scale   uint8        `json:"scale"`
	Parties []PartyMoney `json:"parties"`
	// Held is what open contracts hold in the end.
	Held Sums `json:"held"`
}

// PartyMoney is what went to and from a party, in the record and under the policy.
type PartyMoney struct {
	// Party is the party's name in the lifecycle; all accounts that are it are one.
	Party    string `json:"party"`
	Recorded Flow   `json:"recorded"`
	Replayed Flow   `json:"replayed"`
	// Difference is how much more, net, the party would have had; less if negative.
	Difference decimal.Decimal `json:"difference"`
}

// Sums is one sum in the record and under the policy.
type Sums struct {
	Recorded decimal.Decimal `json:"recorded"`
	Replayed decimal.Decimal `json:"replayed"`
}

// Ending counts the histories that end in a way: a terminal status, "open: " with
// the status in which they were left, or "never founded".
type Ending struct {
	Ending   string `json:"ending"`
	Recorded int    `json:"recorded"`
	Replayed int    `json:"replayed"`
}

// Change counts the histories that ended in one way in the record and in another,
// or the same, under the policy.
type Change struct {
	Recorded  string `json:"recorded"`
	Replayed  string `json:"replayed"`
	Histories int    `json:"histories"`
}

// History is one history that would have gone another way.
type History struct {
	Contract string `json:"contract"`
	// Line is that of its first request.
	Line     int    `json:"line"`
	Recorded string `json:"recorded"`
	Replayed string `json:"replayed"`
	// Outlived says that time and the system ended it under the policy, after its
	// record had ended.
	Outlived bool `json:"outlived"`
	// Parting is the first request that is answered otherwise; nil when time alone
	// makes the difference.
	Parting *Parting `json:"parting"`
	Asset   string   `json:"asset"`
	// Differences are how much more, net, each party would have had; parties for
	// whom it is the same are left out.
	Differences []Difference `json:"differences"`
}

// Difference is how much more a party would have had; less if negative.
type Difference struct {
	Party  string          `json:"party"`
	Amount decimal.Decimal `json:"amount"`
}

// Parting is a request that is answered otherwise than recorded.
type Parting struct {
	Line   int           `json:"line"`
	Action escrow.Action `json:"action"`
	Actor  string        `json:"actor"`
	// Was is the recorded answer, Is the one under the policy: a rule and the status
	// it leads to, or "refused".
	Was string `json:"was"`
	Is  string `json:"is"`
	// Reason and Message are those of the refusal, whichever of the two it is; empty
	// when neither is one.
	Reason  escrow.Reason `json:"reason,omitempty"`
	Message string        `json:"message,omitempty"`
	// Lapse is what time alone had done just before under the policy, such as "OC-15
	// at 2026-06-04T12:00:00Z, disputed to resolved".
	Lapse string `json:"lapse,omitempty"`
}
