import type { ByPath } from "../module/freeze.ts";

/** The same paths with other things. */
export function mapByPath<A, B>(all: ByPath<A>, f: (one: A, path: string) => B): ByPath<B> {
  return Object.fromEntries(Object.entries(all).map(([path, one]) => [path, f(one, path)]));
}
