import { toStoredTensor } from "@pellucid/core-train";
import { cacheOf, concatBytes, listFolder, readLocalFile } from "@pellucid/core-train/download";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pellucid-files-"));
  writeFileSync(join(folder, "config.json"), "{}");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a file of a folder is read, and one that is not there is nothing", async () => {
  expect(await listFolder(folder)).toEqual(["config.json"]);
  expect(new TextDecoder().decode(await readLocalFile(folder, "config.json"))).toBe("{}");
  expect(await readLocalFile(folder, "absent.json")).toBeUndefined();
});

test("chunks become one array; a single one is not copied", () => {
  const [a, b] = [Uint8Array.of(1, 2), Uint8Array.of(3)];
  expect(concatBytes([a, b])).toEqual(Uint8Array.of(1, 2, 3));
  expect(concatBytes([a])).toBe(a);
});

test("a folder is a cache, null is none", async () => {
  const draft = await cacheOf(folder).begin("weights");
  await draft.restart(undefined);
  await draft.append(Uint8Array.of(7));
  await draft.commit();
  await draft.close();
  expect([...((await cacheOf(folder).read("weights")) ?? [])]).toEqual([7]);
  expect(await cacheOf(null).read("weights")).toBeUndefined();
});

test("numbers are stored in the format that they have", () => {
  const { dtype, shape, bytes } = toStoredTensor({ data: Float32Array.of(1, 2), shape: [2] });
  expect([dtype, shape, bytes.length]).toEqual(["F32", [2], 8]);
  expect(toStoredTensor({ data: Uint8Array.of(1), shape: [1] }).dtype).toBe("U8");
});
