import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runs, tableOf } from "../bench/table.ts";

test("docs/tables/benchmarks.md is what the results in bench/results say", () => {
  const page = readFileSync(new URL("../docs/tables/benchmarks.md", import.meta.url), "utf8");
  expect(page).toBe(tableOf(runs())); // pnpm bench writes it
});
