import { fill, type Rank, type ShapeMap, type Tensor, tidy, variable } from "@tensorflow/tfjs-core";
import { checkHostTensor } from "../check-host-tensor.ts";
import type { HostTensor } from "../host-tensor.ts";
import { type Parameter, parameter } from "../module/parameter.ts";
import type { Rng } from "../rng/rng.ts";
import { requireBackend } from "../require-backend.ts";
import { initialTensor } from "./initial-tensor.ts";
import type { FixedInitializer, Initializer } from "./initializer.ts";
import { isWithoutInit } from "./without-init.ts";
import { checkFunction } from "../check-callable.ts";

/**
 * Makes a parameter whose first values an initializer gives; zeros within {@link withoutInit}.
 *
 * ```ts
 * this.weight = initialized([outFeatures, inFeatures], init.kaimingUniform(), rng, [1, 0]); // [in, out]
 * this.scale = initialized([channels], init.ones());
 * ```
 *
 * @param shape PyTorch's
 * @param rng not needed by initializers that draw nothing
 * @param axes reorders the axes to ours, as `permute` does. Default: the order stays.
 */
export function initialized<R extends Rank = Rank>(
  shape: readonly number[],
  init: FixedInitializer,
): Parameter<R>;
export function initialized<R extends Rank = Rank>(
  shape: readonly number[],
  init: Initializer,
  rng: Rng,
  axes?: readonly number[],
): Parameter<R>;
export function initialized<R extends Rank>(
  shape: readonly number[],
  init: { (shape: readonly number[], ...drawing: Rng[]): HostTensor<Float32Array> } & Pick<
    Initializer,
    "skip"
  >,
  rng?: Rng,
  axes?: readonly number[],
): Parameter<R> {
  checkFunction("initialized", "init", init);
  const ours = axes?.map((axis) => shape[axis] ?? 1) ?? shape;
  if (isWithoutInit()) return empty(ours);
  if (rng !== undefined && init.skip !== undefined) {
    init.skip(shape, rng);
    return empty(ours);
  }
  const values = rng === undefined ? init(shape) : init(shape, rng);
  if (axes === undefined) return parameter(values);
  requireBackend("parameter");
  checkHostTensor("initialized", "init(shape)", values);
  return tidy(() => variable(initialTensor(values, axes) as Tensor<R>));
}

function empty<R extends Rank>(shape: readonly number[]): Parameter<R> {
  return tidy(() => variable(fill<R>([...shape] as ShapeMap[R], 0)));
}
