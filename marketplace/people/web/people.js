// A form with data-passkey asks that address what to sign, and the person for their
// passkey, before it is sent with the answer in its field "passkey".
"use strict";

async function question(form, button) {
	const reply = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
	const asked = await reply.json();
	if (!reply.ok) throw new Error(asked.error);
	return asked;
}

async function answer(asked) {
	if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) throw new Error("this browser knows no passkeys: use a newer one");
	const made = asked.create
		? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.create) })
		: await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.get) });
	return JSON.stringify(made.toJSON());
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
	const field = form.elements.namedItem("passkey"), said = form.querySelector("output");
	let asking = false;
	form.addEventListener("submit", async (event) => {
		if (field.value) return;
		event.preventDefault();
		if (asking) return;
		asking = true;
		said.textContent = "";
		try {
			field.value = await answer(await question(form, event.submitter));
			form.requestSubmit(event.submitter);
		} catch (error) {
			said.textContent = error.name === "NotAllowedError" ? "The passkey did not answer: try again." : `That did not work: ${error.message}.`;
		} finally {
			asking = false;
		}
	});
	// An answer is good once: who comes back to the page gives another.
	window.addEventListener("pageshow", () => { field.value = ""; });
}
