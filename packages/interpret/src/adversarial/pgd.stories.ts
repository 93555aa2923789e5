import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { choice, chosenInStory, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/attack.ts";
import source from "../../stories/programs/attack.ts?raw";

const formulas: Readonly<Record<Options["attack"], string>> = {
  fgsm: "x − ε sign(∂margin/∂x)   (Goodfellow et al., 2015)",
  pgd: "steps along sign(∂margin/∂x), each projected back to |δ| ≤ ε   (Madry et al., 2018)",
  minimalPerturbation: "to where the linearized margin is 0, repeatedly   (Moosavi-Dezfooli et al., 2016)",
};

const meta: Meta<Options> = {
  title: "Adversarial examples/Attacks",
  argTypes: {
    ...chosenInStory,
    attack: choice(Object.keys(formulas)),
    epsilon: range(0.01, 0.5, 0.01),
    towards: choice(["any other class", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "How small a perturbation changes the prediction?",
        formula: `margin = logit of the class − the largest other one;  ${formulas[args.attack]}`,
        caveats:
          "That an attack fails proves nothing: a better one may not. What fools a model need not fool people, nor another model.",
        net: args.net,
        program: { run: program, source },
        options: args,
        report: ({ margins, prediction, largest }, { name }) => ({
          facts: {
            fooled: prediction !== name,
            says: prediction,
            largest,
            before: Number(margins[0]),
            after: Number(margins.at(-1)),
          },
          answer: `The prediction changes from ${name} to ${prediction}; no pixel changes by more than ${largest.toFixed(3)}.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A small perturbation that changes the prediction to any other digit. */
export const Untargeted: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["before"]).toBeGreaterThan(0);
    await expect(facts["fooled"]).toBe(true);
    await expect(facts["largest"]).toBeLessThanOrEqual(0.2 + 1e-6);
    await expect(leaked).toBe(0);
  },
};

/** A perturbation towards an 8. */
export const Targeted: Story = {
  args: { towards: "8", net: "mnist", epsilon: 0.3 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["says"]).toBe("8");
    await expect(facts["largest"]).toBeLessThanOrEqual(0.3 + 1e-6);
    await expect(leaked).toBe(0);
  },
};

/** For a shape in color an invisible change is enough. */
export const InColor: Story = {
  args: { net: "shapes", epsilon: 0.05 },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["fooled"]).toBe(true);
    await expect(facts["largest"]).toBeLessThanOrEqual(0.05 + 1e-6);
    await expect(leaked).toBe(0);
  },
};

/** The smallest change that reaches the decision boundary. */
export const MinimalPerturbation: Story = {
  args: { attack: "minimalPerturbation" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["fooled"]).toBe(true);
    await expect(facts["after"]).toBeLessThan(0);
    await expect(leaked).toBe(0);
  },
};
