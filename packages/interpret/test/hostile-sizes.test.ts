import { Conv2d, LabelError, Module, OptionError, Rng } from "@pellucid/core-train";
import {
  deepDream,
  gradientShap,
  growTexture,
  infidelity,
  integratedGradients,
  kernelShap,
  lime,
  linearProbe,
  logisticRegression,
  maxSensitivity,
  minimalPerturbation,
  optimizeImage,
  pgd,
  quiltTexture,
  receptiveField,
  rise,
  saliency,
  shapley,
  smoothGrad,
  topActivations,
  tsne,
  umap,
} from "@pellucid/interpret";
import {
  add,
  mean,
  ones,
  sum,
  type Tensor1D,
  tensor1d,
  type Tensor2D,
  tensor2d,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = () => new Rng(0);

test(
  "a receptive field of 400 × 400 pixels, and a probe of 200,000 examples",
  { timeout: 120_000 },
  async () => {
    class Global extends Module {
      readonly a = new Conv2d(1, 1, 1, { rng: rng() });
      readonly b = new Conv2d(1, 1, 1, { rng: rng() });
      forward(x: Tensor4D): Tensor4D {
        return tidy(() => {
          const y = this.a.forward(x);
          return this.b.forward(add(y, mean(y, [1, 2], true)));
        });
      }
    }
    const net = new Global();
    const { top, left, height, width, influence } = await receptiveField(
      (x) => net.forward(x),
      net.b,
      [400, 400, 1],
      { rng: rng(), samples: 1 },
    );
    expect([top, left, height, width]).toEqual([0, 0, 400, 400]);
    influence.dispose();
    const labels = Array.from({ length: 200_000 }, (_, i) => i % 2);
    const { accuracy } = await linearProbe(zeros([200_000, 1]), labels, { rng: rng(), steps: 1 });
    expect(accuracy).toBeGreaterThan(0.4);
    await expect(linearProbe(zeros([3, 1]), [0, 1, 1e6], { rng: rng() })).rejects.toThrow(LabelError);
  },
);

test("numbers of steps and samples that no loop reaches are refused", async () => {
  const score = (x: Tensor2D) => sum(x, 1) as Tensor1D;
  const seen = (x: Tensor4D) => sum(x, [1, 2, 3]) as Tensor1D;
  const [x, image] = [tensor2d([[1, 2]]), ones([1, 4, 4, 1]) as Tensor4D];
  const rows = (samples: number): Readonly<Record<string, () => unknown>> => ({
    integratedGradients: () => integratedGradients(score, { steps: samples }),
    gradientShap: () => gradientShap(score, { rng: rng(), baselines: x, samples })(x),
    smooth: () => smoothGrad(score, { rng: rng(), samples })(x),
    lime: () => lime(score, { rng: rng(), samples })(x),
    kernelShap: () => kernelShap(score, { rng: rng(), samples })(x),
    shapley: () => shapley(score, { rng: rng(), samples })(x),
    rise: () => rise(seen, { rng: rng(), masks: samples })(image),
    infidelity: () => infidelity(score, { map: x, x }, { rng: rng(), samples }),
    maxSensitivity: () => maxSensitivity(saliency(score), x, { rng: rng(), samples }),
    minimalPerturbation: () => minimalPerturbation(score, { steps: samples })(x),
    pgd: () => pgd(score, { epsilon: 1, steps: samples })(x),
    deepDream: () => deepDream(seen, { rng: rng(), octaves: samples })(image),
    optimizeImage: () => optimizeImage(seen, { rng: rng(), start: image, steps: samples }),
    logisticRegression: () =>
      logisticRegression(x, tensor1d([0], "int32"), 2, { rng: rng(), steps: samples }),
    tsne: () => tsne(zeros([4, 2]), { perplexity: 1, steps: samples }),
    umap: () => umap(zeros([4, 2]), { rng: rng(), neighbors: 2, steps: samples }),
    topActivations: () => topActivations(seen, { forward: seen }, [image], { count: samples }),
    growTexture: () => growTexture(image, { rng: rng(), size: [samples, 5], window: 3 }),
    quiltTexture: () => quiltTexture(image, { rng: rng(), size: [samples, 5], patch: 4 }),
    receptiveField: () =>
      receptiveField(seen, { forward: (y: Tensor4D) => y }, [4, 4, 1], { rng: rng(), samples }),
  });
  for (const samples of [Infinity, NaN, 1.5, -1])
    for (const [name, tool] of Object.entries(rows(samples))) {
      const error: unknown = await (async () => tool())().catch((reason: unknown) => reason);
      expect(error, `${name} of ${samples}`).toBeInstanceOf(OptionError);
      expect(String(error)).toContain(`${name}: `);
      expect(String(error)).toContain(` is ${samples}`);
    }
});
