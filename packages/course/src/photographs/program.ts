import { SqueezeNet } from "@pellucid/cnn";
import { type Layer, loadWeights, Rng, softmax, withoutInit } from "@pellucid/core-train";
import { classScore, gradCam, occlusion, saliency, type Score, upsampleMap } from "@pellucid/interpret";
import {
  div,
  mean,
  mul,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  tensor1d,
  type Tensor1D,
  type Tensor2D,
  tensor4d,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { blurred } from "./blurred.ts";

/** Pixels of a photograph's side, and of a cell's: maps are compared in 14 × 14 cells. */
export const side = 224;
export const cellSide = 16;
export const cells = side / cellSide;

/** How many moved patterns a map is compared with. */
export const orders = 9;

export const methods = ["gradCam", "gradient", "occlusion", "darkness"] as const;
export type MethodName = (typeof methods)[number];

/** SqueezeNet 1.0 with ImageNet's thousand classes. */
export function load(weights: ArrayBuffer): SqueezeNet {
  const net = withoutInit(() => new SqueezeNet("1.0", { rng: new Rng(0) }));
  loadWeights(net, weights);
  return net;
}

/** The network for photographs `[batch, 224, 224, 3]` from 0 to 1: it was trained on colors less ImageNet's mean, over their deviation. */
const logitsOf = (net: SqueezeNet): Layer<Tensor4D, Tensor2D> => ({
  forward: (photos) =>
    tidy(() => {
      const normal = div(sub(photos, tensor1d([0.485, 0.456, 0.406])), tensor1d([0.229, 0.224, 0.225]));
      return net.forward(normal as Tensor4D); //                              [batch, 1000]
    }),
});

const photoTensor = (pixels: Float32Array): Tensor4D => tensor4d(pixels, [1, side, side, 3]);

async function read(tensor: Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

/** The thousand probabilities of one photograph. */
export const predict = (net: SqueezeNet, pixels: Float32Array): Promise<Float32Array> =>
  read(tidy(() => softmax(logitsOf(net).forward(photoTensor(pixels)))));

const probabilityOf =
  (net: SqueezeNet, target: number): Score<Tensor4D> =>
  (photos) =>
    tidy(() => {
      const p = softmax(logitsOf(net).forward(photos)); //                      [batch, 1000]
      return reshape(slice(p, [0, target], [-1, 1]), [-1]) as Tensor1D;
    });

/** One number for each cell: how important it is for `target`. */
export async function mapOf(
  net: SqueezeNet,
  pixels: Float32Array,
  { method, target }: { readonly method: MethodName; readonly target: number },
): Promise<Float32Array> {
  if (method === "darkness") return darknessOf(pixels);
  const x = photoTensor(pixels);
  const score = classScore(logitsOf(net), target);
  try {
    if (method === "gradCam") {
      return await read(tidy(() => upsampleMap(gradCam(score, net.features)(x), [cells, cells])));
    }
    if (method === "gradient")
      return await read(tidy(() => cellMeans(sum(mul(saliency(score)(x), x), 3, true))));
    const falls = await occlusion(probabilityOf(net, target) as Score, {
      window: [48, 48],
      stride: [32, 32],
      baseline: 0.5,
      batchSize: 7,
    })(x);
    const byCell = tidy(() => cellMeans(mean(falls, 3)));
    falls.dispose();
    return await read(byCell);
  } finally {
    x.dispose();
  }
}

/** The photograph with cells out of focus: what they show is hidden, while their colors stay. */
export function hidden(pixels: Float32Array, list: readonly number[]): Float32Array {
  const result = Float32Array.from(pixels);
  const soft = blurred(pixels);
  for (const cell of list) {
    const [top, left] = [cellSide * Math.floor(cell / cells), cellSide * (cell % cells)];
    for (let row = top; row < top + cellSide; row++) {
      const at = 3 * (side * row + left);
      result.set(soft.subarray(at, at + 3 * cellSide), at);
    }
  }
  return result;
}

/** The cells, the most important first. */
export const orderOf = (map: ArrayLike<number>): number[] =>
  Array.from({ length: map.length }, (_, i) => i).sort((a, b) => (map[b] ?? 0) - (map[a] ?? 0));

/** What hiding a map's most important cells does: to the probability of `target`, and what the same pattern does when it is moved elsewhere. */
export interface HidingTest {
  readonly left: number;
  readonly moved: readonly number[];
}

/** Hides a map's `count` most important cells, then the same pattern in {@link orders} other positions. What leaves at one edge comes back at the other. */
export async function hidingTest(
  net: SqueezeNet,
  pixels: Float32Array,
  { map, target, count }: { readonly map: Float32Array; readonly target: number; readonly count: number },
): Promise<HidingTest> {
  const rng = new Rng(14);
  const list = orderOf(map).slice(0, count);
  const probability = async (list: readonly number[]) =>
    (await predict(net, hidden(pixels, list)))[target] ?? NaN;
  const moved: number[] = [];
  for (let i = 0; i < orders; i++) {
    const [down = 0, right = 0] = rng.randint(3, 12, [2]).data;
    const other = list.map((cell) => {
      const [row, column] = [(Math.floor(cell / cells) + down) % cells, ((cell % cells) + right) % cells];
      return row * cells + column;
    });
    moved.push(await probability(other));
  }
  return { left: await probability(list), moved };
}

function cellMeans(map: Tensor): Tensor {
  return mean(reshape(map, [cells, cellSide, cells, cellSide]), [1, 3]); //      [14, 14]
}

/** The darkest cells first: it may look like an explanation, and knows nothing of the network. */
function darknessOf(pixels: Float32Array): Float32Array {
  const map = new Float32Array(cells * cells);
  for (let i = 0; i < pixels.length; i++) {
    const [row, column] = [Math.floor(i / (3 * side)), Math.floor(i / 3) % side];
    const cell = cells * Math.floor(row / cellSide) + Math.floor(column / cellSide);
    map[cell] = (map[cell] ?? 0) + (1 - (pixels[i] ?? 0)) / (3 * cellSide ** 2);
  }
  return map;
}
