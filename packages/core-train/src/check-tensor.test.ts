import {
  checkRecord,
  checkShape,
  checkTensor,
  DtypeError,
  Linear,
  relu,
  Rng,
  StructError,
} from "@pellucid/core-train";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const gone = () => {
  const x = tensor2d([[1, 2]]);
  x.dispose();
  return x;
};

test.each([
  [undefined, "undefined"],
  [null, "null"],
  [NaN, "NaN"],
  ["a text", '"a text"'],
  [[], "an empty array"],
  [[1, "a"], '[1, "a"]'],
  [[{}], "an array"],
  [{}, "an empty record"],
  [{ data: [1], shape: [1] }, "a record of data, shape"],
  [new Date(0), "a Date"],
  [Math.max, "the function max"],
  [Symbol("s"), "Symbol(s)"],
])("%o is not a tensor, and the error says so", (x, words) => {
  const layer = new Linear(2, 1, { rng: new Rng(0) });
  const calls: [() => unknown, string][] = [
    [() => checkTensor("f", "x", x), `f: x is ${words}, expected a tensor.`],
    [() => checkShape("f", "x", x as never, ["batch", 2]), `f: x is ${words}, expected a tensor [batch, 2].`],
    [() => relu(x as never), `relu: x is ${words}, expected a tensor float32.`],
  ];
  for (const [call, message] of calls) expect(call).toThrow(new StructError(message));
  expect(() => layer.forward(x as never)).toThrow(StructError);
  layer.dispose();
});

test("a tensor that was disposed of is refused where it is used", () => {
  expect(() => relu(gone())).toThrow(StructError);
  expect(() => checkShape("f", "x", gone(), ["batch", 2])).toThrow(
    "f: x was disposed of, expected a tensor [batch, 2]. Dispose of it after its last use; within tidy, keep it.",
  );
});

test("a tensor of strings is refused, as there is nothing to compute with", () => {
  expect(() => checkTensor("f", "x", tensor1d(["a", "b"]))).toThrow(
    new DtypeError("f: x is a tensor of strings, expected a tensor. Turn the strings into numbers first."),
  );
});

test("a record without a field is refused, with what it has", () => {
  const check = (x: unknown) => () => checkRecord("f", "the input", x, ["a", "b"]);
  expect(check({ a: 1, b: null, c: 2 })).not.toThrow();
  expect(check({ a: 1 })).toThrow(
    new StructError("f: the input is a record of a without b, expected a record { a, b }."),
  );
  expect(check([1])).toThrow(new StructError("f: the input is [1], expected a record { a, b }."));
  expect(check(undefined)).toThrow("f: the input is undefined");
});
