// Package planted shows what package escrowtest finds: it has no code, but tests that
// plant one bug at a time in the server of examples/marketplace, and see the harness
// find it in at most 200 lives of each lifecycle, with a story of at most six steps whose
// first line names it. The server without a bug passes, whatever the lives.
//
//	go test ./escrowtest/planted -v
//
// prints how many lives each took, and the first line of its story.
package planted
