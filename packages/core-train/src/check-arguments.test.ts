import { checkArguments, Linear, Rng, StructError } from "@pellucid/core-train";
import { tensor1d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const check = (expected: Parameters<typeof checkArguments>[1]) => () => checkArguments("f", expected);
const gone = tensor1d([1]);
gone.dispose();

test("what is of the kind passes", () => {
  const [x, layer, rng] = [tensor1d([1]), new Linear(1, 1, { rng: new Rng(0) }), new Rng(0)];
  expect(
    check({
      tensor: { x },
      "tensor?": { mask: undefined, x },
      "tensor[]": { none: [], xs: [x, x] },
      "tensor+?": { xs: [x], none: undefined },
      module: { layer },
      function: { f: Math.max },
      "text[]": { names: ["", "a"] },
      number: { a: NaN, b: -1 },
      size: { zero: 0, many: 2 ** 53 - 1 },
      "size[]": { shape: [2, 3] },
      numbers: { list: [1, 2.5], typed: new Float32Array(2) },
      array: { list: [undefined] },
      record: { any: {} },
      iterable: { list: [], set: new Set(), generator: (async function* () {})() },
      bytes: { file: new Uint8Array(1) },
      rng: { rng },
      "{ x, edges }": { graph: { x, edges: null } },
      "{ x }[]": { graphs: [{ x }, { x: 1, y: 2 }] },
    }),
  ).not.toThrow();
  x.dispose();
  layer.dispose();
});

test.each([
  [check({ tensor: { x: undefined } }), "f: x is undefined, expected a tensor."],
  [check({ tensor: { x: [1] } }), "f: x is [1], expected a tensor."],
  [
    check({ tensor: { x: gone } }),
    "f: x was disposed of, expected a tensor. Dispose of it after its last use; within tidy, keep it.",
  ],
  [check({ "tensor?": { mask: null } }), "f: mask is null, expected a tensor."],
  [
    check({ "tensor[]": { xs: undefined } }),
    "f: xs is undefined, expected an array, of which each is a tensor.",
  ],
  [check({ "tensor[]": { xs: [1] } }), "f: xs[0] is 1, expected a tensor."],
  [
    check({ "tensor+": { xs: [] } }),
    "f: xs is an empty array, expected an array that is not empty, of which each is a tensor.",
  ],
  [
    check({ module: { model: { namedModules: 1 } } }),
    "f: model is a record of namedModules, expected a module.",
  ],
  [check({ module: { model: null } }), "f: model is null, expected a module."],
  [check({ function: { score: "relu" } }), 'f: score is "relu", expected a function.'],
  [check({ text: { name: 5 } }), "f: name is 5, expected a text."],
  [check({ number: { p: "0.1" } }), 'f: p is "0.1", expected a number.'],
  [check({ size: { n: -1 } }), "f: n is -1, expected an integer of 0 or more."],
  [check({ "size[]": { shape: [2, NaN] } }), "f: shape[1] is NaN, expected an integer of 0 or more."],
  [check({ numbers: { values: [1, "2"] } }), 'f: values is [1, "2"], expected an array of numbers.'],
  [check({ array: { list: Symbol("s") } }), "f: list is Symbol(s), expected an array."],
  [check({ record: { r: [] } }), "f: r is an empty array, expected a record."],
  [check({ iterable: { data: "text" } }), 'f: data is "text", expected something to iterate over.'],
  [check({ bytes: { file: new Float32Array(1) } }), "f: file is a Float32Array, expected a Uint8Array."],
  [check({ rng: { rng: 0 } }), "f: rng is 0, expected a random generator, such as new Rng(0)."],
  [
    check({ "{ x, edges }": { graph: { x: 1 } } }),
    "f: graph is a record of x without edges, expected a record { x, edges }.",
  ],
  [
    check({ "{ x, edges }[]": { graphs: null } }),
    "f: graphs is null, expected an array, of which each is a record { x, edges }.",
  ],
])("%#: another kind is refused, with what came and what was expected", (call, message) => {
  expect(call).toThrow(new StructError(message));
});

test("the first that is wrong is named", () => {
  expect(check({ function: { score: Math.max }, tensor: { x: 1, y: 2 } })).toThrow("f: x is 1");
});

test("a kind that does not exist does not compile", () => {
  // @ts-expect-error a misspelt kind
  expect(check({ tensr: { x: 1 } })).toThrow();
});
