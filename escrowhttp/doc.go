// Package escrowhttp serves stored contracts of any lifecycle over HTTP.
//
//	server := &escrowhttp.Server{Runner: runner, Authenticate: authenticate, Metrics: escrowhttp.NewMetrics()}
//	err := escrowhttp.Serve(ctx, listener, server.Handler(), escrowhttp.ServeOptions{})
//
// # For any API
//
//   - [Guards] ([Guards.Wrap]) and [Limits]: host, cross-site, rate, size, time, panics,
//     security headers; [RequestID].
//   - [ReadBody] and [Decode]: bodies of JSON, strictly.
//   - [Problem] and [ProblemOf]: any error as status, code, reason and message; [Errors]
//     ([Errors.Handler], [Errors.Write]) writes it in an API's own envelope, as [ErrorBody]
//     does in this one's; [WriteJSON].
//   - [Idempotency] ([Idempotency.Wrap], [About]): answers kept under keys; [KeyOf] and
//     [Fingerprint] for those that go to a runner.
//   - [Route], [API] ([API.Handler], [API.Document]), [Ref] and [Object]: one table that the routes and the OpenAPI
//     document are made of.
//   - [Metrics] ([NewMetrics], [Metrics.Watch], [Metrics.Decided], [Metrics.Answered]);
//     [Operations], [Alive], [Ready].
//   - [Serve] and [ServeOptions]: a server that stops gracefully.
//
// Package webhook delivers messages of the outbox.
//
// # A request's way
//
// Guards (host, other sites, rate, size, time), authentication, route, idempotency,
// runner, status and bytes. Whoever may not know of a contract is answered as if it did
// not exist. What goes wrong on the server's side is logged under the request's id and
// never told.
package escrowhttp
