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
          "an arrow from A to B where the output of A reaches B without another layer or op between; round boxes are ops that are no layer: activations, additions, products",
        caveats:
          "It shows one forward pass: a model whose path depends on its input may take another. What only changes the shape is part of the arrows, and dropout, which does nothing here, is left out.",
        net: args.net,
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ nodes, edges }) => {
          const joins = nodes.filter((_, i) => edges.filter(([, to]) => to === i).length > 1).length;
          const layers = nodes.filter(({ role }) => role === "layer").length;
          const additions = nodes.filter(({ kind }) => kind === "add").length;
          const learned = total(nodes.map(({ parameters }) => parameters));
          return {
            facts: { layers, ops: nodes.length - layers - 1, additions, joins, learned },
            answer: `${layers} layers with ${learned.toLocaleString("en-US")} parameters, and ${nodes.length - layers - 1} ops between them. ${joins === 0 ? "Each has one input." : `${additions} of these are additions, where two branches meet.`}`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** In a residual network, each of the three blocks ends in an addition, which has two inputs. */
export const Residual: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["learned"]).toBe(77_782);
    await expect(facts["additions"]).toBe(3);
    await expect(facts["joins"]).toBe(3);
    await expect(leaked).toBe(0);
  },
};

/** Without skip connections each layer or op feeds the next. */
export const Sequential: Story = {
  args: { net: "digits" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts).toEqual({ layers: 3, ops: 3, additions: 0, joins: 0, learned: 9930 });
    await expect(leaked).toBe(0);
  },
};
