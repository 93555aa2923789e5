/** Numbers, with the combination of all of them always at hand: of a sum or of a minimum, in a logarithmic number of operations. */
export class SegmentTree {
  readonly #leaves: number;
  readonly #nodes: Float64Array;
  readonly #combine: (a: number, b: number) => number;

  constructor(capacity: number, neutral: number, combine: (a: number, b: number) => number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(capacity, 2)));
    this.#nodes = new Float64Array(2 * this.#leaves).fill(neutral);
    this.#combine = combine;
  }

  get total(): number {
    return this.#nodes[1] ?? NaN;
  }

  get(index: number): number {
    return this.#nodes[this.#leaves + index] ?? NaN;
  }

  set(index: number, value: number): void {
    let node = this.#leaves + index;
    this.#nodes[node] = value;
    for (node >>= 1; node >= 1; node >>= 1)
      this.#nodes[node] = this.#combine(this.#nodes[2 * node] ?? NaN, this.#nodes[2 * node + 1] ?? NaN);
  }

  /** Of a sum: the first index at which the sum up to and with it is above `target`. */
  find(target: number): number {
    let [node, rest] = [1, target];
    while (node < this.#leaves) {
      node *= 2;
      const left = this.#nodes[node] ?? NaN;
      if (rest >= left && (this.#nodes[node + 1] ?? NaN) > 0) {
        rest -= left;
        node++;
      }
    }
    return node - this.#leaves;
  }
}
