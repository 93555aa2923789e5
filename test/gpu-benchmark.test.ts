import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

interface Report {
  readonly results: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly skipped: readonly string[];
}

test("the benchmark for machines with a GPU runs on a software driver", { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "pellucid-gpu-"));
  const out = join(folder, "gpu.json");
  const script = join(import.meta.dirname, "../bench/gpu/run.ts");
  const small = ["--minutes", "0.2", "--works", "", "--sizes", "16", "--stride", "150"];
  try {
    await promisify(execFile)(process.execPath, [script, ...small, "--out", out]);
    const { results, skipped } = JSON.parse(readFileSync(out, "utf8")) as Report;
    const product = results["WebGPU: product 16"];
    expect(product?.["gflops"]).toBeGreaterThan(0);
    expect(results["WebGPU: the host's part of an op"]?.["microseconds"]).toBeGreaterThan(0);
    const all = [...Object.keys(results), ...skipped];
    expect(all).toContain("WebGPU: ops and gradients"); // a slow driver may have no time for it
    for (const row of Object.values(results)) expect(row["error"]).toBeUndefined();
    expect(results["WebGPU: ops and gradients"]?.["wrong"] ?? []).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
