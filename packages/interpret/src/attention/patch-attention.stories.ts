import { attentionMaps, VisionTransformer } from "@pellucid/transformer";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { dispose, mean, reshape, slice, type Tensor4D, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import { attentionRollout } from "./attention-rollout.ts";
import { colorScale } from "../draw/color-scale.ts";
import { overlay } from "../draw/overlay.ts";
import { picture } from "../draw/picture.ts";

interface Args {
  view: "heads" | "rollout";
  layer?: number;
}

const meta: Meta<Args> = {
  title: "Attention/Vision transformer",
  argTypes: {
    view: choice(["heads", "rollout"]),
    layer: { ...range(1, 3), if: { arg: "view", eq: "heads" } },
  },
  args: { view: "rollout", layer: 3 },
  render: ({ view, layer = 3 }, { id }) =>
    lab(
      {
        question: "Which patches does the class look at?",
        formula:
          view === "heads"
            ? "A = softmax(Q Kᵀ / √d): the row of the class token, one for each head   (Dosovitskiy et al., 2021)"
            : "Ãₗ = (mean of heads + I) / 2;  rollout = Ã₃ Ã₂ Ã₁: the row of the class token   (Abnar and Zuidema, 2020)",
        caveats:
          "Attention says where values are taken from, not what they say: a patch can be looked at to find nothing there. After the first layer a position holds more than its own patch.",
        net: "vit",
        nets: ["vit"],
        code: () => `import { ${view === "heads" ? "colorScale, " : ""}exampleOf, overlay, readValues } from "@pellucid/interpret/draw";
import { attentionMaps } from "@pellucid/transformer";
import { ${view === "heads" ? "" : "expandDims, "}slice } from "@tensorflow/tfjs-core";

const maps = Object.values(attentionMaps(net, () => net.forward(images))); // of each layer, [1, head, 17, 17]
${
  view === "heads"
    ? `const heads = exampleOf(await readValues(slice(maps[${layer - 1}]!, [0, 0, 0, 1], [1, -1, 1, 16]))); // [head, 1, 16]
const scale = colorScale([heads.data], { signed: false }); // one for all heads
for (let head = 0; head < heads.shape[0]!; head++) {
  const { data } = exampleOf(heads, head); // what the class token takes from each patch
  const options = { title: \`Layer ${layer}, head \${head + 1}\`, scale, width: 224, opacity: 0.75 };
  document.body.append(overlay(image, { data, shape: [4, 4] }, options));
}`
    : `import { attentionRollout } from "@pellucid/interpret";
const rolled = expandDims(attentionRollout(maps), 1); // [1, 1, 17, 17]
const { data } = await readValues(slice(rolled, [0, 0, 0, 1], [1, 1, 1, 16])); // of the class token, to the patches
const options = { title: "Rolled out over three layers", signed: false, width: 224, opacity: 0.75 };
document.body.append(overlay(image, { data, shape: [4, 4] }, options));`
}`,
        run: async ({ net, image, pixels, subject }) => {
          if (!(net instanceof VisionTransformer)) throw new Error("This net has no patches.");
          const side = net.imageSize / net.patchSize;
          const count = side * side;
          const maps: Tensor4D[] = Object.values(attentionMaps(net, () => net.forward(image)));
          const toPatches = async (rows: Tensor4D): Promise<Float32Array> =>
            take(tidy(() => reshape(slice(rows, [0, 0, 0, 1], [1, rows.shape[1], 1, count]), [-1])));
          const rolled = attentionRollout(maps);
          const flat: Tensor4D = reshape(rolled, [1, 1, count + 1, count + 1]);
          const whole = await toPatches(flat);
          const shown = maps[layer - 1] as Tensor4D;
          const heads = await toPatches(shown);
          const mixed = mean(shown, 1, true) as Tensor4D;
          const ofLayer = await toPatches(mixed);
          dispose([rolled, flat, mixed, ...maps]);
          const seen = { data: pixels, shape: subject.shape };
          const views: readonly (readonly [title: string, data: Float32Array])[] =
            view === "rollout"
              ? [["Rolled out over three layers", whole]]
              : Array.from({ length: shown.shape[1] }, (_, head) => [
                  `Layer ${layer}, head ${head + 1}`,
                  heads.subarray(head * count, (head + 1) * count),
                ]);
          const scale = colorScale(
            views.map(([, data]) => data),
            { signed: false },
          );
          const map = view === "rollout" ? whole : ofLayer;
          const ink = inkOf(pixels, net.imageSize, net.patchSize, subject.inkFrom);
          const total = map.reduce((sum, value) => sum + value, 0);
          const onInk = map.reduce((sum, value, i) => sum + (ink[i] === true ? value : 0), 0) / total;
          const share = ink.filter(Boolean).length / count;
          return {
            pictures: [
              picture(seen, { title: "What the net sees", width: 224 }),
              ...views.map(([title, data]) =>
                overlay(seen, { data, shape: [side, side] }, { title, scale, width: 224, opacity: 0.75 }),
              ),
            ],
            facts: { total, onInk, share },
            answer: `${(100 * onInk).toFixed(0)} % of what the class takes from patches comes from those with ink, which are ${(100 * share).toFixed(0)} % of the picture.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Whether something is drawn in each patch. */
function inkOf(pixels: ArrayLike<number>, size: number, patch: number, inkFrom: number): boolean[] {
  const side = size / patch;
  return Array.from({ length: side * side }, (_, i) => {
    const [row, column] = [Math.floor(i / side) * patch, (i % side) * patch];
    return Array.from({ length: patch * patch }, (__, at) => {
      const pixel = (row + Math.floor(at / patch)) * size + column + (at % patch);
      return (pixels[pixel] as number) >= inkFrom;
    }).some(Boolean);
  });
}

/** Which patches does the class look at, through all layers? */
export const Rollout: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["total"])).toBeLessThan(1); // the rest is the class token's own
    await expect(Number(facts["total"])).toBeGreaterThan(0.3);
    await expect(Number(facts["onInk"])).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};

/** And each head of the last layer? */
export const Heads: Story = {
  args: { view: "heads" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["total"])).toBeLessThan(1);
    await expect(Number(facts["total"])).toBeGreaterThan(0.3);
    await expect(leaked).toBe(0);
  },
};
