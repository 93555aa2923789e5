import { toFloat } from "@pellucid/core-train";
import { expect, test } from "vitest";

test("0 to 255 become 0 to 1", () => {
  const image = { data: new Uint8Array([0, 51, 255]), shape: [1, 3, 1] } as const;
  expect(toFloat(image)).toEqual({ data: new Float32Array([0, 0.2, 1]), shape: [1, 3, 1] });
});
