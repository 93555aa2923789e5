import { cumsum, gradient, interpolate, maximum, pad, withGradientRules } from "@pellucid/core-train";
import {
  getGradient,
  Maximum,
  mul,
  ones,
  registerGradient,
  square,
  type Tensor,
  tensor1d,
  tensor2d,
  type Tensor4D,
  tensor4d,
  unregisterGradient,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import * as tfjsConfigs from "./tfjs-gradients/tfjs-configs.ts";

/** What `@tensorflow/tfjs` does when it is imported, or named by a script tag. */
const importTfjs = () => Object.values(tfjsConfigs).forEach(registerGradient);

const ofMaximum = () => gradient((x: Tensor) => maximum(x, tensor2d([[1], [2]])))(tensor1d([1, 3]));

test.each<[string, () => Tensor, number[]]>([
  [
    "cumsum",
    () =>
      gradient((x: Tensor) =>
        mul(cumsum(x, 0), [
          [1, 2],
          [3, 4],
        ]),
      )(ones([2, 2])),
    [4, 6, 3, 4],
  ],
  [
    "reflected padding",
    () =>
      gradient((x: Tensor) =>
        square(
          pad(
            x,
            [
              [0, 0],
              [1, 1],
            ],
            { mode: "reflect" },
          ),
        ),
      )(tensor2d([[1, 2, 3]])),
    [2, 12, 6],
  ],
  [
    "bilinear interpolation",
    () =>
      gradient((x: Tensor4D) => interpolate(x, { scaleFactor: 2, mode: "bilinear" }))(
        tensor4d([1, 1, 1, 1], [1, 2, 2, 1]),
      ),
    [4, 4, 4, 4],
  ],
  ["maximum, broadcast", ofMaximum, [0.5, 2]],
])("the gradient of %s is PyTorch's after tfjs registers its own again", (_, run, expected) => {
  importTfjs();
  expect([...run().dataSync()]).toEqual(expected);
});

test("a gradient that is unregistered first can be replaced, and the replacement stays too", () => {
  const own = getGradient(Maximum);
  unregisterGradient(Maximum);
  registerGradient({
    ...own,
    gradFunc: (_, [a, b]) => ({ a: () => zerosLike(a as Tensor), b: () => zerosLike(b as Tensor) }),
  });
  try {
    importTfjs();
    expect([...ofMaximum().dataSync()]).toEqual([0, 0]);
  } finally {
    unregisterGradient(Maximum);
    registerGradient(own);
  }
  expect([...ofMaximum().dataSync()]).toEqual([0.5, 2]);
});

test("rules hold while they are asked for, whatever registers gradients meanwhile", () => {
  const rule = { inputs: ["a", "b"], gradient: (dy: Tensor) => zerosLike(dy) };
  withGradientRules({ [Maximum]: rule }, () => {
    importTfjs();
    expect([...gradient((x: Tensor) => maximum(x, 0))(tensor1d([1, 3])).dataSync()]).toEqual([0, 0]);
  });
  expect([...ofMaximum().dataSync()]).toEqual([0.5, 2]);
});
