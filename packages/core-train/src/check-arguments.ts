import { checkRecord } from "./check-record.ts";
import { checkTensor, found } from "./check-tensor.ts";
import { StructError } from "./struct/struct-error.ts";

const has = (x: unknown, ...names: string[]) =>
  names.every((name) => typeof (Object(x) as Record<string, unknown>)[name] === "function");

/** What an argument can be: how an error calls it, and whether a value is one. */
const kinds = {
  tensor: ["a tensor", () => true],
  module: ["a module", (x) => has(x, "namedModules", "slots")],
  function: ["a function", (x) => typeof x === "function"],
  text: ["a text", (x) => typeof x === "string"],
  number: ["a number", (x) => typeof x === "number"],
  size: ["an integer of 0 or more", (x) => Number.isSafeInteger(x) && Number(x) >= 0],
  numbers: ["an array of numbers", (x) => ArrayBuffer.isView(x) || isArrayOf("number", x)],
  array: ["an array", Array.isArray],
  record: ["a record", (x) => typeof x === "object" && x !== null && !Array.isArray(x)],
  iterable: ["something to iterate over", isIterable],
  bytes: ["a Uint8Array", (x) => x instanceof Uint8Array],
  rng: ["a random generator, such as new Rng(0)", (x) => has(x, "bernoulli", "skipNormal")],
} satisfies Record<string, readonly [expected: string, holds: (x: unknown) => boolean]>;

/** A kind of argument by name, or the fields that a record must have: `{ x, edges }`. */
type Kind = keyof typeof kinds | `{${string}}`;

/** Arguments by kind and name. `tensor?` may be left out, `tensor[]` is an array of them, `tensor+` an array of one or more. */
type ArgumentsByKind = {
  readonly [K in Kind | `${Kind}${"?" | "[]" | "+" | "[]?" | "+?"}`]?: Readonly<Record<string, unknown>>;
};

/**
 * The door of a public function: refuses arguments of another kind before anything is done. Options have {@link checkOptions}, numbers `checkSizes` and its
 * like, the axes of a tensor `checkShape`. Not for what runs in each step of a loop: an op checks its tensors where it is defined.
 *
 * ```ts
 * checkArguments("occlusion", { function: { score }, tensor: { x }, "text[]?": { classNames } });
 * checkArguments("gcnNorm", { "{ x, edges }": { graph } });
 * ```
 *
 * @throws {StructError} the first argument of another kind, with what came and what was expected
 */
export function checkArguments(caller: string, expected: ArgumentsByKind): void {
  for (const [kind, values] of Object.entries(Object(expected) as ArgumentsByKind)) {
    const [, one = "", many, optional] = partsOf(kind);
    for (const [name, value] of Object.entries(values ?? {})) {
      if (optional !== undefined && value === undefined) continue;
      if (many === undefined) checkOne(caller, name, value, one);
      else checkEach(caller, name, value, one, many === "+");
    }
  }
}

/** Kinds that were read: each is written in the source, so that they are few. */
const read = new Map<string, readonly string[]>();

function partsOf(kind: string): readonly (string | undefined)[] {
  const parts = read.get(kind) ?? /^(.*?)(\[\]|\+)?(\?)?$/.exec(kind) ?? [];
  read.set(kind, parts);
  return parts;
}

function checkOne(caller: string, name: string, value: unknown, kind: string): void {
  if (kind === "tensor") return checkTensor(caller, name, value);
  const known = kinds[kind as keyof typeof kinds];
  if (known === undefined) return checkRecord(caller, name, value, kind.match(/\w+/g) ?? []);
  const [expected, holds] = known;
  if (!holds(value)) throw new StructError(`${caller}: ${name} is ${found(value)}, expected ${expected}.`);
}

function checkEach(caller: string, name: string, values: unknown, kind: string, some: boolean): void {
  if (!Array.isArray(values) || (some && values.length === 0)) {
    const one = kinds[kind as keyof typeof kinds]?.[0] ?? `a record ${kind}`;
    throw new StructError(
      `${caller}: ${name} is ${found(values)}, expected an array${some ? " that is not empty" : ""}, of which each is ${one}.`,
    );
  }
  values.forEach((value, i) => checkOne(caller, `${name}[${i}]`, value, kind));
}

function isArrayOf(type: string, x: unknown): boolean {
  return Array.isArray(x) && x.every((each) => typeof each === type);
}

function isIterable(x: unknown): boolean {
  return typeof x === "object" && x !== null && (Symbol.iterator in x || Symbol.asyncIterator in x);
}
