import { onTensorMoved, useBackend } from "@pellucid/backends";
import { complex, fft, ifft, imag, real, tensor, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { draws } from "./draw.ts";

beforeAll(() => useBackend({ only: "wasm" }));

const partsOf = (z: Tensor) => tidy(() => [...real(z).dataSync(), ...imag(z).dataSync()]);

describe("the transform is the sum that defines it, for any length", () => {
  test.each([1, 2, 3, 4, 5, 7, 12, 60, 64, 97, 101, 125, 128])("%i numbers", (n) => {
    const draw = draws(n);
    const [a, b] = [draw.numbers(n), draw.numbers(n)];
    const sum = (k: number, f: (a: number, b: number, cos: number, sin: number) => number) =>
      a.reduce((total, x, j) => {
        const angle = (-2 * Math.PI * j * k) / n;
        return total + f(x, b[j] as number, Math.cos(angle), Math.sin(angle));
      }, 0);
    const indices = Array.from({ length: n }, (_, k) => k);
    const wanted = [
      ...indices.map((k) => sum(k, (x, y, cos, sin) => x * cos - y * sin)),
      ...indices.map((k) => sum(k, (x, y, cos, sin) => x * sin + y * cos)),
    ];
    const tolerance = { rtol: 0, atol: 2e-7 * Math.sqrt(n) * Math.log2(n + 1) + 1e-7 };
    tidy(() => {
      const y = fft(complex(tensor(a), tensor(b)));
      expect(partsOf(y)).toBeAllclose(wanted, tolerance);
      expect(partsOf(ifft(y))).toBeAllclose([...a, ...b], tolerance);
    });
  });
});

test("complex numbers are read as pairs, and those of another backend may come over", async () => {
  await useBackend({ only: "cpu" });
  const z = complex(tensor([1, 2]), tensor([3, -4]));
  await useBackend({ only: "wasm" });
  const stop = onTensorMoved(() => {});
  tidy(() => {
    const y = fft(z);
    expect([...y.dataSync()]).toEqual([3, -1, -1, 7]);
    expect([...real(z).dataSync()]).toEqual([1, 2]);
  });
  stop();
  z.dispose();
});

test("transforms leak no tensors", () => {
  const [a, b] = [tensor([[1, 2, 3]]), tensor([[4, 5, 6]])];
  expect(() => tidy(() => fft(complex(a, b)).dataSync())).toLeakNothing();
});
