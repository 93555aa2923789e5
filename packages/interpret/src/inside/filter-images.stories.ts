import type { Meta, StoryObj } from "@storybook/html-vite";
import { expect } from "storybook/test";
import { controls, range } from "../../stories/controls.ts";
import { answerOf } from "../../stories/frame.ts";
import { lab } from "../../stories/lab.ts";
import { correlation, seeded, take } from "../../stories/measures.ts";
import type { SubjectName } from "../../stories/nets/subjects.ts";
import { heatmap } from "../draw/heatmap.ts";
import { imageGrid } from "../draw/image-grid.ts";
import { pictures } from "../draw/pictures.ts";
import { exampleOf, readValues, type Values } from "../draw/values.ts";
import { filterImages } from "./filter-images.ts";
import { optimizeImage } from "../visualization/optimize-image.ts";
import { receptiveField } from "./receptive-field.ts";
import type { Conv2d } from "@pellucid/core-train";
import { add, mul, neg, slice, square, sum, type Tensor1D, type Tensor4D, tidy } from "@tensorflow/tfjs-core";

interface Args {
  unit: number;
  net: SubjectName;
}

const meta: Meta<Args> = {
  title: "Inside the model/First-layer filters",
  argTypes: { unit: range(0, 15), net: controls.net },
  args: { unit: 0, net: "mnist" },
  render: ({ unit, net }, { id }) =>
    lab(
      {
        question: "Which patterns do the filters of the first layer detect?",
        formula: "wₖ, the kernel of channel k: the patch it answers to most is wₖ / ‖wₖ‖",
        caveats:
          "Only the first layer's filters are pictures of what is looked for; those of later layers weigh maps, not pixels. A filter says nothing of how often it fires.",
        net,
        about: "net",
        code: () => `import { filterImages } from "@pellucid/interpret";
import { imageGrid, readValues } from "@pellucid/interpret/draw";
import { sum } from "@tensorflow/tfjs-core";

const filters = filterImages(net.conv1); // [filter, height, width, in]
const [count, height, width] = filters.shape;
const title = \`\${count} filters of \${height} × \${width}\`;
document.body.append(imageGrid(await readValues(sum(filters, 3)), { title, signed: true }));`,
        run: async ({ subject, signal }) => {
          const { first, shape } = subject;
          const filters = filterImages(first);
          const [count, height, width, colors] = filters.shape;
          const all = await readValues(filters);
          filters.dispose();
          const which = Math.min(unit, count - 1);
          const wanted = await favorite(first, which, [height, width, colors], signal);
          const kernel = exampleOf(all, which);
          const similarity = correlation(kernel.data, wanted);
          const summed = await overColors(first);
          const biggest = Math.max(...Array.from(all.data, Math.abs));
          const colored = Float64Array.from(all.data, (v) => 0.5 + v / biggest / 2);
          const field = await receptiveField(
            (x) => subject.model.forward(x),
            Object.values(subject.layers).at(-1) as (typeof subject.layers)[string],
            shape,
            { rng: seeded(), samples: 4 },
          );
          const influence = { data: await take(field.influence), shape: shape.slice(0, 2) };
          return {
            pictures: [
              imageGrid(summed, {
                title: `${count} filters of ${height} × ${width}`,
                signed: true,
                width: 300,
              }),
              ...(colors === 3
                ? [
                    pictures(
                      { data: colored, shape: all.shape },
                      { title: "In color, gray is 0", columns: 4, each: 60 },
                    ),
                  ]
                : []),
              heatmap(influence, { title: "Receptive field of the middle of the last layer", width: 224 }),
            ],
            facts: { similarity, sees: field.height, of: shape[0] },
            answer: `The patch of length 1 that filter ${which} answers to most is the filter itself (correlation ${similarity.toFixed(3)}). A place of the last layer sees ${field.height} × ${field.width} of ${shape[0]} × ${shape[1]} pixels.`,
          };
        },
      },
      id,
    ),
};
export default meta;

type Story = StoryObj<Args>;

/** What do the first filters look for? For themselves. */
export const OfDigits: Story = {
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["similarity"]).toBeGreaterThan(0.99);
    await expect(facts["sees"]).toBe(14); // 5, doubled by the pool: 5 + 1 + 2 · 4
    await expect(leaked).toBe(0);
  },
};

/** And in color? Through strides, the last layer sees nearly all of the picture. */
export const InColor: Story = {
  args: { net: "shapes" },
  play: async ({ canvasElement }) => {
    const { facts, leaked } = await answerOf(canvasElement);
    await expect(facts["similarity"]).toBeGreaterThan(0.99);
    await expect(facts["sees"]).toBeGreaterThan(20);
    await expect(leaked).toBe(0);
  },
};

/** The patch that a filter answers to most, found by going uphill. */
async function favorite(
  first: Conv2d,
  unit: number,
  [height, width, colors]: readonly [number, number, number],
  signal: AbortSignal,
): Promise<Float32Array> {
  const filters = filterImages(first);
  const filter = slice(filters, [unit, 0, 0, 0], [1, -1, -1, -1]) as Tensor4D;
  filters.dispose();
  const loss = (x: Tensor4D) =>
    tidy(() =>
      neg(lessSquare(sum(mul(x, filter), [1, 2, 3]) as Tensor1D, sum(square(x), [1, 2, 3]) as Tensor1D)),
    );
  const found = await optimizeImage(loss, {
    rng: seeded(),
    start: [1, height, width, colors],
    steps: 60,
    learningRate: 0.02,
    signal,
  });
  filter.dispose();
  return take(found);
}

/** What is answered, less half the square of the patch's length: without that, any patch could be made larger. */
function lessSquare(answer: Tensor1D, square: Tensor1D): Tensor1D {
  return add<Tensor1D>(answer, mul(square, -0.5));
}

async function overColors(first: Conv2d): Promise<Values> {
  const summed = tidy(() => sum(filterImages(first), 3));
  const values = await readValues(summed);
  summed.dispose();
  return values;
}
