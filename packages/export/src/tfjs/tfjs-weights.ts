import { type HostTensor, sizeOf, toHostTensor } from "@pellucid/core-train";
import { type JsonRecord, listOf, recordOf, show, textOf } from "./json-record.ts";
import { TfjsError } from "./tfjs-error.ts";

/** The weights of a model by the names of `weightsManifest`, each to be taken once. */
export class TfjsWeights {
  readonly #tensors: ReadonlyMap<string, HostTensor>;
  readonly #left: Set<string>;

  constructor(tensors: ReadonlyMap<string, HostTensor>) {
    this.#tensors = tensors;
    this.#left = new Set(tensors.keys());
  }

  /**
   * The weight of a layer, by the name of the layer and its own: `dense_1/kernel`, also within other scopes.
   *
   * @param shape `null` is any size
   */
  take(layer: string, weight: string, shape: readonly (number | null)[]): HostTensor {
    const names = [...this.#tensors.keys()].filter(
      (name) => `/${name}`.endsWith(`/${weight}`) && `/${name}`.includes(`/${layer}/`),
    );
    const [name] = names;
    if (name === undefined)
      throw new TfjsError(`fromTfjs: weightsManifest has no weight ${layer}/${weight}.`);
    if (names.length > 1)
      throw new TfjsError(`fromTfjs: several weights could be ${layer}/${weight}: ${names.join(", ")}.`);
    const found = this.#tensors.get(name) as HostTensor;
    const fits =
      found.shape.length === shape.length &&
      found.shape.every((size, axis) => shape[axis] === null || shape[axis] === size);
    if (!fits || !(found.data instanceof Float32Array)) {
      const wanted = shape.map((size) => size ?? "any").join(", ");
      throw new TfjsError(
        `fromTfjs: the weight ${name} is [${found.shape.join(", ")}] of ${found.data.constructor.name}, expected [${wanted}] of Float32Array.`,
      );
    }
    this.#left.delete(name);
    return found;
  }

  /** @throws {TfjsError} If a weight belongs to no layer. */
  checkAllTaken(): void {
    if (this.#left.size > 0)
      throw new TfjsError(`fromTfjs: no layer has the weights ${[...this.#left].join(", ")}.`);
  }
}

/** Bytes of a file, or of several in the order of the manifest. */
export type TfjsFiles = ArrayBuffer | Uint8Array | readonly (ArrayBuffer | Uint8Array)[];

/**
 * Reads the numbers of a `weightsManifest`, quantized ones too.
 *
 * @throws {TfjsError} If it is malformed, or the bytes are fewer or more than it says.
 */
export function readTfjsWeights(manifest: unknown, files: TfjsFiles): TfjsWeights {
  const bytes = joined(files);
  const specs = listOf(manifest, "weightsManifest").flatMap((group, i) =>
    listOf(recordOf(group, `weightsManifest[${i}]`)["weights"], `weightsManifest[${i}].weights`).map((spec) =>
      specOf(spec),
    ),
  );
  const total = specs.reduce((sum, { size, width }) => sum + size * width, 0);
  if (total !== bytes.length) {
    throw new TfjsError(
      `fromTfjs: weightsManifest describes ${total} bytes, but there are ${bytes.length}: a file is missing, cut off or of another model.`,
    );
  }
  const tensors = new Map<string, HostTensor>();
  let at = 0;
  for (const spec of specs) {
    if (tensors.has(spec.name)) throw new TfjsError(`fromTfjs: two weights are called ${spec.name}.`);
    const end = at + spec.size * spec.width;
    tensors.set(spec.name, { data: spec.decode(bytes.slice(at, end)), shape: spec.shape });
    at = end;
  }
  return new TfjsWeights(tensors);
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  /** Bytes of a number. */
  readonly width: number;
  readonly decode: (bytes: Uint8Array<ArrayBuffer>) => HostTensor["data"];
}

function specOf(value: unknown): WeightSpec {
  const spec = recordOf(value, "a weight of weightsManifest");
  const name = textOf(spec["name"], "the name of a weight");
  const shape = listOf(spec["shape"], `the shape of ${name}`);
  if (!shape.every((n) => Number.isSafeInteger(n) && (n as number) >= 0))
    throw new TfjsError(`fromTfjs: the shape of ${name} is ${show(shape)}, expected integers of 0 or more.`);
  const sizes = shape as readonly number[];
  const size = sizeOf(sizes);
  if (!Number.isSafeInteger(8 * size)) throw new TfjsError(`fromTfjs: ${name} has ${size} numbers.`);
  const { width, decode } = formatOf(name, spec);
  return { name, shape: sizes, size, width, decode };
}

function formatOf(name: string, spec: JsonRecord): Pick<WeightSpec, "width" | "decode"> {
  const { dtype, quantization } = spec;
  if (quantization !== undefined)
    return quantized(name, dtype, recordOf(quantization, `quantization of ${name}`));
  if (dtype === "float32") return { width: 4, decode: ({ buffer }) => new Float32Array(buffer) };
  if (dtype === "int32") return { width: 4, decode: ({ buffer }) => new Int32Array(buffer) };
  if (dtype === "bool") return { width: 1, decode: (bytes) => bytes };
  throw new TfjsError(`fromTfjs: ${name} is ${show(dtype)}, expected "float32", "int32" or "bool".`);
}

/** `number = scale · stored + min`, or half precision. */
function quantized(name: string, dtype: unknown, how: JsonRecord): Pick<WeightSpec, "width" | "decode"> {
  if (dtype !== "float32")
    throw new TfjsError(`fromTfjs: ${name} is quantized ${show(dtype)}, expected "float32".`);
  const { dtype: stored, scale, min } = how;
  if (stored === "float16")
    return {
      width: 2,
      decode: (bytes) => toHostTensor({ dtype: "F16", shape: [bytes.length / 2], bytes }, name).data,
    };
  const isNumber = (x: unknown): x is number => typeof x === "number" && Number.isFinite(x);
  if (!isNumber(scale) || !isNumber(min))
    throw new TfjsError(
      `fromTfjs: the scale or min of ${name} is ${show(scale)}, ${show(min)}, expected numbers.`,
    );
  const widen = (numbers: Uint8Array | Uint16Array) => Float32Array.from(numbers, (n) => n * scale + min);
  if (stored === "uint8") return { width: 1, decode: widen };
  if (stored === "uint16") return { width: 2, decode: ({ buffer }) => widen(new Uint16Array(buffer)) };
  throw new TfjsError(
    `fromTfjs: ${name} is stored as ${show(stored)}, expected "float16", "uint8" or "uint16".`,
  );
}

function joined(files: TfjsFiles): Uint8Array {
  const list = files instanceof ArrayBuffer || ArrayBuffer.isView(files) ? [files] : files;
  if (!Array.isArray(list))
    throw new TfjsError("fromTfjs: weights are not bytes. Pass the files that weightsManifest names.");
  const parts = list.map((file: unknown) => {
    if (file instanceof ArrayBuffer) return new Uint8Array(file);
    if (file instanceof Uint8Array) return file;
    throw new TfjsError("fromTfjs: a file of weights is not an ArrayBuffer or Uint8Array.");
  });
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
