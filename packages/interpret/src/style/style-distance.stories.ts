import { capture, Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, mul, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, take } from "../../stories/measures.ts";
import { randomFilters } from "../../stories/random-filters.ts";
import { texture } from "../../stories/textures.ts";
import { curves } from "../draw/curves.ts";
import { picture } from "../draw/picture.ts";
import { featureDistance } from "../visualization/feature-distance.ts";
import { optimizeImage } from "../visualization/optimize-image.ts";
import { styleDistance } from "./style-distance.ts";

interface Args {
  spots: number;
  waves: number;
  content: number;
  steps: number;
}

const meta: Meta<Args> = {
  title: "Style/Neural style transfer",
  argTypes: {
    spots: range(0, 1, 0.05),
    waves: range(0, 1, 0.05),
    content: range(0, 1, 0.02),
    steps: range(20, 300, 20),
  },
  args: { spots: 0, waves: 1, content: 0.02, steps: 150 },
  render: ({ spots, waves, content, steps }, { id }) =>
    lab(
      {
        question: "Can an image keep its content and take the style of another?",
        formula:
          "min over x of α ‖φ(x) − φ(x₀)‖² / ‖φ(x₀)‖² + Σ over styles of β Σ over layers mean (G(x) − G(style))²   (Gatys, Ecker and Bethge, 2016)",
        caveats:
          "Style is here what random filters of four sizes see: colors, edges and their company; content is what the net's first block sees. What we would call style is more.",
        nets: ["shapes"],
        net: "shapes",
        code: () => `import { capture } from "@pellucid/core-train";
import { featureDistance, optimizeImage, styleDistance } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { add, mul, type Tensor1D, type Tensor4D, tensor4d, tidy } from "@tensorflow/tfjs-core";
import { randomFilters } from "./random-filters.ts";
import { texture } from "./textures.ts";

const { layers, run: look } = randomFilters(); // 24 each of sizes 3, 5, 7 and 11, never trained
const styles = [
  { image: tensor4d(texture("spots").data, [1, 32, 32, 3]), weight: 1e5 * ${spots} },
  { image: tensor4d(texture("waves").data, [1, 32, 32, 3]), weight: 1e5 * ${waves} },
];
const style = styleDistance(look, layers, styles); // weights may change between steps
const run = (x: Tensor4D) => net.forward(x);
const content = featureDistance(run, net.layer1, tidy(() => capture(net.layer1, () => run(images))));
const loss = (x: Tensor4D) => tidy(() => add<Tensor1D>(style.loss(x), mul(content(x), ${content})));
const how = { rng: new Rng(0), start: images, steps: ${steps}, learningRate: 0.1, bounded: true };
const painted = await optimizeImage(loss, how);
document.body.append(picture(exampleOf(await readValues(painted)), { title: "Painted" }));`,
        run: async ({ subject, net: model, image, pixels, name, signal, onProgress, show }) => {
          const { shape, layers } = subject;
          const layer1 = layers["layer1"] as (typeof layers)[string];
          const run = (x: Tensor4D) => model.forward(x);
          const [dotted, wavy] = [texture("spots"), texture("waves")];
          const styles = [
            { image: tensor4d(dotted.data, [1, 32, 32, 3]), weight: 1e5 * spots },
            { image: tensor4d(wavy.data, [1, 32, 32, 3]), weight: 1e5 * waves },
          ];
          const filters = randomFilters();
          const style = styleDistance(filters.run, filters.layers, styles);
          const target = tidy(() => capture(layer1, () => run(image)));
          try {
            const near = featureDistance(run, layer1, target);
            const loss = (x: Tensor4D) => tidy(() => add(style.loss(x), mul(near(x), content)));
            const before = (await take(style.loss(image)))[0] as number;
            const losses: number[] = [];
            const painted = await optimizeImage(loss, {
              rng: new Rng(0),
              start: image,
              steps,
              learningRate: 0.1,
              bounded: true,
              signal,
              onStep: (step, value, at) => {
                losses.push(value);
                onProgress(step + 1, steps);
                if (step % 20 === 0)
                  show(picture({ data: at.dataSync(), shape }, { title: `Step ${step}`, width: 224 }));
              },
            });
            const after = (await take(style.loss(painted)))[0] as number;
            const data = await take(painted);
            return {
              pictures: [
                picture({ data: pixels, shape }, { title: `A ${name}`, width: 192 }),
                ...(spots > 0 ? [picture(dotted, { title: `Spots, weight ${spots}`, width: 192 })] : []),
                ...(waves > 0 ? [picture(wavy, { title: `Waves, weight ${waves}`, width: 192 })] : []),
                picture({ data, shape }, { title: "Painted", width: 192 }),
                curves({ loss: losses }, { title: "The loss falls", yLabel: "style and content" }),
              ],
              facts: { before, after, similarity: correlation(data, pixels) },
              answer: `The distance in style fell to ${Math.round((100 * after) / before)} %; pixels are still alike by ${correlation(data, pixels).toFixed(2)}.`,
            };
          } finally {
            for (const { image: one } of styles) one.dispose();
            target.dispose();
            style.dispose();
            filters.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Can a star be made of waves? */
export const Waves: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeLessThan(0.5 * Number(facts["before"]));
    await expect(facts["similarity"]).toBeGreaterThan(0.2);
    await expect(leaked).toBe(0);
  },
};

/** And of waves and spots at once? */
export const TwoStyles: Story = {
  args: { spots: 0.5, waves: 0.5 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeLessThan(0.95 * Number(facts["before"])); // no picture has both Gram matrices
    await expect(leaked).toBe(0);
  },
};
