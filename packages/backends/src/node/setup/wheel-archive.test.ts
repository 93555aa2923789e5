import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { SetupError } from "./setup-error.ts";
import { WheelArchive } from "./wheel-archive.ts";

const folder = mkdtempSync(join(tmpdir(), "pellucid-wheel-"));
const file = join(folder, "a.whl");
const home = join(folder, "home");
afterAll(() => rmSync(folder, { recursive: true }));

interface File {
  readonly name: string;
  readonly text: string;
  readonly deflate?: boolean;
  /** What the directory claims, where that is not the truth. */
  readonly size?: number;
  readonly checksum?: number;
  readonly method?: number;
}

/** A zip archive as its specification describes it (APPNOTE 6.3). */
function zip(files: readonly File[]): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, text, deflate = false, size, checksum, method } of files) {
    const data = deflate ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30);
    local.write("PK\x03\x04", "latin1");
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.write("PK\x01\x02", "latin1");
    central.writeUInt16LE(method ?? (deflate ? 8 : 0), 10);
    central.writeUInt32LE(checksum ?? crc32(text), 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(size ?? text.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), data);
    directory.push(central, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, listed, end]);
}

const opened = (...files: readonly File[]) => {
  writeFileSync(file, zip(files));
  return WheelArchive.open(file);
};

test("files come out as they went in, stored or deflated", async () => {
  const long = "tensor ".repeat(1000);
  const archive = await opened(
    { name: "a/long.txt", text: long, deflate: true },
    { name: "short.txt", text: "x" },
    { name: "empty.txt", text: "" },
    { name: "folder/", text: "" },
  );
  expect(archive.entries).toEqual([
    { name: "a/long.txt", size: 7000 },
    { name: "short.txt", size: 1 },
    { name: "empty.txt", size: 0 },
  ]);
  let bytes = 0;
  for (const { name } of archive.entries)
    await archive.extract(name, home, { onBytes: (count) => (bytes += count) });
  expect(readFileSync(join(home, "a/long.txt"), "utf8")).toBe(long);
  expect(readFileSync(join(home, "short.txt"), "utf8")).toBe("x");
  expect(readFileSync(join(home, "empty.txt"), "utf8")).toBe("");
  expect(bytes).toBe(7001);
  expect(await archive.extract("short.txt", home, { to: "lib/other.txt" })).toBe(join(home, "lib/other.txt"));
  archive.close();
});

test.for(["../x", "nvidia/a/lib/x.so/../../../../x", "/tmp/x", "C:/x", "a\\..\\x"])(
  "an archive with the file %s is refused: nothing is written outside of the folder",
  async (name) => {
    const archive = opened({ name: "good.txt", text: "x" }, { name, text: "x" });
    await expect(archive).rejects.toThrow(SetupError);
    await expect(archive).rejects.toThrow(
      /is not a wheel that can be unpacked: .*(relative path|absolute path|characters)/,
    );
    expect(existsSync(join(folder, "x"))).toBe(false);
  },
);

test("a file is not unpacked to a path that leads out of the folder", async () => {
  const archive = await opened({ name: "x", text: "x" });
  await expect(archive.extract("x", home, { to: "../x" })).rejects.toThrow(
    `the path ../x leads out of ${home}`,
  );
  await expect(archive.extract("x", home, { to: "." })).rejects.toThrow("leads out of");
  await expect(archive.extract("y", home)).rejects.toThrow("has no file y");
  archive.close();
});

test("bytes with another checksum or size are refused, and leave no file", async () => {
  const wrong = await opened({ name: "sum.txt", text: "abc", checksum: 7 });
  await expect(wrong.extract("sum.txt", home)).rejects.toThrow(
    "sum.txt cannot be unpacked: its checksum is 352441c2, expected 00000007. Download the wheel again.",
  );
  wrong.close();
  const longer = await opened({ name: "size.txt", text: "a".repeat(99), deflate: true, size: 98 });
  await expect(longer.extract("size.txt", home)).rejects.toThrow("size.txt cannot be unpacked");
  longer.close();
  expect(readdirSync(home).filter((name) => /sum|size/.test(name))).toEqual([]);
});

test("sizes that the file cannot hold, methods that are not known and names used twice are refused", async () => {
  await expect(opened({ name: "x", text: "abc", deflate: true, size: 4e9 })).rejects.toThrow(
    "x claims 4000000000 bytes from 5 in a file of",
  );
  await expect(opened({ name: "x", text: "abc", method: 14 })).rejects.toThrow("compressed by method 14");
  await expect(opened({ name: "x", text: "a" }, { name: "x", text: "b" })).rejects.toThrow("two files x");
});

test("files that are not archives, or truncated, are rejected", async () => {
  for (const content of [
    "",
    "<html>403</html>".repeat(10),
    zip([{ name: "x", text: "abc" }]).subarray(0, 60),
  ]) {
    writeFileSync(file, content);
    await expect(WheelArchive.open(file)).rejects.toThrow("is not a wheel that can be unpacked: ");
  }
});

test("a directory that claims gigabytes costs nothing", async () => {
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(0xfffffff0, 12);
  writeFileSync(file, end);
  const before = process.memoryUsage().rss;
  await expect(WheelArchive.open(file)).rejects.toThrow(SetupError);
  expect(process.memoryUsage().rss - before).toBeLessThan(1e8);
});

const archives = process.env["PELLUCID_LONG"] === "1" ? 100_000 : 1_000;

test(`${archives} archives with bytes changed at random give a typed error or their files`, async () => {
  const base = mkdtempSync(join(tmpdir(), "pellucid-wheels-"));
  const whole = zip([
    { name: "a.txt", text: "tensor ".repeat(20), deflate: true },
    { name: "b/c.txt", text: "x" },
  ]);
  /** The archive of a number, cut off or with up to four other bytes. */
  const changed = (number: number): Buffer => {
    let state = number + 1;
    const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
    for (let i = 0; i < 3; i++) random(1); // the first ones of neighboring seeds are alike
    const bytes = Buffer.from(whole.subarray(0, random(4) === 0 ? random(whole.length) : whole.length));
    for (let n = random(4); n >= 0 && bytes.length > 0; n--) bytes[random(bytes.length)] = random(256);
    return bytes;
  };
  let [next, refused, unpacked] = [0, 0, 0];
  /** Takes one archive after the other; several do, as each waits for the disk most of the time. */
  const lane = async (name: string) => {
    const [wheel, target] = [join(base, `${name}.whl`), join(base, name)];
    while (next < archives) {
      writeFileSync(wheel, changed(next++));
      let archive: WheelArchive | undefined;
      try {
        archive = await WheelArchive.open(wheel);
        for (const entry of archive.entries) await archive.extract(entry.name, target);
        unpacked++;
      } catch (error) {
        if (!(error instanceof SetupError)) throw error;
        refused++;
      } finally {
        archive?.close();
      }
    }
  };
  const lanes = ["0", "1", "2", "3", "4", "5", "6", "7"];
  await Promise.all(lanes.map(lane));
  const left = readdirSync(base).toSorted();
  rmSync(base, { recursive: true });
  expect(left).toEqual(lanes.flatMap((name) => [name, `${name}.whl`]));
  expect(refused + unpacked).toBe(archives);
  expect(Math.min(refused, unpacked)).toBeGreaterThan(archives / 20);
}, 3_600_000);
