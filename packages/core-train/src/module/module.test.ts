import { type Buffer, stateBuffer, type Layer, Linear, Module, parameter, Rng } from "@pellucid/core-train";
import { clone, memory, mul, type Tensor } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const ones = (size = 2) => ({ data: new Float32Array(size).fill(1), shape: [size] });

class Scale extends Module implements Layer<Tensor, Tensor> {
  readonly weight = parameter(ones());
  readonly count: Buffer = stateBuffer({ data: new Int32Array(1), shape: [] });
  readonly size = 2;
  readonly name = "scale";

  forward(x: Tensor): Tensor {
    return mul(x, this.weight);
  }
}

class Tree extends Module {
  readonly bias = parameter(ones(3));
  readonly stages = [new Scale(), [new Scale()]];
  readonly heads = { left: new Scale(), extra: parameter(ones()), nothing: null };
  readonly list = [parameter(ones()), 7];
}

const names = (pairs: Iterable<readonly [string, unknown]>) => [...pairs].map(([name]) => name);

test("names come from the tree: fields, arrays and records, in their order", () => {
  const tree = new Tree();
  expect(names(tree.namedParameters())).toEqual([
    "bias",
    "stages.0.weight",
    "stages.1.0.weight",
    "heads.left.weight",
    "heads.extra",
    "list.0",
  ]);
  expect(names(tree.namedBuffers())).toEqual(["stages.0.count", "stages.1.0.count", "heads.left.count"]);
  expect(names(tree.namedModules())).toEqual(["", "stages.0", "stages.1.0", "heads.left"]);
});

test("a slot has its owner and its path there", () => {
  const tree = new Tree();
  const owners = [...tree.slots()].map(({ path, owner, field }) => [path, owner.constructor.name, field]);
  expect(owners).toContainEqual(["heads.extra", "Tree", "heads.extra"]);
  expect(owners).toContainEqual(["stages.1.0.weight", "Scale", "weight"]);
});

test("two modules of a kind do not clash", () => {
  const [a, b] = [new Scale(), new Scale()];
  expect(names(a.namedParameters())).toEqual(names(b.namedParameters()));
  expect(a.weight.name).not.toBe(b.weight.name);
});

test("what two fields share is one parameter in two slots", () => {
  class Tied extends Module {
    readonly encode = new Linear(2, 2, { rng: new Rng(0), bias: false });
    readonly decode = { weight: this.encode.weight };
    readonly again = this.encode;
  }
  const tied = new Tied();
  expect(names(tied.namedParameters())).toEqual(["encode.weight"]);
  expect(names(tied.namedModules())).toEqual(["", "encode"]);
  expect([...tied.slots()].map(({ path }) => path)).toEqual([
    "encode.weight",
    "decode.weight",
    "again.weight",
  ]);
});

test("what is put into a field later belongs to the module", () => {
  class Head extends Module {
    head: Module = new Scale();
  }
  const model = new Head();
  model.head = new Linear(2, 1, { rng: new Rng(0) });
  expect(names(model.namedParameters())).toEqual(["head.weight", "head.bias"]);
});

test("a disposed module leaves nothing, also when parts are shared or it is disposed twice", () => {
  const before = memory().numTensors;
  const shared = new Scale();
  class Twice extends Module {
    readonly first = shared;
    readonly second = shared;
  }
  const model = new Twice();
  const copy = clone(shared.weight);
  model.dispose();
  model.dispose();
  expect(copy).toBeAllclose([1, 1]);
  copy.dispose();
  expect(memory().numTensors).toBe(before);
});
