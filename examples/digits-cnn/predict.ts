// Reads a saved model and predicts a few digits that it has not seen, drawn in the terminal.
import { useBackend } from "@pellucid/backends";
import { DigitsCnn } from "@pellucid/cnn";
import { Rng, softmax } from "@pellucid/core-train";
import { readWeights } from "@pellucid/core-train/node";
import { digits, toFloatImages } from "@pellucid/datasets";
import { tensor4d } from "@tensorflow/tfjs-core";

const shades = " ░▒▓█";

/** The rows of an 8×8 picture of numbers from 0 to 1, two characters a pixel. */
export function draw(pixels: ArrayLike<number>): string[] {
  const shade = (value: number) => (shades[Math.round(value * (shades.length - 1))] ?? " ").repeat(2);
  return Array.from({ length: 8 }, (_, row) =>
    Array.from({ length: 8 }, (__, column) => shade(pixels[8 * row + column] ?? 0)).join(""),
  );
}

/** The model's answers for the first unseen digits. */
export async function predict(path: string, count = 5) {
  const model = new DigitsCnn({ rng: new Rng(1) });
  await readWeights(path, model);
  const { test } = await digits();
  const some = toFloatImages(test.take(Array.from({ length: count }, (_, i) => i)));
  const { data } = some.images;
  const probabilities = softmax(model.forward(tensor4d(data, [count, 8, 8, 1])));
  const rows = await probabilities.array();
  return rows.map((row, i) => {
    const answer = row.indexOf(Math.max(...row));
    const pixels = data.subarray(64 * i, 64 * (i + 1));
    return { answer, probability: row[answer] ?? 0, label: some.labels.data[i], pixels };
  });
}

if (import.meta.main) {
  await useBackend();
  const found = await predict(process.argv[2] ?? "model.safetensors");
  const pictures = found.map(({ pixels }) => draw(pixels));
  for (let row = 0; row < 8; row++) console.log(pictures.map((picture) => picture[row]).join("   "));
  console.log(
    found
      .map(({ answer, probability }) => `${answer} (${(100 * probability).toFixed(0)} %)`.padEnd(16))
      .join("   "),
  );
  console.log(found.map(({ label }) => `is a ${label}`.padEnd(16)).join("   "));
}
