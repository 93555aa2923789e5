import { abs, capture, type Layer, matMul, max } from "@pellucid/core-train";
import { hiddenAttention, Mamba, selectiveScan } from "@pellucid/mamba";
import type { Meta, StoryObj } from "@storybook/html-vite";
import {
  dispose,
  expandDims,
  mean,
  squeeze,
  sub,
  type Tensor3D,
  tidy,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { take } from "../../stories/measures.ts";
import { mambaReader } from "../../stories/nets/plays-reader.ts";
import { answerOf } from "../../stories/frame.ts";
import { textLab } from "../../stories/text-lab.ts";
import { heatmap } from "../draw/heatmap.ts";

interface Args {
  layer: number;
  channels: number;
}

const meta: Meta<Args> = {
  title: "Attention/Hidden attention of Mamba",
  argTypes: { layer: range(1, 2), channels: range(0, 4) },
  args: { layer: 1, channels: 2 },
  render: ({ layer, channels }, { id }) =>
    textLab(
      {
        question: "Where does a net look that has no attention?",
        formula:
          "y = α u with α[i, j] = Σ C[i] exp(A (Δ[j + 1] + … + Δ[i])) Δ[j] B[j]   (Ali, Zimerman and Wolf, 2024). A row is a character that is read, a column one that it takes from.",
        caveats:
          "These weights have signs and no sum; the mean of their sizes hides that channels undo each other. And u has already gone through a convolution over four characters, so a column stands for those before it too.",
        reader: mambaReader,
        text: "To be, or not to",
        code: `import { abs, capture, type Layer } from "@pellucid/core-train";
import { heatmap, readValues } from "@pellucid/interpret/draw";
import { hiddenAttention, Mamba } from "@pellucid/mamba";
import { mean, tensor2d, type Tensor3D } from "@tensorflow/tfjs-core";
import { characters } from "./plays.ts";

const n = text.length;
const ids = tensor2d(characters.encode(text), [1, n], "int32");
const { norm, mixer } = net.backbone.layers[${layer - 1}]!;
if (!(mixer instanceof Mamba)) throw new Error("This layer has no selective scan.");
const x = capture(norm as Layer<Tensor3D, Tensor3D>, () => net.forward(ids)); // what the mixer reads
const weights = hiddenAttention(mixer.scanInputs(x)); // [1, channel, character, character]
const { data } = await readValues(mean(abs(weights), [0, 1]));
const names = { rowNames: [...text], columnNames: [...text], width: Math.min(20 * n, 420) };
const title = \`Layer ${layer}: mean size over \${weights.shape[1]} channels\`;
document.body.append(heatmap({ data, shape: [n, n] }, { ...names, title, signed: false }));`,
        run: async ({ net, texts, tokens }) => {
          const n = texts.length;
          const block = net.backbone.layers[layer - 1];
          if (!(block?.mixer instanceof Mamba)) throw new Error("This layer has no selective scan.");
          const { norm, mixer } = block;
          const [weights, off, sizes] = tidy(() => {
            const x: Tensor3D = capture(norm as Layer<Tensor3D, Tensor3D>, () => net.forward(tokens));
            const inputs = mixer.scanInputs(x);
            const found = hiddenAttention(inputs); // [1, channel, time, time]
            const scanned = transpose(selectiveScan(inputs).output, [0, 2, 1]); // [1, channel, time]
            const read = expandDims(transpose(inputs.u, [0, 2, 1]), 3); // [1, channel, time, 1]
            const summed = squeeze(matMul(found, read), [3]);
            return [found, max(abs(sub(summed, scanned))), mean(abs(found), [0, 1])];
          });
          const all = await take(sizes);
          const each = Float32Array.from(await weights.data());
          const [apart] = await off.data();
          dispose([weights, off]);
          const options = { rowNames: texts, columnNames: texts, width: Math.min(20 * n, 420) };
          const reach = (map: Float32Array) => {
            let [sum, far] = [0, 0];
            for (const [i, value] of map.entries()) {
              sum += Math.abs(value);
              far += Math.abs(value) * (Math.floor(i / n) - (i % n));
            }
            return far / sum;
          };
          const total = each.length / (n * n);
          const channel = (c: number) => each.subarray(c * n * n, (c + 1) * n * n);
          const byReach = Array.from({ length: total }, (_, c) => c).toSorted(
            (a, b) => reach(channel(b)) - reach(channel(a)),
          );
          const chosen = Array.from({ length: channels }, (_, i) =>
            i % 2 === 0 ? byReach[i / 2] : byReach.at(-(i + 1) / 2),
          ) as number[];
          const ahead = Math.max(
            ...[...each].filter((_, i) => i % n > Math.floor((i % (n * n)) / n)).map(Math.abs),
          );
          const [farthest, nearest] = [byReach[0], byReach.at(-1)].map((c) => reach(channel(c as number)));
          return {
            pictures: [
              heatmap(
                { data: all, shape: [n, n] },
                { ...options, title: `Layer ${layer}: mean size over ${total} channels`, signed: false },
              ),
              ...chosen.map((c) =>
                heatmap(
                  { data: channel(c), shape: [n, n] },
                  {
                    ...options,
                    title: `Channel ${c}, which looks ${reach(channel(c)).toFixed(1)} characters back`,
                    signed: true,
                  },
                ),
              ),
            ],
            facts: {
              apart: apart as number,
              ahead,
              farthest: farthest as number,
              nearest: nearest as number,
            },
            answer: `On average a character takes from ${reach(all).toFixed(1)} characters back; the channel with the longest time constant from ${(farthest as number).toFixed(1)}, the one that forgets soonest from ${(nearest as number).toFixed(1)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Where does a net look that has no attention? The weights found are those that its scan amounts to. */
export const FirstLayer: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["apart"]).toBeLessThan(1e-4); // weights times inputs are the output of the scan
    await expect(facts["ahead"]).toBe(0);
    await expect(Number(facts["farthest"])).toBeGreaterThan(2 * Number(facts["nearest"])); // channels forget at their own pace
    await expect(leaked).toBe(0);
  },
};

/** And in the second layer? */
export const SecondLayer: Story = {
  args: { layer: 2 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["apart"]).toBeLessThan(1e-4);
    await expect(facts["ahead"]).toBe(0);
    await expect(leaked).toBe(0);
  },
};
