package simulation

// sheet is what one contract comes to, in smallest units and nanoseconds.
type sheet struct {
	ending  int
	settled int64
	values  [numMeasures]int64
	// amount is the price; stake and bond are 0 where there are none.
	amount, stake, bond int64
	// cost is what the work costs the worker, worth what it is to the client.
	cost, worth int64
	// held is what is in custody, area the money times the nanoseconds that it is
	// there, and moves are how it comes and goes.
	held  int64
	area  wide
	moves []move
}

// move is money that enters custody, or leaves it where it is negative.
type move struct{ at, money int64 }

// enter has money enter custody.
func (s *sheet) enter(money, at int64) {
	s.held += money
	s.area.sub(product(money, at))
	s.moves = append(s.moves, move{at, money})
}

// post founds a contract: the client pays the price in.
func (s *sheet) post(price int64) {
	*s = sheet{amount: price, moves: s.moves[:0]}
	s.enter(price, 0)
	s.values[volume], s.values[clientPays] = price, price
}

// stakeUp has the worker stake.
func (s *sheet) stakeUp(p *policy, at int64) {
	s.stake = share(s.amount, p.stake)
	s.values[workerPays] = s.stake
	s.enter(s.stake, at)
}

// dispute has the client post its bond.
func (s *sheet) dispute(p *policy, at int64) {
	s.bond = share(s.amount, p.disputeBond)
	s.values[clientPays] += s.bond
	s.values[disputeBonds] = s.bond
	s.enter(s.bond, at)
}

// bondUp has a juror post its bonds, one for each criterion.
func (s *sheet) bondUp(p *policy, criteria int, at int64) {
	bond := share(s.amount, p.backupBond) * int64(criteria)
	s.values[backupBonds] += bond
	s.enter(bond, at)
}

// bondBack pays a juror's bonds back, less those that it loses wholly or in part.
// They leave custody at the end.
func (s *sheet) bondBack(p *policy, wrong, unclear int) {
	bond := share(s.amount, p.backupBond)
	lost := bond*int64(wrong) + share(bond, p.unclearSlash)*int64(unclear)
	s.values[agentsNet] -= lost
	s.values[backupSlashed] += lost
	if p.slashToTreasury {
		s.values[treasuryGets] += lost
	} else {
		s.values[clientGets] += lost
	}
}

// end pays out all that is held: the gross of the price to the worker, less the fee,
// and the stake but for what is slashed. The client's part of that is given.
func (s *sheet) end(ending int, gross, fee, slashed, toClient, at int64) {
	s.ending, s.settled = ending, at
	s.values[clientGets] += s.amount - gross + toClient
	s.values[workerGets] += gross - fee + s.stake - slashed
	s.values[treasuryGets] += fee + slashed - toClient
	s.values[fees], s.values[stakeSlashed] = fee, slashed
	s.area.add(product(s.held, at))
	s.moves = append(s.moves, move{at, -s.held})
}

// refund ends a contract that nobody has accepted.
func (s *sheet) refund(ending int, at int64) { s.end(ending, 0, 0, 0, 0, at) }

// withdrawn ends a contract whose worker gives up in time.
func (s *sheet) withdrawn(p *policy, at int64) {
	slash := share(s.stake, p.withdrawSlash)
	s.end(cancelledWithdrawn, 0, 0, slash, slash, at)
}

// absent ends a contract whose worker has delivered nothing.
func (s *sheet) absent(p *policy, at int64) {
	s.end(cancelledAbsent, 0, 0, s.stake, share(s.stake, p.absentSlash), at)
}

// paid ends a contract whose worker has earned the whole price.
func (s *sheet) paid(p *policy, at int64) {
	s.end(settledFullyMet, s.amount, share(s.amount, p.fee), 0, 0, at)
}

// verdict ends a contract by what a jury says of so many criteria.
func (s *sheet) verdict(p *policy, o *outcome, criteria int, at int64) {
	earned := int64(count(o.found[met]))*one + int64(count(o.found[unclear]))*p.unclearCredit
	most := int64(criteria) * one
	switch {
	case earned == most && o.quorum && count(o.found[met]) == criteria:
		s.forfeit(p)
		s.paid(p, at)
		return
	case earned == most:
		s.paid(p, at)
	case earned > 0:
		gross := portion(s.amount, earned, most)
		s.end(settledPartiallyMet, gross, share(gross, p.fee), 0, 0, at)
	case 2*count(o.found[notMet]) > criteria:
		s.end(settledNoneMet, 0, 0, s.stake, share(s.stake, p.absentSlash), at)
	default:
		s.end(settledNoneMet, 0, 0, 0, 0, at)
	}
	s.values[clientGets] += s.bond
}

// forfeit gives the bond of a dispute that was rejected away.
func (s *sheet) forfeit(p *policy) {
	s.values[disputeForfeited] = s.bond
	if p.forfeitToWorker {
		s.values[workerGets] += s.bond
	} else {
		s.values[treasuryGets] += s.bond
	}
}

// close works out what follows from the rest.
func (s *sheet) close(capital int64) {
	v := &s.values
	v[welfareLost] = max(0, s.worth-s.cost)
	v[clientNet] = v[clientGets] - v[clientPays]
	v[workerNet] = v[workerGets] - v[workerPays]
	v[workerIncome] = v[workerNet] - v[workCost]
	v[capitalDays] = s.area.over(day)
	v[capitalCost] = share(v[capitalDays]/365, capital)
	v[welfareLost] += v[workCost] - v[workValue] + v[capitalCost]
}
