import type * as files from "node:fs/promises";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { writeFileAtomic } from "./write-file-atomic.ts";

const disk = { full: false };

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof files>();
  const open: typeof real.open = async (...call) => {
    const file = await real.open(...call);
    if (disk.full) {
      const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      file.writeFile = () => Promise.reject(full);
    }
    return file;
  };
  return { ...real, open };
});

const folder = mkdtempSync(join(tmpdir(), "pellucid-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a full disk is an error that names the file, whose old content stays", async () => {
  const path = join(folder, "last.safetensors");
  writeFileSync(path, "old");
  disk.full = true;
  const failure = await writeFileAtomic(path, new Uint8Array(9)).catch((error: unknown) => error);
  disk.full = false;
  expect(failure).toMatchObject({
    message: `${path} could not be written: ENOSPC: no space left on device, write`,
    code: "ENOSPC",
    path,
  });
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(folder)).toEqual(["last.safetensors"]);
});
