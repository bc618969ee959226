// Asking before anything is done: a dialog with the price and what stands in the way, as the server says it.

const APART = 8; // pixels
let dialog = null;
let beside = []; // where the bar would be that is asked about, and where it is
let finish = () => {};
let done = () => {};

export const isAsking = () => dialog !== null;

export function onDone(then) {
  done = then;
}

function sent(address, options = {}) {
  return fetch(address, { ...options, headers: { "HX-Request": "true", ...options.headers } });
}

async function say(answer) {
  const text = await answer.text();
  const part = new DOMParser().parseFromString(text, "text/html").body;
  return part.querySelector("#ask, .toast-undo") ?? complaint(part);
}

// an answer that is a whole page: the session ended, or something is broken
function complaint(page) {
  const note = document.createElement("div");
  note.className = "ask stack";
  note.id = "ask";
  const words = document.createElement("p");
  words.textContent = page.querySelector("main p, h1")?.textContent ?? "There was no answer. Try again in a moment.";
  note.append(words);
  return note;
}

function fill(part) {
  dialog.replaceChildren(part);
  dialog.setAttribute("aria-labelledby", "ask-title");
  place(beside);
  const first = part.querySelector("input:not([type=hidden]), .btn-primary, .btn");
  (first ?? dialog).focus();
}

// Beside the bar it speaks of, within the window, and where there is room for it on neither of its two places.
function place(boxes) {
  const { offsetWidth: wide, offsetHeight: high } = dialog;
  const inside = (at, length, whole) => Math.max(APART, Math.min(at, whole - length - APART));
  const [box] = boxes;
  const left = inside(box.left, wide, innerWidth);
  const top = inside(box.top, high, innerHeight);
  const beyond = Math.max(...boxes.map((each) => each.right)) + APART;
  const before = Math.min(...boxes.map((each) => each.left)) - wide - APART;
  const under = box.bottom + APART;
  const over = box.top - high - APART;
  const spots = [[left, under], [left, over], [beyond, top], [before, top]];
  const fits = ([x, y]) => x >= APART && y >= APART && x + wide < innerWidth - APART && y + high < innerHeight - APART;
  const hides = ([x, y]) => boxes.some((each) => x < each.right && x + wide > each.left && y < each.bottom && y + high > each.top);
  const [x, y] = spots.find((spot) => fits(spot) && !hides(spot)) ?? spots.find(fits) ?? [left, Math.max(APART, over)];
  dialog.style.margin = "0";
  dialog.style.top = `${y}px`;
  dialog.style.left = `${x}px`;
}

// Shows what the server says of a change; resolves when the dialog is closed, whatever was decided.
export async function ask(address, boxes) {
  if (dialog) return;
  beside = boxes;
  dialog = document.createElement("dialog");
  dialog.className = "ask-pop";
  dialog.tabIndex = -1;
  document.body.append(dialog);
  const closed = new Promise((resolve) => {
    finish = resolve;
  });
  dialog.addEventListener("close", () => {
    dialog?.remove();
    dialog = null;
    finish();
  });
  dialog.addEventListener("click", (event) => {
    const instead = event.target.closest("[data-tape-instead]");
    if (event.target.closest("[data-tape-back]")) {
      event.preventDefault();
      dialog.close();
    } else if (instead) {
      event.preventDefault();
      show(instead.href);
    }
  });
  const showing = show(address);
  dialog.showModal();
  await showing;
  await closed;
}

async function show(address) {
  try {
    fill(await say(await sent(address)));
  } catch {
    fill(complaint(document.createElement("div")));
  }
}

function offer(toast) {
  for (const old of document.querySelectorAll(".toast-undo")) old.remove();
  document.body.append(toast);
  let clock = setTimeout(() => toast.remove(), 8000);
  const hold = () => clearTimeout(clock);
  const go = () => {
    clearTimeout(clock);
    clock = setTimeout(() => toast.remove(), 8000);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", go);
}

// before once.js hears of it: these forms are sent from here, and the page stays
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!("tapeForm" in form.dataset)) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const body = new FormData(form, event.submitter);
    let part = null;
    try {
      part = await say(await sent(form.action, { method: "POST", body }));
    } catch {
      part = complaint(document.createElement("div"));
    }
    delete form.dataset.sent;
    if (part.matches(".toast-undo")) {
      await done();
      dialog?.close();
      offer(part);
    } else if (dialog) {
      fill(part);
      done();
    } else {
      offer(part);
    }
  },
  true,
);
