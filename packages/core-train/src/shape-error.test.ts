import { checkShape, ShapeError } from "@pellucid/core-train";
import { zeros } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const x = zeros([2, 3, 4]);

test.each([
  [[2, 3, 4]],
  [["batch", "time", 4]],
  [["...", 4]],
  [["...", 3, "feature"]],
  [["...", "batch", 3, 4]],
  [["..."]],
])("[2, 3, 4] fits %j", (expected) => {
  expect(() => checkShape("f", "x", x, expected)).not.toThrow();
});

test.each([[[2, 3]], [[2, 3, 5]], [["batch", 4]], [["...", 3]], [["...", 1, 2, 3, 4]]])(
  "[2, 3, 4] does not fit %j",
  (expected) => {
    expect(() => checkShape("f", "x", x, expected)).toThrow(ShapeError);
  },
);

test("the error says who, what came, what was expected, and what to do", () => {
  const complain = () => checkShape("Linear(4, 2)", "x", x, ["batch", 4], "Flatten it.");
  expect(complain).toThrow(new ShapeError("Linear(4, 2): x is [2, 3, 4], expected [batch, 4]. Flatten it."));
  expect(complain).toThrow(RangeError);
  expect(new ShapeError("").name).toBe("ShapeError");
});
