import { useBackend } from "@pellucid/backends";
import { readDigit } from "./read-digit.ts";
import { train } from "./train.ts";

const find = <E extends Element>(selector: string): E => {
  const found = document.querySelector<E>(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
};
const [status, progress] = [find("#status"), find<HTMLProgressElement>("#progress")];

const { chosen } = await useBackend(); // the best backend that can train here
const { model, accuracy } = await train((share, loss) => {
  progress.value = share;
  status.textContent = `Training on ${chosen}: loss ${loss.toFixed(3)}`;
});
status.textContent = `Trained on ${chosen}: accuracy ${accuracy.toFixed(3)} on 450 unseen digits`;

find<HTMLElement>("#drawing").hidden = false;
const pad = find<HTMLCanvasElement>("#pad");
const pen = pad.getContext("2d", { willReadFrequently: true });
if (pen === null) throw new Error("This browser draws nothing on a canvas.");
pen.fillStyle = "white";
const draw = ({ buttons, offsetX, offsetY }: PointerEvent) => {
  if (buttons > 0) pen.fillRect(Math.floor(offsetX / 32), Math.floor(offsetY / 32), 1, 1);
};
pad.addEventListener("pointerdown", draw);
pad.addEventListener("pointermove", draw);
pad.addEventListener("pointerup", async () => {
  const { data } = pen.getImageData(0, 0, 8, 8); // red, green, blue and alpha of each pixel
  const pixels = Float32Array.from({ length: 64 }, (_, i) => (data[4 * i] ?? 0) / 255);
  find("#seen").replaceChildren(await readDigit(model, pixels));
});
find("#clear").addEventListener("click", () => {
  pen.clearRect(0, 0, 8, 8);
  find("#seen").replaceChildren();
});
