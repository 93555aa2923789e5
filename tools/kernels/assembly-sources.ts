import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The files whose functions the WebAssembly exports: those of the folder itself. What they share is in its folder `parts`. */
export function assemblySources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map(({ name }) => join(folder, name))
    .toSorted();
}
