// The signature pad: what is drawn goes along with the form as a picture.

const pad = document.querySelector("[data-pad]");

if (pad) {
  const form = pad.closest("form");
  const field = form.querySelector("[data-signature]");
  const signs = form.querySelector("[data-signs]");
  const wipes = form.querySelector("[data-wipes]");
  const pen = pad.getContext("2d");
  let at = null;
  let drawn = false;

  for (const each of [pad, signs, wipes]) each.hidden = false;
  pen.lineWidth = 3;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = "#101828";

  const place = (event) => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) * pad.width) / box.width, ((event.clientY - box.top) * pad.height) / box.height];
  };

  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    at = place(event);
  });
  pad.addEventListener("pointermove", (event) => {
    if (!at) return;
    const to = place(event);
    pen.beginPath();
    pen.moveTo(...at);
    pen.lineTo(...to);
    pen.stroke();
    at = to;
    drawn = true;
  });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, () => (at = null));

  wipes.addEventListener("click", () => {
    pen.clearRect(0, 0, pad.width, pad.height);
    drawn = false;
  });
  form.addEventListener("submit", (event) => {
    field.value = drawn && event.submitter === signs ? pad.toDataURL("image/png") : "";
  });
}
