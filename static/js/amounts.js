// The button that takes money says how much, also while the amount is being typed.

for (const field of document.querySelectorAll("input[data-amount]")) {
  const says = field.form?.querySelector("[data-takes]");
  const before = says?.textContent.match(/^[^\d−-]*/)?.[0] ?? "";
  field.addEventListener("input", () => {
    const typed = field.value.replace(/[^\d.,]/g, "");
    if (says && typed) says.textContent = /\p{Sc}|[A-Z]{3}/u.test(before) ? before + typed : typed;
  });
}
