import type { Tensor } from "@tensorflow/tfjs-core";
import type { ByPath } from "../module/freeze.ts";
import type { Module } from "../module/module.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Rng } from "../rng/rng.ts";
import type { OptimizerPhase } from "./optimizer-phase.ts";
import type { DataId, Recording } from "./recorder.ts";

/** Records the update of an optimizer. */
type RecordPhase = <Result extends readonly [unknown, unknown]>(
  recording: StepRecording,
  optimizer: Optimizer,
  gradients: ByPath<Tensor>,
  update: () => Result,
) => Result;

/** A step that is being recorded, as the core sees it. */
export class StepRecording {
  readonly calls: Recording;
  /** The modules whose `forward` ran. */
  readonly modules = new Set<Module>();
  readonly phases: OptimizerPhase[] = [];
  /** The generators that are drawn from. */
  readonly rngs = new Set<Rng>();
  /** Handles to give back once the step is recorded. */
  readonly held: DataId[] = [];
  /** Numbers that the step gives as promises, and what reads them after a replay. */
  readonly numbers = new Map<Promise<number>, () => number>();
  #isDrawing = false;

  readonly #recordPhase: RecordPhase;

  /** @param recordPhase is given, so that a program that does not compile holds none of it */
  constructor(calls: Recording, recordPhase: RecordPhase) {
    this.calls = calls;
    this.#recordPhase = recordPhase;
  }

  /** Draws random numbers in a way that a replay repeats. */
  draw<T>(body: () => T): T {
    this.#isDrawing = true;
    try {
      return body();
    } finally {
      this.#isDrawing = false;
    }
  }

  /** A generator is drawn from. */
  noteDraw(rng: Rng): void {
    this.rngs.add(rng);
    if (!this.#isDrawing) this.calls.refuse("random numbers are drawn outside of drawn(…)");
  }

  /** Runs the update of an optimizer, whose host numbers a replay computes anew. */
  update<Result extends readonly [unknown, unknown]>(
    optimizer: Optimizer,
    gradients: ByPath<Tensor>,
    update: () => Result,
  ): Result {
    return this.#recordPhase(this, optimizer, gradients, update);
  }

  /** Reads a tensor of one number, which it frees. */
  readNumber(x: Tensor): Promise<number> {
    this.calls.locate(x.dataId);
    const view = this.calls.view(x);
    const read = () => view()[0] ?? NaN;
    const number = Promise.resolve(read());
    this.numbers.set(number, read);
    x.dispose();
    return number;
  }
}
