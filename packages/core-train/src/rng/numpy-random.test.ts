import { fixture } from "@pellucid/testing";
import { expect, it } from "vitest";
import { NumpyRandom } from "./numpy-random.ts";
import { RngError } from "./rng-error.ts";

interface Permutation {
  readonly seed: number;
  readonly length: number;
  readonly head: number[];
  readonly sum: number;
}

const { permutations } = fixture<{ permutations: Permutation[] }>(
  import.meta.url,
  "../../fixtures/torch/data.json",
);

it.each(permutations)(
  "permutes $length numbers as RandomState($seed) does",
  ({ seed, length, head, sum }) => {
    const order = [...new NumpyRandom(seed).randperm(length)];
    expect(order.slice(0, 40)).toEqual(head);
    expect(order.reduce((total, value, i) => total + value * i, 0)).toBe(sum);
  },
);

it.each([-1, 2 ** 32, 0.5])("refuses the seed %d", (seed) => {
  expect(() => new NumpyRandom(seed)).toThrow(
    new RngError(`NumpyRandom: the seed is ${seed}, expected an integer from 0 to 2³² − 1.`),
  );
});
