// One encoder for all inputs: equal inputs have equal embeddings, gradients of all views add up, and the losses of pairs and triplets are the papers'.
import { useBackend } from "@pellucid/backends";
import {
  Linear,
  Rng,
  ShapeError,
  trainable,
  tripletMarginLoss,
  valueAndGradients,
} from "@pellucid/core-train";
import { pairLoss, SiameseNetwork, tripletLoss, TripletNetwork } from "@pellucid/metric-learning";
import { sines } from "@pellucid/testing";
import { dispose, memory, tensor1d, tensor2d, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "wasm" }));

const rows = (phase: number) => sines([3, 4], phase) as Tensor2D;

test("both views go through the same weights", () => {
  const siamese = new SiameseNetwork(new Linear(4, 2, { rng: new Rng(0) }) as never);
  expect([...siamese.namedParameters()].map(([path]) => path)).toEqual(["encoder.weight", "encoder.bias"]);
  const { first, second } = siamese.forward({ first: rows(0), second: rows(0) });
  expect(first).toBeAllclose(second, { rtol: 0, atol: 0 });
  const gradientOf = (a: number, b: number) =>
    valueAndGradients(trainable(siamese), () =>
      pairLoss(siamese.forward({ first: rows(a), second: rows(b) }), tensor1d([1, 1, 1])),
    ).gradients["encoder.weight"];
  expect(gradientOf(0, 1) as Tensor2D).toBeAllclose(gradientOf(1, 0) as Tensor2D);
});

test("a pair of one class costs its squared distance, another what is missing to the margin, squared", () => {
  const first = tensor2d([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  const second = tensor2d([
    [0.3, 0.4],
    [0.3, 0.4],
    [3, 4],
  ]);
  expect(pairLoss({ first, second }, tensor1d([1, 0, 0], "int32"))).toBeAllclose([(0.25 + 0.25 + 0) / 3]);
  expect(pairLoss({ first, second }, tensor1d([0, 0, 0]), { margin: 6 })).toBeAllclose([
    (5.5 ** 2 * 2 + 1) / 3,
  ]);
});

test("triplets are squared as in FaceNet, or not as in PyTorch", () => {
  const network = new TripletNetwork(new Linear(4, 2, { rng: new Rng(0) }) as never);
  const found = network.forward({ anchor: rows(0), positive: rows(1), negative: rows(2) });
  const byHand = (["positive", "negative"] as const).map((name) => {
    const [a, b] = [found.anchor, found[name]].map((x) => (x as Tensor2D).arraySync()) as [
      number[][],
      number[][],
    ];
    return a.map((row, i) =>
      row.reduce((sum, x, f) => sum + (x - ((b[i] as number[])[f] as number)) ** 2, 0),
    );
  }) as [number[], number[]];
  const mean =
    byHand[0].reduce((sum, near, i) => sum + Math.max(0, near - (byHand[1][i] as number) + 0.2), 0) / 3;
  expect(tripletLoss(found)).toBeAllclose([mean]);
  const torch = tripletMarginLoss(found.anchor, found.positive, found.negative, { margin: 0.3 });
  expect(tripletLoss(found, { margin: 0.3, squared: false })).toBeAllclose(torch, { rtol: 1e-4, atol: 1e-5 });
});

test("what does not fit is refused, and nothing leaks", () => {
  const [first, second, same] = [
    tensor2d([[1, 2]]),
    tensor2d([
      [1, 2],
      [3, 4],
    ]),
    tensor1d([1]),
  ];
  const before = memory().numTensors;
  expect(() => pairLoss({ first, second }, same)).toThrow(ShapeError);
  expect(() => tripletLoss({ anchor: first, positive: first, negative: second })).toThrow(
    "tripletLoss: negative is [2, 2], expected [1, 2].",
  );
  expect(() => pairLoss({ first, second: first }, same)).toLeakNothing();
  expect(() => tripletLoss({ anchor: first, positive: first, negative: first })).toLeakNothing();
  expect(memory().numTensors).toBe(before);
  dispose([first, second, same]);
});
