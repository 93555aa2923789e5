import { capture, checkArguments, checkOptions, type Layer, OptionError } from "@pellucid/core-train";
import {
  add,
  keep,
  mean,
  mul,
  scalar,
  square,
  sub,
  type Scalar,
  type Tensor,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { gramMatrix } from "./gram-matrix.ts";
import { measureAt } from "../score/measure-at.ts";

/** A picture whose style counts. */
export interface Style {
  /** `[1, height, width, channel]` */
  readonly image: Tensor4D;
  /** How much it counts; may be changed between steps. Default: 1. */
  weight?: number;
}

/** Options for {@link styleDistance}. */
export interface StyleDistanceOptions {
  /** How much each layer counts: one number of 0 or more for each. Default: each counts 1. */
  readonly layerWeights?: readonly number[];
}

/** A loss that holds the Gram matrices of its styles, and frees them. */
export interface StyleDistance {
  readonly loss: (x: Tensor4D) => Scalar;
  readonly dispose: () => void;
}

/**
 * How far an image's texture is from that of one or several pictures: the mean square of the difference of Gram matrices, summed, by
 * weight, over layers and styles. With {@link featureDistance} for the content it is neural style; alone, from noise, texture synthesis.
 *
 * Gatys, Ecker and Bethge, 2016, equations 3 to 5. https://arxiv.org/abs/1508.06576
 *
 * @param run what runs the layers: the model's `forward`
 * @throws {OptionError} for weights that are not one number of 0 or more for each layer
 */
export function styleDistance(
  run: (x: Tensor4D) => unknown,
  layers: readonly Layer<never, Tensor4D>[],
  styles: readonly Style[],
  options: StyleDistanceOptions = {},
): StyleDistance {
  checkOptions("styleDistance", options, ["layerWeights"]);
  checkArguments("styleDistance", {
    function: { run },
    "{ forward }[]": { layers },
    "{ image }[]": { styles },
  });
  const { layerWeights = layers.map(() => 1) } = options;
  checkArguments("styleDistance", { numbers: { layerWeights } });
  if (layerWeights.length !== layers.length || layerWeights.some((weight) => !(weight >= 0)))
    throw new OptionError(
      "styleDistance",
      "layerWeights",
      `[${layerWeights.join(", ")}]`,
      `one number of 0 or more for each of ${layers.length} layers`,
    );
  const targets = styles.map(({ image }) =>
    layers.map((layer) => keep(tidy(() => gramMatrix(capture(layer, () => run(image)))))),
  );
  return {
    loss: (x) =>
      tidy(() => {
        const distance = (y: Tensor4D, l: number) => {
          const gram = gramMatrix(y);
          const parts = styles.map(({ weight = 1 }, s) =>
            mul(mean(square(sub(gram, targets[s]?.[l] as Tensor))), weight),
          );
          const whole = parts.reduce((a, b) => add(a, b), scalar(0));
          return mul(whole, layerWeights[l] ?? NaN);
        };
        const found = measureAt("styleDistance", layers, distance, () => run(x));
        return found.reduce((a, b) => add(a, b), scalar(0)) as Scalar;
      }),
    dispose: () => {
      for (const target of targets.flat()) target.dispose();
    },
  };
}
