import { concat, reshape, split, tensor, tidy, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { valueAndGradients } from "../gradient.ts";
import type { ByPath } from "../module/freeze.ts";
import type { Parameter } from "../module/parameter.ts";
import { checkNotNegative, checkOption } from "./check-options.ts";
import { along, dot, type FlatVector, largest, move, scaled, sumOfSizes } from "./flat-vector.ts";
import { ParameterError } from "./parameter-error.ts";
import { StepInProgressError } from "./step-in-progress-error.ts";
import { strongWolfe } from "./strong-wolfe.ts";

export interface LbfgsOptions {
  /** How far to go along a direction, or what a line search tries first. Default: 1. */
  readonly learningRate?: number;
  /** The most iterations in a step. Default: 20. */
  readonly maxIter?: number;
  /** The most evaluations in a step. Default: a quarter more than `maxIter`. */
  readonly maxEval?: number;
  /** A step ends where no slope is larger. Default: 1e-7. */
  readonly toleranceGrad?: number;
  /** A step ends where neither the loss nor a parameter changes by more. Default: 1e-9. */
  readonly toleranceChange?: number;
  /** How many past iterations tell the curvature. Default: 100. */
  readonly historySize?: number;
  /** How to find how far to go. Default: `none`, it is the learning rate. */
  readonly lineSearch?: "strongWolfe" | "none";
}

/** What {@link Lbfgs} remembers, on the host. */
export interface LbfgsState {
  readonly iterations: number;
  readonly evaluations: number;
  /** The last direction, how far it went, and the gradient where it started; empty before the first. */
  readonly direction: FlatVector;
  readonly t: number;
  readonly gradient: FlatVector;
  /** Of the past iterations, oldest first: the change of the parameters `s`, of the gradient `y`, and `1 / s·y`. */
  readonly s: readonly FlatVector[];
  readonly y: readonly FlatVector[];
  readonly rho: readonly number[];
  /** `s·y / y·y` of the last. */
  readonly scale: number;
}

/**
 * Newton's method with the curvature of past steps: for smooth losses of few parameters and the whole data at once.
 *
 * ```ts
 * const optimizer = new Lbfgs(trainable(model), { lineSearch: "strongWolfe" });
 * const loss = await optimizer.step(() => mseLoss(model.forward(x), y));
 * ```
 *
 * Nocedal and Wright, 2006, algorithms 7.4 and 7.5.
 *
 * The numbers are those of `torch.optim.LBFGS`. The loss and its gradients are computed on the backend; the vectors are on
 * the host, so that one read per evaluation is enough.
 *
 * Throws a {@link ParameterError} where there is nothing to train.
 */
export class Lbfgs {
  readonly parameters: ByPath<Parameter>;
  readonly #options: Required<LbfgsOptions>;
  #state: LbfgsState;
  #busy = false;

  constructor(parameters: ByPath<Parameter>, options: LbfgsOptions = {}) {
    const { learningRate = 1, maxIter = 20, maxEval = Math.floor((maxIter * 5) / 4) } = options;
    const { toleranceGrad = 1e-7, toleranceChange = 1e-9, historySize = 100, lineSearch = "none" } = options;
    checkNotNegative("Lbfgs", { learningRate, toleranceGrad, toleranceChange });
    for (const [name, count] of Object.entries({ maxIter, maxEval, historySize })) {
      checkOption("Lbfgs", name, count, Number.isInteger(count) && count >= 1, "an integer ≥ 1");
    }
    if (Object.keys(parameters).length === 0) {
      throw new ParameterError(
        "Lbfgs: got no parameters, expected at least one. Are they frozen? See unfreeze.",
      );
    }
    this.parameters = parameters;
    this.#options = {
      learningRate,
      maxIter,
      maxEval,
      toleranceGrad,
      toleranceChange,
      historySize,
      lineSearch,
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
   * Moves the parameters by up to `maxIter` iterations; when it throws, nothing has changed.
   *
   * @param evaluate the loss, one number; it is called many times, with the parameters in other places
   * @returns the loss before the move
   */
  async step(evaluate: () => Tensor): Promise<number> {
    if (this.#busy)
      throw new StepInProgressError("Lbfgs: a step was asked for while one was going on; await it first.");
    this.#busy = true;
    let start: FlatVector | undefined;
    try {
      start = await this.#read();
      return await this.#iterate(start, evaluate);
    } catch (error) {
      if (start !== undefined) this.#place(start);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  async #iterate(start: FlatVector, evaluate: () => Tensor): Promise<number> {
    const { learningRate, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearch } =
      this.#options;
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
        const [change, way] = [along(gradient, -1, last), scaled(t, direction)];
        const curvature = dot(change, way);
        if (curvature > 1e-10) {
          if (s.length === historySize) for (const past of [s, y, rho]) past.shift();
          s.push(way);
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
      const [previousLoss, slope] = [loss, dot(gradient, direction)];
      if (slope > -toleranceChange) break;

      if (lineSearch === "strongWolfe") {
        const found = await strongWolfe({
          evaluate: (distance) => {
            this.#place(along(x, distance, direction));
            return this.#evaluate(evaluate);
          },
          direction,
          start: { t: 0, loss, gradient, slope },
          t,
          toleranceChange,
          maxEvaluations: maxEval - evaluations,
        });
        ({ t, loss, gradient } = found);
        evaluations += found.evaluations;
        this.#place((x = along(x, t, direction)));
      } else {
        this.#place((x = along(x, t, direction)));
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

  /** Loss and gradients where the parameters are, in one read. */
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
      return { loss: numbers[0] as number, gradient: Float32Array.from(numbers.subarray(1)) };
    } finally {
      both.dispose();
    }
  }

  /** Where the parameters are. */
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

  /** Puts the parameters elsewhere. */
  #place(x: FlatVector): void {
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

/** `−H g` with the inverse curvature `H` of past iterations: Nocedal and Wright's two loops. */
function newtonDirection(
  gradient: FlatVector,
  { s, y, rho, scale }: Pick<LbfgsState, "s" | "y" | "rho" | "scale">,
): FlatVector {
  const alphas: number[] = [];
  const q = scaled(-1, gradient);
  for (let i = s.length - 1; i >= 0; i--) {
    const [si, yi] = [s[i] as FlatVector, y[i] as FlatVector];
    const alpha = (alphas[i] = dot(si, q) * (rho[i] as number));
    move(q, -alpha, yi);
  }
  const r = scaled(scale, q);
  for (const [i, si] of s.entries()) {
    const beta = dot(y[i] as FlatVector, r) * (rho[i] as number);
    move(r, (alphas[i] as number) - beta, si);
  }
  return r;
}
