package escrowrun

// Points are what a request and its payments come by, in order: where a process that is
// killed leaves something to be gone on with.
var Points = []string{"placed", "held by the rail", "decided", "committed", "to be let go", "let go", "to be paid", "paid by the rail"}
