import { abs, capture, type Layer, matMul, max } from "@pellucid/core-train";
import { Mamba, type MambaLm, hiddenAttention, selectiveScan } from "@pellucid/mamba";
import type { Meta, StoryObj } from "@storybook/html-vite";
import {
  expandDims,
  squeeze,
  sub,
  type Tensor2D,
  type Tensor3D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { take } from "../../stories/measures.ts";
import { mambaReader } from "../../stories/nets/plays-reader.ts";
import { options, type Options, program } from "../../stories/programs/hidden-attention.ts";
import source from "../../stories/programs/hidden-attention.ts?raw";
import { textLab } from "../../stories/text-lab.ts";

const meta: Meta<Options> = {
  title: "Attention/Hidden attention of Mamba",
  argTypes: { text: { table: { disable: true } }, layer: range(1, 2), channels: range(0, 4) },
  args: options,
  render: (args, { id }) =>
    textLab(
      {
        question: "Where does a model attend that has no attention?",
        formula:
          "y = α u with α[i, j] = Σ C[i] exp(A (Δ[j + 1] + … + Δ[i])) Δ[j] B[j]   (Ali, Zimerman and Wolf, 2024). A row is a character that is read, a column one that it takes from.",
        caveats:
          "These weights have signs and no fixed sum; the mean of their sizes hides that channels cancel. And u has already gone through a convolution over four characters, so a column stands for those before it too.",
        reader: mambaReader,
        program: { run: program, source },
        options: args,
        report: async ({ maps, reach }, { net, texts, tokens }) => {
          const n = texts.length;
          const later = maps.flatMap(({ data }) => data.filter((_, i) => i % n > Math.floor(i / n)));
          const [farthest, nearest] = [Number(maps[0]?.reach), Number(maps.at(-1)?.reach)];
          return {
            facts: {
              apart: await differenceFromScan(net, tokens, args.layer),
              ahead: Math.max(...later.map(Math.abs)),
              farthest,
              nearest,
            },
            answer: `On average a character takes from ${reach.toFixed(1)} characters back; the channel with the longest reach from ${farthest.toFixed(1)}, the one with the shortest from ${nearest.toFixed(1)}.`,
          };
        },
      },
      id,
    ),
};

/** The largest difference between the weights times the inputs and the output of the scan. */
async function differenceFromScan(net: MambaLm, tokens: Tensor2D, layer: number): Promise<number> {
  const { norm, mixer } = net.backbone.layers[layer - 1] ?? {};
  if (!(mixer instanceof Mamba)) throw new RangeError(`The net has no selective scan in layer ${layer}.`);
  const difference = tidy(() => {
    const inputs = mixer.scanInputs(capture(norm as Layer<Tensor3D, Tensor3D>, () => net.forward(tokens)));
    const scanned = transpose(selectiveScan(inputs).output, [0, 2, 1]); // [1, channel, time]
    const read = expandDims(transpose(inputs.u, [0, 2, 1]), 3); //          [1, channel, time, 1]
    return max(abs(sub(squeeze(matMul(hiddenAttention(inputs), read), [3]), scanned)));
  });
  return Number((await take(difference))[0]);
}
export default meta;

type Story = StoryObj<Options>;

/** The weights found amount to the scan. */
export const FirstLayer: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["apart"]).toBeLessThan(1e-4); // weights times inputs are the output of the scan
    await expect(facts["ahead"]).toBe(0);
    await expect(Number(facts["farthest"])).toBeGreaterThan(2 * Number(facts["nearest"])); // channels forget at different rates
    await expect(leaked).toBe(0);
  },
};

/** The second layer. */
export const SecondLayer: Story = {
  args: { layer: 2 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["apart"]).toBeLessThan(1e-4);
    await expect(facts["ahead"]).toBe(0);
    await expect(leaked).toBe(0);
  },
};
