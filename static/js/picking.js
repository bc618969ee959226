// Choosing rows of a list: X ticks the row under the cursor, Shift X all up to the last one ticked.
import { isTyping, lettersAreOff } from "./keyboard.js";
import { current } from "./rows.js";

let last = null;

const BOX = "input[type=checkbox]:is([name=line], [data-pick])";

function boxes(form) {
  return [...form.querySelectorAll(BOX)];
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
  const { noun = "line", nouns = "lines" } = says?.dataset ?? {};
  const all = form.querySelector("[data-pick-all]");
  if (all) all.closest("[hidden]")?.removeAttribute("hidden");
  if (all) all.checked = chosen.length === boxes(form).length;
  if (says && "noun" in says.dataset) {
    says.textContent = chosen.length ? `${chosen.length} ${chosen.length === 1 ? noun : nouns}` : "None chosen";
    return;
  }
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
  const box = current()?.querySelector(BOX);
  if (!box) return;
  event.preventDefault();
  tick(box, event.shiftKey);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-picking]");
  if (!form) return;
  if ("pickAll" in event.target.dataset) for (const box of boxes(form)) box.checked = event.target.checked;
  else if (event.target.matches(BOX)) last = event.target;
  say(form);
});

for (const form of document.querySelectorAll("[data-picking]")) say(form);
