// The sheet of this page's keys, read off the page itself, so that it can't be out of date.

const ALWAYS = [
  ["J  K", "Move in a list"],
  ["↵", "Press the row's button"],
  ["Esc", "Back out; typing stays"],
];

function spoken(key) {
  const names = { enter: "↵", ctrl: "Ctrl" };
  return key.split(/[ +]/).map((part) => names[part] ?? part.toUpperCase());
}

function words(element) {
  const label = element.getAttribute("aria-label") ?? element.placeholder ?? "";
  if (label) return label;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg, .n").forEach((part) => part.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function line(keys, text) {
  const item = document.createElement("li");
  const caps = document.createElement("span");
  for (const key of keys) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    caps.append(cap);
  }
  const says = document.createElement("span");
  says.textContent = text;
  item.append(caps, says);
  return item;
}

export function showKeys() {
  const before = document.activeElement;
  const sheet = document.createElement("dialog");
  sheet.className = "sheet";
  sheet.setAttribute("aria-labelledby", "keys-title");
  const header = document.createElement("header");
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = "Keys of this page";
  const close = document.createElement("button");
  close.className = "btn btn-sm";
  close.textContent = "Close the list";
  close.addEventListener("click", () => sheet.close());
  header.append(title, close);

  const list = document.createElement("ul");
  list.className = "keys";
  const seen = new Set();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.dataset.key;
    if (seen.has(key)) continue;
    seen.add(key);
    list.append(line(spoken(key), words(element)));
  }
  if (document.querySelector("[data-cursor]")) for (const [key, text] of ALWAYS) list.append(line(key.split("  "), text));
  sheet.append(header, list);
  sheet.addEventListener("close", () => {
    sheet.remove();
    before?.focus?.();
  });
  document.body.append(sheet);
  sheet.showModal();
}
