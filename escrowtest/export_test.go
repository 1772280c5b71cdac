package escrowtest

// OtherUnits says how units are not an amount.
var OtherUnits = otherUnits

// WireOf returns an answer in wire form.
func WireOf(a *Answer) []byte { return a.source() }
