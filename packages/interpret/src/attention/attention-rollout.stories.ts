import type { Meta, StoryObj } from "@storybook/html-vite";
import { attentionMaps } from "@pellucid/transformer";
import { dispose, type Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { take } from "../../stories/measures.ts";
import { gptReader } from "../../stories/nets/plays-reader.ts";
import { answerOf } from "../../stories/frame.ts";
import { textLab } from "../../stories/text-lab.ts";
import { attentionFlow } from "./attention-flow.ts";
import { attentionRollout } from "./attention-rollout.ts";
import { colorScale } from "../draw/color-scale.ts";
import { heatmap } from "../draw/heatmap.ts";
import { visible } from "../draw/tokens.ts";

interface Args {
  view: "heads" | "rollout" | "flow";
  layer: number;
}

const views = {
  heads: "A = softmax(Q Kᵀ / √d), one for each head   (Vaswani et al., 2017)",
  rollout: "Ãₗ = (mean of heads + I) / 2;  rollout = Ã₂ Ã₁   (Abnar and Zuidema, 2020)",
  flow: "the greatest flow through pipes as wide as Ãₗ   (Abnar and Zuidema, 2020)",
} as const;

const codes: Readonly<Record<keyof typeof views, (layer: number) => string>> = {
  heads: (
    layer,
  ) => `const { data, shape } = exampleOf(await readValues(maps[${layer - 1}]!)); // [head, position, position]
const heads = Array.from({ length: shape[0]! }, (_, head) => Array.from(data).slice(head * n * n, (head + 1) * n * n));
const scale = colorScale(heads, { signed: false }); // one for all heads
heads.forEach((head, i) => draw(\`Layer ${layer}, head \${i + 1}\`, head, scale));`,
  rollout: () => `import { attentionRollout } from "@pellucid/interpret";
draw("Rolled out over both layers", (await readValues(attentionRollout(maps))).data);`,
  flow: () => `import { attentionFlow } from "@pellucid/interpret";
draw("How much could flow", (await attentionFlow(maps)).data);`,
};

const meta: Meta<Args> = {
  title: "Attention/Rollout and flow",
  argTypes: { view: choice(Object.keys(views)), layer: { ...range(1, 2), if: { arg: "view", eq: "heads" } } },
  args: { view: "heads", layer: 1 },
  render: ({ view, layer }, { id }) =>
    textLab(
      {
        question: "Which positions does each character attend to?",
        formula: `${views[view]}. A row is a character that looks, a column one that is looked at.`,
        caveats:
          "Where a head looks is not yet what it takes from there: the values may be small, or cancel out in the layers above. Rollout and flow know weights alone, and give the residual connection a weight of one half.",
        reader: gptReader,
        text: "To be, or not to",
        code: `import { type ColorScale, ${view === "heads" ? "colorScale, exampleOf, " : ""}heatmap${view === "flow" ? "" : ", readValues"} } from "@pellucid/interpret/draw";
import { attentionMaps } from "@pellucid/transformer";
import { tensor2d } from "@tensorflow/tfjs-core";
import { characters } from "./plays.ts";

const n = text.length;
const ids = tensor2d(characters.encode(text), [1, n], "int32");
const maps = Object.values(attentionMaps(net, () => net.forward(ids)));
const names = { rowNames: [...text], columnNames: [...text] };
const draw = (title: string, data: ArrayLike<number>, scale?: ColorScale) => {
  const options = { ...names, title, signed: false, width: Math.min(20 * n, 420), ...(scale && { scale }) };
  document.body.append(heatmap({ data, shape: [n, n] }, options));
};
${codes[view](layer)}`,
        run: async ({ net, texts, tokens }) => {
          const maps: Tensor4D[] = Object.values(attentionMaps(net, () => net.forward(tokens)));
          const n = texts.length;
          const names = texts.map(visible);
          const options = {
            rowNames: texts,
            columnNames: texts,
            signed: false,
            width: Math.min(20 * n, 420),
          };
          const drawn = async (): Promise<readonly (readonly [title: string, data: Float32Array])[]> => {
            if (view === "flow") return [["How much could flow", (await attentionFlow(maps)).data]];
            if (view === "rollout")
              return [["Rolled out over both layers", await take(attentionRollout(maps))]];
            const data = Float32Array.from(await (maps[layer - 1] as Tensor4D).data());
            return [0, 1, 2, 3].map((head) => [
              `Layer ${layer}, head ${head + 1}`,
              data.subarray(head * n * n, (head + 1) * n * n),
            ]);
          };
          const all = await drawn();
          dispose(maps);
          const scale = colorScale(
            all.map(([, data]) => data),
            { signed: false },
          );
          const sums = all.flatMap(([, data]) =>
            names.map((_, row) =>
              data.subarray(row * n, (row + 1) * n).reduce((sum, value) => sum + value, 0),
            ),
          );
          const ahead = Math.max(
            ...all.flatMap(([, data]) => [...data].filter((_, i) => i % n > Math.floor(i / n))),
          );
          const lastRow = all.map(([, data]) => data.subarray((n - 1) * n, n * n));
          const where = (row: Float32Array) => row.indexOf(Math.max(...row));
          const most = lastRow.map((row) => `“${names[where(row)]}” in position ${where(row) + 1}`);
          return {
            pictures: all.map(([title, data]) =>
              heatmap({ data, shape: [n, n] }, { ...options, title, scale }),
            ),
            facts: {
              least: Math.min(...sums),
              largest: Math.max(...sums),
              ahead,
              maps: all.length,
              previous: Math.max(...all.map(([, data]) => meanOfPrevious(data, n))),
            },
            answer: `The last character, “${names.at(-1)}”, looks most at ${most.join("; ")}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** The mean weight on the character just before. */
function meanOfPrevious(map: Float32Array, n: number): number {
  let total = 0;
  for (let row = 1; row < n; row++) total += map[row * n + row - 1] as number;
  return total / (n - 1);
}

/** Where does each head look? One of them at the character just before. */
export const Heads: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["maps"]).toBe(4);
    await expect(Math.abs(Number(facts["least"]) - 1)).toBeLessThan(1e-4); // each row is shared out among what came before
    await expect(facts["ahead"]).toBeLessThan(1e-6); // and nothing looks ahead
    await expect(Number(facts["previous"])).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};

/** And through both layers? Still nothing of what comes later. */
export const Rollout: Story = {
  args: { view: "rollout" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Math.abs(Number(facts["least"]) - 1)).toBeLessThan(1e-4);
    await expect(facts["ahead"]).toBeLessThan(1e-6);
    await expect(leaked).toBe(0);
  },
};

/** How much could flow from each character? At least what rollout lets through. */
export const Flow: Story = {
  args: { view: "flow" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["least"])).toBeGreaterThanOrEqual(1 - 1e-4);
    await expect(facts["ahead"]).toBeLessThan(1e-6);
    await expect(leaked).toBe(0);
  },
};
