import { checkShape, matMul, OptionError } from "@pellucid/core-train";
import {
  add,
  div,
  eye,
  mean,
  mul,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";

/**
 * How much of each input reaches each place at the top, if attention is all there is: the weights of all layers multiplied, the mean of
 * the heads', with half of each place passed by as the residual does.
 *
 * Abnar and Zuidema, 2020. Quantifying attention flow in transformers. https://arxiv.org/abs/2005.00928
 *
 * @param maps of each layer from the first, `[batch, head, place, place]`
 * @returns `[batch, place, input]`; rows add up to 1
 */
export function attentionRollout(maps: readonly Tensor4D[]): Tensor3D {
  checkMaps("attentionRollout", maps);
  return tidy(() => maps.map(withResidual).reduce((before, layer) => matMul(layer, before)));
}

/** The mean of the heads and what goes past them, a half each, so that rows add up to 1: `[batch, place, place]`. */
export function withResidual(map: Tensor4D): Tensor3D {
  return tidy(() => {
    const both = add<Tensor>(mul(mean(map, 1), 0.5), mul(eye(map.shape[2]), 0.5));
    return div(both, sum(both, 2, true)) as Tensor3D;
  });
}

/** @throws {ShapeError} unless all layers look from the same places at the same places */
export function checkMaps(who: string, maps: readonly Tensor4D[]): void {
  const [first] = maps;
  if (first === undefined) throw new OptionError(who, "maps", "empty", "those of one layer at least");
  checkShape(who, "maps[0]", first, ["batch", "head", first.shape[3], "place"]);
  const [batch, , places] = first.shape;
  for (const [i, map] of maps.entries()) checkShape(who, `maps[${i}]`, map, [batch, "head", places, places]);
}
