import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { accuracyOn } from "../../tools/pages/built-page.ts";
import { makeModules } from "./make-modules.ts";

test("a page without a bundler trains from a folder of modules", async () => {
  const folder = mkdtempSync(join(tmpdir(), "modules-"));
  try {
    await makeModules(join(folder, "modules"));
    cpSync(join(import.meta.dirname, "index.html"), join(folder, "index.html"));
    expect(await accuracyOn(folder)).toBeGreaterThan(0.955);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
