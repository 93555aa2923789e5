import {
  adam,
  batches,
  Lbfgs,
  Linear,
  loadCheckpoint,
  Module,
  Optimizer,
  parseSafetensors,
  ReduceLROnPlateau,
  Rng,
  saveCheckpoint,
  TensorDataset,
  trainable,
  trainStep,
} from "@pellucid/core-train";
import {
  add,
  dispose,
  memory,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  tensor2d,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { Scale, setUp, step } from "../../test/scale-training.ts";

test("training resumes from a checkpoint as if it had not stopped", async () => {
  const first = setUp();
  await step(first);
  const bytes = await saveCheckpoint({ ...first, epoch: 1 });
  const second = setUp();
  expect(loadCheckpoint<{ epoch: number }>(bytes, second)).toEqual({ epoch: 1 });
  for (const run of [first, second]) for (let i = 0; i < 3; i++) await step(run);
  expect(second.model.weight.dataSync()).toEqual(first.model.weight.dataSync());
  expect(await saveCheckpoint(second)).toEqual(await saveCheckpoint(first));
});

test("training resumes in the middle of an epoch", async () => {
  const start = () => {
    const rng = new Rng(1);
    const numbers = new TensorDataset({
      x: { data: Float32Array.from({ length: 15 }, (_, i) => i), shape: [5, 3] },
    });
    return { ...setUp(), rng, data: batches(numbers, { size: 2, shuffle: true, rng }) };
  };
  const epochs = async ({ model, optimizer, data }: ReturnType<typeof start>, stop: number, from = 0) => {
    for (let at = from; at < stop;) {
      for await (const { x } of data) {
        await trainStep(model, optimizer, () => sum(model.forward(x)));
        if (++at === stop) break;
      }
    }
  };
  const [through, stopped, resumed] = [start(), start(), start()];
  await epochs(through, 9);
  await epochs(stopped, 5); // the second of three batches of the second epoch
  loadCheckpoint(await saveCheckpoint(stopped), resumed);
  await epochs(resumed, 9, 5);
  expect(await saveCheckpoint(resumed)).toEqual(await saveCheckpoint(through));
});

test("a checkpoint has the state at the time of the call", async () => {
  const run = setUp();
  await step(run);
  const values = { list: [1], numbers: Float64Array.of(1) };
  const [saving, again] = [saveCheckpoint({ ...run, values }), saveCheckpoint({ ...run, values })];
  values.list[0] = values.numbers[0] = 2;
  await step(run);
  expect(await again).toEqual(await saving);
  expect(loadCheckpoint(await saving)).toEqual({ values: { list: [1], numbers: Float64Array.of(1) } });
});

test("plain values come back to the last bit", async () => {
  const values = {
    numbers: [0, -0, NaN, Infinity, -Infinity, 0.1 + 0.2, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2],
    large: [2n ** 80n, -1n],
    words: ["", 'ü\ud800\0"$', "__proto__"],
    none: [null, undefined, [], {}, true],
    tagged: { $: "tensor", name: "x" },
    ["__proto__"]: { $: 1 },
    floats: Float64Array.of(0.1, -0, NaN),
    bytes: new Uint8Array([9, 8, 7, 6]).subarray(1, 3),
    longs: BigInt64Array.of(2n ** 62n, -1n),
    words32: Uint32Array.of(2 ** 32 - 1),
    dotted: { "a.b": Int8Array.of(1), a: { b: Int8Array.of(2) } },
    host: { data: Float32Array.of(1, 2), shape: [2, 1] },
  };
  const loaded = loadCheckpoint<{ values: typeof values }>(await saveCheckpoint({ values })).values;
  expect(loaded).toEqual(values);
  expect(loaded.none[1]).toBe(undefined);
  expect(Object.keys(loaded)).toEqual(Object.keys(values));
});

test("tensors come back as tensors, the caller's", async () => {
  const saved = { mean: tensor([[1, 2]]), mask: tensor([true, false]), count: tensor(7, [], "int32") };
  const { saved: loaded } = loadCheckpoint<{ saved: typeof saved }>(await saveCheckpoint({ saved }));
  for (const name of ["mean", "mask", "count"] as const) {
    expect(loaded[name].dtype).toBe(saved[name].dtype);
    expect(loaded[name].shape).toEqual(saved[name].shape);
    expect(loaded[name].dataSync()).toEqual(saved[name].dataSync());
  }
  dispose([saved, loaded]);
});

test("weights alone are read from a checkpoint, also by PyTorch: they have its names", async () => {
  const run = setUp();
  await step(run);
  const bytes = await saveCheckpoint(run);
  expect(Object.keys(parseSafetensors(bytes).tensors)).toContain("model.weight");
  const model = new Scale();
  loadCheckpoint(bytes, { model });
  expect(model.weight.dataSync()).toEqual(run.model.weight.dataSync());
});

test("a schedule that waits for a better loss resumes", async () => {
  const schedule = new ReduceLROnPlateau(0.1, { patience: 0 });
  for (const loss of [1, 2, 3]) schedule.observe(loss);
  const bytes = await saveCheckpoint({ schedule });
  const second = new ReduceLROnPlateau(0.1, { patience: 0 });
  loadCheckpoint(bytes, { schedule: second });
  expect(second.state()).toEqual(schedule.state());
});

test("L-BFGS goes on with the curvature it has seen", async () => {
  const bowl = (model: Scale) => () => sum(square(sub(model.weight, [4, 5, 6])));
  const start = () => {
    const model = new Scale();
    return { model, optimizer: new Lbfgs(trainable(model), { maxIter: 2, learningRate: 0.3 }) };
  };
  const [first, second] = [start(), start()];
  await first.optimizer.step(bowl(first.model));
  loadCheckpoint(await saveCheckpoint(first), second);
  for (const { model, optimizer } of [first, second]) await optimizer.step(bowl(model));
  expect(await saveCheckpoint(second)).toEqual(await saveCheckpoint(first));
});

test("what continues by itself needs state and restore only", async () => {
  const counter = {
    at: 4,
    state: () => ({ at: counter.at }),
    restore: ({ at }: { at: number }) => void (counter.at = at),
  };
  const bytes = await saveCheckpoint({ counter });
  counter.at = 9;
  loadCheckpoint(bytes, { counter });
  expect(counter.at).toBe(4);
});

/** A model of a record of two inputs. */
class Sum extends Module {
  readonly left = new Linear(2, 1, { rng: new Rng(1) });
  readonly right = new Linear(3, 1, { rng: new Rng(2) });
  forward({ left, right }: { readonly left: Tensor2D; readonly right: Tensor2D }): {
    readonly total: Tensor;
  } {
    return { total: tidy(() => sum(add(this.left.forward(left), this.right.forward(right)))) };
  }
}

test("a model that takes and gives records resumes exactly", async () => {
  const start = () => {
    const model = new Sum();
    return {
      model,
      optimizer: new Optimizer(adam({ learningRate: 0.1 }), trainable(model)),
      rng: new Rng(3),
    };
  };
  const step = ({ model, optimizer, rng }: ReturnType<typeof start>) => {
    const x = { left: tensor2d(rng.randn([2]).data, [1, 2]), right: tensor2d(rng.randn([3]).data, [1, 3]) };
    const loss = trainStep(model, optimizer, () => square(model.forward(x).total));
    dispose([x.left, x.right]);
    return loss;
  };
  const run = start();
  await step(run);
  const bytes = await saveCheckpoint(run);
  const expected = [await step(run), await step(run)];
  const resumed = start();
  loadCheckpoint(bytes, resumed);
  expect([await step(resumed), await step(resumed)]).toEqual(expected);
  expect(await saveCheckpoint(resumed)).toEqual(await saveCheckpoint(run));
});

test("saving and loading leak no tensors", async () => {
  const run = setUp();
  await step(run);
  const { numTensors } = memory();
  const bytes = await saveCheckpoint(run);
  expect(memory().numTensors).toBe(numTensors);
  expect(() => loadCheckpoint(bytes, run)).toLeakNothing();
});
