import { disposeLeaves, leaves, mapLeaves, StructError, tidyLeaves } from "@pellucid/core-train";
import { memory, mul, scalar, tensor1d, type Tensor1D } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

class Gaussian {
  readonly mean: Tensor1D;
  readonly samples: number;
  constructor(mean: Tensor1D, samples: number) {
    this.mean = mean;
    this.samples = samples;
  }
  doubled(): number {
    return 2 * this.samples;
  }
}

const a = tensor1d([1, 2]);
const b = tensor1d([3]);
const nested = {
  a,
  names: ["x", "y"],
  lengths: Int32Array.of(2, 1),
  mask: null,
  list: [b, new Gaussian(a, 3)],
};

test("leaves are the tensors in the order of the fields, without host values", () => {
  expect(leaves(nested)).toEqual([a, b, a]);
  expect(leaves(a)).toEqual([a]);
  expect(leaves("none")).toEqual([]);
});

test("mapping the leaves keeps host values and classes", () => {
  const mapped = mapLeaves({ list: [b, "name"] as const, at: new Gaussian(a, 3) }, (leaf, i) =>
    mul(leaf, 10 ** i),
  );
  expect(mapped.list[0]).toBeAllclose([3]);
  expect(mapped.list[1]).toBe("name");
  expect(mapped.at.mean).toBeAllclose([10, 20]);
  expect(mapped.at.doubled()).toBe(6);
});

test("tidying keeps the tensors of what is returned, an instance of a class too", () => {
  const before = memory().numTensors;
  const kept = tidyLeaves(() => {
    mul(a, 3);
    return new Gaussian(mul(a, 2), 1);
  });
  expect(memory().numTensors).toBe(before + 1);
  expect(kept.mean).toBeAllclose([2, 4]);
  disposeLeaves(kept);
  expect(memory().numTensors).toBe(before);
});

test("freeing a structure spares the tensors of others", () => {
  const [own, borrowed] = [scalar(1), scalar(2)];
  disposeLeaves({ own, borrowed, twice: own }, [borrowed]);
  expect([own.isDisposed, borrowed.isDisposed]).toEqual([true, false]);
});

test.for([
  [{ f: () => 1 }, "structure.f is a function, expected a tensor, a host value"],
  [{ list: [1, new Map()] }, "structure.list.1 is a Map"],
  [{ a: { b: new Set() } }, "structure.a.b is a Set"],
  [Promise.resolve(1), "structure is a Promise"],
  [{ s: Symbol("s") }, "structure.s is a symbol"],
] as const)("what is not a structure is refused: %#", ([x, message]) => {
  expect(() => leaves(x)).toThrow(StructError);
  expect(() => leaves(x)).toThrow(message);
  expect(() => mapLeaves(x, (leaf) => leaf)).toThrow(message);
  expect(() => tidyLeaves(() => [mul(a, 2), x])).toThrow(StructError);
  expect(() => void tidyLeaves(() => [mul(a, 2), x])).toLeakNothing();
});
