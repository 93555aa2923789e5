// NeRF's encoding: against its formula, in 64 bits on the host.
import { useBackend } from "@pellucid/backends";
import { OptionError } from "@pellucid/core-train";
import { checkGradient, sines } from "@pellucid/testing";
import { fourierEncoding } from "@pellucid/transformer";
import { tensor, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test("the frequency doubles: sines of all coordinates, then their cosines", () => {
    const x = tensor([[0.25, -0.5]]);
    const wave = (f: (x: number) => number, k: number) => [0.25, -0.5].map((p) => f(2 ** k * Math.PI * p));
    const expected = [0, 1, 2].flatMap((k) => [...wave(Math.sin, k), ...wave(Math.cos, k)]);
    expect(fourierEncoding(x, 3)).toBeAllclose(expected, { rtol: 0, atol: 1e-6 });
    expect(fourierEncoding(x, 3, { includeInput: true })).toBeAllclose([0.25, -0.5, ...expected], {
      rtol: 0,
      atol: 1e-6,
    });
    checkGradient((at: Tensor) => fourierEncoding(at, 2), x);
  });
});

test("a number of frequencies below 1 is refused", () => {
  expect(() => fourierEncoding(zeros([2, 3]), 0)).toThrow(
    new OptionError("fourierEncoding", "frequencies", 0, "an integer above 0"),
  );
});

test("it leaks nothing", () => {
  const x = sines([2, 3, 4]);
  expect(() => fourierEncoding(x, 2)).toLeakNothing();
});
