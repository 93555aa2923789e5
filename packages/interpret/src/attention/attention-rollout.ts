import { checkArguments, checkShape, matMul, OptionError } from "@pellucid/core-train";
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
 * How much of each input reaches each position at the top, if attention is all there is: the weights of all layers multiplied, the mean of
 * the heads', where the residual connection carries half of each position.
 *
 * Abnar and Zuidema, 2020. Quantifying attention flow in transformers. https://arxiv.org/abs/2005.00928
 *
 * @param maps of each layer from the first, `[batch, head, position, position]`
 * @returns `[batch, position, input]`; rows add up to 1
 */
export function attentionRollout(maps: readonly Tensor4D[]): Tensor3D {
  checkArguments("attentionRollout", { "tensor[]": { maps } });
  checkMaps("attentionRollout", maps);
  return tidy(() => maps.map(withResidual).reduce((before, layer) => matMul(layer, before)));
}

/** The mean of the heads and the residual connection, a half each, so that rows add up to 1: `[batch, position, position]`. */
export function withResidual(map: Tensor4D): Tensor3D {
  return tidy(() => {
    const both = add<Tensor>(mul(mean(map, 1), 0.5), mul(eye(map.shape[2]), 0.5));
    return div(both, sum(both, 2, true)) as Tensor3D;
  });
}

/** @throws {ShapeError} unless the maps of all layers have the same positions */
export function checkMaps(caller: string, maps: readonly Tensor4D[]): void {
  const [first] = maps;
  if (first === undefined) throw new OptionError(caller, "maps", "empty", "those of one layer at least");
  checkShape(caller, "maps[0]", first, ["batch", "head", first.shape[3], "position"]);
  const [batch, , positions] = first.shape;
  for (const [i, map] of maps.entries())
    checkShape(caller, `maps[${i}]`, map, [batch, "head", positions, positions]);
}
