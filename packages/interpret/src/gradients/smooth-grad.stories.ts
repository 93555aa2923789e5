import type { Meta, StoryObj } from "@storybook/html-vite";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { seeded } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { perPlace } from "../../stories/pixel-map.ts";
import { classScore } from "../score/class-score.ts";
import { heatmap } from "../draw/heatmap.ts";
import { picture } from "../draw/picture.ts";
import type { Values } from "../draw/values.ts";
import { saliency } from "./saliency.ts";
import { smoothGrad } from "./smooth-grad.ts";

interface Args {
  samples: number;
  noise: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Which input matters/SmoothGrad",
  argTypes: { samples: range(1, 100), noise: range(0, 0.5, 0.05), net: controls.net },
  args: { samples: 25, noise: 0.15, net: "shapes" },
  render: ({ samples, noise, net }, { id }) =>
    lab(
      {
        question: "Does the gradient get calmer when it is averaged over noise?",
        formula:
          "mean over n of ∂score/∂x at x + ε,  ε ~ N(0, (noise · range of x)²)   (Smilkov et al., 2017)",
        caveats:
          "It is the gradient of a smoothed score, not of the score that the net gives. What is averaged away may have been true of this very picture.",
        net,
        code: () =>
          `import { classScore, smoothGrad } from "@pellucid/interpret";
import { exampleOf, heatmap, readValues } from "@pellucid/interpret/draw";
import { sum } from "@tensorflow/tfjs-core";

const smoothed = smoothGrad(classScore(net, target), { rng: new Rng(0), samples: ${samples}, noise: ${noise} });
const places = exampleOf(await readValues(sum(await smoothed(images), 3))); // one number for each place
document.body.append(heatmap(places, { title: "Mean over ${samples} noisy copies", signed: true }));`,
        run: async ({ subject, net: model, image, pixels, target, name, signal, onProgress }) => {
          const score = classScore<Tensor4D>(model, target);
          const rough = await perPlace(saliency(score)(image));
          const options = { rng: seeded(), samples, noise, signal, onProgress };
          const calm = await perPlace(await smoothGrad(score, options)(image));
          const [before, after] = [roughness(rough), roughness(calm)];
          return {
            pictures: [
              picture({ data: pixels, shape: subject.shape }, { title: "What the net sees", width: 224 }),
              heatmap(rough, { title: `Gradient for ${name}`, signed: true, width: 224 }),
              heatmap(calm, { title: `Mean over ${samples} noisy copies`, signed: true, width: 224 }),
            ],
            facts: { before, after },
            answer: `Neighbors differ by ${before.toFixed(2)} times a pixel's size in the gradient, by ${after.toFixed(2)} times in the mean.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Does the gradient get calmer when it is averaged over noise? */
export const Calmer: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeLessThan(Number(facts["before"]));
    await expect(leaked).toBe(0);
  },
};

/** Without noise it is the gradient itself. */
export const WithoutNoise: Story = {
  args: { noise: 0, samples: 2 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["after"]).toBeCloseTo(Number(facts["before"]), 4);
    await expect(leaked).toBe(0);
  },
};

/** The mean difference between neighbors, as a share of the mean size. */
function roughness({ data, shape }: Values): number {
  const [height, width] = shape as [number, number];
  let [differences, pairs, size] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = data[y * width + x] as number;
      size += Math.abs(here) / (height * width);
      if (x + 1 < width)
        [differences, pairs] = [
          differences + Math.abs(here - (data[y * width + x + 1] as number)),
          pairs + 1,
        ];
      if (y + 1 < height)
        [differences, pairs] = [
          differences + Math.abs(here - (data[(y + 1) * width + x] as number)),
          pairs + 1,
        ];
    }
  return differences / pairs / size;
}
