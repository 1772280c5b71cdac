// Package pages shows a marketplace to people: contracts of any lifecycle, what each
// party may do with them, approvals, an operators' desk, and in a sandbox the clock and
// the roles. Pages are made on the server from what the lifecycles declare; there is no
// build step, nothing is fetched from elsewhere, and all but signing works without
// JavaScript.
//
//	site := &pages.Site{Runner: runner, Who: who, Signer: signer}
//	http.ListenAndServe(address, site.Handler())
//
// # Who looks
//
// [Site.Who] tells who asks; this package signs nobody in. A contract that does not
// concern the person is answered as one that does not exist, by the same bytes. An
// operator sees every contract, and does nothing in the place of a party.
//
// # How a confirmation is signed
//
// Money that waits for a person's agreement moves only by a signature, which a [Signer]
// takes. The page shows what would move; its script asks [Signer.Begin] what the
// authenticator is to sign, calls navigator.credentials.get with it, and posts what comes
// back with the form; [Signer.Finish] accepts it or not, and then the confirmation is
// asked of the engine. Both are told the same [Signing]: the approval, the hash of what
// was shown and the person's own terms. A signer binds its challenge to all of it, and
// spends the challenge once. What a signed-in person does by their word alone, where an
// agent would have to ask, is signed in the same way.
//
// Over the package people beside this one, whose sessions Who looks up, it is
//
//	func (s signer) Begin(ctx context.Context, r *http.Request, g pages.Signing) (json.RawMessage, error) {
//		session, err := s.people.Session(r)
//		if err != nil {
//			return nil, err
//		}
//		question, err := s.people.Challenge(ctx, session, intent(g))
//		if err != nil {
//			return nil, err
//		}
//		return json.Marshal(question.Response)
//	}
//
//	func (s signer) Finish(ctx context.Context, r *http.Request, g pages.Signing, answer []byte) error {
//		session, err := s.people.Session(r)
//		if err == nil {
//			_, err = s.people.Verify(ctx, session, intent(g), answer)
//		}
//		return err
//	}
//
//	func intent(g pages.Signing) people.Intent {
//		return people.Intent{ApprovalID: cmp.Or(g.Approval, g.Contract), Hash: g.Hash, Values: g.Own}
//	}
//
// # What is posted
//
// Every form carries an idempotency key, so that one that is sent twice acts once.
// Cross-site posts are refused.
package pages
