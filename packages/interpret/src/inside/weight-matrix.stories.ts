import { abs, matMul, max } from "@pellucid/core-train";
import type { Meta, StoryObj } from "@storybook/html-vite";
import { add, sub, tidy, transpose } from "@tensorflow/tfjs-core";
import { expect } from "storybook/test";
import { controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { take } from "../../stories/measures.ts";
import { options, type Options, program } from "../../stories/programs/weight-matrix.ts";
import source from "../../stories/programs/weight-matrix.ts?raw";
import { weightMatrix } from "./weight-matrix.ts";

const meta: Meta<Options> = {
  title: "Inside the model/Weight matrices",
  argTypes: { net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which features are evidence for which class?",
        formula: "W of the last layer, [class, feature]: the logits are W h + b",
        caveats:
          "A large weight on a feature that is always 0 has no effect. Weights of other layers connect features that have no names.",
        net: args.net,
        nets: ["shapes", "mnist"],
        about: "net",
        program: { run: program, source },
        options: args,
        report: async ({ last, values }, { subject, net, image }) => {
          const [classes, features] = [Number(values.shape[0]), Number(values.shape[1])];
          const difference = tidy(() => {
            const logits = matMul(subject.features(image), transpose(weightMatrix(last))); // [1, class]
            return max(abs(sub(last.bias === null ? logits : add(logits, last.bias), net.forward(image))));
          });
          const [apart] = await take(difference);
          const sizes = Array.from(values.data, Math.abs);
          const largest = Math.max(...sizes);
          return {
            facts: { classes, features, apart: Number(apart) },
            answer: `${classes} classes weight ${features} features; the largest weight is ${largest.toFixed(2)}, for ${subject.classes[Math.floor(sizes.indexOf(largest) / features)]}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Which of 64 features are evidence for which shape. */
export const OfShapes: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["classes"]).toBe(6);
    await expect(facts["features"]).toBe(64);
    await expect(facts["apart"]).toBeLessThan(1e-4); // W h + b are the logits
    await expect(leaked).toBe(0);
  },
};
