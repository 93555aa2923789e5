import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import {
  accumulate,
  adadelta,
  adafactor,
  adagrad,
  adam,
  adamax,
  adamw,
  asgd,
  type ByPath,
  chain,
  clipGradNorm,
  clipGradValue,
  lion,
  muon,
  nadam,
  oneCycleLr,
  oneCycleMomentum,
  Optimizer,
  type Parameter,
  parameter,
  partition,
  radam,
  rmsprop,
  rprop,
  sgd,
  type Transform,
} from "@pellucid/core-train";
import { fixture } from "@pellucid/testing";
import { dispose, tensor, type Tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

/** PyTorch's parameters after some steps, in 64 bits, and how far its own 32 bits were off. */
interface Case {
  readonly name: string;
  readonly after: readonly {
    readonly step: number;
    readonly parameters: ByPath<{ readonly values: readonly number[]; readonly error: number }>;
  }[];
}

const totalSteps = 20;
const momentum = oneCycleMomentum({ totalSteps });
const falling = (step: number) => 0.5 / (1 + step);

const muonForMatrices = (transform: Transform<unknown>) =>
  partition([
    { match: (path) => path === "weight", transform },
    { match: (path) => path !== "weight", transform: adamw({ learningRate: 0.01 }) },
  ]);

/** Every optimizer, with the options of the fixture's case of the same name. */
const rows: Readonly<Record<string, () => Transform<unknown>>> = {
  sgd: () => sgd({ learningRate: 0.1 }),
  "sgd, defaults": () => sgd(),
  "sgd, momentum": () => sgd({ learningRate: 0.1, momentum: 0.9 }),
  "sgd, dampening": () => sgd({ learningRate: 0.1, momentum: 0.9, dampening: 0.5 }),
  "sgd, nesterov": () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  "sgd, weight decay": () => sgd({ learningRate: 0.1, weightDecay: 0.1 }),
  "sgd, everything": () =>
    sgd({ learningRate: 0.1, momentum: 0.5, nesterov: true, weightDecay: 0.1, maximize: true }),
  "sgd, schedule": () => sgd({ learningRate: falling, momentum: 0.9 }),
  "sgd, one cycle": () => sgd({ learningRate: oneCycleLr(0.1, { totalSteps }), momentum }),
  "sgd, clip by value": () => chain(clipGradValue(0.3), sgd({ learningRate: 0.1 })),
  "sgd, clip by norm": () => chain(clipGradNorm(1.5), sgd({ learningRate: 0.1 })),
  adam: () => adam({ learningRate: 0.01 }),
  "adam, defaults": () => adam(),
  "adam, betas": () => adam({ learningRate: 0.01, betas: [0.4, 0.9], eps: 1e-4 }),
  "adam, no memory": () => adam({ learningRate: 0.01, betas: [0, 0.5] }),
  "adam, amsgrad": () => adam({ learningRate: 0.01, betas: [0.9, 0.5], amsgrad: true }),
  "adam, weight decay": () => adam({ learningRate: 0.01, weightDecay: 0.1 }),
  "adam, maximize": () => adam({ learningRate: 0.01, maximize: true }),
  "adam, everything": () =>
    adam({ learningRate: 0.01, betas: [0.9, 0.5], weightDecay: 0.1, amsgrad: true, maximize: true }),
  "adam, schedule": () => adam({ learningRate: falling }),
  "adam, one cycle": () => adam({ learningRate: oneCycleLr(0.1, { totalSteps }), betas: [momentum, 0.999] }),
  adamw: () => adamw({ learningRate: 0.01 }),
  "adamw, weight decay": () => adamw({ learningRate: 0.1, weightDecay: 0.5 }),
  adagrad: () => adagrad(),
  "adagrad, everything": () =>
    adagrad({
      learningRate: 0.1,
      lrDecay: 0.1,
      weightDecay: 0.1,
      initialAccumulatorValue: 0.5,
      eps: 1e-3,
      maximize: true,
    }),
  adadelta: () => adadelta(),
  "adadelta, everything": () =>
    adadelta({ learningRate: 0.5, rho: 0.8, eps: 1e-3, weightDecay: 0.1, maximize: true }),
  adamax: () => adamax(),
  "adamax, everything": () =>
    adamax({ learningRate: 0.1, betas: [0.8, 0.9], eps: 1e-3, weightDecay: 0.1, maximize: true }),
  asgd: () => asgd(),
  "asgd, everything": () =>
    asgd({ learningRate: 0.1, lambda: 0.1, alpha: 0.5, t0: 5, weightDecay: 0.1, maximize: true }),
  lion: () => lion(),
  "lion, everything": () => lion({ learningRate: 0.01, betas: [0.4, 0.8], weightDecay: 0.5 }),
  nadam: () => nadam(),
  "nadam, everything": () =>
    nadam({
      learningRate: 0.01,
      betas: [0.8, 0.9],
      eps: 1e-3,
      weightDecay: 0.1,
      momentumDecay: 0.1,
      maximize: true,
    }),
  "nadam, decoupled": () => nadam({ learningRate: 0.1, weightDecay: 0.1, decoupledWeightDecay: true }),
  radam: () => radam(),
  "radam, everything": () =>
    radam({ learningRate: 0.1, betas: [0.8, 0.9], eps: 1e-3, weightDecay: 0.1, maximize: true }),
  "radam, decoupled": () => radam({ learningRate: 0.1, weightDecay: 0.1, decoupledWeightDecay: true }),
  rmsprop: () => rmsprop(),
  "rmsprop, centered": () => rmsprop({ learningRate: 0.1, alpha: 0.9, centered: true }),
  "rmsprop, everything": () =>
    rmsprop({
      learningRate: 0.1,
      alpha: 0.8,
      eps: 1e-3,
      weightDecay: 0.1,
      momentum: 0.5,
      centered: true,
      maximize: true,
    }),
  rprop: () => rprop(),
  "rprop, everything": () =>
    rprop({ learningRate: 0.1, etas: [0.25, 1.5], stepSizes: [0.05, 0.2], maximize: true }),
  adafactor: () => adafactor(),
  "adafactor, everything": () =>
    adafactor({
      learningRate: 0.5,
      beta2Decay: -0.5,
      eps: [1e-4, 0.1],
      d: 1.25,
      weightDecay: 0.1,
      maximize: true,
    }),
  muon: () => muonForMatrices(muon()),
  "muon, everything": () =>
    muonForMatrices(
      muon({
        learningRate: 0.1,
        momentum: 0.5,
        nesterov: false,
        nsSteps: 3,
        weightDecay: 0.5,
        adjustLr: "matchRmsAdamW",
      }),
    ),
  accumulate: () => accumulate(4, adam({ learningRate: 0.1 })),
  groups: () =>
    partition([
      { match: (path) => path === "weight", transform: adamw({ learningRate: 0.01 }) },
      { match: (path) => path === "bias", transform: sgd({ learningRate: 0.1, momentum: 0.9 }) },
      { match: (path) => path === "tiny" || path === "sometimes", transform: adagrad({ learningRate: 0.1 }) },
    ]),
  "adamw, amsgrad": () => adamw({ learningRate: 0.01, betas: [0.9, 0.5], amsgrad: true, maximize: true }),
};

const { cases } = fixture<{ cases: Case[] }>(import.meta.url, "../fixtures/torch/optimizers.json");

const shapes = { weight: [2, 3], bias: [3], tiny: [2], sometimes: [2] };
const start: Readonly<Record<string, number[]>> = {
  weight: [0.5, -1.25, 2, 0, -0.0625, 0.75],
  bias: [0, 0, 0],
  tiny: [0, 1],
  sometimes: [0.25, -0.5],
};

function startParameters(): Record<string, Parameter> {
  return Object.fromEntries(
    Object.entries(shapes).map(([path, shape]) => [
      path,
      parameter({ data: new Float32Array(start[path] ?? []), shape }),
    ]),
  );
}

/** The same formula as in the fixture: eighths; `tiny` has tiny ones, `sometimes` has none in every third step. */
function gradientsAt(step: number): ByPath<Tensor> {
  const gradients: Record<string, Tensor> = {};
  for (const [salt, [path, shape]] of Object.entries(shapes).entries()) {
    if (path === "sometimes" && step % 3 === 1) continue;
    const eighths = (start[path] ?? []).map((_, i) => (((7 * i + 13 * step + 5 * salt) % 17) - 8) / 8);
    gradients[path] = tensor(
      eighths.map((e) => e * (path === "tiny" ? 1e-7 : 1)),
      shape,
    );
  }
  return gradients;
}

test("every optimizer has a row, and every row a case", () => {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const section = /\/\/ optimizers\n((?:.+\n)*)/.exec(index)?.[1] ?? "";
  const aliases = [...section.matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()))
    .filter((name) => /^[a-z]/.test(name) && !name.startsWith("type "));
  expect(Object.keys(rows)).toEqual(expect.arrayContaining(aliases));
  expect(Object.keys(rows).toSorted()).toEqual(cases.map(({ name }) => name).toSorted());
});

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(async () => {
    await useBackend({ only: backend });
  });

  test.each(cases.map((c) => [c.name, c] as const))("%s takes PyTorch's 20 steps", (name, { after }) => {
    const parameters = startParameters();
    const optimizer = new Optimizer(rows[name]?.() as Transform<unknown>, parameters);
    for (let step = 0; step < 20; step++) {
      const gradients = gradientsAt(step);
      optimizer.step(gradients);
      dispose(Object.values(gradients));
      const expected = after.find((entry) => entry.step === step + 1);
      for (const [path, { values, error }] of Object.entries(expected?.parameters ?? {})) {
        const scale = Math.max(...values.map(Math.abs));
        const atol = Math.max(4 * error, 1e-6 * scale);
        expect(parameters[path], `${path} after ${step + 1}`).toBeAllclose(values, { rtol: 0, atol });
      }
    }
    dispose(parameters);
    optimizer.dispose();
  });
});
