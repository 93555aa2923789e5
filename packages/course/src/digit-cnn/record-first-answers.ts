// Writes first-answers.json next to this file: the network's probabilities for the ten ready-made digits, and every map of the 3, in eight bits.
// The pages show them until the network itself is there:
//   node packages/course/src/digit-cnn/record-first-answers.ts
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { drawnDigits } from "../../../interpret/stories/drawn-digits.ts";
import { loadDigits, numbersOf, probabilitiesOf } from "./program.ts";

await useBackend({ only: "wasm" });
const file = readFileSync(join(import.meta.dirname, "../../../interpret/stories/nets/mnist-cnn.safetensors"));
const net = loadDigits(Uint8Array.from(file).buffer);
const { images } = drawnDigits(10);
const digits = Array.from({ length: 10 }, (_, i) =>
  Float32Array.from(images.data.slice(784 * i, 784 * (i + 1))),
);
const probabilities = (await probabilitiesOf(net, digits)).map((row) =>
  Array.from(row, (p) => Number(p.toPrecision(4))),
);
const numbers = await numbersOf(net, digits[3] ?? new Float32Array(784));
const maps = numbers.slice(0, 4).map((values) => {
  const reach = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const bytes = Int8Array.from(values, (v) => Math.round((127 * v) / reach));
  return { reach: Number(reach.toPrecision(5)), text: Buffer.from(bytes.buffer).toString("base64") };
});
writeFileSync(
  join(import.meta.dirname, "first-answers.json"),
  `${JSON.stringify({ probabilities, maps }, null, 1)}\n`,
);
