import { NonFiniteLossError } from "./non-finite-loss-error.ts";

interface Pending {
  readonly step: number;
  readonly loss: Promise<number>;
  readonly count: Promise<number>;
}

/** Collects losses that are still being computed, and reads many of them with one wait. */
export class LossMeter {
  #pending: Pending[] = [];
  #total = 0;
  #count = 0;

  /** The number of losses that wait to be read. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** Adds the mean loss over `count` targets. */
  add(step: number, loss: Promise<number>, count: Promise<number>): void {
    count.catch(() => {}); // thrown when it is awaited
    this.#pending.push({ step, loss, count });
  }

  /**
   * Reads the waiting losses.
   *
   * @returns their mean
   * @throws NonFiniteLossError when one is NaN or infinite
   */
  async read(): Promise<number> {
    const pending = this.#pending;
    this.#pending = [];
    let sum = 0;
    for (const { step, loss, count } of pending) {
      const value = await loss;
      if (!Number.isFinite(value)) throw new NonFiniteLossError(value, step);
      const targets = await count;
      sum += value;
      this.#total += targets * value;
      this.#count += targets;
    }
    return sum / pending.length;
  }

  /** The mean over all targets read. */
  get mean(): number {
    return this.#total / this.#count;
  }
}
