import { useBackend } from "@pellucid/backends";
import {
  getKernel,
  getKernelsForBackend,
  registerKernel,
  Relu,
  relu,
  tensor1d,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

/** What another copy of a backend registers: kernels that are not set up for the backend that runs. */
const notSetUp = () => {
  throw new Error("this kernel is not set up");
};

describe.each(["cpu", "wasm"] as const)("the kernels of %s", (backendName) => {
  test("stay when another copy of the backend registers its own", async () => {
    await useBackend({ only: backendName });
    const before = getKernelsForBackend(backendName);
    for (const kernel of before) registerKernel({ ...kernel, kernelFunc: notSetUp });
    expect(getKernelsForBackend(backendName)).toEqual(before);
    expect([...relu(tensor1d([-1, 2])).dataSync()]).toEqual([0, 2]);
    await useBackend({ only: backendName });
    expect(getKernelsForBackend(backendName)).toEqual(before);
  });

  test("take in one that the backend lacks", async () => {
    await useBackend({ only: backendName });
    registerKernel({ kernelName: "OnlyHere", backendName, kernelFunc: notSetUp });
    expect(getKernel("OnlyHere", backendName).kernelFunc).toBe(notSetUp);
    unregisterKernel("OnlyHere", backendName);
  });

  test("can be replaced where they are unregistered first", async () => {
    await useBackend({ only: backendName });
    const own = getKernel(Relu, backendName);
    unregisterKernel(Relu, backendName);
    registerKernel({ ...own, kernelFunc: notSetUp });
    try {
      expect(() => relu(tensor1d([-1, 2]))).toThrow("this kernel is not set up");
    } finally {
      unregisterKernel(Relu, backendName);
      registerKernel(own);
    }
    expect([...relu(tensor1d([-1, 2])).dataSync()]).toEqual([0, 2]);
  });
});
