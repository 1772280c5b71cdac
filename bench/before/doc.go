// Package before measures the engine beside the one of an earlier commit. That
// commit's sources are taken from git into a folder of their own; a program built
// there and one built here run the same loops, by turns, in one run. Results stand
// in README.md.
//
// The loops are written twice, in the words of either engine: now/main.go, and
// testdata/then/main.go, which is copied to where the earlier sources are.
package before

//go:generate go run ../cmd/before
