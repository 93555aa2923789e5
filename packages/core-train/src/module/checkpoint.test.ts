import {
  adam,
  BatchNorm1d,
  checkpoint,
  compile,
  Dropout,
  gradient,
  Linear,
  Module,
  mseLoss,
  Optimizer,
  Rng,
  Sequential,
  Tanh,
  trainable,
  training,
  trainStep,
  valueAndGradients,
} from "@pellucid/core-train";
import { useBackend } from "@pellucid/backends";
import {
  add,
  engine,
  mul,
  square,
  sum,
  tensor,
  type Tensor,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";

class Block extends Module {
  readonly net: Sequential<readonly [Linear, Tanh, Dropout, Linear]>;
  readonly unused: Linear;

  constructor(rng: Rng) {
    super();
    this.net = new Sequential(
      new Linear(6, 24, { rng }),
      new Tanh(),
      new Dropout(0.3, { rng }),
      new Linear(24, 6, { rng }),
    );
    this.unused = new Linear(6, 6, { rng });
  }

  forward(x: Tensor2D): Tensor2D {
    return tidy(() => add<Tensor2D>(x, this.net.forward(x) as Tensor2D));
  }
}

class Net extends Module {
  readonly blocks: readonly Block[];
  readonly norm: BatchNorm1d;
  readonly head: Linear;

  constructor(rng: Rng, depth: number) {
    super();
    this.blocks = Array.from({ length: depth }, () => new Block(rng));
    this.norm = new BatchNorm1d(6);
    this.head = new Linear(6, 2, { rng });
  }

  forward(x: Tensor2D): Tensor2D {
    return tidy(() => {
      let y = x;
      for (const block of this.blocks) y = block.forward(y);
      return this.head.forward(this.norm.forward(y)) as Tensor2D;
    });
  }
}

const inputs = (rows: number) => {
  const rng = new Rng(1);
  return { x: tensor(rng.randn([rows, 6]).data, [rows, 6]), y: tensor(rng.randn([rows, 2]).data, [rows, 2]) };
};

/** The nets of one seed: as it is, and with checkpoints. */
function twins(depth: number): { readonly net: Net; readonly rng: Rng }[] {
  return [false, true].map((isCheckpointed) => {
    const rng = new Rng(0);
    const net = new Net(rng, depth);
    if (isCheckpointed) for (const module of [...net.blocks, net.norm]) checkpoint(module);
    return { net, rng };
  });
}

const bytesOf = (tensors: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(tensors).map(([path, x]) => [path, [...x.dataSync()]]));

describe.each(["cpu", "wasm"] as const)("on %s", (only) => {
  beforeAll(() => useBackend({ only }));

  test("gradients, running averages and the generator are the same to the last bit, and what is unused has no gradient", () => {
    const all = twins(3).map(({ net, rng }) => {
      const { x, y } = inputs(8);
      const { value, gradients } = training(net, () =>
        valueAndGradients(trainable(net), () => mseLoss(net.forward(x as Tensor2D), y)),
      );
      const buffers = Object.fromEntries(net.namedBuffers());
      return {
        loss: value.dataSync()[0],
        gradients: bytesOf(gradients),
        buffers: bytesOf(buffers),
        state: rng.state(),
      };
    });
    expect(all[1]).toEqual(all[0]);
    expect(Object.keys(all[1]?.gradients ?? {}).some((path) => path.includes("unused"))).toBe(false);
    expect(Object.keys(all[1]?.gradients ?? {})).toContain("blocks.0.net.0.weight");
  });

  test("the gradient at the input is the same", () => {
    const [expected, found] = twins(2).map(({ net }) => {
      const { x } = inputs(5);
      return [...gradient((at: Tensor) => sum(square(net.forward(at as Tensor2D))))(x).dataSync()];
    });
    expect(found).toEqual(expected);
  });

  test("a gradient of a gradient is the same", () => {
    const [expected, found] = twins(1).map(({ net }) => {
      const { x } = inputs(5);
      const first = (at: Tensor) =>
        gradient((z: Tensor) => sum(square(net.blocks[0]?.forward(z as Tensor2D) as Tensor)))(at);
      return [...gradient((at: Tensor) => sum(square(first(at))))(x).dataSync()];
    });
    expect(found).toEqual(expected);
  });

  test("a step leaks nothing", () => {
    const [, { net } = { net: new Net(new Rng(0), 1) }] = twins(3);
    const { x, y } = inputs(8);
    const step = () =>
      training(net, () =>
        tidy(() => void valueAndGradients(trainable(net), () => mseLoss(net.forward(x as Tensor2D), y))),
      );
    step();
    expect(step).toLeakNothing();
  });

  test("of many blocks, less than half of the memory is needed at once", () => {
    const [whole = NaN, parts = NaN] = twins(12).map(({ net }) => {
      const { x, y } = inputs(256);
      return peak(() =>
        training(net, () =>
          tidy(() => void valueAndGradients(trainable(net), () => mseLoss(net.forward(x as Tensor2D), y))),
        ),
      );
    });
    expect(parts).toBeLessThan(0.5 * whole);
  });
});

describe("compiled on wasm", () => {
  beforeAll(() => useBackend({ only: "wasm" }));

  test("steps with dropout are those that run op by op", async () => {
    const all = [];
    for (const [i, { net, rng }] of twins(2).entries()) {
      const optimizer = new Optimizer(adam({ learningRate: 1e-2 }), trainable(net));
      const run = (x: Tensor, y: Tensor) =>
        trainStep(net, optimizer, () => mseLoss(net.forward(x as Tensor2D), y));
      const step = compile(run);
      await step.ready;
      const losses = [];
      for (let n = 0; n < 6; n++) {
        const { x, y } = inputs(7);
        losses.push(await (i === 0 ? run : step)(mul(x, 1 + n), y));
      }
      expect(step.report()).toMatchObject({ replayed: i === 0 ? 0 : 4 });
      step.dispose();
      all.push({ losses, state: rng.state(), parameters: bytesOf(trainable(net)) });
    }
    expect(all[1]).toEqual(all[0]);
  });
});

class Several extends Module {
  readonly part = new Linear(6, 2, { rng: new Rng(0) });

  forward(x: Tensor2D): { readonly y: Tensor } {
    return { y: this.part.forward(x) };
  }
}

test("an output that is not one tensor, and what is not a module, are errors that leave nothing", () => {
  const several = checkpoint(new Several());
  const { x } = inputs(3);
  const run = () => gradient((at: Tensor) => sum(several.forward(at as Tensor2D).y))(x);
  expect(run).toThrow(
    "checkpoint: the output of Several is a record, expected one tensor. Checkpoint the modules in it.",
  );
  expect(run).toLeakNothing();
  expect(() => checkpoint(3 as never)).toThrow("checkpoint: the model is 3, expected a module.");
  expect(() => checkpoint((() => x) as never)).toThrow(
    "checkpoint: the model is a function, expected a module.",
  );
  expect(() => checkpoint(new Several(), x as never)).toThrow(
    "checkpoint: a Tensor came after the module, expected the module alone. Write checkpoint(module) once, and module.forward(x) as before.",
  );
});

/** The most bytes that tensors have while `body` runs. */
function peak(body: () => void): number {
  const { state } = engine();
  const before = state.numBytes;
  let most = 0;
  const run = engine().runKernel.bind(engine());
  const spied = (...given: Parameters<typeof run>) => {
    const result = run(...given);
    most = Math.max(most, state.numBytes - before);
    return result;
  };
  engine().runKernel = spied as typeof run;
  try {
    body();
  } finally {
    engine().runKernel = run;
  }
  return most;
}
