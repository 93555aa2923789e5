import { MnistCnn } from "@pellucid/cnn";
import { loadWeights, Rng, softmax, withoutInit } from "@pellucid/core-train";
import {
  classScore,
  deepLift,
  epsilonPlus,
  gradCam,
  guidedBackprop,
  insertionDeletion,
  integratedGradients,
  layerCam,
  lrp,
  occlusion,
  saliency,
  type Score,
  smoothGrad,
  spearman,
  upsampleMap,
} from "@pellucid/interpret";
import {
  concat,
  dispose,
  mul,
  reshape,
  slice,
  type Tensor,
  tensor,
  type Tensor1D,
  tensor4d,
  type Tensor4D,
  tidy,
  tile,
} from "@tensorflow/tfjs-core";

/** The trained network. */
export function load(weights: ArrayBuffer): MnistCnn {
  const net = withoutInit(() => new MnistCnn({ rng: new Rng(0) }));
  loadWeights(net, weights);
  return net;
}

/** The network with its last `many` layers as they were before training: it has forgotten what they knew. */
export function forgetful(weights: ArrayBuffer, many: number): MnistCnn {
  const net = load(weights);
  const fresh = new MnistCnn({ rng: new Rng(11) });
  const layers = ["fc", "conv2", "conv1"] as const;
  for (const name of layers.slice(0, many)) {
    net[name].weight.assign(fresh[name].weight as never);
    net[name].bias?.assign(fresh[name].bias as never);
  }
  fresh.dispose();
  return net;
}

export const methods = [
  "gradient",
  "smoothGrad",
  "gradientTimesInput",
  "integratedGradients",
  "deepLift",
  "lrp",
  "guidedBackprop",
  "gradCam",
  "layerCam",
  "occlusion",
  "edges",
] as const;

export type MethodName = (typeof methods)[number];

/** The map of every method for one image `[1, 28, 28, 1]` and a class. */
export async function mapsOf(
  net: MnistCnn,
  pixels: Float32Array,
  target: number,
): Promise<Record<MethodName, Float32Array>> {
  const x = tensor4d(pixels, [1, 28, 28, 1]);
  const score: Score<Tensor4D> = classScore<Tensor4D>(net, target);
  const run = { batchSize: 64 };
  const read = async (map: Tensor): Promise<Float32Array> => {
    const values = Float32Array.from(await map.data());
    map.dispose();
    return values;
  };
  const up = (cam: typeof gradCam) => tidy(() => upsampleMap(cam(score as Score, net.conv2)(x), [28, 28]));
  const found = {
    gradient: (await read(saliency(score)(x))).map(Math.abs),
    smoothGrad: await read(await smoothGrad(score, { samples: 24, noise: 0.2, rng: new Rng(3), ...run })(x)),
    gradientTimesInput: await read(tidy(() => mul(saliency(score)(x), x))),
    integratedGradients: await read(await integratedGradients(score, { steps: 24, ...run })(x)),
    deepLift: await read(tidy(() => deepLift(score)(x))),
    lrp: await read(lrp(score, { rules: epsilonPlus })(x)),
    guidedBackprop: await read(guidedBackprop(score)(x)),
    gradCam: await read(up(gradCam)),
    layerCam: await read(up(layerCam)),
    occlusion: await read(await occlusion(score, { window: [5, 5], stride: [2, 2], ...run })(x)),
    edges: edgesOf(pixels),
  };
  x.dispose();
  return found;
}

/** How many random orders a map is compared with. */
export const orders = 19;

/** The deletion test of each map: the probability while the most important ink is erased, and how many random orders it beats. */
export async function deletionTests(
  net: MnistCnn,
  pixels: Float32Array,
  target: number,
  maps: readonly Float32Array[],
): Promise<{
  readonly tests: readonly { readonly curve: Float32Array; readonly beats: number }[];
  readonly random: Float32Array;
}> {
  const probability: Score = (images) =>
    tidy(
      () => reshape(slice(softmax(net.forward(images as Tensor4D)), [0, target], [-1, 1]), [-1]) as Tensor1D,
    );
  const isInk = Array.from(pixels, (v) => v > 0.1);
  const rng = new Rng(19);
  const lift = (values: ArrayLike<number>) =>
    Float32Array.from(isInk, (ink, i) => (values[i] ?? 0) + (ink ? 1e4 : 0));
  const all = [...maps, ...Array.from({ length: orders }, () => rng.uniform([784], 0, 1).data)].map(lift);
  const x = tensor4d(pixels, [1, 28, 28, 1]);
  const ranked = tidy(() =>
    concat(
      all.map((map) => tensor(map, [1, 28, 28])),
      0,
    ),
  ); // [map, 28, 28]
  const copies = tile(x, [all.length, 1, 1, 1]);
  const ink = isInk.filter(Boolean).length;
  const step = Math.max(1, Math.ceil(ink / 20));
  const { deletion } = await insertionDeletion(
    probability,
    { map: ranked, x: copies },
    { step, batchSize: 256 },
  );
  dispose([x, ranked, copies]);
  const curves = deletion.scores.map((scores) => scores.slice(0, Math.ceil(ink / step) + 1));
  const areas = curves.map((curve) => curve.reduce((sum, p) => sum + p, 0));
  const randomCurves = curves.slice(maps.length);
  return {
    tests: maps.map((_, i) => ({
      curve: curves[i] ?? new Float32Array(1),
      beats: areas.slice(maps.length).filter((area) => (areas[i] ?? 0) < area).length,
    })),
    random: (randomCurves[0] ?? new Float32Array(1)).map(
      (_, s) => randomCurves.reduce((sum, curve) => sum + (curve[s] ?? 0), 0) / orders,
    ),
  };
}

/** How well two maps agree on the ink, by ranks: a map of a network that has forgotten must be another one (Adebayo et al., 2018). */
export function agreement(a: Float32Array, b: Float32Array, pixels: Float32Array): number {
  const ink = Array.from(pixels.keys()).filter((i) => (pixels[i] ?? 0) > 0.1);
  const on = (map: Float32Array) => ink.map((i) => Math.abs(map[i] ?? 0));
  return ink.length < 3 ? 1 : spearman(on(a), on(b));
}

/** How fast the ink changes from pixel to pixel (Sobel): the fake. */
function edgesOf(pixels: Float32Array): Float32Array {
  const at = (y: number, x: number) =>
    pixels[Math.min(27, Math.max(0, y)) * 28 + Math.min(27, Math.max(0, x))] ?? 0;
  return pixels.map((_, i) => {
    const [y, x] = [Math.floor(i / 28), i % 28];
    const across = [-1, 0, 1].reduce(
      (sum, d) => sum + (2 - Math.abs(d)) * (at(y + d, x + 1) - at(y + d, x - 1)),
      0,
    );
    const down = [-1, 0, 1].reduce(
      (sum, d) => sum + (2 - Math.abs(d)) * (at(y + 1, x + d) - at(y - 1, x + d)),
      0,
    );
    return Math.hypot(across, down);
  });
}
