import { inPythonLine } from "./in-python-line.ts";

const inPython = inPythonLine("model.pt");

/** Files that are often taken for safetensors: how they begin, as Latin-1, and what they are. */
const formats: readonly (readonly [begins: RegExp | readonly string[], name: string])[] = [
  [
    /^(\xef\xbb\xbf)?\s*<(!doctype|html|head|\?xml|!--)/i,
    "a page, not safetensors. The address may be wrong, or need a login",
  ],
  [
    /^(\xef\xbb\xbf)?\s*\{[^]*"weight_map"/,
    "the index of weights in several files. Load its folder with loadPretrained",
  ],
  [/^(\xef\xbb\xbf)?\s*[[{]/, "JSON, not safetensors"],
  [["PK\x03\x04"], `a zip archive, as torch.save writes. ${inPython}`],
  [
    ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"],
    `a pickle, as old versions of torch.save write. ${inPython}`,
  ],
  [["\x1f\x8b"], "gzip. Unpack it first"],
  [["version https://git-lfs"], "a pointer of Git LFS to the file. Fetch the file with git lfs pull"],
  [["GGUF"], "GGUF, not safetensors"],
  [["\x89HDF\r\n"], "HDF5, as Keras writes, not safetensors"],
];

/**
 * What a file is, by its first bytes, if it is one that is often taken for safetensors; otherwise `null`.
 *
 * A safetensors file begins with the size of its header in eight bytes, of which the last four are zero, and then `{`.
 */
export function foreignFormat(bytes: Uint8Array): string | null {
  if (bytes.subarray(4, 8).every((byte) => byte === 0) && bytes[8] === "{".charCodeAt(0)) return null;
  const text = Array.from(bytes.subarray(0, 4096), (byte) => String.fromCharCode(byte)).join("");
  const found = formats.find(([begins]) =>
    begins instanceof RegExp ? begins.test(text) : begins.some((start) => text.startsWith(start)),
  );
  if (found === undefined) return null;
  const shown = new TextDecoder().decode(bytes.subarray(0, 15));
  return `the file begins with ${JSON.stringify(shown)}: it is ${found[1]}`;
}
