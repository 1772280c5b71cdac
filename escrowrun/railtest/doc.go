// Package railtest holds any payment rail against what escrowrun.Rail promises. In a
// test of the rail:
//
//	func TestRail(t *testing.T) { railtest.Run(t, newRail(t)) }
//
// It moves money: run it on an account made for tests. Its ids begin with a prefix that
// is new in every run, so that it can be run on one account again and again. Options
// say which accounts, asset and amounts the rail takes.
//
//   - [Run] is the test, with a subtest for each law; [Try] is the same outside of a test.
//   - [Laws] lists the laws.
//   - [Prefix], [Asset], [Accounts], [Greatest], [Challenged], [Declined] and [Attempts] fit it to the rail.
package railtest
