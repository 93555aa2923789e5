import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/node-embeddings.ts";
import source from "../../stories/programs/node-embeddings.ts?raw";

const meta: Meta<Options> = {
  title: "Graphs/Node embeddings",
  argTypes: { epochs: range(5, 200, 5), learningRate: range(0.005, 0.1, 0.005), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How does a graph network take two groups apart, of which it knows one member each?",
        formula:
          "position of a member = D^(−½) (A + I) D^(−½) X W₁ + b₁, the hidden layer of a GCN with two features   (Kipf and Welling, 2017)",
        caveats:
          "Neighbors are close before anything is learned, since they average the same features. Axes are fitted to the picture of each epoch, so distances of different epochs cannot be compared. Who is between the groups has friends in both.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ right }) => ({
          facts: { first: Number(right[0]), last: Number(right.at(-1)) },
          answer: `From the labels of the two leaders (ringed), ${right.at(-1)} of 34 members are put into the group that they joined after the split; before training it was ${right[0]}.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The members by epochs. */
export const Epochs: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["last"])).toBeGreaterThanOrEqual(31);
    await expect(leaked).toBe(0);
  },
};
