import { useBackend } from "@pellucid/backends";
import {
  adam,
  checkOnHost,
  compile,
  compiledIf,
  CompileError,
  drawn,
  Linear,
  mapLeaves,
  maxPool2d,
  Module,
  OptionError,
  Optimizer,
  parameter,
  Rng,
  trainable,
  training,
  trainStep,
} from "@pellucid/core-train";
import {
  add,
  keep,
  memory,
  mul,
  reshape,
  square,
  sum,
  type Tensor,
  tensor1d,
  tensor2d,
  type Tensor2D,
  type Tensor4D,
  tidy,
  variable,
} from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";

const numbers = (x: Tensor): number[] => {
  const read = [...x.dataSync()];
  x.dispose();
  return read;
};

/** What calls of a compiled step give, and its report. */
async function run<X>(step: (x: X) => Tensor, inputs: readonly X[], options = {}) {
  const compiled = compile(step, options);
  await compiled.ready;
  const results = inputs.map((x) => numbers(compiled(x)));
  const report = compiled.report();
  compiled.dispose();
  return { results, report };
}

test("on a backend that does not record, a step runs as it is", async () => {
  await useBackend({ only: "cpu" });
  const { results, report } = await run(
    (x: Tensor) => mul(x, 2),
    [tensor1d([1]), tensor1d([2]), tensor1d([3])],
  );
  expect(results).toEqual([[2], [4], [6]]);
  expect(report).toEqual({
    replayed: 0,
    eager: 3,
    plans: [],
    reasons: { "the backend cpu does not record": 3 },
  });
});

describe("wasm", () => {
  beforeAll(async () => {
    await useBackend({ only: "wasm" });
  });
  afterEach(() => vi.restoreAllMocks());

  const firsts = [1, 2, 3, 4];
  const made = (first: number) => tensor1d([first, 10]);

  test("a step is replayed from its third call on, with other inputs", async () => {
    const { results, report } = await run((x: Tensor) => tidy(() => add(square(x), 1)), firsts.map(made));
    expect(results).toEqual([
      [2, 101],
      [5, 101],
      [10, 101],
      [17, 101],
    ]);
    expect(report.replayed).toBe(2);
    expect(report.reasons).toEqual({ "the inputs have a new form": 1, "it was recorded": 1 });
  });

  test("structures and host values go in and out", async () => {
    const step = compile(({ x, by }: { x: Tensor; by: number }) =>
      tidy(() => ({ y: mul(x, by), by, list: [add(x, 1)] })),
    );
    await step.ready;
    const given = [2, 2, 2, 3, 3, 3].map((by, i) => {
      const { y, by: back, list } = step({ x: tensor1d([i]), by });
      return [numbers(y)[0], back, numbers(list[0] as Tensor)[0]];
    });
    expect(given).toEqual([
      [0, 2, 1],
      [2, 2, 2],
      [4, 2, 3],
      [9, 3, 4],
      [12, 3, 5],
      [15, 3, 6],
    ]);
    expect(step.report()).toMatchObject({ replayed: 2 });
    step.dispose();
  });

  test("a tensor from outside of the step stays as it is, also when it is disposed", async () => {
    const factor = tensor1d([3, 4]);
    const step = compile((x: Tensor) => mul(x, factor));
    await step.ready;
    const [first, second] = [1, 2].map((each) => numbers(step(made(each))));
    factor.dispose();
    expect([first, second, numbers(step(made(3)))]).toEqual([
      [3, 40],
      [6, 40],
      [9, 40],
    ]);
    step.dispose();
  });

  test("random numbers are drawn anew, in order", async () => {
    const draws = async (compiled: boolean) => {
      const rng = new Rng(7);
      const step = (x: Tensor) =>
        tidy(() =>
          add(
            mul(
              x,
              drawn(() => rng.randn([2])),
            ),
            drawn(() => rng.rand([2])),
          ),
        );
      const { results, report } = compiled
        ? await run(step, firsts.map(made))
        : { results: firsts.map((first) => numbers(step(made(first)))), report: null };
      return { results, state: rng.state(), report };
    };
    const [eager, replayed] = [await draws(false), await draws(true)];
    expect(replayed.results).toEqual(eager.results);
    expect(replayed.state).toEqual(eager.state);
    expect(replayed.report?.replayed).toBe(2);
  });

  test("checks see the values of each step", async () => {
    const step = (x: Tensor) => {
      checkOnHost(x, (values) => {
        if ((values[0] ?? 0) > 3) throw new RangeError(`first is ${values[0]}`);
      });
      return square(x);
    };
    await expect(run(step, firsts.map(made))).rejects.toThrow(new RangeError("first is 4"));
  });

  const rng = new Rng(0);
  const own = () => (kept ??= variable(tensor1d([1])));
  let kept: Tensor | undefined;
  const refused: Readonly<Record<string, [(x: Tensor) => Tensor, string]>> = {
    "a read": [(x) => mul(x, x.dataSync()[0] as number), "the step reads a tensor"],
    "a draw that is not in drawn(…)": [
      (x) => mul(x, tensor1d(rng.randn([2]).data)),
      "random numbers are drawn outside of drawn(…)",
    ],
    "its input as its result": [(x) => x, "the step gives its input"],
    "a parameter as its result": [own, "the step gives a parameter"],
    "a new parameter": [(x) => add(variable(x), x), "the step makes a parameter"],
  };

  test.each(Object.keys(refused))("%s is refused by name, and runs op by op", async (name) => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const [step, reason] = refused[name] as [(x: Tensor) => Tensor, string];
    const compiled = compile(step, { maxPlans: 1 });
    await compiled.ready;
    for (let i = 0; i < 5; i++) compiled(tensor1d([1, 2]));
    expect(compiled.report()).toMatchObject({ replayed: 0, plans: [], reasons: { [reason]: 4 } });
    expect(warn.mock.calls).toEqual([[expect.stringContaining(`wherever no recording fits: ${reason}`)]]);
  });

  test("an asynchronous step is refused, and gives what it gives", async () => {
    const step = compile(async (x: Tensor) => (await square(x).data())[0], { warn: false });
    await step.ready;
    expect([await step(tensor1d([2])), await step(tensor1d([3])), await step(tensor1d([4]))]).toEqual([
      4, 9, 16,
    ]);
    expect(step.report().replayed).toBe(0);
  });

  test("after as many recordings as allowed, other forms run op by op, with one warning", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const step = compile((x: Tensor) => sum(x), { maxPlans: 2 });
    await step.ready;
    for (let size = 1; size <= 4; size++)
      for (let i = 0; i < 4; i++) step(tensor1d(Array.from({ length: size }, () => 1)));
    expect(step.report()).toMatchObject({ replayed: 4, eager: 12 });
    expect(warn).toHaveBeenCalledTimes(1);
    step.dispose();
  });

  class Net extends Module {
    factor = 2;
    readonly layer = new Linear(2, 2, { rng: new Rng(0) });
    readonly own = parameter({ data: Float32Array.of(1, 1), shape: [2] });
    forward(x: Tensor2D): Tensor {
      return tidy(() => mul(this.layer.forward(x), this.factor));
    }
  }

  test("a field of a module that changes leads to another recording", async () => {
    const net = new Net();
    const step = compile((x: Tensor2D) => net.forward(x));
    await step.ready;
    const x = tensor2d([[1, 2]]);
    const results = [2, 2, 2, 5, 5, 2, 5].map((factor) => {
      net.factor = factor;
      return [numbers(step(x)), numbers(net.forward(x))];
    });
    for (const [compiled, eager] of results) expect(compiled).toEqual(eager);
    expect(step.report().replayed).toBe(4);
    expect(step.report().plans).toHaveLength(2);
    step.dispose();
  });

  test("training mode leads to another recording", async () => {
    const net = new Net();
    const step = compile((x: Tensor2D) => net.forward(x));
    await step.ready;
    const x = tensor2d([[1, 2]]);
    for (let i = 0; i < 3; i++) numbers(step(x));
    for (let i = 0; i < 3; i++) numbers(training(net, () => step(x)));
    expect(step.report()).toMatchObject({ replayed: 3, eager: 3 });
    step.dispose();
  });

  test("a disposed input is the error of the step", async () => {
    const step = compile((x: Tensor) => square(x));
    await step.ready;
    const x = tensor1d([1]);
    x.dispose();
    expect(() => step(x)).toThrow();
  });

  test("a step that throws leaks no tensors", async () => {
    const step = compile((x: Tensor) =>
      tidy(() => {
        square(x);
        if (memory().numTensors >= 0) throw new RangeError("no");
        return x;
      }),
    );
    await step.ready;
    const x = tensor1d([1]);
    const count = memory().numTensors;
    for (let i = 0; i < 3; i++) expect(() => step(x)).toThrow("no");
    expect(memory().numTensors).toBe(count);
    expect(numbers(square(tensor1d([3])))).toEqual([9]);
  });

  test("compiled in compiled is part of the outer one", async () => {
    const inner = compile((x: Tensor) => square(x));
    const outer = compile((x: Tensor) => tidy(() => add(inner(x), 1)));
    await Promise.all([inner.ready, outer.ready]);
    expect(firsts.map((first) => numbers(outer(made(first)))[0])).toEqual([2, 5, 10, 17]);
    expect([outer.report().replayed, inner.report().replayed]).toEqual([2, 0]);
    outer.dispose();
    inner.dispose();
  });

  test("once disposed, a step runs op by op", async () => {
    const step = compile((x: Tensor) => square(x));
    await step.ready;
    for (const first of firsts) numbers(step(made(first)));
    step.dispose();
    expect(numbers(step(made(3)))).toEqual([9, 100]);
    expect(step.report()).toMatchObject({ plans: [], reasons: { "it has been disposed": 1 } });
  });

  test("verifying compares with the step op by op, on other inputs, and changes nothing", async () => {
    const own = new Rng(3);
    const weight = parameter({ data: Float32Array.of(1, 2), shape: [2] });
    const step = (x: Tensor) =>
      tidy(() =>
        mul(
          mul(x, weight),
          drawn(() => own.randn([2])),
        ),
      );
    const verified = await run(step, firsts.map(made), { verify: 2 });
    own.restore(new Rng(3).state());
    const plain = await run(step, firsts.map(made));
    expect(verified.results).toEqual(plain.results);
    expect(verified.report.replayed).toBe(2);
    expect([...weight.dataSync()]).toEqual([1, 2]);
  });

  test("verifying finds a number of the host that changes", async () => {
    let factor = 1;
    const step = (x: Tensor) => mul(x, factor++);
    await expect(run(step, firsts.map(made), { verify: 1 })).rejects.toThrow(CompileError);
    await expect(run(step, firsts.map(made), { verify: 1 })).rejects.toThrow(
      /compile: result 0 is .* at 0, expected .* as op by op\. Does the step use a number of the host that changes\?/,
    );
  });

  test("verifying compares the numbers that a step gives, not a loss that it drops", async () => {
    const model = new Linear(2, 1, { rng: new Rng(5) });
    const optimizer = new Optimizer(adam({ learningRate: 0.1 }), trainable(model));
    const step = (x: Tensor2D) => {
      void trainStep(model, optimizer, () => sum(square(model.forward(x))));
      return model.weight.clone();
    };
    const { report } = await run(
      step,
      [...firsts, 5].map((first) => tensor2d([[first, 1]])),
      { verify: 2 },
    );
    expect(report.replayed).toBeGreaterThan(0);
    for (const each of [model, optimizer]) each.dispose();
  });

  test("states of two optimizers that share memory, as copies do, come apart as op by op", async () => {
    const train = async (compiles: boolean): Promise<{ weights: number[]; replayed: number }> => {
      const models = [1, 2].map((seed) => new Linear(2, 1, { rng: new Rng(seed) }));
      const optimizers = models.map((model) => new Optimizer(adam({ learningRate: 0.1 }), trainable(model)));
      const both = (x: Tensor2D) =>
        models.map((model, i) =>
          trainStep(model, optimizers[i] as Optimizer, () => sum(square(model.forward(x)))),
        );
      const step = compile(both, { warn: false });
      await step.ready;
      for (let i = 0; i < 6; i++) {
        if (i === 1) {
          const [from, to] = optimizers as [Optimizer, Optimizer];
          const copied = mapLeaves(from.state as never, (leaf: Tensor) => keep(leaf.clone()));
          to.restore(copied as never);
        }
        const x = tensor2d([[i, 1]]);
        await Promise.all((compiles ? step : both)(x));
        x.dispose();
      }
      const weights = models.flatMap((model) => [...model.weight.dataSync()]);
      const { replayed } = step.report();
      for (const each of [step, ...models, ...optimizers]) each.dispose();
      return { weights, replayed };
    };
    const [plain, compiled] = [await train(false), await train(true)];
    expect(compiled.weights).toEqual(plain.weights);
    expect(compiled.replayed).toBe(3); // the recording of the copies is refused, the next one is not
  });

  test("max pooling sees what is not a number only in a replay", async () => {
    const step = (x: Tensor) => maxPool2d(reshape(x, [1, 2, 2, 1]) as Tensor4D, 2);
    const inputs = [1, 2, 3, NaN].map((last) => tensor1d([0, 5, 1, last]));
    const { results, report } = await run(step, inputs);
    expect(results).toEqual([[5], [5], [5], [NaN]]);
    expect(report.replayed).toBe(2);
  });

  test("two steps of one optimizer in a step are refused, and give what they give", async () => {
    const train = async (compiles: boolean): Promise<{ losses: number[]; reasons: object }> => {
      const model = new Linear(2, 1, { rng: new Rng(5) });
      const optimizer = new Optimizer(adam({ learningRate: 0.1 }), trainable(model));
      const once = (x: Tensor2D) => trainStep(model, optimizer, () => sum(square(model.forward(x))));
      const twice = (x: Tensor2D) => ({ first: once(x), second: once(x) });
      const step = compile(twice, { warn: false });
      await step.ready;
      const losses: number[] = [];
      for (const first of firsts) {
        const x = tensor2d([[first, 1]]);
        const { first: a, second: b } = (compiles ? step : twice)(x);
        losses.push(await a, await b);
        x.dispose();
      }
      const { reasons } = step.report();
      for (const each of [step, model, optimizer]) each.dispose();
      return { losses, reasons };
    };
    const [plain, compiled] = [await train(false), await train(true)];
    expect(compiled.losses).toEqual(plain.losses);
    expect(compiled.reasons).toHaveProperty("an optimizer steps twice");
  });

  test("a step is compiled only if that is asked for", async () => {
    const square2 = (x: Tensor) => square(x);
    expect(await compiledIf(false, square2)).toBe(square2);
    const step = await compiledIf(true, square2);
    expect(numbers(step(made(3)))).toEqual([9, 100]);
    step.dispose?.();
    await expect(compiledIf(true, 3 as never)).rejects.toThrow(TypeError);
  });

  test("options are checked", () => {
    expect(() => compile(() => 1, { maxPlans: 0 })).toThrow(OptionError);
    expect(() => compile(() => 1, { verify: -1 })).toThrow(OptionError);
    expect(() => compile(() => 1, { plans: 1 } as never)).toThrow("compile: there is no option plans");
  });
});
