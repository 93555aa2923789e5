import { clone, tidy } from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import type { Module } from "../module/module.ts";
import { OptionError } from "../option-error.ts";
import { freeAxes } from "./free-axes.ts";
import { joinRuns } from "./join-runs.ts";
import { type AxisNames, inputsOf, resized, withInputs } from "./model-inputs.ts";
import { traceTable } from "./trace-table.ts";
import { recordRun } from "./record-run.ts";
import type { RecordedRun } from "./recorded-run.ts";
import type { Trace } from "./traced-graph.ts";

/** Options for {@link trace}. */
export interface TraceOptions {
  /**
   * The free axes of each input by the input's name: `{ images: ["batch", "height", "width", null] }`. Axes of one name have one size; `null` is
   * an axis of fixed size, as are those of inputs that are not named. An axis that is not free is an error. Default: found by running the model
   * at other sizes: `batch` of every input, `time` of sequences (rank 3, or rank 2 of integers), `depth`, `height` and `width` of images and volumes.
   */
  readonly axes?: Readonly<Record<string, readonly (string | null)[]>>;
  /** The names of inputs that are the same in every run, such as the edges of a graph: they become constants. Default: none. */
  readonly fixed?: readonly string[];
  /** Whether to trace the model in training mode. What is drawn at random is then a constant, and no buffer changes. Default: false. */
  readonly training?: boolean;
  /**
   * Whether the model runs only once, for a drawing or a table of it: no axis is free, constants are not read but filled with NaN, and the model may read what it
   * computed, as detectors do to choose boxes; what it makes of that is a constant. Default: false.
   */
  readonly once?: boolean;
  /**
   * Whether an op is shown as it is; others are taken apart into those that they are composed of. Default: every op is, but `detach`, which is there for
   * those who write how to train.
   */
  readonly known?: (op: string) => boolean;
}

/**
 * Runs a model and returns what it computed as a graph: every op with its inputs, outputs and attributes, by module, with the names of parameters
 * and the shapes of all tensors. Formats such as ONNX and PyTorch source are written from it.
 *
 * ```ts
 * const { nodes, axes } = trace(model, [images]);
 * nodes.map(({ op, path }) => `${path}: ${op}`); // ["conv1: PellucidConv2dWithBias", "relu: PellucidRelu", …]
 * axes; // { batch: { size: 1, limit: null, multiple: 1 }, height: … }
 * console.log(String(trace(model, [images]))); // a table with a line for each op
 * ```
 *
 * The model runs several times, at other sizes of the inputs, to find which axes are free; sizes that depend on them are {@link FreeSize}s. It
 * is as before afterwards, its random generators included.
 *
 * @param inputs the arguments of `forward`; their tensors are named `input` or by the fields that lead to them
 * @throws {TraceError} If the model reads what it computed on the host, so that the graph would depend on the numbers, or if an axis
 *   of `axes` is not free.
 */
export function trace<Inputs extends readonly never[] | readonly unknown[]>(
  model: Module & { forward(...inputs: Inputs): unknown },
  inputs: NoInfer<Inputs>,
  options: TraceOptions = {},
): Trace {
  checkOptions("trace", options, ["axes", "fixed", "training", "once", "known"]);
  const { fixed = [], training = false, once = false, known = (op) => op !== "detach" } = options;
  const { axes = once ? {} : undefined } = options;
  if (!Array.isArray(inputs))
    throw new OptionError("trace", "inputs", typeof inputs, "the list of what forward takes: [images]");
  const free = Object.keys(axes ?? {});
  if (once && free.length > 0)
    throw new OptionError("trace", "axes", free.join(", "), "no axis, for the model runs once");
  const found = inputsOf(inputs, fixed);
  const record = (sizes: ReadonlyMap<string, number>, named: ReadonlyMap<string, AxisNames>) => {
    const made: RecordedRun[] = [];
    tidy(() => {
      const sized = found.map(({ name, tensor }) => ({
        name,
        from: tensor,
        tensor: clone(resized(tensor, named.get(name) ?? [], sizes)),
      }));
      const args = withInputs(inputs, new Map(sized.map((one) => [one.from, one.tensor])));
      made.push(recordRun({ model, args, inputs: sized, training, once, known }));
    });
    return made[0] as RecordedRun;
  };
  const joined = joinRuns(freeAxes({ inputs: found, axes, record }));
  return { ...joined, toString: () => traceTable(joined) };
}
