import { html } from "../src/draw/element-of.ts";

/** Each number of a picture counts the ink of 4×4 dots: so the UCI digits were made. */
const fine = 4;

/** A pad to draw a picture on, in gray or in color; each stroke gives its numbers. */
export function drawingPad(
  [height, width, colors]: readonly [height: number, width: number, color: number],
  onStroke: (pixels: Float32Array) => void,
): HTMLElement {
  const canvas = html("canvas", {
    width: fine * width,
    height: fine * height,
    class: "pad",
    role: "img",
    "aria-label": "Pad to draw on, with a pointer",
  });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const ground = colors === 3 ? "#303848" : "#000";
  const pen = html("input", { type: "color", value: "#ffd040" });
  const clear = html("button", { type: "button" }, "Clear");
  const wipe = () => {
    if (context === null) return;
    context.fillStyle = ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  clear.addEventListener("click", wipe);
  wipe();
  if (context !== null)
    Object.assign(context, {
      lineWidth: fine * Math.max(1, width / 11),
      lineCap: "round",
      lineJoin: "round",
    });
  let last: readonly [number, number] | null = null;
  const positionOf = ({ offsetX, offsetY }: PointerEvent) =>
    [(offsetX / canvas.clientWidth) * canvas.width, (offsetY / canvas.clientHeight) * canvas.height] as const;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = positionOf(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (last === null || context === null) return;
    context.strokeStyle = colors === 3 ? pen.value : "#fff";
    const next = positionOf(event);
    context.beginPath();
    context.moveTo(...last);
    context.lineTo(...next);
    context.stroke();
    last = next;
  });
  canvas.addEventListener("pointerup", () => {
    last = null;
    if (context === null) return;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Float32Array(height * width * colors);
    for (let i = 0; i < canvas.width * canvas.height; i++) {
      const [y, x] = [Math.floor(i / canvas.width), i % canvas.width];
      const at = (width * Math.floor(y / fine) + Math.floor(x / fine)) * colors;
      for (let color = 0; color < colors; color++)
        pixels[at + color] =
          (pixels[at + color] as number) + (data[4 * i + color] as number) / 255 / fine ** 2;
    }
    onStroke(pixels);
  });
  const below = colors === 3 ? [html("label", {}, "Pen ", pen), clear] : [clear];
  return html("div", { class: "drawing" }, canvas, html("div", {}, ...below));
}
