// What a drawer's count comes to, while its notes and coins are being counted.

for (const drawer of document.querySelectorAll("[data-counted]")) {
  const says = drawer.querySelector("[data-comes-to]");
  const pieces = [...drawer.querySelectorAll("input[data-value]")];
  const digits = Number(drawer.dataset.digits);
  const show = () => {
    const minor = pieces.reduce((sum, each) => sum + each.dataset.value * (each.value || 0), 0);
    const shown = (minor / 10 ** digits).toLocaleString("en", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    says.textContent = Number.isFinite(minor) ? shown : "";
  };
  drawer.addEventListener("input", show);
  show();
}
