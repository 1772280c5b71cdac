// Package webhook tells others what has happened: it delivers messages of the outbox to
// addresses that callers have given.
//
//	sender := &webhook.Sender{Endpoint: subscriptions.endpoint, Disable: subscriptions.disable}
//	runner.Topics, runner.Deliver = []string{"webhook"}, sender.Deliver
//
// A message is sent at least once, under an id that is the same whenever it is sent, and
// in no order: what fails is tried again later. One that goes to several receivers is
// one message of the outbox for each.
//
// Addresses are strangers' and may point at the platform's own network. They are checked
// where it counts: on the address that a connection is made to, after every name was
// resolved.
package webhook
