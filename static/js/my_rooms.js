// My rooms: every tap is written down on the phone first, then sent, each once, in its order.
// Without a network the taps wait; when it is back they go with the version of the room that was
// seen, so that the house can refuse what somebody else was quicker to change. What was refused
// stays on the page until it is read. Another person's taps on the same phone wait for them.
const WAITING = "my-rooms-taps";
const REFUSED = "my-rooms-refused";
const LEFT = "my-rooms-left"; // leaving.js writes it: whose page this was, signed out meanwhile
const BECOMES = {
  start: "cleaning",
  pause: "to_do",
  not_to_disturb: "do_not_disturb",
  decline: "declined",
  finish: "done",
  take_back: "cleaning",
};
const AGAIN_IN = 5000;
const MOST_TRIES = 5; // of a tap that the house itself fails at

const left = localStorage.getItem(LEFT);
const isLeft = () => localStorage.getItem(LEFT) !== left;
let away = false; // whether the last try found nobody

const read = (name) => JSON.parse(localStorage.getItem(name) ?? "[]");
const write = (name, all) => localStorage.setItem(name, JSON.stringify(all));
const root = () => document.querySelector("[data-mine]");
const mine = () => read(WAITING).filter((tap) => tap.who === root().dataset.who);
const card = (task) => document.querySelector(`[data-task="${task}"]`);

function show(tap) {
  const there = tap.task && card(tap.task);
  if (!there || !BECOMES[tap.act]) return;
  there.dataset.state = BECOMES[tap.act];
  there.classList.add("is-waiting");
}

function draw() {
  const waiting = mine().length;
  const net = document.querySelector("[data-net]");
  const state = waiting ? (navigator.onLine && !away ? "sending" : "waiting") : "saved";
  for (const word of net.children) word.hidden = word.dataset.is !== state;
  net.querySelector("[data-count]").textContent = waiting === 1 ? "1 tap waits" : `${waiting} taps wait`;
  const refused = read(REFUSED).filter((each) => each.who === root().dataset.who);
  const list = document.querySelector("[data-refused]");
  list.hidden = !refused.length;
  list.querySelector("ul").replaceChildren(...refused.map((each) => {
    const line = document.createElement("li");
    line.textContent = each.sentence;
    return line;
  }));
  for (const tap of mine()) show(tap);
}

function note(form, button) {
  const fields = Object.fromEntries(new FormData(form, button));
  delete fields.csrf_token;
  const before = mine().filter((tap) => tap.task && tap.task === fields.task);
  const tap = {
    ...fields,
    key: crypto.randomUUID(),
    who: root().dataset.who,
    at: Date.now(),
    after: before.at(-1)?.key ?? "",
  };
  if (tap.task) tap.version = String(Number(card(tap.task).dataset.version) + before.length);
  write(WAITING, [...read(WAITING), tap]);
  show(tap);
  if (!tap.task || tap.act === "look") form.reset();
}

function forget(keys) {
  write(WAITING, read(WAITING).filter((tap) => !keys.includes(tap.key)));
}

function refuse(tap, sentence) {
  // what was tapped on top of it can't be kept either
  const gone = [tap.key];
  for (const each of mine()) if (gone.includes(each.after)) gone.push(each.key);
  forget(gone);
  write(REFUSED, [...read(REFUSED), { who: tap.who, sentence }]);
}

function said(tap) {
  const there = tap.task ? card(tap.task) : document.querySelector(`[data-mine] input[name="room"][value="${tap.room}"]`)?.closest("[data-task]");
  const room = there ? `Room ${there.querySelector("summary > b").textContent}` : "A room";
  const what = tap.words || there?.querySelector(`button[name="act"][value="${tap.act}"]`)?.textContent.trim() || tap.act;
  return `${room}, “${what}”`;
}

async function send(tap) {
  const body = new FormData();
  const { at, tries = 0, ...fields } = tap;
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("age", String(Math.min(999999, Math.max(0, Math.round((Date.now() - at) / 1000)))));
  body.append("csrf_token", root().dataset.token);
  const answer = await fetch(root().dataset.tap, { method: "POST", body, headers: { "X-Tap": "1" } });
  if (answer.redirected) throw new Error("signed out");
  if (answer.status === 200) {
    const there = tap.task && card(tap.task);
    if (there && BECOMES[tap.act]) there.dataset.version = String(Number(tap.version) + 1);
    forget([tap.key]);
  } else if (answer.status === 409) {
    refuse(tap, (await answer.json()).sentence);
  } else if (answer.status === 404) {
    refuse(tap, "That room is on no sheet any more. Your tap was not kept.");
  } else if (answer.status === 500 && tries + 1 >= MOST_TRIES) {
    refuse(tap, `${said(tap)}: the house could not keep that. Tell the desk.`);
  } else if (answer.status === 500) {
    write(WAITING, read(WAITING).map((each) => (each.key === tap.key ? { ...each, tries: tries + 1 } : each)));
    throw new Error("500");
  } else {
    throw new Error(String(answer.status));
  }
}

function isInHand() {
  // something is typed or ticked, or the keyboard stands there: a new page would take it away
  const fields = [...document.querySelectorAll("[data-mine] :is(input, textarea)")];
  const isTyped = fields.some((each) => each.value !== each.defaultValue || each.checked !== each.defaultChecked);
  return isTyped || document.querySelector("[data-mine] :focus-visible") !== null;
}

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-mine]");
  if (!fresh || mine().length) return;
  if (isInHand()) return;
  const open = [...document.querySelectorAll("[data-mine] details[open][id]")].map((each) => each.id);
  root().replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  draw();
}

let flushing = false;
async function flush() {
  if (flushing || !mine().length) return;
  flushing = true;
  try {
    while (mine().length) {
      await send(mine()[0]);
      away = false;
      draw();
    }
    await refresh();
  } catch (problem) {
    away = true;
    if (problem.message === "400") await renew().catch(() => {});
    setTimeout(flush, AGAIN_IN);
  } finally {
    flushing = false;
    draw();
  }
}

async function renew() {
  // the page came from before a new sign-in: its token is an old one
  const answer = await fetch(location.pathname);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-mine]");
  if (fresh && fresh.dataset.who === root().dataset.who) root().dataset.token = fresh.dataset.token;
}

if (root()) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-taps]")) return;
    event.preventDefault();
    if (isLeft()) return location.reload();
    note(form, event.submitter);
    event.submitter?.closest("details.mine-more")?.removeAttribute("open");
    draw();
    flush();
  }, true);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forgets]")) return;
    write(REFUSED, read(REFUSED).filter((each) => each.who !== root().dataset.who));
    draw();
    refresh();
  });
  addEventListener("storage", () => { if (isLeft()) location.reload(); });
  addEventListener("pageshow", () => { if (isLeft()) location.reload(); });
  addEventListener("online", () => { draw(); flush(); });
  addEventListener("offline", draw);
  addEventListener("visibilitychange", () => { if (!document.hidden) { mine().length ? flush() : refresh().catch(() => {}); } });
  setInterval(() => { if (!document.hidden && navigator.onLine && !mine().length) refresh().catch(() => {}); }, 30_000);
  draw();
  flush();
  navigator.serviceWorker?.register("/my-rooms-worker.js", { scope: "/my-rooms" }).catch(() => {});
}
