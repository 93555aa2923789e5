// In a page with the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy, whose main thread may not sleep.
import { matMul, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getNumThreads, setNumThreads } from "./threads.ts";
import { useBackend } from "./use-backend.ts";

beforeAll(() => useBackend({ only: "wasm" }));
afterAll(() => setNumThreads(1));

const size = 200;
const numbers = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));

test("an isolated page has as many threads as it asks for, and their product has the same bits as one's", async () => {
  expect(crossOriginIsolated).toBe(true);
  const products: Float32Array[] = [];
  for (const count of [1, 2, 3]) {
    await setNumThreads(count);
    expect(getNumThreads()).toBe(count);
    for (let round = 0; round < 20; round++) {
      const a = tensor2d(numbers, [size, size]);
      products.push(tidy(() => matMul(a, a).dataSync<"float32">()));
      a.dispose();
    }
  }
  const [first] = products as [Float32Array];
  expect(products.every((product) => product.every((number, i) => number === first[i]))).toBe(true);
});
