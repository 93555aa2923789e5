import {
  clone,
  customGrad,
  engine,
  type GradSaveFunc,
  Tensor,
  tidy,
  Variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { checkModule } from "../check-callable.ts";
import { found } from "../check-tensor.ts";
import { mapForm } from "../compile/form.ts";
import { recordingNow } from "../compile/recording-now.ts";
import { isDifferentiable } from "../gradient.ts";
import { Rng, type RngState } from "../rng/rng.ts";
import { StructError } from "../struct/struct-error.ts";
import { forwards } from "./forwards.ts";
import type { Module } from "./module.ts";
import { discardUpdates } from "./training.ts";

/**
 * Has a module compute its output twice while gradients are taken, and keep nothing in between: gradient checkpointing. What its ops would save for the gradient is freed at
 * once, and computed again from its input when the gradient comes back to it. Time for memory: a net of `n` such blocks needs the memory of `n` outputs and one block.
 *
 * ```ts
 * for (const block of model.transformer.h) checkpoint(block);
 * ```
 *
 * Gradients are the same to the last bit. The generators in the module's fields go back to where they were, so dropout drops the same elements; running averages are
 * updated once. Without gradients, and in gradients of gradients, the module runs as it always does.
 *
 * Chen et al., 2016. https://arxiv.org/abs/1604.06174
 *
 * As `torch.utils.checkpoint.checkpoint`, which takes the inputs too: here it is a property of the module. PyTorch updates running averages twice.
 *
 * @param module gives one tensor, computed from its inputs and parameters alone
 * @param inputs nothing: what PyTorch takes here goes to `forward`
 * @returns the module
 * @throws StructError for what is not a module, and for inputs; from `forward`, where the output is not one tensor
 */
export function checkpoint<M extends Module>(module: M, ...inputs: readonly never[]): M {
  checkModule("checkpoint", module);
  if (inputs.length > 0)
    throw new StructError(
      `checkpoint: ${found(inputs[0])} came after the module, expected the module alone. Write checkpoint(module) once, and module.forward(x) as before.`,
    );
  let isRunning = false;
  forwards.set(module, (inputs, forward) => {
    const { gradientDepth, kernelDepth } = engine().state;
    if (isRunning || gradientDepth !== 1 || kernelDepth > 0) return forward(inputs);
    isRunning = true;
    try {
      return runTwice(module, inputs, (again) => {
        isRunning = true;
        try {
          return forward(again);
        } finally {
          isRunning = false;
        }
      });
    } finally {
      isRunning = false;
    }
  });
  return module;
}

/** Runs a module now, and again when its gradient is asked for. */
function runTwice(module: Module, inputs: unknown[], forward: (inputs: unknown[]) => unknown): Tensor {
  const tensors: Tensor[] = [];
  mapForm(inputs, (leaf) => {
    if (leaf instanceof Tensor) tensors.push(leaf);
    return leaf;
  });
  const generators = generatorsOf(module);
  const before = statesOf(generators);
  const { y, parameters } = firstRun(module, () => forward(inputs));
  const floats = tensors.filter(isDifferentiable);
  if (floats.length + parameters.length === 0) return y;
  const again = (saved: readonly Tensor[], dy: Tensor): Tensor[] => {
    let next = 0;
    const own = mapForm(inputs, (leaf) => (leaf instanceof Tensor ? saved[next++] : leaf)) as unknown[];
    const wanted = [...saved.filter(isDifferentiable), ...parameters];
    const now = statesOf(generators);
    before.restore();
    try {
      const run = () => asTensor(module, forward(own));
      const { grads } = discardUpdates(() => apart(() => engine().gradients(run, wanted, dy, true)));
      return wanted.map((x, i) => (grads[i] as Tensor | undefined) ?? zeros(x.shape));
    } finally {
      now.restore();
    }
  };
  const withAgain = customGrad((...given: (Tensor | GradSaveFunc)[]) => {
    const save = given.at(-1) as GradSaveFunc;
    save(tensors);
    return { value: clone(y), gradFunc: (dy: Tensor, saved: Tensor[]) => again(saved, dy) };
  });
  return withAgain(...floats, ...parameters);
}

/** The output of a module, and the parameters that it is computed from; what is saved for gradients is freed. */
function firstRun(
  module: Module,
  run: () => unknown,
): { readonly y: Tensor; readonly parameters: readonly Variable[] } {
  return apart(() => {
    const y = tidy(() => asTensor(module, run()));
    const needed = new Set<number>([y.id]);
    const parameters = new Set<Variable>();
    for (const { inputs, outputs } of (engine().state.activeTape ?? []).toReversed()) {
      if (!outputs.some(({ id }) => needed.has(id))) continue;
      for (const input of Object.values(inputs)) {
        needed.add(input.id);
        if (input instanceof Variable && input.trainable) parameters.add(input);
      }
    }
    return { y, parameters: [...parameters] };
  });
}

/** Runs `body` with a tape of its own, and frees what is saved on it. */
function apart<T>(body: () => T): T {
  const { state } = engine();
  const { activeTape } = state;
  state.activeTape = [];
  try {
    return body();
  } finally {
    const own = (state.activeTape as typeof activeTape | null) ?? []; // null after a gradient, which frees its own
    for (const { saved = [] } of own) for (const tensor of saved) tensor.dispose();
    state.activeTape = activeTape;
  }
}

function asTensor(module: Module, y: unknown): Tensor {
  if (y instanceof Tensor) return y;
  throw new StructError(
    `checkpoint: the output of ${module.constructor.name} is ${Array.isArray(y) ? "an array" : typeof y === "object" ? "a record" : typeof y}, expected one tensor. Checkpoint the modules in it.`,
  );
}

function generatorsOf(module: Module): readonly Rng[] {
  const found = [...module.namedModules()].flatMap(([, each]) => Object.values(each));
  return [...new Set(found.filter((field) => field instanceof Rng))];
}

/** Where generators are now. In a compiled step both are done in each replay. */
function statesOf(generators: readonly Rng[]): { restore(): void } {
  if (generators.length === 0) return { restore: () => {} };
  const taken: RngState[] = [];
  inEachReplay(() => taken.splice(0, taken.length, ...generators.map((rng) => rng.state())));
  const restore = () => {
    for (const [i, state] of taken.entries()) generators[i]?.restore(state);
  };
  return { restore: () => inEachReplay(restore) };
}

/** Runs `body` now, and at this point of each replay of a step that is being recorded. */
function inEachReplay(body: () => void): void {
  const recording = recordingNow();
  if (recording === null) return body();
  recording.draw(body);
  recording.calls.host(body);
}
