// Keys: an element that wears data-key can be pressed by that key. "g t" is G, then T.
import { showKeys } from "./key-sheet.js";

const SECOND_LETTER_WITHIN = 1200;
let first = null;
let firstAt = 0;

export function keyed() {
  return [...document.querySelectorAll("[data-key]")];
}

export function isTyping(target) {
  return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null;
}

export function lettersAreOff() {
  return "noLetters" in document.body.dataset;
}

function named(event) {
  const key = event.key === "Enter" ? "enter" : event.key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `ctrl+${key}` : key;
}

function wears(element, key) {
  return element.dataset.key === key || element.dataset.keyAlso === key;
}

export function press(element) {
  if (element.matches("input, select, textarea")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const key = named(event);
  const withControl = key.startsWith("ctrl+");
  if (key === "escape") return leave(event);
  if (!withControl && (isTyping(event.target) || lettersAreOff() || document.querySelector("dialog[open]"))) return;

  const pair = `${first} ${key}`;
  const inTime = first !== null && event.timeStamp - firstAt < SECOND_LETTER_WITHIN;
  first = null;
  const element =
    (inTime && keyed().find((one) => wears(one, pair))) || (!inTime && keyed().find((one) => wears(one, key) && isPressable(one)));
  if (element) {
    event.preventDefault();
    press(element);
  } else if (key === "?") {
    event.preventDefault();
    showKeys();
  } else if (keyed().some((one) => one.dataset.key.startsWith(`${key} `))) {
    first = key;
    firstAt = event.timeStamp;
  }
});

function isPressable(element) {
  return element.getAttribute("aria-disabled") !== "true";
}

// Esc backs out of the innermost thing: a menu, a search, a field. Typing stays.
function leave(event) {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (isTyping(event.target)) {
    event.target.blur();
  } else {
    goBack();
  }
}

function changed(field) {
  if (field.type === "hidden") return false;
  if (["radio", "checkbox"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

// A page that can be left by Esc says where to; what was typed there isn't lost without asking.
function goBack() {
  const back = document.querySelector("[data-back]");
  if (!back || document.querySelector("dialog[open]")) return;
  const fields = [...document.querySelectorAll("#work form[method=post] :is(input, textarea)")];
  const typed = fields.some((field) => !("filter" in field.dataset) && changed(field));
  if (typed) back.focus();
  else back.click();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shows-keys]")) showKeys();
});
