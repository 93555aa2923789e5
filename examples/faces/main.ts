// A net learns to compare faces, and is asked about ten people whom it never saw.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { useBackend } from "@pellucid/backends";
import {
  AdaptiveAvgPool2d,
  adam,
  affineGrid,
  BatchNorm2d,
  batches,
  Conv2d,
  Flatten,
  gridSample,
  type HostTensor,
  Linear,
  MaxPool2d,
  Optimizer,
  ReLU,
  Rng,
  Sequential,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  allPairScores,
  batchHard,
  batchTripletLoss,
  embed,
  type Gallery,
  meanOfAll,
  mPerClassSampler,
  oneShotAccuracy,
  verification,
} from "@pellucid/metric-learning";
import {
  add,
  dispose,
  mul,
  type Tensor,
  type Tensor4D,
  tensor3d,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs-core";
import { readPgm } from "./read-pgm.ts";

/** Pictures `[picture, height, width, 1]` and who is on each. */
export type Faces = {
  readonly x: HostTensor<Float32Array>;
  readonly y: HostTensor<Int32Array>;
};

/** The ORL faces of some people, at half the size. @param folder has `s1/1.pgm` to `s40/10.pgm` */
export async function orlFaces(folder: string, people: readonly number[]): Promise<Faces> {
  const paths = people.flatMap((s) =>
    Array.from({ length: 10 }, (_, i) => join(folder, `s${s}`, `${i + 1}.pgm`)),
  );
  const pictures = await Promise.all(paths.map(async (path) => readPgm(await readFile(path))));
  const [height, width] = [56, 46];
  const data = new Float32Array(pictures.length * height * width);
  for (const [n, { pixels, width: wide }] of pictures.entries())
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (dy: number, dx: number) => pixels[(2 * y + dy) * wide + 2 * x + dx] ?? NaN;
        const mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4;
        data[(n * height + y) * width + x] = (mean - 0.45) / 0.2;
      }
  return {
    x: { data, shape: [pictures.length, height, width, 1] },
    y: {
      data: Int32Array.from(pictures, (_, n) => people[Math.floor(n / 10)] ?? NaN),
      shape: [pictures.length],
    },
  };
}

/** Four convolutions, and 64 numbers for a face. */
export function faceNet(rng: Rng) {
  const stage = (from: number, to: number) =>
    [
      new Conv2d(from, to, 3, { rng, padding: 1 }),
      new BatchNorm2d(to),
      new ReLU(),
      new MaxPool2d(2),
    ] as const;
  const stages = [...stage(1, 16), ...stage(16, 32), ...stage(32, 64), ...stage(64, 64)] as const;
  return new Sequential(...stages, new AdaptiveAvgPool2d(1), new Flatten(), new Linear(64, 64, { rng }));
}

/** Each picture turned, scaled, shifted and mirrored at random, brighter or darker. */
function changed(pictures: Tensor4D, rng: Rng): Tensor4D {
  const [count, height, width] = pictures.shape;
  const draw = (most: number) => rng.uniform([count], -most, most).data;
  const [turns, scales, mirrors] = [draw(0.17), draw(0.15), draw(1)];
  const [right, down, contrast, light] = [draw(0.16), draw(0.16), draw(0.3), draw(0.4)];
  const theta = Array.from(turns, (turn, i) => {
    const scale = 1 + (scales[i] ?? NaN);
    const [cos, sin] = [scale * Math.cos(turn), scale * Math.sin(turn)];
    const mirror = Math.sign(mirrors[i] ?? NaN);
    return [
      [mirror * cos, -sin, right[i] ?? NaN],
      [mirror * sin, cos, down[i] ?? NaN],
    ];
  });
  return tidy(() => {
    const grid = affineGrid(tensor3d(theta), [height, width]); //          [picture, height, width, 2]
    const moved = gridSample(pictures, grid, { paddingMode: "border" }); // [picture, height, width, 1]
    const factor = tensor4d(
      contrast.map((c) => 1 + c),
      [count, 1, 1, 1],
    );
    return add(mul(moved, factor), tensor4d(light, [count, 1, 1, 1]));
  });
}

/** How well pairs of faces are recognized as of one person or of two, and how often a person is recognized by one picture. */
export function measure(gallery: Gallery) {
  const { scores, same } = allPairScores(gallery, { metric: "euclidean" });
  const oneShot = (ways: number) =>
    oneShotAccuracy(gallery, { rng: new Rng(1), ways, episodes: 2000, metric: "euclidean" });
  return { auc: verification(scores, same).auc, fiveWay: oneShot(5), tenWay: oneShot(10) };
}

/** The pictures themselves in the role of embeddings. */
export function rawPixels({ x, y }: Faces): Gallery {
  return {
    embeddings: { data: x.data, shape: [y.data.length, x.data.length / y.data.length] },
    labels: y.data,
  };
}

/** Trains on `seen`, ten people with four pictures each at a time, and measures on `unseen`. */
export async function main({
  seen,
  unseen,
  steps = 800,
  people = 10,
  seed = 0,
  onStep = (_step: number, _loss: number): void => {},
}: {
  readonly seen: Faces;
  readonly unseen: Faces;
  readonly steps?: number;
  readonly people?: number;
  readonly seed?: number;
  readonly onStep?: (step: number, loss: number) => void;
}) {
  const rng = new Rng(seed);
  const net = faceNet(rng);
  const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(net));
  const sampler = mPerClassSampler(seen.y.data, 4, { size: 4 * people, batches: steps });
  let step = 0;
  for await (const { x, y } of batches(new TensorDataset(seen), { batchSampler: sampler, rng })) {
    const pictures = changed(x as Tensor4D, rng);
    const loss = await trainStep(net, optimizer, () =>
      batchTripletLoss(net.forward(pictures) as Tensor, y, {
        margin: 0.2,
        miner: batchHard(),
        reducer: meanOfAll,
      }),
    );
    dispose([x, y, pictures]);
    onStep(++step, loss);
  }
  optimizer.dispose();
  const embeddings = await embed(net, unseen.x);
  net.dispose();
  const data = unitRows(embeddings);
  return {
    ...measure({ embeddings: { ...embeddings, data }, labels: unseen.y.data }),
    raw: measure(rawPixels(unseen)),
  };
}

/** Every row at length 1, as the loss compares them. */
function unitRows({ data, shape: [, features = 1] }: HostTensor<Float32Array>): Float32Array {
  return data.map((value, i) => {
    const start = i - (i % features);
    return value / Math.hypot(...data.subarray(start, start + features));
  });
}

if (import.meta.main) {
  const root = process.env["PELLUCID_DATA"];
  if (root === undefined)
    throw new Error("Set PELLUCID_DATA to a folder that has orl_faces/s1/1.pgm and so on.");
  await useBackend();
  const people = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const folder = join(root, "orl_faces");
  const seed = Number(process.argv[2] ?? 0);
  const [seen, unseen] = [await orlFaces(folder, people(1, 30)), await orlFaces(folder, people(31, 40))];
  const onStep = (step: number, loss: number) => {
    if (step % 100 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}`);
  };
  const { auc, fiveWay, tenWay, raw } = await main({ seen, unseen, seed, onStep });
  const line = (m: { auc: number; fiveWay: number; tenWay: number }) =>
    `AUC ${m.auc.toFixed(3)}, one of five by one picture ${m.fiveWay.toFixed(3)}, one of ten ${m.tenWay.toFixed(3)}`;
  console.log(`The net: ${line({ auc, fiveWay, tenWay })}.`);
  console.log(`Raw pixels: ${line(raw)}.`);
}
