// A button that names what is chosen keeps up with the choice: data-chosen="room" follows the radios named room.

document.addEventListener("change", (event) => {
  const { name, dataset, checked } = event.target;
  if (!checked || !dataset.word) return;
  for (const place of document.querySelectorAll(`[data-chosen="${CSS.escape(name)}"]`)) place.textContent = dataset.word;
  // the key that leads to the choice leads to what is chosen
  const keyed = document.querySelector(`input[name="${CSS.escape(name)}"][data-key]`);
  if (keyed && keyed !== event.target) {
    event.target.dataset.key = keyed.dataset.key;
    delete keyed.dataset.key;
  }
});
