// Signing: what the server wants signed goes to the authenticator, and what that answers
// goes back with the form. All else works without this file.
"use strict";

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
const base64url = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function signed(form) {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin" });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  const wanted = told.options.publicKey || told.options;
  wanted.challenge = bytes(wanted.challenge);
  for (const known of wanted.allowCredentials || []) known.id = bytes(known.id);
  const credential = await navigator.credentials.get({ publicKey: wanted });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return JSON.stringify({
    id: credential.id, rawId: base64url(credential.rawId), type: credential.type,
    response: {
      clientDataJSON: base64url(clientDataJSON), authenticatorData: base64url(authenticatorData),
      signature: base64url(signature), userHandle: userHandle ? base64url(userHandle) : null,
    },
  });
}

const form = document.getElementById("confirm");
if (form) {
  const complaint = document.getElementById("signing");
  form.addEventListener("submit", async event => {
    if (!event.submitter || event.submitter.id !== "sign") return;
    event.preventDefault();
    complaint.hidden = true;
    event.submitter.disabled = true;
    try {
      form.elements.signature.value = await signed(form);
      form.submit();
    } catch (error) {
      complaint.textContent = error.name === "NotAllowedError" ? "Nothing was signed, so nothing has happened." : error.message;
      complaint.hidden = false;
      event.submitter.disabled = false;
    }
  });
  // Other terms move other money, which is shown before it can be confirmed.
  form.addEventListener("change", () => {
    const sign = document.getElementById("sign");
    if (!sign) return;
    sign.disabled = true;
    complaint.textContent = "You have changed the terms. See what they move, then confirm.";
    complaint.hidden = false;
  });
}
