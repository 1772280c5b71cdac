package escrowsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// Fault is something in the store that does not follow from the rest of it.
type Fault struct {
	ContractID string
	// Revision is that of the decision at fault, 0 when it is none's.
	Revision uint64
	What     string
}

// String returns the fault in a line.
func (f Fault) String() string {
	if f.Revision == 0 {
		return fmt.Sprintf("%s: %s", f.ContractID, f.What)
	}
	return fmt.Sprintf("%s revision %d: %s", f.ContractID, f.Revision, f.What)
}

// Audited is what an audit looked at.
type Audited struct {
	Contracts, Decisions int
	// Erased counts the contracts that cannot be lived again, for texts are gone: of
	// these the chain and the money are checked.
	Erased int
	Faults int
}

// Audit lives every stored contract again, from its draft, with what was asked, by whom
// and what the clock showed, and tells every difference from what is stored: decisions,
// movements, approvals, the snapshot to the byte, and the chain of digests. It reads one
// contract at a time and changes nothing; an error says that it could not go on.
func (s *Store) Audit(ctx context.Context, tell func(Fault)) (Audited, error) {
	var sum Audited
	for after := ""; ; {
		ids, err := query(ctx, s.db, text, `SELECT id FROM escrow_contracts WHERE id > $1 ORDER BY id LIMIT 500`, after)
		if err != nil || len(ids) == 0 {
			return sum, err
		}
		for _, id := range ids {
			if err := s.auditOne(ctx, id, &sum, tell); err != nil {
				return sum, err
			}
		}
		after = ids[len(ids)-1]
	}
}

// audited is a contract under audit.
type audited struct {
	lifecycle              *escrow.Lifecycle
	own                    *declared
	texts                  texts
	id, status, due, chain string
	draft, snapshot        string
	revision               uint64
	ended                  bool
	salts                  salts
	accounts, approvals    map[string]string
	entries                []entryRow
	movements              []movementRow
	faults                 []Fault
	erased                 bool
}

func (s *Store) auditOne(ctx context.Context, id string, sum *Audited, tell func(Fault)) error {
	a, err := s.auditee(ctx, id)
	if err != nil {
		return fmt.Errorf("contract %q: %w", id, err)
	}
	sum.Contracts++
	sum.Decisions += len(a.entries)
	a.checkChain()
	if a.erased {
		sum.Erased++
		a.checkMoney()
	} else {
		a.relive()
	}
	sum.Faults += len(a.faults)
	for _, f := range a.faults {
		tell(f)
	}
	return nil
}

// auditee reads all there is about a contract, at one instant.
func (s *Store) auditee(ctx context.Context, id string) (*audited, error) {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.dialect.snapshot})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	a := &audited{id: id}
	var salts, name string
	var version int
	if err := tx.QueryRowContext(ctx, `SELECT lifecycle, version, status, revision, ended, due_at, draft, snapshot, chain, salts FROM escrow_contracts WHERE id = $1`, id).
		Scan(&name, &version, &a.status, &a.revision, &a.ended, &a.due, &a.draft, &a.snapshot, &a.chain, &salts); err != nil {
		return nil, err
	}
	if a.lifecycle, a.own, err = s.declaration(name, version); err != nil {
		return nil, err
	}
	if a.salts, err = readSalts(salts); err != nil {
		return nil, err
	}
	all, err := s.textsOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	a.texts = all[id]
	return a, a.readRest(ctx, tx)
}

func (a *audited) readRest(ctx context.Context, tx *sql.Tx) (err error) {
	if a.entries, err = query(ctx, tx, entry, entryColumns+`WHERE d.contract_id = $1 ORDER BY d.revision`, a.id); err != nil {
		return err
	}
	if a.movements, err = query(ctx, tx, movement, movementColumns+`WHERE contract_id = $1 ORDER BY revision, position`, a.id); err != nil {
		return err
	}
	if a.accounts, err = pairs(ctx, tx, `SELECT account, created_at FROM escrow_accounts WHERE contract_id = $1`, a.id); err != nil {
		return err
	}
	a.approvals, err = pairs(ctx, tx, `SELECT id, record FROM escrow_approvals WHERE contract_id = $1`, a.id)
	return err
}

// pairs reads rows of two texts, by the first.
func pairs(ctx context.Context, tx *sql.Tx, text string, args ...any) (map[string]string, error) {
	all := map[string]string{}
	_, err := query(ctx, tx, func(r row) (none struct{}, err error) {
		var name, value string
		err = r.Scan(&name, &value)
		all[name] = value
		return none, err
	}, text, args...)
	return all, err
}

func (a *audited) fault(revision uint64, format string, args ...any) {
	a.faults = append(a.faults, Fault{a.id, revision, fmt.Sprintf(format, args...)})
}

// checkChain follows the chain from the draft to the snapshot, and looks whether every
// text is the one that its hash was made of.
func (a *audited) checkChain() {
	link := hexDigest(a.draft)
	for i, e := range a.entries {
		actor, _ := json.Marshal(e.Actor)
		link = hexDigest(link, e.Rule, stamp(e.Clock), string(actor), string(e.Command), e.Digest)
		if link != e.Chain {
			a.fault(e.Revision, "breaks the chain of digests: decision or snapshot is not the one that was stored")
			return
		}
		if e.Revision != uint64(i)+1 {
			a.fault(e.Revision, "does not follow revision %d", i)
		}
	}
	if link != a.chain || len(a.entries) == 0 || a.entries[len(a.entries)-1].Digest != hexDigest(a.snapshot) {
		a.fault(a.revision, "the snapshot is not the one that the last decision made")
	}
	for _, stored := range a.stored() {
		a.own.personal.rewrite([]byte(stored), func(member string, hash []byte) []byte {
			key := string(hash[1 : len(hash)-1])
			switch text, kept := a.texts[key]; {
			case !kept && a.salts[member] == nil:
				a.erased = true
			case !kept:
				a.fault(0, "the text of a %s is missing", member)
			case a.salts.hash(member, []byte(text)) != key:
				a.fault(0, "the text of a %s is not the one that was stored", member)
			}
			return nil
		})
	}
}

// stored returns all that is stored with hashes in the place of texts.
func (a *audited) stored() []string {
	all := []string{a.draft, a.snapshot}
	for _, e := range a.entries {
		all = append(all, string(e.Command))
	}
	return append(all, slices.Collect(maps.Values(a.approvals))...)
}

// relive decides everything again.
func (a *audited) relive() {
	c, err := escrow.ParseContract(a.texts.put(a.own.personal, a.draft), a.lifecycle)
	if err != nil {
		a.fault(0, "the draft cannot be read: %v", err)
		return
	}
	approvals, movements := map[string]string{}, a.movements
	for _, e := range a.entries {
		command, err := a.lifecycle.ParseCommand(a.texts.put(a.own.personal, string(e.Command)))
		if err != nil {
			a.fault(e.Revision, "the command cannot be read: %v", err)
			return
		}
		d, err := escrow.Decide(c, command, e.Actor, escrow.At(e.Clock))
		if err != nil {
			a.fault(e.Revision, "is refused when it is asked again: %v", err)
			return
		}
		if movements = a.compare(e, &d, movements); len(a.faults) > 0 {
			return
		}
		if err := a.approve(c, d, approvals); err != nil {
			a.fault(e.Revision, "%v", err)
		}
		c = d.Contract
	}
	for _, m := range movements {
		a.fault(m.revision, "movement %s belongs to no decision", m.ID)
	}
	a.checkEnd(c, approvals)
}

// compare compares a stored decision with the one that is made now, and returns the
// movements that come after its own.
func (a *audited) compare(e entryRow, d *escrow.Decision, movements []movementRow) []movementRow {
	was := [...]any{e.Revision, e.Rule, e.Executes, e.Action, e.From, e.To, stamp(e.At)}
	is := [...]any{d.Contract.Revision(), d.Rule, d.Executes, d.Action, d.From, d.To, stamp(d.At())}
	if was != is {
		a.fault(e.Revision, "is stored as %v and decided as %v", was, is)
	}
	for _, m := range d.Movements() {
		want := fmt.Sprintln(m.ID(), m.Kind(), m.From, m.To, m.Asset, m.Asset.Text(m.Amount), m.Reason)
		if len(movements) == 0 || movements[0].revision != e.Revision {
			a.fault(e.Revision, "movement %s is missing", m.ID())
			return movements
		}
		got := movements[0]
		if text := fmt.Sprintln(got.ID, got.Kind, got.From, got.To, got.Asset, got.Amount, got.Reason); text != want {
			a.fault(e.Revision, "movement is stored as %s and decided as %s", text, want)
		}
		movements = movements[1:]
	}
	return movements
}

// approve keeps the approvals that a decision made, changed or dropped.
func (a *audited) approve(before escrow.Contract, d escrow.Decision, all map[string]string) error {
	side := &aside{members: a.own.personal, salts: a.salts, known: map[string]string{}}
	rows, err := changedApprovals(&Commit{Before: before, Decision: d}, side)
	for _, row := range rows {
		all[row.id] = row.record
	}
	return err
}

// checkEnd compares what is stored about the contract as it stands.
func (a *audited) checkEnd(c escrow.Contract, approvals map[string]string) {
	snapshot, err := json.Marshal(c)
	if err != nil || string(snapshot) != string(a.texts.put(a.own.personal, a.snapshot)) {
		a.fault(a.revision, "the snapshot is not what the decisions lead to")
	}
	for _, column := range []struct{ name, is, should string }{
		{"status", a.status, string(c.Status())},
		{"due_at", a.due, stamp(a.own.dueAt(c))},
		{"revision", fmt.Sprint(a.revision), fmt.Sprint(c.Revision())},
		{"ended", fmt.Sprint(a.ended), fmt.Sprint(c.IsTerminal())},
		{"accounts", names(a.accounts), names(a.own.accountsOf(c))},
	} {
		if column.is != column.should {
			a.fault(a.revision, "%s is stored as %q and should be %q", column.name, column.is, column.should)
		}
	}
	for id, record := range approvals {
		if a.approvals[id] != record {
			a.fault(a.revision, "approval %s is not stored as it was decided", id)
		}
	}
	for id := range a.approvals {
		if _, decided := approvals[id]; !decided {
			a.fault(a.revision, "approval %s was never decided", id)
		}
	}
}

func names[V any](m map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), " ")
}

// checkMoney adds the movements up: nothing may be left in the pots of a contract that
// has ended, and none may ever have held less than nothing.
func (a *audited) checkMoney() {
	held := map[string]*big.Rat{}
	for _, p := range a.lifecycle.Spec().Pots {
		held[p.Name] = new(big.Rat) // all of a list's pots together
	}
	for _, m := range a.movements {
		sum, ok := new(big.Rat).SetString(m.Amount)
		if !ok || sum.Sign() <= 0 {
			a.fault(m.revision, "movement %s moves %q", m.ID, m.Amount)
			return
		}
		if pot := held[kindOf(m.From)]; pot != nil && pot.Sub(pot, sum).Sign() < 0 {
			a.fault(m.revision, "%s pays out more than it holds", m.From)
		}
		if pot := held[kindOf(m.To)]; pot != nil {
			pot.Add(pot, sum)
		}
	}
	for name, pot := range held {
		if pot.Sign() != 0 {
			a.fault(a.revision, "the contract has ended and %s holds %s", name, pot.RatString())
		}
	}
}

// kindOf returns the party or pot of an account in text: "escrow" of "escrow:m1".
func kindOf(account string) string {
	kind, _, _ := strings.Cut(account, ":")
	return kind
}
