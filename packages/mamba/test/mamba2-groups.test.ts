// Mamba-2 with two groups of heads against transformers, whose gated norm is over all channels.
import { useBackend } from "@pellucid/backends";
import { encodeSafetensors, type HostTensor, loadWeights, Rng, sizeOf } from "@pellucid/core-train";
import { Mamba2, MambaLm } from "@pellucid/mamba";
import { fixture, formulaWeights } from "@pellucid/testing";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const wanted = fixture<{ shapes: Record<string, number[]>; logits: number[] }>(
  import.meta.url,
  "../fixtures/torch/mamba2-groups.json",
);

/** The fixture's weights. */
const given: Record<string, HostTensor> = formulaWeights(wanted.shapes, (x, name, shape) => {
  if (name.endsWith("A_log")) return x + 1;
  if (name.endsWith(".D")) return 1 + 0.4 * x;
  if (/norm(_f)?\.weight$/.test(name)) return 1 + 0.2 * x;
  if (name.endsWith("dt_bias")) return 2 * x - 2;
  return shape.length > 1 ? x * Math.sqrt((12 * (shape[0] ?? 1)) / sizeOf(shape)) : 0.2 * x;
});

const ids = (): Tensor2D =>
  tensor2d(
    [0, 1].map((b) => Array.from({ length: 11 }, (_, t) => (7 * t + 3 * b + t * t) % 23)),
    [2, 11],
    "int32",
  );

function logitsOf(options: { readonly normGroups?: number }): Float32Array {
  const model = new MambaLm({
    rng: new Rng(0),
    vocabSize: 24,
    dModel: 8,
    nLayer: 2,
    mixer: (width, rng) =>
      new Mamba2(width, { rng, dState: 6, headDim: 4, nGroups: 2, chunkSize: 4, ...options }),
  });
  loadWeights(model, encodeSafetensors(given));
  return model.forward(ids()).dataSync<"float32">();
}

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("with normGroups 1 the logits are those of transformers", () => {
  // transformers computes part of the scan and the norm in 32 bits
  expect(logitsOf({ normGroups: 1 })).toBeAllclose(wanted.logits, { rtol: 1e-5, atol: 1e-5 });
});

test("by default each group is normalized separately, as in mamba_ssm, which gives other logits", () => {
  const differences = logitsOf({}).map((value, i) => Math.abs(value - (wanted.logits[i] ?? 0)));
  expect(Math.max(...differences)).toBeGreaterThan(0.01);
  expect(logitsOf({})).toBeAllclose([...logitsOf({ normGroups: 2 })], { rtol: 0, atol: 0 });
});
