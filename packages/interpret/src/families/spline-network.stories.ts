import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, userEvent } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { options, type Options, program } from "../../stories/programs/spline-network.ts";
import source from "../../stories/programs/spline-network.ts?raw";

const meta: Meta<Options> = {
  title: "Families/Kolmogorov-Arnold network",
  argTypes: { hidden: range(1, 4), grid: range(3, 12), steps: range(4, 40), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Which formula did the network learn?",
        formula:
          "y[o] = Σ over i of φ[i, o](x[i]), each φ a sum of B-splines and x · sigmoid(x)   (Liu et al., 2024, equation 2.10)",
        caveats:
          "The data are those of exp(sin πx + y²). A curve says what an edge does for inputs that occur; beyond them it is arbitrary. That a function fits a curve does not make it the law: with other functions to choose from, another may fit as well. Some seeds end in a poor minimum.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ ofSplines, ofFormula, formula }) => ({
          facts: { ofSplines, ofFormula, formula },
          answer: `With splines the error is ${ofSplines.toExponential(1)}; with every edge locked, ${ofFormula.toExponential(1)}: ${readable(formula)}.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** A sine, a square and an exponential are found on three edges, and each can be locked. */
export const ThreeEdges: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["ofSplines"]).toBeLessThan(0.05);
    await expect(facts["ofFormula"]).toBeLessThan(0.05);
    for (const part of ["\\sin", "^{2}", "e^{"]) await expect(facts["formula"]).toContain(part);
    const edge = canvasElement.querySelector<SVGElement>('g[role="button"]');
    edge?.focus();
    await userEvent.keyboard("{Enter}");
    await expect(edge?.getAttribute("aria-pressed")).toBe("true");
    await expect(canvasElement.textContent).toContain("Locked to");
    await userEvent.keyboard("{Enter}");
    await expect(edge?.getAttribute("aria-pressed")).toBe("false");
    edge?.blur();
    await expect(leaked).toBe(0);
  },
};

/** A formula in LaTeX as a line of text. */
function readable(latex: string): string {
  return latex
    .replaceAll(/\\left|\\right/g, "")
    .replaceAll(/\\(?=[a-z])/g, "")
    .replaceAll("(y)", "y")
    .replaceAll("^{2}", "²")
    .replaceAll("e^{", "exp(")
    .replaceAll("}", ")");
}
