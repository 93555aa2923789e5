import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Module, parameter, Rng, saveWeights } from "@pellucid/core-train";
import {
  readCheckpoint,
  readWeights,
  writeCheckpoint,
  writeFileAtomic,
  writeWeights,
} from "@pellucid/core-train/node";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "pellucid-"));
afterAll(() => rmSync(folder, { recursive: true }));

class Scale extends Module {
  readonly weight = parameter({ data: Float32Array.of(1, 2), shape: [2] });
}

test("weights go through a file", async () => {
  const path = join(folder, "model.safetensors");
  const model = new Scale();
  await writeWeights(path, model, { metadata: { format: "pt" } });
  expect(new Uint8Array(readFileSync(path))).toEqual(
    await saveWeights(model, { metadata: { format: "pt" } }),
  );
  expect(await readWeights(path, new Scale())).toEqual({ loaded: ["weight"], missing: [], unknown: [] });
});

test("checkpoints go through a file", async () => {
  const path = join(folder, "last.safetensors");
  const rng = new Rng(1);
  await writeCheckpoint(path, { rng, bytes: Uint8Array.of(1, 2, 3) });
  const next = rng.uint32();
  expect(await readCheckpoint(path, { rng })).toEqual({ bytes: Uint8Array.of(1, 2, 3) });
  expect(rng.uint32()).toBe(next);
});

test("a file is replaced, and temporary files of dead processes are removed", async () => {
  const path = join(folder, "x");
  const [dead, alive, others] = [
    ".x.partial-2147483647.0",
    `.x.partial-${process.pid}.99`,
    ".xy.partial-2147483647.0",
  ];
  for (const name of [dead, alive, others]) writeFileSync(join(folder, name), "");
  await writeFileAtomic(path, Uint8Array.of(1));
  await Promise.all([2, 2, 2].map((byte) => writeFileAtomic(path, Uint8Array.of(byte))));
  expect([...readFileSync(path)]).toEqual([2]);
  expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([alive, others].sort());
});

test("a write that fails leaves nothing", async () => {
  const path = join(folder, "taken");
  await expect(writeFileAtomic(join(folder, "none", "x"), new Uint8Array(1))).rejects.toThrow("ENOENT");
  await writeFileAtomic(path, new Uint8Array(1));
  await expect(writeFileAtomic(join(path, "x"), new Uint8Array(1))).rejects.toThrow("ENOTDIR");
  rmSync(path);
  await writeFileAtomic(join(folder, "a"), new Uint8Array(1));
  await expect(writeFileAtomic(folder, new Uint8Array(1))).rejects.toThrow(
    /EISDIR|ENOTEMPTY|EEXIST|EPERM|EBUSY/,
  );
});
