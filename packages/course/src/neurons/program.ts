import { MnistCnn } from "@pellucid/cnn";
import { amax, loadWeights, relu, Rng, withoutInit } from "@pellucid/core-train";
import { optimizeImage, topActivations, totalVariation } from "@pellucid/interpret";
import {
  add,
  eye,
  mul,
  neg,
  reshape,
  slice,
  sum,
  type Tensor,
  tensor4d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";

export const layers = ["conv1", "conv2", "fc"] as const;
export type LayerName = (typeof layers)[number];

/** How many neurons a layer has, the side of the region that one sees, the position that is optimized, and how far its region moves with the position. */
export const shapes: Readonly<
  Record<
    LayerName,
    { readonly units: number; readonly field: number; readonly at: number; readonly stride: number }
  >
> = {
  conv1: { units: 10, field: 5, at: 12, stride: 1 },
  conv2: { units: 20, field: 14, at: 4, stride: 2 },
  fc: { units: 10, field: 28, at: 0, stride: 0 },
};

/** The trained network. */
export function load(weights: ArrayBuffer): MnistCnn {
  const net = withoutInit(() => new MnistCnn({ rng: new Rng(0) }));
  loadWeights(net, weights);
  return net;
}

/** What a layer answers to images: `[batch, height, width, unit]`. */
function outputOf(net: MnistCnn, layer: LayerName, images: Tensor4D): Tensor4D {
  if (layer === "conv1") return net.conv1.forward(images);
  if (layer === "fc") return reshape(net.forward(images), [-1, 1, 1, 10]);
  return net.conv2.forward(relu(net.pooling.forward(net.conv1.forward(images))));
}

/** What keeps the images smooth. */
export interface Taste {
  /** The weight of the differences between neighbors. */
  readonly smooth: number;
  /** How far the image is shifted at random before each look. */
  readonly jitter: number;
}

/** For each neuron of a layer the image of 28 × 28 that it answers to most: image `i` is improved for neuron `i` alone, from noise, in `steps` steps. */
export async function optimizeUnits(
  net: MnistCnn,
  layer: LayerName,
  { smooth, jitter }: Taste,
  run: {
    readonly steps: number;
    readonly signal: AbortSignal;
    readonly onStep: (step: number, images: Float32Array) => void;
  },
): Promise<Float32Array> {
  const { units, at } = shapes[layer];
  const own = eye(units);
  try {
    const images = await optimizeImage(
      (x) =>
        tidy(() => {
          const middle = slice(outputOf(net, layer, x), [0, at, at, 0], [-1, 1, 1, -1]);
          const fires = sum(mul(reshape(middle, [units, units]), own), 1); //   [unit]
          return add(neg(fires), mul(totalVariation(x), smooth));
        }),
      {
        rng: new Rng(3),
        start: [units, 28, 28, 1],
        steps: run.steps,
        learningRate: 0.2,
        jitter,
        bounded: true,
        signal: run.signal,
        onStep: (step, _, image) => {
          if (step % 8 === 0) run.onStep(step, Float32Array.from(image.dataSync()));
        },
      },
    );
    return await read(images);
  } finally {
    own.dispose();
  }
}

/** How strongly each neuron fires anywhere in each image: `[image][unit]`. */
export async function firing(
  net: MnistCnn,
  layer: LayerName,
  images: Float32Array,
): Promise<readonly Float32Array[]> {
  const { units } = shapes[layer];
  const values = await read(
    tidy(() => amax(outputOf(net, layer, tensor4d(images, [images.length / 784, 28, 28, 1])), [1, 2])),
  );
  return Array.from({ length: values.length / units }, (_, i) => values.slice(i * units, (i + 1) * units));
}

/** A region of an image, and how strongly it fires a neuron. */
export interface Patch {
  readonly values: Float32Array;
  readonly fires: number;
  readonly image: number;
}

/** For each neuron the nine of these images that fire it most: the region that it saw there. */
export async function strongest(
  net: MnistCnn,
  layer: LayerName,
  images: Float32Array,
): Promise<readonly (readonly Patch[])[]> {
  const { field, stride } = shapes[layer];
  const x = tensor4d(images, [images.length / 784, 28, 28, 1]);
  const found = await topActivations((batch: Tensor4D) => net.forward(batch), net[layer], [x], { count: 9 });
  x.dispose();
  return found.map((list) =>
    list.map(({ example, position: [row = 0, column = 0], value }) => ({
      values: crop(images.subarray(784 * example, 784 * (example + 1)), stride * row, stride * column, field),
      fires: value,
      image: example,
    })),
  );
}

/** The region of an optimized image that its neuron sees. */
export function seenPart(layer: LayerName, image: Float32Array): Float32Array {
  const { field, at, stride } = shapes[layer];
  return crop(image, at * stride, at * stride, field);
}

function crop(image: Float32Array, top: number, left: number, side: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [top + Math.floor(i / side), left + (i % side)];
    return image[28 * row + column] ?? 0;
  });
}

/** The control: the same pixels within the region, in a random order. */
export function shuffled(layer: LayerName, image: Float32Array): Float32Array {
  const { field, at, stride } = shapes[layer];
  const rng = new Rng(8);
  const order = rng.randperm(field * field);
  const part = seenPart(layer, image);
  const result = Float32Array.from(image);
  order.forEach((from, to) => {
    const [row, column] = [Math.floor(to / field), to % field];
    result[28 * (at * stride + row) + at * stride + column] = part[from] ?? 0;
  });
  return result;
}

/** How well an image agrees with the mean of some patches: Pearson's correlation over the pixels. */
export function agreement(image: Float32Array, patches: readonly Patch[]): number {
  const mean = image.map((_, i) => patches.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  const centered = (values: Float32Array) => {
    const middle = values.reduce((a, b) => a + b, 0) / values.length;
    return values.map((v) => v - middle);
  };
  const [a, b] = [centered(image), centered(mean)];
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, v, i) => sum + v * (y[i] ?? 0), 0);
  return dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
}

async function read(tensor: Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}
