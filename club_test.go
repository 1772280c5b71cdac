package escrow_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	escrow "github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// An evening at a club, to try what an order does not need: guests who are parties
// by being on a list, doors that open, a field with a JSON form of its own, and one
// of each kind of effect and case.
var (
	host   = Party("host", "not_host")
	guests = guestsOfAnEvening()
	guest  = EachOf("guest", guests, "not_guest")
	comer  = AnyoneBut("comer", "not_comer", "own_evening", host, guest)

	entry  = Amount("entry", "what a seat costs").Positive()
	doors  = Instant("doors", "when the doors open")
	lastly = Instant("lastly", "when all is over")

	mode   = Choice("mode", "how loud it is", "quiet", "loud").Optional()
	rounds = Count("rounds", "how many rounds there were").Optional()
	until2 = Instant("until", "when this round ends").Optional()
	tags   = Texts("tags", "what it is about").Optional()
	lead   = Account("lead", "who leads").Optional()
	bright = Flag("bright", "whether the light is on").Optional()
	length = Window("length", "how long a round is").Default(`"PT1H"`)
	payee  = Choice("payee", "who gets what is left", "host", "fund").Default(`"host"`)
	fund   = Receiver("fund")
	heir   = ChosenBy(payee, host, fund)
	seat   = HeldIn(PotEach("seat", guests, guest, "seat_deposit", To(guest, "seat_refund"), Else("seat_payout")), "IN")

	comment = Text("comment", "what a guest says").Optional()
	since   = Instant("since", "since when they are here").Optional()
	mood    = Choice("mood", "how they are", "glad", "sad").Optional()
	speaker = Account("speaker", "who spoke").Optional()
	remarks = Count("remarks", "how often they spoke").Optional()
	restBy  = Instant("restBy", "when they rest").Optional()
	say     = Text("say", "what is said").Filled()
	how     = Choice("how", "how loud", "quiet", "loud")
	light   = Flag("light", "whether the light goes on").Optional()
	about   = Texts("about", "what it is about").Filled()

	invite = Do("invite")
	enter  = Do("enter")
	leave  = Do("leave")
	remark = Do("remark", say)
	begin  = Do("begin", how, light, about)
	hush   = Do("hush")
	over   = Do("finish")

	doorsOpen = At(doors)
	atLast    = At(lastly)
	loudly    = Is("it is loud", mode, "loud")
	quietly   = &escrow.Case{Name: "quiet is asked for", Field: how, Choice: "quiet", Given: true}
	bothLoud  = Both("loud and bright", Is("loud", mode, "loud"), IsTrue("bright", bright))
	byTheHost = AskedBy(host)
	nobodyIn  = Both("nobody is in", Empty("the seats are paid out", seat), None("nobody is in", guests, "IN"))
	someoneIn = Some("somebody is in", guests, "IN")
)

func guestsOfAnEvening() *escrow.List {
	l := List("guests", "who is here", Account("guest", "the guest"), comment, since, mood, speaker, remarks, restBy)
	l.Statuses, l.Max = []string{"IN", "OUT"}, 5
	return l
}

// tagsForm writes the tags as one text.
var tagsForm = escrow.Form{Field: tags, Members: []escrow.Member{{Name: "hashtags", Meaning: "the tags in one text", Schema: `{"type":"string"}`}},
	Write: func(v View, _ string) []byte {
		if !v.Has(tags) {
			return nil
		}
		text, _ := json.Marshal("#" + strings.Join(tags.In(v), " #"))
		return text
	},
	Read: func(_ View, members map[string][]byte) ([][]Value, *escrow.Error) {
		var text string
		if json.Unmarshal(members["hashtags"], &text) != nil {
			return nil, escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, "hashtags must be a text", map[string]any{"field": "hashtags"})
		}
		return [][]Value{{tags.To(strings.Split(strings.TrimPrefix(text, "#"), " #"))}}, nil
	}}

var club = Must(Spec{
	Name: "club", Version: 1, Asset: escrow.Asset{Code: "EUR", Scale: 2}, About: "An evening at a club, for tests.",
	Parties: Parties{host, guest, fund, heir}, Terms: Fields{entry, doors, lastly}, State: Fields{mode, rounds, until2, tags, lead, bright}, Lists: Lists{guests}, Pots: Pots{seat},
	Policy: Fields{length, payee}, Terminal: In("over"), Forms: []escrow.Form{tagsForm},
	Rules: []Rule{
		{ID: "C-1", On: invite, By: host, From: In(Draft), To: "open"},
		{ID: "C-2", On: enter, By: comer, From: In("open"), Window: Before(atLast), To: Same, Sets: Effects{AddActor(guests, "IN")}, Money: Money{Deposit(The(entry), guest, seat)}},
		{ID: "C-3", On: leave, By: guest, From: In("open"), Window: Before(atLast), Each: guests, Being: []string{"IN"}, Becomes: "OUT", To: Same, Money: Money{All(seat, guest)}},
		{ID: "C-4", On: remark, By: guest, From: In("open"), Window: Before(atLast), Each: guests, To: Same, Sets: Effects{Put(comment, say), Now(since), FromNow(restBy, length), Choose(mood, "glad"), CountUp(remarks), {Set: speaker, Actor: true}}},
		{ID: "C-5", On: begin, By: host, From: In("open"), Window: Between(doorsOpen, atLast), Needs: Needs{Demand(escrow.Conflict, "nobody_in", someoneIn), Demand(escrow.Conflict, "too_bright", Not("not loud in the dark", Both("quiet and bright", quietly, IsTrue("bright already", bright))))}, To: Same,
			Sets: Effects{Put(mode, how), Put(bright, light), Put(tags, about), CountUp(rounds), FromNow(until2, length), {Set: lead, Actor: true}}},
		{ID: "C-6", On: hush, By: Anyone, From: In("open"), When: Cases{bothLoud}, Window: Before(atLast), To: Same, Sets: Effects{Choose(mode, "quiet"), Clear(bright)}},
		{ID: "C-7", On: hush, By: Anyone, From: In("open"), When: Cases{loudly}, Window: Before(atLast), To: Same, Sets: Effects{Choose(mode, "quiet")}},
		{ID: "C-8", On: over, By: Anyone, From: In("open"), Window: Before(atLast), Needs: Needs{Demand(escrow.Conflict, "somebody_in", Or("the host asks, or nobody is in", byTheHost, nobodyIn))}, To: "over",
			Sets: Effects{Every("guests are out", guests, func(View) string { return "OUT" })}, Money: Money{Each(All(seat, guest))}},
		{ID: "C-9", On: Advance, By: Anyone, From: In("open"), Window: Due(atLast), To: "over", Sets: Effects{Every("guests are out", guests, func(View) string { return "OUT" })}, Money: Money{Each(All(seat, heir))}},
	},
	Reasons: []escrow.CatalogueEntry{
		{Reason: "not_host", Code: escrow.Forbidden, Meaning: "only the host", Remedy: "ask as the host"}, {Reason: "not_guest", Code: escrow.Forbidden, Meaning: "only guests", Remedy: "enter first"},
		{Reason: "not_comer", Code: escrow.Forbidden, Meaning: "only accounts", Remedy: "ask as an account"}, {Reason: "own_evening", Code: escrow.Forbidden, Meaning: "those who are in cannot enter", Remedy: "stay"},
		{Reason: "nobody_in", Code: escrow.Conflict, Meaning: "nobody is in", Remedy: "wait"}, {Reason: "too_bright", Code: escrow.Conflict, Meaning: "it is bright already", Remedy: "hush"}, {Reason: "somebody_in", Code: escrow.Conflict, Meaning: "somebody is in", Remedy: "wait"},
	},
})

// evening is an evening of hal's, with gil in.
func evening(t testing.TB, policy ...escrow.Value) *desk {
	k := &desk{t, club.Draft("e1", append(policy, escrow.TextOf(host.Account, "hal"), entry.Decimal(decimal.NewFromInt(10)), doors.To(june(3, 20)), lastly.To(june(4, 4)))...), june(3, 0)}
	k.do(invite.Command(), byHal)
	k.do(enter.Command(), byGil)
	return k
}

var (
	byHal = escrow.Agent("hal")
	byGil = escrow.Agent("gil")
)

func beginning(loud string) escrow.Command {
	return begin.Command(how.To(loud), light.To(true), about.To([]string{"tea", "jazz"}))
}

// TestDoorsOpen: a window that opens later is closed before, and Explain says when.
func TestDoorsOpen(t *testing.T) {
	k := evening(t)
	e := k.refused(escrow.WindowClosed, beginning("loud"), byHal)
	at, _ := e.Deadline()
	assert.True(t, at.Equal(june(3, 20)))
	assert.True(t, k.option(byHal, "begin", "").Opens.Equal(june(3, 20)))
	d := k.at(june(3, 20)).do(beginning("loud"), byHal)
	assert.Equal(t, "C-5", d.Rule)
	v := k.c.View()
	assert.Equal(t, "loud", mode.In(v))
	assert.True(t, bright.In(v))
	assert.Equal(t, uint64(1), rounds.In(v))
	assert.True(t, until2.In(v).Equal(june(3, 21)))
	assert.Equal(t, "hal", lead.In(v))
	assert.Equal(t, []string{"tea", "jazz"}, tags.In(v))
	assert.Contains(t, jsonOf(t, k.c), `"hashtags":"#tea #jazz"`)
	k.refused("too_bright", beginning("quiet"), byHal)
	k.do(hush.Command(), byStranger)
	assert.Equal(t, "quiet", mode.In(k.c.View()))
	assert.False(t, k.c.View().Has(bright), "the light is cleared")
	e = k.refused(escrow.WrongStatus, hush.Command(), byStranger)
	assert.Contains(t, jsonOf(t, e), "loud", "the case that it would need")
	k.do(begin.Command(how.To("loud"), about.To([]string{"tea"})), byHal)
	assert.Equal(t, "C-7", k.do(hush.Command(), byStranger).Rule)
	assert.Equal(t, uint64(2), rounds.In(k.c.View()))
}

// TestGuests are parties by being on a list.
func TestGuests(t *testing.T) {
	k := evening(t)
	assert.Equal(t, "seat:gil 10", held(k.c))
	k.refused("own_evening", enter.Command(), byGil)
	k.refused("own_evening", enter.Command(), byHal)
	assert.True(t, escrow.Visible(k.c, byGil))
	assert.True(t, escrow.Visible(k.c, byStranger), "there is a seat")
	assert.True(t, escrow.Visible(k.c, escrow.Human("gus", "gil")))
	assert.Equal(t, []escrow.Reason{"not_guest"}, reasons(k.option(byStranger, "leave", "")))
	assert.True(t, k.option(byGil, "leave", "").Allowed)
	k.do(remark.Command(say.To("nice")), byGil)
	assert.Equal(t, "nice", comment.In(k.c.View().At(guests, 0)))
	item := k.c.View().At(guests, 0)
	assert.True(t, since.In(item).Equal(k.now))
	assert.True(t, restBy.In(item).Equal(k.now.Add(time.Hour)))
	assert.Equal(t, "glad 1 gil", mood.In(item)+" "+strconv.FormatUint(remarks.In(item), 10)+" "+speaker.In(item))
	d := k.do(leave.Command(), byGil)
	assert.Equal(t, []string{"10 seat:gil -> guest:gil (seat_refund)"}, moves(d))
	e := k.refused(escrow.WrongStatus, leave.Command(), byGil)
	assert.Equal(t, "OUT", e.Details()["status"])
	k.at(june(3, 20)).refused("nobody_in", beginning("loud"), byHal)
}

// TestWhoMayFinish: a case tells who asks.
func TestWhoMayFinish(t *testing.T) {
	k := evening(t)
	k.refused("somebody_in", over.Command(), byGil)
	d := k.do(over.Command(), byHal)
	assert.Equal(t, []string{"10 seat:gil -> guest:gil (seat_refund)"}, moves(d))
	k = evening(t)
	k.do(leave.Command(), byGil)
	assert.Equal(t, Status("over"), k.do(over.Command(), byGil).To)
}

// TestAChosenPartyIsPaid: the one that the policy names.
func TestAChosenPartyIsPaid(t *testing.T) {
	for choice, want := range map[string]string{"host": "10 seat:gil -> host:hal (seat_payout)", "fund": "10 seat:gil -> fund (seat_payout)"} {
		k := evening(t, payee.To(choice))
		assert.Equal(t, map[string]string{"host": "hal", "fund": ""}[choice], k.c.Account(heir))
		d := k.at(june(5, 0)).do(escrow.Advance(), byStranger)
		assert.Equal(t, []string{want}, moves(d))
		assert.True(t, d.At().Equal(june(4, 4)))
	}
}

// TestFieldsWithAFormOfTheirOwn are read by the lifecycle, and judged like others.
func TestFieldsWithAFormOfTheirOwn(t *testing.T) {
	k := evening(t).at(june(3, 20))
	k.do(beginning("loud"), byHal)
	refusesEdits(t, k.c, []edit{{"hashtags", 5, "hashtags"}, {"hashtags", "#", ""}, {"hashtags", gone{}, ""}, {"hashtags", "#a\u202e", "tags"}, {"tags", []string{"a"}, "tags"},
		{"guests.0.since", "x", "since"}, {"guests.0.guest", "a b", "guest"}, {"rounds", -1, "rounds"}, {"lead", "a b", "lead"}, {"mode", "lod", `did you mean "loud"`}})
	c, _, err := escrow.AsOf(k.c, june(4, 4).Add(time.Hour))
	require.NoError(t, err)
	assert.True(t, c.IsTerminal())
}

// TestCommandsAreRead in JSON as they are made.
func TestCommandsAreRead(t *testing.T) {
	for _, cmd := range []escrow.Command{beginning("loud"), remark.Command(say.To("x")), leave.Command(), escrow.Advance()} {
		read, err := club.ParseCommand([]byte(jsonOf(t, cmd)))
		require.NoError(t, err)
		assert.Equal(t, jsonOf(t, cmd), jsonOf(t, read))
	}
	for _, cmd := range []escrow.Command{escrow.Confirm("a", "b"), escrow.DeclineApproval("a", ""), escrow.RevokeConfirmation("a"), payFor("x1")} {
		read, err := order.ParseCommand([]byte(jsonOf(t, cmd)))
		require.NoError(t, err)
		assert.Equal(t, jsonOf(t, cmd), jsonOf(t, read))
	}
	id, hash := escrow.Confirm("a", "b").Approval()
	assert.Equal(t, "a b", id+" "+hash)
	id, hash = escrow.Command{}.Approval()
	assert.Empty(t, id+hash)
	for _, text := range []string{`{"action":"begin","how":"lod"}`, `{"action":"begin","how":5}`, `{"action":"begin","light":"on"}`, `{"action":"begin","about":"x"}`, `{"action":"begin","about":[5]}`, `{"action":"begin","how":"loud","how":"loud"}`,
		`{"how":"loud"}`, `{"action":"begin","How":"loud"}`, `[]`, `{"action":"begin"} x`, `{"action":"nothing"}`, ``, `null`} {
		_, err := club.ParseCommand([]byte(text))
		assert.ErrorIs(t, err, escrow.InvalidRequest, text)
	}
}
