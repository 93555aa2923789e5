import { Rng } from "@pellucid/core-train";
import { tensor, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";

/** What nobody should pass: missing, wrong, not a number, huge, empty, foreign and disposed values. Made anew for each call. */
const hostile: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => NaN,
  "a negative number": () => -1,
  "a fraction": () => 1.5,
  "a huge number": () => Number.MAX_SAFE_INTEGER,
  "a word": () => "bogus",
  "an empty array": () => [],
  "an empty record": () => ({}),
  "a record of another library": () => ({ bogus: new Date(0) }),
  "a symbol": () => Symbol("bogus"),
  "a function that gives nothing": () => () => undefined,
  "an empty tensor": () => zeros([0, 2]),
  "a tensor of NaN": () => tensor2d([[NaN, NaN]]),
  "a tensor of texts": () => tensor(["bogus"]),
  "a tensor that was disposed of": () => {
    const x = tensor1d([1, 2]);
    x.dispose();
    return x;
  },
};

interface Position {
  readonly name: string;
  /** How many of the hostile values are put there: no tensors where sizes are expected. */
  readonly values: number;
  readonly put: (value: unknown, count: number) => unknown[];
}

/** Where a hostile value is, among others that would often do. */
const positions: readonly Position[] = [
  { name: "everywhere", values: 16, put: (value, count) => new Array<unknown>(count).fill(value) },
  { name: "after a tensor", values: 16, put: (value) => [matrix(), value] },
  { name: "before options", values: 7, put: (value) => [value, { rng: new Rng(0) }] },
  { name: "after a size", values: 7, put: (value) => [4, value, { rng: new Rng(0) }] },
];

const matrix = () =>
  tensor2d([
    [0.1, 0.2, 0.7],
    [0.5, 0.3, 0.2],
  ]);

/** All calls of a function that declares `count` parameters: the title of each, and what makes its arguments. */
export function* hostileArguments(
  count: number,
): Generator<{ readonly title: string; readonly make: () => unknown[] }> {
  yield { title: "nothing", make: () => [] };
  for (const { name, values, put } of positions)
    for (const [what, value] of Object.entries(hostile).slice(0, values))
      yield { title: `${what} ${name}`, make: () => put(value(), Math.max(1, count)) };
}
