import { useBackend } from "@pellucid/backends";
import {
  gaussianKl,
  gumbelSoftmax,
  OptionError,
  reparameterize,
  Rng,
  ShapeError,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { grads, mul, sum, type Tensor, tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

interface Stored {
  readonly shape: number[];
  readonly data: number[];
}

interface Case {
  readonly name: keyof typeof calls;
  readonly inputs: readonly Stored[];
  readonly seed: number;
  readonly options: { readonly tau: number; readonly hard: boolean };
  readonly output: Stored;
  readonly gradients: readonly Stored[];
  readonly next: number;
}

const calls = {
  gumbelSoftmax: ([x]: Tensor[], options: Case["options"], rng: Rng) =>
    gumbelSoftmax(x as Tensor, { ...options, rng }),
  reparameterize: ([mean, logVariance]: Tensor[], _: unknown, rng: Rng) =>
    reparameterize({ mean: mean as Tensor, logVariance: logVariance as Tensor }, { rng }),
  gaussianKl: ([mean, logVariance, ...prior]: Tensor[]) =>
    gaussianKl(
      { mean: mean as Tensor, logVariance: logVariance as Tensor },
      prior.length === 0 ? undefined : { mean: prior[0] as Tensor, logVariance: prior[1] as Tensor },
    ),
};

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../../fixtures/torch/distribution.json");

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each(cases)("$name of $output.shape with $options has PyTorch's draws and gradients", (made) => {
    const { name, inputs, seed, options, output, gradients, next } = made;
    tidy(() => {
      const rng = new Rng(seed);
      const given = inputs.map(opened);
      const y = calls[name](given, options, rng);
      expect(y).toHaveShape(output.shape);
      expect(y).toBeAllclose(output.data, { atol: 2e-6 });
      if (name !== "gaussianKl") expect(rng.rand([1]).data[0]).toBe(next);
      const weights = tensor(
        Float32Array.from({ length: y.size }, (_, i) => Math.sin(1.7 * i + 0.3)),
        y.shape,
      );
      const computed = grads((...x: Tensor[]) => sum(mul(weights, calls[name](x, options, new Rng(seed)))))(
        given,
      );
      for (const [i, { data }] of gradients.entries()) expect(computed[i]).toBeAllclose(data, { atol: 2e-6 });
      expect(() => calls[name](given, options, new Rng(seed))).toLeakNothing();
    });
  });
});

test("errors say what came", () => {
  const rng = new Rng(0);
  expect(() => gumbelSoftmax(zeros([2, 3]), { rng, tau: 0 })).toThrow(
    new OptionError("gumbelSoftmax", "tau", 0, "a number above 0"),
  );
  expect(() => reparameterize({ mean: zeros([2]), logVariance: zeros([3]) }, { rng })).toThrow(
    new ShapeError("reparameterize: logVariance is [3], expected [2]."),
  );
  expect(() => gaussianKl({ mean: zeros([2]), logVariance: zeros([3]) })).toThrow(
    new ShapeError("gaussianKl: logVariance is [3], expected [2]."),
  );
});

function opened({ data, shape }: Stored): Tensor {
  return tensor(data, shape);
}
