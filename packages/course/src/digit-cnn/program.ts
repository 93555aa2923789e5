import { MnistCnn } from "@pellucid/cnn";
import { loadWeights, Rng, softmax, withoutInit } from "@pellucid/core-train";
import {
  activationsOf,
  classScore,
  insertionDeletion,
  integratedGradients,
  layerCam,
  occlusion,
  saliency,
  type Score,
  upsampleMap,
} from "@pellucid/interpret";
import {
  add,
  concat,
  dispose,
  div,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
  tensor,
  type Tensor1D,
  tensor4d,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";

/** The trained network of 8,490 weights. */
export function loadDigits(weights: ArrayBuffer): MnistCnn {
  const net = withoutInit(() => new MnistCnn({ rng: new Rng(0) }));
  loadWeights(net, weights);
  return net;
}

/** Every layer's numbers for one drawing of 28 × 28 pixels, `[height, width, map]`, and the ten scores. */
export async function numbersOf(net: MnistCnn, pixels: Float32Array): Promise<Float32Array[]> {
  const x = tensor4d(pixels, [1, 28, 28, 1]);
  const found = activationsOf(net, () => net.forward(x));
  const read = async (name: string) => Float32Array.from((await found[name]?.data()) ?? []);
  const [conv1, pool1, conv2, pool2, scores] = await Promise.all([
    read("conv1"),
    read("pooling"),
    read("conv2"),
    read("pooling#2"),
    read("fc"),
  ]);
  dispose([x, ...Object.values(found)]);
  const relu = (values: Float32Array) => values.map((v) => Math.max(0, v));
  return [conv1, relu(pool1), conv2, relu(pool2), scores];
}

/** The ten probabilities of each drawing. */
export async function probabilitiesOf(
  net: MnistCnn,
  drawings: readonly Float32Array[],
): Promise<Float32Array[]> {
  const flat = new Float32Array(drawings.length * 784);
  drawings.forEach((drawing, i) => flat.set(drawing, 784 * i));
  const answer = tidy(() => softmax(net.forward(tensor4d(flat, [drawings.length, 28, 28, 1]))));
  const values = await answer.data();
  answer.dispose();
  return drawings.map((_, i) => Float32Array.from(values.subarray(10 * i, 10 * i + 10)));
}

export const methods = ["gradient", "integrated", "layerCam", "occlusion", "edges"] as const;

/** How many random orders a map is compared with: beating all of them happens at random once in 20 times. */
export const orders = 19;

/** A map, the probability while its most important ink is erased, and how many random orders it beats. */
export interface TestedMap {
  readonly map: Float32Array;
  readonly curve: Float32Array;
  readonly beats: number;
}

/** Four explanations of why it is `target` (rather than `rival`), a fake that never asks the network, and the deletion test of each. */
export async function explain(
  net: MnistCnn,
  pixels: Float32Array,
  { target, rival = null }: { readonly target: number; readonly rival?: number | null },
  signal?: AbortSignal,
): Promise<{ readonly tested: readonly TestedMap[]; readonly random: Float32Array }> {
  const run = { batchSize: 64, ...(signal === undefined ? {} : { signal }) };
  const column = (y: Tensor, c: number) => slice(y, [0, c], [-1, 1]);
  const difference: Score = (x) =>
    tidy(() => {
      const y = net.forward(x as never); //                                     [batch, 10]
      return reshape(sub(column(y, target), column(y, rival ?? target)), [-1]) as Tensor1D;
    });
  const score: Score = rival === null ? classScore(net, target) : difference;
  const probability: Score = (x) =>
    tidy(() => {
      const p = softmax(net.forward(x as never)); //                            [batch, 10]
      const mine = column(p, target);
      const share = rival === null ? mine : div(mine, add(mine, column(p, rival)));
      return reshape(share, [-1]) as Tensor1D;
    });
  const x = tensor4d(pixels, [1, 28, 28, 1]);
  const kept: Tensor[] = [x];
  const keep = <T extends Tensor>(map: T): T => {
    kept.push(map);
    return map;
  };
  const asMap = (map: Tensor): Tensor => keep(tidy(() => reshape(keep(map), [1, 28, 28])));
  try {
    const maps = [
      asMap(tidy(() => mul(saliency(score)(x), x))),
      asMap(await integratedGradients(score, { steps: 24, ...run })(x)),
      asMap(tidy(() => upsampleMap(layerCam(score, net.conv2)(x), [28, 28]))),
      asMap(await occlusion(score, { window: [5, 5], stride: [2, 2], ...run })(x)),
      asMap(tensor(edgesOf(pixels), [1, 28, 28, 1])),
    ];
    const isInk = Array.from(pixels, (v) => v > 0.1);
    const inkFirst = Float32Array.from(isInk, (ink) => (ink ? 1e4 : 0));
    const lift = keep(tensor(inkFirst, [1, 28, 28]));
    const rng = new Rng(19);
    const random = Array.from({ length: orders }, () =>
      keep(tidy(() => add(tensor(rng.uniform([784], 0, 1).data, [1, 28, 28]), lift))),
    );
    const ranked = keep(tidy(() => concat([...maps.map((map) => add(map, lift)), ...random], 0))); // [24, 28, 28]
    const copies = keep(tidy(() => tile(x, [maps.length + orders, 1, 1, 1])));
    const ink = isInk.filter(Boolean).length;
    const step = Math.max(1, Math.ceil(ink / 20));
    const { deletion } = await insertionDeletion(
      probability,
      { map: ranked, x: copies },
      {
        step,
        ...run,
        batchSize: 256,
      },
    );
    const curves = deletion.scores.map((scores) => scores.slice(0, Math.ceil(ink / step) + 1));
    const areas = curves.map((curve) => curve.reduce((sum, p) => sum + p, 0));
    const randomCurves = curves.slice(maps.length);
    return {
      tested: await Promise.all(
        maps.map(async (map, i) => ({
          map: Float32Array.from(await map.data()),
          curve: curves[i] ?? new Float32Array(1),
          beats: areas.slice(maps.length).filter((area) => (areas[i] ?? 0) < area).length,
        })),
      ),
      random: (randomCurves[0] ?? new Float32Array(1)).map(
        (_, s) => randomCurves.reduce((sum, curve) => sum + (curve[s] ?? 0), 0) / orders,
      ),
    };
  } finally {
    dispose(kept);
  }
}

/** How fast the ink changes from pixel to pixel (Sobel): it looks like an explanation, and knows nothing of the network. */
function edgesOf(pixels: Float32Array): Float32Array {
  const at = (y: number, x: number) =>
    pixels[Math.min(27, Math.max(0, y)) * 28 + Math.min(27, Math.max(0, x))] ?? 0;
  return pixels.map((_, i) => {
    const [y, x] = [Math.floor(i / 28), i % 28];
    const side = (dy: number, dx: number) => at(y + dy, x + dx);
    const across = side(-1, 1) + 2 * side(0, 1) + side(1, 1) - side(-1, -1) - 2 * side(0, -1) - side(1, -1);
    const down = side(1, -1) + 2 * side(1, 0) + side(1, 1) - side(-1, -1) - 2 * side(-1, 0) - side(-1, 1);
    return Math.hypot(across, down);
  });
}
