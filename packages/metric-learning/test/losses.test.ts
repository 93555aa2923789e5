// Losses, gradients, miners and initial vectors against pytorch-metric-learning in 64 bits; then errors and memory.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  DataError,
  gradient,
  Identity,
  LabelError,
  Module,
  OptionError,
  Optimizer,
  parameter,
  Rng,
  ShapeError,
  trainable,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import * as metric from "@pellucid/metric-learning";
import { fixture } from "@pellucid/testing";
import {
  dispose,
  memory,
  ones,
  type Rank,
  type Scalar,
  type Tensor,
  tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  type Tensor3D,
  zeros,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Options {
  readonly distance?: string;
  readonly miner?: string;
  readonly reducer?: string | [low: number, high: number];
}
interface Case {
  readonly name: string;
  readonly options: Options;
  readonly loss: number;
  readonly gradient: number[];
  /** Of ten steps of Adam. */
  readonly steps: number[];
  /** How far PyTorch in 32 bits is from these. */
  readonly apart: number;
}
interface Learned extends Pick<Case, "steps" | "apart"> {
  readonly loss: string;
  readonly options: object;
  readonly parameter: string;
  readonly initial: number[];
  readonly value: number;
  readonly gradient: number[];
  readonly vectorGradient: number[];
}
interface Fixture {
  readonly embeddings: { readonly shape: [number, number]; readonly data: number[] };
  readonly labels: number[];
  readonly cases: Case[];
  readonly learned: Learned[];
  readonly mined: Readonly<Record<string, number[][]>>;
  readonly pairs: { readonly positive: number[][]; readonly negative: number[][] };
}

const torch = fixture<Fixture>(import.meta.url, "../fixtures/torch/losses.json");
const embeddings = () => tensor(torch.embeddings.data, torch.embeddings.shape) as Tensor2D;
const labels = () => tensor1d(torch.labels, "int32");

/** The embeddings, trained themselves. */
class Embeddings extends Module {
  readonly rows = parameter<Rank.R2>({
    data: Float32Array.from(torch.embeddings.data),
    shape: torch.embeddings.shape,
  });
}

const distances: Readonly<Record<string, metric.Distance>> = {
  raw: metric.euclidean({ normalize: false }),
  squared: metric.euclidean({ power: 2 }),
  euclidean: metric.euclidean(),
  cosine: metric.cosine(),
};
const miners: Readonly<Record<string, metric.TripletMiner>> = {
  batchHard: metric.batchHard(),
  "semi-hard": metric.marginMiner({ kind: "semi-hard", margin: 0.4 }),
  hard: metric.marginMiner({ kind: "hard", margin: 0.4 }),
  easy: metric.marginMiner({ kind: "easy", margin: 0.4 }),
  all: metric.marginMiner({ kind: "all", margin: 0.4 }),
  "easy-semi-hard": metric.batchEasyHard(),
  "hard-hard": metric.batchEasyHard({ positive: "hard", negative: "hard" }),
  "easy-hard": metric.batchEasyHard({ positive: "easy", negative: "hard" }),
  "hard-easy": metric.batchEasyHard({ positive: "hard", negative: "easy" }),
};

/** The options of a case, with what their names stand for. */
function optionsOf({ distance, miner, reducer, ...rest }: Options): object {
  const [low, high] = Array.isArray(reducer) ? reducer : [];
  const ofReducer =
    reducer === "mean"
      ? metric.meanOfAll
      : metric.meanBetween({ low: low ?? 0, ...(high === undefined ? {} : { high }) });
  return {
    ...rest,
    ...(distance === undefined ? {} : { distance: distances[distance] }),
    ...(miner === undefined ? {} : { miner: miners[miner] ?? metric.multiSimilarityMiner() }),
    ...(reducer === undefined ? {} : { reducer: ofReducer }),
  };
}

type Loss = (embeddings: Tensor2D, labels: Tensor1D, options: object) => Tensor;
const losses = metric as unknown as Readonly<Record<string, Loss>>;

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  afterAll(() => useBackend({ only: "cpu" }));

  test.each(torch.cases.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    "%s agrees with PyTorch",
    (_, { name, options, loss, gradient: right }) => {
      const f = (x: Tensor) => (losses[name] as Loss)(x as Tensor2D, labels(), optionsOf(options));
      expect(f(embeddings())).toBeAllclose([loss], { rtol: 3e-6, atol: 3e-6 });
      const scale = Math.max(...right.map(Math.abs));
      expect(gradient(f)(embeddings())).toBeAllclose(right, { rtol: 0, atol: 2e-5 * Math.max(scale, 0.1) });
    },
  );

  test.each(torch.learned.map((c) => [`${c.loss} ${JSON.stringify(c.options)}`, c] as const))(
    "%s agrees with PyTorch, from the seed 0",
    (_, { loss, options, parameter, initial, value, gradient: right, vectorGradient }) => {
      const create = (metric as unknown as Record<string, typeof metric.ArcFace>)[
        loss
      ] as typeof metric.ArcFace;
      const [, features] = torch.embeddings.shape;
      const made = new create(5, features, { rng: new Rng(0), ...options });
      const [[path, vectors] = []] = [...made.namedParameters()];
      expect(path).toBe(parameter);
      expect(vectors as unknown as Tensor).toBeAllclose(initial, { rtol: 2e-7, atol: 0 });
      const f = (x: Tensor) => made.forward({ embeddings: x as Tensor2D, labels: labels() });
      const scale = (numbers: number[]) => ({ rtol: 0, atol: 2e-5 * Math.max(...numbers.map(Math.abs)) });
      expect(gradient(f)(embeddings())).toBeAllclose(right, scale(right));
      const { value: found, gradients } = valueAndGradients(trainable(made), () => f(embeddings()));
      expect(found).toBeAllclose([value], { rtol: 3e-6, atol: 3e-6 });
      expect(gradients[parameter] as Tensor).toBeAllclose(vectorGradient, scale(vectorGradient));
      made.dispose();
    },
  );

  const tenSteps = async (c: Pick<Case, "steps" | "apart">, made: Module, loss: (x: Tensor2D) => Tensor) => {
    const own = new Embeddings();
    const optimizer = new Optimizer(adam({ learningRate: 0.01 }), { ...trainable(own), ...trainable(made) });
    const found: number[] = [];
    for (let i = 0; i < 10; i++)
      found.push(await trainStep(own, optimizer, () => loss(own.rows as Tensor2D) as Scalar));
    const [first = NaN] = c.steps;
    expect(found).toBeAllclose(c.steps, { rtol: 0, atol: Math.max(4 * c.apart, 1e-5 * first) });
    optimizer.dispose();
    own.dispose();
    made.dispose();
  };

  test.each(torch.cases.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    "%s: ten steps of Adam",
    (_, c) => {
      const loss = losses[c.name] as Loss;
      return tenSteps(c, new Identity(), (x) => loss(x, labels(), optionsOf(c.options)));
    },
  );

  test.each(torch.learned.map((c) => [`${c.loss} ${JSON.stringify(c.options)}`, c] as const))(
    "%s: ten steps of Adam",
    (_, c) => {
      const create = (metric as unknown as Record<string, typeof metric.ArcFace>)[
        c.loss
      ] as typeof metric.ArcFace;
      const [, features] = torch.embeddings.shape;
      const made = new create(5, features, { rng: new Rng(0), ...c.options });
      return tenSteps(c, made, (x) => made.forward({ embeddings: x, labels: labels() }));
    },
  );

  test.each(Object.keys(torch.mined))("%s mines PyTorch's triplets", (name) => {
    const distance = metric.euclidean();
    const matrix = distance.matrix(embeddings(), embeddings());
    const mask = (miners[name] as metric.TripletMiner)(matrix, labels(), distance) as Tensor3D;
    const found = mask
      .arraySync()
      .flatMap((rows, a) => rows.flatMap((row, p) => row.flatMap((is, n) => (is === 1 ? [[a, p, n]] : []))));
    expect(found).toEqual(torch.mined[name]);
  });

  test("multi-similarity mines PyTorch's pairs", () => {
    const distance = metric.cosine();
    const { positive, negative } = metric.multiSimilarityMiner()(
      distance.matrix(embeddings(), embeddings()),
      labels(),
      distance,
    );
    const indices = (mask: Tensor2D) =>
      mask.arraySync().flatMap((row, i) => row.flatMap((is, j) => (is === 1 ? [[i, j]] : [])));
    expect(indices(positive)).toEqual(torch.pairs.positive);
    expect(indices(negative)).toEqual(torch.pairs.negative);
  });
});

describe("every loss", () => {
  beforeAll(() => useBackend({ only: "wasm" }));
  const names = [...new Set(torch.cases.map(({ name }) => name))];

  test.each(names)("%s leaks no tensors, and refuses what does not fit", (name) => {
    const [x, y] = [embeddings(), labels()];
    const loss = losses[name] as Loss;
    expect(() => loss(x, y, {})).toLeakNothing();
    const few = tensor1d([0, 1], "int32");
    const floats = tensor1d(torch.labels);
    const none = zeros([0, 4]) as Tensor2D;
    const noLabels = tensor1d([], "int32");
    const flat = zeros([4]) as unknown as Tensor2D;
    const refused: [() => unknown, typeof ShapeError | typeof DataError][] = [
      [() => loss(x, few, {}), ShapeError],
      [() => loss(x, floats, {}), DataError],
      [() => loss(none, noLabels, {}), ShapeError],
      [() => loss(flat, y, {}), ShapeError],
    ];
    for (const [run, error] of refused) {
      expect(run).toThrow(error);
      expect(run).toThrow(new RegExp(`^${name}: `));
      expect(run).toLeakNothing();
    }
    dispose([x, y, few, floats, none, noLabels, flat]);
  });

  test("equal embeddings of all examples have finite gradients", () => {
    const same = ones([12, 4]) as Tensor2D;
    for (const name of names) {
      const found = gradient((x: Tensor) => (losses[name] as Loss)(x as Tensor2D, labels(), {}))(same);
      expect([...found.dataSync()].every(Number.isFinite), name).toBe(true);
    }
  });

  test("with learned vectors refuses labels and sizes that it does not have", () => {
    const loss = new metric.ArcFace(3, 4, { rng: new Rng(0) });
    const x = embeddings();
    expect(() => loss.forward({ embeddings: x, labels: labels() })).toThrow(LabelError);
    expect(() =>
      loss.forward({ embeddings: zeros([2, 5]) as Tensor2D, labels: tensor1d([0, 1], "int32") }),
    ).toThrow("ArcFace(3, 4): embeddings is [2, 5], expected [batch, 4].");
    const y = tensor1d(
      torch.labels.map((label) => label % 3),
      "int32",
    );
    const before = memory().numTensors;
    loss.logits(x).dispose();
    expect(() => loss.forward({ embeddings: x, labels: y })).toLeakNothing();
    expect(memory().numTensors).toBe(before);
  });

  const refused: [title: string, run: () => unknown, message: string][] = [
    [
      "a negative margin",
      () => metric.batchTripletLoss(embeddings(), labels(), { margin: -1 }),
      "batchTripletLoss: margin is -1, expected a number of 0 or more.",
    ],
    [
      "an unknown kind of triplets",
      () => Reflect.apply(metric.marginMiner, null, [{ kind: "soft" }]),
      'marginMiner: kind is "soft", expected "all", "hard", "semi-hard" or "easy".',
    ],
    [
      "a temperature of 0",
      () => metric.ntXentLoss(embeddings(), labels(), { temperature: 0 }),
      "ntXentLoss: temperature is 0, expected a number above 0.",
    ],
    [
      "a reducer without bounds",
      () => metric.meanBetween({}),
      "meanBetween: low is undefined, expected a number, or a number for high.",
    ],
    ["a power of 0", () => metric.euclidean({ power: 0 }), "euclidean: power is 0"],
  ];
  test.each(refused)("refuses %s", (_, run, message) => {
    expect(run).toThrow(OptionError);
    expect(run).toThrow(message);
  });
});
