import type { PellucidHeatmap, PellucidJsx } from "@pellucid/interpret/elements";
import { expectTypeOf, test } from "vitest";

test("elements are typed for JSX", () => {
  expectTypeOf<JSX.IntrinsicElements["pellucid-heatmap"]["data"]>().toEqualTypeOf<
    PellucidHeatmap["data"] | undefined
  >();
  expectTypeOf<PellucidJsx["pellucid-graph"]["label"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<keyof PellucidJsx>().toExtend<keyof HTMLElementTagNameMap>();
});
