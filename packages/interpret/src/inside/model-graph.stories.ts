import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { graph } from "../draw/graph.ts";
import { modelGraph } from "./model-graph.ts";

interface Args {
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Inside the model/Model graph",
  argTypes: { net: controls.net },
  args: { net: "shapes" },
  render: ({ net }, { id }) =>
    lab(
      {
        question: "How does data flow through the layers?",
        formula:
          "an arrow from layer A to layer B where the output of A reaches B without another layer between",
        caveats:
          "It is what one run did: a net that decides as it goes may go another way for another picture. What layers do not do (activations, sums, reshapes) is part of the arrows.",
        net,
        about: "net",
        code: ({
          title,
          shape: [height, width, colors],
        }) => `import { modelGraph } from "@pellucid/interpret";
import { graph } from "@pellucid/interpret/draw";
import { zeros } from "@tensorflow/tfjs-core";

document.body.append(graph(modelGraph(net, zeros([1, ${height}, ${width}, ${colors}])), { title: ${JSON.stringify(title)} }));`,
        run: ({ subject, net: model, image }) => {
          const found = modelGraph(model, image);
          const joins = found.nodes.filter((_, i) => found.edges.filter(([, to]) => to === i).length > 1);
          const learned = found.nodes.reduce((sum, { parameters }) => sum + parameters, 0);
          return Promise.resolve({
            pictures: [graph(found, { title: subject.title })],
            facts: { layers: found.nodes.length, joins: joins.length, learned },
            answer: `${found.nodes.length - 1} layers with ${learned.toLocaleString("en-US")} parameters; ${joins.length} of them are fed by more than one.`,
          });
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What feeds what in a residual net? After each block there are two ways in. */
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
