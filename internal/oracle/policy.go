package oracle

import "encoding/json"

type payoutReview struct {
	MinPayout number `json:"minPayout"`
	Quorum    count  `json:"quorum"`
}

// ocPolicy is opencontract.md, "Policy".
type ocPolicy struct {
	ProtocolFee               number        `json:"protocolFee"`
	WorkerStakeRatio          number        `json:"workerStakeRatio"`
	DisputeBondRatio          number        `json:"disputeBondRatio"`
	BackupAgentBondRatio      number        `json:"backupAgentBondRatio"`
	EarlyWithdrawalSlashRatio number        `json:"earlyWithdrawalSlashRatio"`
	AbsentNoneMetClientShare  number        `json:"absentNoneMetClientShare"`
	BaUnclearSlashRatio       number        `json:"baUnclearSlashRatio"`
	TokenMintRewardFull       number        `json:"tokenMintRewardFull"`
	TokenMintRewardReduced    number        `json:"tokenMintRewardReduced"`
	BaEligibilityStake        number        `json:"baEligibilityStake"`
	BaVotingWindow            window        `json:"baVotingWindow"`
	BaRecruitCount            count         `json:"baRecruitCount"`
	NoQuorum                  string        `json:"noQuorum"`
	UnclearCredit             number        `json:"unclearCredit"`
	DisputeForfeitTo          string        `json:"disputeForfeitTo"`
	BackupSlashTo             string        `json:"backupSlashTo"`
	PayoutReview              *payoutReview `json:"payoutReview"`
}

// otPolicy is opentrain.md, "Policy".
type otPolicy struct {
	ApprovalTTL    window        `json:"approvalTTL"`
	MarketplaceFee number        `json:"marketplaceFee"`
	InitiationFee  number        `json:"initiationFee"`
	EndDisposition string        `json:"endDisposition"`
	Quorum         count         `json:"quorum"`
	SeparateDuties bool          `json:"separateDuties"`
	PayoutReview   *payoutReview `json:"payoutReview"`
}

var ocDefaults = ocPolicy{
	ProtocolFee: decimal("0.05"), WorkerStakeRatio: decimal("0.05"), DisputeBondRatio: decimal("0.05"),
	BackupAgentBondRatio: decimal("0.05"), EarlyWithdrawalSlashRatio: decimal("0.3"),
	AbsentNoneMetClientShare: decimal("0.8"), BaUnclearSlashRatio: decimal("0.3"),
	TokenMintRewardFull: decimal("10"), TokenMintRewardReduced: decimal("4"), BaEligibilityStake: decimal("1000"),
	BaVotingWindow: 24 * 3600, BaRecruitCount: 3, UnclearCredit: decimal("0"),
	NoQuorum: "approve", DisputeForfeitTo: "worker", BackupSlashTo: "treasury",
}

var otDefaults = otPolicy{ApprovalTTL: 72 * 3600, MarketplaceFee: decimal("0.10"), InitiationFee: decimal("9.95"), EndDisposition: "refund", Quorum: 1}

// readPolicy: "absent fields take their defaults"; in a snapshot with a schema "a policy
// that does not name every field is malformed".
func (c *contract) readPolicy(strict bool) *refusal {
	no := c.readFields()
	if no != nil || !strict {
		return no
	}
	var given, whole map[string]json.RawMessage
	if no := decode(c.Policy, &given, "policy"); no != nil {
		return no
	}
	c.writeOut()
	if no := decode(c.Policy, &whole, "policy"); no != nil {
		return no
	}
	for name := range whole {
		if value := given[name]; value == nil || (absent(value) && name != "payoutReview") {
			return malformed("policy")
		}
	}
	return nil
}

func (c *contract) readFields() *refusal {
	raw := c.Policy
	if absent(raw) {
		raw = []byte("{}")
	}
	if c.Lifecycle == "opentrain" {
		p := otDefaults
		no := decodePolicy(raw, &p)
		c.ot = &p
		return no
	}
	p := ocDefaults
	no := decodePolicy(raw, &p)
	c.oc = &p
	return no
}

// decodePolicy: "an unknown policy field is always invalid_policy".
func decodePolicy(raw json.RawMessage, into any) *refusal {
	no := decode(raw, into, "policy")
	if no != nil && no.Reason == "amount_bounds" { // a policy that cannot work (chosen)
		no.Reason = "invalid_policy"
	}
	if no != nil {
		return no
	}
	if no := decodeStrict(raw, into, "policy"); no != nil {
		return &refusal{Code: "invalid_request", Reason: "invalid_policy", Details: map[string]any{}}
	}
	return nil
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// writeOut: "every decision writes the policy out whole".
func (c *contract) writeOut() {
	if !c.drawn() { // votes are written once there are agents to cast them (chosen)
		c.Votes = nil
	}
	var err error
	if c.oc != nil {
		c.Policy, err = json.Marshal(c.oc)
	} else {
		c.Policy, err = json.Marshal(c.ot)
	}
	if err != nil {
		panic(err)
	}
}

func (c *contract) payoutReview() *payoutReview {
	if c.oc != nil {
		return c.oc.PayoutReview
	}
	return c.ot.PayoutReview
}

// fault is opencontract.md: "create refuses (invalid_policy) what cannot work".
// It names the first wrong field. (order chosen)
func (p *ocPolicy) fault(scale int) string {
	tokens := decimal("1000000000000000000") // (limit and places chosen)
	wrongTokens := func(n number) bool { return n.rat().Cmp(tokens.r) > 0 || n.places() > 18 }
	switch {
	case !p.ProtocolFee.isRatio():
		return "protocolFee"
	case !p.WorkerStakeRatio.isRatio():
		return "workerStakeRatio"
	case !p.DisputeBondRatio.isRatio():
		return "disputeBondRatio"
	case !p.BackupAgentBondRatio.isRatio():
		return "backupAgentBondRatio"
	case !p.EarlyWithdrawalSlashRatio.isRatio():
		return "earlyWithdrawalSlashRatio"
	case !p.AbsentNoneMetClientShare.isRatio():
		return "absentNoneMetClientShare"
	case !p.BaUnclearSlashRatio.isRatio():
		return "baUnclearSlashRatio"
	case p.NoQuorum != "approve" && p.NoQuorum != "unclear":
		return "noQuorum"
	case !p.UnclearCredit.isRatio():
		return "unclearCredit"
	case p.DisputeForfeitTo != "worker" && p.DisputeForfeitTo != "treasury":
		return "disputeForfeitTo"
	case p.BackupSlashTo != "treasury" && p.BackupSlashTo != "client":
		return "backupSlashTo"
	case p.PayoutReview.wrongQuorum():
		return "payoutReview"
	case p.EarlyWithdrawalSlashRatio.String() == "1":
		return "earlyWithdrawalSlashRatio"
	case wrongTokens(p.TokenMintRewardFull):
		return "tokenMintRewardFull"
	case wrongTokens(p.TokenMintRewardReduced):
		return "tokenMintRewardReduced"
	case wrongTokens(p.BaEligibilityStake):
		return "baEligibilityStake"
	case p.BaVotingWindow <= 0 || p.BaVotingWindow > 3650*86400: // a year is 365 days (chosen)
		return "baVotingWindow"
	case p.BaRecruitCount%2 == 0 || p.BaRecruitCount > 15:
		return "baRecruitCount"
	case p.PayoutReview.wrongAmount(scale):
		return "payoutReview"
	}
	return ""
}

// fault is opentrain.md, "invalid_policy". (order chosen)
func (p *otPolicy) fault(scale int) string {
	switch {
	case !p.MarketplaceFee.isRatio():
		return "marketplaceFee"
	case p.EndDisposition != "refund" && p.EndDisposition != "release" && p.EndDisposition != "require":
		return "endDisposition"
	case p.PayoutReview.wrongQuorum():
		return "payoutReview"
	case p.ApprovalTTL <= 0 || p.ApprovalTTL > 365*86400:
		return "approvalTTL"
	case p.InitiationFee.fit(scale) != "":
		return "initiationFee"
	case p.Quorum < 1 || p.Quorum > 10:
		return "quorum"
	case p.PayoutReview.wrongAmount(scale):
		return "payoutReview"
	}
	return ""
}

// wrongQuorum: outside 1 to 10. (chosen)
func (r *payoutReview) wrongQuorum() bool { return r != nil && (r.Quorum < 1 || r.Quorum > 10) }

func (r *payoutReview) wrongAmount(scale int) bool { return r != nil && r.MinPayout.fit(scale) != "" }
