// Clocks of requests: they go on while the page stands, and say the same as the server would.
// Time is counted from when the page came, so a wrong clock of this machine does no harm.
const EVERY = 15_000;
const SOON = 600;
const came = performance.now();

function spoken(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return "under 1 min";
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function tick() {
  const gone = Math.floor((performance.now() - came) / 1000);
  for (const clock of document.querySelectorAll("[data-left]")) {
    const left = Number(clock.dataset.left) - gone;
    const tone = left < 0 ? "bad" : left <= Math.max(SOON, Number(clock.dataset.whole) / 4) ? "warn" : "ok";
    clock.classList.remove("ok", "warn", "bad");
    clock.classList.add(tone);
    clock.querySelector("span").textContent = `${spoken(Math.abs(left))} ${left < 0 ? "late" : "left"}${clock.dataset.end}`;
    const use = clock.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, left < 0 ? "#icon-alert-triangle" : "#icon-clock"));
  }
}

if (document.querySelector("[data-left]")) setInterval(tick, EVERY);
