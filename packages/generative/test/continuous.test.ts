// EDM, consistency models, flow matching, score matching, inpainting and latents, against PyTorch in 64 bits.
import { useBackend } from "@pellucid/backends";
import {
  adam,
  AveragedModel,
  ema,
  loadWeights,
  matMul,
  type Module,
  Optimizer,
  Rng,
  torchStateOf,
  trainable,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import {
  ConsistencyModel,
  cosineSchedule,
  type DenoisingNet,
  divergence,
  drawSamples,
  EdmDiffusion,
  FlowMatching,
  GaussianDiffusion,
  geometricSigmas,
  heun,
  karrasLevels,
  langevinStep,
  LatentDiffusion,
  type OdeMethod,
  randomTensor,
  repaint,
  ScoreModel,
} from "@pellucid/generative";
import { fixture, formulaWeights, hashed, hashedTensor } from "@pellucid/testing";
import {
  div,
  memory,
  mul,
  neg,
  slice,
  sub,
  type Tensor,
  tensor1d,
  type Tensor2D,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { PointNet } from "./point-net.ts";

interface Trained {
  readonly loss: number;
  readonly gradient: number[];
}
type Fixture = {
  readonly edm: Trained;
  readonly score: Trained;
  readonly churn: number[];
  readonly repaint: number[];
} & {
  readonly consistency: Trained & { readonly samples: number[] };
  readonly flow: Trained & Record<OdeMethod | "logProb", number[]>;
};
const torch = fixture<Fixture>(import.meta.url, "../fixtures/torch/continuous.json");
const within = (atol: number) => ({ atol, rtol: atol });

/** The network of the fixture, whose k-th parameter has the formula's numbers of `k + shift`. */
function given(features: number, shift = 0): PointNet {
  const net = new PointNet(features, features, { rng: new Rng(0) });
  const shapes: [string, number[]][] = [
    ["fc1.bias", [16]],
    ["fc1.weight", [16, features + 8]],
    ["fc2.bias", [features]],
    ["fc2.weight", [features, 16]],
  ];
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const weights = shapes.map(([name, shape], k) => [
    name,
    { data: Float32Array.from(hashed(size(shape), k + shift)), shape },
  ]);
  loadWeights(net, Object.fromEntries(weights) as ReturnType<typeof formulaWeights>);
  return net;
}

const examples = () => hashedTensor<Tensor2D>([8, 4], 1, (x) => 2 * x);
const points = () => slice(examples(), [0, 0], [8, 2]);

function expectTrained(model: Module, path: string, loss: () => Tensor, wanted: Trained): void {
  const { value, gradients } = valueAndGradients(trainable(model), loss);
  expect(value).toBeAllclose([wanted.loss], within(1e-5));
  const scale = Math.max(...wanted.gradient.map(Math.abs));
  expect(transpose(gradients[path] as Tensor2D)).toBeAllclose(wanted.gradient, {
    atol: 1e-5 * scale,
    rtol: 1e-5,
  });
}

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test("EDM: loss, gradient, and Heun's method with churn", async () => {
    const edm = new EdmDiffusion(given(4));
    expectTrained(edm, "net.fc1.weight", () => edm.loss(examples(), { rng: new Rng(3) }), torch.edm);
    const plane = new EdmDiffusion(given(2));
    const solver = heun({ churn: 6, churnMin: 0.05, churnMax: 50, churnNoise: 1.003 });
    const samples = await drawSamples(plane.sampler({ steps: 12, solver }), {
      shape: [8, 2],
      rng: new Rng(4),
    });
    expect(samples).toBeAllclose(torch.churn, within(5e-5)); // from numbers near 80
  });

  test("a consistency model: loss by teacher and average, gradient, samples in two passes", async () => {
    const student = new ConsistencyModel(given(4));
    const options = {
      teacher: new EdmDiffusion(given(4, 10)),
      target: given(4, 20),
      levels: karrasLevels(10),
    };
    const { loss, gradient, samples } = torch.consistency;
    const wanted = { loss, gradient };
    expectTrained(
      student,
      "net.fc1.weight",
      () => student.loss(examples(), { ...options, rng: new Rng(5) }),
      wanted,
    );
    const sampler = student.sampler({ sigmas: [80, 2] });
    expect(await drawSamples(sampler, { shape: [4, 4], rng: new Rng(6) })).toBeAllclose(
      samples,
      within(2e-5),
    );
  });

  test("flow matching: loss, gradient, four methods", async () => {
    const flow = new FlowMatching(given(4));
    expectTrained(flow, "model.fc1.weight", () => flow.loss(examples(), { rng: new Rng(7) }), torch.flow);
    const plane = new FlowMatching(given(2), { timeScale: 10 });
    for (const method of ["euler", "midpoint", "heun", "rk4"] as const) {
      const samples = await drawSamples(plane.sampler({ steps: 6, method }), {
        shape: [8, 2],
        rng: new Rng(8),
      });
      expect(samples).toBeAllclose(torch.flow[method], within(1e-5));
    }
  });

  test("flow matching: the density is that of autograd's Jacobian of the whole path", () => {
    const plane = new FlowMatching(given(2), { timeScale: 10 });
    const logProb = plane.sampler({ steps: 64, method: "rk4" }).logProb(points());
    expect(logProb).toBeAllclose(torch.flow.logProb, within(5e-5)); // one integrates the trace, the other multiplies Jacobians
    const x = points();
    expect(() => plane.logProb(x, { steps: 3 })).toLeakNothing();
  });

  test("score matching: loss and gradient", () => {
    const score = new ScoreModel(given(4), geometricSigmas(5, 2, 0.1));
    expectTrained(score, "net.fc1.weight", () => score.loss(examples(), { rng: new Rng(9) }), torch.score);
  });

  test("inpainting keeps what is known and resamples the rest", async () => {
    const diffusion = new GaussianDiffusion(given(2), { schedule: cosineSchedule(40) });
    const options = { levels: diffusion.levels(5), known: points(), mask: tensor1d([1, 0]), resamples: 3 };
    const samples = await drawSamples(repaint(diffusion.denoiser(), options), {
      shape: [8, 2],
      rng: new Rng(10),
    });
    expect(samples).toBeAllclose(torch.repaint, within(1e-5));
    expect(slice(samples as Tensor2D, [0, 0], [8, 1])).toBeAllclose(
      slice(points(), [0, 0], [8, 1]),
      within(1e-6),
    );
  });
});

describe("what they learn", () => {
  beforeAll(() => useBackend({ only: "wasm" }));
  /** Two clusters, at −1 and 1 on both axes. */
  const clusters = (count: number, rng: Rng): Tensor2D => {
    const { data } = rng.randn([count, 2]);
    const side = rng.bernoulli(0.5, [count]).data;
    return tensor2d(
      data.map((z, i) => 0.15 * z + (side[i >> 1] === 1 ? 1 : -1)),
      [count, 2],
    );
  };
  /** The share of points near each cluster: of standard normal noise about 0.08. */
  const nearest = (x: Tensor): number[] => {
    const values = [...x.dataSync()];
    return [-1, 1].map((c) => values.filter((_, i) => i % 2 === 0 && Math.hypot((values[i] as number) - c, (values[i + 1] as number) - c) < 0.6).length / (values.length / 2)); // prettier-ignore
  };
  async function trained(
    model: Module,
    loss: (x: Tensor2D, rng: Rng) => Tensor,
    steps: number,
  ): Promise<void> {
    const rng = new Rng(1);
    const optimizer = new Optimizer(adam({ learningRate: 4e-3 }), trainable(model));
    for (let step = 0; step < steps; step++) {
      const x = clusters(64, rng);
      await trainStep(model, optimizer, () => loss(x, rng));
      x.dispose();
    }
    optimizer.dispose();
  }

  test("EDM, then a consistency model of it in two passes; memory stays", async () => {
    const edm = new EdmDiffusion(new PointNet(2, 2, { rng: new Rng(0), hidden: 128 }), {
      sigmaData: 1,
      pStd: 1.5,
    });
    const before = memory().numTensors;
    await trained(edm, (x, rng) => edm.loss(x, { rng }), 1500);
    expect(memory().numTensors).toBe(before);
    const made = await drawSamples(edm.sampler({ steps: 12, sigmaMax: 20 }), {
      shape: [400, 2],
      rng: new Rng(2),
    });
    const [left, right] = nearest(made) as [number, number];
    expect(left + right).toBeGreaterThan(0.9);
    expect(Math.min(left, right)).toBeGreaterThan(0.35);
    const student = new ConsistencyModel(new PointNet(2, 2, { rng: new Rng(0), hidden: 128 }), {
      sigmaData: 1,
      sigmaMin: 0.02,
    });
    loadWeights(student.net, await torchStateOf(edm.net));
    const target = new AveragedModel(student.net as PointNet, { average: ema(0.9) });
    const levels = karrasLevels(8, { sigmaMax: 20, sigmaMin: 0.02 });
    const rng = new Rng(3);
    const optimizer = new Optimizer(adam({ learningRate: 3e-3 }), trainable(student));
    for (let step = 0; step < 800; step++) {
      const x = clusters(64, rng);
      await trainStep(student, optimizer, () => student.loss(x, { rng, teacher: edm, levels, target }));
      target.update();
      x.dispose();
    }
    const once = await drawSamples(student.sampler({ sigmas: [20, 1.5] }), {
      shape: [400, 2],
      rng: new Rng(2),
    });
    const [a, b] = nearest(once) as [number, number];
    expect(a + b).toBeGreaterThan(0.6);
    expect(Math.min(a, b)).toBeGreaterThan(0.25);
  });

  test("flow matching; its density is high at the clusters and low between; a second flow is straighter", async () => {
    const flow = new FlowMatching(new PointNet(2, 2, { rng: new Rng(0), hidden: 128 }), { timeScale: 20 });
    await trained(flow, (x, rng) => flow.loss(x, { rng }), 1000);
    const noise = randomTensor([400, 2], new Rng(5));
    const made = await drawSamples(flow.sampler({ steps: 20 }), {
      shape: [400, 2],
      rng: new Rng(2),
      start: noise,
    });
    const [left, right] = nearest(made) as [number, number];
    expect(left + right).toBeGreaterThan(0.75);
    const logProb = flow.logProb(tensor2d([[1, 1], [-1, -1], [0, 0], [1, -1]]), { steps: 20 }).dataSync(); // prettier-ignore
    expect(Math.min(logProb[0] as number, logProb[1] as number)).toBeGreaterThan(-0.5);
    expect(Math.max(logProb[2] as number, logProb[3] as number)).toBeLessThan(-1.5);
    const bent = flow.straightness(new Rng(7), [400, 2], { steps: 20 });
    const rng = new Rng(8);
    const optimizer = new Optimizer(adam({ learningRate: 1e-3 }), trainable(flow));
    for (let step = 0; step < 300; step++) {
      const first = rng.randint(0, 336, [1]).data[0] as number;
      const [x1, x0] = [slice(made, [first, 0], [64, 2]), slice(noise, [first, 0], [64, 2])];
      const times = [...rng.rand([64]).data];
      await trainStep(flow, optimizer, () => flow.lossAt(x1, times, x0));
    }
    expect(flow.straightness(new Rng(7), [400, 2], { steps: 20 })).toBeLessThan(0.6 * bent);
  });

  test("Langevin dynamics has the score's density as its equilibrium; an annealed score finds both clusters", async () => {
    const rng = new Rng(4);
    let x: Tensor = randomTensor([4000, 1], rng);
    for (let step = 0; step < 200; step++) {
      const score = div(neg(sub(x, 2)), 0.25); // of N(2, 0.25)
      const next = langevinStep(x, score, 0.05, rng);
      x.dispose();
      x = next;
    }
    const values = [...x.dataSync()];
    const mean = values.reduce((a, b) => a + b, 0) / 4000;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / 4000;
    expect(Math.abs(mean - 2)).toBeLessThan(0.04);
    expect(Math.abs(variance - 0.25)).toBeLessThan(0.04); // the step size adds 5 %
    const score = new ScoreModel(
      new PointNet(2, 2, { rng: new Rng(0), hidden: 128 }),
      geometricSigmas(6, 2, 0.1),
    );
    await trained(score, (batch, random) => score.loss(batch, { rng: random }), 1000);
    const made = await drawSamples(score.sampler({ stepsPerLevel: 30, stepSize: 1e-3 }), {
      shape: [400, 2],
      rng: new Rng(2),
    });
    const [left, right] = nearest(made) as [number, number];
    expect(left + right).toBeGreaterThan(0.65);
    expect(Math.min(left, right)).toBeGreaterThan(0.3);
  });

  test("the divergence of a linear map is its trace", () => {
    const A = tensor2d([[0.29, 0.33], [-0.64, 0.15]]); // prettier-ignore
    const map = (x: Tensor) => matMul<Tensor2D>(x, A);
    const x = points();
    expect(divergence(map, x)).toBeAllclose(new Array<number>(8).fill(0.44), within(1e-6));
    expect(() => divergence(map, x)).toLeakNothing();
  });

  test("latents are denoised, and events carry decoded examples", async () => {
    const diffusion = new GaussianDiffusion(given(2), { schedule: cosineSchedule(40) });
    const coder = {
      encode: (x: Tensor) => slice(x as Tensor2D, [0, 0], [x.shape[0] as number, 2]),
      decode: (z: Tensor) => mul(z, 10),
    };
    const latent = new LatentDiffusion(diffusion, coder, { scale: 2 });
    const rng = () => new Rng(0);
    expect(latent.loss(examples(), { rng: rng() })).toBeAllclose(
      diffusion.loss(mul(points(), 2), { rng: rng() }),
      within(1e-6),
    );
    const made = await drawSamples(latent.sampler({ steps: 5 }), { shape: [3, 2], rng: rng() });
    const plain = await drawSamples(diffusion.sampler({ steps: 5 }), { shape: [3, 2], rng: rng() });
    expect(made).toBeAllclose(mul(plain, 5), within(1e-5));
    const before = memory().numTensors;
    for await (const { step } of latent.sampler({ steps: 5 }).sample({ shape: [3, 2], rng: rng() }))
      if (step === 2) break;
    expect(memory().numTensors).toBe(before);
  });

  test("names what is wrong", () => {
    const net: DenoisingNet = given(2);
    const edm = new EdmDiffusion(net);
    expect(() => edm.estimate(points(), [1])).toThrow(
      "estimate: sigmas is 1 numbers, expected one for each of 8 examples.",
    );
    expect(() => edm.sampler({ sigmaMin: 100 })).toThrow(
      "karrasLevels: sigmaMin is 100, expected a number below sigmaMax (80).",
    );
    expect(() => new ConsistencyModel(net).sampler({ sigmas: [2, 80] })).toThrow(
      "ConsistencyModel.sampler: sigmas[1] is 80, expected falling numbers above 0.002.",
    );
    expect(() => new FlowMatching(net).sampler({ method: "rk5" as never })).toThrow(
      'FlowMatching.sampler: method is "rk5", expected "euler", "midpoint", "heun" or "rk4".',
    );
    expect(() => new ScoreModel(net, [1, 2])).toThrow(
      "ScoreModel: sigmas[1] is 2, expected falling numbers above 0.",
    );
    expect(() => new ScoreModel(net, [1]).score(points(), 1)).toThrow(
      "ScoreModel.score: level is 1, expected an integer from 0 to 0.",
    );
    const diffusion = new GaussianDiffusion(net, { schedule: cosineSchedule(40) });
    const sampler = diffusion.sampler({ solver: heun({ churn: 3 }) });
    return expect(drawSamples(sampler, { shape: [1, 2], rng: new Rng(0) })).rejects.toThrow(
      "heun: churn is 3, expected 0 for noise levels that are not those of karrasLevels.",
    );
  });
});
