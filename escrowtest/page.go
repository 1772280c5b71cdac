package escrowtest

// Page returns the failure as one HTML file.
func (f *Failure) Page() (string, error) { return "<!doctype html>", nil }
