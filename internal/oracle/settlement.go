package oracle

import "math/big"

// settle is OC-16: opencontract.md, "Settlement", movements in its order.
func (s *scene) settle() (*decision, *refusal) {
	c := s.c
	d := s.decide("OC-16", moment{s.now})
	n := big.NewRat(int64(len(c.AcceptanceCriteria)), 1)
	credit := new(big.Rat)
	notMet := 0
	for _, result := range c.CriteriaMet {
		switch result {
		case "met":
			credit.Add(credit, big.NewRat(1, 1))
		case "unclear":
			credit.Add(credit, c.oc.UnclearCredit.rat())
		default:
			notMet++
		}
	}
	gross := new(big.Rat)
	switch {
	case credit.Cmp(n) == 0:
		d.To = "settled-fully-met"
		gross = c.price()
	case credit.Sign() > 0:
		d.To = "settled-partially-met"
		gross = allocate(c.price(), c.scale(), credit, new(big.Rat).Sub(n, credit))[0]
	default:
		d.To = "settled-none-met"
	}
	s.payOut(d, gross)
	if d.To == "settled-none-met" && 2*notMet > len(c.AcceptanceCriteria) {
		s.slashStake(d)
	} else {
		d.move("stake", c.workerAccount(), c.WorkerStake.rat(), "stake_return", all(c.WorkerStake.rat()))
	}
	s.settleDisputeBond(d)
	for _, agent := range c.BackupAgents {
		s.settleBackupBond(d, agent)
	}
	return s.finish(d)
}

// payOut is 1: "allocate(gross; treasury : worker = fee : 1 - fee); payout to the
// worker, then protocol_fee to the treasury; then escrow_refund of the rest".
func (s *scene) payOut(d *decision, gross *big.Rat) {
	c, fee := s.c, s.c.oc.ProtocolFee
	shares := allocate(gross, c.scale(), fee.rat(), complement(fee).rat())
	d.move("escrow", c.workerAccount(), shares[1], "payout", part(gross, complement(fee), "protocolFee"))
	d.move("escrow", "treasury", shares[0], "protocol_fee", part(gross, fee, "protocolFee"))
	d.move("escrow", c.clientAccount(), new(big.Rat).Sub(c.price(), gross), "escrow_refund", all(c.price()))
}

// settleDisputeBond is 3: "dispute_bond_forfeit to disputeForfeitTo when every
// criterion was met by a quorum's majority; otherwise dispute_bond_return".
func (s *scene) settleDisputeBond(d *decision) {
	c := s.c
	bond := c.DisputeBond.rat()
	for i := range c.AcceptanceCriteria {
		result, majority := c.outcome(i)
		if result != "met" || !majority {
			d.move("dispute-bond", c.clientAccount(), bond, "dispute_bond_return", all(bond))
			return
		}
	}
	to := c.workerAccount()
	if c.oc.DisputeForfeitTo == "treasury" {
		to = "treasury"
	}
	d.move("dispute-bond", to, bond, "dispute_bond_forfeit", all(bond))
}

// settleBackupBond is 4 and 5: "backup_bond_return, then backup_bond_slash: the
// sum over its criteria, where a partial slash is allocate(bond; slash : rest)".
func (s *scene) settleBackupBond(d *decision, agent string) {
	c := s.c
	votes := c.votedBy(agent)
	if len(votes) == 0 {
		return
	}
	bond, ratio := c.bondPerCriterion(), c.oc.BaUnclearSlashRatio
	var slashes []*big.Rat
	for _, v := range votes {
		switch v.BondOutcome {
		case "slashed":
			slashes = append(slashes, bond)
		case "partially slashed":
			slashes = append(slashes, allocate(bond, c.scale(), ratio.rat(), complement(ratio).rat())[0])
		}
		if v.Reward.rat().Sign() > 0 {
			*d.Rewards = append(*d.Rewards, reward{agent, v.CriterionIndex, v.Reward})
		}
	}
	posted, slash := c.backupBond(), sum(slashes)
	to := "treasury"
	if c.oc.BackupSlashTo == "client" {
		to = c.clientAccount()
	}
	d.move("backup-bond:"+agent, "backup:"+agent, new(big.Rat).Sub(posted, slash), "backup_bond_return", all(posted))
	d.move("backup-bond:"+agent, to, slash, "backup_bond_slash", all(posted))
}
