package opentrain

import (
	"math/big"
	"strconv"

	. "github.com/escrow-go/escrow/declare"
	escrow "github.com/escrow-go/escrow/next"
)

// milestoneNamed demands of a draft's milestone a name or a description. One without
// an id is refused for that.
func milestoneNamed(v View) *escrow.Error {
	for i := range v.Len(MilestoneList) {
		if m := v.At(MilestoneList, i); m.Key() != "" && blank(Name.In(m)) && blank(Description.In(m)) {
			return unnamed("milestones[" + strconv.Itoa(i) + "]")
		}
	}
	return nil
}

func unnamed(path string) *escrow.Error {
	return invalid(InvalidMilestone, path+".name", "a milestone needs a name or a description")
}

// changesProposed reports whether a hire changes terms that were proposed before, if
// it changes any.
func changesProposed(v View) bool { return v.Status() != Draft || v.Own().Rows(Changed) == 0 }

// keepsID reports whether a hire, or who confirms it, leaves the milestone its id.
func keepsID(v View) bool { return !v.Own().Row(Changed, 0).Has(MilestoneID) }

// changeInOrder judges the milestone as the changed terms of a hire leave it.
func changeInOrder(v View) *escrow.Error {
	if v.Rows(Changed) > 0 && blank(changed(v, Name)) && blank(changed(v, Description)) {
		return unnamed("milestone")
	}
	return nil
}

// changed returns a text of the milestone as the command's changes leave it.
func changed(v View, f TextField) string {
	if by := v.Row(Changed, 0); by.Has(f) {
		return f.In(by)
	}
	return f.In(v.At(MilestoneList, 0))
}

// wholeMilestone completes a hire with all terms of its milestone, changed or not.
func wholeMilestone(v View) []Value {
	m, by := v.At(MilestoneList, 0), v.Row(Changed, 0)
	whole := make([]Value, 0, 5)
	for _, w := range []escrow.Word{MilestoneID, Name, Description, Price, DueDate} {
		if by.Has(w) {
			whole = append(whole, by.Value(w))
		} else {
			whole = append(whole, m.Value(w))
		}
	}
	return []Value{Changed.To(whole...)}
}

func milestoneInOrder(v View) *escrow.Error {
	if m := Added.At(v); blank(Name.In(m)) && blank(Description.In(m)) {
		return unnamed("milestone")
	}
	return nil
}

// most is 10^38 smallest units, more than which no contract can hold.
var most = func() escrow.Amount {
	a, err := escrow.AmountOf(new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil))
	if err != nil {
		panic(err)
	}
	return a
}()

// withinTotal refuses a milestone by which those of the contract would come to more
// than can be added up.
func withinTotal(v View) *escrow.Error {
	sum := Price.In(Added.At(v))
	for i := range v.Len(MilestoneList) {
		sum = sum.Plus(Price.In(v.At(MilestoneList, i)))
	}
	if sum.Cmp(most) > 0 {
		return invalid(escrow.AmountBounds, "milestone.amount", "all milestones of a contract together come to at most 10^38 smallest units")
	}
	return nil
}

func milestoneNew(v View) bool { return v.Find(MilestoneList, MilestoneID.In(Added.At(v))) < 0 }
