import type { Split } from "./split.ts";
import { elementwise } from "./splits/elementwise.ts";
import { norms } from "./splits/norms.ts";
import { products } from "./splits/products.ts";
import { rows } from "./splits/rows.ts";
import { sequences } from "./splits/sequences.ts";
import { windows } from "./splits/windows.ts";

/** All functions that threads share. */
export const splits: readonly Split[] = [
  ...products,
  ...windows,
  ...sequences,
  ...norms,
  ...rows,
  ...elementwise,
];
