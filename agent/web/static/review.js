// Reading a plan by keyboard, and choosing many at once; nothing needs it.
"use strict";

const form = document.getElementById("review");
const boxes = [...form.querySelectorAll('input[name="change"]')];
const rows = [...form.querySelectorAll("tr.decision")];
const chosenText = form.querySelector("[data-chosen]");
let here = -1;

function chosen() {
  return boxes.filter((box) => box.checked);
}

function tell() {
  for (const box of boxes) box.closest("tr").classList.toggle("chosen", box.checked);
  if (chosenText) {
    chosenText.hidden = chosen().length === 0;
    chosenText.textContent = `${chosen().length} chosen`;
  }
  if (every) {
    every.checked = boxes.length > 0 && chosen().length === boxes.length;
    every.indeterminate = chosen().length > 0 && !every.checked;
  }
}

function everyBox() {
  const cell = form.querySelector("thead .pick");
  if (!cell || boxes.length === 0) return null;
  const box = document.createElement("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", "Choose all on this page");
  box.title = "Choose all on this page";
  box.addEventListener("change", () => {
    for (const one of boxes) one.checked = box.checked;
    tell();
  });
  cell.replaceChildren(box);
  return box;
}

function go(to) {
  if (rows.length === 0) return;
  if (here >= 0) rows[here].classList.remove("here");
  here = Math.max(0, Math.min(rows.length - 1, to));
  const row = rows[here];
  row.classList.add("here");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
}

function boxHere() {
  return here < 0 ? null : rows[here].querySelector('input[name="change"]');
}

// The word itself takes Enter, so that no single key moves money.
function towards(word) {
  const box = boxHere();
  if (chosen().length === 0 && box) box.checked = true;
  tell();
  const button = form.querySelector(`button[value="${word}"]`);
  if (button && chosen().length > 0) button.focus();
}

const every = everyBox();
for (const box of boxes) box.addEventListener("change", tell);
const hints = form.querySelector("[data-hints]");
if (hints) hints.hidden = false;
tell();

const KEYS = {
  j: () => go(here + 1),
  k: () => go(here - 1),
  " ": () => {
    const box = boxHere();
    if (box) box.checked = !box.checked;
    tell();
  },
  a: () => towards("approve"),
  r: () => towards("reject"),
  e: () => here >= 0 && rows[here].querySelector("a.evidence").click(),
  "/": () => document.querySelector("[data-search]").focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target;
  if (event.key === "Escape" && on.matches("input")) on.blur();
  if (on.matches('input:not([type="checkbox"]), textarea, select')) return;
  if (event.key === " " && (here < 0 || on.matches("button, a, summary, input"))) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

window.addEventListener("pageshow", tell);
