// Gradients of gradients, and a flow's density, on every backend of the machine.
import { type BackendName, useBackend } from "@pellucid/backends";
import {
  Conv2d,
  flatten,
  type HostTensor,
  type Layer,
  leakyRelu,
  Linear,
  loadWeights,
  Module,
  Rng,
  tanh,
  trainable,
  valueAndGradients,
} from "@pellucid/core-train";
import { gradientPenalty, realNvp, wassersteinGan } from "@pellucid/generative";
import { fixture, sines } from "@pellucid/testing";
import { add, mean, neg, type Tensor, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TwinCase } from "./check-twin.ts";

const caseOf = (file: string, title: string) =>
  fixture<{ cases: TwinCase[] }>(import.meta.url, `../fixtures/torch/${file}.json`).cases.find(
    (c) => c.title === title,
  ) as TwinCase;

class Critic extends Module implements Layer<Tensor4D, Tensor> {
  readonly main: { readonly 0: Conv2d; readonly 2: Conv2d; readonly 5: Linear };
  constructor(rng: Rng) {
    super();
    this.main = {
      0: new Conv2d(2, 3, 3, { rng, stride: 2, padding: 1 }),
      2: new Conv2d(3, 2, 3, { rng, padding: 1 }),
      5: new Linear(8, 1, { rng }),
    };
  }
  forward(x: Tensor4D): Tensor {
    return tidy(() => {
      const y = leakyRelu(this.main[2].forward(tanh(this.main[0].forward(x))), { negativeSlope: 0.2 });
      return this.main[5].forward(flatten(y));
    });
  }
}

const backends: readonly BackendName[] = ["cpu", "wasm", "webgpu", "native", "cuda"];
const missing = new Set<BackendName>();
for (const only of backends) await useBackend({ only }).catch(() => void missing.add(only));

describe.each(backends)("on %s", (backend) => {
  describe.skipIf(missing.has(backend))("PyTorch's numbers in 64 bits:", () => {
    beforeAll(() => useBackend({ only: backend }));
    afterAll(() => useBackend({ only: "cpu" }));

    const check = async (c: TwinCase, model: Module, loss: (inputs: Tensor[]) => Tensor) => {
      const state = Object.entries(c.state).map(([name, { data, shape }]): [string, HostTensor] => [
        name,
        { data: Float32Array.from(data), shape },
      ]);
      loadWeights(model, Object.fromEntries(state));
      const inputs = c.inputs.map(({ shape, phase }) => sines(shape, phase));
      const { value, gradients } = valueAndGradients(trainable(model), () => loss(inputs));
      const bias = Object.keys(gradients).find((path) => path.endsWith("bias")) as string;
      const close = { rtol: 1e-4, atol: 1e-4 };
      expect(Array.from(await value.data())).toBeAllclose(c.loss.data!.map(Number), close);
      expect(Array.from(await gradients[bias]!.data())).toBeAllclose(
        c.gradients[bias]!.data!.map(Number),
        close,
      );
    };

    test("a gradient penalty through convolutions", async () => {
      const critic = new Critic(new Rng(0));
      await check(caseOf("gans", "gradient penalty of convolutions"), critic, ([real, fake]) =>
        tidy(() => {
          const [a, b] = [real as Tensor4D, fake as Tensor4D];
          const judged = wassersteinGan.discriminator(critic.forward(a), critic.forward(b));
          return add(judged, gradientPenalty(critic, a, b, { rng: new Rng(1) }));
        }),
      );
    });

    test("the density of a flow", async () => {
      const flow = realNvp(4, { rng: new Rng(0), couplings: 2, hiddenSizes: [5] });
      await check(caseOf("flows", "real nvp"), flow, ([x]) => tidy(() => neg(mean(flow.logProb(x!)))));
    });
  });
});
