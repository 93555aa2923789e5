// Autoencoders of every kind in training: PyTorch's initial weights, losses, gradients and ten steps, in 64 bits.
import { useBackend } from "@pellucid/backends";
import { Linear, Module, mseLoss, type Rng } from "@pellucid/core-train";
import {
  Autoencoder,
  categoricalKl,
  ConditionalVae,
  contractivePenalty,
  corrupt,
  GumbelVae,
  importanceWeightedElbo,
  negativeElbo,
  sparsityPenalty,
  StackedAutoencoder,
  Vae,
  VectorQuantizer,
  VqVae,
} from "@pellucid/generative";
import { binaryCrossEntropyWithLogits } from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { add, div, mul, sum, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { checkTwin, type Twin, twin, type TwinCase } from "./check-twin.ts";

const { cases } = fixture<{ cases: TwinCase[] }>(import.meta.url, "../fixtures/torch/autoencoders.json");

const unit = (x: Tensor) => mul(0.5, add(x, 1));
const reconstruction = (m: Autoencoder, [x]: Tensor[]) => tidy(() => mseLoss(m.forward(unit(x!)), unit(x!)));
const stacked = (rng: Rng) => new StackedAutoencoder([6, 4, 3], { rng });
const vae = (rng: Rng) => new Vae(6, { rng, hiddenFeatures: 5, latentFeatures: 2 });
const elbo =
  (beta: number) =>
  (m: Vae, [x]: Tensor[]) =>
    tidy(() => {
      const { logits, posterior } = m.forward(unit(x!));
      return negativeElbo(logits, unit(x!), posterior, { beta }).loss;
    });
const gumbel = (hard: boolean) =>
  twin(
    (rng) => new GumbelVae(6, { rng, hiddenFeatures: 5, variables: 2, classes: 3, tau: 0.7, hard }),
    (m, [x]) =>
      tidy(() => {
        const { logits, posterior } = m.forward(unit(x!));
        const surprise = binaryCrossEntropyWithLogits(logits, unit(x!), { reduction: "sum" });
        return div(add(surprise, sum(categoricalKl(posterior))), 4);
      }),
  );

class QuantizedAutoencoder extends Module {
  readonly encoder: Linear;
  readonly quantizer: VectorQuantizer;
  readonly decoder: Linear;
  constructor(rng: Rng) {
    super();
    this.encoder = new Linear(6, 2, { rng });
    this.quantizer = new VectorQuantizer(4, 2, { rng });
    this.decoder = new Linear(2, 6, { rng });
  }
}

const twins: Readonly<Record<string, Twin>> = {
  autoencoder: twin((rng) => new Autoencoder([6, 5, 2], { rng }), reconstruction),
  denoising: twin(
    (rng) => new Autoencoder([6, 5, 2], { rng, activation: "relu", output: "none" }),
    (m, [x], rng) =>
      tidy(() => mseLoss(m.forward(corrupt(unit(x!), { rng, std: 0.3, maskProbability: 0.25 })), unit(x!))),
  ),
  sparse: twin(
    (rng) => new Autoencoder([6, 5], { rng, activation: "sigmoid", activateCode: true }),
    (m, [x]) =>
      tidy(() => {
        const code = m.encode(unit(x!));
        return add(mseLoss(m.decode(code), unit(x!)), mul(0.1, sparsityPenalty(code)));
      }),
  ),
  contractive: twin(
    (rng) => new Autoencoder([6, 5, 3], { rng, activateCode: true }),
    (m, [x]) =>
      tidy(() => {
        const penalty = contractivePenalty((at) => m.encode(at), unit(x!));
        return add(reconstruction(m, [x!]), mul(0.1, penalty));
      }),
  ),
  "stacked layer 0": twin(stacked, (m, [x]) => m.layerLoss(0, x!)),
  "stacked layer 1": twin(stacked, (m, [x]) => m.layerLoss(1, x!)),
  stacked: twin(stacked, (m, [x]) => tidy(() => mseLoss(m.forward(x!), x!))),
  vae: twin(vae, elbo(1)),
  "beta vae": twin(vae, elbo(4)),
  "conditional vae": twin(
    (rng) => new ConditionalVae(6, 3, { rng, hiddenFeatures: 5, latentFeatures: 2 }),
    (m, [x, label]) =>
      tidy(() => {
        const { logits, posterior } = m.forward({ x: unit(x!), label: label! });
        return negativeElbo(logits, unit(x!), posterior).loss;
      }),
  ),
  "importance-weighted": twin(vae, (m, [x], rng) =>
    tidy(() => importanceWeightedElbo(m, unit(x!), { rng, samples: 3 })),
  ),
  gumbel: gumbel(false),
  "gumbel, hard": gumbel(true),
  "vector quantizer": twin(
    (rng) => new QuantizedAutoencoder(rng),
    (m, [x]) =>
      tidy(() => {
        const { quantized, loss } = m.quantizer.forward(m.encoder.forward(x!));
        return add(mseLoss(m.decoder.forward(quantized), x!), loss);
      }),
  ),
  "vq-vae": twin(
    (rng) =>
      new VqVae({
        rng,
        inChannels: 1,
        hiddenChannels: 4,
        residualChannels: 3,
        residualLayers: 1,
        numCodes: 5,
        codeFeatures: 2,
        decay: 0.9,
      }),
    (m, [x]) =>
      tidy(() => {
        const { reconstruction: y, loss } = m.forward(x as Tensor4D);
        return add(mseLoss(y, x!), loss);
      }),
  ),
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));
  test.for(cases)(
    "$title: PyTorch's initial weights, loss, gradients and ten steps",
    (c) => checkTwin(c, twins[c.title] as Twin, backend === "cpu" ? 2 : 10), // plain JavaScript is slow
  );
});

test("every twin has its case", () => {
  expect(Object.keys(twins)).toEqual(cases.map(({ title }) => title));
});
