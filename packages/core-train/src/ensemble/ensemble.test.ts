import { useBackend } from "@pellucid/backends";
import {
  averageEnsemble,
  bagging,
  bootstrap,
  type Layer,
  Linear,
  OptionError,
  Rng,
  Snapshots,
  votingEnsemble,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { argMax, clone, memory, ones, tensor2d, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

interface Sklearn {
  readonly logits: readonly number[][][];
  readonly cases: readonly {
    readonly weights: readonly number[] | null;
    readonly probabilities: readonly number[][];
    readonly soft: readonly number[];
    readonly hard: readonly number[];
  }[];
}

const { logits, cases } = fixture<Sklearn>(import.meta.url, "../../fixtures/sklearn/ensemble.json");
const x = zeros<Tensor2D["rankType"]>([8, 1]) as Tensor2D;

/** Models with fixed outputs, for any input. */
const says = (): Layer<Tensor2D, Tensor2D>[] => logits.map((said) => ({ forward: () => tensor2d(said) }));

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  test.each(cases.map((c) => [String(c.weights), c] as const))(
    "votes as scikit-learn, weights %s",
    async (_, c) => {
      await useBackend({ only });
      const weights = c.weights === null ? {} : { weights: c.weights };
      const together = averageEnsemble(says(), weights).forward(x);
      expect(together).toBeAllclose(c.probabilities);
      expect(argMax(together, 1)).toBeAllclose(c.soft);
      expect(argMax(votingEnsemble(says(), weights).forward(x), 1)).toBeAllclose(c.hard);
    },
  );
});

test("outputs can be averaged as they are", () => {
  const models = [1, 3, 8].map((value) => ({ forward: (z: Tensor2D) => tensor2d([[value]], z.shape) }));
  const at = ones<Tensor2D["rankType"]>([1, 1]) as Tensor2D;
  expect(averageEnsemble(models, { of: (output) => output }).forward(at)).toBeAllclose([4]);
  expect(averageEnsemble(models, { of: (output) => output, weights: [1, 0, 1] }).forward(at)).toBeAllclose([
    4.5,
  ]);
});

test("votes are shares", () => {
  const vote = (row: number[]) => ({ forward: () => tensor2d([row]) });
  const models = [vote([0, 2, 1]), vote([0, 2, 1]), vote([3, 2, 1]), vote([0, 2, 5])];
  expect(votingEnsemble(models).forward(x)).toBeAllclose([0.25, 0.5, 0.25]);
});

test("an ensemble of nobody, and weights that say nothing, are refused", () => {
  expect(() => averageEnsemble([])).toThrow(
    new OptionError("averageEnsemble", "models", 0, "at least one model"),
  );
  expect(() => votingEnsemble(says(), { weights: [1, 2] })).toThrow(
    "votingEnsemble: weights is [1, 2], expected 3 numbers ≥ 0, not all 0.",
  );
  expect(() => votingEnsemble(says(), { weights: [0, 0, 0] })).toThrow(OptionError);
});

test("an ensemble leaves nothing but its answer", () => {
  expect(() => averageEnsemble(says()).forward(x)).toLeakNothing();
  expect(() => votingEnsemble(says()).forward(x)).toLeakNothing();
});

const numbers = { length: 1000, get: (i: number) => i };

test("a bootstrap sample draws with replacement, and knows what it left", () => {
  const { drawn, outOfBag } = bootstrap(numbers, { rng: new Rng(1) });
  expect(drawn.length).toBe(1000);
  const seen = new Set(drawn.indices);
  expect(outOfBag.length).toBe(1000 - seen.size);
  expect([...outOfBag.indices].some((i) => seen.has(i))).toBe(false);
  // The part that is drawn at least once has mean 1 − (1 − 1/n)ⁿ = 0.632 and standard deviation 0.31 / √n = 0.01.
  expect(Math.abs(seen.size / 1000 - 0.632)).toBeLessThan(0.04);
  expect(bootstrap(numbers, { rng: new Rng(1) }).drawn.indices).toEqual(drawn.indices);
  expect(drawn.indices).toEqual(new Rng(1).randint(0, 1000, [1000]).data);
});

test("bagging trains each model on a sample of its own", async () => {
  const members = await bagging(
    numbers,
    async ({ drawn }, index) => ({
      index,
      sum: await Promise.resolve(drawn.indices.reduce((a, b) => a + b, 0)),
    }),
    { rng: new Rng(0), count: 4, size: 100 },
  );
  expect(members.map(({ model }) => model.index)).toEqual([0, 1, 2, 3]);
  expect(new Set(members.map(({ model }) => model.sum)).size).toBe(4);
  expect(members.every(({ drawn, outOfBag }) => drawn.length === 100 && outOfBag.length >= 900)).toBe(true);
});

test("bagging of nothing is refused", async () => {
  const rng = new Rng(0);
  await expect(bagging(numbers, () => 0, { rng, count: 0 })).rejects.toThrow(
    new OptionError("bagging", "count", 0, "an integer ≥ 1"),
  );
  expect(() => bootstrap({ length: 0, get: () => 0 }, { rng })).toThrow(OptionError);
});

test("snapshots answer with the weights of their time", () => {
  const before = memory().numTensors;
  const model = new Linear(1, 1, { rng: new Rng(0) });
  const snapshots = new Snapshots(model);
  const at = ones<Tensor2D["rankType"]>([1, 1]) as Tensor2D;
  const answers = [1, 2, 6].map((value) => {
    model.weight.assign(tensor2d([[value]]));
    snapshots.take();
    return (model.forward(at) as Tensor2D).dataSync()[0] as number;
  });
  model.weight.assign(tensor2d([[100]]));
  const own = clone(model.forward(at));
  expect(snapshots.members.map((each) => (each.forward(at) as Tensor2D).dataSync()[0])).toEqual(answers);
  const mean = answers.reduce((a, b) => a + b) / 3;
  const together = averageEnsemble(snapshots.members as Layer<Tensor2D, Tensor2D>[], {
    of: (output) => output,
  });
  expect(together.forward(at)).toBeAllclose([mean]);
  expect(model.forward(at)).toBeAllclose(own);
  expect(() => together.forward(at)).toLeakNothing();
  snapshots.dispose();
  expect(snapshots.members).toEqual([]);
  expect(before).toBeLessThan(memory().numTensors);
});
