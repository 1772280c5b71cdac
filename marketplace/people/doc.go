// Package people knows who may act at a marketplace: users and their passkeys, their
// sessions and tokens, and takes their signature under an approval.
//
//	people, err := people.Open(ctx, store, people.Options{Origin: "https://market.example"})
//	user, link, err := people.Add(ctx, "Ada", "acct_b")   // send her the link
//	mux.Handle("/people/", people.Handler())              // enrol, sign in, sign out
//	session, err := people.Session(r)                     // who asks, in a page
//	actor, scopes, err := people.Authenticate(r)          // who asks, in an API
//
// # Signing an approval
//
// A session alone confirms nothing. [People.Challenge] writes down what is signed (the
// approval's id, its hash, the person's own values, who signs, and a random nonce) and
// asks a passkey to sign a digest of it; [People.Signed] checks the answer and keeps it
// for good. [VerifyStored] checks it again from what is kept, without the database.
//
// A page puts it in a form. The script people.js asks data-passkey for the challenge, the
// person for their passkey, and then sends the form with the answer in the field passkey:
//
//	<form method="post" action="/approvals/appr_1" data-passkey="/approvals/appr_1/challenge">
//	<input type="hidden" name="passkey"> … <button>Confirm</button> <output role="alert"></output>
//	</form>
//
// # What is kept
//
// Tables beginning with people_, in the store's own database. Of links, sessions, tokens and
// keys only a SHA-256 is kept: who reads the database cannot act as anybody.
package people
