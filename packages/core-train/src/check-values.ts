import { OptionError } from "./option-error.ts";

type Options = Readonly<Record<string, unknown>>;

/** Throws an {@link OptionError} unless every size is an integer of at least `least`. */
export function checkSizes(caller: string, sizes: Options, least = 1): void {
  const expected = least === 0 ? "an integer of 0 or more" : `an integer above ${least - 1}`;
  check(caller, sizes, expected, (n) => Number.isInteger(n) && n >= least);
  check(caller, sizes, "a size below 2⁴⁸", (n) => n < MOST);
}

/** No memory holds as much, and no count is exact for long. */
const MOST = 2 ** 48;

/** Throws an {@link OptionError} unless every option is an integer. */
export function checkIntegers(caller: string, options: Options): void {
  check(caller, options, "an integer", Number.isInteger);
}

/** Throws an {@link OptionError} unless every option is a probability. */
export function checkProbabilities(caller: string, options: Options): void {
  check(caller, options, "a probability, 0 to 1", (p) => p >= 0 && p <= 1);
}

/** Throws an {@link OptionError} unless every option is a finite number of 0 or more. */
export function checkNotNegative(caller: string, options: Options): void {
  check(caller, options, "a number of 0 or more", (n) => n >= 0 && n < Infinity);
}

/** Throws an {@link OptionError} unless every option is a finite number above 0. */
export function checkPositive(caller: string, options: Options): void {
  check(caller, options, "a number above 0", (n) => n > 0 && n < Infinity);
}

/** Throws an {@link OptionError} unless every option is a finite number. */
export function checkFinite(caller: string, options: Options): void {
  check(caller, options, "a finite number", Number.isFinite);
}

/** Throws an {@link OptionError} unless `value` is one of `choices`. */
export function checkChoice(
  caller: string,
  name: string,
  value: unknown,
  choices: readonly [unknown, ...unknown[]],
): void {
  if (!Array.isArray(choices)) throw new OptionError(caller, "choices", format(choices), "an array");
  if (choices.includes(value)) return;
  const words = choices.map(format);
  const expected = words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
  throw new OptionError(caller, name, format(value), `${expected}`);
}

/** Throws an {@link OptionError} unless there are options with a random generator. */
export function checkRng(caller: string, options: { readonly rng: unknown } | undefined | null): void {
  if (typeof options !== "object" || options === null)
    throw new OptionError(caller, "options", format(options), "options { rng }, such as { rng: new Rng(0) }");
  if (!isRng(options.rng))
    throw new OptionError(caller, "rng", format(options.rng), "a random generator, such as new Rng(0)");
}

/** By its methods: a bundle of a layer without randomness has no generator. */
function isRng(rng: unknown): boolean {
  return typeof rng === "object" && rng !== null && "bernoulli" in rng && "skipNormal" in rng;
}

function check(caller: string, options: Options, expected: string, holds: (n: number) => boolean): void {
  if (typeof options !== "object" || options === null)
    throw new OptionError(caller, "options", format(options), "an object");
  for (const [name, value] of Object.entries(options))
    if (typeof value !== "number" || !holds(value))
      throw new OptionError(caller, name, format(value), expected);
}

function format(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(format).join(", ")}]`;
  if (typeof value === "function") return `the function ${value.name}`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
