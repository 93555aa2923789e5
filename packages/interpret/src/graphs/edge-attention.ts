import { amax, checkArguments, checkChoice, checkOptions, OptionError } from "@pellucid/core-train";
import { add, div, mean, type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";

/** Options for {@link edgeAttention}. */
export interface EdgeAttentionOptions {
  /** What the heads of a layer become. Default: `"max"`, as in PyG. */
  readonly heads?: "max" | "mean";
}

/**
 * The attention that edges got, over the layers of a graph attention network: that of all heads becomes one, and the mean over layers is taken. PyG's `AttentionExplainer`. Attention is what a layer weights messages by, not
 * what the prediction depends on.
 *
 * @param attention of each layer, `[edge, head]`, as captured; leave out the loops that layers add
 * @returns `[edge]`
 */
export function edgeAttention(attention: readonly Tensor[], options: EdgeAttentionOptions = {}): Tensor1D {
  checkArguments("edgeAttention", { "tensor[]": { attention } });
  checkOptions("edgeAttention", options, ["heads"]);
  const { heads = "max" } = options;
  checkChoice("edgeAttention", "heads", heads, ["max", "mean"]);
  const [first] = attention;
  if (first === undefined) throw new OptionError("edgeAttention", "attention", "empty", "one layer at least");
  for (const [i, { shape }] of attention.entries())
    if (shape.length !== 2 || shape[0] !== first.shape[0])
      throw new OptionError(
        "edgeAttention",
        `attention ${i}`,
        `[${shape.join(", ")}]`,
        `[${first.shape[0]}, head]`,
      );
  return tidy(() => {
    const layers = attention.map((one) => (heads === "max" ? amax(one, 1) : mean(one, 1))); // [edge]
    return div(
      layers.reduce((sum, one) => add(sum, one)),
      layers.length,
    ) as Tensor1D;
  });
}
