import type { DtypeOf, TensorOf } from "@pellucid/core-train";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { expect, expectTypeOf, test } from "vitest";
import { parseOpInput } from "./op-input.ts";

test("an input declares dtypes and axes, to the compiler too", () => {
  expectTypeOf<DtypeOf<"int32[row]">>().toEqualTypeOf<"int32">();
  expectTypeOf<DtypeOf<"float32 | int32">>().toEqualTypeOf<"float32" | "int32">();
  expectTypeOf<TensorOf<"float32[batch, feature]">>().toEqualTypeOf<Tensor2D>();
  expect(parseOpInput("float32[batch, feature]")).toEqual({ dtypes: ["float32"], rank: 2 });
});
