package escrow_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

func ExampleAsset() {
	euro := escrow.Asset{Code: "EUR", Scale: 2}
	amount, err := euro.Parse("49.90")
	fmt.Println(amount, euro.Text(amount), euro.Decimal(amount), err)
	_, err = euro.Amount(decimal.RequireFromString("0.005"))
	fmt.Println(err)
	// Output:
	// 4990 49.9 49.9 <nil>
	// escrow: amount_scale: the decimal is no amount of EUR
}

func ExampleAllocate() {
	shares, err := escrow.Allocate(escrow.Units(100), 1, 1, 1)
	fmt.Println(shares, err)
	// Output: [34 33 33] <nil>
}

func ExampleAmount() {
	part, _ := escrow.ParseRatio("0.05")
	price := escrow.Units(4990)
	n, ok := price.Uint64()
	fmt.Println(price.Part(part), price.Plus(escrow.Units(10)), price.Cmp(escrow.Units(1)), n, ok)
	// Output: 250 5000 1 4990 true
}

func ExampleAmountOf() {
	amount, err := escrow.AmountOf(big.NewInt(1_000_000))
	fmt.Println(amount, err)
	_, err = escrow.AmountOf(big.NewInt(-1))
	fmt.Println(err)
	// Output:
	// 1000000 <nil>
	// escrow: amount_bounds: an amount lies between 0 and 10^38 smallest units
}

func ExampleUnits() {
	fmt.Println(escrow.Asset{Code: "USDC", Scale: 6}.Text(escrow.Units(2_500_000)))
	// Output: 2.5
}

func ExampleRatio() {
	parsed, err := escrow.ParseRatio("0.050")
	fmt.Println(parsed, parsed.Decimal(), err)
	made, _ := escrow.NewRatio(decimal.New(5, -2))
	fmt.Println(made == parsed)
	_, err = escrow.ParseRatio("1.5")
	fmt.Println(err)
	// Output:
	// 0.05 0.05 <nil>
	// true
	// escrow: amount_bounds: a ratio lies between 0 and 1 and has at most 18 decimal places
}

func ExampleNewRatio() {
	third, err := escrow.NewRatio(decimal.NewFromInt(1).DivRound(decimal.NewFromInt(3), 18))
	fmt.Println(third, err)
	// Output: 0.333333333333333333 <nil>
}

func ExampleParseRatio() {
	_, err := escrow.ParseRatio("5%")
	fmt.Println(err)
	// Output: escrow: malformed: a ratio lies between 0 and 1 and has at most 18 decimal places
}

func ExampleParseDuration() {
	d, err := escrow.ParseDuration("P1DT12H")
	fmt.Println(d, err)
	_, err = escrow.ParseDuration("P1M")
	fmt.Println(err)
	// Output:
	// 36h0m0s <nil>
	// escrow: malformed: "P1M" is no ISO 8601 duration of weeks, days, hours, minutes and whole seconds, as in "PT24H"
}

func ExampleFormatDuration() {
	fmt.Println(escrow.FormatDuration(36*time.Hour + 30*time.Minute))
	// Output: PT36H30M
}

func ExampleAt() {
	fmt.Println(escrow.At(noon(1)).Now())
	// Output: 2026-06-01 12:00:00 +0000 UTC
}

func ExamplePolicy() {
	policy, err := Sale.ParsePolicy([]byte(`{"cut":"0.01"}`))
	fmt.Println(Cut.In(policy.View()), err)
	policy, err = policy.WithReview(escrow.Units(100_000), 2)
	text, _ := json.Marshal(policy)
	fmt.Println(string(text), err)
	_, err = Sale.ParsePolicy([]byte(`{"cutt":"0.01"}`))
	fmt.Println(err)
	// Output:
	// 0.01 <nil>
	// {"cut":"0.01","payoutReview":{"minPayout":"1000","quorum":2}} <nil>
	// escrow: invalid_policy: cutt: is no policy field of sale (did you mean "cut"?)
}

func ExampleLifecycle_Draft() {
	c := Sale.Draft("sale-4", escrow.TextOf(Buyer.Account, "acct_b"), escrow.TextOf(Seller.Account, "acct_s"), Price.To(escrow.Units(500)))
	_, err := escrow.Decide(c, Pay.Command(), escrow.Agent("acct_b"), escrow.At(noon(1)))
	fmt.Println(err)
	// Output: escrow: pay: invalid_terms (S-1): sendBy: is missing
}

func ExampleLifecycle_ParseCommand() {
	cmd, err := Sale.ParseCommand([]byte(`{"action":"receive"}`))
	fmt.Println(cmd.Action(), err)
	_, err = Sale.ParseCommand([]byte(`{"action":"recieve"}`))
	fmt.Println(err)
	// Output:
	// receive <nil>
	// escrow: recieve: unknown_action: lifecycle sale has no action recieve (did you mean "receive"?)
}

func ExampleLifecycle_Arrows() {
	for _, a := range Sale.Arrows() {
		fmt.Printf("%s -%s-> %s\n", Sale.Label(a.From), a.Action, a.To)
	}
	// Output:
	// draft -pay-> paid
	// paid -receive-> received
	// paid -advance-> refunded
}

func ExampleDefine() {
	spec := Sale.Spec()
	spec.Rules = spec.Rules[:2] // nothing ends a sale that is never received
	_, err := escrow.Define(spec)
	fmt.Println(err != nil)
	// Output: true
}

func ExampleContract_Digest() {
	fmt.Println(len(sale(true).Digest()), sale(true).Digest() == sale(false).Digest())
	// Output: 64 false
}

func ExampleContract_View() {
	v := sale(true).View()
	fmt.Println(v.Asset().Text(Price.In(v)), v.Account(Seller), v.Held(Escrow))
	// Output: 49.9 acct_s 4990
}

func ExampleContract_Moments() {
	for name, at := range sale(true).Moments() {
		fmt.Println(name, at.Format(time.DateOnly))
	}
	// Output: sendBy 2026-06-08
}

// The constructors of values are what typed handles of package declare call.
func ExampleValue() {
	amount, note := Amount("amount", "how much"), Texts("notes", "what is to be said").Optional()
	bid := escrow.Do("bid", amount, note)
	cmd := bid.Command(escrow.DecimalValue(amount, decimal.NewFromInt(5)), escrow.TextsOf(note, []string{"by noon"}))
	text, _ := json.Marshal(cmd)
	fmt.Println(string(text))
	// Output: {"action":"bid","amount":"5","notes":["by noon"]}
}
