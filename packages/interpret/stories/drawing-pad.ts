import { html } from "../src/draw/element-of.ts";

/** How the digits were made: each of 8×8 numbers counts the ink of 4×4 dots, of 32×32. */
const dots = 32;

/** A pad to draw a digit on; each stroke gives its 64 numbers. */
export function drawingPad(onStroke: (pixels: Float32Array) => void): HTMLElement {
  const canvas = html("canvas", {
    width: dots,
    height: dots,
    class: "pad",
    role: "img",
    "aria-label": "Pad to draw a digit on, with a pointer",
  });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const clear = html("button", { type: "button" }, "Clear");
  const wipe = () => context?.fillRect(0, 0, dots, dots);
  clear.addEventListener("click", wipe);
  wipe();
  if (context !== null)
    Object.assign(context, { strokeStyle: "#fff", lineWidth: 4, lineCap: "round", lineJoin: "round" });
  let last: readonly [number, number] | null = null;
  const place = ({ offsetX, offsetY }: PointerEvent) =>
    [(offsetX / canvas.clientWidth) * dots, (offsetY / canvas.clientHeight) * dots] as const;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last === null || context === null) return;
    const next = place(event);
    context.beginPath();
    context.moveTo(...last);
    context.lineTo(...next);
    context.stroke();
    last = next;
  });
  canvas.addEventListener("pointerup", () => {
    last = null;
    if (context === null) return;
    const { data } = context.getImageData(0, 0, dots, dots);
    const pixels = new Float32Array(64);
    for (let y = 0; y < dots; y++) {
      for (let x = 0; x < dots; x++) {
        const at = 8 * Math.floor(y / 4) + Math.floor(x / 4);
        pixels[at] = (pixels[at] as number) + (data[4 * (dots * y + x)] as number) / 255 / 16;
      }
    }
    onStroke(pixels);
  });
  return html("div", {}, canvas, clear);
}
