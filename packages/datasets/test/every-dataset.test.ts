import { batches, collate, type Dataset, type HostTensor, Rng } from "@pellucid/core-train";
import { describe, expect, it } from "vitest";
import * as datasets from "../src/index.ts";

const rng = () => new Rng(0);

/** Every dataset that lies in memory, without a download. */
const inMemory = {
  digits: async () => (await datasets.digits()).test,
  diabetes: async () => (await datasets.diabetes()).test,
  moons: async () => datasets.moons({ rng: rng() }).test,
  spirals: async () => datasets.spirals({ rng: rng() }).test,
  blobs: async () => datasets.blobs({ rng: rng() }).test,
  xor: async () => datasets.xor({ rng: rng() }).test,
  sine: async () => datasets.sine({ rng: rng() }).test,
  randomImages: async () => datasets.randomImages({ rng: rng(), length: 10 }),
  shapeImages: async () => datasets.shapeImages({ seed: 0, size: 16, test: 10 }).test.load(),
};

/** Those that have tests of their own: they are downloaded, or drawn one by one. */
const others = [
  "addingProblem",
  "cifar10",
  "copyTask",
  "fashionMnist",
  "mnist",
  "mnist10k",
  "names",
  "namesByLanguage",
  "planetoid",
  "shapeScenes",
  "tinyShakespeare",
  "tuDataset",
];

/** What makes no dataset. */
const tools = [
  "CharacterVocabulary",
  "DatasetError",
  "LabeledGraphs",
  "LabeledImages",
  "LabeledTexts",
  "PickledObject",
  "ShapeImages",
  "ShapeScenes",
  "Table",
  "characterText",
  "foldAccents",
  "gunzip",
  "normalizeImages",
  "padSequences",
  "readCifar10",
  "readIdx",
  "readPickle",
  "readTar",
  "readZip",
  "stratifiedSplit",
  "texture",
  "textures",
  "toFloatImages",
];

it("is in one of the lists here", () => {
  expect(Object.keys(datasets).toSorted()).toEqual(
    [...Object.keys(inMemory), ...others, ...tools].toSorted(),
  );
});

describe.each(Object.entries(inMemory))("%s", (_, make) => {
  it("gathers the batch that collating its items makes", async () => {
    const dataset = await make();
    const chosen = [3, 0, 7];
    const gathered = dataset.gather(Int32Array.from(chosen));
    const { x, y } = collate(chosen.map((i) => dataset.get(i))) as typeof gathered;
    expect(gathered.x).toEqual(x);
    // bare numbers that are all whole are taken for labels: gathered, a target of any value stays a number
    expect({ ...gathered.y, data: [...gathered.y.data] }).toEqual({ ...y, data: [...y.data] });
  });

  it("comes in batches of tensors", async () => {
    const dataset = await make();
    const items: Dataset<{ x: HostTensor; y: number }> = dataset;
    for await (const { x, y } of batches(items, { size: 4, shuffle: true, rng: rng() })) {
      expect(x.shape).toEqual([4, ...dataset.shape]);
      expect(y.shape).toEqual([4]);
      const floats = dataset.gather(Int32Array.of(0)).y.data instanceof Float32Array;
      expect(y.dtype).toBe(floats ? "float32" : "int32");
      break;
    }
  });

  it("gives copies", async () => {
    const dataset = await make();
    const before = dataset.get(1);
    dataset.get(1).x.data.fill(9);
    dataset.gather(Int32Array.of(1)).x.data.fill(9);
    dataset.take([1]).get(0).x.data.fill(9);
    expect(dataset.get(1)).toEqual(before);
  });
});
