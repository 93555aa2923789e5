import { concat, reshape, split, tensor, tidy, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { valueAndGradients } from "../gradient.ts";
import type { ByPath } from "../module/freeze.ts";
import type { Parameter } from "../module/parameter.ts";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import { checkNotNegative } from "./check-numbers.ts";
import { along, dot, type FlatVector, largest, scaled, sumOfSizes } from "./flat-vector.ts";
import { newtonDirection } from "./newton-direction.ts";
import { ParameterError } from "./parameter-error.ts";
import { StepInProgressError } from "./step-in-progress-error.ts";
import type { LineSearch } from "./strong-wolfe.ts";

/** Options for {@link Lbfgs}. */
export interface LbfgsOptions {
  /** The step size along a direction, or the first that a line search tries. Default: 1. */
  readonly learningRate?: number;
  /** The largest number of iterations in a step. Default: 20. */
  readonly maxIter?: number;
  /** The largest number of evaluations in a step. Default: `1.25 · maxIter`. */
  readonly maxEval?: number;
  /** A step ends when no entry of the gradient is larger. Default: 1e-7. */
  readonly toleranceGrad?: number;
  /** A step ends when neither the loss nor a parameter changes by more. Default: 1e-9. */
  readonly toleranceChange?: number;
  /** The number of previous iterations that estimate the curvature. Default: 100. */
  readonly historySize?: number;
  /** Finds the step size along a direction, such as {@link strongWolfe}. Default: none, the step size is the learning rate. */
  readonly lineSearch?: LineSearch;
}

/** The state of {@link Lbfgs}, on the host. */
export interface LbfgsState {
  readonly iterations: number;
  readonly evaluations: number;
  /** The last direction, its step size, and the gradient at its start; empty before the first. */
  readonly direction: FlatVector;
  readonly t: number;
  readonly gradient: FlatVector;
  /** Of the previous iterations, oldest first: the change of the parameters `s`, of the gradient `y`, and `1 / s·y`. */
  readonly s: readonly FlatVector[];
  readonly y: readonly FlatVector[];
  readonly rho: readonly number[];
  /** `s·y / y·y` of the last. */
  readonly scale: number;
}

/**
 * A quasi-Newton method that estimates the curvature from previous gradients: for smooth losses of few parameters on the
 * whole data at once.
 *
 * ```ts
 * const optimizer = new Lbfgs(trainable(model), { lineSearch: strongWolfe });
 * const loss = await optimizer.step(() => mseLoss(model.forward(x), y));
 * ```
 *
 * Nocedal and Wright, 2006, algorithms 7.4 and 7.5.
 *
 * The numbers are those of `torch.optim.LBFGS`. The loss and its gradients are computed on the backend; the vectors are on
 * the host, so that one read per evaluation is enough.
 *
 * @throws {ParameterError} if there are no parameters
 */
export class Lbfgs {
  readonly parameters: ByPath<Parameter>;
  readonly #options: Required<Omit<LbfgsOptions, "lineSearch">>;
  readonly #lineSearch: LineSearch | undefined;
  #state: LbfgsState;
  #busy = false;

  constructor(parameters: ByPath<Parameter>, options: LbfgsOptions = {}) {
    checkOptions("Lbfgs", options, [
      "learningRate",
      "maxIter",
      "maxEval",
      "toleranceGrad",
      "toleranceChange",
      "historySize",
      "lineSearch",
    ]);
    const { learningRate = 1, maxIter = 20, maxEval = Math.floor((maxIter * 5) / 4) } = options;
    const { toleranceGrad = 1e-7, toleranceChange = 1e-9, historySize = 100 } = options;
    checkNotNegative("Lbfgs", { learningRate, toleranceGrad, toleranceChange });
    for (const [name, count] of Object.entries({ maxIter, maxEval, historySize })) {
      checkOption("Lbfgs", name, count, Number.isInteger(count) && count >= 1, "an integer ≥ 1");
    }
    if (Object.keys(parameters).length === 0) {
      throw new ParameterError(
        "Lbfgs: got no parameters, expected at least one. Are they frozen? See unfreeze.",
      );
    }
    this.#lineSearch = options.lineSearch;
    this.parameters = parameters;
    this.#options = {
      learningRate,
      maxIter,
      maxEval,
      toleranceGrad,
      toleranceChange,
      historySize,
    };
    const none = new Float32Array();
    const start = { iterations: 0, evaluations: 0, direction: none, t: 0, gradient: none };
    this.#state = { ...start, s: [], y: [], rho: [], scale: 1 };
  }

  /** What to save; `restore` continues from it. */
  state(): LbfgsState {
    return this.#state;
  }

  restore(state: LbfgsState): void {
    this.#state = state;
  }

  /**
   * Updates the parameters by up to `maxIter` iterations; if it throws, nothing has changed.
   *
   * @param evaluate computes the loss, one number; it is called many times, with other parameters each
   * @returns the loss before the update
   */
  async step(evaluate: () => Tensor): Promise<number> {
    if (this.#busy)
      throw new StepInProgressError(
        "Lbfgs: step was called while another step is running; await that one first.",
      );
    this.#busy = true;
    let start: FlatVector | undefined;
    try {
      start = await this.#read();
      return await this.#iterate(start, evaluate);
    } catch (error) {
      if (start !== undefined) this.#assign(start);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  async #iterate(start: FlatVector, evaluate: () => Tensor): Promise<number> {
    const { learningRate, maxIter, maxEval, toleranceGrad, toleranceChange, historySize } = this.#options;
    const lineSearch = this.#lineSearch;
    const before = this.#state;
    const first = await this.#evaluate(evaluate);
    if (largest(first.gradient) <= toleranceGrad) {
      this.#state = { ...before, evaluations: before.evaluations + 1 };
      return first.loss;
    }
    let [x, loss, gradient] = [start, first.loss, first.gradient];
    let { iterations, direction, t, scale, gradient: last } = before;
    const [s, y, rho] = [[...before.s], [...before.y], [...before.rho]];
    let evaluations = 1;
    for (let round = 1; round <= maxIter; round++) {
      iterations++;
      if (iterations > 1) {
        const [change, move] = [along(gradient, -1, last), scaled(t, direction)];
        const curvature = dot(change, move);
        if (curvature > 1e-10) {
          if (s.length === historySize) for (const list of [s, y, rho]) list.shift();
          s.push(move);
          y.push(change);
          rho.push(1 / curvature);
          scale = curvature / dot(change, change);
        }
      }
      direction = newtonDirection(gradient, { s, y, rho, scale });
      [last, t] = [
        gradient,
        iterations === 1 ? Math.min(1, 1 / sumOfSizes(gradient)) * learningRate : learningRate,
      ];
      const [previousLoss, derivative] = [loss, dot(gradient, direction)];
      if (derivative > -toleranceChange) break;

      if (lineSearch !== undefined) {
        const found = await lineSearch({
          evaluate: (size) => {
            this.#assign(along(x, size, direction));
            return this.#evaluate(evaluate);
          },
          direction,
          start: { t: 0, loss, gradient, derivative },
          t,
          toleranceChange,
          maxEvaluations: maxEval - evaluations,
        });
        ({ t, loss, gradient } = found);
        evaluations += found.evaluations;
        this.#assign((x = along(x, t, direction)));
      } else {
        this.#assign((x = along(x, t, direction)));
        if (round < maxIter) {
          ({ loss, gradient } = await this.#evaluate(evaluate));
          evaluations++;
        }
      }
      if (evaluations >= maxEval || largest(gradient) <= toleranceGrad) break;
      if (largest(direction) * Math.abs(t) <= toleranceChange) break;
      if (Math.abs(loss - previousLoss) < toleranceChange) break;
    }
    const total = before.evaluations + evaluations;
    this.#state = { iterations, evaluations: total, direction, t, gradient: last, s, y, rho, scale };
    return first.loss;
  }

  /** Loss and gradients at the current parameters, in one read. */
  async #evaluate(evaluate: () => Tensor): Promise<{ loss: number; gradient: FlatVector }> {
    const both = tidy(() => {
      const { value, gradients } = valueAndGradients(this.parameters, evaluate);
      const flat = Object.entries(this.parameters).map(([path, { size }]) =>
        gradients[path] === undefined ? zeros([size]) : reshape(gradients[path], [size]),
      );
      return concat([reshape(value, [1]), ...flat]);
    });
    try {
      const numbers = await both.data<"float32">();
      return { loss: numbers[0] ?? NaN, gradient: Float32Array.from(numbers.subarray(1)) };
    } finally {
      both.dispose();
    }
  }

  /** The current values of the parameters. */
  async #read(): Promise<FlatVector> {
    const flat = tidy(() =>
      concat(Object.values(this.parameters).map((parameter) => reshape(parameter, [-1]))),
    );
    try {
      return Float32Array.from(await flat.data<"float32">());
    } finally {
      flat.dispose();
    }
  }

  /** Assigns the parameters. */
  #assign(x: FlatVector): void {
    tidy(() => {
      const parameters = Object.values(this.parameters);
      const parts = split(
        tensor(x),
        parameters.map(({ size }) => size),
      );
      for (const [i, parameter] of parameters.entries()) {
        parameter.assign(reshape(parts[i] as Tensor, parameter.shape));
      }
    });
  }
}
