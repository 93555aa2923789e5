// Conventions and edges where implementations usually go wrong, each with its right numbers, those of pytorch-metric-learning in 64 bits. Compared as
// |found − right| ≤ tolerance · (1 + |right|), where the tolerance is at least that of float32.
import { useBackend } from "@pellucid/backends";
import { gradient, loadWeights, type Module, Rng, tripletMarginLoss } from "@pellucid/core-train";
import * as metric from "@pellucid/metric-learning";
import { fixture } from "@pellucid/testing";
import { gather, type Tensor, tensor, tensor1d, type Tensor2D } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

// oxlint-disable-next-line typescript/no-explicit-any -- each kind has its own fields
type Numbers = any;
interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: Numbers;
  readonly right: Numbers;
  readonly tolerance: number;
}
type Loss = (embeddings: Tensor2D) => Tensor;

const flat = (x: Numbers): number[] => (Array.isArray(x) ? x.flatMap(flat) : [Number(x)]);
const matrix = (x: Numbers): Tensor2D => tensor(x) as Tensor2D;
const labelsOf = (x: number[]) => tensor1d(x, "int32");

/** Losses add up some hundred terms of float32, and scales of 64 and 80 multiply its error. */
function compare(
  c: Case,
  name: string,
  found: Tensor | readonly number[],
  right: Numbers,
  least = 2e-6,
): void {
  const tolerance = Math.max(c.tolerance, least);
  const numbers = Array.isArray(found) ? found : [...(found as Tensor).dataSync()];
  expect(numbers, `${c.id} ${name}`).toBeAllclose(flat(right), { rtol: tolerance, atol: tolerance });
}

const normOf = (x: Tensor) => Math.hypot(...x.dataSync());

const raw = metric.euclidean({ normalize: false });
const rng = () => new Rng(0);

function withVectors(
  make: (classes: number, size: number) => Module,
  name: string,
  vectors: number[][],
  transposed: boolean,
) {
  const [classes, size] = [vectors.length, vectors[0]?.length ?? 0];
  const loss = make(classes, size);
  const data = transposed
    ? Array.from({ length: size }, (_, f) => vectors.map((row) => row[f] as number))
    : vectors;
  const shape = transposed ? [size, classes] : [classes, size];
  loadWeights(loss, { [name]: { data: Float32Array.from(flat(data)), shape } });
  return loss;
}

const kinds: Readonly<Record<string, (c: Case) => void | Promise<void>>> = {
  "triplet-conventions": (c) => {
    const { embeddings, labels, margin } = c.input;
    const y = labelsOf(labels);
    const losses: Readonly<Record<string, Loss>> = {
      default: (x) => metric.batchTripletLoss(x, y, { margin }),
      rawAvgNonZero: (x) => metric.batchTripletLoss(x, y, { margin, distance: raw }),
      rawMean: (x) => metric.batchTripletLoss(x, y, { margin, distance: raw, reducer: metric.meanOfAll }),
      rawSquaredMean: (x) =>
        metric.batchTripletLoss(x, y, {
          margin,
          distance: metric.euclidean({ normalize: false, power: 2 }),
          reducer: metric.meanOfAll,
        }),
      rawSwap: (x) => metric.batchTripletLoss(x, y, { margin, distance: raw, swap: true }),
      rawSmooth: (x) => metric.batchTripletLoss(x, y, { margin, distance: raw, smooth: true }),
    };
    for (const [name, loss] of Object.entries(losses)) {
      compare(c, name, loss(matrix(embeddings)), c.right[name]);
      compare(
        c,
        `gradient of ${name}`,
        [normOf(gradient(loss as (x: Tensor) => Tensor)(matrix(embeddings)))],
        c.right[`gradNorm_${name}`],
      );
    }
    const triplets = metric.allTriplets()(raw.matrix(matrix(embeddings), matrix(embeddings)), y, raw);
    const indices = (triplets.arraySync() as number[][][]).flatMap((rows, a) =>
      rows.flatMap((row, p) => row.flatMap((is, n) => (is === 1 ? [[a, p, n]] : []))),
    );
    expect(indices).toHaveLength(c.right.triplets);
    const part = (i: number) =>
      gather(matrix(embeddings), labelsOf(indices.map((triplet) => triplet[i] as number)));
    compare(c, "torch", tripletMarginLoss(part(0), part(1), part(2), { margin }), c.right.torchTripletMean);
  },
  "no-pairs-or-no-violations": (c) => {
    const { embeddings, labels, margin } = c.input;
    const y = labelsOf(labels);
    const losses: Readonly<Record<string, Loss>> = {
      triplet: (x) => metric.batchTripletLoss(x, y, { margin }),
      contrastive: (x) => metric.contrastiveLoss(x, y, { negMargin: margin }),
      multiSimilarity: (x) => metric.multiSimilarityLoss(x, y),
      ntXent: (x) => metric.ntXentLoss(x, y),
      supCon: (x) => metric.supConLoss(x, y),
      circle: (x) => metric.circleLoss(x, y),
      lifted: (x) => metric.liftedStructureLoss(x, y),
    };
    expect(Object.keys(losses).toSorted()).toEqual(Object.keys(c.right).toSorted());
    for (const [name, loss] of Object.entries(losses)) {
      compare(c, name, loss(matrix(embeddings)), c.right[name].loss);
      const found = gradient(loss as (x: Tensor) => Tensor)(matrix(embeddings)).dataSync();
      compare(c, `gradient of ${name}`, [Math.max(...found.map(Math.abs))], c.right[name].gradMaxAbs);
    }
  },
  "batch-hard-ties-duplicates-lone": (c) => {
    const { embeddings, labels, margin } = c.input;
    const y = labelsOf(labels);
    const distances = raw.matrix(matrix(embeddings), matrix(embeddings)).arraySync();
    const triplets = metric.batchHard()(matrix(distances), y, raw).arraySync() as number[][][];
    const mined = triplets.flatMap((rows, anchor) =>
      rows.flatMap((row, p) =>
        row.flatMap((is, n) =>
          is === 1
            ? [
                {
                  anchor,
                  hardestPositive: distances[anchor]?.[p] as number,
                  hardestNegative: distances[anchor]?.[n] as number,
                },
              ]
            : [],
        ),
      ),
    );
    expect(mined.map(({ anchor }) => anchor)).toEqual(c.right.mined.map((m: Numbers) => m.anchor));
    for (const key of ["hardestPositive", "hardestNegative"] as const)
      compare(
        c,
        key,
        mined.map((m) => m[key]),
        c.right.mined.map((m: Numbers) => m[key]),
      );
    const loss = (x: Tensor) =>
      metric.batchTripletLoss(x as Tensor2D, y, { margin, distance: raw, miner: metric.batchHard() });
    compare(c, "loss", loss(matrix(embeddings)), c.right.loss);
    const found = [...gradient(loss)(matrix(embeddings)).dataSync()];
    expect(found.every(Number.isFinite)).toBe(c.right.gradFinite);
  },
  "losses-with-a-lone-class": (c) => {
    const { embeddings, labels, proxiesOrClassVectors: vectors } = c.input;
    const y = labelsOf(labels);
    const learned = (loss: Module) => (x: Tensor2D) =>
      (loss as metric.ArcFace).forward({ embeddings: x, labels: y });
    const W = (make: (classes: number, size: number) => Module) =>
      learned(withVectors(make, "W", vectors, vectors.length !== embeddings[0].length)); // a square one is W as it is, [feature, class]
    const proxies = (make: (classes: number, size: number) => Module) =>
      learned(withVectors(make, "proxies", vectors, false));
    const losses: Readonly<Record<string, Loss>> = {
      contrastive: (x) => metric.contrastiveLoss(x, y),
      multiSimilarity: (x) => metric.multiSimilarityLoss(x, y),
      circle: (x) => metric.circleLoss(x, y),
      liftedStructure: (x) => metric.liftedStructureLoss(x, y),
      generalizedLifted: (x) => metric.generalizedLiftedStructureLoss(x, y),
      ntXent: (x) => metric.ntXentLoss(x, y),
      supCon: (x) => metric.supConLoss(x, y),
      nPairs: (x) => metric.nPairsLoss(x, y),
      angular: (x) => metric.angularLoss(x, y),
      signalToNoise: (x) => metric.contrastiveLoss(x, y, { distance: metric.signalToNoise() }),
      fastAP: (x) => metric.fastApLoss(x, y),
      margin: (x) => metric.marginLoss(x, y),
      arcFace: W((n, d) => new metric.ArcFace(n, d, { rng: rng() })),
      cosFace: W((n, d) => new metric.CosFace(n, d, { rng: rng() })),
      proxyNCA: proxies((n, d) => new metric.ProxyNca(n, d, { rng: rng() })),
      proxyAnchor: proxies((n, d) => new metric.ProxyAnchor(n, d, { rng: rng() })),
      normalizedSoftmax: W((n, d) => new metric.NormalizedSoftmax(n, d, { rng: rng() })),
      sphereFace: W((n, d) => new metric.SphereFace(n, d, { rng: rng() })),
    };
    expect(Object.keys(losses).toSorted()).toEqual(Object.keys(c.right.loss).toSorted());
    for (const [name, loss] of Object.entries(losses)) {
      compare(c, name, loss(matrix(embeddings)), c.right.loss[name]);
      const found = gradient(loss as (x: Tensor) => Tensor)(matrix(embeddings));
      compare(
        c,
        `gradient of ${name}`,
        found.arraySync()[0 as never] as number[],
        c.right.gradEmbedding0[name],
        1e-5,
      );
      compare(c, `norm of the gradient of ${name}`, [normOf(found)], c.right.gradNorm[name], 1e-5);
    }
  },
  "ntxent-supcon-denominator": (c) => {
    const { embeddings, labels, temperature } = c.input;
    const y = labelsOf(labels);
    const losses: Readonly<Record<string, Loss>> = {
      ntXent: (x) => metric.ntXentLoss(x, y, { temperature }),
      supCon: (x) => metric.supConLoss(x, y, { temperature }),
    };
    for (const [name, loss] of Object.entries(losses)) {
      compare(c, name, loss(matrix(embeddings)), c.right[name]);
      compare(
        c,
        `gradient of ${name}`,
        gradient(loss as (x: Tensor) => Tensor)(matrix(embeddings)),
        c.right[`${name}Grad`],
        5e-6,
      );
      const cold = name === "ntXent" ? metric.ntXentLoss : metric.supConLoss;
      expect(Number.isFinite(cold(matrix(embeddings), y, { temperature: 0.005 }).dataSync()[0])).toBe(true);
    }
  },
  "arcface-edges": (c) => {
    const { embeddings, labels, classVectors, marginDegrees: margin, scale } = c.input;
    const y = labelsOf(labels);
    const make = (n: number, d: number) => new metric.ArcFace(n, d, { rng: rng(), margin, scale });
    const loss = withVectors(make, "W", classVectors, true) as metric.ArcFace;
    compare(c, "logits", loss.marginLogits({ embeddings: matrix(embeddings), labels: y }), c.right.logits);
    compare(c, "loss", loss.forward({ embeddings: matrix(embeddings), labels: y }), c.right.loss);
    const found = gradient((x: Tensor) => loss.forward({ embeddings: x as Tensor2D, labels: y }))(
      matrix(embeddings),
    );
    expect([...found.dataSync()].every(Number.isFinite)).toBe(true);
  },
  "retrieval-lone-classes": (c) => {
    const { embeddings, labels } = c.input;
    const gallery = {
      embeddings: {
        data: Float32Array.from(flat(embeddings)),
        shape: [embeddings.length, embeddings[0].length],
      },
      labels,
    };
    for (const average of ["query", "class"] as const) {
      const scores = metric.retrievalScores(gallery, { average });
      const suffix = average === "class" ? "_classAverage" : "";
      const named = {
        mean_average_precision: scores.meanAveragePrecision,
        mean_average_precision_at_r: scores.mapAtR,
        mean_reciprocal_rank: scores.meanReciprocalRank,
        precision_at_1: scores.precisionAt1,
        r_precision: scores.rPrecision,
      };
      for (const [name, value] of Object.entries(named))
        compare(c, name, [value], c.right[`${name}${suffix}`]);
    }
    const { recallAt, memberRecallAt } = metric.retrievalScores(gallery);
    for (const k of [1, 2, 4])
      compare(c, `recall at ${k}`, [recallAt[k] as number], c.right[`recallAt${k}_atLeastOne`]);
    compare(c, "members' recall", [memberRecallAt[4] as number], c.right.recallAt4_informationRetrieval);
  },
  "verification-ties": (c) => {
    const { scores, same } = c.input;
    const found = metric.verification(scores, same);
    compare(c, "AUC", [found.auc], c.right.auc);
    compare(c, "FAR", found.far, c.right.far);
    compare(c, "TAR", found.tar, c.right.tar);
    compare(c, "EER", [found.eer], c.right.eer);
    for (const [far, tar] of Object.entries(c.right.tarAtFar))
      compare(c, `TAR at ${far}`, [metric.tarAtFar(found, Number(far))], tar);
    const order = scores.map((_: number, i: number) => i).toReversed();
    const reversed = metric.verification(
      order.map((i: number) => scores[i]),
      order.map((i: number) => same[i]),
    );
    expect(reversed).toEqual(found);
  },
};

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/golden/metric-learning.json");

beforeAll(() => useBackend({ only: "wasm" }));

test.for(cases.map((c) => [c.id, c] as const))("%s", async ([, c]) => {
  const check = kinds[c.kind];
  expect(check, c.kind).toBeDefined();
  await check?.(c);
});
