import { checkArguments } from "@pellucid/core-train";
import { DatasetError } from "../dataset-error.ts";

const BLOCK = 512;

/** Entries that are files: old tar wrote a zero byte, and `7` asks for a contiguous one. */
const FILE = new Set(["0", "\0", "7"]);

/** Entries that say something about others, and directories: datasets need none of it. */
const PASSED = new Set(["5", "g", "x"]);

/**
 * The files in a tar archive: its ustar format as far as datasets use it. Links, devices and names longer than ustar's are
 * refused, as are paths that lead out of the archive's folder: `/x`, `../x`.
 *
 * @param name what the bytes are, for the error
 * @returns views into `bytes` by path
 * @throws {@link DatasetError} with code `format`
 */
export function readTar(bytes: Uint8Array, name = "readTar"): Map<string, Uint8Array> {
  checkArguments("readTar", { bytes: { bytes }, "text?": { name } });
  const files = new Map<string, Uint8Array>();
  const fail = (message: string) => new DatasetError("format", `${name}: ${message}`);
  let at = 0;
  for (;;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw fail(`the archive is cut after ${bytes.length} bytes.`);
    if (header.every((byte) => byte === 0)) return files;
    if (octal(header, 148, 8) !== checksum(header))
      throw fail(`the bytes at ${at} are not a tar header: their checksum is wrong.`);
    const size = octal(header, 124, 12);
    if (Number.isNaN(size)) throw fail(`the size of the entry at ${at} is not octal.`);
    const type = String.fromCharCode(header[156] ?? 0);
    const path = pathOf(header);
    if (/^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(path))
      throw fail(`${path} leads out of the archive's folder, expected a path below it.`);
    const start = at + BLOCK;
    if (start + size > bytes.length)
      throw fail(`the archive is cut in ${path}, after ${bytes.length} bytes.`);
    if (FILE.has(type)) files.set(path, bytes.subarray(start, start + size));
    else if (!PASSED.has(type))
      throw fail(`${path} is an entry of type ${JSON.stringify(type)}, expected a file.`);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** GNU's tar has other fields where ustar has the folder. */
function pathOf(header: Uint8Array): string {
  const name = text(header, 0, 100);
  const folder = text(header, 257, 6) === "ustar" ? text(header, 345, 155) : "";
  return folder === "" ? name : `${folder}/${name}`;
}

/** All bytes of a header, its own checksum taken as spaces. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}

function octal(header: Uint8Array, start: number, length: number): number {
  const digits = text(header, start, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function text(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}
