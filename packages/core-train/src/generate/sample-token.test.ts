import { Rng, sampleToken, type SampleTokenOptions } from "@pellucid/core-train";
import { expect, test } from "vitest";

const logits = [1, 3, 2, 0].map((x) => x * Math.LN2); // probabilities 2 : 8 : 4 : 1

/** How often each token comes in 15,000 draws. */
function counts(options: SampleTokenOptions): number[] {
  const rng = new Rng(0);
  const found = logits.map(() => 0);
  for (let i = 0; i < 15_000; i++) {
    const token = sampleToken(logits, { ...options, rng });
    found[token] = (found[token] as number) + 1;
  }
  return found;
}

// four standard deviations of a count of 15,000 are 4 √(15,000 · ¼) = 245 at most
const near = (found: number[], expected: number[]) => {
  for (const [i, count] of found.entries())
    expect(Math.abs(count - (expected[i] as number))).toBeLessThan(245);
};

test("tokens are drawn with the probabilities of the softmax", () => {
  near(counts({}), [2000, 8000, 4000, 1000]);
});

test("half the temperature squares the probabilities", () => {
  near(
    counts({ temperature: 0.5 }),
    [4, 64, 16, 1].map((weight) => (15_000 * weight) / 85),
  );
});

test("topK leaves the most likely tokens, topP those whose probabilities reach it", () => {
  near(counts({ topK: 2 }), [0, 10_000, 5000, 0]);
  near(counts({ topP: 0.6 }), [0, 10_000, 5000, 0]); // 8/15 do not reach 0.6, 12/15 do
  near(counts({ topP: 0.5 }), [0, 15_000, 0, 0]);
  near(counts({ topK: 3, topP: 0.9 }), [2143, 8571, 4286, 0]); // 12/14 of what topK left do not reach 0.9
});

test("at temperature 0 the most likely token is taken without a draw, the first of equals", () => {
  expect(sampleToken(logits, { temperature: 0 })).toBe(1);
  expect(sampleToken([2, 5, 5], { temperature: 0 })).toBe(1);
});

test("the same seed draws the same", () => {
  const drawn = () => Array.from({ length: 20 }, (_, i) => sampleToken(logits, { rng: new Rng(i) }));
  expect(drawn()).toEqual(drawn());
});

// torch.multinomial raises for each
test.for([
  [[1, NaN, 2, 0.5], "logits[1] is NaN"],
  [[NaN, NaN], "logits[0] is NaN"],
  [[1, Infinity], "logits[1] is Infinity"],
  [[-Infinity, -Infinity], "every logit is -Infinity"],
] as const)("%o have no probabilities", ([values, message]) => {
  expect(() => sampleToken(values, { rng: new Rng(0) })).toThrow(`sampleToken: ${message}`);
});

test("a token with the logit -Infinity is never drawn", () => {
  const rng = new Rng(0);
  for (let i = 0; i < 100; i++) expect(sampleToken([-Infinity, 0, -Infinity], { rng })).toBe(1);
});

test("at temperature 0 a logit of NaN is refused too, and Infinity is the largest", () => {
  expect(() => sampleToken([1, NaN, 2], { temperature: 0 })).toThrow("sampleToken: logits[1] is NaN");
  expect(sampleToken([1, Infinity], { temperature: 0 })).toBe(1);
});

test.for([
  [{ temperature: -1 }, "sampleToken: temperature is -1, expected a number of 0 or more."],
  [{ topK: 0 }, "sampleToken: topK is 0, expected an integer above 0."],
  [{ topP: 0 }, "sampleToken: topP is 0, expected a probability above 0, up to 1."],
  [
    {},
    "sampleToken: rng is undefined, expected a random generator, or a temperature of 0, which draws nothing.",
  ],
] as const)("%o is refused", ([options, message]) => {
  expect(() => sampleToken(logits, options)).toThrow(message);
});
