import {
  avgPool2d,
  type AvgPool2dOptions,
  BatchNorm1d,
  BatchNorm2d,
  conv2d,
  type Conv2dOptions,
  crossEntropy,
  type CrossEntropyOptions,
  elu,
  gelu,
  relu,
  gruScan,
  type Layer,
  LayerNorm,
  linear,
  lstmScan,
  maxPool2d,
  type MaxPool2dOptions,
  type Recurrence,
  RMSNorm,
  Rng,
  rnnScan,
  silu,
  softplus,
  training,
} from "@pellucid/core-train";
import { deformConv2d, roiAlign } from "@pellucid/detection";
import { propagate, scatterSoftmax } from "@pellucid/gnn";
import { selectiveScan } from "@pellucid/mamba";
import { sines } from "@pellucid/testing";
import { scaledDotProductAttention } from "@pellucid/transformer";
import {
  clone,
  concat,
  gather,
  matMul,
  mul,
  neg,
  reshape,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";

/** An op on inputs of some shapes. Its gradients are taken at each. */
export interface Row {
  /** The custom kernels that it runs. */
  readonly kernels: readonly string[];
  readonly shapes: readonly number[][];
  readonly run: (...inputs: Tensor[]) => Tensor;
}

export const convolution = (
  x: number[],
  filter: number[],
  options: Conv2dOptions = {},
  hasBias = false,
): Row => ({
  kernels: [
    hasBias ? "PellucidConv2dWithBias" : "PellucidConv2d",
    "PellucidConv2dInput",
    "PellucidConv2dFilter",
  ],
  shapes: hasBias ? [x, filter, [filter[3] as number]] : [x, filter],
  run: (at, w, b) => conv2d(at as Tensor4D, w as Tensor4D, (b as Tensor1D | undefined) ?? null, options),
});

export const pooling = (x: number[], size: number, options: MaxPool2dOptions): Row => {
  const name = options.dilation === undefined ? "PellucidMaxPool2d" : "PellucidDilatedMaxPool2d";
  return {
    kernels: options.dilation === undefined ? [`${name}Gradient`] : [name, `${name}Gradient`],
    shapes: [x],
    run: (at) => maxPool2d(at as Tensor4D, size, options),
  };
};

export const averaging = (x: number[], size: number, options: AvgPool2dOptions): Row => ({
  kernels: ["PellucidAvgPool2dGradient"],
  shapes: [x],
  run: (at) => avgPool2d(at as Tensor4D, size, options),
});

export const product = (a: number[], b: number[], transposeA: boolean, transposeB: boolean): Row => ({
  kernels: ["BatchMatMul"],
  shapes: [a, b],
  run: (x, y) => matMul(x, y, transposeA, transposeB),
});

export const scan = (batch: number, time: number, channels: number, size: number): Row => ({
  kernels: ["PellucidSelectiveScan", "PellucidSelectiveScanGradient"],
  shapes: [
    [batch, time, channels],
    [batch, time, channels],
    [channels, size],
    [batch, time, size],
    [batch, time, size],
  ],
  run: (u, delta, A, B, C) => {
    const [lasting, rates] = [square(delta as Tensor3D), neg(square(A as Tensor2D)) as Tensor2D];
    const inputs = { u: u as Tensor3D, delta: lasting, A: rates, B: B as Tensor3D, C: C as Tensor3D };
    const { output, state } = selectiveScan(inputs);
    return concat([reshape(output, [-1]), reshape(state, [-1])]);
  },
});

export const recurrence = (
  kind: "LSTM" | "GRU" | "RNN",
  sizes: readonly [number, number, number],
  how: Recurrence,
): Row => {
  const [batch, time, hidden] = sizes;
  const gates = { LSTM: 4, GRU: 3, RNN: 1 }[kind];
  const name = `Pellucid${kind[0]}${kind.slice(1).toLowerCase()}`;
  return {
    kernels: [name, `${name}Gradient`],
    shapes: [
      [batch, time, gates * hidden],
      [hidden, gates * hidden],
      [batch, hidden],
      [batch, hidden],
      [3 * hidden],
    ],
    run: (z, w, first, second, bias) => {
      const [x, weight, h, c] = [z as Tensor3D, w as Tensor2D, first as Tensor2D, second as Tensor2D];
      const all = {
        LSTM: () => lstmScan({ x, weight, h, c }, how).slice(0, 3),
        GRU: () => [...gruScan({ x, weight, h, bias: bias as Tensor1D }, how).slice(0, 2), mul(c, 2)],
        RNN: () => [
          ...rnnScan({ x, weight, h }, { ...how, nonlinearity: "tanh" }),
          mul(c, 2),
          mul(bias as Tensor1D, 2),
        ],
      }[kind]();
      return concat(
        [...all, ...(kind === "LSTM" ? [bias as Tensor1D] : [])].map((part) => reshape(part, [-1])),
      );
    },
  };
};

export const attention = (
  query: readonly [batch: number, heads: number, queries: number],
  key: readonly [groups: number, keys: number],
  options: {
    readonly isCausal?: boolean;
    readonly past?: number;
    readonly bias?: number[];
    readonly dropout?: number;
  } = {},
): Row => {
  const { bias, dropout = 0, ...how } = options;
  const [features, width] = [6, 5];
  return {
    kernels: ["PellucidAttention", "PellucidAttentionGradient"],
    shapes: [
      [...query, features],
      [query[0], ...key, features],
      [query[0], ...key, width],
      ...(bias === undefined ? [] : [bias]),
    ],
    run: (q, k, v, mask) =>
      scaledDotProductAttention(q as Tensor4D, k as Tensor4D, v as Tensor4D, {
        ...how,
        ...(dropout > 0 && { dropout, rng: new Rng(3) }),
        ...(mask !== undefined && { mask }),
      }),
  };
};

const labeled = (shape: [number, number], labels: number[], options: CrossEntropyOptions = {}): Row => ({
  kernels: ["PellucidLabelCrossEntropy", "PellucidLabelCrossEntropyGradient"],
  shapes: [shape],
  run: (x) => crossEntropy(mul(x, 5), tensor1d(labels, "int32"), { ...options, reduction: "none" }),
});

export const edges = (nodes: number, features: number): Row => ({
  kernels: ["PellucidGatherSum", "PellucidEdgeDot"],
  shapes: [[nodes, features], [9]],
  run: (x, weights) => {
    const ends = [0, 1, 2, 3, 3, 1, 2, 0, 2, 1, 0, 1, 2, 4, 1, 3, 2, 1];
    return propagate({ x, edgeIndex: tensor2d(ends, [2, 9], "int32"), edgeWeight: weights as Tensor1D });
  },
});

const regions = (channels: number): Row => ({
  kernels: ["PellucidWeightedGather", "PellucidWeightedScatter"],
  shapes: [[2, 6, 7, channels]],
  run: (x) => {
    const boxes = [0, 0.4, 1, 5.2, 3.9, 1, 2, 0.1, 6.5, 5.5, 1, -3, -2, 1.5, 9];
    return roiAlign(x as Tensor4D, { data: Float32Array.from(boxes), shape: [3, 5] }, [2, 3]);
  },
});

const edgeSoftmax = (heads: number): Row => ({
  kernels: ["PellucidSegmentSoftmax"],
  shapes: [[9, heads]],
  run: (x) => scatterSoftmax(mul(x, 5), tensor1d([0, 4, 0, 1, 4, 4, 0, 4, 2], "int32"), { size: 6 }),
});

export const norm = (shape: readonly number[]): Row => ({
  kernels: ["PellucidLayerNorm", "PellucidLayerNormGradient"],
  shapes: [[...shape]],
  run: (x) => {
    const layer = new LayerNorm(shape.at(-1) as number);
    layer.weight?.assign(sines([shape.at(-1) as number], 1));
    layer.bias?.assign(sines([shape.at(-1) as number], 2));
    return layer.forward(x);
  },
});

export const batchNorm = (shape: readonly number[]): Row => ({
  kernels: ["PellucidBatchNorm", "PellucidBatchNormGradient"],
  shapes: [[...shape]],
  run: (x) => {
    const channels = shape.at(-1) as number;
    const layer = shape.length === 2 ? new BatchNorm1d(channels) : new BatchNorm2d(channels);
    layer.weight?.assign(sines([channels], 1) as Tensor1D);
    layer.bias?.assign(sines([channels], 2) as Tensor1D);
    return training(layer, () => (layer as Layer<Tensor, Tensor>).forward(x));
  },
});

const gathered = (shape: number[], indices: number[], axis: number): Row => ({
  kernels: ["GatherV2"],
  shapes: [shape],
  run: (x) => gather(x, tensor1d(indices, "int32"), axis),
});

const permuted = (shape: number[], axes: number[]): Row => ({
  kernels: ["Transpose"],
  shapes: [shape],
  run: (x) => transpose(x, axes),
});

/** Ops that run custom kernels, by title. */
export const rows: Record<string, Row> = {
  attention: attention([2, 2, 7], [2, 9]),
  "attention of one query": attention([3, 4, 1], [4, 6]),
  "attention in groups of heads, causal": attention([2, 4, 9], [2, 9], { isCausal: true }),
  "attention with cached keys": attention([1, 2, 3], [2, 8], { isCausal: true, past: 5 }),
  "attention with a bias for all heads": attention([2, 3, 5], [3, 7], { bias: [2, 1, 5, 7] }),
  "attention with a bias for each query": attention([2, 3, 5], [3, 7], { bias: [1, 3, 5, 1] }),
  "attention of many": attention([1, 1, 33], [1, 34], { isCausal: true, past: 1 }),
  "attention of more queries than go together": attention([1, 2, 103], [1, 21]),
  "attention in groups of heads with dropout": attention([2, 4, 9], [2, 7], { dropout: 0.3 }),
  "a sum over the edges of a graph": edges(5, 37),
  "a sum over the edges of a graph, of sixteen features": edges(6, 16),
  "a sum over the edges of a graph, of one feature": edges(5, 1),
  "regions of a map": regions(5),
  "regions of a map of many features": regions(34),
  "a bent convolution": {
    kernels: ["PellucidWeightedGather", "PellucidWeightedScatter"],
    shapes: [
      [2, 5, 6, 6],
      [2, 3, 4, 36],
      [3, 3, 6, 4],
    ],
    run: (x, offset, weight) => deformConv2d(x as Tensor4D, offset as Tensor4D, weight as Tensor4D),
  },
  "a softmax over the edges of each node": edgeSoftmax(3),
  "a softmax over the edges of each node, of four heads and more": edgeSoftmax(7),
  "a layer norm": norm([5, 12]),
  "a layer norm of an odd number": norm([3, 2, 7]),
  "a layer norm of many rows": norm([41, 67]),
  "a batch norm": batchNorm([19, 12]),
  "a batch norm of images with an odd number of channels": batchNorm([3, 4, 5, 7]),
  "an ELU": {
    kernels: ["PellucidElu", "PellucidEluGradient"],
    shapes: [[3, 7]],
    run: (x) => elu(mul(x, 4), { alpha: 0.7 }),
  },
  "a ReLU": {
    kernels: ["PellucidRelu", "PellucidReluGradient"],
    shapes: [[3, 7]],
    run: (x) => relu(x),
  },
  "a cross-entropy with labels": labeled([5, 7], [6, 0, -100, 3, 3]),
  "a cross-entropy of two classes": labeled([3, 2], [1, 0, 1], { ignoreIndex: 0 }),
  "a smooth cross-entropy with many labels": labeled([4, 211], [0, 210, 99, -100], { labelSmoothing: 0.2 }),
  "rows at indices": gathered([7, 5], [3, 0, 3, 6], 0),
  "numbers at indices": gathered([2, 7, 1], [6, 1, 1], -2),
  "long rows at indices": gathered([2, 3, 40], [2, 0], 1),
  "axes that are turned": permuted([7, 6], [1, 0]),
  "many axes that are turned": permuted([3, 21, 2, 19], [2, 3, 0, 1]),
  "axes in another order, the last one in place": permuted([2, 5, 3, 7], [0, 2, 1, 3]),
  "axes in another order, of odd sizes": permuted([2, 3, 5, 2, 3], [4, 2, 0, 3, 1]),
  "axes of which two stay together": permuted([4, 1, 5, 6], [2, 3, 1, 0]),
  "six axes in another order": permuted([2, 3, 2, 3, 2, 2], [5, 3, 1, 4, 2, 0]),
  "a norm of the mean square": {
    kernels: ["PellucidRmsNorm"],
    shapes: [[5, 2, 11]],
    run: (x) => {
      const layer = new RMSNorm(11);
      layer.weight?.assign(sines([11], 1));
      return layer.forward(x);
    },
  },
  "a SiLU": {
    kernels: ["PellucidSilu", "PellucidSiluGradient"],
    shapes: [[3, 7]],
    run: (x) => silu(mul(x, 4)),
  },
  "a softplus": {
    kernels: ["PellucidSoftplus"],
    shapes: [[3, 7]],
    run: (x) => softplus(mul(x, 9), { beta: 2, threshold: 8 }),
  },
  "a GELU with the tangent": {
    kernels: ["PellucidGeluTanh", "PellucidGeluTanhGradient"],
    shapes: [[3, 7]],
    run: (x) => gelu(mul(x, 4), { approximate: "tanh" }),
  },
  "an LSTM": recurrence("LSTM", [9, 5, 8], { lengths: new Array<number>(9).fill(5), reverse: false }),
  "an LSTM backward over padded sequences, of an odd size": recurrence("LSTM", [3, 4, 5], {
    lengths: [4, 1, 3],
    reverse: true,
  }),
  "a GRU": recurrence("GRU", [8, 5, 4], { lengths: new Array<number>(8).fill(5), reverse: false }),
  "a GRU backward over padded sequences, of an odd size": recurrence("GRU", [3, 4, 6], {
    lengths: [2, 4, 1],
    reverse: true,
  }),
  "an RNN": recurrence("RNN", [2, 5, 3], { lengths: [5, 5], reverse: false }),
  "an RNN backward over padded sequences": recurrence("RNN", [8, 4, 9], {
    lengths: [4, 1, 3, 2, 4, 4, 1, 2],
    reverse: true,
  }),
  "a selective scan": scan(2, 9, 5, 8),
  "a selective scan of a state size that is not a multiple of four": scan(3, 4, 3, 6),
  "a selective scan of one time step": scan(1, 1, 2, 3),
  convolution: convolution([2, 7, 6, 3], [3, 3, 3, 5]),
  "convolution with a bias": convolution([2, 7, 6, 3], [3, 2, 3, 10], { stride: 2, padding: 1 }, true),
  "convolution, dilated with a stride": convolution(
    [1, 11, 9, 2],
    [3, 3, 2, 9],
    { stride: 2, dilation: 2, padding: 3 },
    true,
  ),
  "convolution in groups": convolution([2, 6, 5, 6], [3, 3, 3, 8], { groups: 2, padding: 1 }, true),
  "convolution in small groups": convolution([2, 6, 5, 6], [2, 3, 2, 9], { groups: 3, stride: [1, 2] }),
  "convolution of each channel": convolution([2, 7, 7, 5], [3, 3, 1, 5], { groups: 5, padding: 1 }, true),
  "convolution of each channel, several times": convolution(
    [2, 7, 7, 3],
    [3, 3, 1, 6],
    { groups: 3, stride: 2, dilation: 2, padding: 2 },
    true,
  ),
  "convolution of one channel": convolution([3, 5, 5, 1], [2, 2, 1, 3], {}, true),
  "max pooling": pooling([2, 6, 7, 5], 2, {}),
  "max pooling that overlaps": pooling([2, 7, 7, 10], 3, { stride: 2, padding: 1, ceilMode: true }),
  "max pooling of single pixels": pooling([1, 5, 5, 2], 1, { stride: 2 }),
  "max pooling, dilated": pooling([2, 8, 9, 6], 3, { stride: 2, dilation: 2, padding: 1 }),
  "average pooling": averaging([2, 6, 7, 5], 2, {}),
  "average pooling that overlaps": averaging([2, 7, 7, 9], 3, { stride: 2, padding: 1 }),
  linear: {
    kernels: ["PellucidLinear"],
    shapes: [[5, 7], [7, 11], [11]],
    run: (x, weight, bias) => linear(x, weight as Tensor2D, bias as Tensor1D),
  },
  "a product of matrices": product([9, 6], [6, 13], false, false),
  "a product of few rows": product([3, 70], [70, 37], false, false),
  "a product of few rows with the second transposed": product([2, 21], [5, 21], false, true),
  "a product of little depth": product([40, 2], [2, 21], false, false),
  "linear with one row": {
    kernels: ["PellucidLinear"],
    shapes: [[1, 9], [9, 19], [19]],
    run: (x, weight, bias) => linear(x, weight as Tensor2D, bias as Tensor1D),
  },
  "one with the first transposed": product([6, 9], [6, 3], true, false),
  "one with the second transposed": product([9, 6], [5, 6], false, true),
  "one with both transposed": product([6, 9], [5, 6], true, true),
  "one with the first transposed, laid out": product([300, 21], [300, 37], true, false),
  "products with both transposed, broadcast": product([2, 1, 2, 7], [4, 5, 2], true, true),
  "products of many matrices": product([2, 3, 4, 6], [2, 3, 6, 5], false, false),
  "products of many with the first transposed": product([3, 6, 9], [3, 6, 8], true, false),
  "products of many with the second transposed": product([3, 9, 6], [3, 5, 6], false, true),
  "the same": { kernels: ["Identity"], shapes: [[2, 3]], run: (x) => clone(x) },
  "a sum over the first axes": { kernels: ["Sum"], shapes: [[3, 4, 5, 7]], run: (x) => sum(x, [0, 1, 2]) },
  "a sum over axes in between": {
    kernels: ["Sum"],
    shapes: [[3, 70, 5, 7]],
    run: (x) => sum(x, [1, 2], true),
  },
  "a sum over the last axis": { kernels: ["Sum"], shapes: [[3, 5]], run: (x) => sum(x, -1) },
  "a sum over axes apart": { kernels: ["Sum"], shapes: [[3, 5, 4]], run: (x) => sum(x, [0, 2]) },
};
