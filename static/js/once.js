// A pressed button keeps its width and gets a spinner; a second press does nothing.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("button");
  // after the browser has read which button was pressed
  setTimeout(() => {
    button?.classList.add("is-busy");
    button?.setAttribute("aria-disabled", "true");
  });
});

// a page that comes back out of the browser's memory can be sent again
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".is-busy")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-disabled");
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("a[aria-disabled=true], button[aria-disabled=true]")) event.preventDefault();
});

// what was refused is read first
document.querySelector("[data-takes-focus]")?.focus();

// the address may lead to a field: work goes on there
const led = document.getElementById(location.hash.slice(1));
if (led?.matches("input, select, textarea")) led.focus();
