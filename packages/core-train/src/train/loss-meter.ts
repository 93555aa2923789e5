import { NonFiniteLossError } from "./non-finite-loss-error.ts";

/** Collects losses that are still being computed, and reads many of them with one wait. */
export class LossMeter {
  #pending: { readonly step: number; readonly size: number; readonly loss: Promise<number> }[] = [];
  #total = 0;
  #examples = 0;

  /** The number of losses that wait to be read. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** Adds the mean loss of `size` examples. */
  add(step: number, size: number, loss: Promise<number>): void {
    this.#pending.push({ step, size, loss });
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
    for (const { step, size, loss } of pending) {
      const value = await loss;
      if (!Number.isFinite(value)) throw new NonFiniteLossError(value, step);
      sum += value;
      this.#total += size * value;
      this.#examples += size;
    }
    return sum / pending.length;
  }

  /** The mean over all examples read. */
  get mean(): number {
    return this.#total / this.#examples;
  }
}
