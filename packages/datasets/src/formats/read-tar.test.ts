import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatasetError } from "../dataset-error.ts";
import { readTar } from "./read-tar.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pellucid-"));
  mkdirSync(join(folder, "set"));
  writeFileSync(join(folder, "set/a.bin"), new Uint8Array(1000).fill(7));
  writeFileSync(join(folder, "set/empty.bin"), "");
  writeFileSync(join(folder, "set/b.bin"), "text");
  symlinkSync("a.bin", join(folder, "link.bin"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function pack(format: string, ...names: string[]): Uint8Array {
  const packed = execFileSync("tar", ["-c", `--format=${format}`, "-C", folder, ...names], {
    maxBuffer: 1e8,
  });
  return new Uint8Array(packed);
}

describe("readTar", () => {
  it.each(["ustar", "gnu", "v7", "pax"])("reads what tar wrote as %s", (format) => {
    const files = readTar(pack(format, "set/a.bin", "set/empty.bin", "set/b.bin"));
    expect([...files.keys()]).toEqual(["set/a.bin", "set/empty.bin", "set/b.bin"]);
    expect(files.get("set/a.bin")).toEqual(new Uint8Array(1000).fill(7));
    expect(new TextDecoder().decode(files.get("set/b.bin"))).toBe("text");
  });

  it("passes over folders", () => {
    expect([...readTar(pack("ustar", "set")).keys()].toSorted()).toEqual([
      "set/a.bin",
      "set/b.bin",
      "set/empty.bin",
    ]);
  });

  it.each(["../../x", "/etc/x", "set/../../x", "C:\\x", "..\\x", ".."])("rejects the path %s", (path) => {
    const packed = pack("ustar", "set/a.bin");
    packed.fill(0, 0, 100);
    packed.set(new TextEncoder().encode(path));
    const sum = packed.subarray(0, 512).reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 32 : byte), 0);
    packed.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
    expect(() => readTar(packed, "x.tar")).toThrow(
      new DatasetError(
        "format",
        `x.tar: ${path} leads out of the archive's folder, expected a path below it.`,
      ),
    );
  });

  it("rejects links, truncated archives and files that are not archives", () => {
    const packed = pack("ustar", "set/a.bin");
    const fail = (bytes: Uint8Array) => () => readTar(bytes, "x.tar");
    expect(fail(pack("ustar", "link.bin"))).toThrow(
      new DatasetError("format", 'x.tar: link.bin is an entry of type "2", expected a file.'),
    );
    expect(fail(packed.subarray(0, 1000))).toThrow(
      "x.tar: the archive is cut in set/a.bin, after 1000 bytes.",
    );
    expect(fail(packed.subarray(0, 1536))).toThrow("x.tar: the archive is cut after 1536 bytes.");
    expect(fail(new Uint8Array(0))).toThrow("x.tar: the archive is cut after 0 bytes.");
    expect(fail(packed.map((byte, i) => (i === 3 ? byte ^ 1 : byte)))).toThrow(
      "x.tar: the bytes at 0 are not a tar header: their checksum is wrong.",
    );
  });
});
