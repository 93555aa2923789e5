import { checkOptions, checkSizes } from "@pellucid/core-train";

/** Options of a recurrence that is computed in chunks. */
export interface ChunkOptions {
  /** The number of time steps computed in parallel. It changes the time taken, not the result. */
  readonly chunkSize?: number;
}

/** The time steps of a chunk. Throws an `OptionError` for other options, and unless the size is an integer above 0. */
export function chunkSizeOf(caller: string, options: ChunkOptions, fallback: number): number {
  checkOptions(caller, options, ["chunkSize"]);
  const { chunkSize = fallback } = options;
  checkSizes(caller, { chunkSize });
  return chunkSize;
}
