// What others change is asked for every few seconds; the answer is 304 where nothing was.

const EVERY = 4000;

// Rows are told apart by their id; those that differ are drawn anew, groups row by row, the others stay, and with them focus and scroll.
function merge(now, fresh) {
  const before = new Map([...now.children].map((row) => [row.id, row]));
  let changed = 0;
  let at = null;
  for (const row of [...fresh.children]) {
    const old = before.get(row.id);
    const isGroup = old?.role === "rowgroup" && row.role === "rowgroup";
    if (isGroup) changed += merge(old, row);
    const same = isGroup || (old && sameRow(old, row));
    const kept = same ? old : row;
    if (!same) changed += 1;
    const next = at ? at.nextElementSibling : now.firstElementChild;
    if (old && !same) old.replaceWith(row);
    else if (kept !== next) now.insertBefore(kept, next);
    before.delete(row.id);
    at = kept;
  }
  for (const gone of before.values()) gone.remove();
  for (const { name, value } of fresh.attributes) now.setAttribute(name, value);
  return changed;
}

// tabindex is the keyboard's own mark on a bar, not a change
function sameRow(old, row) {
  return old.outerHTML.replace(/ tabindex="[^"]*"/g, "") === row.outerHTML;
}

export function follow(holder, { isBusy, drawn }) {
  const live = document.getElementById("tape-live");
  let gone = false;

  async function look(anyway = false) {
    if (!anyway && (document.hidden || isBusy())) return;
    const now = holder.querySelector(".tape");
    try {
      const answer = await fetch(holder.dataset.tape, {
        headers: { "If-None-Match": `"${now.dataset.mark}"`, "HX-Request": "true" },
        cache: "no-store",
      });
      if (answer.status === 200 && (anyway || !isBusy())) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector(".tape");
        if (fresh && (anyway || !isBusy())) {
          merge(now, fresh);
          drawn();
        }
      } else if (answer.status !== 304 && answer.status !== 200) {
        throw new Error(`answered ${answer.status}`);
      }
      if (gone) live.textContent = "The connection is back. Bars turn at midday.";
      gone = false;
    } catch {
      if (!gone) {
        const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
        live.textContent = `The connection is gone. What you see is as of ${time}.`;
      }
      gone = true;
    }
  }

  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", () => look());
  return look;
}
