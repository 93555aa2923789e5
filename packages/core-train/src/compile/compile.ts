import {
  backend,
  engine,
  getBackend,
  getKernel,
  type KernelBackend,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { checkOptions } from "../check-options.ts";
import { checkOption } from "../check-option.ts";
import { leaves } from "../struct/leaves.ts";
import { hasForm } from "./form.ts";
import { Plan } from "./plan.ts";
import type { Recorder } from "./recorder.ts";
import type { verify } from "./verify.ts";
import { recordingNow } from "./recording-now.ts";

/** Options for {@link compile}. */
export interface CompileOptions {
  /** The most recordings to hold, each for other shapes or another way through the step. Default: 8. */
  readonly maxPlans?: number;
  /**
   * How many of the first replays to compare with the step run op by op, on inputs and parameters that are changed first. A step that differs in any bit is a {@link CompileError}. Default: 0.
   */
  readonly verify?: number;
  /** Whether to warn, once, where a step cannot be compiled. Default: true. */
  readonly warn?: boolean;
}

/** What a compiled step has done so far: see {@link Compiled}. */
export interface CompileReport {
  /** Steps that were replayed. */
  readonly replayed: number;
  /** Steps that ran op by op, those that were recorded included. */
  readonly eager: number;
  /** The recordings that are held. */
  readonly plans: readonly { readonly calls: number; readonly bytes: number }[];
  /** Why steps ran op by op, and how many for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** A step that is recorded and replayed: it is called like the step itself. */
export interface Compiled<Inputs extends readonly unknown[], Result> {
  (...inputs: Inputs): Result;
  /** Awaits what has to be loaded first. Steps before that run op by op. */
  readonly ready: Promise<void>;
  /** What has been compiled and what not, and why. */
  report(): CompileReport;
  /** Frees the memory of the recordings. Later calls run op by op. */
  dispose(): void;
}

/**
 * Makes a step fast: its kernel calls are recorded when it is called for the second time with inputs of one form, and from then on repeated without the
 * overhead of tfjs' engine, with the same results to the last bit. On backends that cannot record, the step runs as it is.
 *
 * ```ts
 * const step = compile((x: Tensor2D, y: Tensor1D) => trainStep(model, optimizer, () => crossEntropy(model.forward(x), y)));
 * for await (const { x, y } of batches(data, { size: 64, shuffle: true, rng })) console.log(await step(x, y));
 * ```
 *
 * What may change from call to call are the inputs, parameters and buffers, the state of optimizers and the numbers that they compute, such as a scheduled learning
 * rate, and what is drawn with {@link drawn}. A change of the inputs' shapes, of a module's fields, of its mode, of what is frozen or observed leads to another
 * recording. Everything else counts as constant: **a number of the host that changes must be an input**, as a tensor.
 *
 * A step that reads tensors, other than in checks of its inputs, or in which one optimizer steps twice, cannot be repeated: it runs op by op, and {@link Compiled.report} says why.
 *
 * @param step a synchronous function of structures and host values that gives a structure, the promise of {@link trainStep} included
 * @throws CompileError where `verify` finds a difference
 * @throws OptionError for an option that is unknown or out of range
 */
export function compile<Inputs extends readonly unknown[], Result>(
  step: (...inputs: Inputs) => Result,
  options: CompileOptions = {},
): Compiled<Inputs, Result> {
  checkOptions("compile", options, ["maxPlans", "verify", "warn"]);
  const { maxPlans = 8, verify: count = 0, warn = true } = options;
  checkOption(
    "compile",
    "maxPlans",
    maxPlans,
    Number.isInteger(maxPlans) && maxPlans >= 1,
    "an integer from 1",
  );
  checkOption("compile", "verify", count, Number.isInteger(count) && count >= 0, "an integer from 0");
  const compilation = new Compilation(step, { maxPlans, verify: count, warn });
  return Object.assign((...inputs: Inputs) => compilation.call(inputs), {
    ready: compilation.load(),
    report: () => compilation.report(),
    dispose: () => compilation.dispose(),
  });
}

class Compilation<Inputs extends readonly unknown[], Result> {
  readonly #step: (...inputs: Inputs) => Result;
  readonly #maxPlans: number;
  readonly #warns: boolean;
  #unverified: number;
  #verification: typeof verify | null = null;
  readonly #plans: Plan[] = [];
  readonly #reasons = new Map<string, number>();
  #seen: unknown[] = [];
  #replayed = 0;
  #eager = 0;
  #isDisposed = false;
  #failures = 0;
  #lastReason = "";
  #hasWarned = false;

  constructor(step: (...inputs: Inputs) => Result, { maxPlans, verify, warn }: Required<CompileOptions>) {
    this.#step = step;
    this.#maxPlans = maxPlans;
    this.#warns = warn;
    this.#unverified = verify;
  }

  async load(): Promise<void> {
    if (this.#unverified > 0) this.#verification = (await import("./verify.ts")).verify;
    await loadRecorder();
  }

  call(inputs: Inputs): Result {
    const obstacle = this.#obstacle();
    if (obstacle !== null) return this.#runEagerly(inputs, obstacle);
    const recorder = recorders.get(backend());
    const isReady = this.#unverified === 0 || this.#verification !== null;
    if (recorder === undefined || recorder instanceof Promise || !isReady) {
      void loadRecorder();
      return this.#runEagerly(inputs, "the recorder is being loaded");
    }
    let miss: string | null = null;
    for (const [i, plan] of this.#plans.entries()) {
      const tensors: Tensor[] = [];
      const reason = plan.prepare(inputs, tensors);
      if (reason !== null) {
        miss ??= reason;
        continue;
      }
      if (i > 0) this.#plans.unshift(...this.#plans.splice(i, 1)); // the last one used is tried first
      if (this.#unverified > 0) {
        this.#unverified--;
        this.#verify(plan, inputs);
        const change = plan.prepare(inputs, []); // the numbers of the host are those of this step again
        if (change !== null) return this.#runEagerly(inputs, change);
      }
      const result = plan.replay(tensors) as Result;
      this.#replayed++;
      return result;
    }
    return this.#meet(recorder, inputs, miss);
  }

  report(): CompileReport {
    return {
      replayed: this.#replayed,
      eager: this.#eager,
      plans: this.#plans.map(({ calls, bytes }) => ({ calls, bytes })),
      reasons: Object.fromEntries(this.#reasons),
    };
  }

  dispose(): void {
    for (const plan of this.#plans.splice(0)) plan.dispose();
    this.#isDisposed = true;
  }

  #verify(plan: Plan, inputs: Inputs): void {
    try {
      this.#verification?.(plan, this.#step, inputs);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Why nothing can be replayed now. */
  #obstacle(): string | null {
    if (this.#isDisposed) return "it has been disposed";
    if (recordingNow() !== null) return "it runs in another compiled step";
    if (engine().state.gradientDepth > 0) return "it runs inside of a gradient";
    if (getKernel("PellucidRecorder", getBackend()) === undefined)
      return `the backend ${getBackend()} does not record`;
    return null;
  }

  /** Runs a step that no recording fits, and records it if its form is not new. */
  #meet(recorder: Recorder, inputs: Inputs, miss: string | null): Result {
    const found = leaves([...inputs]);
    if (found.some(({ isDisposed, dtype }) => isDisposed || dtype === "string" || dtype === "complex64"))
      return this.#runEagerly(inputs, "an input is disposed, or has no numbers");
    if (!this.#seen.some((form) => hasForm(form, inputs, []))) {
      this.#seen = [...this.#seen.slice(1 - MOST_SEEN), [...inputs]];
      return this.#runEagerly(inputs, "the inputs have a new form");
    }
    if (this.#plans.length >= this.#maxPlans)
      return this.#runEagerly(inputs, `there are ${this.#maxPlans} recordings already`, true);
    if (this.#failures >= this.#maxPlans) return this.#runEagerly(inputs, this.#lastReason, true);
    const { result, plan, reason } = Plan.record(recorder, this.#step, inputs);
    this.#count(reason ?? (miss === null ? "it was recorded" : `it was recorded anew: ${miss}`));
    if (plan !== null) this.#plans.unshift(plan);
    else {
      this.#failures++;
      this.#lastReason = reason ?? "";
    }
    return result;
  }

  #runEagerly(inputs: Inputs, reason: string, isSurprise = false): Result {
    this.#count(reason);
    if (isSurprise && this.#warns && !this.#hasWarned) {
      this.#hasWarned = true;
      // oxlint-disable-next-line no-console
      console.warn(`compile: the step runs op by op from now on, wherever no recording fits: ${reason}.`);
    }
    return this.#step(...inputs);
  }

  #count(reason: string): void {
    this.#eager++;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }
}

const MOST_SEEN = 32;

const recorders = new WeakMap<KernelBackend, Recorder | Promise<void>>();

/** Loads what records on the active backend, once. */
function loadRecorder(): Promise<void> {
  const own = backend();
  const kernel = getKernel("PellucidRecorder", getBackend());
  const known = recorders.get(own);
  if (known instanceof Promise) return known;
  if (known !== undefined || kernel === undefined) return Promise.resolve();
  const given = kernel.kernelFunc({ inputs: {}, attrs: {}, backend: own }) as unknown as Promise<Recorder>;
  const loading = given.then((recorder) => void recorders.set(own, recorder));
  recorders.set(own, loading);
  return loading;
}
