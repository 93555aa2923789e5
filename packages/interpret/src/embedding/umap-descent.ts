import type { Rng } from "@pellucid/core-train";
import type { FuzzyNeighbors } from "./fuzzy-neighbors.ts";
import type { UmapCurve } from "./umap-curve.ts";

/** What {@link UmapDescent} goes by. */
export interface UmapDescentOptions {
  readonly rng: Rng;
  readonly dimensions: 2 | 3;
  readonly curve: UmapCurve;
  readonly steps: number;
  readonly learningRate: number;
  readonly negatives: number;
}

/**
 * The steps of UMAP: the nearest pairs pull in each, others as much more seldom as they are less near; each pull moves both points along
 * `∂ log w / ∂ y_i = −2ab d^(2(b−1)) / (1 + a d^(2b)) · (y_i − y_j)`, and is paid for by pushes that move `i` alone along
 * `∂ log(1 − w) / ∂ y_i = 2b / ((0.001 + d²)(1 + a d^(2b))) · (y_i − y_j)`; no number by more than 4 times the rate.
 */
export class UmapDescent {
  readonly #y: Float64Array;
  readonly #options: UmapDescentOptions;
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  readonly #every: Float64Array;
  readonly #next: Float64Array;
  readonly #pull: FactorTable;
  readonly #push: FactorTable;

  /** @param y where points start, `[example · dimension]`; each step changes it */
  constructor(y: Float64Array, { heads, tails, weights }: FuzzyNeighbors, options: UmapDescentOptions) {
    this.#y = y;
    this.#options = options;
    const most = weights.reduce((a, b) => Math.max(a, b), 0);
    const kept = Int32Array.from(weights.keys()).filter(
      (e) => (weights[e] as number) >= most / options.steps,
    );
    this.#heads = kept.map((e) => heads[e] as number);
    this.#tails = kept.map((e) => tails[e] as number);
    this.#every = Float64Array.from(kept, (e) => most / (weights[e] as number));
    this.#next = this.#every.slice();
    const { a, b } = options.curve;
    this.#pull = new FactorTable((d) => (-2 * a * b * d ** b) / (d * (1 + a * d ** b)));
    this.#push = new FactorTable((d) => (2 * b) / ((0.001 + d) * (1 + a * d ** b)));
  }

  step(step: number): void {
    const [heads, tails, every, next] = [this.#heads, this.#tails, this.#every, this.#next];
    const { steps, learningRate, dimensions } = this.#options;
    const rate = learningRate * (1 - step / steps);
    const isPlane = dimensions === 2;
    for (let e = 0; e < heads.length; e++) {
      const due = next[e] as number;
      if (due > step + 1) continue;
      next[e] = due + (every[e] as number);
      const [i, j] = [heads[e] as number, tails[e] as number];
      if (isPlane) {
        this.#move2d(i, j, rate); // both ways, as each pair has two ends
        this.#move2d(j, i, rate);
      } else {
        this.#move3d(i, j, rate);
        this.#move3d(j, i, rate);
      }
    }
  }

  #move2d(head: number, tail: number, rate: number): void {
    const y = this.#y;
    const { rng, negatives } = this.#options;
    const [i, j] = [2 * head, 2 * tail];
    let x0 = y[i] as number;
    let x1 = y[i + 1] as number;
    const a = x0 - (y[j] as number);
    const b = x1 - (y[j + 1] as number);
    const squared = a * a + b * b;
    if (squared > 0) {
      const factor = this.#pull.at(squared);
      const m0 = rate * bounded(factor * a);
      const m1 = rate * bounded(factor * b);
      x0 += m0;
      x1 += m1;
      y[j] = (y[j] as number) - m0;
      y[j + 1] = (y[j + 1] as number) - m1;
    }
    const share = y.length / 2 / 2 ** 32;
    for (let n = 0; n < negatives; n++) {
      const other = 2 * Math.floor(rng.uint32() * share);
      if (other === i) continue;
      const c = x0 - (y[other] as number);
      const d = x1 - (y[other + 1] as number);
      const apart = c * c + d * d;
      if (apart > 0) {
        const factor = this.#push.at(apart);
        x0 += rate * bounded(factor * c);
        x1 += rate * bounded(factor * d);
      } else {
        x0 += 4 * rate;
        x1 += 4 * rate;
      }
    }
    y[i] = x0;
    y[i + 1] = x1;
  }

  #move3d(head: number, tail: number, rate: number): void {
    const y = this.#y;
    const { rng, negatives } = this.#options;
    const [i, j] = [3 * head, 3 * tail];
    const squared = squaredDistance3d(y, i, j);
    if (squared > 0) {
      const factor = this.#pull.at(squared);
      for (let c = 0; c < 3; c++) {
        const move = rate * bounded(factor * ((y[i + c] as number) - (y[j + c] as number)));
        y[i + c] = (y[i + c] as number) + move;
        y[j + c] = (y[j + c] as number) - move;
      }
    }
    const share = y.length / 3 / 2 ** 32;
    for (let n = 0; n < negatives; n++) {
      const other = 3 * Math.floor(rng.uint32() * share);
      if (other === i) continue;
      const apart = squaredDistance3d(y, i, other);
      const factor = this.#push.at(apart);
      for (let c = 0; c < 3; c++) {
        const away = apart > 0 ? bounded(factor * ((y[i + c] as number) - (y[other + c] as number))) : 4;
        y[i + c] = (y[i + c] as number) + rate * away;
      }
    }
  }
}

const bounded = (move: number) => (move > 4 ? 4 : move < -4 ? -4 : move);

function squaredDistance3d(y: Float64Array, i: number, j: number): number {
  const a = (y[i] as number) - (y[j] as number);
  const b = (y[i + 1] as number) - (y[j + 1] as number);
  const c = (y[i + 2] as number) - (y[j + 2] as number);
  return a * a + b * b + c * c;
}

/** Powers of two from which a table begins and at which it ends, and how finely it divides each doubling: 2⁷ parts. */
const [first, last, bits] = [-40, 30, 7];

/**
 * A function of a squared distance, looked up: a power takes ten times as long. Between entries it goes straight, which is off by at most 5e-5 of
 * it.
 */
export class FactorTable {
  readonly #values: Float64Array;
  readonly #number = new Float32Array(1);
  readonly #bits = new Int32Array(this.#number.buffer);

  constructor(factor: (squared: number) => number) {
    const parts = 2 ** bits;
    this.#values = Float64Array.from({ length: (last - first) * parts + 1 }, (_, k) =>
      factor(2 ** (first + Math.floor(k / parts)) * (1 + (k % parts) / parts)),
    );
  }

  at(squared: number): number {
    const values = this.#values;
    this.#number[0] = squared;
    const position = (this.#bits[0] as number) - (127 + first) * 2 ** 23; // how a float is written down is nearly its logarithm
    const k = position >> (23 - bits);
    if (k < 0) return values[0] as number;
    if (k >= values.length - 1) return values[values.length - 1] as number;
    const low = values[k] as number;
    const part = (position & (2 ** (23 - bits) - 1)) * 2 ** (bits - 23);
    return low + part * ((values[k + 1] as number) - low);
  }
}
