package simulate

import (
	"math/big"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// maxGroups is how many groups a population may have.
const maxGroups = 50

// The fields of a group, with the values that they have where the behaviour does
// not give them any meaning.
var (
	workerFields = fields{
		behaviourField(workerBehaviours, func(w *Worker) *WorkerBehaviour { return &w.Behaviour }),
		shareField(func(w *Worker) *escrow.Ratio { return &w.Share }),
		fieldOf("quality", ratioForm("chance"), `1`, "the chance that a criterion, in OpenTrain a milestone, is truly met by what is delivered",
			func(w *Worker) *escrow.Ratio { return &w.Quality }),
		fieldOf("delivers", distributionForm(partsUpTo(10)), never, "when, as a part of the time from the match to the delivery deadline; 1 and more is too late",
			func(w *Worker) *Distribution { return &w.Delivers }),
		fieldOf("withdraws", ratioForm("chance"), `0`, "the chance of giving up in time",
			func(w *Worker) *escrow.Ratio { return &w.Withdraws }),
		fieldOf("withdrawsAt", distributionForm(partsUpTo(10)), `0.5`, "when, as a part of the time from the match to the withdrawal deadline",
			func(w *Worker) *Distribution { return &w.WithdrawsAt }),
		fieldOf("cost", distributionForm(partsUpTo(10)), `0.6`, "what the work costs the worker, as a part of the price; without work it says what was lost",
			func(w *Worker) *Distribution { return &w.Cost }),
		fieldOf("expects", ratioForm("chance"), `1`, "the chance of acceptance that a rational worker reckons with",
			func(w *Worker) *escrow.Ratio { return &w.Expects }),
	}
	clientFields = fields{
		behaviourField(clientBehaviours, func(c *Client) *ClientBehaviour { return &c.Behaviour }),
		shareField(func(c *Client) *escrow.Ratio { return &c.Share }),
		fieldOf("cancels", ratioForm("chance"), `0.01`, "the chance that an offer which nobody has accepted in the first half of the match window is taken back",
			func(c *Client) *escrow.Ratio { return &c.Cancels }).inOpenContractOnly(),
		fieldOf("reviews", distributionForm(partsUpTo(10)), never, "when the delivery is looked at, as a part of the time from it to the review deadline; 1 and more is never",
			func(c *Client) *Distribution { return &c.Reviews }),
		fieldOf("errs", ratioForm("chance"), `0`, "the chance to take a good delivery for bad, or a bad one for good",
			func(c *Client) *escrow.Ratio { return &c.Errs }),
		fieldOf("trusts", ratioForm("chance"), `1`, "the chance that a jury judges rightly, as a rational client reckons",
			func(c *Client) *escrow.Ratio { return &c.Trusts }),
	}
	agentFields = fields{
		behaviourField(agentBehaviours, func(a *BackupAgent) *AgentBehaviour { return &a.Behaviour }),
		shareField(func(a *BackupAgent) *escrow.Ratio { return &a.Share }),
		fieldOf("votes", ratioForm("chance"), `1`, "the chance to vote at all",
			func(a *BackupAgent) *escrow.Ratio { return &a.Votes }),
		fieldOf("votesAt", distributionForm(partsUpTo(10)), `{"uniform": {"from": 0.05, "to": 0.8}}`, "when, as a part of the voting window; 1 and more is too late",
			func(a *BackupAgent) *Distribution { return &a.VotesAt }),
		fieldOf("accuracy", ratioForm("chance"), `1`, "the chance to judge a criterion rightly",
			func(a *BackupAgent) *escrow.Ratio { return &a.Accuracy }),
		fieldOf("unclear", ratioForm("chance"), `0`, "the chance to call a criterion unclear instead of judging",
			func(a *BackupAgent) *escrow.Ratio { return &a.Unclear }),
		fieldOf("side", choiceForm(ForClient, ForWorker), "", "whom a colluding agent votes for",
			func(a *BackupAgent) *Side { return &a.Side }),
	}
	approverFields = fields{
		behaviourField(approverBehaviours, func(a *Approver) *ApproverBehaviour { return &a.Behaviour }),
		shareField(func(a *Approver) *escrow.Ratio { return &a.Share }),
		fieldOf("answers", ratioForm("chance"), `0`, "the chance to answer at all",
			func(a *Approver) *escrow.Ratio { return &a.Answers }),
		fieldOf("after", distributionForm(times), `"PT0S"`, "how long an answer takes",
			func(a *Approver) *Distribution { return &a.After }),
		fieldOf("declines", ratioForm("chance"), `0`, "the chance that the answer is no",
			func(a *Approver) *escrow.Ratio { return &a.Declines }),
	}
)

func behaviourField[T any, V ~string](known []behaviour, at func(*T) *V) field {
	words := make([]V, len(known))
	for i, b := range known {
		words[i] = V(b.name)
	}
	return fieldOf("behaviour", choiceForm(words...), "", "how the group behaves; sets the defaults of its other fields", at).needed()
}

func shareField[T any](at func(*T) *escrow.Ratio) field {
	return fieldOf("share", ratioForm("share"), "", "the group's part of its list; those of a list add up to 1", at).needed()
}

// groupForm is a population: groups whose shares add up to 1.
func groupForm[V any](fs fields, known []behaviour) form[[]V] {
	list := listForm[V](shape{fields: fs, behaviours: known}, 1, maxGroups)
	return form[[]V]{list.shape, func(r *reader, n *node) []V {
		groups := list.read(r, n)
		r.sharesOf(n)
		return groups
	}}
}

// sharesOf refuses a list whose shares do not add up to 1.
func (r *reader) sharesOf(n *node) {
	if r.fault != nil {
		return
	}
	sum := new(big.Rat)
	for _, item := range n.items {
		sum.Add(sum, item.get("share").ratio())
	}
	if sum.Cmp(big.NewRat(1, 1)) != 0 {
		r.fail(n.fault("has shares that add up to %s; shares add up to 1", plainText(sum)))
	}
}

// ratio returns the ratio that a node says; 0 when it says none.
func (n *node) ratio() *big.Rat {
	if n == nil {
		return new(big.Rat)
	}
	ratio, _ := escrow.ParseRatio(n.digits())
	return ratio.Decimal().Rat()
}

// plainText writes a number in plain notation, without trailing zeros.
func plainText(r *big.Rat) string {
	return trimmed(r.FloatString(18))
}

// terms refuses windows that are too long together.
func (r *reader) terms(document *node, s *Scenario) {
	t := &s.Terms
	sum := t.Delivery + t.Review
	if s.Lifecycle == opencontract.Lifecycle {
		sum += t.Match + t.Withdrawal
	} else {
		sum *= time.Duration(t.Milestones)
	}
	if r.fault == nil && sum > longest {
		r.fail(document.get("terms").fault("has windows of %s together; a contract's are at most 10 years", escrow.FormatDuration(sum)))
	}
}
