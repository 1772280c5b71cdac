package escrowrun

// Points are where the work may be stopped.
var Points = []string{"placed", "held by the rail", "decided", "committed", "to be let go", "let go", "to be paid", "paid by the rail"}

// OnReach has a function told how far the work has got.
func (r *Runner) OnReach(f func(point string)) { r.reach = f }
