import {
  checkArguments,
  checkOptions,
  encodeSafetensors,
  leaves,
  type HostData,
  type HostTensor,
  permute,
  type StoredTensor,
  type Struct,
} from "@pellucid/core-train";
import { dispose, Tensor, tensor } from "@tensorflow/tfjs-core";
import { checkSameInTraining } from "./check-same-in-training.ts";
import { sameAxes } from "./python-tensor.ts";
import { identity } from "./python-tree.ts";
import { readmeOf } from "./readme.ts";
import { TorchExportError } from "./torch-export-error.ts";
import type { TrainRecipe } from "./train-recipe.ts";
import { trainScript } from "./train-script.ts";
import type { AnyModel } from "./trace-for-torch.ts";
import { writtenLoss } from "./written-loss.ts";
import { writeModel, type WrittenModel } from "./write-model.ts";

/** Options for {@link toTorch}. */
export interface ToTorchOptions {
  /** How to train the model: `train.py` and its data are written, too. Default: none. */
  readonly train?: TrainRecipe;
  /** The names of inputs that are the same in every run, such as the edges of a graph: they become tables. Default: none. */
  readonly fixed?: readonly string[];
}

/**
 * Files by name: `model.py`, `weights.safetensors` and `README.md`; with a recipe also `train.py` and `data.safetensors`; and
 * `tables.safetensors` if the model has tables of numbers, such as rotary positions.
 */
export type TorchFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * Writes a model as PyTorch source: a class for each module, with our names, whose `forward` comes from a trace, images with their channels first,
 * and the weights as they are now.
 *
 * ```ts
 * const files = await toTorch(model, [images], { train: { data, loss: "crossEntropy", optimizer: { name: "adamw", learningRate: 1e-3 }, batchSize: 32, steps: 500 } });
 * for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
 * ```
 *
 * With a recipe, `python train.py` prints the losses of {@link trainByRecipe}, and `torchrun --nproc-per-node 8 train.py` trains on eight devices
 * by DistributedDataParallel, from checkpoints where there are any. The names of weights are those of {@link saveWeights}, so that what was
 * trained there loads here.
 *
 * @param inputs the arguments of `forward`, as small as the model allows
 * @throws {TorchExportError} If an op has no form in PyTorch, or a module does what PyTorch source cannot say, by name.
 * @throws {TraceError} If what the model computes depends on its input other than by tensors.
 */
export async function toTorch(
  model: AnyModel,
  inputs: readonly unknown[],
  options: ToTorchOptions = {},
): Promise<TorchFiles> {
  checkArguments("toTorch", { module: { model }, array: { inputs } });
  checkOptions("toTorch", options, ["train", "fixed"]);
  const { train, fixed = [] } = options;
  const written = writeModel(model, inputs, fixed);
  if (train !== undefined) {
    checkRecipe(model, written, train, fixed);
    checkSameInTraining(model, inputs);
  }
  const weights = await weightsOf(written);
  const hasTables = Object.keys(written.tables).length > 0;
  return {
    "model.py": written.source,
    "weights.safetensors": weights,
    ...(hasTables && { "tables.safetensors": encodeSafetensors(stored(written.tables), { format: "pt" }) }),
    ...(train !== undefined && {
      "train.py": scriptOf(model, inputs, written, train),
      "data.safetensors": encodeSafetensors(stored(dataOf(written, train)), { format: "pt" }),
    }),
    "README.md": readmeOf(written.name, train),
  };
}

/** The weights under their names in Python, which tied ones have several of. */
async function weightsOf({ tree }: WrittenModel): Promise<Uint8Array<ArrayBuffer>> {
  const values = await Promise.all(tree.state.map(({ variable }) => variable.data() as Promise<HostData>));
  const entries = tree.state.map(({ variable, slot }, i) => {
    const ours: HostTensor = { data: values[i] as HostData, shape: variable.shape };
    const theirs = permute(
      ours,
      slot.axes.map((_, axis) => slot.axes.indexOf(axis)),
    );
    return [slot.state, theirs] as const;
  });
  return encodeSafetensors(stored(Object.fromEntries(entries)), { format: "pt" });
}

/** Integers as PyTorch has them, in 64 bits. */
function stored(
  tensors: Readonly<Record<string, HostTensor>>,
): Readonly<Record<string, HostTensor | StoredTensor>> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      if (!(tensor.data instanceof Int32Array)) return [name, tensor] as const;
      const wide = BigInt64Array.from(tensor.data, BigInt);
      const bytes = new Uint8Array(wide.buffer);
      return [name, { dtype: "I64", shape: tensor.shape, bytes } satisfies StoredTensor] as const;
    }),
  );
}

function checkRecipe(
  model: AnyModel,
  { inputs, outputs }: WrittenModel,
  { data, loss, batchSize }: TrainRecipe,
  fixed: readonly string[],
): void {
  const wanted = [...inputs.map(({ name }) => name), "target"];
  const given = Object.keys(data).filter((name) => !fixed.includes(name));
  if (String(wanted.toSorted()) !== String(given.toSorted()))
    throw new TorchExportError(`toTorch: data has ${given.join(", ")}, expected ${wanted.join(", ")}.`);
  const counts = new Set(given.map((name) => data[name]?.shape[0]));
  if (counts.size !== 1)
    throw new TorchExportError(
      `toTorch: the entries of data have ${[...counts].join(" and ")} examples, expected as many in each.`,
    );
  if (fixed.length > 0 && batchSize !== "all")
    throw new TorchExportError(
      `toTorch: ${fixed.join(" and ")} are the same in every run, but batchSize is ${String(batchSize)}; expected "all".`,
    );
  if (typeof loss !== "function" && outputs.length !== 1)
    throw new TorchExportError(
      `toTorch: ${model.constructor.name} has ${outputs.length} outputs, and ${loss} takes one; give a function as the loss, or write the files without a recipe.`,
    );
}

/** The order of the axes of the target, which is that of an output of its rank. */
function targetAxes({ outputs: [output] }: WrittenModel, { data }: TrainRecipe): readonly number[] {
  const target = data["target"] as HostTensor;
  const rank = target.shape.length;
  const fits = output?.length === rank && target.data instanceof Float32Array;
  return fits ? output : identity(rank);
}

/** The examples with their axes in PyTorch's order; what is fixed is in the model. */
function dataOf(written: WrittenModel, recipe: TrainRecipe): Readonly<Record<string, HostTensor>> {
  const all = {
    ...Object.fromEntries(written.inputs.map((input) => [input.name, input.axes])),
    target: targetAxes(written, recipe),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, order]) => {
      const tensor = recipe.data[name] as HostTensor;
      const fits = order.length === tensor.shape.length && tensor.data instanceof Float32Array;
      const moved = fits ? order.map((_, axis) => order.indexOf(axis)) : identity(tensor.shape.length);
      return [name, permute(tensor, moved)] as const;
    }),
  );
}

function scriptOf(
  model: AnyModel,
  args: readonly unknown[],
  written: WrittenModel,
  recipe: TrainRecipe,
): string {
  const { name, tree, inputs, outputs } = written;
  const [output = []] = outputs;
  const { loss } = recipe;
  const source = { model, name, tree, recipe, inputs: inputs.map((input) => input.name) };
  const shared = { ...source, classesFirst: !sameAxes(output, identity(output.length)), rank: output.length };
  const made = model.forward(...(args as never[])) as Struct;
  try {
    const kind = made instanceof Tensor ? "tensor" : Array.isArray(made) ? "list" : "record";
    if (typeof loss !== "function") return trainScript({ ...shared, output: kind, loss: null });
    const count = leaves(made)[0]?.shape[0] ?? 0;
    const target = firstOf(recipe.data["target"] as HostTensor, count);
    try {
      const sample = { output: made, axes: outputs, target, targetAxes: targetAxes(written, recipe) };
      return trainScript({ ...shared, output: kind, loss: writtenLoss(loss, sample) });
    } finally {
      target.dispose();
    }
  } finally {
    dispose(leaves(made));
  }
}

/** The first of some examples. */
function firstOf({ data, shape: [total = 0, ...rest] }: HostTensor, count: number): Tensor {
  const size = rest.reduce((product, n) => product * n, 1);
  const numbers = data.slice(0, Math.min(count, total) * size);
  return tensor(
    numbers,
    [Math.min(count, total), ...rest],
    data instanceof Float32Array ? "float32" : "int32",
  );
}
