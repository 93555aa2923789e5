// A GPT-2 with an adapter against peft's, from the same weights and the same seed.
import { useBackend } from "@pellucid/backends";
import {
  adamw,
  applyLora,
  crossEntropy,
  encodeSafetensors,
  type HostTensor,
  loadLora,
  loadWeights,
  mergeLora,
  Optimizer,
  parseSafetensors,
  removeLora,
  Rng,
  saveLora,
  saveWeights,
  toHostTensor,
  trainable,
  trainStep,
  withoutInit,
} from "@pellucid/core-train";
import { fixture, formulaWeights } from "@pellucid/testing";
import { Gpt } from "@pellucid/transformer";
import { reshape, slice, type Tensor, tensor1d, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

const peft = fixture<{
  readonly shapes: Record<string, number[]>;
  readonly losses: number[];
  readonly file: string;
}>(import.meta.url, "../fixtures/torch/lora.json");

const base = (): Record<string, HostTensor> =>
  formulaWeights(peft.shapes, (x, name, shape) => {
    if (shape.length > 1) return x * 0.7;
    return name.endsWith("weight") ? 1 + 0.2 * x : 0.2 * x;
  });
const rows = [0, 1].map((b) => Array.from({ length: 11 }, (_, t) => (7 * t + 3 * b + t * t) % 23));
const ids = (): Tensor2D => tensor2d(rows, [2, 11], "int32");
const loss = (logits: Tensor) =>
  crossEntropy(
    reshape(slice(logits, [0, 0, 0], [2, 10, 23]), [20, 23]) as Tensor2D,
    tensor1d(
      rows.flatMap((row) => row.slice(1)),
      "int32",
    ),
  );

function loaded(): Gpt {
  const sizes = { vocabSize: 23, blockSize: 16, nEmbd: 8, nLayer: 2, nHead: 2 };
  const model = withoutInit(() => new Gpt({ rng: new Rng(0), ...sizes }));
  loadWeights(model, encodeSafetensors(base()));
  return model;
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test("ten steps give peft's losses and adapter, which loads, merges and leaves again", async () => {
    const model = loaded();
    const targets = ["c_attn", "cFc", "mlp.cProj"];
    const paths = applyLora(model, { rank: 3, alpha: 6, targets, rng: new Rng(4) });
    expect(paths.slice(0, 3)).toEqual(
      ["attn.cAttn", "mlp.cFc", "mlp.cProj"].map((name) => `transformer.h.0.${name}`),
    );
    const optimizer = new Optimizer(adamw({ learningRate: 1e-2, weightDecay: 0.01 }), trainable(model));
    const losses: number[] = [];
    for (let step = 0; step < 10; step++)
      losses.push(await trainStep(model, optimizer, () => loss(model.forward(ids()))));
    expect(losses).toBeAllclose(peft.losses, { rtol: 0, atol: 1e-5 });

    const theirs = parseSafetensors(new Uint8Array(Buffer.from(peft.file, "base64"))).tensors;
    const files = await saveLora(model);
    const ours = parseSafetensors(files["adapter_model.safetensors"]).tensors;
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    for (const [name, stored] of Object.entries(theirs))
      expect(toHostTensor(ours[name] as typeof stored, name).data, name).toBeAllclose(
        toHostTensor(stored, name).data,
        { rtol: 0, atol: 1e-4 }, // Adam divides by the size of a gradient, which is near 0 for some
      );
    expect(JSON.parse(files["adapter_config.json"])).toMatchObject({ fan_in_fan_out: true, r: 3 });

    const copy = loaded();
    loadLora(copy, files, { rng: new Rng(0) });
    const apart = model.forward(ids());
    expect(copy.forward(ids())).toBeAllclose(apart, { rtol: 0, atol: 0 });
    mergeLora(copy);
    expect(copy.forward(ids())).toBeAllclose(apart, { rtol: 0, atol: 1e-6 });
    removeLora(copy);
    expect(copy.forward(ids())).toBeAllclose(apart, { rtol: 0, atol: 1e-6 });
    removeLora(model);
    expect(await saveWeights(model)).toEqual(await saveWeights(loaded()));
  });

  test("generation from the cache goes through the adapter", () => {
    const model = loaded();
    const plain = model.step(ids(), model.initialState(2)).output;
    applyLora(model, { rank: 3, targets: ["wte"], rng: new Rng(4) });
    const { lora } = model.transformer.wte as unknown as { lora: { loraEmbeddingA: Tensor2D } };
    const factor = lora.loraEmbeddingA as Tensor2D & { assign(x: Tensor2D): void };
    factor.assign(
      tensor2d(
        Array.from({ length: 69 }, (_, i) => Math.sin(i)),
        [23, 3],
      ),
    );
    const stepped = model.step(ids(), model.initialState(2)).output;
    expect(stepped).toBeAllclose(model.forward(ids()), { rtol: 0, atol: 1e-5 });
    expect(stepped).not.toBeAllclose(plain, { rtol: 0, atol: 1e-2 });
    expect(() => mergeLora(model)).toThrow("the weight of transformer.wte is shared with another layer");
  });
});
