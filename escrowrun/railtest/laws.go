package railtest

// laws are what a rail promises, in the order in which they are tried.
var laws = []law{
	{"a hold asked for again is the same hold", holdAgain},
	{"a capture asked for again is the same capture", captureAgain},
	{"a void asked for again is the same void", voidAgain},
	{"a payment asked for again is the same payment", payAgain},
	{"a refund asked for again is the same refund", refundAgain},
	{"an id stands for one hold only", otherHold},
	{"an id stands for one payment only", otherPayment},
	{"an id stands for one refund only", otherRefund},
	{"what is let go is never captured", captureAfterVoid},
	{"what is captured is not let go", voidAfterCapture},
	{"what is not captured is not given back", refundUncaptured},
	{"refunds add up to all of the hold and no more", refundsAddUp},
	{"a refund of more than the hold is refused", refundAbove},
	{"an unknown id is known to be unknown", unknownIDs},
	{"a list begins with the very instant", listSince},
	{"identical calls at once have one effect", atOnce},
	{"refunds at once add up to all of the hold and no more", manyAtOnce},
	{"one smallest unit is moved exactly", smallest},
	{"the greatest amount is moved exactly", greatest},
	{"a context that has ended is an error and leaves nothing half done", endedContext},
	{"a hold waits for its payer's action, and proof passes it", challenged},
	{"a hold that waits for its payer can be let go", challengedVoid},
	{"what was refused stays refused", declined},
}
