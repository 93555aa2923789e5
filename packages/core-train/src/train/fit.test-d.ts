import { mean, mul, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import { expectTypeOf } from "vitest";
import { batches } from "../data/batches.ts";
import type { Dataset } from "../data/dataset.ts";
import { crossEntropy } from "../loss/cross-entropy.ts";
import { mseLoss } from "../loss/mse-loss.ts";
import { Accuracy } from "../metric/accuracy.ts";
import { MeanSquaredError } from "../metric/mean-squared-error.ts";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { Flatten } from "../nn/flatten.ts";
import { Linear } from "../nn/linear.ts";
import { Sequential } from "../module/sequential.ts";
import { adam } from "../optim/adam.ts";
import { Rng } from "../rng/rng.ts";
import type { Batch, BatchSource } from "./batch.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import type { MetricAccumulator } from "./metric-accumulator.ts";

const rng = new Rng(0);
const how = { optimizer: adam(), epochs: 1 };
const dataset = <Item>(): Dataset<Item> => ({ length: 0, get: () => Promise.reject(new Error()) });
declare function modelOf<In, Out>(): Module & Layer<In, Out>;

// a tensor in, a tensor out: the loss is given as it is, although its third parameter are options
declare const images: BatchSource<Batch<Tensor4D, Tensor1D>>;
const net = new Sequential(new Flatten(), new Linear(64, 10, { rng }));
fit(net, images, { ...how, loss: crossEntropy, metrics: { accuracy: new Accuracy() }, validation: images });
void evaluate(net, images, { loss: mseLoss });

// from the items of a dataset to the loss without a cast: a record in, with host values; a record out; more than x and y
interface Item {
  readonly x: {
    readonly image: { readonly data: Float32Array; readonly shape: readonly [8, 8, 1] };
    readonly time: number;
  };
  readonly y: { readonly mean: Float32Array; readonly label: number };
  readonly weight: number;
  readonly name: string;
}
interface Input {
  readonly image: Tensor4D;
  readonly time: Tensor1D;
}
interface Estimate {
  readonly mean: Tensor2D;
  readonly logits: Tensor2D;
}
const items = batches(dataset<Item>(), { size: 2 });
const estimator = modelOf<Input, Estimate>();
class Both implements MetricAccumulator<Estimate, { mean: Tensor2D; label: Tensor1D }, { name: string[] }> {
  update(output: Estimate, target: { mean: Tensor2D; label: Tensor1D }, { name }: { name: string[] }): void {
    expectTypeOf(output.logits).toEqualTypeOf<Tensor2D>();
    void [target, name];
  }
  compute = () => 0;
  reset(): void {}
}
fit(estimator, items, {
  ...how,
  loss: (output, target, batch) => {
    expectTypeOf(output).toEqualTypeOf<Estimate>();
    expectTypeOf(target.mean).toEqualTypeOf<Tensor2D>();
    expectTypeOf(target.label).toEqualTypeOf<Tensor1D>();
    expectTypeOf(batch.weight).toEqualTypeOf<Tensor1D>();
    expectTypeOf(batch.name).toEqualTypeOf<string[]>();
    expectTypeOf(batch.x.image).toEqualTypeOf<Tensor4D>();
    return mean(mul(crossEntropy(output.logits, target.label, { reduction: "none" }), batch.weight));
  },
  metrics: { both: new Both() },
});
fit(estimator, items, { ...how, loss: (output, { label }) => crossEntropy(output.logits, label) });
fit(estimator, items, { ...how, loss: ({ logits }) => mean(logits) });
void evaluate(estimator, items, { loss: (output, target) => mseLoss(output.mean, target.mean) });

// a collate function of the user's own keeps host values
const collate = (read: Item[]) => ({
  x: { tokens: { data: new Int32Array(6), shape: [read.length, 3] as const }, lengths: read.map(() => 3) },
  y: { data: new Int32Array(2), shape: [read.length] as const },
});
interface Texts {
  readonly tokens: Tensor2D;
  readonly lengths: readonly number[];
}
const texts = batches(dataset<Item>(), { size: 2, collate });
fit(modelOf<Texts, Tensor2D>(), texts, { ...how, loss: crossEntropy });

// interfaces, classes and lists of structures are inputs
interface GraphBatch {
  readonly x: Tensor2D;
  readonly edgeIndex: Tensor2D;
  readonly edgeWeight?: Tensor1D | null;
}
class Gaussian {
  readonly mean: Tensor2D;
  readonly variance: Tensor2D;
  constructor(mean: Tensor2D, variance: Tensor2D) {
    this.mean = mean;
    this.variance = variance;
  }
}
declare const graphs: BatchSource<Batch<GraphBatch, Tensor1D>>;
declare const noise: BatchSource<Batch<Gaussian, readonly Tensor3D[]>>;
fit(modelOf<GraphBatch, Tensor2D>(), graphs, { ...how, loss: crossEntropy });
fit(modelOf<Gaussian, Gaussian>(), noise, {
  ...how,
  loss: (output, [first]) => mean(mul(output.mean, first ?? 1)),
});

// what does not fit does not compile
declare const rows: BatchSource<Batch<Tensor2D, Tensor1D>>;
declare const functions: BatchSource<Batch<Tensor2D, () => number>>;
const loss = ({ mean: at }: Estimate) => mean(at);
// @ts-expect-error: the model takes images, and the data has rows
fit(modelOf<Tensor4D, Tensor2D>(), rows, { ...how, loss: crossEntropy });
// @ts-expect-error: the record lacks a field that the model reads
fit(modelOf<Input & { readonly label: Tensor1D }, Estimate>(), items, { ...how, loss });
// @ts-expect-error: this loss takes tensors, and the model gives records
fit(estimator, items, { ...how, loss: crossEntropy });
// @ts-expect-error: this one reads a field that is not there
fit(estimator, items, { ...how, loss: (output: { readonly variance: Tensor2D }) => mean(output.variance) });
// @ts-expect-error: the batch carries no lengths
fit(estimator, items, { ...how, loss: (output, _, { lengths }) => mul(mean(output.mean), lengths) });
// @ts-expect-error: this metric takes tensors
fit(estimator, items, { ...how, loss, metrics: { error: new MeanSquaredError() } });
// @ts-expect-error: the validation data is of another kind
fit(estimator, items, { ...how, loss, validation: images });
// @ts-expect-error: a batch holds no functions
fit(modelOf<Tensor2D, Estimate>(), functions, { ...how, loss });
// @ts-expect-error: the model takes images, and the data has rows
void evaluate(modelOf<Tensor4D, Tensor2D>(), rows, { loss: crossEntropy });
