import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/latent-walk.ts";
import source from "../../stories/programs/latent-walk.ts?raw";

const meta: Meta<Options> = {
  title: "Generative models/Latent walk",
  argTypes: {
    from: range(0, 9),
    to: range(0, 9),
    steps: range(3, 12),
    feature: range(0, 7),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Where in the latent space does one digit become another?",
        formula:
          "z(s) = (1 − s) μ(a) + s μ(b), the image is the decoder's;  arithmetic: z + μ(b) − μ(a)   (Kingma and Welling, 2013; White, 2016)",
        caveats:
          "Mean codes of a class need not look like one of its members, and a straight line may cross codes that no example has. The classifier was not trained on images between digits: where it changes its mind is its border, not the autoencoder's. What a number of a code means depends on the seed.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ walk, arithmetic }) => {
          const turn = walk.findIndex((digit) => digit !== walk[0]);
          const digits = walk.filter((digit, i) => digit !== walk[i - 1]);
          const changed = arithmetic.filter((digit) => digit === args.to).length / arithmetic.length;
          return {
            facts: { first: walk[0] ?? NaN, last: walk.at(-1) ?? NaN, turn, changed },
            answer:
              turn === -1
                ? `The classifier predicts ${walk[0]} all along the way.`
                : `On the way the classifier predicts ${digits.join(", then ")}; the first change is at step ${turn + 1} of ${walk.length}. Of ${arithmetic.length} ${args.from}s that were moved by the difference of the mean codes, ${Math.round(changed * arithmetic.length)} are predicted as ${args.to}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A four becomes a nine. */
export const FourToNine: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["first"]).toBe(4);
    await expect(facts["last"]).toBe(9);
    await expect(facts["turn"]).toBeGreaterThan(0);
    await expect(facts["changed"]).toBeGreaterThan(0.4); // 0.1 at random
    await expect(leaked).toBe(0);
  },
};

/** A zero becomes a one. */
export const ZeroToOne: Story = {
  args: { from: 0, to: 1 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect([facts["first"], facts["last"]]).toEqual([0, 1]);
    await expect(leaked).toBe(0);
  },
};
