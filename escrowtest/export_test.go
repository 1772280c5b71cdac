package escrowtest

// WireOf returns an answer in wire form.
func WireOf(a *Answer) []byte { return a.source() }
