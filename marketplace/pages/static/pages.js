// What helps and what needs a browser. All but signing works without this file.
"use strict";

// A drawing that is wider than the screen shows where the contract stands.
for (const drawing of document.querySelectorAll(".scroll")) {
  const here = drawing.querySelector(".node.here");
  if (here) drawing.scrollLeft += here.getBoundingClientRect().left + here.getBoundingClientRect().width / 2 - drawing.clientWidth / 2;
}

// Signing: what the server wants signed goes to the authenticator, and what that answers
// goes back with the form.

async function signed(form, button) {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams(new FormData(form, button)), credentials: "same-origin" });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) throw new Error("This browser knows no passkeys. Use a newer one.");
  const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told.options) });
  return JSON.stringify(credential.toJSON());
}

for (const form of document.querySelectorAll("form[data-begin]")) {
  const complaint = form.querySelector(".signing");
  if (!complaint) continue;
  const buttons = form.querySelectorAll("button.sign");
  const enable = on => buttons.forEach(button => { button.disabled = !on; });
  const complain = text => { complaint.textContent = text; complaint.hidden = false; };
  form.addEventListener("submit", async event => {
    const button = event.submitter;
    if (!button || !button.classList.contains("sign")) return;
    event.preventDefault();
    complaint.hidden = true;
    const fields = signed(form, button);
    enable(false);
    try {
      form.elements.signature.value = await fields;
      if (button.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
      form.submit();
    } catch (error) {
      complain(error.name === "NotAllowedError" ? "Nothing was signed, so nothing has happened." : error.message);
      enable(true);
    }
  });
  // Other terms of an approval move other money, which is shown before it is confirmed.
  if ("shown" in form.dataset) form.addEventListener("change", () => {
    enable(false);
    complain("You have changed the terms. See what they move, then confirm.");
  });
}
