// The button that takes money says how much, also while the amount is being typed.

for (const field of document.querySelectorAll("input[data-amount]")) {
  const says = field.form?.querySelector("[data-takes]");
  const before = says?.textContent.match(/^[^\d−-]*/)?.[0] ?? "";
  field.addEventListener("input", () => {
    const typed = field.value.replace(/[^\d.,]/g, "");
    if (says && typed) says.textContent = /\p{Sc}|[A-Z]{3}/u.test(before) ? before + typed : typed;
  });
}

// a window goes to its company whole
for (const field of document.querySelectorAll("input[data-whole]")) {
  const keep = () => {
    field.readOnly = field.form.elements.way.value === "city";
    if (field.readOnly) {
      field.value = field.dataset.whole;
      field.dispatchEvent(new Event("input"));
    }
  };
  field.form.addEventListener("change", keep);
  keep();
}

// what is charged shows its usual price where another can be written
for (const place of document.querySelectorAll("[data-prices]")) {
  const prices = JSON.parse(place.dataset.prices);
  const what = place.querySelector("select[name=code]");
  const amount = place.querySelector("input[name=amount]");
  const show = () => {
    amount.placeholder = prices[what.value] ?? "";
  };
  what.addEventListener("change", show);
  show();
}
