// The person's menu closes when one looks elsewhere; on a phone the desks and the search open over the page.

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }

  if (event.target.closest("[data-prints]")) window.print();

  const opener = event.target.closest("[data-opens-menu]");
  if (opener) {
    event.preventDefault();
    document.getElementById("menu").classList.toggle("open");
  }

  const finder = event.target.closest("[data-finds]");
  const field = document.querySelector(".topbar .find input");
  if (finder && field) {
    event.preventDefault();
    field.closest(".topbar").classList.add("finding");
    field.focus();
  }
});

document.querySelector(".topbar .find input")?.addEventListener("blur", (event) => {
  event.target.closest(".topbar").classList.remove("finding");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.getElementById("menu")?.classList.remove("open");
});
