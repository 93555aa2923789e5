import { checkArguments } from "@pellucid/core-train";
import type { Layer } from "@pellucid/core-train";
import { dispose, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { outputsOf } from "../run/outputs-of.ts";

/**
 * What a model would predict if it ended after each of its layers: the layer's output, read by the model's own last norm and head.
 *
 * nostalgebraist, 2020. Interpreting GPT: the logit lens.
 *
 * ```ts
 * const { h, lnF } = model.transformer;
 * const guesses = logitLens(h, (x) => model.logits(lnF.forward(x)), () => model.forward(tokens)); // the last are the model's own
 * ```
 *
 * @param layers each of which `body` runs once
 * @param read from a layer's output to logits
 * @returns of each layer, what `read` returns
 */
export function logitLens<Y extends Tensor, Z extends Tensor>(
  layers: readonly Layer<never, Y>[],
  read: (y: Y) => Z,
  body: () => unknown,
): Z[] {
  checkArguments("logitLens", { "{ forward }[]": { layers }, function: { read, body } });
  const kept = outputsOf("logitLens", layers, body);
  try {
    return tidy(() => kept.map((y) => read(y)));
  } finally {
    dispose(kept);
  }
}
