// The event file that TensorBoard's own reader was given: fixtures/torch/event-files.py runs this, the test compares.
import {
  encodeEvent,
  encodeFileStart,
  encodeImage,
  encodeRestart,
  histogram,
  makeGrid,
} from "@pellucid/core-train/tensorboard";

const at = (step: number) => ({ wallTime: 1_700_000_000.25 + step, step });
const whole = (shape: number[], step: number) => ({
  data: Int32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i * step) % 256),
  shape,
});

export const numbers = Array.from({ length: 40 }, (_, i) => ((i * 37) % 64) / 16 + 0.5);

/** What PyTorch's writer records too. */
export const plain = [
  encodeEvent(at(0), [{ kind: "scalar", tag: "loss", value: 2.25 }]),
  encodeEvent(at(1), [{ kind: "scalar", tag: "loss", value: 0 }]),
  encodeEvent(at(2), [{ kind: "scalar", tag: "größe/ω", value: NaN }]),
  encodeEvent(at(3), [{ kind: "histogram", tag: "weights", histogram: histogram(numbers) }]),
  encodeEvent(at(4), [{ kind: "histogram", tag: "weights", histogram: histogram([0, 0, 0]) }]),
  encodeEvent(at(5), [{ kind: "histogram", tag: "weights", histogram: histogram([-3, -2.5]) }]),
  encodeEvent(at(2 ** 33), [{ kind: "text", tag: "notes", text: "**bold** ü" }]),
];

export const pictures = [
  encodeEvent(at(5), [{ kind: "image", tag: "gray", image: encodeImage(whole([5, 7], 7)) }]),
  encodeEvent(at(6), [{ kind: "image", tag: "color", image: encodeImage(whole([4, 3, 3], 11)) }]),
  encodeEvent(at(7), [{ kind: "image", tag: "grid", image: encodeImage(makeGrid(whole([9, 2, 2, 1], 5))) }]),
];

export const file = Buffer.concat([
  encodeFileStart(1_700_000_000),
  encodeRestart(at(0)),
  ...plain,
  ...pictures,
]);

if (process.argv[2] === "write") process.stdout.write(file);
