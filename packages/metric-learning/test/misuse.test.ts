// What one takes for another by mistake: errors that say what was expected.
import { useBackend } from "@pellucid/backends";
import { OptionError, Rng, ShapeError, StructError } from "@pellucid/core-train";
import { ArcFace, batchTripletLoss, mPerClassSampler, multiSimilarityMiner } from "@pellucid/metric-learning";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

beforeAll(() => useBackend({ only: "cpu" }));

const embeddings = () =>
  tensor2d([
    [1, 0],
    [0, 1],
  ]);
const labels = () => tensor1d([0, 1], "int32");

test("a loss with a vector for each class takes one record", () => {
  const loss = new ArcFace(2, 2, { rng: new Rng(0) });
  const forward = (...given: unknown[]) => loss.forward(...(given as [never]));
  expect(() => forward(embeddings(), labels())).toThrow(StructError);
  expect(() => forward(embeddings(), labels())).toThrow(
    /^ArcFace\(2, 2\): the input of forward is a Tensor without embeddings, expected a record \{ embeddings, labels \}\.$/,
  );
  expect(() => forward()).toThrow(StructError);
});

test("a loss of triplets does not take a miner of pairs", () => {
  const call = () => batchTripletLoss(embeddings(), labels(), { miner: multiSimilarityMiner() as never });
  expect(call).toThrow(
    /^batchTripletLoss: what the miner gives is a record of positive, negative, expected a tensor/,
  );
  expect(call).toThrow(StructError);
  const wide = () => batchTripletLoss(embeddings(), labels(), { miner: () => embeddings() as never });
  expect(wide).toThrow(ShapeError);
});

test("a sampler of classes needs its size", () => {
  expect(() => Reflect.apply(mPerClassSampler, null, [[0, 1], 1])).toThrow(OptionError);
  expect(() => mPerClassSampler([0, 1], 1, { size: 2, batch: 1 } as never)).toThrow(/batches/);
});
