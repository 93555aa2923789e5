// What goes wrong in well-known programs of this kind, each as a test that ours passes; docs/tables/others-defects.md is the list, and says which of
// them are tested elsewhere.
import { Conv2d, Flatten, Linear, relu, ReLU, Rng, Sequential, softmax } from "@pellucid/core-train";
import {
  classScore,
  completenessDelta,
  deepDream,
  deepLift,
  guidedBackprop,
  lrp,
  nearestNeighbors,
  type Score,
  umap,
} from "@pellucid/interpret";
import {
  concat,
  mul,
  slice,
  squeeze,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tensor2d,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rangeOf } from "../src/draw/chart.ts";
import { colorOf, colorScale } from "../src/draw/color-scale.ts";
import { jointProbabilities } from "../src/embedding/joint-probabilities.ts";
import { shiftImage } from "../src/visualization/shift-image.ts";

const rng = new Rng(3);
const first = new Linear(4, 6, { rng });
const second = new Linear(6, 3, { rng });
const x = tensor2d(new Rng(1).randn([2, 4]).data, [2, 4]);

test("defect 2: DeepLIFT through a softmax gives an example the same with others in its batch, and is complete", () => {
  const score = (at: Tensor2D) =>
    squeeze(
      slice(softmax(second.forward(relu(first.forward(at) as Tensor2D) as Tensor2D)), [0, 1], [-1, 1]),
      [1],
    ) as Tensor1D;
  const alone = slice(x, [0, 0], [1, -1]);
  const map = deepLift(score)(alone);
  const together = deepLift(score)(concat([x, mul(x, 5)], 0) as Tensor2D);
  expect(slice(together, [0, 0], [1, -1])).toBeAllclose(map, { rtol: 1e-5, atol: 1e-6 });
  expect(completenessDelta(score, { map, x: alone })).toBeAllclose([0], { atol: 1e-5 });
});

test("defect 3: a function is explained as the layer that does the same, and one layer used twice as two", () => {
  const twice = new ReLU();
  const third = new Linear(3, 3, { rng: new Rng(8) });
  const asLayers = new Sequential(first, new ReLU(), second, new ReLU(), third);
  const asOne = new Sequential(first, twice, second, twice, third);
  const asFunctions = {
    forward: (at: Tensor2D) =>
      third.forward(
        relu(second.forward(relu(first.forward(at) as Tensor2D) as Tensor2D) as Tensor2D) as Tensor2D,
      ),
  };
  for (const explain of [deepLift, guidedBackprop, lrp]) {
    const [layers, one, functions] = [asLayers, asOne, asFunctions].map((net) => {
      const tool = explain as (score: Score<Tensor2D>) => (at: Tensor2D) => Tensor2D;
      return tool(classScore<Tensor2D>(net as typeof asFunctions, 2))(x);
    }) as [Tensor2D, Tensor2D, Tensor2D];
    expect(functions).toBeAllclose(layers, { rtol: 0, atol: 0 });
    expect(one).toBeAllclose(layers, { rtol: 0, atol: 0 });
  }
});

test("defect 4: relevance goes through a Flatten", () => {
  const conv = new Conv2d(1, 2, 3, { rng: new Rng(0), bias: false });
  const head = new Linear(8, 2, { rng: new Rng(1), bias: false });
  const net = new Sequential(conv, new ReLU(), new Flatten(), head);
  const image = tensor(new Rng(2).rand([1, 4, 4, 1]).data, [1, 4, 4, 1]) as Tensor4D;
  const score = classScore<Tensor4D>(net, 0);
  expect(sum(lrp(score)(image))).toBeAllclose(score(image), { rtol: 1e-3 });
});

test("defects 9 and 13: the scale that is asked for is the scale that is used, 0 is its middle, and beyond its ends is the end", () => {
  const values = [-4, -1, 0, 2];
  const [own, wide] = [colorScale(values), colorScale(values, { limit: 8 })];
  expect([own.low, own.high, wide.low, wide.high]).toEqual([-4, 4, -8, 8]);
  expect(colorOf(own, 2)).not.toEqual(colorOf(wide, 2));
  expect(Math.min(...(colorOf(own, 0) ?? []))).toBeGreaterThan(230); // nearly white
  expect(colorOf(own, -4)).not.toEqual(colorOf(own, -2)); // nothing below the middle is cut off
  expect(colorOf(own, -400)).toEqual(colorOf(own, -4));
});

test("defect 11: amounts are viridis and signs blue and red, never all colors of the rainbow", () => {
  expect(colorScale([0, 1]).colors).toBe("viridis");
  expect(colorScale([-1, 1]).colors).toBe("blueRed");
});

test("defect 12: a shift is undone exactly, goes both ways as far, and an image that gains nothing does not drift", async () => {
  const image = tensor(new Rng(2).rand([1, 5, 6, 2]).data, [1, 5, 6, 2]) as Tensor4D;
  expect(shiftImage(shiftImage(image, 3, -2), -3, 2)).toBeAllclose(image, { rtol: 0, atol: 0 });
  expect(new Set(new Rng(0).randint(-2, 3, [200]).data)).toEqual(new Set([-2, -1, 0, 1, 2]));
  const flat: Score = (at) => mul<Tensor1D>(sum(at, [1, 2, 3]), 0);
  const dreamed = await deepDream(flat, { rng: new Rng(0), octaves: 1, steps: 7 })(image);
  expect(dreamed).toBeAllclose(image, { rtol: 0, atol: 0 });
});

test("defect 15: UMAP of points that are all copies of one another is finite", async () => {
  const points = tensor2d(
    Array.from({ length: 40 }, (_, i) => [i % 2, 0, 1]),
    [40, 3],
  );
  const map = await umap(points, { rng: new Rng(0), neighbors: 8, steps: 30 });
  expect(map.dataSync().every(Number.isFinite)).toBe(true);
});

test("defect 16: how near all are takes memory for neighbors, not for pairs", async () => {
  const [count, near] = [400, 12];
  const data = new Rng(0).randn([count, 3]).data;
  const found = await nearestNeighbors({ data, shape: [count, 3] }, near);
  expect(found.indices.length).toBe(count * near);
  expect(jointProbabilities(found, 4).values.length).toBeLessThanOrEqual(2 * count * near);
});

test("defect 17: neighbors are exact over the borders of blocks, copies among them", async () => {
  const data = new Rng(1).randn([150, 2]).data;
  data.set(data.subarray(0, 2), 2 * 149); // the last is a copy of the first, two blocks away
  const { indices, squaredDistances } = await nearestNeighbors({ data, shape: [150, 2] }, 3);
  expect([indices[0], squaredDistances[0]]).toEqual([149, 0]);
  const away = (j: number) =>
    Math.hypot(...[0, 1].map((c) => (data[140 + c] as number) - (data[2 * j + c] as number)));
  const order = Array.from({ length: 150 }, (_, j) => j)
    .filter((j) => j !== 70)
    .toSorted((a, b) => away(a) - away(b));
  expect(Array.from(indices.subarray(210, 213))).toEqual(order.slice(0, 3));
});

test("defect 18: the range of numbers that only fall has its largest, and so has one number", () => {
  expect(colorScale([5, 3, 1, -2])).toMatchObject({ low: -5, high: 5 });
  const [low, high] = rangeOf([5, 3, 1, -2]);
  expect(low).toBeLessThanOrEqual(-2);
  expect(high).toBeGreaterThanOrEqual(5);
  expect(colorScale([7])).toMatchObject({ low: 0, high: 7 });
});

test("defect 20: the defaults that are written are those that are used", () => {
  const folder = new URL("../src/", import.meta.url);
  const wrong: string[] = [];
  let seen = 0;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /^(?!draw|elements)[\w-]+[\\/][\w-]+\.ts$/.test(name))
    .map((name) => ({
      name,
      text: readFileSync(new URL(name, folder), "utf8"),
    }));
  for (const { name, text } of files) {
    for (const [, value = "", option = ""] of text.matchAll(
      /Default: `?([\d_,.]*\d|true|false|"[^"]+")`?(?:[.;]\s|,)[^*]*\*\/\s+readonly (\w+)\?/g,
    )) {
      const plain = value.replaceAll(",", "");
      const used = new RegExp(
        `\\b${option}( =|:|\\s\\?\\?) ${plain.replaceAll(".", "\\.").replace("0\\.", "0?\\.")}(?![\\d.])|\\b${option} = [^;]*\\? ${plain}`,
      );
      const inAll = files.some((other) => used.test(other.text.replaceAll("_", "")));
      seen++;
      if (!inAll) wrong.push(`${name}: ${option} is said to be ${value}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(40);
});
