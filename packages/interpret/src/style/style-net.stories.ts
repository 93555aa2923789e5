import { loadWeights, Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, take } from "../../stories/measures.ts";
import { randomFilters } from "../../stories/random-filters.ts";
import { shapes } from "../../stories/nets/shapes-net.ts";
import { texture, type TextureName, textures } from "../../stories/textures.ts";
import { curves } from "../draw/curves.ts";
import { picture } from "../draw/picture.ts";
import { styleDistance } from "./style-distance.ts";
import { StyleNet } from "./style-net.ts";
import { trainStyleNet } from "./train-style-net.ts";

interface Args {
  style: TextureName;
  content: number;
  steps: number;
}

const meta: Meta<Args> = {
  title: "Style/Fast style transfer",
  argTypes: {
    style: choice(Object.keys(textures)),
    content: range(0, 0.2, 0.01),
    steps: range(10, 300, 10),
  },
  args: { style: "waves", content: 0.12, steps: 60 },
  render: ({ style: name, content, steps }, { id }) =>
    lab(
      {
        question: "Can a network learn one style, so that one forward pass transfers it?",
        formula:
          "min over w of E over images x of Σ over layers mean (G(f_w(x)) − G(style))² + α ‖φ(f_w(x)) − φ(x)‖² / ‖φ(x)‖²   (Johnson, Alahi and Fei-Fei, 2016)",
        caveats:
          "The net has learned one style on pictures of one kind; of others it may make anything. It starts as one that copies pictures. In a lesson of seconds it learns the style's colors and how its edges look, hardly its pattern: where a picture is even it has nothing to make one of.",
        nets: ["shapes"],
        net: "shapes",
        example: 4,
        code: () => `import { StyleNet, styleDistance, trainStyleNet } from "@pellucid/interpret";
import { exampleOf, picture, readValues } from "@pellucid/interpret/draw";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { randomFilters } from "./random-filters.ts";
import { shapes } from "./shapes-net.ts";
import { texture } from "./textures.ts";

const { layers, run: look } = randomFilters(); // 24 each of sizes 3, 5, 7 and 11, never trained
const sample = tensor4d(texture("${name}").data, [1, 32, 32, 3]);
const { loss: style } = styleDistance(look, layers, [{ image: sample, weight: 1e5 }]);
const painter = new StyleNet({ rng: new Rng(0), channels: 8, blocks: 2 }); // which has learned to copy pictures
const copying = await fetch(new URL("./copying-painter.safetensors", import.meta.url));
loadWeights(painter, await copying.arrayBuffer());
const { data } = shapes(${4 * steps}, 0).train.load().images;
const fours = Array.from({ length: ${steps} }, (_, i) =>
  tensor4d(data.slice(i * 12288, (i + 1) * 12288), [4, 32, 32, 3]),
);
const content = { run: (x: Tensor4D) => net.forward(x), layer: net.layer1, weight: ${content} };
await trainStyleNet(painter, fours, { style, content, learningRate: 0.005 });
document.body.append(picture(exampleOf(await readValues(painter.forward(images))), { title: "Painted in one pass" }));`,
        run: async ({ subject, net: model, image, pixels, name: class_, signal, onProgress }) => {
          const { shape, layers } = subject;
          const layer = layers["layer1"] as (typeof layers)[string];
          const filters = randomFilters();
          const wanted = texture(name);
          const sample = tensor4d(wanted.data, [1, 32, 32, 3]);
          const style = styleDistance(filters.run, filters.layers, [{ image: sample, weight: 1e5 }]);
          const painter = new StyleNet({ rng: new Rng(0), channels: 8, blocks: 2 });
          const copying = await fetch(
            new URL("../../stories/nets/copying-painter.safetensors", import.meta.url),
          );
          loadWeights(painter, await copying.arrayBuffer());
          const losses: number[] = [];
          try {
            const before = (await take(style.loss(image)))[0] as number;
            await trainStyleNet(painter, fours(steps), {
              style: style.loss,
              content: { run: (x: Tensor4D) => model.forward(x), layer, weight: content },
              learningRate: 0.005,
              signal,
              onStep: (step, loss) => {
                losses.push(loss);
                onProgress(step + 1, steps);
              },
            });
            const start = performance.now();
            const painted = painter.forward(image);
            const after = (await take(style.loss(painted)))[0] as number;
            const data = await take(painted);
            const milliseconds = performance.now() - start;
            const similarity = correlation(brightness(data), brightness(pixels));
            return {
              pictures: [
                picture({ data: pixels, shape }, { title: `A ${class_}, not learned from`, width: 192 }),
                picture(wanted, { title: `The style: ${name}`, width: 192 }),
                picture({ data, shape }, { title: "Painted in one pass", width: 192 }),
                curves({ loss: losses }, { title: "The loss falls", yLabel: "style and content" }),
              ],
              facts: {
                before,
                after,
                similarity,
                first: losses[0] as number,
                last: losses.at(-1) as number,
              },
              answer: `In one pass of ${Math.round(milliseconds)} ms the distance in style fell to ${Math.round((100 * after) / before)} %; brightness is still alike by ${similarity.toFixed(2)}.`,
            };
          } finally {
            for (const held of [sample, style, painter, filters]) held.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Can a net learn to paint shapes in waves? */
export const Waves: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["last"]).toBeLessThan(0.8 * Number(facts["first"]));
    await expect(facts["after"]).toBeLessThan(0.7 * Number(facts["before"]));
    await expect(facts["similarity"]).toBeGreaterThan(0.25); // what is painted can still be seen
    await expect(leaked).toBe(0);
  },
};

/** Batches of four drawn shapes. */
function* fours(count: number): Generator<Tensor4D> {
  const { images } = shapes(4 * count, 0).train.load();
  const size = 4 * 32 * 32 * 3;
  for (let i = 0; i < count; i++) {
    const batch = tensor4d(images.data.slice(i * size, (i + 1) * size), [4, 32, 32, 3]);
    try {
      yield batch;
    } finally {
      batch.dispose();
    }
  }
}

const brightness = (data: Float32Array): number[] =>
  Array.from(
    { length: data.length / 3 },
    (_, i) => data.subarray(3 * i, 3 * i + 3).reduce((a, b) => a + b, 0) / 3,
  );
