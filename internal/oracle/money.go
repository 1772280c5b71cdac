package oracle

import (
	"encoding/json"
	"math/big"
	"strings"
)

// number is an exact decimal: an amount, a ratio or a count of tokens. Unset is
// the zero value.
type number struct{ r *big.Rat }

func (n number) IsZero() bool { return n.r == nil }

// rat is the value, 0 when unset.
func (n number) rat() *big.Rat {
	if n.r == nil {
		return new(big.Rat)
	}
	return n.r
}

func (n number) String() string {
	if n.rat().IsInt() {
		return n.rat().Num().String()
	}
	return n.rat().FloatString(n.places())
}

// MarshalJSON is money.md: "JSON amounts are strings, without trailing zeros."
func (n number) MarshalJSON() ([]byte, error) { return []byte(`"` + n.String() + `"`), nil }

// UnmarshalJSON is money.md, "Bounds": "at most 40 characters, plain notation
// only (digits, one dot; no sign, no exponent, no blanks)". "On input a JSON
// number is accepted within the same bounds."
func (n *number) UnmarshalJSON(data []byte) error {
	text := string(data)
	if text == "null" {
		return nil
	}
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	}
	if !plain(text) {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	if len(text) > 40 {
		return &json.UnmarshalTypeError{Value: "amount_bounds"}
	}
	n.r, _ = new(big.Rat).SetString(text)
	return nil
}

// plain: digits, with at most one dot between them.
func plain(text string) bool {
	whole, rest, dotted := strings.Cut(text, ".")
	return digits(whole) && (!dotted || digits(rest))
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

func decimal(text string) number {
	r, _ := new(big.Rat).SetString(text)
	return number{r}
}

// places is the number of decimal places; "trailing zeros do not count".
func (n number) places() int {
	places, _ := n.rat().FloatPrec()
	return places
}

func power10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// units is the amount in the asset's smallest units.
func units(amount *big.Rat, scale int) *big.Rat {
	return new(big.Rat).Mul(amount, new(big.Rat).SetInt(power10(scale)))
}

func fromUnits(n *big.Int, scale int) *big.Rat { return new(big.Rat).SetFrac(n, power10(scale)) }

// fit is money.md: "at most 10^36 smallest units", "an amount with more places
// than the scale is refused (amount_scale), never rounded".
func (n number) fit(scale int) string {
	if units(n.rat(), scale).Cmp(new(big.Rat).SetInt(power10(36))) > 0 {
		return "amount_bounds"
	}
	if n.places() > scale {
		return "amount_scale"
	}
	return ""
}

// isRatio is money.md: "A ratio is in [0, 1] with at most 18 places."
func (n number) isRatio() bool {
	return n.rat().Sign() >= 0 && n.rat().Cmp(big.NewRat(1, 1)) <= 0 && n.places() <= 18
}

func complement(ratio number) number {
	return number{new(big.Rat).Sub(big.NewRat(1, 1), ratio.rat())}
}

func floor(r *big.Rat) *big.Int { return new(big.Int).Div(r.Num(), r.Denom()) }

// share is money.md, "Rounding": "a deposit or charge computed from a ratio is
// rounded half up to the asset's scale".
func share(amount, ratio *big.Rat, scale int) *big.Rat {
	exact := units(new(big.Rat).Mul(amount, ratio), scale)
	return fromUnits(floor(exact.Add(exact, big.NewRat(1, 2))), scale)
}

// allocate is money.md, "allocate(amount, weights…)": "each share is floored to
// the scale, and the units left over go one each to the shares with the largest
// fractional remainder; on a tie, to the earlier-listed share".
func allocate(amount *big.Rat, scale int, weights ...*big.Rat) []*big.Rat {
	total := new(big.Rat)
	for _, w := range weights {
		total.Add(total, w)
	}
	left := floor(units(amount, scale))
	shares := make([]*big.Int, len(weights))
	rests := make([]*big.Rat, len(weights))
	for i, w := range weights {
		exact := new(big.Rat).Mul(units(amount, scale), w)
		exact.Quo(exact, total)
		shares[i] = floor(exact)
		rests[i] = exact.Sub(exact, new(big.Rat).SetInt(shares[i]))
		left.Sub(left, shares[i])
	}
	for ; left.Sign() > 0; left.Sub(left, big.NewInt(1)) {
		largest := 0
		for i := range rests {
			if rests[i].Cmp(rests[largest]) > 0 {
				largest = i
			}
		}
		shares[largest].Add(shares[largest], big.NewInt(1))
		rests[largest] = big.NewRat(-1, 1)
	}
	out := make([]*big.Rat, len(weights))
	for i := range shares {
		out[i] = fromUnits(shares[i], scale)
	}
	return out
}
