import { add, keep, type Tensor, type TensorContainer, tensor_util, tidy } from "@tensorflow/tfjs-core";
import { recordingNow } from "../compile/recording-now.ts";
import type { ByPath } from "../module/freeze.ts";
import type { Parameter } from "../module/parameter.ts";
import { checkShape } from "../shape-error.ts";
import { ParameterError, unknownParameter } from "./parameter-error.ts";
import type { Transform } from "./transform.ts";
import { checkRecord } from "../check-record.ts";

/** Sets a state that holds the same tensors as the previous one, for a compiled step, which has written into them. */
export let setState: (optimizer: Optimizer, state: unknown) => void;

/**
 * Applies a {@link Transform} to parameters, and holds its state between steps.
 *
 * ```ts
 * const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(model));
 * ```
 *
 * @throws {ParameterError} if there are no parameters
 */
export class Optimizer<State = unknown> {
  readonly transform: Transform<State>;
  readonly parameters: ByPath<Parameter>;
  #state: State;

  constructor(transform: Transform<State>, parameters: ByPath<Parameter>) {
    checkRecord("Optimizer", "the parameters", parameters, []);
    if (Object.keys(parameters).length === 0) {
      throw new ParameterError(
        "Optimizer: got no parameters, expected at least one. Are they frozen? See unfreeze.",
      );
    }
    const given: unknown = transform;
    if (typeof given === "function")
      throw new TypeError(
        `Optimizer: the transform is the function ${given.name}, expected its result: ${given.name}().`,
      );
    checkRecord("Optimizer", "the transform", transform, ["init", "update"]);
    this.transform = transform;
    this.parameters = parameters;
    this.#state = scoped(() => transform.init(parameters));
  }

  static {
    setState = (optimizer, state) => {
      optimizer.#state = state;
    };
  }

  /** The state of the transform. Borrowed: the next step frees it. */
  get state(): State {
    return this.#state;
  }

  /** Continues from a saved state, of which it becomes the owner. */
  restore(state: State): void {
    const previous = this.#state;
    this.#state = state;
    release(previous, state);
  }

  /**
   * Updates the parameters by one step; if it throws, nothing has changed.
   *
   * @param gradients by path, borrowed; a parameter without one stays as it is
   */
  step(gradients: ByPath<Tensor>): void {
    const { transform, parameters } = this;
    for (const [path, gradient] of Object.entries(gradients)) {
      const parameter = parameters[path];
      if (parameter === undefined) throw unknownParameter(path, parameters);
      checkShape("Optimizer", `the gradient of ${path}`, gradient, parameter.shape);
    }
    const previous = this.#state;
    this.#state = scoped(() => {
      const update = () => transform.update(gradients, previous, parameters);
      const [updates, state] = recordingNow()?.update(this as Optimizer, gradients, update) ?? update();
      const next = Object.entries(updates).map(([path, update]): [Parameter, Tensor] => {
        const parameter = parameters[path];
        if (parameter === undefined) throw unknownParameter(path, parameters);
        return [parameter, add(parameter, update)];
      });
      for (const [parameter, moved] of next) parameter.assign(moved as Parameter);
      return state;
    });
    release(previous, this.#state);
  }

  /** Frees the state; the parameters stay. */
  dispose(): void {
    release(this.#state, null);
  }
}

/** Runs `body` in a scope that keeps only the tensors of the state it returns, also within other scopes. */
function scoped<State>(body: () => State): State {
  return tidy(() => {
    const state = body();
    for (const tensor of tensorsOf(state)) keep(tensor);
    return { state } as TensorContainer & { state: State };
  }).state;
}

/** Frees the tensors of `state` that are not in `next`. */
function release(state: unknown, next: unknown): void {
  const kept = new Set(tensorsOf(next));
  for (const tensor of tensorsOf(state)) if (!kept.has(tensor)) tensor.dispose();
}

function tensorsOf(state: unknown): Tensor[] {
  return tensor_util.getTensorsInContainer(state as TensorContainer);
}
