import { Rng, withoutInit } from "@pellucid/core-train";
import { gather, type Tensor, tensor1d, tidy, type Variable } from "@tensorflow/tfjs-core";
import { KAN, type KANOptions } from "./kan.ts";

/**
 * A new network with some nodes of each layer of another.
 *
 * @param kept the indices of nodes of each layer, the inputs first
 */
export function subset(
  model: KAN,
  kept: readonly (readonly number[])[],
  options: Partial<KANOptions> = {},
): KAN {
  const arity = model.options.multArity ?? 2;
  const width = kept.map((nodes, l): [number, number] => {
    const [sums = 0] = model.width[l] ?? [];
    const count = nodes.filter((node) => node < sums).length;
    return [count, nodes.length - count];
  });
  const small = withoutInit(() => new KAN(width, { ...model.options, ...options, rng: new Rng(0) }));
  const subnodesOf = (l: number): number[] => {
    const [sums = 0] = model.width[l] ?? [];
    return (kept[l] ?? []).flatMap((node) =>
      node < sums ? [node] : Array.from({ length: arity }, (_, i) => sums + (node - sums) * arity + i),
    );
  };
  for (const [l, layer] of model.actFun.entries()) {
    const [inputs, outputs, nodes] = [kept[l] ?? [], subnodesOf(l + 1), kept[l + 1] ?? []];
    const [to, symbolic] = [small.actFun[l], model.symbolicFun[l]];
    const symbolicTo = small.symbolicFun[l];
    if (to === undefined || symbolic === undefined || symbolicTo === undefined) continue;
    if (to.num === layer.num) {
      take(to.grid, layer.grid, [inputs]);
      take(to.coef, layer.coef, [inputs, null, outputs]);
    }
    take(to.mask, layer.mask, [inputs, outputs]);
    take(to.scaleBase, layer.scaleBase, [inputs, outputs]);
    take(to.scaleSp, layer.scaleSp, [inputs, outputs]);
    for (const [o, from] of outputs.entries())
      for (const [i, source] of inputs.entries()) {
        const name = symbolic.functions[from]?.[source] ?? null;
        if (name !== null) symbolicTo.lock(i, o, name);
      }
    take(symbolicTo.mask, symbolic.mask, [outputs, inputs]);
    take(symbolicTo.affine, symbolic.affine, [outputs, inputs]);
    const vectors = (of: KAN) => [of.nodeBias[l], of.nodeScale[l], of.subnodeBias[l], of.subnodeScale[l]];
    for (const [n, vector] of vectors(small).entries())
      take(vector as Variable, vectors(model)[n] as Variable, [n < 2 ? nodes : outputs]);
  }
  return small;
}

/** Assigns the entries of some indices along the first axes. */
function take(to: Variable, from: Variable, indices: readonly (readonly number[] | null)[]): void {
  tidy(() => {
    const taken = indices.reduce<Tensor>(
      (values, of, axis) => (of === null ? values : gather(values, tensor1d([...of], "int32"), axis)),
      from,
    );
    to.assign(taken as Variable);
  });
}
