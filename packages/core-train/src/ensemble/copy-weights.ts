import type { Variable } from "@tensorflow/tfjs-core";
import type { Module } from "../module/module.ts";
import { stateOf } from "../module/state-of.ts";
import type { PathPredicate } from "../optim/add-weight-decay.ts";

export interface CopyWeightsOptions {
  /** Which weights of the target to copy to, by path. Default: all. */
  readonly match?: PathPredicate;
  /** The path in the source for a path in the target. Default: the same. */
  readonly rename?: (path: string) => string;
}

/** What {@link copyWeights} did, by paths. */
export interface CopyReport {
  /** In the target, copied. */
  readonly copied: readonly string[];
  /** In the target, unchanged: the source has another shape there. */
  readonly mismatched: readonly {
    readonly path: string;
    readonly has: readonly number[];
    readonly found: readonly number[];
  }[];
  /** In the target, unchanged: the source has none there. */
  readonly missing: readonly string[];
  /** In the source, not used. */
  readonly unused: readonly string[];
}

/**
 * Copies parameters and buffers from one model into another wherever names and shapes agree, such as those of a trained body
 * under a new head, and reports what it did.
 */
export function copyWeights(from: Module, to: Module, options: CopyWeightsOptions = {}): CopyReport {
  const { match = () => true, rename = (path: string) => path } = options;
  const [source, target] = [stateOf(from), stateOf(to)];
  const [copied, missing]: [string[], string[]] = [[], []];
  const mismatched: CopyReport["mismatched"][number][] = [];
  const used = new Set<string>();
  for (const [path, variable] of Object.entries(target)) {
    if (!match(path)) continue;
    const sourcePath = rename(path);
    const found: Variable | undefined = source[sourcePath];
    if (found === undefined) {
      missing.push(path);
      continue;
    }
    used.add(sourcePath);
    if (String(found.shape) === String(variable.shape) && found.dtype === variable.dtype) {
      variable.assign(found);
      copied.push(path);
    } else mismatched.push({ path, has: variable.shape, found: found.shape });
  }
  return { copied, mismatched, missing, unused: Object.keys(source).filter((path) => !used.has(path)) };
}
