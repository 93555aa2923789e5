import type { Dataset } from "../../src/data/dataset.ts";
import { mapDataset } from "../../src/data/map-dataset.ts";
import type { HostTensor } from "../../src/host-tensor.ts";
import { TensorDataset } from "../../src/data/tensor-dataset.ts";

const length = 23;

/** Items that differ and draw, some later than others: what workers must not mix up. */
const numbers: Dataset<{ x: Float32Array; y: number }> = {
  length,
  async get(i) {
    if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
    return { x: Float32Array.of(i, i / 2), y: i };
  },
};

export default mapDataset(numbers, ({ x, y }, rng) => ({
  x: x.map((v) => v + (rng.rand([]).data[0] ?? 0)),
  y,
}));

/** The same rows of memory each time: a worker must not give them away. */
export const rows = new TensorDataset({
  x: { data: Float32Array.from({ length: 2 * length }, (_, i) => i), shape: [length, 2] },
  y: { data: Int32Array.from({ length }, (_, i) => i), shape: [length] },
});

/** Items that are instances of a class, with a record in them. */
class Sample {
  readonly x: { readonly image: HostTensor; readonly name: string };
  readonly y: number;
  constructor(index: number) {
    this.x = { image: { data: Float32Array.of(index, -index), shape: [2, 1] }, name: `n${index}` };
    this.y = index;
  }
}

export const samples: Dataset<Sample> = { length, get: (i) => new Sample(i) };
