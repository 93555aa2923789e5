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
  chain,
  clipGradNorm,
  lion,
  loadCheckpoint,
  muon,
  nadam,
  Optimizer,
  type Parameter,
  parameter,
  radam,
  rmsprop,
  rprop,
  saveCheckpoint,
  type Schedule,
  type Scheduled,
  sgd,
  type Transform,
} from "@pellucid/core-train";
import { dispose, memory, mul, Tensor, tensor } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test, vi } from "vitest";

/** An optimizer of each kind with a learning rate for a round bowl, and one for Rosenbrock's bent valley. */
const racers: Readonly<Record<string, readonly [bowl: Transform<unknown>, valley: Transform<unknown>]>> = {
  sgd: [sgd({ learningRate: 0.1 }), sgd({ learningRate: 1e-3, momentum: 0.9 })],
  adam: [adam({ learningRate: 0.1 }), adam({ learningRate: 0.1, amsgrad: true })],
  adamw: [adamw({ learningRate: 0.1, weightDecay: 1e-6 }), adamw({ learningRate: 0.1, weightDecay: 1e-6 })],
  adamax: [adamax({ learningRate: 0.1 }), adamax({ learningRate: 0.2 })],
  nadam: [nadam({ learningRate: 0.1 }), nadam({ learningRate: 0.1 })],
  radam: [radam({ learningRate: 0.1 }), chain(clipGradNorm(1), radam({ learningRate: 0.1 }))],
  adagrad: [adagrad({ learningRate: 1 }), adagrad({ learningRate: 1 })],
  adadelta: [adadelta({ learningRate: 10 }), adadelta({ learningRate: 3, eps: 1e-4 })],
  rmsprop: [rmsprop({ learningRate: 0.1 }), rmsprop({ learningRate: 0.01, momentum: 0.9 })],
  rprop: [rprop(), rprop()],
  asgd: [asgd({ learningRate: 0.1 }), asgd({ learningRate: 2e-3 })],
  lion: [lion({ learningRate: 0.03 }), lion({ learningRate: 0.02 })],
  muon: [muon({ learningRate: 0.02, weightDecay: 0 }), muon({ learningRate: 0.02, weightDecay: 0 })],
  adafactor: [adafactor({ learningRate: 0.1 }), adafactor({ learningRate: 0.1 })],
};

type Surface = (at: readonly number[]) => readonly [value: number, gradient: readonly [number, number]];

const bowl: Surface = ([x = 0, y = 0]) => [(x - 1) ** 2 + (y + 2) ** 2, [2 * (x - 1), 2 * (y + 2)]];

const valley: Surface = ([x = 0, y = 0]) => [
  (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
];

/** Takes steps from (−1.2, 1), and says how low it came. */
function lowest(surface: Surface, transform: Transform<unknown>, steps: number): number {
  const weight = parameter({ data: new Float32Array([-1.2, 1]), shape: [1, 2] });
  const optimizer = new Optimizer(transform, { weight });
  let least = Infinity;
  for (let step = 0; step < steps; step++) {
    const [value, direction] = surface([...weight.dataSync()]);
    least = Math.min(least, value);
    const gradient = tensor([[...direction]]);
    optimizer.step({ weight: gradient });
    gradient.dispose();
  }
  dispose(weight);
  optimizer.dispose();
  return least;
}

/** Two weights, of which the second has no gradient in every third step. */
const shapes = { first: [2, 3], second: [3, 2] };

function startParameters(): Record<string, Parameter> {
  return Object.fromEntries(
    Object.entries(shapes).map(([path, shape]) => [
      path,
      parameter({ data: Float32Array.from([0.5, -1.25, 2, 0, -0.0625, 0.75]), shape }),
    ]),
  );
}

function gradientsAt(step: number): Record<string, Tensor> {
  const waves = (salt: number) => Float32Array.from({ length: 6 }, (_, i) => Math.sin(7 * i + step + salt));
  const first = tensor(waves(0), [2, 3]);
  return step % 3 === 1 ? { first } : { first, second: tensor(waves(1), [3, 2]) };
}

/** A state as text: numbers and the tensors' values. */
function written(state: unknown): string {
  const plain = (found: unknown): unknown => {
    if (found instanceof Tensor) return { shape: found.shape, held: [...found.dataSync()] };
    if (typeof found === "number") return { number: found };
    if (Array.isArray(found)) return found.map(plain);
    return Object.fromEntries(Object.entries(found as object).map(([key, value]) => [key, plain(value)]));
  };
  return JSON.stringify(plain(state));
}

test("every optimizer has a row", () => {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
  const section = /\/\/ optimizers\n((?:.+\n)*)/.exec(index)?.[1] ?? "";
  const aliases = [...section.matchAll(/\{([^}]*)\}/g)]
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()))
    .filter((name) => /^[a-z]/.test(name) && !name.startsWith("type "));
  expect(Object.keys(racers).toSorted()).toEqual(aliases.toSorted());
});

/** Every optimizer but Rprop, whose steps find their own length, by its learning rate. */
const scheduled: Readonly<Record<string, (learningRate: Scheduled) => Transform<unknown>>> = {
  sgd: (learningRate) => sgd({ learningRate }),
  adam: (learningRate) => adam({ learningRate }),
  adamw: (learningRate) => adamw({ learningRate }),
  adamax: (learningRate) => adamax({ learningRate }),
  nadam: (learningRate) => nadam({ learningRate }),
  radam: (learningRate) => radam({ learningRate }),
  adagrad: (learningRate) => adagrad({ learningRate }),
  adadelta: (learningRate) => adadelta({ learningRate }),
  rmsprop: (learningRate) => rmsprop({ learningRate }),
  asgd: (learningRate) => asgd({ learningRate }),
  lion: (learningRate) => lion({ learningRate }),
  muon: (learningRate) => muon({ learningRate }),
  adafactor: (learningRate) => adafactor({ learningRate }),
};

describe.each(Object.keys(racers).filter((name) => name !== "rprop"))("%s with a schedule", (name) => {
  const run = (learningRate: Scheduled) => {
    const parameters = startParameters();
    const optimizer = new Optimizer(scheduled[name]?.(learningRate) as Transform<unknown>, parameters);
    for (let step = 0; step < 4; step++) optimizer.step(gradientsAt(step));
    return parameters["first"]?.dataSync();
  };

  test("that stays goes where the number goes, bit by bit", () => {
    expect(run(() => 0.01)).toEqual(run(0.01));
  });

  test("that falls to nothing stops", () => {
    const short =
      (steps: number): Schedule =>
      (step) =>
        step < steps ? 0.01 : 0;
    expect(run(short(2))).not.toEqual(run(short(4)));
    const start = startParameters()["first"]?.dataSync();
    // Averaged descent has planned its first step when it was made, and plans each next one a step ahead.
    expect(run(() => 0)).toEqual(start);
  });
});

describe.each(Object.entries(racers))("%s", (_, [forBowl, forValley]) => {
  beforeAll(async () => {
    await useBackend({ only: "cpu" });
  });

  test("finds the bottom of a bowl", () => {
    expect(lowest(bowl, forBowl, 300)).toBeLessThan(1e-2);
  });

  test("follows a bent valley", () => {
    expect(lowest(valley, forValley, 400)).toBeLessThan(2); // from 24; the valley is met at 4
  });

  test("leaves nothing over 1,000 steps, and its state keeps its shape", () => {
    const weight = parameter({ data: new Float32Array([1, 2, 3, 4]), shape: [2, 2] });
    const optimizer = new Optimizer(forBowl, { weight });
    const gradient = tensor([[1, -1], [0.5, 0]]); // prettier-ignore
    const shape = () => written(optimizer.state).replaceAll(/(\[|,|:)-?[\d.e-]+(?=[\],}])/g, "$1#");
    const [tensors, bytes, before] = [memory().numTensors, memory().numBytes, shape()];
    const reading = vi.spyOn(Tensor.prototype, "dataSync");
    for (let step = 0; step < 1000; step++) optimizer.step({ weight: gradient });
    expect(reading).not.toHaveBeenCalled(); // a GPU is never waited for
    reading.mockRestore();
    expect(memory()).toMatchObject({ numTensors: tensors, numBytes: bytes });
    expect(shape()).toBe(before);
    optimizer.dispose();
    dispose([weight, gradient]);
  });

  test("k small batches are one big one", () => {
    const [small, big] = [startParameters(), startParameters()];
    const inSmall = new Optimizer(accumulate(4, forBowl, { reduction: "sum" }), small);
    const inBig = new Optimizer(forBowl, big);
    for (let step = 0; step < 3; step++) {
      const gradients = gradientsAt(step);
      const quarters = Object.entries(gradients).map(([path, g]) => [path, mul(g, 0.25)] as const);
      for (let part = 0; part < 4; part++) inSmall.step(Object.fromEntries(quarters));
      inBig.step(gradients);
    }
    for (const path of Object.keys(shapes)) {
      expect(small[path]?.dataSync(), path).toEqual(big[path]?.dataSync());
    }
  });

  test.each(["cpu", "wasm"] as const)("continues from a checkpoint bit by bit on %s", async (backend) => {
    await useBackend({ only: backend });
    const through = startParameters();
    const optimizer = new Optimizer(forValley, through);
    for (let step = 0; step < 7; step++) optimizer.step(gradientsAt(step));
    const resumed = Object.fromEntries(
      Object.entries(through).map(([path, { shape }]) => [
        path,
        parameter({ data: Float32Array.from((through[path] as Parameter).dataSync()), shape }),
      ]),
    );
    const second = new Optimizer(forValley, resumed);
    loadCheckpoint(await saveCheckpoint({ optimizer }), { optimizer: second });
    for (let step = 7; step < 14; step++) {
      const gradients = gradientsAt(step);
      for (const each of [optimizer, second]) each.step(gradients);
    }
    for (const path of Object.keys(shapes)) {
      expect(resumed[path]?.dataSync(), path).toEqual(through[path]?.dataSync());
    }
    await useBackend({ only: "cpu" });
  });
});
