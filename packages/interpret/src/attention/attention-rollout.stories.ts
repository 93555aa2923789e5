import { visible } from "@pellucid/interpret/draw";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { gptReader } from "../../stories/nets/plays-reader.ts";
import { options, type Options, program } from "../../stories/programs/attention-maps.ts";
import source from "../../stories/programs/attention-maps.ts?raw";
import { textLab } from "../../stories/text-lab.ts";
import { total } from "../../stories/total.ts";

const formulas: Readonly<Record<Options["view"], string>> = {
  heads: "A = softmax(Q Kᵀ / √d), one for each head   (Vaswani et al., 2017)",
  rollout: "Ãₗ = (mean of heads + I) / 2;  rollout = Ã₂ Ã₁   (Abnar and Zuidema, 2020)",
  flow: "the maximum flow through a network with capacities Ãₗ   (Abnar and Zuidema, 2020)",
};

const meta: Meta<Options> = {
  title: "Attention/Rollout and flow",
  argTypes: {
    text: { table: { disable: true } },
    view: choice(Object.keys(formulas)),
    layer: { ...range(1, 2), if: { arg: "view", eq: "heads" } },
  },
  args: options,
  render: (args, { id }) =>
    textLab(
      {
        question: "Which positions does each character attend to?",
        formula: `${formulas[args.view]}. A row is a character that attends, a column one that is attended to.`,
        caveats:
          "Where a head attends is not yet what it takes from there: the values may be small, or cancel out in the layers above. Rollout and flow use the attention weights alone, and give the residual connection a weight of one half.",
        reader: gptReader,
        program: { run: program, source },
        options: { ...options, ...args }, // Storybook leaves out what it hides
        report: ({ maps }, { texts }) => {
          const n = texts.length;
          const row = (map: Float32Array, i: number) => map.subarray(i * n, (i + 1) * n);
          const sums = maps.flatMap(({ data }) => texts.map((_, i) => total(row(data, i))));
          const later = maps.flatMap(({ data }) =>
            Array.from(data).filter((_, i) => i % n > Math.floor(i / n)),
          );
          const most = maps.map(({ data }) => {
            const last = row(data, n - 1);
            const at = last.indexOf(Math.max(...last));
            return `“${visible(String(texts[at]))}” at position ${at + 1}`;
          });
          return {
            facts: {
              least: Math.min(...sums),
              largest: Math.max(...sums),
              ahead: Math.max(...later),
              maps: maps.length,
              previous: Math.max(...maps.map(({ data }) => meanOfPrevious(data, n))),
            },
            answer: `The last character, “${visible(String(texts.at(-1)))}”, attends most to ${most.join("; ")}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The mean weight on the previous character. */
function meanOfPrevious(map: Float32Array, n: number): number {
  let sum = 0;
  for (let row = 1; row < n; row++) sum += Number(map[row * n + row - 1]);
  return sum / (n - 1);
}

/** One of the heads attends to the previous character. */
export const Heads: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["maps"]).toBe(4);
    await expect(Math.abs(Number(facts["least"]) - 1)).toBeLessThan(1e-4); // each row is a distribution over this and earlier characters
    await expect(facts["ahead"]).toBeLessThan(1e-6); // none attends to later ones
    await expect(Number(facts["previous"])).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};

/** Through both layers, still none attends to later characters. */
export const Rollout: Story = {
  args: { view: "rollout" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Math.abs(Number(facts["least"]) - 1)).toBeLessThan(1e-4);
    await expect(facts["ahead"]).toBeLessThan(1e-6);
    await expect(leaked).toBe(0);
  },
};

/** The flow from all characters is at least 1, as in rollout. */
export const Flow: Story = {
  args: { view: "flow" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["least"])).toBeGreaterThanOrEqual(1 - 1e-4);
    await expect(facts["ahead"]).toBeLessThan(1e-6);
    await expect(leaked).toBe(0);
  },
};
