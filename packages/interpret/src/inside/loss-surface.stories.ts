import { crossEntropy, Rng } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { type Tensor1D, tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { someCode } from "../../stories/some-code.ts";
import { curves } from "../draw/curves.ts";
import { heatmap } from "../draw/heatmap.ts";
import { lossSurface } from "./loss-surface.ts";

interface Args {
  reach: number;
  points: number;
  seed: number;
  net: SubjectName;
}

const count = 100;

const meta: Meta<Args> = {
  title: "Training/Loss surface",
  argTypes: { reach: range(0.25, 3, 0.25), points: range(5, 31, 2), seed: range(0, 9), net: controls.net },
  args: { reach: 1, points: 15, seed: 0, net: "digits" },
  render: ({ reach, points, seed, net }, { id }) =>
    lab(
      {
        question: "Is the minimum wide or narrow?",
        formula:
          "loss(w + a d₁ + b d₂), d random, each of its filters as long as the net's: d ← d / ‖d‖ ‖w‖   (Li et al., 2018, section 4)",
        caveats:
          "Two directions out of thousands: what looks like a bowl here may be a saddle in others. Pictures of surfaces of other losses, or without filters of the same length, cannot be compared with this one.",
        net,
        nets: ["digits", "mnist"],
        about: "net",
        code: ({ shape }) => `import { crossEntropy } from "@pellucid/core-train";
import { lossSurface } from "@pellucid/interpret";
import { heatmap } from "@pellucid/interpret/draw";
import { type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
${someCode(count, shape)}
const is = tensor1d(labels, "int32") as Tensor1D;
const loss = () => crossEntropy(net.forward(some), is);
const { losses } = await lossSurface(net, loss, { rng: new Rng(${seed}), reach: ${reach}, points: ${points} });
document.body.append(heatmap(losses, { title: "The loss around the weights", signed: false }));`,
        run: async ({ subject, net: model, signal, onProgress }) => {
          const { x, y } = (await subject.unseen()).gather(Int32Array.from({ length: count }, (_, i) => i));
          const images = tensor4d(x.data, [count, ...subject.shape]);
          const labels = tensor1d(y.data, "int32") as Tensor1D;
          try {
            const loss = () => crossEntropy(model.forward(images), labels);
            const { losses, at } = await lossSurface(model, loss, {
              rng: new Rng(seed),
              reach,
              points,
              signal,
              onProgress,
            });
            const middle = (points - 1) / 2;
            const row = losses.data.slice(middle * points, (middle + 1) * points);
            const column = Array.from(at, (_, i) => losses.data[i * points + middle] as number);
            const found = losses.data[middle * points + middle] as number;
            const border = losses.data.filter((_, i) => {
              const [down, right] = [Math.floor(i / points), i % points];
              return [0, points - 1].includes(down) || [0, points - 1].includes(right);
            });
            const far = border.reduce((a, b) => a + b, 0) / border.length;
            return {
              pictures: [
                heatmap(losses, { title: "The loss around the weights", signed: false }),
                curves(
                  { "first direction": column, "second direction": row },
                  { title: "Through the middle", x: at, xLabel: "part of a filter's length", yLabel: "loss" },
                ),
              ],
              facts: { found, far, least: Math.min(...losses.data) },
              answer: `Where training ended the loss of ${count} unseen pictures is ${found.toFixed(3)}, at the border of the map ${far.toFixed(2)} on average.`,
            };
          } finally {
            images.dispose();
            labels.dispose();
          }
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** Does the loss lie in a valley? All around it is higher. */
export const AroundAMinimum: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["found"]).toBeLessThan(0.3);
    await expect(facts["far"]).toBeGreaterThan(5 * Number(facts["found"]));
    await expect(facts["least"]).toBeGreaterThan(0.5 * Number(facts["found"])); // it is near the bottom, for unseen pictures too
    await expect(leaked).toBe(0);
  },
};
