import { inPythonLine } from "./in-python-line.ts";
import { parseSafetensors } from "./parse-safetensors.ts";
import { PretrainedError } from "./pretrained-error.ts";
import type { PretrainedFolder } from "./pretrained-folder.ts";
import { SafetensorsError } from "./safetensors-error.ts";
import type { StoredTensor } from "./stored-tensor.ts";

type Tensors = Readonly<Record<string, StoredTensor>>;

/** Chooses which entries are needed from all names, before any of several files is read. */
export type ChooseNames = (names: readonly string[]) => ReadonlySet<string>;

const single = "model.safetensors";
const index = "model.safetensors.index.json";

/**
 * The tensors of a model that are in one safetensors file, or in several with an index. Of several, those that have nothing of what was
 * chosen are not read.
 *
 * @throws {PretrainedError} If there is no such file, or an index that its files contradict.
 * @throws {SafetensorsError} If a file is malformed.
 */
export async function readPretrained(
  folder: PretrainedFolder,
  file: string | undefined,
  choose: ChooseNames,
): Promise<Tensors> {
  if (file !== undefined) {
    refusePickle(folder, file);
    const bytes = await folder.read(file, checkOf(file));
    if (bytes === undefined) throw await nothingIn(folder, [file]);
    return isIndex(file) ? readShards(folder, file, bytes, choose) : tensorsOf(file, bytes);
  }
  const whole = await folder.read(single, checkOf(single));
  if (whole !== undefined) return tensorsOf(single, whole);
  const list = await folder.read(index, checkOf(index));
  if (list !== undefined) return readShards(folder, index, list, choose);
  throw await nothingIn(folder, [single, index]);
}

async function readShards(
  folder: PretrainedFolder,
  file: string,
  bytes: Uint8Array,
  choose: ChooseNames,
): Promise<Tensors> {
  const fileOf = readIndex(file, bytes);
  const chosen = choose([...fileOf.keys()]);
  const shards = new Set([...fileOf].filter(([name]) => chosen.has(name)).map(([, shard]) => shard));
  const all: (readonly [name: string, tensor: StoredTensor])[] = [];
  for (const shard of shards) {
    const part = await folder.read(shard, checkOf(shard));
    if (part === undefined) throw await nothingIn(folder, [shard]);
    const tensors = tensorsOf(shard, part);
    checkShard(file, shard, tensors, fileOf);
    all.push(...Object.entries(tensors));
  }
  return Object.fromEntries(all);
}

/** Which file has which tensor. */
function readIndex(file: string, bytes: Uint8Array): ReadonlyMap<string, string> {
  const { weight_map: map } = parseObject(file, bytes);
  if (typeof map !== "object" || map === null)
    throw new PretrainedError(`${file} has no weight_map, expected the file of each tensor.`);
  const fileOf = new Map<string, string>();
  for (const [name, shard] of Object.entries(map)) {
    if (typeof shard !== "string" || !/^[^./\\][^/\\]*\.safetensors$/.test(shard))
      throw new PretrainedError(
        `${file}: ${name} is in ${JSON.stringify(shard)}, expected a safetensors file of the same folder.`,
      );
    fileOf.set(name, shard);
  }
  return fileOf;
}

/** A shard must have exactly what the index says. */
function checkShard(
  file: string,
  shard: string,
  tensors: Tensors,
  fileOf: ReadonlyMap<string, string>,
): void {
  const lacking = [...fileOf].filter(([name, owner]) => owner === shard && !Object.hasOwn(tensors, name));
  const foreign = Object.keys(tensors).filter((name) => fileOf.get(name) !== shard);
  if (lacking.length === 0 && foreign.length === 0) return;
  const parts = [
    ...(lacking.length === 0 ? [] : [`lacks ${lacking.map(([name]) => name).join(", ")}`]),
    ...(foreign.length === 0 ? [] : [`has ${foreign.join(", ")}, which ${file} does not list there`]),
  ];
  throw new PretrainedError(`${shard} is of another model than ${file}: it ${parts.join(", and ")}.`);
}

/** What tells that bytes cannot be a file, before they are kept. */
function checkOf(file: string): (bytes: Uint8Array) => void {
  return (bytes) => void (isIndex(file) ? readIndex(file, bytes) : tensorsOf(file, bytes));
}

function isIndex(file: string): boolean {
  return file.endsWith(".json");
}

function tensorsOf(file: string, bytes: Uint8Array): Tensors {
  try {
    return parseSafetensors(bytes).tensors;
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new SafetensorsError(`${file}: ${error.message}`, { cause: error });
  }
}

/**
 * Reads a JSON file that holds an object. The numbers that Python writes although JSON has none, `Infinity` and `NaN`, become `null`.
 *
 * @throws {PretrainedError} If it does not.
 */
export function parseObject(file: string, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const text = new TextDecoder().decode(bytes);
  try {
    const value: unknown = JSON.parse(
      text.replaceAll(/("(?:[^"\\]|\\.)*")|-?Infinity|NaN/g, (word, string?: string) => string ?? "null"),
    );
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch {
    // said below
  }
  throw new PretrainedError(
    `${file} begins with ${JSON.stringify(text.slice(0, 20))}, expected a JSON object.`,
  );
}

function refusePickle(folder: PretrainedFolder, file: string): void {
  if (!/\.(bin|pth?|ckpt|pkl)$/i.test(file)) return;
  throw new PretrainedError(
    `${folder.name} ${file}: a pickle can run any program when it is read, so it is refused. ${inPythonLine(file)}`,
  );
}

/** None of these files is there. */
async function nothingIn(folder: PretrainedFolder, files: readonly string[]): Promise<PretrainedError> {
  const found = (await folder.list?.()) ?? null;
  const message = `${folder.name} has no ${files.join(" and no ")}.`;
  const pickle = found?.find((name) => /\.(bin|pth?|ckpt|pkl)$/i.test(name));
  if (pickle !== undefined)
    return new PretrainedError(
      `${message} It has ${pickle}: a pickle can run any program when it is read, so it is not. ${inPythonLine(pickle)}`,
    );
  if (found !== null)
    return new PretrainedError(
      `${message} It has ${found.length === 0 ? "nothing" : found.toSorted().slice(0, 12).join(", ")}.`,
    );
  return new PretrainedError(`${message} If it has pytorch_model.bin: ${inPythonLine("pytorch_model.bin")}`);
}
