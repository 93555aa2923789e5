import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/model-graph.ts";
import source from "../../stories/programs/model-graph.ts?raw";
import { total } from "../../stories/total.ts";

const meta: Meta<Options> = {
  title: "Inside the model/Model graph",
  argTypes: { net: controls.net },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How does data flow through the layers?",
        formula:
          "an arrow from layer A to layer B where the output of A reaches B without another layer between",
        caveats:
          "It shows one forward pass: a model whose path depends on its input may take another. What is not a layer (activation functions, sums, reshapes) is part of the arrows.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ nodes, edges }) => {
          const joins = nodes.filter((_, i) => edges.filter(([, to]) => to === i).length > 1).length;
          const learned = total(nodes.map(({ parameters }) => parameters));
          return {
            facts: { layers: nodes.length, joins, learned },
            answer: `${nodes.length - 1} layers with ${learned.toLocaleString("en-US")} parameters; ${joins} of them have more than one input.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** In a residual network, each block's end has two inputs. */
export const Residual: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["learned"]).toBe(77_782);
    await expect(facts["joins"]).toBeGreaterThanOrEqual(3);
    await expect(leaked).toBe(0);
  },
};

/** Without skip connections each layer feeds the next. */
export const Sequential: Story = {
  args: { net: "digits" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toEqual({ layers: 4, joins: 0, learned: 9930 });
    await expect(leaked).toBe(0);
  },
};
