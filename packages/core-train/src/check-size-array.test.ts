import { checkSizeArray, OptionError } from "@pellucid/core-train";
import { expect, test } from "vitest";

const check = (sizes: unknown, count?: number, least?: number) => () =>
  checkSizeArray("f", "sizes", sizes, count, least);

test("an array of sizes passes, of any number or of the one that is expected", () => {
  expect(check([1])).not.toThrow();
  expect(check([3, 4, 5], 3)).not.toThrow();
  expect(check([0, 2], 2, 0)).not.toThrow();
});

test.each([
  [undefined, undefined, "f: sizes is undefined, expected an array of one or more integers."],
  [[], undefined, "f: sizes is an empty array, expected an array of one or more integers."],
  [7, 2, "f: sizes is 7, expected an array of 2 integers."],
  [[7], 2, "f: sizes is an array of 1, expected an array of 2 integers."],
  [[3, 0.5], 2, "f: sizes[1] is 0.5, expected an integer above 0."],
  [["3"], undefined, 'f: sizes[0] is "3", expected an integer above 0.'],
])("%o is refused, and the error says what was expected", (sizes, count, message) => {
  expect(check(sizes, count)).toThrow(OptionError);
  expect(check(sizes, count)).toThrow(message);
});
