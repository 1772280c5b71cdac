// Package conform checks whether a program decides as the engine does. The
// program may be written in anything: it reads a request a line from its standard
// input and writes an answer a line to its standard output, as "escrow decide
// --jsonl" does.
//
// First the program answers the corpus, a checked-in list of requests with the
// engine's answers: every rule, every reason for a refusal, and both sides of
// every boundary. Then it lives random lives next to the engine, as any system
// does under package escrowtest, and the first difference is shortened. What the
// corpus has shown to differ, and lifecycles that the program does not know, the
// engine answers in them, so that they find what is not known yet.
//
// The corpus is an exchange a line of JSON, kept compressed: gzip -dc
// corpus.v2.jsonl.gz shows it.
package conform
