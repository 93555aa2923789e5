import {
  BatchNorm2d,
  Bilinear,
  Embedding,
  Flatten,
  freeze,
  isTraining,
  Linear,
  Module,
  ReLU,
  Rng,
  Sequential,
  StructError,
  summary,
} from "@pellucid/core-train";
import {
  add,
  exp,
  matMul,
  mul,
  ones,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const rng = new Rng(0);

/** Reads on the host, as a detector does to choose boxes. */
class Choosing extends Module {
  readonly before = new Linear(2, 3, { rng });
  readonly after = new Linear(3, 2, { rng });
  forward(x: Tensor2D): Tensor2D {
    return tidy(() => {
      const [first = 0] = this.before.forward(x).dataSync();
      return this.after.forward(ones([Number.isFinite(first) ? 3 : 0, 3]));
    });
  }
}

test("it tells path, shape and parameters of each layer, and the total", () => {
  const head = new Linear(16, 3, { rng });
  const model = new Sequential(new Sequential(new BatchNorm2d(4), new ReLU()), new Flatten(), head);
  freeze(head);
  const found = summary(model, [1, 2, 2, 4]);
  const nothing = { used: "forward", trainable: 0, frozen: 0, multiplyAdds: 0 };
  expect(found.rows).toEqual([
    { path: "", layer: "Sequential", outputShapes: [[1, 3]], ...nothing, multiplyAdds: 48 },
    { path: "0", layer: "Sequential", outputShapes: [[1, 2, 2, 4]], ...nothing },
    { path: "0.0", layer: "BatchNorm2d", outputShapes: [[1, 2, 2, 4]], ...nothing, trainable: 8 },
    { path: "0.1", layer: "ReLU", outputShapes: [[1, 2, 2, 4]], ...nothing },
    { path: "1", layer: "Flatten", outputShapes: [[1, 16]], ...nothing },
    { path: "2", layer: "Linear", outputShapes: [[1, 3]], ...nothing, frozen: 51, multiplyAdds: 48 },
  ]);
  expect([found.trainable, found.frozen]).toEqual([8, 51]);
  expect(found.toString()).toBe(
    [
      "path   layer        output shape  parameters  frozen  multiply-adds",
      "───────────────────────────────────────────────────────────────────",
      "       Sequential   [1, 3]                                       48",
      "0      Sequential   [1, 2, 2, 4]",
      "0.0    BatchNorm2d  [1, 2, 2, 4]           8",
      "0.1    ReLU         [1, 2, 2, 4]",
      "1      Flatten      [1, 16]",
      "2      Linear       [1, 3]                51      51             48",
      "───────────────────────────────────────────────────────────────────",
      "total                                     59      51             48",
      "activations: 128 bytes at once in inference, 268 in all",
    ].join("\n"),
  );
});

class Reshaped extends Module {
  forward(x: Tensor): Tensor {
    return tidy(() => reshape(reshape(x, [-1]), x.shape));
  }
}

test("activations are counted from where they are computed to where they are last used", () => {
  const [first, last] = [new Linear(4, 16, { rng }), new Linear(16, 2, { rng })];
  const model = new Sequential(first, new ReLU(), new Reshaped(), last);
  const { peakMemory, activationMemory } = summary(model, [8, 4]);
  const [x, hidden, y] = [4 * 8 * 4, 4 * 8 * 16, 4 * 8 * 2];
  expect(peakMemory).toBe(hidden + hidden); // before and after the ReLU; what is reshaped is the same memory
  expect(activationMemory).toBe(x + hidden + hidden + y);
});

/** Adds what does not depend on the input: a mask, and a power of a parameter. */
class Masked extends Module {
  readonly scale = new Linear(1, 4, { rng });
  forward(x: Tensor4D): Tensor4D {
    return tidy(() => {
      const mask = add(zeros([1, 6, 6, 1]), 1);
      return add(mul(x, mask), exp(this.scale.weight));
    });
  }
}

test("what does not depend on the input is not an activation", () => {
  const each = 4 * 2 * 6 * 6 * 4;
  expect(summary(new Masked(), [2, 6, 6, 4])).toMatchObject({
    activationMemory: 3 * each,
    peakMemory: 2 * each,
  });
});

test("a model that reads what it computed is listed too, with the memory of what it makes of that", () => {
  const { rows, activationMemory } = summary(new Choosing(), [4, 2]);
  expect(rows.map(({ outputShapes }) => outputShapes)).toEqual([[[3, 2]], [[4, 3]], [[3, 2]]]);
  expect(activationMemory).toBe(4 * (8 + 12 + 9 + 6));
});

test("a layer whose weights alone are used is none that did not run, nor is a group whose layers ran", () => {
  class Tied extends Module {
    readonly inner = new Sequential(new Linear(3, 2, { rng }));
    readonly group = new Sequential(this.inner, new ReLU());
    readonly head = new Linear(2, 5, { rng });
    readonly spare = new Sequential(new Linear(2, 5, { rng }));
    forward(x: Tensor2D): Tensor2D {
      return tidy(() => matMul(this.inner.forward(x), this.head.weight));
    }
  }
  const found = summary(new Tied(), [1, 3]);
  expect(found.rows.map(({ path, used }) => [path, used])).toEqual([
    ["", "forward"],
    ["inner", "forward"],
    ["inner.0", "forward"],
    ["group", "parts"],
    ["group.1", "nothing"],
    ["head", "weights"],
    ["spare", "nothing"],
    ["spare.0", "nothing"],
  ]);
  const lines = found.toString().split("\n");
  expect(lines.filter((line) => line.includes("did not run")).length).toBe(3);
  expect(lines.find((line) => line.startsWith("head"))).toContain("only its weights");
});

test("large numbers are grouped, and nothing is said of frozen ones where there are none", () => {
  const text = summary(new Linear(1000, 1000, { rng }), [1, 1000]).toString();
  expect(text).toContain("1,001,000");
  expect(text).not.toContain("frozen");
});

test("several inputs are a record of shapes, integers a tensor", () => {
  const pair = summary(new Bilinear(2, 3, 4, { rng }), { x1: [5, 2], x2: [5, 3] });
  expect(pair.rows[0]?.outputShapes).toEqual([[5, 4]]);
  const words = tensor([0, 1], [1, 2], "int32");
  expect(summary(new Embedding(5, 3, { rng }), words).rows[0]?.outputShapes).toEqual([[1, 2, 3]]);
  expect(words.isDisposed).toBe(false);
});

interface Scan {
  readonly views: readonly [Tensor2D, readonly number[]];
  readonly name: string;
}

/** The sum of two views of a scan, each through its own layer. */
class Scanner extends Module {
  readonly front = new Linear(2, 3, { rng });
  readonly side = new Linear(4, 3, { rng });
  forward({ views: [front, side], name }: { views: readonly [Tensor2D, Tensor2D]; name: string }) {
    return { name, sum: tidy(() => add(this.front.forward(front), this.side.forward(side))) };
  }
}

test("a structure holds shapes, tensors and host values at any depth, in an interface too", () => {
  const front: Tensor2D = ones([5, 2]);
  const scan: Scan = { views: [front, [5, 4]], name: "s" };
  expect(summary(new Scanner(), scan).rows.map(({ outputShapes }) => outputShapes)).toEqual([
    [[5, 3]],
    [[5, 3]],
    [[5, 3]],
  ]);
  expect(front.isDisposed).toBe(false);
});

class Shared extends Module {
  readonly body = new Linear(2, 2, { rng });
  readonly again = this.body;
  readonly tied = { weight: this.body.weight };
  readonly unused = new Linear(2, 2, { rng });
  forward(x: Tensor): { readonly y: Tensor; readonly states: Tensor[] } {
    return { y: this.again.forward(this.body.forward(x)), states: [zeros([7]), zeros([8])] };
  }
}

test("shared parameters count once, layers that did not run are marked, several outputs are all listed", () => {
  const found = summary(new Shared(), [3, 2]);
  expect(found.trainable).toBe(12);
  expect(found.rows.map(({ path, outputShapes }) => [path, outputShapes])).toEqual([
    ["", [[3, 2], [7], [8]]],
    ["body", [[3, 2]]],
    ["unused", []],
  ]);
  expect(found.toString()).toContain("did not run");
});

test("a layer whose forward is its own is seen, and keeps it", () => {
  const layer = new ReLU();
  const own = <X extends Tensor>(x: X): X => mul(x, 2);
  layer.forward = own;
  const model = new Sequential(layer);
  expect(summary(model, [1, 2]).rows[1]?.outputShapes).toEqual([[1, 2]]);
  expect(Object.entries(layer)).toEqual([["forward", own]]);
});

test("the model runs in inference, and everything is as before, also when it throws", () => {
  class Watched extends Module {
    readonly relu = new ReLU();
    trained = true;
    forward(x: Tensor4D): Tensor4D {
      this.trained = isTraining(this);
      return this.relu.forward(x);
    }
  }
  const model = new Watched();
  expect(() => void summary(model, [1, 2, 2, 1])).toLeakNothing();
  expect(model.trained).toBe(false);
  expect(Object.keys(model.relu)).toEqual([]);
  const linear = new Sequential(new ReLU(), new Linear(3, 2, { rng }));
  expect(() => summary(linear, [1, 4])).toThrow("Linear(3, 2): x is [1, 4], expected [..., 3].");
  expect(() => void summary(linear, [1, 4])).toLeakNothing();
  expect(Object.hasOwn(linear, "forward")).toBe(false);
});

test("a summary without a shape says that the shape is missing", () => {
  const model = new Sequential(new Linear(2, 2, { rng }));
  const without = () => summary(model, undefined as never);
  expect(without).toThrow(StructError);
  expect(without).toThrow(
    "summary: the input is missing, expected its shape, the batch included, or a tensor: summary(model, [1, 28, 28, 1]).",
  );
  expect(() => summary(model, 4 as never)).toThrow("summary: the input is 4, expected its shape");
});
