package simulation

// life is one contract as it is lived. Times are in nanoseconds from its founding.
type life struct {
	*Floor
	random stream
	// arrival is when the contract is founded, from the beginning of the horizon.
	arrival int64
	worker  *worker
	client  *client
	// bad are the criteria that are not truly met, a bit each.
	bad uint16
	sheet
}

// live lives through the contract with a number.
func (l *life) live(contract int) {
	l.random = streamOf(l.seed, contract)
	l.arrival = share(l.horizon, l.arrivals.at(l.random.of(ofArrival)))
	l.worker = &l.workers[l.workerOf.pick(l.random.of(ofWorker))]
	l.client = &l.clients[l.clientOf.pick(l.random.of(ofClient))]
	steps := (l.price.at(l.random.of(ofPrice)) + l.step/2) / l.step
	l.post(max(steps, 1) * l.step)
	l.cost = share(l.amount, l.worker.cost.at(l.random.of(ofWork)))
	l.worth = share(l.amount, l.value.at(l.random.of(ofValue)))
	l.offer()
	l.close(l.capitalCost)
}

// part returns an instant between two, as a part of the time between.
func part(from, to, part int64) int64 { return from + share(to-from, part) }

// offer waits for a worker; until half of the window is over, for nobody else.
func (l *life) offer() {
	accepted := l.match
	if l.matches.falls(l.random.of(ofMatch)) {
		accepted = part(0, l.match, l.matchTime.at(l.random.of(ofMatchTime)))
	}
	switch patience := l.match / 2; {
	case accepted >= patience && l.client.cancels.falls(l.random.of(ofCancel)):
		l.refund(cancelledByClient, patience)
	case accepted >= l.match:
		l.refund(cancelledUnmatched, l.match)
	default:
		l.stakeUp(&l.policy, accepted)
		l.work(accepted)
	}
}

// work waits for the delivery, or for the worker to give up or vanish.
func (l *life) work(accepted int64) {
	act := l.means()
	due := part(accepted, l.delivery, l.worker.delivers.at(l.random.of(ofDelivery)))
	if act == withdraw {
		leaves := part(accepted, l.withdrawal, l.worker.withdrawsAt.at(l.random.of(ofWithdrawTime)))
		if leaves < l.withdrawal {
			l.spend(act, leaves-accepted, due-accepted)
			l.withdrawn(&l.policy, leaves)
			return
		}
	}
	if act == vanish || due >= l.delivery {
		l.spend(act, l.delivery-accepted, due-accepted)
		l.absent(&l.policy, l.delivery)
		return
	}
	l.spend(act, 1, 1)
	l.judge(due)
}

// act is what a worker means to do.
type act uint8

const (
	deliver act = iota
	withdraw
	vanish
)

// means returns what the worker means to do.
func (l *life) means() act {
	switch {
	case l.worker.absent:
		return vanish
	case l.worker.rational:
		return l.policy.best(l.amount, l.cost, l.worker.expects)
	case l.worker.withdraws.falls(l.random.of(ofWithdraw)):
		return withdraw
	}
	return deliver
}

// spend counts the cost of work that was done for a part of the time it takes.
// Who knows beforehand that nothing will be delivered does not begin.
func (l *life) spend(means act, worked, takes int64) {
	if l.worker.absent || l.worker.rational && means != deliver {
		return
	}
	done := int64(one)
	if worked < takes {
		done = int64(float64(worked) / float64(takes) * one)
	}
	l.values[workCost] = share(l.cost, done)
}

// judge waits for the client's answer to a delivery.
func (l *life) judge(delivered int64) {
	met := l.delivered()
	l.values[workValue] = l.worth * int64(met) / int64(l.criteria)
	reviewed := part(delivered, l.review, l.client.reviews.at(l.random.of(ofReview)))
	if reviewed >= l.review || l.client.negligent {
		l.paid(&l.policy, l.review)
		return
	}
	good := met == l.criteria
	if l.client.errs.falls(l.random.of(ofError)) {
		good = !good
	}
	if !l.objects(good) {
		l.paid(&l.policy, reviewed)
		return
	}
	l.dispute(&l.policy, reviewed)
	l.try(reviewed)
}

// delivered returns how many criteria are truly met.
func (l *life) delivered() int {
	met := l.criteria
	l.bad = 0
	for i := range l.criteria {
		if !l.worker.quality.falls(l.random.of(ofTruth + uint64(i))) {
			l.bad |= 1 << i
			met--
		}
	}
	return met
}

// objects reports whether the client disputes what it finds good or bad.
func (l *life) objects(good bool) bool {
	switch {
	case l.client.disputing:
		return true
	case l.client.rational:
		return l.policy.disputes(l.amount, l.client.trusts, good)
	}
	return !good
}
