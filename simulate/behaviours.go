package simulate

// behaviour is what the behaviour of a group makes of its fields.
type behaviour struct {
	name, about string
	// presets are the defaults of the fields that the behaviour gives a meaning to,
	// as JSON. A scenario may give those and no others.
	presets map[string]string
}

// idle reports whether a field does nothing under the behaviour.
func (b *behaviour) idle(name string) bool {
	return name != "behaviour" && name != "share" && b.presets[name] == ""
}

const (
	// never is a part of a window that lies far behind its end.
	never = `10`
	// inTime is when most people do what they mean to do.
	inTime = `{"uniform": {"from": 0.2, "to": 0.9}}`
)

// The numbers below are plausible, not measured: a scenario that is to say
// something about a marketplace replaces them by that marketplace's own.

var workerBehaviours = []behaviour{
	{"reliable", "delivers in time", map[string]string{
		"quality": `0.995`, "delivers": inTime, "withdraws": `0`, "withdrawsAt": `0.5`, "cost": `0.6`}},
	{"late", "tries, and often misses the delivery deadline", map[string]string{
		"quality": `0.95`, "delivers": `{"uniform": {"from": 0.7, "to": 1.3}}`, "withdraws": `0`, "withdrawsAt": `0.5`, "cost": `0.6`}},
	{"absent", "accepts and is never seen again", map[string]string{
		"cost": `0.6`}},
	{"withdrawing", "gives up in time", map[string]string{
		"quality": `0.99`, "delivers": inTime, "withdraws": `1`, "withdrawsAt": `{"uniform": {"from": 0.1, "to": 0.9}}`, "cost": `0.6`}},
	{"poor", "delivers work that meets few criteria", map[string]string{
		"quality": `0.5`, "delivers": inTime, "withdraws": `0`, "withdrawsAt": `0.5`, "cost": `0.4`}},
	{"rational", "knows its cost once it has accepted, and does what pays best: deliver, withdraw or vanish", map[string]string{
		"quality": `0.97`, "delivers": inTime, "withdrawsAt": `0.1`, "cost": `{"uniform": {"from": 0.3, "to": 1.5}}`, "expects": `0.95`}},
}

const workerPopulation = `[{"behaviour": "reliable", "share": 0.85}, {"behaviour": "late", "share": 0.04},
	{"behaviour": "absent", "share": 0.02}, {"behaviour": "withdrawing", "share": 0.04},
	{"behaviour": "poor", "share": 0.02}, {"behaviour": "rational", "share": 0.03}]`

// looks is when most clients look at what was delivered.
const looks = `{"uniform": {"from": 0.05, "to": 0.9}}`

var clientBehaviours = []behaviour{
	{"honest", "approves what it finds good and disputes what it finds bad", map[string]string{
		"cancels": `0.01`, "reviews": looks, "errs": `0.005`}},
	{"negligent", "never looks", map[string]string{
		"cancels": `0.01`}},
	{"disputing", "disputes whatever it is given", map[string]string{
		"cancels": `0.01`, "reviews": looks}},
	{"rational", "disputes when that pays better than approving", map[string]string{
		"cancels": `0.01`, "reviews": looks, "errs": `0.01`, "trusts": `0.9`}},
}

const clientPopulation = `[{"behaviour": "honest", "share": 0.86}, {"behaviour": "negligent", "share": 0.10},
	{"behaviour": "disputing", "share": 0.01}, {"behaviour": "rational", "share": 0.03}]`

// votes is when most backup agents vote.
const votes = `{"uniform": {"from": 0.05, "to": 0.8}}`

var agentBehaviours = []behaviour{
	{"diligent", "votes, and mostly rightly", map[string]string{
		"votes": `0.98`, "votesAt": votes, "accuracy": `0.95`, "unclear": `0.02`}},
	{"lazy", "often does not vote, and looks less closely", map[string]string{
		"votes": `0.5`, "votesAt": `{"uniform": {"from": 0.3, "to": 1.1}}`, "accuracy": `0.7`, "unclear": `0.1`}},
	{"random", "tosses a coin", map[string]string{
		"votes": `0.95`, "votesAt": votes, "accuracy": `0.5`, "unclear": `0`}},
	{"colluding", "votes for its side, whatever was delivered", map[string]string{
		"votes": `1`, "votesAt": votes, "side": `"client"`}},
}

const agentPopulation = `[{"behaviour": "diligent", "share": 0.85}, {"behaviour": "lazy", "share": 0.10},
	{"behaviour": "random", "share": 0.05}]`

var approverBehaviours = []behaviour{
	{"prompt", "answers within hours", map[string]string{
		"answers": `0.99`, "after": `{"exponential": {"mean": "PT2H"}}`, "declines": `0.01`}},
	{"slow", "answers within days", map[string]string{
		"answers": `0.95`, "after": `{"exponential": {"mean": "PT48H"}}`, "declines": `0.01`}},
	{"absent", "does not answer", map[string]string{}},
}

const approverPopulation = `[{"behaviour": "prompt", "share": 0.7}, {"behaviour": "slow", "share": 0.25},
	{"behaviour": "absent", "share": 0.05}]`
