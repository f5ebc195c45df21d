// What makes the page more comfortable; nothing needs it.
"use strict";

// The page looks again by itself while nobody is typing and it can be seen.
const refreshAfterS = Number(document.body.dataset.refreshS || 0);
if (refreshAfterS > 0) {
  setInterval(() => {
    const busy = document.querySelector("input:focus, textarea:focus, select:focus, dialog[open], details[open]");
    if (!busy && document.visibilityState === "visible") location.reload();
  }, refreshAfterS * 1000);
}

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
