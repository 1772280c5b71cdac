package escrow

// Party declares a role in a contract: who may ask, who pays and who is paid.
// Exactly one of Account, Receives, Item, Chosen, Anyone, Platform, But and
// Either says which sort it is.
type Party struct {
	// Name is the role's, and the kind of its account in text: buyer:acct_1.
	Name string
	// Refusal is why another actor is refused, as in not_buyer. The reason's
	// class is that of the catalogue or of [Spec.Reasons], else [Forbidden].
	Refusal Reason
	// Kinds are the kinds of actor that may act for the party; none means agent,
	// token and human.
	Kinds []Kind

	// Account is the field that holds the party's account: of the terms when the
	// terms fix it, of the state when a rule sets it.
	Account Word
	// Set says that a rule may set who the party is; a draft may name it all the
	// same.
	Set bool
	// Receives makes a party that only receives, such as the house.
	Receives bool
	// Item makes every item of a list whose key is an account a party.
	Item *List
	// Chosen makes the party whom a choice names: a field of the policy, terms or
	// state, and the party for each of its choices, in their order.
	Chosen  Word
	Options []*Party
	// Anyone is every actor, the system included.
	Anyone bool
	// Platform is the application itself, which asks as the system.
	Platform bool
	// But is every account but those of the parties, and not the system. Instead
	// is why one of those is refused.
	But     []*Party
	Instead Reason
	// Either is any of the parties.
	Either []*Party
	// Incoming is the party that a rule sets, after the rule.
	Incoming *Party
}

// String returns the party's name.
func (p *Party) String() string { return p.Name }

// Is returns the value that makes an account the party, for a draft.
func (p *Party) Is(account string) Value {
	if isNil(p.Account) {
		return Value{field: &Field{Name: p.Name}, fault: field(Malformed, p.Name, "has no account of its own")}
	}
	return TextOf(p.Account, account)
}

// The parties of every lifecycle.
var (
	// Anyone is every actor, the system included.
	Anyone = &Party{Name: "anyone", Anyone: true}
	// System is the platform itself. It is no party and receives nothing.
	System = &Party{Name: "system", Refusal: NotSystem, Platform: true}
)

// Pot declares an account that holds money for a contract: a single one, or one
// for each item of a list.
type Pot struct {
	// Name is the kind of the account in text: escrow, or part:p1.
	Name string
	// Owner is the party whose money the pot holds.
	Owner *Party
	// Each is the list whose items have such a pot each; Holds are the item
	// statuses in which one holds money, none for any.
	Each  *List
	Holds []string
	// In is the reason of deposits, Out that of payouts to each receiver, and Rest
	// that of payouts to others.
	In   MovementReason
	Out  []PotReason
	Rest MovementReason
	// Posted is the JSON field that keeps what was first paid in, as a record,
	// also when the pot is empty again. Such a pot is paid out whole.
	Posted string
	// Implied says that an import without custody has in the pot what the rule
	// that fills it would deposit; HoldsWhen is then the items' case, if any.
	Implied   bool
	HoldsWhen *Case
}

// PotReason is the reason of payouts from a pot to a receiver.
type PotReason struct {
	To     *Party
	Reason MovementReason
}

// String returns the pot's name.
func (p *Pot) String() string { return p.Name }

// MovementReason says what a movement is for, as in "escrow_refund".
type MovementReason string

// Sum declares an amount that a row moves or compares. Exactly one of Field,
// Given, Pot, Of, Lesser, Func says what it starts from.
type Sum struct {
	// Name is how the rule book prints it; made from the form when empty.
	Name string
	// Field is an amount of the terms, state, item or policy.
	Field Word
	// Given is an amount of the command.
	Given Word
	// Pot is what a pot holds: for one of a list the item's, with Total all of
	// them together.
	Pot   *Pot
	Total bool
	// Of is another sum; Ratio takes a part of it, rounded half up, and Times
	// multiplies it by a count or by the number of texts.
	Of    *Sum
	Ratio Word
	Times Word
	// Lesser is the smallest of sums.
	Lesser []*Sum
	// Func computes an amount from the view.
	Func func(View) Amount
}

// Shares declares how a pot is divided among the receivers of a split, in their
// order. Exactly one field says how.
type Shares struct {
	// Name is how the rule book prints it; made from the form when empty.
	Name string
	// Ratio gives the first receiver a ratio and the second the rest: of the
	// policy, or with Given of the command.
	Ratio Word
	Given bool
	// Percentages gives each receiver its own ratio of the command; they add up to
	// 1, else [SplitInvalid].
	Percentages []Word
	// Equal gives every receiver the same weight.
	Equal bool
	// Weights gives the first receiver part of total, the second the rest.
	Weights func(View) (part, total uint64)
	// First gives the first receiver an amount, at most what the pot holds, and
	// the second the rest.
	First func(View, Amount) Amount
	// Becoming gives the first receiver all of an item's pot when the row leaves the
	// item in this status, and otherwise the second.
	Becoming string
}

// Cut declares a deduction from the first receiver's part of a payout.
type Cut struct {
	// Ratio is a field of the policy, terms or state; Amount is a fixed sum.
	Ratio  Word
	Amount *Sum
	To     *Party
	// Reason is why it moves; the pot's reason for the receiver when empty.
	Reason MovementReason
}

// Step declares one thing that a row does with money. Exactly one of Deposit,
// TopUp, Charge, Pay and Difference says what.
type Step struct {
	// Deposit and TopUp collect a sum from From into Pot; a deposit finds it empty.
	Deposit, TopUp *Sum
	// Charge collects a sum from From for the first of To, outside custody.
	Charge *Sum
	// Pay pays Pot out to To: all of it, Part of it, or all of it in Shares.
	Pay    bool
	Part   *Sum
	Shares *Shares
	// Difference deposits with, or returns to, From what an amended amount has
	// grown or shrunk by.
	Difference Word

	Pot  *Pot
	Each bool // every item's pot that holds money
	From *Party
	To   []*Party
	Cuts []Cut
	// Reason is why it moves; the pot's own when empty.
	Reason MovementReason
}

// Deduct returns the payout with a deduction of a ratio of the first receiver's
// part, that goes to another party.
func (s Step) Deduct(ratio Word, to *Party) Step {
	s.Cuts = append(s.Cuts[:len(s.Cuts):len(s.Cuts)], Cut{Ratio: ratio, To: to})
	return s
}

// DeductFixed returns the payout with a deduction of a fixed sum, at most what is
// left of the first receiver's part.
func (s Step) DeductFixed(sum *Sum, to *Party) Step {
	s.Cuts = append(s.Cuts[:len(s.Cuts):len(s.Cuts)], Cut{Amount: sum, To: to})
	return s
}

// As returns the step with another reason than the pot's own.
func (s Step) As(reason MovementReason) Step {
	s.Reason = reason
	return s
}
