import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { entriesOf, extract } from "./unzip.ts";

const folder = mkdtempSync(join(tmpdir(), "pellucid-zip-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An archive as the format's definition has it, without checksums. */
function zip(files: Readonly<Record<string, { text: string; deflate: boolean }>>): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, { text, deflate }] of Object.entries(files)) {
    const data = deflate ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30);
    local.write("PK\x03\x04", "latin1");
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.write("PK\x01\x02", "latin1");
    central.writeUInt16LE(deflate ? 8 : 0, 10);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(text.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), data);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, listed, end]);
}

test("files come out as they went in, stored or deflated", async () => {
  const file = join(folder, "a.whl");
  const long = "tensor ".repeat(1000);
  writeFileSync(
    file,
    zip({ "a/long.txt": { text: long, deflate: true }, "short.txt": { text: "x", deflate: false } }),
  );
  const entries = await entriesOf(file);
  expect(entries.map(({ name, size }) => [name, size])).toEqual([
    ["a/long.txt", 7000],
    ["short.txt", 1],
  ]);
  let bytes = 0;
  for (const entry of entries)
    await extract(file, entry, join(folder, entry.name), (count) => (bytes += count));
  expect(readFileSync(join(folder, "a/long.txt"), "utf8")).toBe(long);
  expect(readFileSync(join(folder, "short.txt"), "utf8")).toBe("x");
  expect(bytes).toBe(7001);
});

test("what is no archive, or cut off, is refused", async () => {
  const file = join(folder, "b.whl");
  writeFileSync(file, "<html>403</html>".repeat(10));
  await expect(entriesOf(file)).rejects.toThrow("is no wheel: it is not a zip archive, or it is cut off.");
});
