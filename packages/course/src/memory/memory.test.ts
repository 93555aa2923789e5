// The memories of the page: the scan against one step of gradient descent at a time, what each rule recalls, and a stream in which there is nothing to learn.
import { useBackend } from "@pellucid/backends";
import { beforeAll, describe, expect, test } from "vitest";
import { byHand, mean, read, rules, stream, tested } from "./program.ts";

const usual = { rate: 0.9, kept: 0.9 };

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(() => useBackend({ only: backend }));

  test.each([0.1, 0.5, 1])("corrections at a rate of %d are steps of gradient descent", async (rate) => {
    const of = stream("changes");
    const answers = await read(of, "correct", { ...usual, rate });
    expect(answers.flat(2)).toBeAllclose(byHand(of, rate).flat(2), { rtol: 0, atol: 2e-6 });
  });
});

test("the memory that corrects recalls most, and after a change the one that only adds recalls least", async () => {
  const [add, forget, correct] = await Promise.all(rules.map((rule) => mean("changes", rule, usual)));
  expect(correct).toBeGreaterThan(0.85); // .92
  expect(forget).toBeGreaterThan((add ?? NaN) + 0.1); // .79
  expect(add).toBeLessThan(0.7); // .62
  expect(await mean("stays", "correct", usual)).toBeGreaterThan(0.9);
});

test.each(rules)(
  "where each digit is drawn anew, to %s is right no more often than one in eight",
  async (rule) => {
    expect(await mean("none", rule, usual)).toBeLessThan(0.2); // 376 guesses: 1/8 ± .017
  },
);

test("a letter that was just read is known without an error at a rate of 1", () => {
  const { keys } = stream("stays");
  const of = { keys, letter: Int32Array.of(2, 2, 2), digit: Int32Array.of(5, 5, 5) };
  const { right, error } = tested(of, byHand(of, 1));
  expect(right).toEqual([true, true]);
  expect(error).toBeAllclose([0, 0], { rtol: 0, atol: 1e-12 });
});
