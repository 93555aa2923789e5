// Bayes by backprop from the seed of a script of PyTorch: the same weights, batches, noise and losses.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  crossEntropy,
  type Layer,
  Module,
  Optimizer,
  relu,
  Rng,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import { BayesianConv2d, BayesianLinear, elboLoss, klOf } from "@pellucid/bayesian";
import { fixture } from "@pellucid/testing";
import {
  gather,
  mean,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor4d,
  tidy,
} from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";

const { replay } = fixture<{ replay: number[] }>(import.meta.url, "../fixtures/torch/variational.json");

class Net extends Module implements Layer<Tensor4D, Tensor2D> {
  readonly conv: BayesianConv2d;
  readonly linear: BayesianLinear;

  constructor(rng: Rng) {
    super();
    this.conv = new BayesianConv2d(2, 4, 3, { rng, stride: 2, padding: 1 });
    this.linear = new BayesianLinear(4, 3, { rng });
  }

  forward(x: Tensor4D): Tensor2D {
    return tidy(() => this.linear.forward(mean(relu(this.conv.forward(x)), [1, 2])));
  }
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  test("50 steps of Bayes by backprop have PyTorch's losses", async () => {
    await useBackend({ only: backend });
    const rng = new Rng(7);
    const net = new Net(rng);
    const optimizer = new Optimizer(adam({ learningRate: 0.02 }), trainable(net));
    const images = tensor4d(
      Float32Array.from({ length: 64 * 60 }, (_, i) => Math.sin(1.7 * i)),
      [64, 5, 6, 2],
    );
    const labels = tensor1d(
      Int32Array.from({ length: 64 }, (_, i) => ((i * 7) % 5) % 3),
      "int32",
    );
    const losses: number[] = [];
    for (let step = 0; step < 50; step++) {
      const rows = rng.randperm(64).slice(0, 16);
      losses.push(
        await trainStep(net, optimizer, () => {
          const [x, y] = [gather(images, rows), gather(labels, rows) as Tensor1D];
          return elboLoss(crossEntropy(net.forward(x), y), klOf(net), { datasetSize: 64 });
        }),
      );
    }
    expect(losses).toBeAllclose(replay, { rtol: 1e-4, atol: 1e-4 });
  });
});
