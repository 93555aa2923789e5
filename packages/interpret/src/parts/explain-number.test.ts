import { Conv2d, Linear, MaxPool2d, relu, Rng } from "@pellucid/core-train";
import {
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor4d,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type ExplainedLayer, explainNumber, outputSize, seenSquares } from "./explain-number.ts";

const rng = new Rng(4);
const x = tensor4d(rng.uniform([1, 9, 9, 3], -1, 1).data, [1, 9, 9, 3]);
const input = { values: x.dataSync(), height: 9, width: 9, maps: 3 };
const read = (t: Tensor | null) => t?.dataSync() ?? [];

/** The largest difference between what is explained and what the layer computes, `[1, height, width, map]`. */
function worst(layer: ExplainedLayer, y: Tensor): number {
  const [height, width, maps] = outputSize(layer, input);
  expect(y.size).toBe(height * width * maps);
  return Math.max(
    ...Array.from(y.dataSync(), (value, i) => {
      const [row, column] = [Math.floor(i / maps / width), Math.floor(i / maps) % width];
      return Math.abs(value - explainNumber(layer, input, { unit: i % maps, row, column }).result);
    }),
  );
}

test("numbers of a convolution, of pooling with ReLU and of a linear layer are those of the layers", () => {
  const conv = new Conv2d(3, 4, 3, { rng });
  const convolution = {
    kind: "convolution",
    weight: read(conv.weight),
    bias: read(conv.bias),
    size: 3,
    maps: 4,
  } as const;
  expect(worst(convolution, conv.forward(x))).toBeLessThan(1e-5);
  const pooled = relu(new MaxPool2d(3).forward(x)) as Tensor4D;
  expect(worst({ kind: "pool-relu", size: 3 }, pooled)).toBeLessThan(1e-6);
  const linear = new Linear(243, 5, { rng });
  const flat = reshape(transpose(x, [0, 3, 1, 2]), [1, 243]) as Tensor2D; // maps first
  const sums = { kind: "linear", weight: read(linear.weight), bias: read(linear.bias), maps: 5 } as const;
  expect(worst(sums, linear.forward(flat))).toBeLessThan(1e-5);
});

test("parts and bias add up to the result, and each part is its products", () => {
  const conv = new Conv2d(3, 2, 3, { rng });
  const layer = {
    kind: "convolution",
    weight: read(conv.weight),
    bias: read(conv.bias),
    size: 3,
    maps: 2,
  } as const;
  const made = explainNumber(layer, input, { unit: 1, row: 2, column: 5 });
  if (made.kind !== "sum") throw new Error("A convolution is a sum.");
  expect(made.parts).toHaveLength(3);
  for (const { window, kernel, sum } of made.parts)
    expect(window.reduce((all, v, i) => all + v * (kernel[i] ?? 0), 0)).toBeCloseTo(sum, 5);
  expect(made.parts.reduce((all, { sum }) => all + sum, made.bias)).toBeCloseTo(made.result, 5);
});

test("squares grow from layer to layer by size and stride", () => {
  const conv = { kind: "convolution", weight: [], bias: [], size: 5, maps: 1 } as const;
  const pool = { kind: "pool-relu", size: 2 } as const;
  expect(seenSquares([conv, pool, conv, pool], { row: 1, column: 0 })).toEqual([
    { row: 4, column: 0, side: 16 },
    { row: 4, column: 0, side: 12 },
    { row: 2, column: 0, side: 6 },
    { row: 2, column: 0, side: 2 },
  ]);
});

test("a number outside of the output is refused", () => {
  const layer = { kind: "pool-relu", size: 3 } as const;
  expect(() => explainNumber(layer, input, { unit: 3, row: 0, column: 0 })).toThrow(
    "explainNumber: map 3, row 0, column 0 is outside of 3 maps of 3 × 3.",
  );
});
