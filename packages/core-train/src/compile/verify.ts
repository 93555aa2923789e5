import {
  clone,
  keep,
  mul,
  Tensor,
  tensor,
  type TensorContainer,
  tensor_util,
  tidy,
  type Variable,
} from "@tensorflow/tfjs-core";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Rng } from "../rng/rng.ts";
import { disposeLeaves } from "../struct/dispose-leaves.ts";
import { leaves } from "../struct/leaves.ts";
import { mapLeaves } from "../struct/map-leaves.ts";
import { CompileError } from "./compile-error.ts";
import { mapForm } from "./form.ts";
import type { Plan } from "./plan.ts";
import { readingNumbers } from "./recording-now.ts";

/** All that a step reads and changes besides its inputs. */
export interface Surroundings {
  readonly variables: readonly Variable[];
  readonly optimizers: readonly Optimizer[];
  readonly rngs: readonly Rng[];
}

/**
 * Compares a replay with the step run op by op, on inputs and parameters that are changed first: a number that was recorded as a constant by mistake would otherwise go unnoticed.
 * Afterwards everything is as it was.
 *
 * @throws CompileError where any bit differs
 */
export function verify<Inputs extends readonly unknown[]>(
  plan: Plan,
  step: (...inputs: Inputs) => unknown,
  inputs: Inputs,
): void {
  const around = plan.surroundings;
  const restore = saved(around);
  const changed = mapLeaves([...inputs], (leaf) =>
    leaf.dtype === "float32" ? scaled(leaf, 0.96875) : clone(leaf),
  );
  try {
    for (const variable of around.variables) {
      const { dtype } = variable;
      if (dtype === "float32") tidy(() => variable.assign(mul(variable, 1.03125) as Variable));
    }
    const again = saved(around);
    try {
      const eager = outcome(around, () => step(...(changed as unknown as Inputs)));
      again();
      const tensors: Tensor[] = [];
      if (plan.prepare(changed, tensors) !== null) return;
      compare(
        eager,
        outcome(around, () => plan.replay(tensors)),
      );
    } catch (error) {
      if (error instanceof CompileError) throw error; // others come from inputs that may not be changed so
    } finally {
      again();
    }
  } finally {
    restore();
    disposeLeaves(changed);
  }
}

const scaled = (x: Tensor, factor: number): Tensor => mul(x, factor);

/** Keeps what is around a step. The function returned sets it back; it can be called again. */
function saved({ variables, optimizers, rngs }: Surroundings): () => void {
  const values = variables.map((variable) => variable.dataSync());
  const states = optimizers.map(({ state }) => numbersOf(state));
  const drawn = rngs.map((rng) => rng.state());
  return () => {
    for (const [i, variable] of variables.entries()) {
      const { shape, dtype } = variable;
      tidy(() => variable.assign(tensor(values[i] as Float32Array, shape, dtype) as Variable));
    }
    for (const [i, optimizer] of optimizers.entries()) optimizer.restore((states[i] as () => unknown)());
    for (const [i, rng] of rngs.entries()) rng.restore(drawn[i] as ReturnType<Rng["state"]>);
  };
}

/** How to make a state again. */
function numbersOf(state: unknown): () => unknown {
  const tensors = tensor_util.getTensorsInContainer(state as TensorContainer);
  const values = tensors.map((each) => each.dataSync());
  return () => {
    let next = 0;
    return mapForm(state, (leaf) => {
      const { shape, dtype } = leaf as Tensor;
      return keep(tidy(() => tensor(values[next++] as Float32Array, shape, dtype)));
    });
  };
}

/** The numbers that a step gives and leaves, by what they are. */
function outcome(
  around: Surroundings,
  run: () => unknown,
): readonly (readonly [what: string, values: ArrayLike<number>])[] {
  const { result, numbers } = readingNumbers(run);
  const given: number[] = [];
  const found = leaves(
    mapForm(result, (leaf) => {
      if (leaf instanceof Tensor) return leaf;
      given.push(numbers.get(leaf) ?? NaN);
      return null;
    }),
  );
  const tensors = found.map((leaf, i) => [`result ${i}`, leaf.dataSync()] as const);
  disposeLeaves(found);
  return [
    ...tensors,
    ["the numbers it gives", given] as const,
    ...around.variables.map((variable, i) => [`parameter or buffer ${i}`, variable.dataSync()] as const),
    ...around.optimizers.flatMap(({ state }) =>
      tensor_util
        .getTensorsInContainer(state as TensorContainer)
        .map((each, i) => [`tensor ${i} of the optimizer's state`, each.dataSync()] as const),
    ),
    ...around.rngs.map((rng) => ["the random generator", rng.state().words] as const),
  ];
}

function compare(eager: ReturnType<typeof outcome>, replayed: ReturnType<typeof outcome>): void {
  for (const [i, [what, values]] of eager.entries()) {
    const others = replayed[i]?.[1] ?? [];
    for (let at = 0; at < Math.max(values.length, others.length); at++) {
      if (Object.is(values[at], others[at])) continue;
      throw new CompileError(
        `compile: ${what} is ${others[at]} at ${at}, expected ${values[at]} as op by op. Does the step use a number of the host that changes? Make it an input, as a tensor.`,
      );
    }
  }
}
