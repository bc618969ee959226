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
  const asks = ["persons", "night", "tonight"].map((name) => place.querySelector(`[data-${name}]`));
  const { byHead = "[]", byNight = "[]", ofTonight = "[]" } = place.dataset;
  const whose = [byHead, byNight, ofTonight].map((ids) => JSON.parse(ids));
  const show = () => {
    amount.placeholder = prices[what.value] ?? "";
    asks.forEach((ask, no) => {
      if (!ask) return;
      ask.hidden = !whose[no].includes(what.value);
      for (const field of ask.querySelectorAll("input, select")) field.disabled = ask.hidden;
    });
  };
  what.addEventListener("change", show);
  show();
}

// what goes back to who gives more in our own notes than is asked for
function read(text) {
  const typed = text.replace(/[^\d.,]/g, "");
  const point = /,\d{1,2}$/.test(typed) ? "," : ".";
  const other = point === "," ? "." : ",";
  return Number(typed.replaceAll(other, "").replace(point, "."));
}
for (const field of document.querySelectorAll("input[data-given]")) {
  const { amount, currency } = field.form.elements;
  const says = field.form.querySelector("[data-change]");
  const written = new Intl.NumberFormat("en", { style: "currency", currency: field.dataset.given });
  const show = () => {
    const back = read(field.value) - read(amount?.value ?? "");
    says.hidden = !field.value.trim() || Boolean(currency?.value) || !Number.isFinite(back);
    says.firstElementChild.textContent = back < 0 ? "Still missing" : "Give back";
    says.lastElementChild.textContent = written.format(Math.abs(back));
  };
  field.form.addEventListener("input", show);
  show();
}
