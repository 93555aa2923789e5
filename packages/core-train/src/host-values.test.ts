import { backend, tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { hostValues } from "./host-values.ts";

const x = tensor1d([1, 2]);

test("where reading is cheap, it gives the values", () => {
  expect(hostValues(x)).toEqual(new Float32Array([1, 2]));
});

test("where values may lie on a graphics card, it does not wait for them", () => {
  for (const sign of ["uploadToGPU", "isGPUPackage"]) {
    Object.defineProperty(backend(), sign, { value: true, configurable: true });
    try {
      expect(hostValues(x)).toBeNull();
    } finally {
      Reflect.deleteProperty(backend(), sign);
    }
  }
});
