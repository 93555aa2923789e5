import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { percent } from "../../stories/on-ink.ts";
import { options, type Options, program } from "../../stories/programs/unet-attention.ts";
import source from "../../stories/programs/unet-attention.ts?raw";

const meta: Meta<Options> = {
  title: "Generation/Attention and time in a U-Net",
  argTypes: { digit: range(0, 20), row: range(0, 7), column: range(0, 7), seed: range(0, 9) },
  args: options,
  render: (args, { id }) =>
    lab(
      {
        question: "Where does a denoising network look, and what does it make of the time?",
        formula:
          "A = softmax(Q [K₀, K]ᵀ / √d): one row of pixels; K₀ are four learned keys.   time: MLP(sin ωᵢt, cos ωᵢt)   (Ho et al., 2020)",
        caveats:
          "A map says where values are taken from, not what they are. At high noise there is no ink to look at, so that a pixel looks at certain positions, or at the learned keys. The network without training is a control: its maps depend on the pixels too.",
        nets: [],
        about: "net",
        program: { run: program, source },
        options: args,
        report: ({ trained, control, share, likeness }) => {
          const [clear, noisiest] = [trained[0], trained.at(-1)];
          const near = likeness[45]?.[46] ?? NaN;
          const far = likeness[45]?.[95] ?? NaN;
          return {
            facts: {
              clear: clear?.onInk ?? NaN,
              noisiest: noisiest?.onInk ?? NaN,
              control,
              share,
              near,
              far,
            },
            answer: `With little noise the head that looks most at ink gives it ${percent(clear?.onInk ?? NaN)} of its attention to pixels; ${percent(share)} of the pixels have ink. With most noise it is ${percent(noisiest?.onInk ?? NaN)}, without training ${percent(control)}.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Options>;

/** The maps of both heads at five noise levels. */
export const Maps: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["near"]).toBeGreaterThan(Number(facts["far"]));
    await expect(facts["near"]).toBeGreaterThan(0.8);
    await expect(facts["far"]).toBeLessThan(0);
    const far = (name: string) => Math.abs(Number(facts[name]) - Number(facts["share"]));
    await expect(far("clear")).toBeGreaterThan(far("control")); // training made the maps follow the ink, or avoid it
    await expect(leaked).toBe(0);
  },
};
