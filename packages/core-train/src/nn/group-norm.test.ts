import { GroupNorm, OptionError } from "@pellucid/core-train";
import { expect, test } from "vitest";

test("channels that cannot be split into the groups are refused", () => {
  expect(() => new GroupNorm(4, 6)).toThrow(
    new OptionError("GroupNorm", "numGroups", 4, "a divisor of 6 channels"),
  );
});
