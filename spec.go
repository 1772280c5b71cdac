package escrow

// Spec is a lifecycle as it is written down: what its contracts consist of, and
// the table of rules over it.
type Spec struct {
	// Name and Version are what contracts call the lifecycle by, for good: another
	// table needs another version. Versions count from 1.
	Name    string
	Version int
	// About says in a sentence what it is for.
	About string
	// Asset is what contracts are paid in unless their terms say otherwise.
	Asset Asset
	// ReadsUnnamed says that objects which name no lifecycle may be read as its.
	ReadsUnnamed bool

	Parties []*Party
	// Terms are agreed before anybody is bound, and never change but by amendment.
	Terms []Word
	// Check demands of a draft what no single field's bounds say. It sees terms
	// and policy, not the time. A reason of [InvalidPolicy] is checked first.
	// Cases that look only at what no rule changes, but for amendments, are demanded
	// of amended terms and of stored contracts too; a function is asked of drafts only.
	Check []*Requirement
	// State is what rules record.
	State []Word
	Lists []*List
	Pots  []*Pot
	// Policy is the numbers and choices a contract is founded under.
	Policy []Word

	Rules []Rule
	// Terminal lists the statuses in which a contract has ended.
	Terminal Statuses
	// OpenEnded names for a status that holds money and that time does not end the
	// party that can end it at any time.
	OpenEnded map[Status]*Party
	// Labels are what people call a status, where that differs from its name.
	Labels map[Status]string
	// Reasons are the lifecycle's own refusals, added to the catalogue's.
	Reasons []CatalogueEntry
	// Forms give fields and lists another JSON form than the usual one.
	Forms []Form
	// Extras add to what a decision says, in their order.
	Extras []Extra
	// Approvals is the JSON form of approvals, where it differs from the usual one.
	Approvals ApprovalForm
}

// ApprovalForm is how a lifecycle's approvals are written.
type ApprovalForm struct {
	// Target is what the member is called that names the item: "target" when empty.
	Target string
	// Adds are terms of the contract that approvals repeat.
	Adds []ApprovalMember
}

// ApprovalMember is a term that approvals repeat: a text or account that never
// changes.
type ApprovalMember struct {
	Field Word
	// Types are the approvals that have it, none for all.
	Types []string
}

// Extra is a field that a lifecycle adds to the JSON of its decisions, such as
// rewards. It is worked out from the next snapshot.
type Extra struct {
	Name    string
	Meaning string
	// Of returns the field's JSON. The action is the decision's.
	Of func(View, Action) []byte
}

// Form is a JSON form of a list's or field's own: members of the contract's
// object that are read and written by functions. What is written is read back
// to the same value; a test of the lifecycle shows it.
type Form struct {
	// List, or Field, is what has the form.
	List  *List
	Field Word
	// Members are the names of the object's members, in the order written.
	Members []Member
	// Write returns the JSON of a member, nil to leave it out.
	Write func(v View, member string) []byte
	// Read returns the rows of the list, or the one value of the field, from the
	// JSON of the members that were there.
	Read func(v View, members map[string][]byte) ([][]Value, *Error)
	// Status tells the status of an item that was read, where the list has such,
	// from a view of the item.
	Status func(View) string
}

// Member is one member of a form.
type Member struct {
	Name, Meaning string
	// Schema is its JSON Schema.
	Schema string
}
