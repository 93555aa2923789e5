import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import { expectTypeOf } from "vitest";
import type { HostTensor } from "../host-tensor.ts";
import { Rng } from "../rng/rng.ts";
import type { Batch, BatchSource } from "../train/batch.ts";
import type { BatchStream } from "./batch-stream.ts";
import { type Batches, batches } from "./batches.ts";
import type { Dataset } from "./dataset.ts";
import { mapDataset } from "./map-dataset.ts";
import { randomSplit } from "./random-split.ts";
import { Subset } from "./subset.ts";
import { TensorDataset } from "./tensor-dataset.ts";

const rng = new Rng(0);
const dataset = <Item>(): Dataset<Item> => ({ length: 0, get: () => Promise.reject(new Error()) });

// what items become
expectTypeOf(batches(dataset<number>(), { size: 2 })).toEqualTypeOf<Batches<Tensor1D>>();
expectTypeOf(batches(dataset<Float32Array>(), { size: 2 })).toEqualTypeOf<Batches<Tensor2D>>();
expectTypeOf(batches(dataset<number[]>(), { size: 2 })).toEqualTypeOf<Batches<Tensor2D>>();
expectTypeOf(batches(dataset<HostTensor>(), { size: 2 })).toEqualTypeOf<Batches<Tensor>>();
expectTypeOf(batches(dataset<{ x: HostTensor; y: number; name: string }>(), { size: 2 })).toEqualTypeOf<
  Batches<{ x: Tensor; y: Tensor1D; name: string[] }>
>();
expectTypeOf(batches(dataset<[Float64Array, number]>(), { size: 2 })).toEqualTypeOf<
  Batches<[Tensor2D, Tensor1D]>
>();

interface Sample {
  readonly image: { readonly data: Uint8Array; readonly shape: readonly [number, number, number] };
  readonly boxes: { readonly first: number[] };
}
expectTypeOf(batches(dataset<Sample>(), { size: 2 })).toEqualTypeOf<
  Batches<{ readonly image: Tensor4D; readonly boxes: { readonly first: Tensor2D } }>
>();

// a class of your own, in time or later
class Files {
  readonly length = 3;
  get(index: number): Promise<{ x: Float32Array; y: number }> {
    return Promise.resolve({ x: new Float32Array(2), y: index });
  }
}
expectTypeOf(batches(new Files(), { size: 2, shuffle: true, rng })).toEqualTypeOf<
  Batches<{ x: Tensor2D; y: Tensor1D }>
>();

class Photos {
  readonly length = 200;
  get(index: number) {
    return Promise.resolve({ x: { data: new Uint8Array(3072), shape: [32, 32, 3] as const }, y: index % 10 });
  }
}
expectTypeOf(batches(new Photos(), { size: 50 })).toEqualTypeOf<Batches<{ x: Tensor4D; y: Tensor1D }>>();

// arrays in memory: the ranks come from the shapes
const digits = new TensorDataset({
  x: { data: new Float32Array(64), shape: [1, 8, 8, 1] },
  y: { data: new Int32Array(1), shape: [1] },
});
type Digits = Batches<{ readonly x: Tensor4D; readonly y: Tensor1D }>;
expectTypeOf(batches(digits, { size: 2 })).toEqualTypeOf<Digits>();
const nested = new TensorDataset({
  x: {
    image: { data: new Float32Array(64), shape: [1, 8, 8] },
    times: [{ data: new Int32Array(1), shape: [1] }],
  },
});
expectTypeOf(batches(nested, { size: 2 })).toEqualTypeOf<
  Batches<{ readonly x: { readonly image: Tensor3D; readonly times: readonly [Tensor1D] } }>
>();
expectTypeOf(batches(new Subset(digits, [0]), { size: 2 })).toEqualTypeOf<Digits>();
const [train] = randomSplit(digits, [0.8, 0.2], { rng });
expectTypeOf(batches(train, { size: 2 })).toEqualTypeOf<Digits>();

// changed items
const flat = mapDataset(digits, ({ x, y }) => ({ x: x.data, y }));
expectTypeOf(batches(flat, { size: 2 })).toEqualTypeOf<Batches<{ x: Tensor2D; y: Tensor1D }>>();

// a collate function of your own
const collate = (items: { x: Float32Array }[]) => ({
  x: { data: new Float32Array(items.length), shape: [items.length, 1, 1] as const },
  any: { data: new Float32Array(items.length), shape: [items.length] as number[] },
  names: ["a"],
});
expectTypeOf(batches(new Files(), { size: 2, collate })).toEqualTypeOf<
  Batches<{ x: Tensor3D; any: Tensor; names: string[] }>
>();

// streams
async function* stream() {
  yield await Promise.resolve({ x: [1, 2], y: 0.5 });
}
expectTypeOf(batches(stream(), { size: 2 })).toEqualTypeOf<BatchStream<{ x: Tensor2D; y: Tensor1D }>>();

// what `fit` takes
expectTypeOf(batches(digits, { size: 2 })).toExtend<BatchSource<Batch<Tensor4D, Tensor1D>>>();
expectTypeOf(batches(stream(), { size: 2 })).toExtend<BatchSource<Batch<Tensor2D, Tensor1D>>>();

// what is drawn needs a generator
// @ts-expect-error -- shuffled without one
batches(digits, { size: 2, shuffle: true });
// @ts-expect-error -- neither a size nor a batch sampler
batches(digits, { shuffle: true, rng });
// @ts-expect-error -- a stream has no order to draw
batches(stream(), { size: 2, shuffle: true, rng });
