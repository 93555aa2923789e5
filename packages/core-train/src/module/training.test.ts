import {
  type Buffer,
  bufferValue,
  discardUpdates,
  stateBuffer,
  isTraining,
  Module,
  Sequential,
  ShapeError,
  training,
  updateBuffer,
} from "@pellucid/core-train";
import { add, memory, mul, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

class Counter extends Module {
  readonly total: Buffer = stateBuffer({ data: new Float32Array([1]), shape: [] });
  forward(x: Tensor): Tensor {
    return mul(x, 1);
  }
  count(by = 1): void {
    updateBuffer(this.total, (current) => add(current, by));
  }
}

const totalOf = ({ total }: Counter) => total.dataSync()[0];

test("a module is in inference mode, and in training mode within the scope, with all below it", () => {
  const [inner, outside] = [new Counter(), new Counter()];
  const model = new Sequential(inner);
  const seen = () => [model, inner, outside].map(isTraining);
  expect(seen()).toEqual([false, false, false]);
  expect(training(model, seen)).toEqual([true, true, false]);
  expect(seen()).toEqual([false, false, false]);
});

test("training is undone when the body throws", () => {
  const model = new Counter();
  expect(() =>
    training(model, () => {
      throw new Error("stop");
    }),
  ).toThrow("stop");
  expect(isTraining(model)).toBe(false);
});

test("an inner scope does not put to rest what the outer one trains", () => {
  const [a, b] = [new Counter(), new Counter()];
  const model = new Sequential(a, b);
  training(model, () => {
    training(a, () => expect(isTraining(a)).toBe(true));
    expect([isTraining(a), isTraining(b)]).toEqual([true, true]);
  });
});

test("an asynchronous body is refused, and its later failure is not left unhandled", async () => {
  const model = new Counter();
  const body = async () => {
    model.count();
    await Promise.resolve();
    throw new Error("late");
  };
  expect(() => training(model, body)).toThrow(
    new TypeError("training(model, body): body is asynchronous, but a training step is synchronous."),
  );
  await Promise.resolve();
  expect([isTraining(model), totalOf(model)]).toEqual([false, 1]);
});

test("buffers change at the end of the scope; updates in it build on each other", () => {
  const model = new Counter();
  training(model, () => {
    model.count();
    model.count();
    expect(totalOf(model)).toBe(1);
  });
  expect(totalOf(model)).toBe(3);
});

test("outside of a scope a buffer changes at once", () => {
  const model = new Counter();
  model.count();
  expect(totalOf(model)).toBe(2);
});

test("when the body throws, no buffer has changed and no tensor leaks", () => {
  const model = new Counter();
  const failing = () =>
    training(model, () => {
      model.count();
      model.count();
      throw new Error("stop");
    });
  expect(failing).toThrow("stop");
  expect(failing).toLeakNothing();
  expect(totalOf(model)).toBe(1);
});

test("an inner scope that throws takes back its own updates only", () => {
  const model = new Counter();
  const before = memory().numTensors;
  training(model, () => {
    model.count(10);
    expect(() =>
      training(model, () => {
        model.count(100);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    model.count(1000);
  });
  expect(totalOf(model)).toBe(1011);
  expect(memory().numTensors).toBe(before);
});

test("an inner scope that ends well hands its updates to the outer one", () => {
  const model = new Counter();
  const before = memory().numTensors;
  training(model, () => {
    model.count(10);
    training(model, () => model.count(100));
    expect(totalOf(model)).toBe(1);
    model.count(1000);
  });
  expect(totalOf(model)).toBe(1111);
  expect(memory().numTensors).toBe(before);
});

test("a next value that is the current one is fine, in a scope and outside of it", () => {
  const model = new Counter();
  const same = () => updateBuffer(model.total, (current) => current);
  same();
  training(model, same);
  training(model, () => [model.count(), same(), training(model, same)]);
  expect(totalOf(model)).toBe(2);
});

test("an update of another shape or type is refused before anything has changed", () => {
  const model = new Counter();
  const wrong = () =>
    training(model, () => {
      model.count();
      updateBuffer(model.total, () => zeros([2]));
    });
  expect(wrong).toThrow(new ShapeError("updateBuffer: the next value is [2], expected []."));
  expect(wrong).toLeakNothing();
  expect(() => updateBuffer(model.total, () => zeros([], "int32"))).toThrow(
    new TypeError("updateBuffer: the next value is int32, but the buffer is float32."),
  );
  expect(totalOf(model)).toBe(1);
});

test("discarded updates show within their body only, also when it throws", () => {
  const model = new Counter();
  const before = memory().numTensors;
  const value = () => bufferValue(model.total);
  training(model, () => {
    model.count(10);
    discardUpdates(() => {
      model.count(100);
      const seen = value();
      expect(seen).toBeAllclose([111]);
      seen.dispose();
    });
    expect(() =>
      discardUpdates(() => {
        training(model, () => model.count(100));
        throw new Error("stop");
      }),
    ).toThrow("stop");
    const seen = value();
    expect(seen).toBeAllclose([11]);
    seen.dispose();
  });
  expect(totalOf(model)).toBe(11);
  expect(memory().numTensors).toBe(before);
});
