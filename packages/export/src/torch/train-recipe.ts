import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  type Batches,
  batches,
  binaryCrossEntropyWithLogits,
  chain,
  checkArguments,
  clipGradNorm,
  cosineAnnealingLr,
  crossEntropy,
  DistributedSampler,
  exponentialLr,
  type HostTensor,
  huberLoss,
  l1Loss,
  linearLr,
  type Module,
  mseLoss,
  nadam,
  oneCycleLr,
  Optimizer,
  radam,
  rmsprop,
  Rng,
  sgd,
  sizeAlong,
  smoothL1Loss,
  stepLr,
  type Struct,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { dispose, reshape, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { TorchExportError } from "./torch-export-error.ts";

/** The optimizers that a recipe can name: those of the core that `torch.optim` has. */
export const recipeOptimizers = {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  nadam,
  radam,
  rmsprop,
  sgd,
} as const;

/** The schedules that a recipe can name: those of the core that `torch.optim.lr_scheduler` has. */
export const recipeSchedules = { cosineAnnealingLr, exponentialLr, linearLr, oneCycleLr, stepLr } as const;

/** The losses that a recipe can name. */
export const recipeLosses = {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  huberLoss,
  l1Loss,
  mseLoss,
  smoothL1Loss,
} as const;

/** How to train a model, in names that both {@link trainByRecipe} and the `train.py` of {@link toTorch} understand. */
export interface TrainRecipe {
  /**
   * The examples: an entry for each input of the model by its name (`input` for a single tensor), and the `target`, each `[example, …]` in our
   * layout.
   */
  readonly data: Readonly<Record<string, HostTensor>>;
  /**
   * The loss of the output and the target: one of PyTorch's by its name, of whose `crossEntropy` classes are the last axis of the output; or a function
   * of the output, which may be a record, and the target that gives one number. It is traced, so it may only compute with tensors.
   */
  readonly loss: keyof typeof recipeLosses | ((output: never, target: Tensor) => Tensor);
  /** An optimizer of the core by its name, with its options. */
  readonly optimizer: {
    readonly name: keyof typeof recipeOptimizers;
    readonly learningRate: number;
  } & Readonly<Record<string, unknown>>;
  /** A schedule of the core by its name, with its options: one step for each training step. Default: none. */
  readonly schedule?: { readonly name: keyof typeof recipeSchedules } & Readonly<Record<string, unknown>>;
  /**
   * Examples of a step of one process; `"all"` if every step takes all of them in their order, as the nodes of one graph. Inputs that are fixed
   * then belong to `data`, too.
   */
  readonly batchSize: number | "all";
  /** How many training steps. */
  readonly steps: number;
  /** The seed of the order of the examples and of dropout. Default: 0. */
  readonly seed?: number;
  /** The largest norm of all gradients together. Default: none. */
  readonly clipGradNorm?: number;
  /** After how many steps a checkpoint is written in PyTorch. Default: 10. */
  readonly saveEvery?: number;
}

/**
 * Trains a model by a recipe, as the `train.py` does that {@link toTorch} writes for it: the same order of examples, drawn by
 * {@link DistributedSampler} for one process, last batches that are not full dropped, and random generators that begin at the seed.
 *
 * @returns the loss of each step, before its update
 */
export async function* trainByRecipe(
  model: Module,
  recipe: TrainRecipe,
): AsyncGenerator<number, void, undefined> {
  checkArguments("trainByRecipe", { module: { model }, "{ data, loss, optimizer, batchSize }": { recipe } });
  const { data, batchSize, steps, seed = 0 } = recipe;
  const { target, ...inputs } = data;
  if (target === undefined) throw new TorchExportError("trainByRecipe: data has no target.");
  const optimizer = optimizerOf(model, recipe);
  const start = new Rng(seed).state();
  for (const rng of generatorsOf(model)) rng.restore(start);
  const takesOneTensor = String(Object.keys(inputs)) === "input";
  const layer = model as Module & { forward(x: unknown): Struct };
  const step = ({ target: labels, ...batch }: Readonly<Record<string, Tensor>>): Promise<number> => {
    const input = takesOneTensor ? batch["input"] : batch;
    return trainStep(model, optimizer, () => lossOf(recipe, layer.forward(input), labels as Tensor));
  };
  try {
    if (batchSize === "all") yield* fullBatchSteps(data, steps, step);
    else yield* miniBatchSteps(recipe, batchSize, step);
  } finally {
    optimizer.dispose();
  }
}

/** Every step takes all examples in their order. */
async function* fullBatchSteps(
  data: TrainRecipe["data"],
  steps: number,
  advance: (batch: Readonly<Record<string, Tensor>>) => Promise<number>,
): AsyncGenerator<number, void, undefined> {
  const all = Object.fromEntries(
    Object.entries(data).map(([name, { data: numbers, shape }]) => [
      name,
      tensor(numbers, [...shape], numbers instanceof Float32Array ? "float32" : "int32"),
    ]),
  );
  try {
    for (let step = 0; step < steps; step++) yield await advance(all);
  } finally {
    dispose(all);
  }
}

/** The order of each epoch is that of {@link DistributedSampler} for one process. */
async function* miniBatchSteps(
  { data, steps, seed = 0 }: TrainRecipe,
  size: number,
  advance: (batch: Readonly<Record<string, Tensor>>) => Promise<number>,
): AsyncGenerator<number, void, undefined> {
  const dataset = new TensorDataset(data);
  const sampler = new DistributedSampler(dataset.length, { numReplicas: 1, rank: 0, seed });
  const loader = batches(dataset, { size, dropLast: true, sampler, rng: new Rng(seed) });
  for (let step = 0, epoch = 0; step < steps; epoch++) {
    sampler.setEpoch(epoch);
    for await (const batch of loader as unknown as Batches<Record<string, Tensor>>) {
      if (step === steps) break;
      yield await advance(batch);
      step++;
    }
  }
}

function lossOf({ loss }: TrainRecipe, output: Struct, target: Tensor): Tensor {
  if (typeof loss === "function") return loss(output as never, target);
  const named = recipeLosses[loss] as (output: Tensor, target: Tensor) => Tensor;
  const y = output as Tensor;
  if (loss !== "crossEntropy") return named(y, target);
  const classes = sizeAlong(y, -1);
  return named(reshape(y, [-1, classes]), reshape(target, [target.size]));
}

function optimizerOf(model: Module, { optimizer, schedule, clipGradNorm: maxNorm }: TrainRecipe): Optimizer {
  const { name, learningRate, ...options } = optimizer;
  const make = recipeOptimizers[name] as ((options: object) => ReturnType<typeof sgd>) | undefined;
  if (make === undefined)
    throw new TorchExportError(
      `trainByRecipe: there is no optimizer ${String(name)}. Those of recipes: ${Object.keys(recipeOptimizers).join(", ")}.`,
    );
  const scheduled = schedule === undefined ? learningRate : scheduleOf(learningRate, schedule);
  const update = make({ ...options, learningRate: scheduled });
  return maxNorm === undefined
    ? new Optimizer(update, trainable(model))
    : new Optimizer(chain(clipGradNorm(maxNorm), update), trainable(model));
}

function scheduleOf(learningRate: number, { name, ...options }: NonNullable<TrainRecipe["schedule"]>) {
  const make = recipeSchedules[name] as
    | ((learningRate: number, options: object) => ReturnType<typeof stepLr>)
    | undefined;
  if (make === undefined)
    throw new TorchExportError(
      `trainByRecipe: there is no schedule ${String(name)}. Those of recipes: ${Object.keys(recipeSchedules).join(", ")}.`,
    );
  return make(learningRate, options);
}

/** Every random generator that is a field of a module. */
function generatorsOf(model: Module): ReadonlySet<Rng> {
  const found = [...model.namedModules()].flatMap(([, module]) =>
    Object.values(module).filter((field) => field instanceof Rng),
  );
  return new Set(found);
}
