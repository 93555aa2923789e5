import { once } from "node:events";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
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

test("threads that write one file at once each write it whole", async () => {
  const path = join(folder, "shared");
  const program = new URL("../../test/processes/write-often.ts", import.meta.url);
  const threads = [1, 2, 3].map((byte) => new Worker(program, { workerData: { path, byte } }));
  const said = await Promise.all(
    threads.map(async (thread) => ((await once(thread, "message")) as [string])[0]),
  );
  expect(said).toEqual(["written", "written", "written"]);
  const bytes = readFileSync(path);
  expect(bytes).toEqual(Buffer.alloc(5000, bytes[0]));
  expect(readdirSync(folder).filter((name) => name.startsWith(".shared"))).toEqual([]);
});

test.skipIf(process.platform === "win32")("a symbolic link stays one, and its file is written", async () => {
  const inner = join(folder, "inner");
  mkdirSync(inner);
  symlinkSync(join("inner", "real"), join(folder, "link"));
  symlinkSync("link", join(folder, "link-of-link"));
  for (const name of ["link", "link-of-link"]) {
    await writeFileAtomic(join(folder, name), Uint8Array.of(name.length));
    expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
    expect([...readFileSync(join(inner, "real"))]).toEqual([name.length]);
  }
  symlinkSync("circle", join(folder, "circle"));
  await expect(writeFileAtomic(join(folder, "circle"), new Uint8Array(1))).rejects.toThrow(
    "lead in a circle",
  );
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
