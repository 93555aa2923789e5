import { checkArguments, checkShape, intercept, type Layer } from "@pellucid/core-train";
import { clone, sum, type Tensor, type Tensor2D, type Tensor3D, tidy, tile } from "@tensorflow/tfjs-core";
import type { Attribution } from "../score/attribution.ts";
import type { Score } from "../score/score.ts";

/**
 * The attribution of each token: that of the features of its embedding, summed. A token is an index and has no gradient;
 * its features have one. It works with every method whose baseline is zero:
 *
 *     tokenAttribution(score, model.embedding, (s) => integratedGradients(s, { steps: 64 }))(tokens)
 *
 * With {@link integratedGradients} the tokens add up to the score less that of a text of zero features; with
 * {@link inputXGradient} to that to first order. Other features of a position, such as its positional encoding, are unchanged.
 *
 * Captum's `LayerIntegratedGradients` of an embedding, added up, is the same.
 *
 * @param score int32 `[batch, time]` → `[batch]`, through `embedding`
 * @param embedding int32 `[batch, time]` → `[batch, time, feature]`; restored when the method is done, also if it fails
 * @param method makes an attribution of a score of features
 * @returns int32 `[batch, time]` → `[batch, time]`
 * @throws {ShapeError} If the embedding's output has another shape.
 * @throws {RangeError} If the score calls the embedding more than once: its other inputs would get the features of these tokens.
 */
export function tokenAttribution(
  score: Score<Tensor2D>,
  embedding: Layer<Tensor2D, Tensor>,
  method: (score: Score<Tensor3D>) => Attribution<Tensor3D>,
): (tokens: Tensor2D) => Promise<Tensor2D> {
  checkArguments("tokenAttribution", { function: { score, method }, "{ forward }": { embedding } });
  return async (tokens) => {
    checkShape("tokenAttribution", "tokens", tokens, ["batch", "time"]);
    const [batch, time] = tokens.shape;
    const features = embedding.forward(tokens) as Tensor3D;
    let map: Tensor3D | undefined;
    try {
      checkShape("tokenAttribution", "the embedding's output", features, [batch, time, "feature"]);
      const through: Score<Tensor3D> = (x) =>
        tidy(() => {
          const copies = tile(tokens, [x.shape[0] / batch, 1]); // the method may ask for several at once
          let runs = 0;
          const explained = (): Tensor => {
            runs++;
            return clone(x);
          };
          const scores = intercept(embedding, explained, () => score(copies));
          if (runs !== 1)
            throw new RangeError(
              `tokenAttribution: the embedding ran ${runs} times, expected once. Give the score an embedding that reads the explained tokens only.`,
            );
          return scores;
        });
      map = await method(through)(features);
      const found = map;
      return tidy(() => sum(found, 2) as Tensor2D);
    } finally {
      features.dispose();
      map?.dispose();
    }
  };
}
