import { expectTypeOf, test } from "vitest";
import { checkOptions } from "./check-options.ts";

interface Options {
  readonly rng: number;
  readonly bias?: boolean;
}
type Either = { readonly shuffle?: false } | { readonly shuffle?: boolean; readonly rng: number };

test("the names are those of the options type, no fewer and no more", () => {
  const options: Options = { rng: 0 };
  checkOptions("f", options, ["rng", "bias"]);
  // @ts-expect-error bias is missing
  checkOptions("f", options, ["rng"]);
  // @ts-expect-error there is no option lr
  checkOptions("f", options, ["rng", "bias", "lr"]);
  expectTypeOf(checkOptions<Options, "rng" | "bias">).returns.toBeVoid();
});

test("a union has the options of all its parts", () => {
  const options: Either = { rng: 0 };
  checkOptions("f", options, ["shuffle", "rng"]);
  // @ts-expect-error rng is missing
  checkOptions("f", options, ["shuffle"]);
});
