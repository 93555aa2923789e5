import { expect, test } from "vitest";
import { formula } from "../../tools/site/formula.ts";

const of = (text: string) => formula(text)?.replace("<math><mrow>", "").replace("</mrow></math>", "");
const gap = '<mspace width="0.2em"></mspace>';

test.each([
  ["y = x W + b", `<mi>y</mi><mo>=</mo><mi>x</mi>${gap}<mi>W</mi><mo>+</mo><mi>b</mi>`],
  ["1 / √in", "<mfrac><mn>1</mn><msqrt><mi>in</mi></msqrt></mfrac>"],
  [
    "(x - mean) / √(variance + eps)",
    "<mfrac><mrow><mi>x</mi><mo>−</mo><mi>mean</mi></mrow><msqrt><mrow><mi>variance</mi><mo>+</mo><mi>eps</mi></mrow></msqrt></mfrac>",
  ],
  ["θ²", "<msup><mi>θ</mi><mn>2</mn></msup>"],
  ["w_k", "<msub><mi>w</mi><mi>k</mi></msub>"],
  ["a^(b + 1) · c", "<msup><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></msup><mo>·</mo><mi>c</mi>"],
  ["m̂ = m", "<mover><mi>m</mi><mo>^</mo></mover><mo>=</mo><mi>m</mi>"],
  ["∂ y / ∂ x", "<mfrac><mrow><mo>∂</mo><mi>y</mi></mrow><mrow><mo>∂</mo><mi>x</mi></mrow></mfrac>"],
  ["½ e²", `<mfrac><mn>1</mn><mn>2</mn></mfrac>${gap}<msup><mi>e</mi><mn>2</mn></msup>`],
  ["a < b", undefined],
])("%s", (text, mathml) => {
  expect(of(text)).toBe(mathml ?? "<mi>a</mi><mo>&lt;</mo><mi>b</mi>");
});

test("a division binds as in code: a / b · c is (a / b) · c", () => {
  expect(of("a / b · c")).toBe("<mfrac><mi>a</mi><mi>b</mi></mfrac><mo>·</mo><mi>c</mi>");
});

test.each([
  "[batch, height, width, channel]",
  "[head · channel]",
  "{ rng }",
  "exp_avg_sq",
  "torch.optim.Adam",
  "x => x",
  "new Rng(0)",
  "bias=False",
  "x",
  "a ) b = (",
  "(a = b",
  "√",
  "a = b /",
])("%s is not a formula", (text) => {
  expect(formula(text)).toBeUndefined();
});
