import { memory, type Tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { type Numbers, toNumbers } from "./to-numbers.ts";

/** How far two numbers may be apart: `|actual − expected| ≤ atol + rtol · |expected|`. */
export interface Tolerance {
  readonly rtol?: number;
  readonly atol?: number;
}

declare module "vitest" {
  // oxlint-disable-next-line typescript/no-explicit-any no-unused-vars -- the names and defaults that vitest gives them
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** Numbers agree within a tolerance, default `rtol` 1e-5, `atol` 1e-6. NaN agrees with NaN. */
    toBeAllclose(expected: Numbers, tolerance?: Tolerance): R;
    /** The function leaves no tensor behind but those it returns (which are then freed), also when it throws. */
    toLeakNothing(): R;
    toHaveShape(shape: readonly number[]): R;
  }
}

expect.extend({
  toBeAllclose(received: Numbers, expected: Numbers, { rtol = 1e-5, atol = 1e-6 }: Tolerance = {}) {
    const actual = toNumbers(received);
    const wanted = toNumbers(expected);
    const far = (a: number, e: number) =>
      !(
        Object.is(a, e) ||
        a === e ||
        Math.abs(a - e) <= atol + rtol * Math.abs(e) ||
        (Number.isNaN(a) && Number.isNaN(e))
      );
    const wrong =
      actual.length === wanted.length ? actual.findIndex((a, i) => far(a, wanted[i] as number)) : 0;
    const count = actual.filter((a, i) => far(a, wanted[i] as number)).length;
    return {
      pass: actual.length === wanted.length && wrong === -1,
      message: () =>
        actual.length === wanted.length
          ? `${count} of ${actual.length} numbers are off, first [${wrong}]: ${actual[wrong]}, expected ${wanted[wrong]} (atol ${atol}, rtol ${rtol})`
          : `${actual.length} numbers, expected ${wanted.length}`,
    };
  },
  toLeakNothing(body: () => unknown) {
    const before = memory().numTensors;
    let returned: unknown;
    try {
      returned = body();
    } catch {
      returned = undefined;
    }
    const returnedTensors = new Set(tensorsIn(returned));
    for (const tensor of returnedTensors) tensor.dispose();
    const left = memory().numTensors - before;
    return { pass: left === 0, message: () => `${left} tensors leaked` };
  },
  toHaveShape(received: Tensor, shape: readonly number[]) {
    const pass = this.equals(received.shape, shape);
    return { pass, message: () => `shape is [${received.shape.join(", ")}], expected [${shape.join(", ")}]` };
  },
});

function tensorsIn(value: unknown): Tensor[] {
  if (typeof value !== "object" || value === null) return [];
  if ("dataId" in value) return [value as Tensor];
  return Object.values(value).flatMap(tensorsIn);
}
