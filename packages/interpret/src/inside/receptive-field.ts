import {
  abs,
  capture,
  checkArguments,
  checkOptions,
  checkRng,
  gradient,
  type GradientRule,
  type Layer,
  OptionError,
  type Rng,
  withGradientRules,
} from "@pellucid/core-train";
import {
  add,
  div,
  mul,
  slice,
  sum,
  type Tensor,
  tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { activationOps } from "../relevance/activation-ops.ts";
import { checkCount } from "../run/check-count.ts";
import { checkFinite, modelAdvice } from "../run/check-finite.ts";
import { measureAt } from "../score/measure-at.ts";

/** The receptive field of one position of a layer. */
export interface ReceptiveField {
  /** `[height, width]`: the influence of each pixel, on average over random images; the caller's. */
  readonly influence: Tensor2D;
  /** The smallest rectangle that holds all influence. */
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Options for {@link receptiveField}. */
export interface ReceptiveFieldOptions {
  /** Draws the random images. */
  readonly rng: Rng;
  /** How many random images. Default: 8. */
  readonly samples?: number;
  /** The position of the layer, from 0. Default: the middle. */
  readonly position?: readonly [row: number, column: number];
}

/** Activations are the identity in the backward pass, so that none of them hides a pixel. */
const open: GradientRule = { inputs: ["x"], gradient: (dy) => dy };
const rules = Object.fromEntries(activationOps.map((name) => [name, open]));

/**
 * Which pixels influence a position of a layer, and how much: the mean absolute gradient over random images, with activations taken
 * as the identity.
 *
 * Luo, Li, Urtasun and Zemel, 2016. https://arxiv.org/abs/1701.04128
 *
 * @param run calls the layer, such as the model's `forward`
 * @param shape of one image
 */
export async function receptiveField(
  run: (x: Tensor4D) => unknown,
  layer: Layer<never, Tensor4D>,
  shape: readonly [height: number, width: number, channel: number],
  options: ReceptiveFieldOptions,
): Promise<ReceptiveField> {
  checkArguments("receptiveField", { function: { run }, "{ forward }": { layer }, numbers: { shape } });
  checkRng("receptiveField", options);
  checkOptions("receptiveField", options, ["rng", "samples", "position"]);
  const { rng, samples = 8, position } = options;
  if (position !== undefined) checkArguments("receptiveField", { numbers: { position } });
  checkCount("receptiveField", "samples", samples);
  const [height, width] = shape;
  const influence = tidy(() => {
    let total: Tensor2D = zeros([height, width]);
    for (let i = 0; i < samples; i++) {
      const x = tensor(rng.randn([1, ...shape]).data, [1, ...shape]) as Tensor4D;
      const [, rows, columns] = capture(layer, () => run(x)).shape;
      const [row, column] = position ?? [Math.floor(rows / 2), Math.floor(columns / 2)];
      if (!(isIndex(row, rows) && isIndex(column, columns)))
        throw new OptionError(
          "receptiveField",
          "position",
          `[${row}, ${column}]`,
          `a row from 0 to ${rows - 1} and a column from 0 to ${columns - 1}`,
        );
      const corner = [0, row, column, 0];
      const part = (y: Tensor4D) => sum(slice(y, corner, [1, 1, 1, -1]));
      const middle = (at: Tensor4D) => measureAt("receptiveField", [layer], part, () => run(at))[0] as Tensor;
      const gradients = withGradientRules(rules, () => gradient(middle)(x));
      total = add(total, div(sum(abs(gradients), [0, 3]), samples));
    }
    return mul<Tensor2D>(total, 1);
  });
  const values = await influence.data();
  try {
    checkFinite("receptiveField", "the gradient", values, [height, width], modelAdvice);
  } catch (error) {
    influence.dispose();
    throw error;
  }
  let [top, left, bottom, right] = [height, width, -1, -1];
  values.forEach((value, i) => {
    if (!(value > 0)) return;
    const [row, column] = [Math.floor(i / width), i % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
  });
  if (bottom < 0) return { influence, top: 0, left: 0, height: 0, width: 0 };
  return { influence, top, left, height: bottom - top + 1, width: right - left + 1 };
}

const isIndex = (value: number, count: number) => Number.isInteger(value) && value >= 0 && value < count;
