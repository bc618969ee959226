// The row cursor: J, K or arrows move it, Enter presses the row's button. One list has it at a time.
import { isTyping, lettersAreOff } from "./keyboard.js";

function lists() {
  return [...document.querySelectorAll("[data-cursor]")];
}

function rowsOf(list) {
  return [...list.querySelectorAll("tbody > tr:not(.no-cursor), li.tile")];
}

export function current() {
  return document.querySelector("[data-cursor] :is(tr, li).cursor");
}

function put(row) {
  const before = current();
  before?.classList.remove("cursor");
  before?.removeAttribute("aria-selected");
  row.classList.add("cursor");
  if (row.matches("tr")) row.setAttribute("aria-selected", "true");
}

function move(step) {
  const now = current();
  const list = now?.closest("[data-cursor]") ?? lists()[0];
  if (!list) return;
  const rows = rowsOf(list);
  const next = rows[Math.min(Math.max(rows.indexOf(now) + step, 0), rows.length - 1)];
  if (!next) return;
  put(next);
  next.scrollIntoView({ block: "nearest" });
}

function act() {
  const row = current();
  const target = row?.querySelector(".act .btn, .tap") ?? row?.querySelector("a");
  target?.click();
}

// C and O press the row's own deed, where it is that one
function actBy(key) {
  const target = current()?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  target?.click();
  return Boolean(target);
}

const STEPS = { j: 1, arrowdown: 1, k: -1, arrowup: -1 };

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || lists().length === 0) return;
  const key = event.key.toLowerCase();
  if (lettersAreOff() && key.length === 1) return;
  if (key in STEPS) {
    event.preventDefault();
    move(STEPS[key]);
  } else if (key === "enter" && !event.target.closest("a, button, summary")) {
    event.preventDefault();
    act();
  } else if (key.length === 1 && actBy(key)) {
    event.preventDefault();
  }
});

// the row under the hand becomes the row of the keyboard
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-cursor] :is(tbody > tr:not(.no-cursor), li.tile)");
  if (row) put(row);
});
