import { Tensor } from "@tensorflow/tfjs-core";
import { nearestName } from "../did-you-mean.ts";

/**
 * Sentences on where `found` cannot stand in for `wanted`, a state before its first step: other tensors, other lengths, other
 * kinds of things. It may hold more, as states do after a step; what is null or an empty array at first may be anything.
 */
export function differences(found: unknown, wanted: unknown, path: string): string[] {
  if (wanted === null || wanted === undefined) return [];
  if (wanted instanceof Tensor)
    return found instanceof Tensor ? ofTensors(found, wanted, path) : [`${path} is not a tensor`];
  if (typeof wanted !== "object")
    return typeof found === typeof wanted ? [] : [`${path} is not a ${typeof wanted}`];
  if (
    typeof found !== "object" ||
    found === null ||
    found instanceof Tensor ||
    Array.isArray(found) !== Array.isArray(wanted)
  ) {
    return [`${path} is not part of the state here`];
  }
  if (Array.isArray(found) && Array.isArray(wanted) && wanted.length > 0 && found.length !== wanted.length) {
    return [`${path} has ${found.length} items, expected ${wanted.length}`];
  }
  const has = found as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).flatMap(([key, item]) =>
    Object.hasOwn(has, key)
      ? differences(has[key], item, `${path}.${key}`)
      : [`${path}.${key} is missing${besides(key, has, wanted)}`],
  );
}

/** The key of `has` that was probably saved for a missing one. */
function besides(key: string, has: object, wanted: object): string {
  const nearest = nearestName(
    key,
    Object.keys(has).filter((other) => !Object.hasOwn(wanted, other)),
  );
  return nearest === undefined ? "" : ` (there is ${nearest})`;
}

function ofTensors(found: Tensor, wanted: Tensor, path: string): string[] {
  const [is, expected] = [found, wanted].map(({ dtype, shape }) => `${dtype} [${shape.join(", ")}]`);
  return is === expected ? [] : [`${path} is ${is}, expected ${expected}`];
}
