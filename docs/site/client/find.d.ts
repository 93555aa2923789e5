import type MiniSearch from "minisearch";

interface Found {
  readonly title: string;
  readonly path: string;
  readonly kind: string;
  readonly where: string;
  readonly sentence: string;
  readonly aliases: readonly string[];
}

/** A search over entries: the best first. */
export function finder(
  library: typeof MiniSearch,
  entries: readonly Found[],
): (query: string, limit?: number) => readonly Found[];
