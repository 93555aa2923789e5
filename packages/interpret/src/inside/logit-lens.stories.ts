import { softmax } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { concat, dispose, reshape, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { take } from "../../stories/measures.ts";
import { characters } from "../../stories/nets/plays.ts";
import { gptReader } from "../../stories/nets/plays-reader.ts";
import { answerOf } from "../../stories/frame.ts";
import { textLab } from "../../stories/text-lab.ts";
import { heatmap } from "../draw/heatmap.ts";
import { visible } from "../draw/tokens.ts";
import { logitLens } from "./logit-lens.ts";

const meta: Meta = {
  title: "Inside the model/Logit lens",
  render: (_, { id }) =>
    textLab(
      {
        question: "What would the model predict if it ended after each of its layers?",
        formula:
          "logits after layer l = head(norm(xₗ)), with the model's own last norm and head   (nostalgebraist, 2020)",
        caveats:
          "The head was trained on the output of the last layer. A guess that is missing below may be there in another form; a right one there may be changed on the way.",
        reader: gptReader,
        text: "I will not speak to the king",
        code: `import { softmax } from "@pellucid/core-train";
import { logitLens } from "@pellucid/interpret";
import { heatmap } from "@pellucid/interpret/draw";
import { argMax, max, tensor2d, type Tensor3D } from "@tensorflow/tfjs-core";
import { characters } from "./plays.ts";

const n = text.length;
const ids = tensor2d(characters.encode(text), [1, n], "int32");
const { h, lnF } = net.transformer;
const head = (x: Tensor3D) => net.logits(lnF.forward(x));
for (const [layer, logits] of logitLens(h, head, () => net.forward(ids)).entries()) {
  const [guesses, probabilities] = [await argMax(logits, 2).data(), await max(softmax(logits), 2).data()];
  const columnNames = [...text].map((letter, i) => \`\${letter}→\${characters.decode([guesses[i]!])}\`);
  const title = \`After layer \${layer + 1}: what was read → the most likely next, and its probability\`;
  const options = { columnNames, limit: 1, signed: false, width: 32 * n };
  document.body.append(heatmap({ data: probabilities, shape: [1, n] }, { title, ...options }));
}`,
        run: async ({ net, texts, tokens }) => {
          const { h, lnF } = net.transformer;
          const n = texts.length;
          const size = characters.size;
          const guesses = logitLens(
            h,
            (x) => net.logits(lnF.forward(x)),
            () => net.forward(tokens),
          );
          const probabilities = await take(
            tidy(() => concat(guesses.map((logits) => softmax(reshape(logits, [n, size]))))),
          );
          dispose(guesses);
          const own = await take(tidy(() => softmax(reshape(net.forward(tokens), [n, size]))));
          const layers = h.length;
          const bestAt = (i: number) => {
            const row = probabilities.subarray(i * size, (i + 1) * size);
            const best = row.indexOf(Math.max(...row));
            return [best, row[best] as number] as const;
          };
          const best = Array.from({ length: layers * n }, (_, i) => bestAt(i));
          const kept = Array.from({ length: n }, (_, i) => best[i]?.[0] === best[(layers - 1) * n + i]?.[0]);
          const offBy = Math.max(
            ...own.map((value, i) =>
              Math.abs(value - (probabilities[(layers - 1) * n * size + i] as number)),
            ),
          );
          const ids = await tokens.data();
          /** The mean probability of the character that does follow. */
          const given = (layer: number) => {
            let sum = 0;
            for (let at = 0; at + 1 < n; at++)
              sum += probabilities[(layer * n + at) * size + (ids[at + 1] as number)] as number;
            return sum / (n - 1);
          };
          return {
            pictures: Array.from({ length: layers }, (_, layer) =>
              heatmap(
                {
                  data: best.slice(layer * n, (layer + 1) * n).map(([, probability]) => probability),
                  shape: [1, n],
                },
                {
                  title: `After layer ${layer + 1}: what was read → the most likely next, and its probability`,
                  columnNames: best
                    .slice(layer * n, (layer + 1) * n)
                    .map(
                      ([token], i) => `${visible(texts[i] as string)}→${visible(characters.decode([token]))}`,
                    ),
                  limit: 1,
                  signed: false,
                  width: 32 * n,
                },
              ),
            ),
            facts: { offBy, first: given(0), last: given(layers - 1), kept: kept.filter(Boolean).length / n },
            answer: `To the character that does follow, the first layer gives ${(100 * given(0)).toFixed(0)} % on average, the last ${(100 * given(layers - 1)).toFixed(0)} %; ${kept.filter(Boolean).length} of ${n} guesses are there from the first on.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj;

/** What would it say after each layer? After the last, what it says. */
export const AfterEachLayer: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["offBy"]).toBeLessThan(1e-5);
    await expect(Number(facts["last"])).toBeGreaterThan(Number(facts["first"]));
    await expect(leaked).toBe(0);
  },
};
