import { readFileSync } from "node:fs";
import { useBackend } from "@pellucid/backends";
import {
  adam,
  adamw,
  type ByPath,
  chain,
  clipByGlobalNorm,
  clipByValue,
  Optimizer,
  type Parameter,
  parameter,
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

const falling = (step: number) => 0.5 / (1 + step);

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
  "sgd, clip by value": () => chain(clipByValue(0.3), sgd({ learningRate: 0.1 })),
  "sgd, clip by norm": () => chain(clipByGlobalNorm(1.5), sgd({ learningRate: 0.1 })),
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
  adamw: () => adamw({ learningRate: 0.01 }),
  "adamw, weight decay": () => adamw({ learningRate: 0.1, weightDecay: 0.5 }),
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
