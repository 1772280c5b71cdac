package simulate

// Measure is one number that every contract has, in smallest units of the asset
// unless it says otherwise.
type Measure struct {
	// Name is what results call it, as in "worker.net".
	Name string
	// Unit is "money", "time", "capital" or "count".
	Unit    string
	Meaning string
	// Of names the measure that this one is a part of, empty for all contracts.
	Of string
}

// Measures returns every measure, in the order of results.
func Measures() []Measure { return append([]Measure(nil), measures[:]...) }

// The measures by position.
const (
	volume = iota
	clientPays
	clientGets
	clientNet
	workerPays
	workerGets
	workerNet
	workerIncome
	agentsNet
	treasuryGets
	platformGets
	fees
	stakeSlashed
	disputeBonds
	backupBonds
	backupSlashed
	disputeForfeited
	disputes
	disputesRight
	workCost
	workValue
	welfareLost
	capitalDays
	capitalCost
	signWait
	reviewed
	numMeasures
)

var measures = [numMeasures]Measure{
	volume:           {"volume", "money", "price of the work that was posted", ""},
	clientPays:       {"client.pays", "money", "all that the client deposits and is charged", ""},
	clientGets:       {"client.gets", "money", "all that the client is paid back", ""},
	clientNet:        {"client.net", "money", "what the client gets less what it pays", ""},
	workerPays:       {"worker.pays", "money", "all that the worker deposits", ""},
	workerGets:       {"worker.gets", "money", "all that the worker is paid", ""},
	workerNet:        {"worker.net", "money", "what the worker gets less what it pays, without the cost of its work", ""},
	workerIncome:     {"worker.income", "money", "worker.net less the cost of its work", ""},
	agentsNet:        {"agents.net", "money", "what backup agents get less what they pay", ""},
	treasuryGets:     {"treasury.gets", "money", "protocol fees and slashes", ""},
	platformGets:     {"platform.gets", "money", "the marketplace's fees", ""},
	fees:             {"fees", "money", "protocol, marketplace and initiation fees", ""},
	stakeSlashed:     {"stake.slashed", "money", "stakes that did not go back to their worker", ""},
	disputeBonds:     {"dispute.bonds", "money", "dispute bonds posted", ""},
	backupBonds:      {"backup.bonds", "money", "backup agents' bonds posted", ""},
	backupSlashed:    {"backup.slashed", "money", "backup agents' bonds lost", ""},
	disputeForfeited: {"dispute.forfeited", "money", "dispute bonds lost", ""},
	disputes:         {"disputes", "count", "contracts that a jury was called for", ""},
	disputesRight:    {"disputes.right", "count", "of these, those in which every criterion came out as it truly was", "disputes"},
	workCost:         {"work.cost", "money", "what workers spent on work", ""},
	workValue:        {"work.value", "money", "what delivered work was worth to clients", ""},
	welfareLost:      {"welfare.lost", "money", "value less cost of the work, had it been done well wherever it is worth doing, less what came of it; locked capital's cost included", ""},
	capitalDays:      {"capital.days", "capital", "money in custody times the days it was there", ""},
	capitalCost:      {"capital.cost", "money", "what locked money cost its owners", ""},
	reviewed:         {"reviewed", "money", "payouts that people had to look at before they left", ""},
	signWait:         {"sign.wait", "time", "how long money waited for people to co-sign or review", ""},
}
