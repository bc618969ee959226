// The tape chart by hand and by key: bars are walked, lifted, put elsewhere, stretched; the server is asked before
// anything is done. What others change is fetched every few seconds, and only rows that differ are drawn anew.
import { isTyping, lettersAreOff } from "./keyboard.js";
import { follow } from "./tape_live.js";
import { ask, isAsking, onDone } from "./tape_asking.js";

const holder = document.getElementById("tape");
const says = document.getElementById("tape-says");
const EDGE = 7; // pixels at a bar's end by which it is stretched
const NEAR = 28; // pixels from the chart's edge where it scrolls under a drag
const SLACK = 4; // a hand trembles so much
const HOLD = 350; // milliseconds a finger rests on a bar before it is lifted; sooner, the page scrolls
const FINGER = 12; // pixels a finger may stray meanwhile, and its share of a bar's end
let lifted = null; // { bar, room, on, sooner, longer, ghost }
let last = null; // the bar one was at
let isRoving = false; // whether somebody stepped in

const grid = () => holder.querySelector(".tape");
const days = () => Number(grid().dataset.days);
const bars = () => [...holder.querySelectorAll("a.b")];
const rooms = () => [...holder.querySelectorAll(".tr[data-room]")];
const mayChange = () => "mayChange" in holder.dataset;
const partyOf = (bar) => bar.getAttribute("href").split("/").pop();

function numberIn(bar, letter) {
  const found = bar.className.match(new RegExp(`(?:^| )${letter}(\\d+)(?: |$)`));
  return Number(found[1]);
}

function dayWidth() {
  return holder.querySelector(".tr[data-room] .lane").getBoundingClientRect().width / days();
}

function spokenDay(half) {
  const day = new Date(Date.parse(grid().dataset.first) + Math.floor(half / 2) * 86_400_000);
  return day.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
}

// --- walking: one bar is in the order of Tab, arrows go from bar to bar -------------------------
// A month has 5,000 bars: they leave the order of Tab when somebody steps in, not before anything is seen.

function rove() {
  isRoving = true;
  const all = bars();
  const at = all.find((bar) => bar === last) ?? all[0];
  for (const bar of all) bar.tabIndex = bar === at ? 0 : -1;
}

function go(bar) {
  if (!bar) return;
  if (last?.isConnected) last.tabIndex = -1;
  last = bar;
  bar.tabIndex = 0;
  bar.focus();
  bar.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function beside(bar, step) {
  const row = [...bar.closest(".tr").querySelectorAll("a.b")];
  return row[row.indexOf(bar) + step];
}

function above(bar, step) {
  const all = rooms();
  const at = numberIn(bar, "s");
  for (let n = all.indexOf(bar.closest(".tr")) + step; n >= 0 && n < all.length; n += step) {
    const here = [...all[n].querySelectorAll("a.b")];
    if (here.length) return here.sort((a, b) => Math.abs(numberIn(a, "s") - at) - Math.abs(numberIn(b, "s") - at))[0];
  }
  return null;
}

// --- lifting ------------------------------------------------------------------------------------

function lift(bar) {
  if (lifted || !bar || !mayChange()) return;
  const ghost = document.createElement("span");
  ghost.textContent = bar.textContent;
  lifted = { bar, row: bar.closest(".tr"), on: 0, sooner: 0, longer: 0, ghost };
  bar.classList.add("lifted");
  show();
  tell();
}

function show() {
  const { bar, row, on, sooner, longer, ghost } = lifted;
  const start = numberIn(bar, "s") + 2 * (on - sooner);
  const length = numberIn(bar, "l") + 2 * (sooner + longer);
  const begin = Math.max(0, Math.min(start, 2 * days() - 1));
  const long = Math.max(1, Math.min(length - (begin - start), 2 * days() - begin));
  ghost.className = `b slot s${begin} l${long}`;
  for (const other of holder.querySelectorAll(".tr.target")) other.classList.remove("target");
  row.classList.add("target");
  row.querySelector(".lane").append(ghost);
}

function tell() {
  const { bar, row, on, sooner, longer } = lifted;
  const start = numberIn(bar, "s") + 2 * (on - sooner);
  const end = start + numberIn(bar, "l") + 2 * (sooner + longer);
  const where = row.dataset.number ? `Room ${row.dataset.number}` : "No room";
  says.textContent = `${where}, ${spokenDay(start)} to ${spokenDay(end)}. Enter asks, Escape puts it back.`;
}

function putBack() {
  if (!lifted) return;
  const { bar, ghost } = lifted;
  ghost.remove();
  bar.classList.remove("lifted");
  for (const other of holder.querySelectorAll(".tr.target")) other.classList.remove("target");
  lifted = null;
  says.textContent = "";
}

function moved() {
  return lifted.row !== lifted.bar.closest(".tr") || lifted.on || lifted.sooner || lifted.longer;
}

async function put() {
  if (!moved()) {
    putBack();
    return;
  }
  const { bar, row, on, sooner, longer } = lifted;
  const said = new URLSearchParams({ v: bar.dataset.v });
  if (row !== bar.closest(".tr")) said.set("room", row.dataset.room);
  if (bar.dataset.since) said.set("since", bar.dataset.since);
  for (const [name, many] of Object.entries({ on, sooner, longer })) if (many) said.set(name, many);
  const boxes = [lifted.ghost, bar].map((each) => each.getBoundingClientRect());
  await ask(`${holder.dataset.change.replace(/0$/, partyOf(bar))}?${said}`, boxes);
  putBack();
  const again = bars().find((other) => partyOf(other) === partyOf(bar));
  go(again ?? bar);
}

// Whether nobody stands in a row where the lifted bar would.
function isFree(row) {
  const { bar, on, sooner, longer } = lifted;
  const start = numberIn(bar, "s") + 2 * (on - sooner);
  const end = start + numberIn(bar, "l") + 2 * (sooner + longer);
  const there = [...row.querySelectorAll(".b:not(.slot)")];
  return !there.some((each) => numberIn(each, "s") < end && numberIn(each, "s") + numberIn(each, "l") > start);
}

// From no room, down leads to the first room of the type that is free then, past the lanes of those who wait.
function firstRoom(lane) {
  const after = [...holder.querySelectorAll(".tr")];
  const below = after.slice(after.indexOf(lane) + 1);
  const end = below.findIndex((row) => row.matches(".ty"));
  const own = (end < 0 ? below : below.slice(0, end)).filter((row) => row.dataset.room);
  return own.find(isFree) ?? own[0];
}

function nearRow(step) {
  const all = rooms();
  const room = step > 0 && lifted.row.dataset.room === "" ? firstRoom(lifted.row) : null;
  const next = room ?? all[all.indexOf(lifted.row) + step];
  if (!next) return;
  lifted.row = next;
  lifted.row.scrollIntoView({ block: "nearest" });
}

function stretch(step) {
  const nights = numberIn(lifted.bar, "l") + 2 * (lifted.sooner + lifted.longer + step);
  if (nights >= 1) lifted.longer += step;
}

const WHILE_LIFTED = {
  ArrowUp: () => nearRow(-1),
  ArrowDown: () => nearRow(1),
  ArrowLeft: (shift) => (shift ? stretch(-1) : (lifted.on -= 1)),
  ArrowRight: (shift) => (shift ? stretch(1) : (lifted.on += 1)),
  "+": () => stretch(1),
  "-": () => stretch(-1),
};

function keyWhileLifted(event) {
  if (event.key === "Escape") {
    const bar = lifted.bar;
    putBack();
    go(bar);
  } else if (event.key === "Enter") {
    put();
  } else if (event.key in WHILE_LIFTED) {
    WHILE_LIFTED[event.key](event.shiftKey);
    show();
    tell();
  } else {
    return false;
  }
  return true;
}

function keyOnBar(event, bar) {
  const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const across = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (along && event.shiftKey && mayChange()) {
    lift(bar);
    stretch(along);
    show();
    tell();
  } else if (along) {
    go(beside(bar, along));
  } else if (across) {
    go(above(bar, across));
  } else {
    return false;
  }
  return true;
}

window.addEventListener(
  "keydown",
  (event) => {
    if (isAsking() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const bar = event.target.closest?.("#tape a.b");
    if (lettersAreOff() && /^[+-]$/.test(event.key)) return;
    const done = lifted ? keyWhileLifted(event) : bar && keyOnBar(event, bar);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  },
  true,
);

holder.addEventListener("focusin", (event) => {
  const bar = event.target.closest("a.b");
  if (!bar) return;
  if (bar !== last && last?.isConnected) last.tabIndex = -1;
  last = bar;
  bar.tabIndex = 0;
  if (!isRoving) rove();
});

function atHand() {
  return last?.isConnected ? last : bars()[0];
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tape-lift], [data-tape-longer], [data-tape-shorter]");
  if (!button) return;
  const bar = atHand();
  if (!lifted) {
    go(bar);
    lift(bar);
  }
  if (lifted && !("tapeLift" in button.dataset)) {
    stretch("tapeLonger" in button.dataset ? 1 : -1);
    show();
    tell();
  }
});

// --- dragging -----------------------------------------------------------------------------------

let hand = null; // { bar, x, y, end, dragging, rests: the clock of a finger }

holder.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest("a.b");
  if (!bar || event.button !== 0 || !mayChange() || lifted) return;
  const box = bar.getBoundingClientRect();
  const touches = event.pointerType === "touch";
  const edge = touches ? Math.min(FINGER, box.width / 4) : EDGE;
  const end = event.clientX > box.right - edge ? "longer" : event.clientX < box.left + edge ? "sooner" : null;
  hand = { bar, x: event.clientX, y: event.clientY, end, dragging: false };
  if (touches) hand.rests = setTimeout(grasp, HOLD);
});

function grasp() {
  hand.dragging = true;
  last = hand.bar;
  lift(hand.bar);
  navigator.vibrate?.(15);
}

function letGo() {
  clearTimeout(hand?.rests);
  hand = null;
}

holder.addEventListener("dragstart", (event) => event.preventDefault());
// a finger that rests lifts the bar; it asks for no menu, and the page doesn't scroll under what it carries
holder.addEventListener("contextmenu", (event) => {
  if (hand?.rests) event.preventDefault();
});
document.addEventListener(
  "touchmove",
  (event) => {
    if (hand?.rests && hand.dragging) event.preventDefault();
  },
  { passive: false },
);

// at the upper and lower edge the chart comes along
function creep(y) {
  const box = grid().getBoundingClientRect();
  if (y > box.bottom - NEAR) grid().scrollTop += NEAR / 2;
  else if (y < box.top + 2 * NEAR) grid().scrollTop -= NEAR / 2;
}

document.addEventListener("pointermove", (event) => {
  if (!hand) return;
  const dx = event.clientX - hand.x;
  if (!hand.dragging) {
    if (Math.hypot(dx, event.clientY - hand.y) < (hand.rests ? FINGER : SLACK)) return;
    if (hand.rests) {
      letGo(); // it didn't rest: the page scrolls
      return;
    }
    grasp();
  }
  const many = Math.round(dx / dayWidth());
  if (hand.end) {
    lifted[hand.end] = Math.max(hand.end === "sooner" ? -many : many, -Math.floor((numberIn(hand.bar, "l") - 1) / 2));
  } else {
    lifted.on = many;
    const row = document.elementFromPoint(event.clientX, event.clientY)?.closest(".tr[data-room]");
    if (row) lifted.row = row;
    creep(event.clientY);
  }
  show();
});

document.addEventListener("pointerup", () => {
  if (!hand) return;
  const { dragging, bar } = hand;
  letGo();
  if (!dragging) return;
  const stop = (click) => click.preventDefault();
  bar.addEventListener("click", stop);
  setTimeout(() => bar.removeEventListener("click", stop), HOLD); // a finger's click comes late, or never
  setTimeout(() => put());
});

document.addEventListener("pointercancel", () => {
  letGo();
  putBack();
});

// --- what others do -----------------------------------------------------------------------------

const refresh = follow(holder, {
  isBusy: () => lifted !== null || hand !== null || isAsking(),
  drawn: () => {
    const party = last && !last.isConnected ? partyOf(last) : null;
    if (party) last = bars().find((bar) => partyOf(bar) === party) ?? null;
    if (isRoving) rove();
    if (party && last && document.activeElement === document.body) last.focus({ preventScroll: true });
  },
});

onDone(() => refresh(true));
const asked = new URLSearchParams(location.search).get("at");
const found = asked && bars().find((bar) => partyOf(bar) === asked);
if (found) {
  last = found;
  found.focus();
}
