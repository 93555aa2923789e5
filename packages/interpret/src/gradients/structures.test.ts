import {
  disposeLeaves,
  Embedding,
  leaves,
  Linear,
  Module,
  Rng,
  StructError,
  relu,
} from "@pellucid/core-train";
import {
  classScore,
  completenessDelta,
  gradientShap,
  guidedBackprop,
  inputXGradient,
  integratedGradients,
  modelGraph,
  saliency,
  type Score,
  smooth,
} from "@pellucid/interpret";
import {
  add,
  gather,
  memory,
  mul,
  reshape,
  slice,
  square,
  sum,
  type Tensor,
  tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tanh,
  tile,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

interface Graph {
  readonly nodes: Tensor2D;
  /** int32 `[2, edge]` */
  readonly edges: Tensor2D;
  readonly weights: Tensor1D;
  readonly name: string;
}

const nodes = [0.3, -0.7, 1.1, 0.2, -0.4, 0.9];
const weights = [0.5, -1.2, 0.8];
const graphOf = (x: readonly number[], w: readonly number[]): Graph => ({
  nodes: tensor2d([...x], [3, 2]),
  edges: tensor2d([0, 1, 2, 1, 2, 0], [2, 3], "int32"),
  weights: tensor1d([...w]),
  name: "triangle",
});
const graph = graphOf(nodes, weights);

const row = (x: Tensor2D, i: number) => reshape(slice(x, [i, 0], [1, -1]), [-1]) as Tensor1D;

/** One number for one graph: messages along its edges, squared. */
const score: Score<Graph> = ({ nodes: x, edges, weights: w }) =>
  tidy(() => {
    const [from, to] = [row(edges, 0), row(edges, 1)];
    const messages = mul(mul(gather(tanh(x), from), gather(x, to)), reshape(w, [3, 1])); // [edge, feature]
    return reshape(sum(square(add(messages, 0.5))), [1]) as Tensor1D;
  });

/** The derivative of the score by central differences. */
function differences(): { readonly nodes: number[]; readonly weights: number[] } {
  const at = (x: readonly number[], w: readonly number[]) => {
    // in 64 bits, by hand: the same formula
    let total = 0;
    for (const [e, [from, to]] of (
      [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const
    ).entries())
      for (let f = 0; f < 2; f++) {
        const message = Math.tanh(Number(x[from * 2 + f])) * Number(x[to * 2 + f]) * Number(w[e]);
        total += (message + 0.5) ** 2;
      }
    return total;
  };
  const moved = (values: readonly number[], i: number, by: number) =>
    values.map((v, j) => (i === j ? v + by : v));
  const h = 1e-5;
  return {
    nodes: nodes.map(
      (_, i) => (at(moved(nodes, i, h), weights) - at(moved(nodes, i, -h), weights)) / (2 * h),
    ),
    weights: weights.map(
      (_, i) => (at(nodes, moved(weights, i, h)) - at(nodes, moved(weights, i, -h))) / (2 * h),
    ),
  };
}

const values = (x: Tensor) => Array.from(x.dataSync());
const close = (found: Tensor, expected: readonly number[]) =>
  values(found).forEach((value, i) => expect(value).toBeCloseTo(Number(expected[i]), 4));

test("saliency of a record is the derivative of each float, zeros for integers, and the record's host values", () => {
  const map = saliency(score)(graph);
  close(map.nodes, differences().nodes);
  close(map.weights, differences().weights);
  expect(values(map.edges)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(map.edges.shape).toEqual([2, 3]);
  expect(map.name).toBe("triangle");
  disposeLeaves(map);
});

test("input times gradient of a record multiplies each float by its derivative", () => {
  const map = inputXGradient(score)(graph);
  close(
    map.nodes,
    differences().nodes.map((d, i) => d * Number(nodes[i])),
  );
  close(
    map.weights,
    differences().weights.map((d, i) => d * Number(weights[i])),
  );
  expect(values(map.edges)).toEqual([0, 0, 0, 0, 0, 0]);
  disposeLeaves(map);
});

test("integrated gradients of a record add up, from zeros and from another record", async () => {
  const baseline = graphOf(
    nodes.map((v) => v / 3),
    [1, 1, 1],
  );
  for (const from of [0, baseline] as const) {
    const map = await integratedGradients(score, { baseline: from, steps: 20 })(graph);
    const start =
      typeof from === "number"
        ? graphOf(
            nodes.map(() => from),
            weights.map(() => from),
          )
        : from;
    const rise = (values(score(graph))[0] as number) - (values(score(start))[0] as number);
    const total = leaves(map)
      .flatMap(values)
      .reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(rise, 4);
    disposeLeaves(map);
  }
});

test("without noise a smoothed record is the record's attribution", async () => {
  const [smoothed, plain] = [
    await smooth(saliency(score), { rng: new Rng(0), samples: 3, noise: 0 })(graph),
    saliency(score)(graph),
  ];
  close(smoothed.nodes, values(plain.nodes));
  expect(smoothed.name).toBe("triangle");
  disposeLeaves([smoothed, plain]);
});

/** A text and the year in which it was written. */
interface Dated {
  readonly tokens: Tensor2D;
  readonly features: Tensor2D;
  readonly year: Tensor1D;
}

class DatedNet extends Module {
  readonly embedding: Embedding;
  readonly hidden: Linear;
  readonly head: Linear;

  constructor(rng: Rng) {
    super();
    this.embedding = new Embedding(5, 4, { rng });
    this.hidden = new Linear(3, 4, { rng });
    this.head = new Linear(4, 2, { rng });
  }

  forward({ tokens, features, year }: Dated): Tensor2D {
    return tidy(() => {
      const read = sum(this.embedding.forward(tokens), 1); // [batch, feature]
      const hidden = mul(tanh(this.hidden.forward(features)), reshape(year, [-1, 1]));
      return this.head.forward(add<Tensor2D>(read, hidden));
    });
  }
}

const net = new DatedNet(new Rng(3));
const dated = (seed: number, batch: number): Dated => {
  const rng = new Rng(seed);
  return {
    tokens: tensor(rng.randint(0, 5, [batch, 3]).data, [batch, 3], "int32") as Tensor2D,
    features: tensor(rng.randn([batch, 3]).data, [batch, 3]) as Tensor2D,
    year: tensor1d(rng.rand([batch]).data),
  };
};

test("a batch of records is attributed example by example, and adds up for each", async () => {
  const x = dated(1, 2);
  const of = classScore<Dated>(net, [0, 1]);
  const map = await integratedGradients(of, { steps: 30 })(x);
  values(completenessDelta(of, { map, x })).forEach((delta) => expect(delta).toBeCloseTo(0, 4));
  expect(values(map.tokens)).toEqual([0, 0, 0, 0, 0, 0]);
});

test("GradientSHAP of records draws one baseline for all tensors of an example", async () => {
  const [x, baselines] = [dated(1, 2), dated(2, 1)];
  const of = classScore<Dated>(net, 1);
  const map = await gradientShap(of, { rng: new Rng(0), baselines, samples: 400 })(x);
  const start = {
    ...baselines,
    tokens: x.tokens,
    features: tile2(baselines.features),
    year: tile1(baselines.year),
  };
  const delta = completenessDelta(of, { map, x }, start);
  values(delta).forEach((value) => expect(Math.abs(value)).toBeLessThan(0.01));
});

const tile2 = (x: Tensor2D) => tile(x, [2, 1]);
const tile1 = (x: Tensor1D) => tile(x, [2]);

test("each tensor of a record is an input of the model's graph", () => {
  const { nodes: found } = modelGraph(net, dated(1, 2));
  expect(found.slice(0, 3).map(({ path }) => path)).toEqual(["input.tokens", "input.features", "input.year"]);
});

test("a baseline with other tensors, and an input without floats, are refused", async () => {
  const other = { nodes: graph.nodes } as Graph;
  await expect(integratedGradients(score, { baseline: other })(graph)).rejects.toThrow(
    new StructError(
      "integratedGradients: the baseline has 1 tensors, expected the 3 of the input. Give it the input's fields, or one number for all.",
    ),
  );
  await expect(gradientShap(score, { rng: new Rng(0), baselines: other })(graph)).rejects.toThrow(
    "gradientShap: baselines have 1 float tensors, expected the 2 of the input.",
  );
  const ids = tensor1d([1, 2], "int32");
  expect(() => saliency((at: { ids: Tensor1D }) => at.ids)({ ids })).toThrow(StructError);
});

test("attributions of a record leave nothing but their result", async () => {
  const run = async () => {
    disposeLeaves(guidedBackprop<Graph>((at) => tidy(() => relu(score(at)) as Tensor1D))(graph));
    disposeLeaves(inputXGradient(score)(graph));
    disposeLeaves(await integratedGradients(score, { steps: 2 })(graph));
    disposeLeaves(await smooth(saliency(score), { rng: new Rng(0), samples: 2 })(graph));
    disposeLeaves(
      await gradientShap(classScore<Dated>(net, 1), { rng: new Rng(0), baselines: background, samples: 2 })(
        x,
      ),
    );
  };
  const [x, background] = [dated(1, 2), dated(2, 3)];
  await run();
  const before = memory().numTensors;
  await run();
  expect(memory().numTensors).toBe(before);
});
