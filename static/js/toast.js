// What can be undone is offered for 8 seconds; a hand or focus on it stops the clock.

const OFFERED_FOR = 8000;

for (const toast of document.querySelectorAll(".toast-undo")) {
  let clock = setTimeout(() => toast.remove(), OFFERED_FOR);
  const hold = () => clearTimeout(clock);
  const go = () => {
    clearTimeout(clock);
    clock = setTimeout(() => toast.remove(), OFFERED_FOR);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusout", go);
}
