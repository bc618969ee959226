// Choosing lines of a list: X ticks the row under the cursor, Shift X all up to the last one ticked.
import { isTyping, lettersAreOff } from "./keyboard.js";
import { current } from "./rows.js";

let last = null;

function boxes(form) {
  return [...form.querySelectorAll("input[type=checkbox][name=line]")];
}

function written(minor, currency) {
  const form = new Intl.NumberFormat("en-IE", { style: "currency", currency });
  const amount = minor / 10 ** form.resolvedOptions().maximumFractionDigits;
  return form.format(amount).replace("-", "−");
}

// the bar says how many lines are chosen and what they come to
function say(form) {
  const chosen = boxes(form).filter((box) => box.checked);
  for (const box of boxes(form)) box.closest("tr").classList.toggle("chosen", box.checked);
  const says = form.querySelector("[data-picked]");
  if (!says || chosen.length === 0) return;
  const sum = chosen.reduce((all, box) => all + Number(box.dataset.minor), 0);
  says.textContent = `${chosen.length} ${chosen.length === 1 ? "line" : "lines"}, ${written(sum, says.dataset.currency)}`;
}

function tick(box, reaching) {
  const form = box.closest("[data-picking]");
  const all = boxes(form);
  if (reaching && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) each.checked = true;
  } else {
    box.checked = !box.checked;
  }
  last = box;
  say(form);
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || lettersAreOff()) return;
  const box = current()?.querySelector("input[type=checkbox][name=line]");
  if (!box) return;
  event.preventDefault();
  tick(box, event.shiftKey);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-picking]");
  if (!form) return;
  last = event.target;
  say(form);
});

for (const form of document.querySelectorAll("[data-picking]")) say(form);
