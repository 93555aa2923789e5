import { Linear, Module, ReLU, Rng, Sequential, ShapeError } from "@pellucid/core-train";
import { memory, type Tensor, type Tensor2D, tidy, zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);

class Net extends Module {
  readonly features = new Linear(3, 512, { rng });
  readonly classifier = new Sequential(new ReLU(), new Linear(512, 10, { rng }));
  forward(x: Tensor2D): Tensor {
    return tidy(() => this.classifier.forward(this.features.forward(x)));
  }
}

class Both extends Module {
  readonly nets = [new Net(), new Net()];
  forward(x: Tensor2D): Tensor[] {
    return this.nets.map((net) => net.forward(x));
  }
}

const picture = zeros([1, 28, 28, 1]);
const expected = "Linear(512, 10): x is [1, 28, 28, 1], expected [..., 512].";
const thrown = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

test("an error deep inside a model names the path of the module, and keeps its class", () => {
  const { classifier } = new Net();
  expect(thrown(() => classifier.forward(picture))).toEqual(
    new ShapeError(`${expected} (in 1 of Sequential)`),
  );
  const net = new Net();
  const before = memory().numTensors;
  const error = thrown(() => new Both().forward(zeros([2, 4])));
  expect(error).toBeInstanceOf(ShapeError);
  expect(error).toMatchObject({
    message: "Linear(3, 512): x is [2, 4], expected [..., 3]. (in nets.0.features of Both)",
  });
  expect(memory().numTensors).toBeGreaterThanOrEqual(before);
  net.dispose();
});

test("an error of the model itself has no path", () => {
  expect(thrown(() => new Linear(512, 10, { rng }).forward(picture))).toEqual(new ShapeError(expected));
});

test("a disposed tensor names the module that used it", () => {
  const x = zeros([2, 512]);
  x.dispose();
  expect(() => new Net().classifier.forward(x)).toThrow("(in 0 of Sequential)");
});

test("an error thrown twice names one path, and a thrown value that is not an Error stays as it is", () => {
  const error = new Error("no");
  class Throws extends Module {
    readonly value: unknown;
    constructor(value: unknown) {
      super();
      this.value = value;
    }
    forward(): never {
      throw this.value;
    }
  }
  const chain = new Sequential(new Throws(error) as never);
  for (let i = 0; i < 2; i++)
    expect(() => chain.forward(picture as never)).toThrow(/^no \(in 0 of Sequential\)$/);
  expect(thrown(() => new Sequential(new Throws("text") as never).forward(picture as never))).toBe("text");
});

test("a class keeps the name and the number of parameters of its forward", () => {
  expect(Net.prototype.forward.name).toBe("forward");
  expect(Net.prototype.forward.length).toBe(1);
  expect(Object.hasOwn(new Net(), "forward")).toBe(false);
});
