import {
  createSampler,
  denoisingScoreMatching,
  euler,
  guideByClassifier,
  karrasLevel,
  learnedDeviation,
  mapSampler,
  odeStep,
  type Sampler,
  solverSampler,
} from "@pellucid/generative";
import { Rng } from "@pellucid/core-train";
import {
  add,
  mul,
  neg,
  ones,
  square,
  sum,
  tensor1d,
  tensor2d,
  type Tensor,
  tidy,
  zeros,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

async function last(sampler: Sampler): Promise<number[]> {
  let values: number[] = [];
  for await (const { x } of sampler.sample({ shape: [2], rng: new Rng(0), start: ones([2]) }))
    values = [...x.dataSync()];
  return values;
}

test("a sampler is made of one step", async () => {
  const doubling = createSampler({
    caller: "doubling",
    times: [0, 1, 2],
    step: ({ x }) => ({ x: mul(x, 2) }),
  });
  expect(doubling.steps).toBe(2);
  expect(await last(doubling)).toEqual([4, 4]);
});

test("samples go through a function, such as a decoder", async () => {
  const doubling = createSampler({ caller: "doubling", times: [0, 1], step: ({ x }) => ({ x: mul(x, 2) }) });
  expect(await last(mapSampler(doubling, (x) => add(x, 0.5)))).toEqual([2.5, 2.5]);
});

test("a solver goes to what the denoiser says", async () => {
  const levels = [2, 1, 0].map(karrasLevel);
  const sampler = solverSampler((x) => ({ x0: zerosLike(x) }), { levels, solver: euler() });
  expect(await last(sampler)).toEqual([0, 0]);
});

test("one step of Runge and Kutta is right to the fourth order", () => {
  const combine = (...terms: readonly (readonly [number, number])[]) =>
    terms.reduce((total, [weight, value]) => total + weight * value, 0);
  const step = odeStep("rk4", (x: number) => x, combine, 1, 0, 0.1);
  expect(Math.abs(step - Math.exp(0.1))).toBeLessThan(1e-7);
});

test("the learned deviation lies between the two that are known", () => {
  const [from, to] = [
    { alpha: 0.8, sigma: 0.6, time: 2 },
    { alpha: 0.9, sigma: Math.sqrt(0.19), time: 1 },
  ];
  const [low = 0, middle = 0, high = 0] = learnedDeviation(tensor1d([-1, 0, 1]), from, to).dataSync();
  expect(low).toBeLessThan(high);
  expect(middle).toBeCloseTo(Math.sqrt(low * high), 6); // half way between their logarithms
  expect(high).toBeCloseTo(Math.sqrt(1 - (0.8 / 0.9) ** 2), 6); // √β
});

test("the gradient of a classifier moves the predicted noise", () => {
  const logProb = (x: Tensor) => neg(sum(square(x))); // most probable at 0: its gradient is −2 x
  const guided = guideByClassifier(logProb, 3)(() => zeros([2]), "pred_noise");
  const noise = tidy(() => guided(tensor1d([1, 2]), { alpha: 1, sigma: 0.5, time: 0 }));
  expect(noise).toBeAllclose([3, 6]); // −σ · 3 · −2 x
});

test("a net that says minus the noise over σ has no loss", () => {
  const noise = tensor2d([[1, -1]]);
  const net = { forward: () => mul(noise, -1) };
  expect(denoisingScoreMatching(net, zeros([1, 2]), [1], [0], noise)).toBeAllclose(0);
});
