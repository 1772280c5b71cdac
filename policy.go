package escrow

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Policy is the numbers and choices a contract is created under. It is written
// whole into the contract at its founding and never read from defaults again.
// Each lifecycle uses the fields that its rule book lists; start from
// [Lifecycle.DefaultPolicy] and change what differs.
type Policy struct {
	ProtocolFee               Ratio
	WorkerStakeRatio          Ratio
	DisputeBondRatio          Ratio
	BackupAgentBondRatio      Ratio
	EarlyWithdrawalSlashRatio Ratio
	AbsentNoneMetClientShare  Ratio
	BAUnclearSlashRatio       Ratio
	// Tokens are rewards, no escrow money: at most 18 decimal places.
	TokenMintRewardFull    decimal.Decimal
	TokenMintRewardReduced decimal.Decimal
	BAEligibilityStake     decimal.Decimal
	BAVotingWindow         time.Duration
	BARecruitCount         int
	// NoQuorum is approve or unclear.
	NoQuorum      string
	UnclearCredit Ratio
	// DisputeForfeitTo is worker or treasury.
	DisputeForfeitTo string
	// BackupSlashTo is treasury or client.
	BackupSlashTo string

	ApprovalTTL    time.Duration
	MarketplaceFee Ratio
	// InitiationFee is in whole units of the asset.
	InitiationFee  decimal.Decimal
	EndDisposition DispositionChoice
	Quorum         int
	SeparateDuties bool

	PayoutReview PayoutReview
}

// PayoutReview asks that a decision which pays out MinPayout or more, in whole
// units of the asset, waits for Quorum people of the application. A Quorum of 0
// means no review.
type PayoutReview struct {
	MinPayout decimal.Decimal
	Quorum    int
}

// PolicyField is one field of a policy as a lifecycle uses it.
type PolicyField struct {
	// Name is the field's name in JSON.
	Name string
	// Default is the JSON value that an absent field takes.
	Default string
	// Meaning says what the field does, with its bounds.
	Meaning string
	// within reports whether the value is one under which the lifecycle works.
	within func(*Policy, Asset) bool
	value  policyValue
	// ratio is where the field's ratio stands, nil when it is none.
	ratio func(*Policy) *Ratio
}

// WithDefault returns the field with another default, given as JSON.
func (f PolicyField) WithDefault(json string) PolicyField {
	f.Default = json
	return f
}

const (
	year     = 365 * 24 * time.Hour
	tenYears = 10 * year
)

func always(*Policy, Asset) bool { return true }

func ratioField(name, def, meaning string, at func(*Policy) *Ratio) PolicyField {
	return PolicyField{name, def, meaning, always, ratioValue(at), at}
}

func tokenField(name, def, meaning string, at func(*Policy) *decimal.Decimal) PolicyField {
	within := func(p *Policy, _ Asset) bool {
		_, err := Asset{Scale: maxScale}.Amount(*at(p))
		return err == nil
	}
	return PolicyField{name, def, meaning, within, decimalValue(at), nil}
}

func windowField(name, def, meaning string, longest time.Duration, at func(*Policy) *time.Duration) PolicyField {
	within := func(p *Policy, _ Asset) bool {
		return *at(p) > 0 && *at(p) <= longest && *at(p)%time.Second == 0
	}
	return PolicyField{name, def, meaning, within, durationValue(at), nil}
}

func countField(name, def, meaning string, fits func(int) bool, at func(*Policy) *int) PolicyField {
	within := func(p *Policy, _ Asset) bool { return fits(*at(p)) }
	return PolicyField{name, def, meaning, within, countValue(at), nil}
}

func choiceField(name, meaning string, at func(*Policy) *string, choices ...string) PolicyField {
	within := func(p *Policy, _ Asset) bool { return slices.Contains(choices, *at(p)) }
	return PolicyField{name, `"` + choices[0] + `"`, meaning, within, choiceValue{at, choices}, nil}
}

// The policy fields, with the defaults of the documents. A lifecycle lists the
// ones it uses.
var (
	ProtocolFee = ratioField("protocolFee", `"0.05"`,
		"cut of the worker's gross payout, to the treasury",
		func(p *Policy) *Ratio { return &p.ProtocolFee })
	WorkerStakeRatio = ratioField("workerStakeRatio", `"0.05"`,
		"the worker's stake, of the price",
		func(p *Policy) *Ratio { return &p.WorkerStakeRatio })
	DisputeBondRatio = ratioField("disputeBondRatio", `"0.05"`,
		"the client's dispute bond, of the price",
		func(p *Policy) *Ratio { return &p.DisputeBondRatio })
	BackupAgentBondRatio = ratioField("backupAgentBondRatio", `"0.05"`,
		"a backup agent's bond for each criterion, of the price",
		func(p *Policy) *Ratio { return &p.BackupAgentBondRatio })
	EarlyWithdrawalSlashRatio = slashBelowOne(ratioField("earlyWithdrawalSlashRatio", `"0.3"`,
		"part of the stake that goes to the client on withdrawal; below 1, so that withdrawing beats vanishing",
		func(p *Policy) *Ratio { return &p.EarlyWithdrawalSlashRatio }))
	AbsentNoneMetClientShare = ratioField("absentNoneMetClientShare", `"0.8"`,
		"the client's part of a fully slashed stake; the rest goes to the treasury",
		func(p *Policy) *Ratio { return &p.AbsentNoneMetClientShare })
	BAUnclearSlashRatio = ratioField("baUnclearSlashRatio", `"0.3"`,
		"slash of a criterion's bond for voting unclear against a decisive majority",
		func(p *Policy) *Ratio { return &p.BAUnclearSlashRatio })
	TokenMintRewardFull = tokenField("tokenMintRewardFull", `"10"`,
		"tokens for matching a decisive majority",
		func(p *Policy) *decimal.Decimal { return &p.TokenMintRewardFull })
	TokenMintRewardReduced = tokenField("tokenMintRewardReduced", `"4"`,
		"tokens for matching a majority for unclear",
		func(p *Policy) *decimal.Decimal { return &p.TokenMintRewardReduced })
	BAEligibilityStake = tokenField("baEligibilityStake", `"1000"`,
		"tokens a backup agent must hold staked; checked by the application that draws",
		func(p *Policy) *decimal.Decimal { return &p.BAEligibilityStake })
	BAVotingWindow = windowField("baVotingWindow", `"PT24H"`,
		"how long backup agents may vote from the draw, and how long the draw may take; whole seconds, at most 10 years", tenYears,
		func(p *Policy) *time.Duration { return &p.BAVotingWindow })
	BARecruitCount = countField("baRecruitCount", `3`,
		"backup agents drawn; odd, 1 to 15",
		func(n int) bool { return n >= 1 && n <= maxAgents && n%2 == 1 },
		func(p *Policy) *int { return &p.BARecruitCount })
	NoQuorum = choiceField("noQuorum",
		"what it means when most backup agents stay silent: approve (criteria count as met) or unclear",
		func(p *Policy) *string { return &p.NoQuorum }, "approve", "unclear")
	UnclearCredit = ratioField("unclearCredit", `"0"`,
		"what an unclear criterion is worth between 0 (as not met) and 1 (as met)",
		func(p *Policy) *Ratio { return &p.UnclearCredit })
	DisputeForfeitTo = choiceField("disputeForfeitTo",
		"who receives the bond of a rejected dispute: worker or treasury",
		func(p *Policy) *string { return &p.DisputeForfeitTo }, "worker", "treasury")
	BackupSlashTo = choiceField("backupSlashTo",
		"who receives slashed backup bonds: treasury or client",
		func(p *Policy) *string { return &p.BackupSlashTo }, "treasury", "client")

	ApprovalTTL = windowField("approvalTTL", `"PT72H"`,
		"how long a co-sign may take; whole seconds, at most 1 year", year,
		func(p *Policy) *time.Duration { return &p.ApprovalTTL })
	MarketplaceFee = ratioField("marketplaceFee", `"0.1"`,
		"charged to the client on top of each funding; not returned with a refund",
		func(p *Policy) *Ratio { return &p.MarketplaceFee })
	InitiationFee = PolicyField{"initiationFee", `"9.95"`,
		"charged to the client once, at the hire; must fit the asset's scale",
		func(p *Policy, s Asset) bool { _, err := s.Amount(p.InitiationFee); return err == nil },
		decimalValue(func(p *Policy) *decimal.Decimal { return &p.InitiationFee }), nil}
	EndDisposition = choiceField("endDisposition",
		"what the proposal to end does with funded milestones: refund, release, or require (refunds are shown and a confirmation must name each)",
		func(p *Policy) *string { return (*string)(&p.EndDisposition) }, string(Refund), string(Release), string(Choose))
	Quorum = countField("quorum", `1`,
		"humans who must confirm; 1 to 10", quorumFits,
		func(p *Policy) *int { return &p.Quorum })
	SeparateDutiesField = PolicyField{"separateDuties", `false`,
		"whoever asked cannot be the only one to confirm", always,
		flagValue(func(p *Policy) *bool { return &p.SeparateDuties }), nil}

	PayoutReviewField = PolicyField{"payoutReview", `null`,
		"{minPayout, quorum}: payouts of minPayout or more wait for quorum people of the application; null for none",
		func(p *Policy, s Asset) bool {
			_, err := s.Amount(p.PayoutReview.MinPayout)
			return p.PayoutReview.Quorum == 0 || err == nil && quorumFits(p.PayoutReview.Quorum)
		},
		reviewValue{}, nil}
)

func quorumFits(n int) bool { return n >= 1 && n <= 10 }

func slashBelowOne(f PolicyField) PolicyField {
	f.within = func(p *Policy, _ Asset) bool { return p.EarlyWithdrawalSlashRatio.e18 < ratioOne }
	return f
}

// fault returns what makes the policy unworkable for the fields in use.
func (p *Policy) fault(fields []PolicyField, asset Asset) *Error {
	for i := range fields {
		if !fields[i].within(p, asset) {
			return field(InvalidPolicy, fields[i].Name, "is out of its bounds: "+fields[i].Meaning)
		}
	}
	return nil
}
