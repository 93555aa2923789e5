import { capture, Conv2d, type Layer, ReLU, Rng, Sequential } from "@pellucid/core-train";
import {
  deepDream,
  featureDistance,
  gramMatrix,
  optimizeImage,
  styleDistance,
  topActivations,
  totalVariation,
} from "@pellucid/interpret";
import {
  add,
  memory,
  mean,
  mul,
  neg,
  reverse,
  square,
  sub,
  sum,
  tensor,
  tidy,
  type Tensor1D,
  type Tensor4D,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);
const image = (shape: [number, number, number, number], seed = 1) =>
  tensor(new Rng(seed).rand(shape).data, shape) as Tensor4D;
const identity: Layer<Tensor4D, Tensor4D> = { forward: (x) => mul<Tensor4D>(x, 1) };
const see = (x: Tensor4D) => identity.forward(x);

test("the optimal input of a linear unit, under a penalty λ on squares, is w / 2λ: in pixels and in waves", async () => {
  const w = sub(image([1, 6, 6, 1]), 0.5) as Tensor4D;
  const loss = (x: Tensor4D) => sub(mul(sum(square(x)), 0.5), sum(mul(x, w)));
  const held = memory().numTensors;
  for (const basis of ["pixels", "waves"] as const) {
    const best = await optimizeImage(loss, {
      rng: new Rng(0),
      start: [1, 6, 6, 1],
      steps: 500,
      learningRate: 0.03,
      basis,
    });
    expect(best).toBeAllclose(w, { rtol: 0, atol: 0.02 });
    best.dispose();
  }
  expect(memory().numTensors).toBe(held);
});

test("the same seed gives the same image, jitter and all; a bounded one stays between 0 and 1", async () => {
  const loss = (x: Tensor4D) => add(neg(mul(sum(x), 5)), totalVariation(x));
  const make = () =>
    optimizeImage(loss, {
      rng: new Rng(5),
      start: [1, 5, 5, 1],
      steps: 20,
      jitter: 2,
      bounded: true,
      learningRate: 0.5,
    });
  const first = await make();
  expect(first).toBeAllclose(await make(), { rtol: 0, atol: 0 });
  expect(Math.max(...first.dataSync())).toBeLessThanOrEqual(1);
  expect(Math.min(...first.dataSync())).toBeGreaterThan(0.5);
});

test("total variation of a flat image is 0, of a step its height times its length", () => {
  expect(totalVariation(add(zeros([1, 4, 3, 1]), 7) as Tensor4D)).toBeAllclose([0]);
  const step = tensor([
    [
      [[0], [0], [0]],
      [[2], [2], [2]],
      [[2], [2], [2]],
    ],
  ]) as Tensor4D;
  expect(totalVariation(step)).toBeAllclose([6]);
});

test("inverting the identity gives the image back, and a layer that did not run is an error", async () => {
  const x = image([1, 4, 4, 2]);
  const loss = featureDistance(see, identity, x);
  expect(loss(x)).toBeAllclose([0]);
  const found = await optimizeImage(loss, { rng, start: [1, 4, 4, 2], steps: 400, learningRate: 0.03 });
  expect(found).toBeAllclose(x, { rtol: 0, atol: 5e-3 });
  expect(() => featureDistance((at: Tensor4D) => at, identity, x)(x)).toThrow(
    "featureDistance: Object did not run",
  );
});

const features = tensor([
  [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ],
]) as Tensor4D;

test("the Gram matrix of three positions and two channels", () => {
  expect(gramMatrix(features, "none")).toBeAllclose([35, 44, 44, 56]);
  expect(gramMatrix(features)).toBeAllclose([5.8333, 7.3333, 7.3333, 9.3333], { rtol: 1e-4 });
  expect(gramMatrix(reverse(features, 2), "none")).toBeAllclose([35, 44, 44, 56]);
});

test("two equal styles of half the weight are one, its own picture is at distance 0, and weights are live", () => {
  const [model, layer] = [new Conv2d(2, 3, 1, { rng }), new ReLU()];
  const net = new Sequential(model, layer);
  const run = (x: Tensor4D) => net.forward(x);
  const [picture, other] = [image([1, 4, 4, 2], 2), image([1, 4, 4, 2], 3)];
  const held = memory().numTensors;
  const one = styleDistance(run, [model, layer], [{ image: picture }]);
  const half = { image: picture, weight: 0.5 };
  const two = styleDistance(run, [model, layer], [half, { image: picture, weight: 0.5 }]);
  const whole = one.loss(other);
  const own = one.loss(picture);
  expect(own).toBeAllclose([0], { atol: 1e-9 });
  own.dispose();
  expect(tidy(() => two.loss(other).dataSync())).toBeAllclose(whole);
  expect(() => one.loss(other)).toLeakNothing();
  half.weight = 0;
  expect(tidy(() => two.loss(other).dataSync())).toBeAllclose(Array.from(whole.dataSync(), (v) => v / 2));
  one.dispose();
  two.dispose();
  expect(memory().numTensors).toBe(held + 1);
});

test("layers count by their weights in a style", () => {
  const [other, picture] = [image([1, 6, 6, 2], 4), image([1, 6, 6, 2], 5)];
  const squared: Layer<Tensor4D, Tensor4D> = { forward: (x) => square(x) };
  const run = (x: Tensor4D) => squared.forward(identity.forward(x));
  const at = (layerWeights?: readonly number[]) => {
    const options = layerWeights === undefined ? {} : { layerWeights };
    const { loss, dispose } = styleDistance(run, [squared, identity], [{ image: picture }], options);
    const [value = NaN] = tidy(() => loss(other).dataSync());
    dispose();
    return value;
  };
  const [second, first] = [at([1, 0]), at([0, 1])];
  expect(first).toBeGreaterThan(0);
  expect(second).not.toBeCloseTo(first, 6);
  expect(at()).toBeCloseTo(first + second, 6);
  expect(at([0.25, 3])).toBeCloseTo(3 * first + 0.25 * second, 6);
  for (const wrong of [[1], [1, -1], [1, NaN]]) expect(() => at(wrong)).toThrow("layerWeights");
});

test("a texture grows towards its Gram matrix", async () => {
  const style = image([1, 6, 6, 2], 4);
  const { loss, dispose } = styleDistance(see, [identity], [{ image: style }]);
  const losses: number[] = [];
  await optimizeImage(loss, {
    rng,
    start: [1, 6, 6, 2],
    steps: 150,
    onStep: (_, value) => losses.push(value),
  });
  dispose();
  expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 100);
});

test("a dream has more of what the layer saw, in the image's own size, and the same twice", async () => {
  const x = image([1, 9, 9, 1]);
  const conv = new Conv2d(1, 3, 3, { rng, padding: 1 });
  const score = (at: Tensor4D) => mean(square(conv.forward(at)), [1, 2, 3]) as Tensor1D;
  const dream = () => deepDream(score, { rng: new Rng(2), steps: 5, stepSize: 0.05 })(x);
  const held = memory().numTensors;
  const dreamed = await dream();
  expect(memory().numTensors).toBe(held + 1);
  expect(dreamed).toHaveShape([1, 9, 9, 1]);
  expect((score(dreamed).dataSync()[0] as number) / (score(x).dataSync()[0] as number)).toBeGreaterThan(1.2);
  expect(await dream()).toBeAllclose(dreamed, { rtol: 0, atol: 0 });
});

test("the positions where a channel fires most, over all batches", async () => {
  const batches = [
    tensor([
      [
        [
          [1, 0],
          [5, 2],
        ],
      ],
      [
        [
          [0, 9],
          [0, 0],
        ],
      ],
    ]) as Tensor4D,
    tensor([
      [
        [
          [7, 1],
          [0, 0],
        ],
      ],
    ]) as Tensor4D,
  ];
  const held = memory().numTensors;
  const top = await topActivations(see, identity, batches, { count: 2 });
  expect(memory().numTensors).toBe(held);
  expect(top[0]).toEqual([
    { example: 2, position: [0, 0], value: 7 },
    { example: 0, position: [0, 1], value: 5 },
  ]);
  expect(top[1]?.[0]).toEqual({ example: 1, position: [0, 0], value: 9 });
  expect(capture(identity, () => see(batches[0] as Tensor4D))).toHaveShape([2, 1, 2, 2]);
});
