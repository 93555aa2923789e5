import { adam, adamw, chain, type GroupStates, muon, Optimizer, parameter } from "@pellucid/core-train";
import { ParameterError, partition, sgd, ShapeError } from "@pellucid/core-train";
import { tensor } from "@tensorflow/tfjs-core";
import { expect, expectTypeOf, test } from "vitest";

const one = () => parameter({ data: new Float32Array([1]), shape: [1] });
const isHead = (path: string) => path.startsWith("head.");

test("each group goes its own way, with its own state", () => {
  const parameters = { "head.bias": one(), "body.bias": one() };
  const groups = [
    { match: isHead, transform: sgd({ learningRate: 0.5 }) },
    { match: (path: string) => !isHead(path), transform: adam({ learningRate: 0.1 }) },
  ] as const;
  const optimizer = new Optimizer(partition(groups), parameters);
  expectTypeOf(optimizer.state).toEqualTypeOf<GroupStates<typeof groups>>();
  optimizer.step({ "head.bias": tensor([1]), "body.bias": tensor([4]) });
  expect(parameters["head.bias"]).toBeAllclose([0.5]);
  expect(parameters["body.bias"]).toBeAllclose([0.9]);
  expect(Object.keys(optimizer.state[1].slots)).toEqual(["body.bias"]);
  optimizer.dispose();
});

test("a parameter in no group or in two is an error that names it", () => {
  const transform = sgd();
  const groups = [{ match: isHead, transform }, { match: (path: string) => path.endsWith("bias"), transform }]; // prettier-ignore
  const make = () =>
    new Optimizer(partition(groups), { "head.bias": one(), "body.bias": one(), "body.weight": one() });
  expect(make).toThrow(ParameterError);
  expect(make).toThrow(
    "partition: each parameter has to be in exactly one of 2 groups, but head.bias is in 0 and 1, " +
      "body.weight is in none. Freeze parameters that should not be trained.",
  );
});

test("muon takes matrices only", () => {
  expect(() => new Optimizer(chain(muon()), { bias: one() })).toThrow(ShapeError);
  expect(() => new Optimizer(muon(), { bias: one() })).toThrow(
    "muon: a parameter is [1], expected [in, out]. Give the others to adamw with partition.",
  );
  const weight = parameter({ data: new Float32Array(6), shape: [2, 3] });
  const both = partition([
    { match: (path) => path === "weight", transform: muon() },
    { match: (path) => path !== "weight", transform: adamw() },
  ]);
  expect(() => new Optimizer(both, { weight, bias: one() })).not.toThrow();
});
