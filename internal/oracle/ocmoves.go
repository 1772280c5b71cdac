package oracle

import "math/big"

// create is OC-1: "deposit price: client -> escrow".
func (s *scene) create() (*decision, *refusal) {
	c := s.c
	d := s.decide("OC-1", moment{s.now})
	d.To = "created"
	c.CreatedAt, c.EscrowedFunds = moment{s.now}, c.BudgetOrPrice
	d.move(c.clientAccount(), "escrow", c.price(), "escrow_deposit", all(c.price()))
	return s.finish(d)
}

// accept is OC-2 and OC-3: "deposit stake: worker -> stake", "worker set".
func (s *scene) accept() (*decision, *refusal) {
	c := s.c
	d := s.decide(s.rule, moment{s.now})
	d.To = "matched"
	c.Worker = ident(s.who.Account)
	stake := share(c.price(), c.oc.WorkerStakeRatio.rat(), c.scale())
	c.WorkerStake = number{stake}
	d.move(c.workerAccount(), "stake", stake, "stake_deposit", part(c.price(), c.oc.WorkerStakeRatio, "workerStakeRatio"))
	return s.finish(d)
}

// refundAll is OC-4, OC-5 and OC-6: "escrow -> client, all".
func (s *scene) refundAll(rule, to string, at moment) (*decision, *refusal) {
	d := s.decide(rule, at)
	d.To = to
	s.refundPrice(d)
	return s.finish(d)
}

func (s *scene) refundPrice(d *decision) {
	d.move("escrow", s.c.clientAccount(), s.c.price(), "escrow_refund", all(s.c.price()))
}

// withdraw is OC-7: "escrow -> client, all; stake allocated client : worker =
// slash : 1 - slash". "After the withdrawal deadline the worker is locked in."
func (s *scene) withdraw() (*decision, *refusal) {
	c := s.c
	closed := deadline{"OC-7", "withdrawalDeadline", c.WithdrawalDeadline}
	if closed.due(s) {
		return nil, s.refuse("conflict", "window_closed", closed.details())
	}
	d := s.decide("OC-7", moment{s.now})
	d.To = "cancelled-withdrawn"
	s.refundPrice(d)
	slash, stake := c.oc.EarlyWithdrawalSlashRatio, c.WorkerStake.rat()
	shares := allocate(stake, c.scale(), slash.rat(), complement(slash).rat())
	d.move("stake", c.clientAccount(), shares[0], "stake_slash", part(stake, slash, "earlyWithdrawalSlashRatio"))
	d.move("stake", c.workerAccount(), shares[1], "stake_return", part(stake, complement(slash), "earlyWithdrawalSlashRatio"))
	return s.finish(d)
}

// absent is OC-9: "escrow -> client, all; stake allocated client : treasury =
// share : 1 - share".
func (s *scene) absent(at moment) (*decision, *refusal) {
	d := s.decide("OC-9", at)
	d.To = "cancelled-absent"
	s.refundPrice(d)
	s.slashStake(d)
	return s.finish(d)
}

// slashStake: a fully slashed stake, absentNoneMetClientShare to the client, the
// rest to the treasury.
func (s *scene) slashStake(d *decision) {
	c := s.c
	ratio, stake := c.oc.AbsentNoneMetClientShare, c.WorkerStake.rat()
	shares := allocate(stake, c.scale(), ratio.rat(), complement(ratio).rat())
	d.move("stake", c.clientAccount(), shares[0], "stake_slash", part(stake, ratio, "absentNoneMetClientShare"))
	d.move("stake", "treasury", shares[1], "stake_slash", part(stake, complement(ratio), "absentNoneMetClientShare"))
}

// allMet is OC-10 and OC-12: "resolved, every criterion met".
func (s *scene) allMet(rule string, at moment) (*decision, *refusal) {
	d := s.decide(rule, at)
	d.To = "resolved"
	s.c.CriteriaMet = texts{}
	for range s.c.AcceptanceCriteria {
		s.c.CriteriaMet = append(s.c.CriteriaMet, "met")
	}
	return s.finish(d)
}

// dispute is OC-11: "deposit bond: client -> dispute-bond".
func (s *scene) dispute() (*decision, *refusal) {
	c := s.c
	d := s.decide("OC-11", moment{s.now})
	d.To = "disputed"
	bond := share(c.price(), c.oc.DisputeBondRatio.rat(), c.scale())
	c.DisputedAt, c.DisputeBond = moment{s.now}, number{bond}
	d.move(c.clientAccount(), "dispute-bond", bond, "dispute_bond_deposit", part(c.price(), c.oc.DisputeBondRatio, "disputeBondRatio"))
	return s.finish(d)
}

// vote is OC-14: "deposit bond x criteria: backup -> backup-bond", "resolved with
// the last vote".
func (s *scene) vote() (*decision, *refusal) {
	c, me := s.c, s.who.Account
	if len(c.votedBy(me)) > 0 {
		return nil, s.conflict("already_voted")
	}
	d := s.decide("OC-14", moment{s.now})
	why := part(c.price(), c.oc.BackupAgentBondRatio, "backupAgentBondRatio")
	if n := len(c.AcceptanceCriteria); n > 1 {
		why.Times = n
	}
	d.move("backup:"+me, "backup-bond:"+me, c.backupBond(), "backup_bond_deposit", why)
	c.cast(me, s.cmd.Votes)
	everyone := len(*c.Votes) == len(c.BackupAgents)*len(c.AcceptanceCriteria)
	if everyone {
		d.To = "resolved"
		c.tally()
	}
	return s.finish(d)
}

func sum(list []*big.Rat) *big.Rat {
	total := new(big.Rat)
	for _, x := range list {
		total.Add(total, x)
	}
	return total
}
