import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/reconstruction.ts";
import source from "../../stories/programs/reconstruction.ts?raw";

const meta: Meta<Options> = {
  title: "Generative models/Reconstruction by few numbers",
  argTypes: { numbers: { control: "inline-radio", options: [1, 2, 4, 8] }, count: range(3, 12) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How few numbers describe a digit?",
        formula:
          "error = mean (x − decode(encode(x)))²;  PCA: decode(encode(x)) = μ + V Vᵀ (x − μ)   (Hinton and Salakhutdinov, 2006)",
        caveats:
          "The mean squared error prefers blurred images to sharp ones at the wrong position. The autoencoders are of one seed and one size; the components of PCA are the best linear code there is.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ linear, curved }) => {
          const passed = curved < linear;
          return {
            facts: { linear, curved, share: curved / linear },
            answer: `From ${args.numbers} ${args.numbers === 1 ? "number" : "numbers"} the autoencoder reconstructs unseen digits with ${percent(curved / linear)} of PCA's error: ${curved.toFixed(4)} and ${linear.toFixed(4)}.`,
            verdict: {
              passed,
              says: passed
                ? "The digits lie on a curved surface, which the autoencoder follows."
                : "Here a curved code is not better.",
            },
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Two numbers, on a curved surface or on a plane. */
export const TwoNumbers: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["share"]).toBeLessThan(0.75);
    await expect(leaked).toBe(0);
  },
};
