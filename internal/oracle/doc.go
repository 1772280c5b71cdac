// Package oracle is a deliberately naive second implementation of the rules
// engine, written from the documents of the engine and not from its code, for
// tests only. It answers one request in wire form with one answer in wire form,
// for the lifecycles opencontract and opentrain; tests compare its answers with
// the engine's.
//
// It is meant to be read next to the documents: the comments name the sentence
// that a block follows. "(chosen)" marks what no document says; there the
// oracle does as the engine does. The texts of refusals (message, remedy) are
// free and left out, and which of several faults of one kind is named first.
// Broken JSON and incoherent stored snapshots are not its business.
//
// A million steps of random lives are compared by
//
//	go test ./internal/oracle -run TestAgrees -steps 1000000 -timeout 0
package oracle
