import { Conv2d, Flatten, type Layer, Linear, ReLU, Rng, Sequential } from "@pellucid/core-train";
import {
  classScore,
  conceptVector,
  infidelity,
  insertionDeletion,
  linearProbe,
  maxSensitivity,
  saliency,
  sanityCheck,
  spearman,
  tcav,
} from "@pellucid/interpret";
import {
  memory,
  mul,
  sum,
  sub,
  type Tensor1D,
  type Tensor2D,
  tensor,
  tensor2d,
  type Tensor4D,
  tensor4d,
  zeros,
  slice,
  tidy,
  square,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const w = tensor2d([[1, -2, 3, 0.5]]);
const linear = (x: Tensor2D) => sum(mul(x, w), 1) as Tensor1D;
const x = tensor2d([[2, 1, 1, 4]]);

test("deletion and insertion curves of a linear score", async () => {
  const { deletion, insertion } = await insertionDeletion(linear, { map: mul(w, x), x }); // parts (2, -2, 3, 2)
  expect(deletion.scores[0]).toBeAllclose([5, 2, 0, -2, 0]);
  expect(deletion.area).toBeAllclose([0.625]);
  expect(insertion.scores[0]).toBeAllclose([0, 3, 5, 7, 5]);
  expect(insertion.area).toBeAllclose([4.375]);
});

test("the true order beats its reverse", async () => {
  const truth = await insertionDeletion(linear, { map: mul(w, x), x });
  const reverse = await insertionDeletion(linear, { map: mul(mul(w, x), -1), x });
  expect(truth.insertion.area[0]).toBeGreaterThan(reverse.insertion.area[0] as number);
  expect(truth.deletion.area[0]).toBeLessThan(reverse.deletion.area[0] as number);
});

test("positions of a picture are ranked by a map with channels, with one, or without", async () => {
  const picture = tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
  const total = (at: Tensor4D) => sum(at, [1, 2, 3]) as Tensor1D;
  const maps = [picture, sum(picture, 3, true), sum(picture, 3)];
  for (const map of maps) {
    const { deletion } = await insertionDeletion(total, { map, x: picture });
    expect(deletion.scores[0]).toBeAllclose([36, 21, 10, 3, 0]);
  }
});

test("a map of another size is refused before the score is asked", async () => {
  const picture = zeros([1, 4, 4, 1]) as Tensor4D;
  const never = () => {
    throw new Error("asked");
  };
  await expect(insertionDeletion(never, { map: zeros([1, 2, 2]), x: picture })).rejects.toThrow(
    "insertionDeletion: the map is [1, 2, 2], expected [1, 4, 4, 1] as the input, or one number for each position, [1, 4, 4]; upsampleMap",
  );
});

test("infidelity of a linear score's gradient is 0, of an empty map the disturbance's effect", async () => {
  const options = { rng: new Rng(0), samples: 2000, batchSize: 500 };
  expect(await infidelity(linear, { map: w, x }, options)).toBeAllclose([0], { atol: 1e-9 });
  const empty = await infidelity(linear, { map: mul(w, 0) as Tensor2D, x }, options);
  expect(empty).toBeAllclose([0.01 * 14.25], { rtol: 0.1 });
});

test("a linear score's gradient is not sensitive at all, a square's is", async () => {
  expect(await maxSensitivity(saliency(linear), x, { rng: new Rng(0) })).toBeAllclose([0]);
  const bent = (at: Tensor2D) => sum(square(at), 1) as Tensor1D;
  const [found] = (await maxSensitivity(saliency(bent), x, { rng: new Rng(0) })).dataSync();
  expect(found).toBeGreaterThan(0);
  expect(found).toBeLessThanOrEqual(0.04 / Math.sqrt(22) + 1e-6);
});

test("ranks correlate, those that tie share theirs", () => {
  expect(spearman([1, 2, 3], [10, 100, 1000])).toBeCloseTo(1);
  expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1);
  expect(spearman([1, 1, 2], [1, 2, 2])).toBeCloseTo(0.5);
  expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
});

test("the sanity check flags a map of edges, passes the gradient, and gives the weights back", async () => {
  const rng = new Rng(0);
  const model = new Sequential(
    new Conv2d(1, 6, 3, { rng, padding: 1 }),
    new ReLU(),
    new Flatten(),
    new Linear(6 * 64, 10, { rng }),
  );
  const images = tensor(rng.rand([4, 8, 8, 1]).data, [4, 8, 8, 1]) as Tensor4D;
  const edges = (at: Tensor4D) =>
    tidy(() => sub(slice(at, [0, 1, 1, 0], [-1, 7, 7, 1]), slice(at, [0, 0, 0, 0], [-1, 7, 7, 1])));
  const before = model.forward(images);
  const held = memory().numTensors;
  const flagged = await sanityCheck(model, edges, images, { rng });
  expect(flagged.passed).toBe(false);
  expect(flagged.stages).toEqual([
    { path: "3", correlation: expect.closeTo(1) as number },
    { path: "0", correlation: expect.closeTo(1) as number },
  ]);
  const gradients = await sanityCheck(model, saliency(classScore(model, 2)), images, { rng });
  expect(gradients.passed).toBe(true);
  expect(memory().numTensors).toBe(held);
  expect(model.forward(images)).toBeAllclose(before, { rtol: 0, atol: 0 });
  const failing = () => {
    throw new Error("stop");
  };
  await expect(sanityCheck(model, failing, images, { rng })).rejects.toThrow("stop");
  expect(memory().numTensors).toBe(held + 1);
});

const identity: Layer<Tensor2D, Tensor2D> = { forward: (at) => mul<Tensor2D>(at, 1) };
const points = (rng: Rng, shift: number, count = 40) => {
  const data = rng.randn([count, 2]).data.map((v, i) => v * 0.3 + (i % 2 === 0 ? shift : 0));
  return tensor2d(data, [count, 2]);
};

test("the vector of a concept points to it, and a linear head agrees with it for all or for no example", async () => {
  const rng = new Rng(0);
  const [concept, others] = [points(rng, 2), points(rng, -2)];
  const held = memory().numTensors;
  const direction = await conceptVector(
    (at: Tensor2D) => identity.forward(at),
    identity,
    { concept, others },
    { rng, steps: 60 },
  );
  expect(memory().numTensors).toBe(held + 1);
  const [along = 0, across = 0] = direction.dataSync();
  expect(along).toBeGreaterThan(5 * Math.abs(across));
  const head = (sign: number) => (at: Tensor2D) =>
    sum(mul(identity.forward(at), tensor2d([[sign, 0]])), 1) as Tensor1D;
  expect(tcav(head(1), identity, direction)(others)).toBeAllclose([1]);
  expect(tcav(head(-1), identity, direction)(others)).toBeAllclose([0]);
});

test("a probe reads labels that the features hold, and none from noise", async () => {
  const rng = new Rng(1);
  const labels = Array.from({ length: 120 }, (_, i) => i % 3);
  const telling = tensor2d(labels.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0))));
  const held = memory().numTensors;
  const good = await linearProbe(telling, labels, { rng, steps: 60 });
  expect(memory().numTensors).toBe(held);
  expect(good.accuracy).toBe(1);
  expect(good.selectivity).toBeGreaterThan(0.4);
  const noise = tensor2d(rng.randn([120, 4]).data, [120, 4]);
  const bad = await linearProbe(noise, labels, { rng, steps: 60 });
  expect(Math.abs(bad.selectivity)).toBeLessThan(0.3);
});
