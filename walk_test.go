package escrow_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// A walk draws a policy, terms and a life: at every step time passes, most often
// not at all or to within a nanosecond of a deadline, and somebody asks for
// something, most often what a party would ask for, sometimes the right thing by
// the wrong actor, with a spoilt payload, or anything at all.

// clockAt is a clock that stands still.
type clockAt time.Time

func (c clockAt) Now() time.Time { return time.Time(c) }

// move is a command and who gives it.
type move struct {
	command escrow.Command
	actor   escrow.Actor
}

// scene is a contract at one instant of its life, with what the test itself
// remembers of the past.
type scene struct {
	contract escrow.Contract
	now      time.Time
	terms    escrow.Terms
	past     past
	// mood is what backup agents tend to think of each criterion.
	mood []escrow.Verdict
	// fault is what the terms are refused for, empty when they are in order.
	fault escrow.Reason
}

// past is when the events happened from which deadlines are counted.
type past struct{ delivered, disputed, drawn time.Time }

// question is one move that was made in a scene, and what came of it.
type question struct {
	scene
	move
	decision escrow.Decision
	refusal  *escrow.Error
}

// life is a contract from its draft on: everything that was asked of it, and how
// it stands in the end.
type life struct {
	scene
	questions []question
}

// asked makes a move in a scene.
func asked(s scene, m move) question {
	q := question{scene: s, move: m}
	d, err := escrow.Decide(s.contract, m.command, m.actor, clockAt(s.now))
	if err != nil {
		q.refusal = err.(*escrow.Error)
	}
	q.decision = d
	return q
}

func (q *question) accepted() bool { return q.refusal == nil }

// reason returns why the question was refused, "" when it was not.
func (q *question) reason() escrow.Reason {
	if q.refusal == nil {
		return ""
	}
	return q.refusal.Reason()
}

// after returns the scene that the question leads to.
func (q *question) after() scene {
	s := q.scene
	if !q.accepted() {
		return s
	}
	s.contract = q.decision.Contract
	switch q.command.(type) {
	case escrow.Deliver:
		s.past.delivered = s.now
	case escrow.Dispute:
		s.past.disputed = s.now
	case escrow.Draw:
		s.past.drawn = s.now
	}
	return s
}

func (q *question) String() string {
	came := ""
	if q.accepted() {
		came = fmt.Sprintf("%s %s (%s -> %s)", q.decision.Rule, q.decision.Executes, q.decision.From, q.decision.To)
	} else {
		came = "refused: " + string(q.reason())
	}
	command := "no command"
	if q.command != nil {
		command = string(escrow.FormatCommand(q.command))
	}
	return fmt.Sprintf("%s %s/%s %s: %s", q.now.Format(time.RFC3339Nano), q.actor.Kind, q.actor.ID, command, came)
}

// String tells the life for a failure report.
func (l *life) String() string {
	draft, _ := l.questions[0].contract.MarshalJSON()
	lines := []string{string(draft)}
	for i := range l.questions {
		lines = append(lines, l.questions[i].String())
	}
	return strings.Join(lines, "\n")
}

// accepted returns the questions that were accepted.
func (l *life) accepted() []*question {
	var list []*question
	for i := range l.questions {
		if q := &l.questions[i]; q.accepted() {
			list = append(list, q)
		}
	}
	return list
}

// scenes returns the draft and the scene after every accepted question.
func (l *life) scenes() []scene {
	list := []scene{l.questions[0].scene}
	for _, q := range l.accepted() {
		list = append(list, q.after())
	}
	return list
}

// law returns the rule book of the contract.
func (s *scene) law() *escrow.Lifecycle { return s.contract.Lifecycle() }

// bothLaws are the lifecycles that contracts of a walk live under.
var bothLaws = []*escrow.Lifecycle{escrow.OpenContract, escrow.OpenTrain}

// everyLife checks a property of lives under both lifecycles.
func everyLife(t *testing.T, property func(*rapid.T, *life)) {
	t.Parallel()
	for _, law := range bothLaws {
		t.Run(law.Name(), func(t *testing.T) { everyLifeUnder(t, law, property) })
	}
}

// everyLifeUnder checks a property of lives under one lifecycle.
func everyLifeUnder(t *testing.T, law *escrow.Lifecycle, property func(*rapid.T, *life)) {
	t.Parallel()
	checkLives(t, law, property)
}

func checkLives(t *testing.T, law *escrow.Lifecycle, property func(*rapid.T, *life)) {
	rapid.Check(t, func(t *rapid.T) { property(t, drawLife(t, law)) })
}

// mostSteps is how long a life may be: long enough for fifteen votes. A draft and
// a contract that has ended are soon left alone.
const mostSteps = 30

func drawLife(t *rapid.T, law *escrow.Lifecycle) *life {
	l := &life{scene: drawDraft(t, law)}
	idle := 0
	for range mostSteps {
		l.now = drawLater(t, &l.scene)
		q := asked(l.scene, drawMove(t, &l.scene))
		l.questions = append(l.questions, q)
		l.scene = q.after()
		if l.contract.IsTerminal() || l.contract.IsDraft() {
			idle++
		}
		if idle == 4 || nth(t, 100) == 0 {
			break
		}
	}
	return l
}

// drawLater lets time pass.
func drawLater(t *rapid.T, s *scene) time.Time {
	later := s.now
	switch nth(t, 20) {
	case 16, 17:
		later = laterBy(s.now, time.Nanosecond)
	case 18:
		if next, ok := escrow.NextDeadline(s.contract); ok {
			later = drawAround(t, next.At)
		}
	case 19:
		later = drawAround(t, drawn(t, s.instants()))
	}
	if later.Before(s.now) {
		return s.now
	}
	return later
}

// drawAround returns an instant, the one before or the one after.
func drawAround(t *rapid.T, at time.Time) time.Time {
	return laterBy(at, time.Duration(nth(t, 3)-1))
}

// instants returns every instant at which something may change.
func (s *scene) instants() []time.Time {
	list := []time.Time{s.now, laterBy(s.now, 11*365*24*time.Hour)}
	for _, name := range []string{"matchDeadline", "withdrawalDeadline", "deliveryDeadline", "reviewDeadline", "drawDeadline", "votingDeadline"} {
		if at := s.deadline(name); !at.IsZero() {
			list = append(list, at)
		}
	}
	for _, a := range s.contract.Approvals() {
		list = append(list, a.ExpiresAt)
	}
	return list
}

// deadline returns an OpenContract deadline as the terms and the past fix it, the
// zero time when there is none.
func (s *scene) deadline(name string) time.Time {
	p := s.contract.Policy()
	switch name {
	case "matchDeadline":
		return s.terms.MatchDeadline
	case "withdrawalDeadline":
		return s.terms.WithdrawalDeadline
	case "deliveryDeadline":
		return s.terms.DeliveryDeadline
	case "reviewDeadline":
		return s.terms.ReviewDeadline
	case "drawDeadline":
		if s.terms.VerificationMode == escrow.Standard && !s.past.delivered.IsZero() {
			return laterBy(s.past.delivered, p.BAVotingWindow)
		} else if !s.past.disputed.IsZero() {
			return laterBy(s.past.disputed, p.BAVotingWindow)
		}
	case "votingDeadline":
		if !s.past.drawn.IsZero() {
			return laterBy(s.past.drawn, p.BAVotingWindow)
		}
	}
	return time.Time{}
}

// endOfTime is the last instant that RFC 3339 can write.
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)

// laterBy adds, but not beyond the end of time.
func laterBy(at time.Time, d time.Duration) time.Time {
	if later := at.Add(d); !later.After(endOfTime) {
		return later
	}
	return endOfTime
}

// nth draws one of 0 to n-1, each as likely.
func nth(t *rapid.T, n int) int { return genNth[n].Draw(t, "choice") }

var genNth = func() (gens [129]*rapid.Generator[int]) {
	list := []int{}
	for n := range gens {
		if n > 0 {
			gens[n] = rapid.SampledFrom(list)
		}
		list = append(list, n)
	}
	return gens
}()

// drawn draws an element of a list.
func drawn[E any](t *rapid.T, list []E) E { return list[nth(t, len(list))] }

// drawMove draws what is asked, and by whom.
func drawMove(t *rapid.T, s *scene) move {
	right := rightMoves(t, s)
	kind := nth(t, 10)
	if len(right) == 0 {
		kind = 9
	}
	switch {
	case kind <= 6:
		return drawn(t, right)
	case kind == 7:
		return move{drawn(t, right).command, drawn(t, castOf(s))}
	case kind == 8:
		m := drawn(t, right)
		return move{spoilt(t, s, m.command), m.actor}
	}
	return move{drawAnything(t, s), drawn(t, castOf(s))}
}

// rightMoves returns what parties might ask for in the scene, the likelier the
// more often.
func rightMoves(t *rapid.T, s *scene) []move {
	var moves []move
	if next, ok := escrow.NextDeadline(s.contract); ok && !s.now.Before(next.At) {
		by := drawn(t, castOf(s)[:3])
		moves = append(moves, move{escrow.Advance{}, by}, move{escrow.Advance{}, by})
	}
	if s.law() == escrow.OpenTrain {
		return append(moves, trainMoves(t, s)...)
	}
	return append(moves, taskMoves(t, s)...)
}

// The accounts of a walk.
const (
	theClient = "0xClient"
	theWorker = "0xWorker"
	theRival  = "0xRival"
)

var theJudges = func() (ids []string) {
	for i := range 17 {
		ids = append(ids, fmt.Sprintf("0xJudge%d", i))
	}
	return ids
}()

// accountOf returns the account that an actor acts for.
func accountOf(a escrow.Actor) string {
	if a.Account == "" {
		return a.ID
	}
	return a.Account
}

// taskCast is everybody who may ask something of an OpenContract contract: the
// parties first, then those who only look like one.
var taskCast = func() []escrow.Actor {
	cast := []escrow.Actor{escrow.Agent(theClient), escrow.Agent(theWorker), escrow.SystemActor(), escrow.Agent(theRival)}
	for _, id := range theJudges {
		cast = append(cast, escrow.Agent(id))
	}
	return append(cast,
		escrow.Human("h1", theClient), escrow.Actor{ID: "tok", Kind: escrow.KindToken, Account: theWorker},
		escrow.Actor{ID: theClient, Kind: escrow.KindSystem}, escrow.Actor{ID: theWorker, Kind: escrow.KindSystem},
		escrow.Actor{ID: theClient, Account: theRival}, escrow.Actor{},
		escrow.Actor{ID: "two words"}, escrow.Actor{ID: theClient, Kind: "ghost"})
}()

// trainHumans are the humans of an OpenTrain client.
var trainHumans = []escrow.Actor{escrow.Human("h1", theClient), escrow.Human("h2", theClient), escrow.Human("h3", theClient), escrow.Human("h4", theClient)}

// fullToken returns an API token of an account that lacks nothing.
func fullToken(id, account, user string) escrow.Actor {
	return escrow.Actor{ID: id, Kind: escrow.KindToken, Account: account, User: user, Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
}

// trainOwners are those who may ask for an OpenTrain client.
var trainOwners = append([]escrow.Actor{fullToken("t1", theClient, "h1"), fullToken("t2", theClient, "")}, trainHumans...)

// trainCast is everybody who may ask something of an OpenTrain contract.
var trainCast = func() []escrow.Actor {
	poor, plain, unclaimed := fullToken("t3", theClient, ""), fullToken("t4", theClient, ""), fullToken("t5", theClient, "")
	poor.Scopes, plain.Features, unclaimed.Claimed = []string{"proposals:read", "payments:read"}, nil, false
	return append(append([]escrow.Actor{}, trainOwners...),
		poor, plain, unclaimed, fullToken("t6", theRival, "h1"), escrow.Human("h1", theRival), escrow.Human("w1", theWorker),
		escrow.Agent(theWorker), escrow.Agent(theClient), escrow.SystemActor(), escrow.Actor{ID: "s", Kind: escrow.KindSystem, Account: theClient},
		escrow.Actor{}, escrow.Actor{ID: "two words"}, escrow.Actor{ID: theClient, Kind: "ghost"})
}()

func castOf(s *scene) []escrow.Actor {
	if s.law() == escrow.OpenTrain {
		return trainCast
	}
	return taskCast
}

// byOwner wraps commands into moves of one who may ask for the client.
func byOwner(t *rapid.T, commands ...escrow.Command) (moves []move) {
	for _, c := range commands {
		moves = append(moves, move{c, drawn(t, trainOwners)})
	}
	return moves
}

// taskMoves are the moves of the parties of an OpenContract contract.
func taskMoves(t *rapid.T, s *scene) []move {
	client, worker := escrow.Agent(theClient), escrow.Agent(s.contract.Worker())
	switch s.contract.Status() {
	case escrow.Draft:
		return []move{{escrow.Create{}, client}}
	case escrow.Created:
		return acceptMoves(s)
	case escrow.Matched:
		deliver := move{escrow.Deliver{Delivery: "0xhash"}, worker}
		return []move{deliver, deliver, deliver, deliver, {escrow.Withdraw{}, worker}}
	case escrow.UnderReview, escrow.Disputed:
		if s.awaitsClient() {
			return []move{{escrow.Dispute{}, client}, {escrow.Dispute{}, client}, {escrow.Dispute{}, client}, {escrow.Approve{}, client}}
		}
		return juryMoves(t, s)
	case escrow.Resolved:
		return []move{{escrow.Settle{}, escrow.SystemActor()}}
	}
	return nil
}

// awaitsClient reports whether a delivery is the client's to judge.
func (s *scene) awaitsClient() bool {
	return s.contract.Status() == escrow.UnderReview && s.terms.VerificationMode == escrow.PrivacyPreserving
}

func acceptMoves(s *scene) []move {
	client, worker := escrow.Agent(theClient), escrow.Agent(theWorker)
	accept := move{escrow.Accept{}, worker}
	moves := []move{accept, accept, accept, accept, accept, accept, {escrow.Cancel{}, client}}
	if s.terms.AwardMethod == escrow.AwardDirect {
		return append(moves, move{escrow.Decline{}, worker})
	}
	return append(moves, move{escrow.Accept{}, escrow.Agent(theRival)})
}

// juryMoves are the draw, then the votes of those who have not voted.
func juryMoves(t *rapid.T, s *scene) (moves []move) {
	agents := s.contract.BackupAgents()
	if agents == nil {
		return []move{{escrow.Draw{BackupAgents: drawJury(t, s)}, escrow.SystemActor()}}
	}
	voted := votersOf(&s.contract)
	for _, id := range agents {
		if !voted[id] {
			moves = append(moves, move{escrow.Vote{Votes: drawBallots(t, s)}, escrow.Agent(id)})
		}
	}
	return moves
}

func votersOf(c *escrow.Contract) map[string]bool {
	voted := map[string]bool{}
	for _, v := range c.Votes() {
		voted[v.BackupAgent] = true
	}
	return voted
}

// drawJury draws as many agents as the policy recruits, from anywhere in the
// pool, where the worker of an open tender may come from too.
func drawJury(t *rapid.T, s *scene) (agents []string) {
	first := nth(t, len(theJudges))
	for i := range theJudges {
		id := theJudges[(first+i)%len(theJudges)]
		if len(agents) < s.contract.Policy().BARecruitCount && id != s.contract.Worker() {
			agents = append(agents, id)
		}
	}
	return agents
}

var verdictList = []escrow.Verdict{escrow.Met, escrow.NotMet, escrow.Unclear}

// drawBallots draws a complete vote, mostly as the mood is, in either order.
func drawBallots(t *rapid.T, s *scene) []escrow.Ballot {
	n := len(s.terms.AcceptanceCriteria)
	ballots := make([]escrow.Ballot, n)
	backwards := nth(t, 4) == 3
	for i := range ballots {
		at := i
		if backwards {
			at = n - 1 - i
		}
		v := s.mood[at]
		if other := nth(t, 12); other >= 9 {
			v = verdictList[other-9]
		}
		ballots[i] = escrow.Ballot{CriterionIndex: at, Vote: v}
	}
	return ballots
}

// trainMoves are the moves of the client's tokens and humans.
func trainMoves(t *rapid.T, s *scene) []move {
	switch s.contract.Status() {
	case escrow.Draft:
		return byOwner(t, escrow.Hire{})
	case escrow.Proposed:
		changed := escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(s.drawWhole(t)), Name: drawn(t, []string{"", "other"})}
		answers := append(answerMoves(t, s), answerMoves(t, s)...)
		return append(byOwner(t, escrow.Hire{}, escrow.Hire{Milestone: &changed}), answers...)
	case escrow.Active:
		return activeMoves(t, s)
	}
	return nil
}

// answerMoves are what humans say to the pending approvals.
func answerMoves(t *rapid.T, s *scene) (moves []move) {
	for _, a := range s.contract.Approvals() {
		if a.StatusAt(s.now) != escrow.ApprovalIsPending {
			continue
		}
		confirm := drawConfirm(t, s, a)
		for range 3 {
			moves = append(moves, move{confirm, drawn(t, trainHumans)}, move{escrow.Confirm{ApprovalID: a.ID}, drawn(t, trainHumans)})
		}
		if nth(t, 4) == 3 {
			moves = append(moves, move{escrow.DeclineApproval{ApprovalID: a.ID}, drawn(t, trainHumans)})
		}
	}
	return moves
}

// drawConfirm draws a confirmation, with terms of its own where it may have any.
func drawConfirm(t *rapid.T, s *scene, a escrow.Approval) escrow.Confirm {
	confirm := escrow.Confirm{ApprovalID: a.ID}
	switch a.Command.(type) {
	case escrow.End:
		confirm.Dispositions = drawDispositions(t, s)
	case escrow.Hire:
		if nth(t, 3) == 2 {
			confirm.Milestone = &escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(s.drawWhole(t))}
		}
	}
	return confirm
}

// drawDispositions draws none, some or all dispositions of the funded milestones.
func drawDispositions(t *rapid.T, s *scene) (list []escrow.Disposition) {
	kind := nth(t, 4)
	if kind == 0 && s.contract.Policy().EndDisposition != escrow.Choose {
		return nil
	}
	for _, id := range s.milestones(escrow.ActiveFunded) {
		if kind != 1 || nth(t, 2) == 1 {
			list = append(list, escrow.Disposition{MilestoneID: id, Disposition: drawn(t, []escrow.DispositionChoice{escrow.Refund, escrow.Release})})
		}
	}
	return list
}

// milestones returns the ids of the milestones that stand so.
func (s *scene) milestones(status escrow.MilestoneStatus) (ids []string) {
	for _, m := range s.contract.Milestones() {
		if m.Status == status {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func activeMoves(t *rapid.T, s *scene) []move {
	moves := answerMoves(t, s)
	if nth(t, 3) == 2 {
		moves = append(append(moves, byOwner(t, escrow.End{})...), move{escrow.End{Dispositions: drawDispositions(t, s)}, drawn(t, trainHumans)})
	}
	if n := len(s.contract.Milestones()); n < 5 {
		moves = append(moves, byOwner(t, escrow.AddMilestone{Milestone: s.drawMilestone(t, n+1)})...)
	}
	for _, id := range s.milestones(escrow.NotFunded) {
		moves = append(moves, byOwner(t, escrow.FundMilestone{MilestoneID: id}, escrow.FundMilestone{MilestoneID: id})...)
	}
	for _, id := range s.milestones(escrow.ActiveFunded) {
		moves = append(moves, byOwner(t, escrow.ApproveMilestone{MilestoneID: id})...)
	}
	return moves
}

func (s *scene) drawMilestone(t *rapid.T, number int) escrow.MilestoneTerms {
	m := escrow.MilestoneTerms{ID: fmt.Sprintf("m%d", number), Name: "part", Amount: decimal.NewNullDecimal(s.drawWhole(t))}
	if nth(t, 4) == 3 {
		m.Name, m.Description, m.DueDate = "", "some part", s.now.Add(time.Hour)
	}
	return m
}

// drawWhole draws an amount in whole units of the contract's asset.
func (s *scene) drawWhole(t *rapid.T) decimal.Decimal {
	return whole(genUnits.Draw(t, "amount"), s.contract.Asset().Scale)
}

// spoilt returns a command with a payload that is not in order; one without a
// payload as it is.
func spoilt(t *rapid.T, s *scene, command escrow.Command) escrow.Command {
	switch cmd := command.(type) {
	case escrow.Deliver:
		return escrow.Deliver{Delivery: drawn(t, []string{"", " \n\t"})}
	case escrow.Draw:
		return spoiltDraw(t, s, cmd)
	case escrow.Vote:
		return spoiltVote(t, cmd)
	case escrow.Hire:
		m := spoiltMilestone(t, s)
		m.ID = drawn(t, []string{"", "m1"})
		return escrow.Hire{Milestone: &m}
	case escrow.AddMilestone:
		return escrow.AddMilestone{Milestone: spoiltMilestone(t, s)}
	case escrow.FundMilestone:
		return escrow.FundMilestone{MilestoneID: drawn(t, []string{"", "m1", "nowhere"})}
	case escrow.ApproveMilestone:
		return escrow.ApproveMilestone{MilestoneID: drawn(t, []string{"", "m1", "nowhere"})}
	case escrow.End:
		return escrow.End{Dispositions: spoiltDispositions(t, s)}
	case escrow.Confirm:
		return spoiltConfirm(t, s, cmd)
	case escrow.DeclineApproval:
		return escrow.DeclineApproval{ApprovalID: drawn(t, []string{"", "nowhere"})}
	}
	return command
}

func spoiltDraw(t *rapid.T, s *scene, cmd escrow.Draw) escrow.Command {
	agents := append([]string(nil), cmd.BackupAgents...)
	if len(agents) == 0 {
		return escrow.Draw{}
	}
	switch nth(t, 4) {
	case 0:
		return escrow.Draw{BackupAgents: agents[1:]}
	case 1:
		return escrow.Draw{BackupAgents: append(agents, "0xOneMore")}
	}
	agents[0] = drawn(t, []string{"two words", theClient, s.contract.Worker(), agents[len(agents)-1]})
	return escrow.Draw{BackupAgents: agents}
}

func spoiltVote(t *rapid.T, cmd escrow.Vote) escrow.Command {
	ballots := append([]escrow.Ballot(nil), cmd.Votes...)
	if len(ballots) == 0 {
		return escrow.Vote{}
	}
	switch nth(t, 5) {
	case 0:
		return escrow.Vote{Votes: ballots[1:]}
	case 1:
		return escrow.Vote{Votes: append(ballots, ballots[0])}
	case 2:
		ballots[0].CriterionIndex = len(ballots)
	case 3:
		ballots[0].Vote = "maybe"
	default:
		ballots[0].CriterionIndex = (ballots[0].CriterionIndex + 1) % (len(ballots) + 1)
	}
	return escrow.Vote{Votes: ballots}
}

// spoiltMilestone returns a milestone with one fault.
func spoiltMilestone(t *rapid.T, s *scene) escrow.MilestoneTerms {
	m := s.drawMilestone(t, 9)
	switch nth(t, 8) {
	case 0:
		m.ID = ""
	case 1:
		m.Name, m.Description = " ", ""
	case 2:
		m.Amount = decimal.NullDecimal{}
	case 3:
		m.Amount = decimal.NewNullDecimal(decimal.Zero)
	case 4:
		m.Amount = decimal.NewNullDecimal(decimal.New(1, -int32(s.contract.Asset().Scale)-1))
	case 5:
		m.Amount = decimal.NewNullDecimal(decimal.New(1, 37))
	case 6:
		m.Amount = decimal.NewNullDecimal(decimal.New(-1, 0))
	default:
		m.ID = "m1"
	}
	return m
}

func spoiltDispositions(t *rapid.T, s *scene) []escrow.Disposition {
	list := []escrow.Disposition{{MilestoneID: "nowhere", Disposition: escrow.Refund}}
	if funded := s.milestones(escrow.ActiveFunded); len(funded) > 0 {
		id := drawn(t, funded)
		list = append(list, escrow.Disposition{MilestoneID: id, Disposition: escrow.Choose}, escrow.Disposition{MilestoneID: id, Disposition: escrow.Refund})
		switch nth(t, 3) {
		case 0:
			return list[1:2]
		case 1:
			return []escrow.Disposition{list[2], list[2]}
		}
	}
	return list
}

func spoiltConfirm(t *rapid.T, s *scene, cmd escrow.Confirm) escrow.Command {
	switch nth(t, 3) {
	case 0:
		cmd.ApprovalID = drawn(t, []string{"", "nowhere"})
	case 1:
		m := spoiltMilestone(t, s)
		cmd.Milestone = &m
	default:
		cmd.Dispositions = spoiltDispositions(t, s)
	}
	return cmd
}

// drawAnything draws any command of the lifecycle; now and then one of another, or
// none at all.
func drawAnything(t *rapid.T, s *scene) escrow.Command {
	strange := nth(t, 8)
	if strange == 7 {
		return drawn(t, []escrow.Command{nil, &escrow.Advance{}, escrow.Hire{}, escrow.Create{}, escrow.Settle{}, escrow.End{}})
	}
	command := drawn(t, walkCommands(t, s))
	if strange == 6 {
		return spoilt(t, s, command)
	}
	return command
}

// walkCommands returns every command of the lifecycle, with payloads that are in
// order wherever there is something to name.
func walkCommands(t *rapid.T, s *scene) []escrow.Command {
	if s.law() == escrow.OpenTrain {
		return trainCommands(t, s)
	}
	return []escrow.Command{escrow.Advance{}, escrow.Create{}, escrow.Accept{}, escrow.Decline{}, escrow.Cancel{}, escrow.Withdraw{},
		escrow.Deliver{Delivery: "0xhash"}, escrow.Approve{}, escrow.Dispute{}, escrow.Draw{BackupAgents: drawJury(t, s)},
		escrow.Vote{Votes: drawBallots(t, s)}, escrow.Settle{}}
}

func trainCommands(t *rapid.T, s *scene) []escrow.Command {
	list := []escrow.Command{escrow.Advance{}, escrow.Hire{}, escrow.End{}, escrow.AddMilestone{Milestone: s.drawMilestone(t, 50+len(s.contract.Milestones()))}}
	for _, m := range s.contract.Milestones() {
		list = append(list, escrow.FundMilestone{MilestoneID: m.ID}, escrow.ApproveMilestone{MilestoneID: m.ID})
	}
	approvals := s.contract.Approvals()
	for _, a := range approvals[max(0, len(approvals)-4):] {
		list = append(list, drawConfirm(t, s, a), escrow.DeclineApproval{ApprovalID: a.ID})
	}
	return list
}

// usualRatios are the ones with the most edges, and the defaults.
var usualRatios = func() (list []escrow.Ratio) {
	for _, text := range []string{"0.05", "0", "1", "0.5", "0.3", "0.8", "0.000000000000000001", "0.999999999999999999", "0.333333333333333333", "0.666666666666666667"} {
		r, err := escrow.ParseRatio(text)
		if err != nil {
			panic(err)
		}
		list = append(list, r)
	}
	return list
}()

var genRatio = rapid.OneOf(rapid.SampledFrom(usualRatios), rapid.SampledFrom(usualRatios),
	rapid.Map(rapid.Uint64Range(0, 1_000_000_000_000_000_000), func(n uint64) escrow.Ratio {
		r, err := escrow.NewRatio(decimal.NewFromBigInt(new(big.Int).SetUint64(n), -18))
		if err != nil {
			panic(err)
		}
		return r
	}))

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// mostUnits is the largest amount that may enter a contract.
var mostUnits = pow10(36)

// genUnits draws amounts in smallest units: one, a few, such that a half or a
// twentieth is a tie, around powers of ten, near the bound, and any.
var genUnits = rapid.OneOf(
	rapid.Map(rapid.Int64Range(1, 100), big.NewInt),
	rapid.Map(rapid.SampledFrom([]int64{1, 1, 2, 3}), big.NewInt),
	rapid.Map(rapid.Int64Range(0, 1_000_000), func(n int64) *big.Int { return big.NewInt(20*n + 10) }),
	rapid.Map(rapid.Int64Range(0, 1_000_000), func(n int64) *big.Int { return big.NewInt(2*n + 1) }),
	rapid.Map(rapid.Int64Range(0, 3*35), func(n int64) *big.Int {
		return new(big.Int).Add(pow10(1+int(n/3)), big.NewInt(n%3-1))
	}),
	rapid.Map(rapid.Int64Range(0, 100), func(n int64) *big.Int { return new(big.Int).Sub(mostUnits, big.NewInt(n)) }),
	rapid.Map(rapid.Uint64(), func(n uint64) *big.Int {
		x := new(big.Int).SetUint64(n | 1)
		return x.Add(x.Mod(x.Mul(x, x), mostUnits), big.NewInt(1))
	}))

// whole returns an amount in whole units of an asset.
func whole(unitsOf *big.Int, scale uint8) decimal.Decimal {
	return decimal.NewFromBigInt(unitsOf, -int32(scale))
}

// drawDraft draws policy and terms, and with them the first scene of a life.
func drawDraft(t *rapid.T, law *escrow.Lifecycle) scene {
	asset := escrow.Asset{Code: "USDC", Scale: drawn(t, []uint8{6, 2, 0, 18})}
	s := scene{now: drawn(t, walkEras)}
	if law == escrow.OpenTrain {
		s.terms = trainTerms(t, s.now, asset)
	} else {
		if nth(t, 16) == 15 {
			s.now = lastEra
		}
		s.terms = taskTerms(t, s.now, asset)
	}
	if nth(t, 16) == 15 {
		f := drawn(t, faultsOf(law))
		f.spoil(&s.terms)
		s.fault = f.reason
	}
	for range s.terms.AcceptanceCriteria {
		s.mood = append(s.mood, drawn(t, verdictList))
	}
	s.contract = law.Draft(s.terms)
	return s
}

// walkEras are when lives begin: now, and where clocks have edges.
var walkEras = []time.Time{
	time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 12, 0, 0, 1, time.UTC), time.Date(2028, 2, 28, 23, 59, 59, 999_999_999, time.UTC),
	time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
}

// lastEra is where deadlines meet the end of time; approvals, which take a while,
// have no room left there.
var lastEra = endOfTime.Add(-time.Hour)

var walkGaps = []time.Duration{time.Second, time.Nanosecond, 2 * time.Nanosecond, time.Hour, time.Hour, 30 * 24 * time.Hour, 3 * 365 * 24 * time.Hour}

// taskTerms draws the terms of an OpenContract contract.
func taskTerms(t *rapid.T, now time.Time, asset escrow.Asset) escrow.Terms {
	gap := func() time.Duration {
		if now.Equal(lastEra) {
			return drawn(t, walkGaps[:3])
		}
		return drawn(t, walkGaps)
	}
	f := escrow.Terms{ID: "task-1", Client: theClient, Worker: theWorker, Asset: asset, Policy: taskPolicy(t, asset),
		Price: whole(genUnits.Draw(t, "price"), asset.Scale), TaskDescription: "sum up ten papers",
		ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect, VerificationMode: escrow.PrivacyPreserving}
	for i := range drawn(t, []int{3, 1, 2, 4, 10}) {
		f.AcceptanceCriteria = append(f.AcceptanceCriteria, fmt.Sprintf("criterion %d", i))
	}
	f.MatchDeadline = now.Add(gap())
	f.WithdrawalDeadline = f.MatchDeadline.Add(gap() * time.Duration(nth(t, 2)))
	f.DeliveryDeadline = f.WithdrawalDeadline.Add(gap() * time.Duration(nth(t, 2)))
	if !f.DeliveryDeadline.After(f.MatchDeadline) {
		f.DeliveryDeadline = f.MatchDeadline.Add(time.Nanosecond)
	}
	if nth(t, 3) == 2 {
		f.VerificationMode = escrow.Standard
	} else {
		f.ReviewDeadline = f.DeliveryDeadline.Add(gap())
	}
	if nth(t, 3) == 2 {
		f.AwardMethod, f.Worker = escrow.AwardOpenTender, ""
	}
	return f
}

func taskPolicy(t *rapid.T, asset escrow.Asset) *escrow.Policy {
	p := escrow.OpenContract.DefaultPolicy()
	p.BARecruitCount = drawn(t, []int{3, 1, 5, 15})
	if nth(t, 4) == 0 {
		return &p
	}
	for _, r := range []*escrow.Ratio{&p.ProtocolFee, &p.WorkerStakeRatio, &p.DisputeBondRatio, &p.BackupAgentBondRatio,
		&p.EarlyWithdrawalSlashRatio, &p.AbsentNoneMetClientShare, &p.BAUnclearSlashRatio} {
		*r = genRatio.Draw(t, "ratio")
	}
	if p.EarlyWithdrawalSlashRatio == usualRatios[2] {
		p.EarlyWithdrawalSlashRatio = usualRatios[7]
	}
	p.BAVotingWindow = drawn(t, walkWindows)
	p.NoQuorum = drawn(t, []string{"approve", "unclear"})
	p.UnclearCredit = drawn(t, []escrow.Ratio{usualRatios[1], usualRatios[2], usualRatios[3], usualRatios[8]})
	p.DisputeForfeitTo = drawn(t, []string{"worker", "treasury"})
	p.BackupSlashTo = drawn(t, []string{"treasury", "client"})
	p.TokenMintRewardFull = drawn(t, []decimal.Decimal{decimal.New(10, 0), decimal.Zero, decimal.New(1, -18)})
	p.TokenMintRewardReduced = drawn(t, []decimal.Decimal{decimal.New(4, 0), decimal.Zero})
	p.PayoutReview = drawReview(t, asset)
	return &p
}

// walkWindows are how long votes and approvals may take.
var walkWindows = []time.Duration{24 * time.Hour, time.Second, 365 * 24 * time.Hour}

func drawReview(t *rapid.T, asset escrow.Asset) escrow.PayoutReview {
	return escrow.PayoutReview{MinPayout: whole(genUnits.Draw(t, "minPayout"), asset.Scale), Quorum: nth(t, 3)}
}

// trainTerms draws the terms of an OpenTrain contract.
func trainTerms(t *rapid.T, now time.Time, asset escrow.Asset) escrow.Terms {
	m := escrow.MilestoneTerms{ID: "m1", Name: "first part", DueDate: now.Add(time.Hour),
		Amount: decimal.NewNullDecimal(whole(genUnits.Draw(t, "amount"), asset.Scale))}
	return escrow.Terms{ID: "job-1", Client: theClient, Worker: theWorker, Asset: asset, Policy: trainPolicy(t, asset),
		Title: "label images", JobID: drawn(t, []string{"job", ""}), ProposalID: "prop", Milestones: []escrow.MilestoneTerms{m}}
}

func trainPolicy(t *rapid.T, asset escrow.Asset) *escrow.Policy {
	p := escrow.OpenTrain.DefaultPolicy()
	p.InitiationFee = decimal.Zero
	if nth(t, 4) > 0 {
		p.InitiationFee = whole(genUnits.Draw(t, "initiationFee"), asset.Scale)
	}
	p.MarketplaceFee = genRatio.Draw(t, "marketplaceFee")
	p.ApprovalTTL = drawn(t, walkWindows)
	p.EndDisposition = drawn(t, []escrow.DispositionChoice{escrow.Refund, escrow.Release, escrow.Choose})
	p.Quorum = drawn(t, []int{1, 1, 2, 3})
	p.SeparateDuties = nth(t, 3) == 2
	p.PayoutReview = drawReview(t, asset)
	return &p
}

// fault is one thing that is wrong with the terms of a draft, and what the draft's
// founding is refused for.
type fault struct {
	reason escrow.Reason
	spoil  func(*escrow.Terms)
}

// faultsOf returns what can be wrong with the terms of a draft.
func faultsOf(law *escrow.Lifecycle) []fault {
	if law == escrow.OpenTrain {
		return append(trainFaults, faults...)
	}
	return append(taskFaults, faults...)
}

var faults = []fault{
	{escrow.Malformed, func(f *escrow.Terms) { f.ID = "a/b" }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.Client = "" }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.Worker = f.Client }},
	{escrow.Malformed, func(f *escrow.Terms) { f.Worker = "two words" }},
	{escrow.Malformed, func(f *escrow.Terms) { f.Asset.Scale = 19 }},
	{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.PayoutReview.Quorum = 11 }},
}

var taskFaults = []fault{
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.TaskDescription = " " }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.Price = decimal.Zero }},
	{escrow.Malformed, func(f *escrow.Terms) { f.Price = decimal.New(-1, 0) }},
	{escrow.AmountBounds, func(f *escrow.Terms) { f.Price = decimal.New(1, 40) }},
	{escrow.AmountScale, func(f *escrow.Terms) { f.Price = decimal.New(1, -int32(f.Asset.Scale)-1) }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.AcceptanceCriteria = append(f.AcceptanceCriteria, "") }},
	{escrow.UnsupportedCombination, func(f *escrow.Terms) { f.ContractType = escrow.Auction }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.AwardMethod = "lottery" }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.VerificationMode = "" }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.MatchDeadline = f.ReviewDeadline }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.WithdrawalDeadline = f.MatchDeadline.Add(-1) }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.DeliveryDeadline = f.MatchDeadline }},
	{escrow.InvalidTerms, func(f *escrow.Terms) { f.ReviewDeadline = f.DeliveryDeadline }},
	{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.BARecruitCount = 2 }},
	{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.BAVotingWindow = 0 }},
	{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.EarlyWithdrawalSlashRatio = usualRatios[2] }},
}

var trainFaults = []fault{
	{escrow.InvalidMilestone, func(f *escrow.Terms) { f.Milestones = nil }},
	{escrow.AmountBounds, func(f *escrow.Terms) { f.Milestones[0].Amount.Decimal = decimal.New(1, 40) }},
	{escrow.AmountScale, func(f *escrow.Terms) { f.Milestones[0].Amount.Decimal = decimal.New(1, -int32(f.Asset.Scale)-1) }},
	{escrow.InvalidMilestone, func(f *escrow.Terms) { f.Milestones[0].Name = "" }},
	{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.Quorum = 11 }},
	{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.EndDisposition = "keep" }},
	{escrow.InvalidPolicy, func(f *escrow.Terms) { f.Policy.InitiationFee = decimal.New(-1, 0) }},
}
