// What makes the page more comfortable; nothing needs it.
"use strict";

// The page looks again by itself while it can be seen, nothing in it has the focus, and somebody was
// there lately: a page that was left open must not keep its session alive.
const refreshAfterS = Number(document.body.dataset.refreshS || 0);
const PRESENT_MS = 20 * 60 * 1000;
const present = () => sessionStorage.setItem("present", String(Date.now()));
for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, present, { passive: true });
if (!sessionStorage.getItem("present")) present();
if (refreshAfterS > 0) {
  setInterval(() => {
    const nobodyTypes = document.activeElement === document.body && !String(getSelection());
    const somebodyThere = Date.now() - Number(sessionStorage.getItem("present")) < PRESENT_MS;
    if (nobodyTypes && somebodyThere && document.visibilityState === "visible") location.reload();
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
