// Arrival, nights and departure keep each other right; without this script the two dates are enough.

const DAY = 86_400_000;

function parts(stay) {
  return {
    nights: stay.querySelector("[data-nights]"),
    arrival: stay.querySelector("[data-arrival]"),
    departure: stay.querySelector("[data-departure]"),
  };
}

function from(stay) {
  return Date.parse(parts(stay).arrival?.value ?? stay.dataset.from);
}

function count(stay) {
  const { nights, departure } = parts(stay);
  const many = Math.round((Date.parse(departure.value) - from(stay)) / DAY);
  nights.value = Number.isFinite(many) && many >= 0 ? many : "";
}

function leave(stay) {
  const { nights, departure } = parts(stay);
  const day = new Date(from(stay) + Number(nights.value) * DAY);
  if (nights.value !== "" && Number.isFinite(day.valueOf())) departure.value = day.toISOString().slice(0, 10);
}

for (const stay of document.querySelectorAll("[data-stay]")) {
  const { nights } = parts(stay);
  if (!nights) continue;
  nights.closest(".field").hidden = false;
  count(stay);
  // before htmx asks for the prices: the change bubbles from the field to the row
  stay.addEventListener(
    "change",
    (event) => {
      if (event.target === parts(stay).departure) count(stay);
      else if (event.target === nights || event.target === parts(stay).arrival) leave(stay);
    },
    true,
  );
}
