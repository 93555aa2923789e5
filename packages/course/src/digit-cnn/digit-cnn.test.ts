import { readFileSync } from "node:fs";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import { explainNumber, outputSize, seenSquares } from "@pellucid/interpret/parts/explain-number";
import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { columns, inputOf, layersOf } from "./digit-layers.ts";
import { firstMaps, firstProbabilities } from "./first-answers.ts";
import { readyDigits } from "./ready-digits.ts";
import { explain, loadDigits, numbersOf, orders, probabilitiesOf } from "./program.ts";

const path = join(import.meta.dirname, "../../../interpret/stories/nets/mnist-cnn.safetensors");
const load = () => loadDigits(Uint8Array.from(readFileSync(path)).buffer);
const digits = readyDigits();

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("every number of every layer that the page explains equals the activation, for all ten digits", async () => {
  const net = load();
  const layers = await layersOf(net);
  let [worst, count] = [0, 0];
  for (const pixels of digits) {
    const numbers = await numbersOf(net, pixels);
    for (const [l, layer] of layers.entries()) {
      const input = inputOf(l, pixels, numbers);
      const [height, width, maps] = outputSize(layer, input);
      for (let i = 0; i < height * width * maps; i++) {
        const unit = i % maps;
        const [row, column] = [Math.floor(i / maps / width), Math.floor(i / maps) % width];
        const { result } = explainNumber(layer, input, { unit, row, column });
        worst = Math.max(worst, Math.abs(result - (numbers[l]?.[i] ?? Number.NaN)));
        count++;
      }
    }
  }
  expect(count).toBe(10 * (24 * 24 * 10 + 12 * 12 * 10 + 8 * 8 * 20 + 4 * 4 * 20 + 10));
  expect(worst).toBeLessThan(1e-4);
});

test("what a position sees is what changes it", async () => {
  const net = load();
  const layers = (await layersOf(net)).filter((layer) => layer.kind !== "linear");
  const [square] = seenSquares(layers, { row: 1, column: 2 });
  expect(square).toEqual({ row: 4, column: 8, side: 16 });
  const pixels = digits[8] ?? new Float32Array();
  const [before, outside] = [await numbersOf(net, pixels), await numbersOf(net, masked(pixels, square))];
  const at = (numbers: readonly Float32Array[]) => numbers[3]?.slice((1 * 4 + 2) * 20, (1 * 4 + 3) * 20);
  expect(at(outside)).toEqual(at(before));
  expect(outside[3]).not.toEqual(before[3]);
});

test("the fake fails the deletion test on nine of ten digits or more, the four methods pass on most", async () => {
  const net = load();
  const tensors = memory().numTensors;
  const passes = [0, 0, 0, 0, 0];
  for (const [target, pixels] of digits.entries()) {
    const { tested } = await explain(net, pixels, { target });
    tested.forEach(({ beats }, i) => (passes[i] = (passes[i] ?? 0) + (beats === orders ? 1 : 0)));
  }
  expect(passes[4]).toBeLessThanOrEqual(1);
  expect(Math.min(...passes.slice(0, 2), passes[3] ?? 0)).toBeGreaterThanOrEqual(9);
  expect(memory().numTensors).toBe(tensors);
});

test("the recorded first answers are those of the network", async () => {
  const net = load();
  const all = await probabilitiesOf(net, digits);
  for (const [i, p] of all.entries())
    firstProbabilities(i).forEach((recorded, c) => expect(recorded).toBeCloseTo(p[c] ?? 0, 3));
  const numbers = await numbersOf(net, digits[3] ?? new Float32Array());
  for (const [l, map] of firstMaps().entries()) {
    const reach = map.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    expect(map).toHaveLength((columns[l]?.height ?? 0) ** 2 * (columns[l]?.maps ?? 0));
    const worst = map.reduce((most, v, i) => Math.max(most, Math.abs(v - (numbers[l]?.[i] ?? 0))), 0);
    expect(worst).toBeLessThan(reach / 200);
  }
});

/** The drawing with everything outside of a square erased. */
function masked(
  pixels: Float32Array,
  square: { readonly row: number; readonly column: number; readonly side: number } | undefined,
): Float32Array {
  const { row, column, side } = square ?? { row: 0, column: 0, side: 28 };
  return pixels.map((v, i) => {
    const [y, x] = [Math.floor(i / 28) - row, (i % 28) - column];
    return y >= 0 && x >= 0 && y < side && x < side ? v : 0;
  });
}
