import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect, userEvent } from "storybook/test";
import { choice, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { kernels, options, type Options, program } from "../../stories/programs/posterior.ts";
import source from "../../stories/programs/posterior.ts?raw";

const meta: Meta<Options> = {
  title: "Families/Gaussian process",
  argTypes: {
    kernel: choice(kernels),
    lengthScale: range(0.2, 4, 0.2),
    noise: range(0, 1, 0.05),
    samples: range(0, 8),
    seed: range(0, 9),
  },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "What may the function be between the measurements?",
        formula:
          "mean = K(Z, X) (K(X, X) + α I)⁻¹ y, cov = K(Z, Z) − K(Z, X) (K(X, X) + α I)⁻¹ K(X, Z)   (Rasmussen and Williams, 2006, algorithm 2.1)",
        caveats:
          "The band is two standard deviations wide on each side, for a function of which the kernel is the right prior: with another kernel or length scale the same measurements give another band. Drag a measurement, or move it by the arrow keys; thin lines are functions drawn before it moved.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ near, far, likelihood }) => ({
          facts: { near, far, likelihood },
          answer: `At a measurement the deviation is ${near.toFixed(2)}, between two far ones ${far.toFixed(2)}. The logarithm of the measurements' likelihood is ${likelihood.toFixed(2)}.`,
        }),
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** Near measurements it is sure, and it bends as one is moved. */
export const ToDrag: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(Number(facts["far"])).toBeGreaterThan(3 * Number(facts["near"]));
    const point = canvasElement.querySelector<SVGElement>('g[role="button"]');
    const mean = () => canvasElement.querySelector('path[stroke="#0072b2"]')?.getAttribute("d");
    const before = mean();
    point?.focus();
    await userEvent.keyboard("{ArrowUp}");
    await expect(mean()).not.toBe(before);
    await userEvent.keyboard("{ArrowDown}");
    await expect(mean()).toBe(before);
    point?.blur();
    await expect(leaked).toBe(0);
  },
};

/** A rough prior: the function may do anything between measurements. */
export const Rough: Story = { ...ToDrag, args: { kernel: "rough" } };
