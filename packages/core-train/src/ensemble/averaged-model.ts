import {
  add,
  cast,
  equal,
  mul,
  type Rank,
  scalar,
  sub,
  tidy,
  type Variable,
  where,
} from "@tensorflow/tfjs-core";
import type { Layer } from "../module/layer.ts";
import { Module } from "../module/module.ts";
import { type Buffer, stateBuffer, isBuffer } from "../module/parameter.ts";
import { asTensor } from "../op/as-tensor.ts";
import type { HasTorchLayout, TorchLayout } from "../weights/torch-layout.ts";
import { torchSlots } from "../weights/torch-slots.ts";
import { type Averaging, swa } from "./averaging.ts";
import { assignWeights, withWeights } from "./with-weights.ts";
import { checkArguments } from "../check-arguments.ts";
import { checkOptions } from "../check-options.ts";

export interface AveragedModelOptions {
  /** Default: {@link swa}, the plain average; {@link ema} is the exponential one. */
  readonly average?: Averaging;
  /** Whether to average buffers too, such as running statistics, instead of copying them. Default: false. */
  readonly useBuffers?: boolean;
}

/**
 * A model with the average of the weights of another over training: `torch.optim.swa_utils.AveragedModel`.
 *
 * ```ts
 * const averaged = new AveragedModel(model, { average: ema(0.999) });
 * await trainStep(model, optimizer, loss);
 * averaged.update(); // after each step
 * const { loss } = await evaluate(averaged, validation, { loss: crossEntropy });
 * ```
 *
 * It has no layers of its own: `forward` sets the averages in the model while it runs. Its weights are saved and loaded
 * under PyTorch's names: `n_averaged`, `module.conv1.weight`, …
 */
export class AveragedModel<In, Out> extends Module implements Layer<In, Out>, HasTorchLayout {
  /** How many updates have been averaged. */
  readonly nAveraged: Buffer<Rank.R0> = stateBuffer({ data: new Int32Array(1), shape: [] });
  /** The averages, by path. Initially the weights of the model. */
  readonly module: Readonly<Record<string, Buffer>>;
  readonly #model: Module & Layer<In, Out>;
  readonly #average: Averaging;
  readonly #useBuffers: boolean;

  constructor(model: Module & Layer<In, Out>, options: AveragedModelOptions = {}) {
    checkArguments("AveragedModel", { module: { model } });
    checkOptions("AveragedModel", options, ["average", "useBuffers"]);
    super();
    const { average = swa(), useBuffers = false } = options;
    this.#model = model;
    this.#average = average;
    this.#useBuffers = useBuffers;
    const made = new Map<Variable, Buffer>(); // a tensor that two fields share has one average
    for (const { tensor } of model.slots()) if (!made.has(tensor)) made.set(tensor, copyOf(tensor));
    this.module = Object.fromEntries(
      [...model.slots()].map(({ path, tensor }) => [path, made.get(tensor) as Buffer]),
    );
  }

  get torchLayout(): TorchLayout {
    const stored = torchSlots(this.#model);
    const paths = [...this.#model.slots()].map(({ path }) => path);
    return Object.fromEntries(
      stored.map(({ name, axes, optional }, i) => [
        `module.${paths[i]}`,
        { name: `module.${name}`, axes, optional },
      ]),
    );
  }

  /** Includes the current weights of the model in the average. */
  update(): void {
    tidy(() => {
      const count = this.nAveraged;
      const rule = asTensor(this.#average(cast(count, "float32")));
      const share = this.#average.includesInitial === true ? rule : where(equal(count, 0), scalar(1), rule);
      const seen = new Set<Variable>();
      for (const { path, tensor } of this.#model.slots()) {
        if (seen.has(tensor)) continue;
        seen.add(tensor);
        const average = this.module[path] as Buffer;
        const isTaken = tensor.dtype !== "float32" || (isBuffer(tensor) && !this.#useBuffers);
        const next = isTaken ? tensor : add(mul(average, sub(1, share)), mul(tensor, share));
        average.assign(next as Variable);
      }
      count.assign(add(count, scalar(1, "int32")) as Buffer<Rank.R0>);
    });
  }

  forward(input: In): Out {
    return this.swap(() => this.#model.forward(input));
  }

  /**
   * Runs `body` while the model has the averages. Its own weights are restored afterwards, also when `body` throws.
   * `body` may be asynchronous: do not train the model until it has finished.
   */
  swap<T>(body: () => T): T {
    return withWeights(this.#model, this.module, body);
  }

  /** Sets the averages in the model permanently. */
  apply(): void {
    for (const [, before] of assignWeights("AveragedModel", this.#model, this.module)) before.dispose();
  }
}

function copyOf(tensor: Variable): Buffer {
  const { dtype, shape, size } = tensor;
  const copy = stateBuffer({
    data: dtype === "float32" ? new Float32Array(size) : new Int32Array(size),
    shape,
  });
  copy.assign(tensor);
  return copy;
}
