import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/messages-of-a-network.ts";
import source from "../../stories/programs/messages-of-a-network.ts?raw";

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;

const meta: Meta<Options> = {
  title: "Graphs/Messages of a network",
  argTypes: { node: range(0, 33), epochs: range(5, 200, 5), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What does each neighbor send, and how does it become the answer?",
        formula:
          "lead of side 1 = Σ over j → i of (W₂ hⱼ)₁ − (W₂ hⱼ)₀, each over √(dᵢ dⱼ), + b₁ − b₀   (Kipf and Welling, 2017). Of the first layer, what W₂ makes of the node's active features.",
        caveats:
          "The messages are those of the trained network. In the last layer they add up to the answer; before the ReLU they do not, since a message may also decide which features are active. What is sent is not why: a neighbor passes on what it was sent itself.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ node, arrived, offset, lead, difference, right }) => {
          const terms = arrived
            .map((value, from) => ({ value, from }))
            .filter(({ value }) => value !== 0)
            .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
          const rest = terms.slice(4).reduce((sum, { value }) => sum + value, 0);
          return {
            facts: { difference, right, terms: terms.length },
            answer: `Node ${node} is put on side ${lead > 0 ? 1 : 0}: side 1 less side 0 is ${signed(lead)}, the sum of ${[
              ...terms
                .slice(0, 4)
                .map(({ value, from }) => `${signed(value)} from ${from === node ? "itself" : from}`),
              ...(terms.length > 4 ? [`${signed(rest)} from ${terms.length - 4} others`] : []),
              `${signed(offset)} bias`,
            ].join(", ")}. ${right} of 34 members are right.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The messages of the last layer add up to the answer. */
export const Messages: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["difference"])).toBeLessThan(1e-5);
    await expect(facts["terms"]).toBe(6); // five friends and itself
    await expect(Number(facts["right"])).toBeGreaterThanOrEqual(31);
    await expect(leaked).toBe(0);
  },
};
