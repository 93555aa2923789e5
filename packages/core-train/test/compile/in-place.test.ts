import { useBackend } from "@pellucid/backends";
import {
  adam,
  adamw,
  chain,
  checkOnHost,
  clipGradNorm,
  compile,
  Module,
  Optimizer,
  parameter,
  sgd,
  trainable,
  trainStep,
  type Transform,
} from "@pellucid/core-train";
import { add, mul, square, sub, sum, type Tensor, tensor1d, tidy } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";

const size = 259; // not a multiple of four

class Net extends Module {
  readonly a = parameter({ data: Float32Array.from({ length: size }, (_, i) => Math.sin(i)), shape: [size] });
  readonly b = parameter({ data: Float32Array.from({ length: size }, (_, i) => Math.cos(i)), shape: [size] });
  readonly c = parameter({ data: Float32Array.of(0.5, -2), shape: [2] });
  forward(x: Tensor): Tensor {
    return tidy(() => add(sum(mul(this.a, this.b)), add(sum(mul(x, square(this.a))), sum(square(this.c)))));
  }
}

type Step = (net: Net, optimizer: Optimizer, x: Tensor) => Tensor;

const learn = (net: Net, optimizer: Optimizer, x: Tensor) =>
  void trainStep(net, optimizer, () => net.forward(x));

/** Bits that six steps give and leave, and the calls of the recording. */
function run(transform: Transform<unknown>, step: Step, compiles: boolean) {
  const net = new Net();
  const optimizer = new Optimizer(transform, trainable(net));
  const own = (x: Tensor) => step(net, optimizer, x);
  const compiled = compile(own, { warn: false });
  return compiled.ready.then(() => {
    const given = Array.from({ length: 6 }, (_, i) => {
      const x = tensor1d(Float32Array.from({ length: size }, (_number, at) => Math.sin(at * (i + 2))));
      const y = (compiles ? compiled : own)(x);
      const numbers = y.dataSync();
      y.dispose();
      x.dispose();
      return numbers;
    });
    const left = [net.a, net.b, net.c].map((each) => each.dataSync());
    const { plans, replayed } = compiled.report();
    compiled.dispose();
    optimizer.dispose();
    net.dispose();
    return { given, left, calls: plans[0]?.calls ?? 0, replayed };
  });
}

const steps: Readonly<Record<string, Step>> = {
  "what a step leaves": (net, optimizer, x) => {
    learn(net, optimizer, x);
    return tensorOf(x);
  },
  "a parameter that is read after the step": (net, optimizer, x) => {
    learn(net, optimizer, x);
    return mul(net.a, 2);
  },
  "a parameter as it was before the step": (net, optimizer, x) => {
    const before = net.a.clone();
    learn(net, optimizer, x);
    const change = sub(net.a, before);
    before.dispose();
    return change;
  },
  "a parameter as it was, given as a result": (net, optimizer, x) => {
    const before = net.b.clone();
    learn(net, optimizer, x);
    return before;
  },
  "a check that comes later": (net, optimizer, x) => {
    learn(net, optimizer, x);
    checkOnHost(x, () => {});
    return tensorOf(x);
  },
};

const tensorOf = (x: Tensor) => sum(x);

const transforms: Readonly<Record<string, () => Transform<unknown>>> = {
  adam: () => adam({ learningRate: 0.01 }),
  "adam with weight decay and amsgrad": () => adam({ learningRate: 0.01, weightDecay: 0.1, amsgrad: true }),
  "adamw with a schedule": () => adamw({ learningRate: (step) => 0.01 / (step + 1), weightDecay: 0.1 }),
  "sgd with momentum": () => sgd({ learningRate: 0.01, momentum: 0.9 }),
  "sgd with Nesterov's momentum": () =>
    sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  sgd: () => sgd({ learningRate: 0.01 }),
  "clipping and adam": () => chain(clipGradNorm(0.5), adam({ learningRate: 0.01 })) as Transform<unknown>,
};

beforeAll(() => useBackend({ only: "wasm" }));

for (const [name, make] of Object.entries(transforms))
  test.each(Object.keys(steps))(`${name}: %s is the same to the bit`, async (kind) => {
    const step = steps[kind] as Step;
    const eager = await run(make(), step, false);
    const compiled = await run(make(), step, true);
    expect(compiled.replayed).toBe(4);
    expect(compiled.left).toEqual(eager.left);
    expect(compiled.given).toEqual(eager.given);
  });

test.each(["adam", "adamw with a schedule", "sgd with momentum", "clipping and adam"])(
  "%s moves all parameters in one call, unless a check follows",
  async (name) => {
    const make = transforms[name] as () => Transform<unknown>;
    const [joined, apart] = [
      await run(make(), steps["what a step leaves"] as Step, true),
      await run(make(), steps["a check that comes later"] as Step, true),
    ];
    expect(apart.calls - joined.calls).toBe(1 + 3 + 3 - 1); // the check, three steps and three sums in place of one call
  },
);
