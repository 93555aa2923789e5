// Dropout between recurrent layers for a sorted batch of more than 16 sequences with equal lengths, as PyTorch draws it.
import { useBackend } from "@pellucid/backends";
import { GRU, Rng, training } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const wanted = fixture<{ lengths: number[]; y: number[] }>(
  import.meta.url,
  "../../fixtures/torch/rnn-dropout.json",
);

beforeAll(async () => {
  await useBackend({ only: "wasm" });
});

test("a sorted batch with equal lengths has PyTorch's masks", () => {
  const rng = new Rng(0);
  const net = new GRU(2, 3, { rng, numLayers: 2, dropout: 0.5 });
  const x = tensor3d(
    Float32Array.from({ length: 240 }, (_, i) => Math.sin(i)),
    [20, 6, 2],
  );
  rng.restore(new Rng(1).state());
  const { output } = training(net, () => net.step(x, undefined, { lengths: wanted.lengths }));
  expect(output).toBeAllclose(wanted.y, { rtol: 1e-5, atol: 2e-6 });
});
