package declare

import "github.com/escrow-go/escrow"

// Sum is what is collected, compared or paid in part.
type Sum = escrow.Sum

// The is the amount that a field says.
func The(f AmountField) *Sum { return &Sum{Field: f} }

// Given is the amount that the command carries.
func Given(f AmountField) *Sum { return &Sum{Given: f} }

// Of is a ratio of a sum, rounded half up.
func Of(ratio RatioField, s *Sum) *Sum { return &Sum{Of: s, Ratio: ratio} }

// Times is a sum times a count, or times the number of texts.
func Times(s *Sum, n escrow.Word) *Sum { return &Sum{Of: s, Times: n} }

// Balance is what a pot holds; of a list's pot, the row's item's.
func Balance(p *escrow.Pot) *Sum { return &Sum{Pot: p} }

// Total is what a list's pots hold together.
func Total(p *escrow.Pot) *Sum { return &Sum{Pot: p, Total: true} }

// LesserOf is the smallest of sums.
func LesserOf(sums ...*Sum) *Sum { return &Sum{Lesser: sums} }

// Computed is the amount that a function returns.
func Computed(name string, f func(View) escrow.Amount) *Sum { return &Sum{Name: name, Func: f} }

// Step is one thing that a row does with money: [escrow.Step.Deduct] and
// [escrow.Step.As] say more of it.
type Step = escrow.Step

// Deposit collects a sum from a party into a pot that is empty.
func Deposit(s *Sum, from *escrow.Party, into *escrow.Pot) Step {
	return Step{Deposit: s, From: from, Pot: into}
}

// TopUp collects a sum from a party into a pot on top of what it holds.
func TopUp(s *Sum, from *escrow.Party, into *escrow.Pot) Step {
	return Step{TopUp: s, From: from, Pot: into}
}

// Charge collects a sum from a party for another, outside custody.
func Charge(s *Sum, from, to *escrow.Party, reason escrow.MovementReason) Step {
	return Step{Charge: s, From: from, To: Parties{to}, Reason: reason}
}

// All pays a pot out to one party.
func All(p *escrow.Pot, to *escrow.Party) Step { return Step{Pay: true, Pot: p, To: Parties{to}} }

// Partial pays a sum out of a pot; more than it holds is refused as not_covered.
func Partial(s *Sum, p *escrow.Pot, to *escrow.Party) Step {
	return Step{Pay: true, Part: s, Pot: p, To: Parties{to}}
}

// Split pays a pot out to several parties in shares.
func Split(p *escrow.Pot, s *escrow.Shares, to ...*escrow.Party) Step {
	return Step{Pay: true, Pot: p, Shares: s, To: to}
}

// Difference deposits with, or returns to, a pot's owner what an amended amount has
// grown or shrunk by.
func Difference(f AmountField, owner *escrow.Party, p *escrow.Pot) Step {
	return Step{Difference: f, From: owner, Pot: p}
}

// Each does a payout with the pot of every item that holds money.
func Each(s Step) Step {
	s.Each = true
	return s
}

// By gives the first receiver a ratio, and the second the rest.
func By(ratio RatioField) *escrow.Shares { return &escrow.Shares{Ratio: ratio} }

// ByGiven gives the first receiver a ratio that the command carries, and the second
// the rest.
func ByGiven(ratio RatioField) *escrow.Shares { return &escrow.Shares{Ratio: ratio, Given: true} }

// Percentages give each receiver its own ratio of the command; they add up to 1.
func Percentages(ratios ...escrow.Word) *escrow.Shares { return &escrow.Shares{Percentages: ratios} }

// Equally gives every receiver the same.
func Equally() *escrow.Shares { return &escrow.Shares{Equal: true} }

// Parts gives the first receiver part of total, and the second the rest.
func Parts(name string, weights func(View) (part, total uint64)) *escrow.Shares {
	return &escrow.Shares{Name: name, Weights: weights}
}

// First gives the first receiver an amount, at most what is there, and the second
// the rest.
func First(name string, amount func(View, escrow.Amount) escrow.Amount) *escrow.Shares {
	return &escrow.Shares{Name: name, First: amount}
}

// Becoming gives the first receiver all of an item's pot when the row leaves the item
// in the status, and otherwise the second.
func Becoming(status string) *escrow.Shares { return &escrow.Shares{Becoming: status} }
