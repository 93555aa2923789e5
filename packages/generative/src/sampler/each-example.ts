import { drawn } from "@pellucid/core-train";
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * A number of each example that the host knows, such as its time step, and the tensors that are computed from it. In a compiled step it is drawn, and they
 * are computed, anew each time.
 */
export class EachExample {
  readonly #values: () => readonly number[];

  private constructor(values: () => readonly number[]) {
    this.#values = values;
  }

  /** Numbers that are given. */
  static of(values: readonly number[]): EachExample {
    return new EachExample(() => values);
  }

  /** Numbers that are drawn now, in PyTorch's order. Call it within `tidy`. */
  static draw(draw: () => Iterable<number>): EachExample {
    let values: readonly number[] = [];
    drawn(() => {
      values = [...draw()];
      return { data: Float32Array.from(values), shape: [values.length] };
    });
    return new EachExample(() => values);
  }

  /** Another number of each, computed from this one. */
  map(value: (own: number) => number): EachExample {
    return new EachExample(() => this.#values().map(value));
  }

  /** One number per example, shaped to multiply a batch: `[batch, 1, ...]`. */
  tensor(rank = 1): Tensor {
    return drawn(() => {
      const values = this.#values();
      const shape = [values.length, ...new Array<number>(rank - 1).fill(1)];
      return { data: Float32Array.from(values), shape };
    });
  }
}
