package escrow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The words of a small lifecycle that has a field of every kind, a posted pot, a
// pot for each item, one whose balance is stored, a form, aliases and approvals.
var (
	tBuyer  = &Field{Name: "buyer", Kind: AccountKind, Meaning: "who pays"}
	tMaker  = &Field{Name: "maker", Kind: AccountKind, Meaning: "who works", Optional: true}
	tTitle  = &Field{Name: "title", Kind: TextKind, Meaning: "what it is about", Filled: true}
	tNotes  = &Field{Name: "notes", Kind: TextKind, Meaning: "more", Optional: true, Lines: true}
	tPrice  = &Field{Name: "price", Kind: AmountKind, Meaning: "the price", Positive: true, Alias: "priceUsd", AliasAsset: "USD"}
	tExtra  = &Field{Name: "bonus", Kind: AmountKind, Meaning: "a bonus that may change", Amendable: true, Optional: true}
	tEnd    = &Field{Name: "end", Kind: InstantKind, Meaning: "when it ends", Amendable: true}
	tGrace  = &Field{Name: "grace", Kind: DurationKind, Meaning: "how long after", Max: "P30D"}
	tRounds = &Field{Name: "rounds", Kind: CountKind, Meaning: "how often", Min: "1", Max: "9"}
	tMode   = &Field{Name: "mode", Kind: ChoiceKind, Meaning: "how", Choices: []string{"open", "closed"}}
	tRush   = &Field{Name: "rush", Kind: FlagKind, Meaning: "in a hurry", Optional: true}
	tShare  = &Field{Name: "share", Kind: RatioKind, Meaning: "a part", Optional: true}
	tChecks = &Field{Name: "checks", Kind: TextsKind, Meaning: "what is checked", Filled: true, Max: "5"}
	tJob    = &Field{Name: "jobId", Kind: TextKind, Meaning: "the job", Optional: true}
	tBid    = &Field{Name: "bidId", Kind: TextKind, Meaning: "the bid", Optional: true}

	sWork   = &Field{Name: "work", Kind: TextKind, Meaning: "what was delivered", Lines: true}
	sWorkAt = &Field{Name: "workAt", Kind: InstantKind, Meaning: "when", Implied: Implied{In: In("review"), Moment: &Moment{Field: tEnd}}}
	sTries  = &Field{Name: "tries", Kind: CountKind, Meaning: "how many", Max: "3"}
	sResult = &Field{Name: "result", Kind: SheetKind, Meaning: "per check", Choices: []string{"good", "bad"}, Over: tChecks}
	sSince  = &Field{Name: "activeSince", Kind: InstantKind, Meaning: "when it became active", EnteredFirst: In("active")}

	mKey    = &Field{Name: "id", Kind: TextKind, Meaning: "which part", Filled: true}
	mName   = &Field{Name: "name", Kind: TextKind, Meaning: "what people call it", Optional: true}
	mAmount = &Field{Name: "amount", Kind: AmountKind, Meaning: "what it is worth", Positive: true, Alias: "amountUsd", AliasAsset: "USD", Reason: "invalid_part"}
	mDue    = &Field{Name: "due", Kind: InstantKind, Meaning: "when", Optional: true}
	tParts  = &List{Name: "parts", Meaning: "the parts", Key: mKey, Fields: []Word{mName, mAmount, mDue}, Statuses: []string{"planned", "funded", "paid"},
		Least: 1, Most: 10, Initial: "planned", Numbered: "partNumber"}

	jKey   = &Field{Name: "juror", Kind: AccountKind, Meaning: "who judges"}
	jVotes = &Field{Name: "ballot", Kind: SheetKind, Meaning: "their votes", Optional: true, Choices: []string{"good", "bad"}, Over: tChecks}
	tJury  = &List{Name: "jury", Meaning: "the jurors", Key: jKey, Fields: []Word{jVotes}, Max: 3}

	pFee    = &Field{Name: "fee", Kind: RatioKind, Meaning: "the fee", Default: `"0.05"`}
	pTTL    = &Field{Name: "ttl", Kind: DurationKind, Meaning: "how long an approval lives", Default: `"PT72H"`, Max: "P365D"}
	pQuorum = &Field{Name: "quorum", Kind: CountKind, Meaning: "how many agree", Default: "1", Min: "1", Max: "10"}
	pStart  = &Field{Name: "startFee", Kind: AmountKind, Meaning: "charged once", Default: `"9.95"`}
	pTokens = &Field{Name: "tokens", Kind: AmountKind, Meaning: "minted", Default: `"10"`, Fixed: true, Scale: 18}
	pDuties = &Field{Name: "separateDuties", Kind: FlagKind, Meaning: "two people", Default: "false"}
	pSide   = &Field{Name: "side", Kind: ChoiceKind, Meaning: "whose side", Default: `"maker"`, Choices: []string{"maker", "buyer"}}

	buyer    = &Party{Name: "buyer", Account: tBuyer, Refusal: "not_buyer"}
	maker    = &Party{Name: "maker", Account: tMaker, Refusal: "not_maker"}
	house    = &Party{Name: "house", Receives: true}
	potPrice = &Pot{Name: "escrow", Owner: buyer, In: "price_deposit", Rest: "price_paid", Posted: "escrowed", Implied: true}
	potTips  = &Pot{Name: "tips", Owner: buyer, In: "tip", Rest: "tip_paid"}
	potPart  = &Pot{Name: "part", Owner: buyer, Each: tParts, Holds: []string{"funded"}, In: "part_deposit", Rest: "part_paid", Implied: true}

	cTarget = &Field{Name: "partId", Kind: TargetKind, Meaning: "which part", List: tParts}
	cTip    = &Field{Name: "tip", Kind: AmountKind, Meaning: "how much", Positive: true}
	cWork   = &Field{Name: "work", Kind: TextKind, Meaning: "what is delivered", Lines: true}
	cJury   = &Field{Name: "jurors", Kind: TextsKind, Meaning: "who judges"}
	cWhen   = &Field{Name: "when", Kind: InstantKind, Meaning: "a time", Optional: true}
	cLong   = &Field{Name: "long", Kind: DurationKind, Meaning: "a while", Optional: true}
	cSplit  = &Field{Name: "split", Kind: RatioKind, Meaning: "a part", Optional: true}
	cSure   = &Field{Name: "sure", Kind: FlagKind, Meaning: "sure", Optional: true}
	cHow    = &Field{Name: "how", Kind: ChoiceKind, Meaning: "how", Optional: true, Choices: []string{"fast", "slow"}}
	cTimes  = &Field{Name: "times", Kind: CountKind, Meaning: "how often", Optional: true}
	cMarks  = &Field{Name: "marks", Kind: SheetKind, Meaning: "marks", Optional: true, Choices: []string{"good", "bad"}, Over: tChecks}
	cPart   = &Field{Name: "part", Kind: RecordKind, Meaning: "a new part", Fields: []Word{mKey, mName, mAmount, mDue}}
	cRows   = &Field{Name: "rows", Kind: RowsKind, Meaning: "anything", Fields: []Word{cHow, cTimes, cTip}}

	actFound = Do("found")
	actJoin  = Do("join")
	actTip   = Do("tip", cTip)
	actFund  = Do("fund", cTarget)
	actPay   = Do("pay", cTarget)
	actAdd   = Do("add", cPart)
	actWork  = Do("deliver", cWork, cWhen, cLong, cSplit, cSure, cHow, cTimes, cMarks, cRows)
	actJury  = Do("seat", cJury)
	actAmend = Do("amend", tEnd, tExtra)
)

// tJuryForm writes the jury as two members.
var tJuryForm = Form{List: tJury, Members: []Member{{Name: "jurors", Schema: `{"type":"array","items":{"type":"string"}}`}, {Name: "ballots", Schema: `{"type":"array"}`}},
	Write: func(v View, member string) []byte {
		var out []string
		n := v.Len(tJury)
		if n == 0 {
			return nil
		}
		for i := range n {
			item := v.At(tJury, i)
			if member == "jurors" {
				out = append(out, fmt.Sprintf("%q", item.Key()))
				continue
			}
			var votes []string
			for j := range v.CountTexts(tChecks) {
				votes = append(votes, fmt.Sprint(item.Sheet(jVotes).Entry(j)))
			}
			out = append(out, "["+strings.Join(votes, ",")+"]")
		}
		return []byte("[" + strings.Join(out, ",") + "]")
	},
	Read: func(v View, members map[string][]byte) ([][]Value, *Error) {
		var keys []string
		var votes [][]int
		if json.Unmarshal(members["jurors"], &keys) != nil {
			return nil, field(Malformed, "jurors", "must be a list")
		}
		if b := members["ballots"]; b != nil && json.Unmarshal(b, &votes) != nil {
			return nil, field(Malformed, "ballots", "must be a list")
		}
		var rows [][]Value
		for i, key := range keys {
			row := []Value{TextOf(jKey, key)}
			if i < len(votes) {
				choices := make([]string, len(votes[i]))
				any := false
				for j, n := range votes[i] {
					if choices[j] = jVotes.choiceText(uint64(n)); n != 0 {
						any = true
					}
				}
				if any {
					row = append(row, SheetOf(jVotes, choices))
				}
			}
			rows = append(rows, row)
		}
		return rows, nil
	}}

func testSpec() Spec {
	both := &Party{Name: "either", Either: []*Party{buyer, maker}, Refusal: "not_party"}
	return Spec{Name: "parts", Version: 1, Asset: Asset{"USD", 2}, ReadsUnnamed: true,
		Parties:   []*Party{buyer, maker, house, both},
		Terms:     []Word{tTitle, tNotes, tPrice, tExtra, tEnd, tGrace, tRounds, tMode, tRush, tShare, tChecks, tJob, tBid},
		State:     []Word{tMaker, sWork, sWorkAt, sTries, sResult, sSince},
		Lists:     []*List{tParts, tJury},
		Pots:      []*Pot{potPrice, potTips, potPart},
		Policy:    []Word{pFee, pTTL, pQuorum, pStart, pTokens, pDuties, pSide},
		Terminal:  In("done"),
		Forms:     []Form{tJuryForm},
		Approvals: ApprovalForm{Target: "partId", Adds: []ApprovalMember{{Field: tJob}, {Field: tBid, Types: []string{"pay_part"}}}},
		Extras:    []Extra{{Name: "rewards", Of: func(View, Action) []byte { return []byte("[]") }}},
		Reasons:   []CatalogueEntry{{"not_buyer", Forbidden, "only the buyer", "ask as the buyer"}, {"not_maker", Forbidden, "only the maker", "ask as the maker"}, {"not_party", Forbidden, "only a party", "ask as one"}},
		Rules: []Rule{
			{ID: "T-1", On: actFound, By: buyer, From: In(Draft), To: "active", Money: []Step{{Deposit: &Sum{Field: tPrice}, From: buyer, Pot: potPrice}}},
			{ID: "T-2", On: actTip, By: buyer, From: In("active"), To: Same, Money: []Step{{TopUp: &Sum{Given: cTip}, From: buyer, Pot: potTips}}},
			{ID: "T-3", On: actFund, By: buyer, From: In("active"), Each: tParts, Being: []string{"planned"}, Becomes: "funded", To: Same,
				Money: []Step{{Deposit: &Sum{Field: mAmount}, From: buyer, Pot: potPart}}},
			{ID: "T-4", On: actPay, By: buyer, From: In("active"), Each: tParts, Being: []string{"funded"}, Becomes: "paid", To: Same,
				Money:  []Step{{Pay: true, Pot: potPart, To: []*Party{house}}},
				CoSign: CoSign{Type: "pay_part", TTL: pTTL, Quorum: pQuorum, SeparateDuties: pDuties}},
			{ID: "T-5", On: actAdd, By: buyer, From: In("active"), To: Same, Sets: []Effect{{Add: tParts, Record: cPart, Status: "planned"}}},
			{ID: "T-6", On: actWork, By: buyer, From: In("active"), To: "review", Sets: []Effect{{Set: sWork, Given: cWork}, {Set: sWorkAt, Now: true}, {Set: sTries, CountUp: true},
				{Set: sResult, Name: "all good", Func: func(v View) Value {
					return SheetOf(sResult, []string{"good", "", "bad"}[:min(3, v.CountTexts(tChecks))])
				}}}},
			{ID: "T-7", On: actJury, By: buyer, From: In("review"), To: Same, Sets: []Effect{{Add: tJury, Keys: cJury}}},
			{ID: "T-8", On: actAmend, By: both, From: In("active", "review"), To: Same, Sets: []Effect{{Amend: []Word{tEnd, tExtra}}},
				CoSign: CoSign{Type: "amendment", From: []*Party{buyer, maker}, Lifetime: time.Hour}},
			{ID: "T-9", On: actAdvance, By: Anyone, From: In("active", "review"), Window: Window{Opens: &Moment{Name: "over", Field: tEnd, Plus: tGrace}, Due: true}, To: "done",
				Money: []Step{{Pay: true, Pot: potPrice, To: []*Party{house}}, {Pay: true, Pot: potTips, To: []*Party{house}}, {Pay: true, Pot: potPart, Each: true, To: []*Party{house}}}},
			{ID: "T-10", On: actJoin, By: &Party{Name: "other", But: []*Party{buyer}, Refusal: "not_maker", Instead: "not_maker"}, From: In("active"), To: Same, Sets: []Effect{{Set: tMaker, Actor: true}}},
		}}
}

var testBook = func() *Lifecycle {
	l, err := Define(testSpec())
	if err != nil {
		panic(err)
	}
	return l
}()

func mustTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

func draftValues() []Value {
	return []Value{TextOf(tBuyer, "acct_b"), TextOf(tTitle, "A \"title\" — ü"), TextOf(tNotes, "line one\nline\ttwo"), DecimalValue(tPrice, Asset{"USD", 2}.Decimal(Units(5050))),
		TimeValue(tEnd, mustTime("2026-06-10T12:00:00.000000001Z")), DurationValue(tGrace, 36*time.Hour+time.Second), CountValue(tRounds, 3),
		TextOf(tMode, "closed"), FlagValue(tRush, true), TextsOf(tChecks, []string{"one", "two", "three"}), TextOf(tJob, "job-1"), TextOf(tBid, "bid-1")}
}

func testDraft() Contract {
	return testBook.Draft("c1", draftValues()...).
		WithItems(tParts, []Value{TextOf(mKey, "p 1"), TextOf(mName, "first"), AmountValue(mAmount, Units(1000))},
			[]Value{TextOf(mKey, "p2"), AmountValue(mAmount, Units(2025)), TimeValue(mDue, mustTime("2026-06-05T00:00:00Z"))})
}

// roundTrip writes a contract, reads it and writes it again.
func roundTrip(t failing, c Contract) Contract {
	t.Helper()
	text, err := c.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	back, err := ReadStored(text, testBook)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	again, err := back.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(text) {
		t.Fatalf("written\n%s\nand again\n%s", text, again)
	}
	if c.Digest() != back.Digest() || c.Digest() == "" {
		t.Fatalf("the digests differ")
	}
	return back
}

func decide(t failing, c Contract, cmd Command, actor Actor, at string) Decision {
	t.Helper()
	text, err := cmd.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	back, err := testBook.ParseCommand(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if again, _ := back.MarshalJSON(); string(again) != string(text) {
		t.Fatalf("%s\n%s", text, again)
	}
	d, err := Decide(c, back, actor, At(mustTime(at)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.MarshalJSON(); err != nil {
		t.Fatal(err)
	}
	if answer := AppendAnswer(nil, &d, nil); !json.Valid(answer) {
		t.Fatalf("%s", answer)
	}
	d.Contract = roundTrip(t, d.Contract)
	return d
}

// testLife is a life with everything in it; each contract on the way is yielded.
func testLife(t failing) []Contract {
	c := testDraft()
	if c.terms.fault != nil {
		t.Fatal(c.terms.fault)
	}
	all := []Contract{roundTrip(t, c)}
	step := func(cmd Command, actor Actor, at string) Decision {
		d := decide(t, all[len(all)-1], cmd, actor, at)
		all = append(all, d.Contract)
		return d
	}
	b := Agent("acct_b")
	step(actFound.Command(), b, "2026-06-01T00:00:00Z")
	step(actJoin.Command(), Agent("acct_m"), "2026-06-01T01:00:00Z")
	step(actTip.Command(DecimalValue(cTip, Asset{"USD", 2}.Decimal(Units(150)))), b, "2026-06-01T02:00:00Z")
	step(actFund.Command(TextOf(cTarget, "p 1")), b, "2026-06-01T03:00:00Z")
	step(actAdd.Command(RowsOf(cPart, []Value{TextOf(mKey, "p3"), DecimalValue(mAmount, Asset{"USD", 2}.Decimal(Units(5)))})), b, "2026-06-01T03:30:00Z")
	d := step(actPay.Command(TextOf(cTarget, "p 1")), b, "2026-06-01T04:00:00Z")
	a, _ := d.Approval()
	step(Confirm(a.ID, a.Hash), Human("h1", "acct_b"), "2026-06-01T05:00:00Z")
	d = step(actAmend.Command(TimeValue(tEnd, mustTime("2026-06-20T00:00:00Z"))), b, "2026-06-01T06:00:00Z")
	a, _ = d.Approval()
	step(actAmend.Command(TimeValue(tEnd, mustTime("2026-06-21T00:00:00Z"))), Agent("acct_m"), "2026-06-01T06:10:00Z")
	step(actWork.Command(TextOf(cWork, "done\nit"), TimeValue(cWhen, mustTime("2026-06-01T00:00:00Z")), DurationValue(cLong, time.Hour), CountValue(cTimes, 7), FlagValue(cSure, false),
		TextOf(cHow, "slow"), SheetOf(cMarks, []string{"good", "", "bad"}), RowsOf(cRows, []Value{TextOf(cHow, "fast"), DecimalValue(cTip, Asset{"USD", 2}.Decimal(Units(5)))}, []Value{CountValue(cTimes, 0), DecimalValue(cTip, Asset{"USD", 2}.Decimal(Units(5)))})),
		b, "2026-06-02T00:00:00Z")
	step(actJury.Command(TextsOf(cJury, []string{"j1", "j2"})), b, "2026-06-02T01:00:00Z")
	step(Advance(), b, "2026-07-02T00:00:00Z")
	return all
}

func TestCodecLife(t *testing.T) {
	all := testLife(t)
	text, _ := all[len(all)-3].MarshalJSON()
	t.Logf("%s", text)
	text, _ = all[len(all)-2].MarshalJSON()
	t.Logf("%s", text)
}

func TestSchema(t *testing.T) {
	text := testBook.Schema()
	if !json.Valid(text) {
		t.Fatalf("%s", text)
	}
}
