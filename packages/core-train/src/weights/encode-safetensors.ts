import { type HostTensor, sizeOf } from "../host-tensor.ts";
import { SafetensorsError } from "./safetensors-error.ts";
import { numberBytes, type StoredDtype, type StoredTensor, toStoredTensor } from "./stored-tensor.ts";
import { checkArguments } from "../check-arguments.ts";
import { checkRecord } from "../check-record.ts";

/**
 * Writes a safetensors file, byte for byte as PyTorch's `safetensors.torch.save_file` does: tensors ordered by format and
 * then by name, the header padded to 8 bytes.
 *
 * @param tensors by name; numbers on the host become `F32`, `I32` or `U8`
 * @param metadata words to go with them; the reference writer puts them in any order
 * @throws {SafetensorsError} a tensor whose numbers do not fill its shape, a name that UTF-8 cannot write
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, HostTensor | StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  checkArguments("encodeSafetensors", { record: { tensors, metadata } });
  const stored = Object.entries(tensors).map(([name, tensor]) => [name, checked(name, tensor)] as const);
  stored.sort(([a, { dtype: x }], [b, { dtype: y }]) => rank(x) - rank(y) || compareText(a, b));
  const header = headerOf(stored, metadata);
  const file = new Uint8Array(
    8 + header.length + stored.reduce((size, [, { bytes }]) => size + bytes.length, 0),
  );
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  let at = 8 + header.length;
  for (const [, { bytes }] of stored) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

function checked(name: string, tensor: HostTensor | StoredTensor): StoredTensor {
  if (name === "__metadata__")
    throw new SafetensorsError("encodeSafetensors: no tensor may be called __metadata__.");
  checkRecord("encodeSafetensors", name, tensor, ["shape"]);
  const stored = "bytes" in tensor ? tensor : toStoredTensor(tensor);
  const { dtype, shape, bytes } = stored;
  if (bytes.length !== sizeOf(shape) * numberBytes[dtype]) {
    throw new SafetensorsError(
      `encodeSafetensors: ${name} is ${dtype} [${shape.join(", ")}], but has ${bytes.length} bytes.`,
    );
  }
  return stored;
}

function headerOf(
  stored: readonly (readonly [name: string, tensor: StoredTensor])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let at = 0;
  const infos = stored.map(([name, { dtype, shape, bytes }]) => {
    const info = { dtype, shape, data_offsets: [at, (at += bytes.length)] };
    return `${text(name)}:${JSON.stringify(info)}`;
  });
  const words = Object.entries(metadata).map(([key, value]) => `${text(key)}:${text(value)}`);
  const all = words.length === 0 ? infos : [`"__metadata__":{${words.join(",")}}`, ...infos];
  const header = new TextEncoder().encode(`{${all.join(",")}}`);
  const padded = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(" ".charCodeAt(0));
  padded.set(header);
  return padded;
}

function rank(dtype: StoredDtype): number {
  return Object.keys(numberBytes).indexOf(dtype);
}

/** By code points, which is the order of their UTF-8 bytes; `<` goes by UTF-16. */
function compareText(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  const i = x.findIndex((sign, at) => sign !== y[at]);
  if (i === -1) return x.length - y.length;
  return (x[i]?.codePointAt(0) ?? -1) - (y[i]?.codePointAt(0) ?? -1);
}

function text(words: string): string {
  if (/\p{Surrogate}/u.test(words)) {
    throw new SafetensorsError(
      `encodeSafetensors: ${JSON.stringify(words)} has half a character; UTF-8 cannot write it.`,
    );
  }
  return JSON.stringify(words);
}
