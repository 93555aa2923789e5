// Every exported function leaves nothing but its result: those that explain inputs are asked in every-attribution.test.ts, the others here.
import {
  capture,
  Conv2d,
  Flatten,
  Linear,
  ReLU,
  Rng,
  Sequential,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import * as interpret from "@pellucid/interpret";
import {
  mean,
  memory,
  mul,
  slice,
  sum,
  Tensor,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  tensor3d,
  tensor4d,
  type Tensor4D,
  concat,
  reshape,
  type Rank,
  tidy,
} from "@tensorflow/tfjs-core";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rng = () => new Rng(0);
const init = rng();
const conv = new Conv2d(3, 4, 3, { rng: init, padding: 1 });
const net = new Sequential(conv, new ReLU(), new Flatten(), new Linear(144, 3, { rng: init }));
const run = (x: Tensor4D) => net.forward(x);
const images = tensor4d(init.rand([6, 6, 6, 3]).data, [6, 6, 6, 3]);
const image = slice(images, [0, 0, 0, 0], [1, -1, -1, -1]);
const points = tensor2d(init.randn([40, 5]).data, [40, 5]);
const plane = tensor2d(init.randn([40, 2]).data, [40, 2]);
const labels = Array.from({ length: 40 }, (_, i) => i % 2);
const reference = tensor2d([[1, 2, 3]]);
const score = interpret.classScore<Tensor4D>(net, 1);
const margin = interpret.marginScore<Tensor4D>(net, 1);
const maps = capture(conv, () => run(images));
const bound = (x: Tensor2D) => sum(x, 1) as Tensor1D;
const painter = new interpret.StyleNet({ rng: rng(), channels: 2, blocks: 0 });
const small = tensor4d(init.rand([1, 12, 12, 3]).data, [1, 12, 12, 3]);
const filters = new Conv2d(3, 2, 3, { rng: rng() });
const gradients = valueAndGradients(trainable(net), () => sum(net.forward(images))).gradients;
const direction = tensor1d(Array.from({ length: 144 }, (_, i) => i % 3));
const directions = tensor2d([[1, 0, 0, 1]]);
const classes = tensor1d(labels, "int32");
const first = slice(maps, 0, 1);
const tall = tensor3d(points.dataSync(), [1, 40, 5]);
const one = { rng: rng(), start: [1, 6, 6, 3] as const, steps: 2 };

const masked = (mask: Tensor1D) => sum(mul(mask, mask));
const embeddingsOf = { forward: ({ x }: { readonly x: Tensor2D }) => x.clone() };
const graphOfPoints = { x: points };
const ofEdges = tensor2d(init.rand([5, 2]).data, [5, 2]);

/** One box in each image, whose score of class 0 is that of a net. */
const finder = {
  decode: (x: Tensor4D) => {
    const boxes = tensor3d([0, 0, 2, 2], [1, 1, 4]);
    return {
      boxes: concat(Array.from({ length: x.shape[0] }, () => boxes)),
      scores: reshape<Rank.R3>(net.forward(x), [-1, 1, 3]),
    };
  },
};
const corner = { box: [0, 0, 2, 2] as const, label: 0 };

const rows: Readonly<Record<string, () => unknown>> = {
  boxScore: () => tidy(() => interpret.boxScore(finder, corner)(image)),
  dRise: () => {
    const tidied = { decode: (x: Tensor4D) => tidy(() => finder.decode(x)) };
    const options = { rng: rng(), masks: 4, cells: 2 };
    return interpret.dRise(tidied, { box: corner.box, scores: [1, 0, 0] }, options)(image);
  },
  pixelScore: () => interpret.pixelScore({ forward: (x: Tensor4D) => conv.forward(x) }, 1)(image),
  similarityScore: () => interpret.similarityScore<Tensor4D>({ forward: run }, reference)(images),
  edgeAttention: () => interpret.edgeAttention([ofEdges, ofEdges]),
  edgeFidelity: () => interpret.edgeFidelity(masked, [1, 2, 3], 2),
  edgeGradients: () => interpret.edgeGradients(masked)(5),
  edgeIntegratedGradients: () => interpret.edgeIntegratedGradients(masked, { steps: 3 })(5),
  edgeOcclusion: () => interpret.edgeOcclusion(masked)(5),
  edgeScore: () => interpret.edgeScore(embeddingsOf, [0, 1])(graphOfPoints),
  gnnExplainer: () =>
    interpret.gnnExplainer(({ edges, features }) => mul(masked(edges), sum(features ?? 1)), {
      rng: rng(),
      features: 2,
      epochs: 2,
    })(5),
  graphScore: () => interpret.graphScore(embeddingsOf, 1)(graphOfPoints),
  nodeScore: () => interpret.nodeScore(embeddingsOf, 3, 1)(graphOfPoints),
  pgExplainer: async () => {
    const explain = await interpret.pgExplainer([{ inputs: ofEdges, score: masked }], {
      rng: rng(),
      epochs: 2,
    });
    const mask = explain(ofEdges);
    explain.dispose();
    return mask;
  },
  subgraphX: () =>
    interpret.subgraphX(masked, { rng: rng(), maxNodes: 2, rollouts: 2, samples: 2 })(
      [
        [0, 1],
        [1, 2],
      ],
      3,
    ),
  activationAtlas: () =>
    interpret.activationAtlas(run, conv, [images, images, images], { rng: rng(), grid: 2 }),
  activationsOf: () => interpret.activationsOf(net, () => run(images)),
  classScore: () => score(images),
  completenessDelta: () => interpret.completenessDelta(score, { map: images, x: images }),
  conceptVector: () =>
    interpret.conceptVector(run, conv, { concept: image, others: images }, { rng: rng(), steps: 3 }),
  deadUnits: () => interpret.deadUnits(maps),
  deepDream: () => interpret.deepDream(score, { rng: rng(), steps: 2, octaves: 1 })(image),
  directionScore: () => interpret.directionScore(run, conv, directions)(image),
  embeddingQuality: () => interpret.embeddingQuality(points, plane),
  featureDistance: () => interpret.featureDistance(run, conv, first)(image),
  fgsm: () => interpret.fgsm(margin, { epsilon: 0.1 })(images),
  filterImages: () => interpret.filterImages(conv),
  gradientFlow: () => interpret.gradientFlow(trainable(net), gradients),
  gramMatrix: () => interpret.gramMatrix(maps as Tensor4D),
  growTexture: () => interpret.growTexture(image, { rng: rng(), size: [5, 5], window: 3 }),
  histograms: () => interpret.histograms(trainable(net)),
  infidelity: () => interpret.infidelity(score, { map: images, x: images }, { rng: rng(), samples: 4 }),
  insertionDeletion: () => interpret.insertionDeletion(bound, { map: points, x: points }),
  linearProbe: () => interpret.linearProbe(points, labels, { rng: rng(), steps: 3 }),
  logisticRegression: async () =>
    (await interpret.logisticRegression(points, classes, 2, { rng: rng(), steps: 3 })).dispose(),
  mapStability: () => interpret.mapStability([plane, plane]),
  marginScore: () => margin(images),
  maxSensitivity: () => interpret.maxSensitivity(interpret.saliency(bound), points, { rng: rng() }),
  minimalPerturbation: () => interpret.minimalPerturbation(margin, { steps: 2 })(images),
  modelGraph: () => interpret.modelGraph(net, images),
  nearestNeighbors: () => interpret.nearestNeighbors({ data: new Float32Array(20), shape: [10, 2] }, 3),
  optimizeImage: () => interpret.optimizeImage(score, one),
  pca: () => interpret.pca(points, 2),
  pgd: () => interpret.pgd(margin, { epsilon: 0.1, steps: 2 })(images),
  quiltTexture: () => interpret.quiltTexture(image, { rng: rng(), size: [8, 8], patch: 4 }),
  receptiveField: () => interpret.receptiveField(run, conv, [6, 6, 3], { rng: rng() }),
  sanityCheck: () => interpret.sanityCheck(net, interpret.saliency(score), images, { rng: rng() }),
  smooth: () => interpret.smooth(interpret.saliency(score), { rng: rng(), samples: 2 })(images),
  styleDistance: () => {
    const { loss, dispose } = interpret.styleDistance(run, [conv], [{ image }]);
    const found = loss(image);
    dispose();
    return found;
  },
  tcav: () => interpret.tcav(score, conv, direction)(images),
  topActivations: () => interpret.topActivations(run, conv, [images]),
  totalVariation: () => interpret.totalVariation(images),
  trainStyleNet: () =>
    interpret.trainStyleNet(painter, [small], {
      style: (x) => sum(x),
      content: { run: (x) => filters.forward(x), layer: filters },
    }),
  lossSurface: () => interpret.lossSurface(net, () => mean(net.forward(images)), { rng: rng(), points: 3 }),
  adversarialBatches: async () => {
    async function* once() {
      yield { x: images, y: images };
    }
    const data = { [Symbol.asyncIterator]: once };
    for await (const { x } of interpret.adversarialBatches(data, ({ x: at }) => mul<Tensor4D>(at, 2))) void x;
  },
  transferability: () =>
    interpret.transferability(
      [net],
      () => interpret.fgsm(margin, { epsilon: 0.1 }),
      images,
      [0, 1, 2, 0, 1, 2],
    ),
  tsne: () => interpret.tsne(points, { perplexity: 5, steps: 3 }),
  umap: () => interpret.umap(points, { rng: rng(), steps: 3 }),
  upsampleMap: () => interpret.upsampleMap(tall, [80, 10]),
  weightMatrix: () => interpret.weightMatrix(conv),
  withFoldedBatchNorms: () =>
    interpret.withFoldedBatchNorms(
      net,
      () => run(images),
      () => run(images),
    ),
  eigenCam: () => interpret.eigenCam(score, conv)(images),
};

/** Takes no tensors, or nothing but rules for others. */
const withoutTensors = [
  "explanationStability",
  "gridSegments",
  "histogram",
  "NonFiniteError",
  "lrpAlphaBeta",
  "lrpEpsilon",
  "lrpGamma",
  "lrpZPlus",
  "spearman",
  "umapCurve",
];

test.for(Object.keys(rows))("%s leaves nothing but its result", async (name) => {
  disposeAll(await (rows[name] as () => unknown)()); // what backends keep for later calls
  const before = memory().numTensors;
  disposeAll(await (rows[name] as () => unknown)());
  expect(memory().numTensors).toBe(before);
});

test("every exported function is covered here, among the attributions or in the tests of its kind", () => {
  const elsewhere = [
    "./every-attribution.test.ts",
    "../src/style/style-net.test.ts",
    "../src/gradients/token-attribution.test.ts",
    "../src/attention/attention.test.ts",
  ]
    .map((file) => readFileSync(new URL(file, import.meta.url), "utf8"))
    .join("\n");
  const missing = Object.entries(interpret)
    .filter(([, value]) => typeof value === "function")
    .map(([name]) => name)
    .filter((name) => !(name in rows) && !withoutTensors.includes(name) && !elsewhere.includes(name));
  expect(missing).toEqual([]);
});

function disposeAll(result: unknown): void {
  if (result instanceof Tensor) result.dispose();
  else if (Array.isArray(result)) for (const one_ of result) disposeAll(one_);
  else if (typeof result === "object" && result !== null && !ArrayBuffer.isView(result))
    for (const one_ of Object.values(result)) disposeAll(one_);
}
