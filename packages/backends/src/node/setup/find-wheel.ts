import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SetupError } from "./setup-error.ts";

/** A Python package and the version that is required. */
export interface WantedWheel {
  readonly name: string;
  /** A version, or a requirement: `>=12.5.82,<13.0`. */
  readonly version: string;
}

/** Options for {@link findWheel}. */
export interface WheelOptions {
  /** A wheel, or a folder of wheels, on disk. */
  readonly from?: string | undefined;
  /** Where downloaded wheels are kept. */
  readonly folder: string;
  /** A package index as pip knows them. */
  readonly index: string;
  /** Called with each message of progress. */
  readonly say: (message: string) => void;
}

/** A wheel on disk. */
export interface Wheel {
  readonly file: string;
  readonly version: string;
  readonly sha256: string;
  /** What the checksum was compared with. */
  readonly checked: "the index" | "pip" | "nothing";
}

/** A file as a package index lists it (PEP 691). */
interface IndexFile {
  readonly filename: string;
  readonly url: string;
  readonly hashes: { readonly sha256?: string };
  readonly yanked?: boolean | string;
}

const fitting = /-(cp\d+|py3|py2\.py3)-[a-z0-9_]+-manylinux[a-z0-9_.]*_x86_64\.whl$/;

/** The newest wheel that satisfies the requirement: from disk, else from the index, or by pip where Node cannot reach the index. */
export async function findWheel(wanted: WantedWheel, options: WheelOptions): Promise<Wheel> {
  const { from, folder, say } = options;
  const local = newest(wanted, from === undefined ? filesOf(folder) : filesOf(from));
  if (local !== undefined) {
    say(`found ${local}`);
    return { file: local, version: versionOf(local), sha256: await sha256Of(local), checked: "nothing" };
  }
  if (from !== undefined) {
    throw new SetupError(
      `There is no wheel of ${wanted.name} ${wanted.version} for Linux x86-64 in ${from}.`,
    );
  }
  mkdirSync(folder, { recursive: true });
  const listed = await list(wanted, options).catch((error: unknown) => error as Error);
  if (listed instanceof Error) return byPip(wanted, options, listed);
  const name = newest(
    wanted,
    listed.map(({ filename }) => filename),
  );
  const found = listed.find(({ filename }) => filename === name);
  if (found === undefined) {
    throw new SetupError(
      `${options.index} has no wheel of ${wanted.name} ${wanted.version} for Linux x86-64.`,
    );
  }
  return download(found, options);
}

function filesOf(location: string): string[] {
  if (!existsSync(location)) return [];
  if (!statSync(location).isDirectory()) return [location];
  return readdirSync(location).map((file) => join(location, file));
}

/** The file name with the newest version that satisfies the requirement. */
export function newest({ name, version }: WantedWheel, files: readonly string[]): string | undefined {
  const start = `${name.replaceAll("-", "_")}-`.toLowerCase();
  return files
    .filter((file) => {
      const own = file.slice(file.lastIndexOf("/") + 1);
      return (
        own.toLowerCase().replaceAll("-", "_").startsWith(start.replaceAll("-", "_")) && fitting.test(own)
      );
    })
    .filter((file) => satisfies(versionOf(file), version))
    .toSorted((a, b) => compare(versionOf(a), versionOf(b)) || a.localeCompare(b, "en", { numeric: true }))
    .at(-1);
}

const versionOf = (file: string): string => file.slice(file.lastIndexOf("/") + 1).split("-")[1] ?? "";

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version satisfies a requirement, such as `2.21.0` or `>=12.5,<13`. */
export function satisfies(version: string, wanted: string): boolean {
  if (!/^[\d.]+$/.test(version)) return false;
  return wanted.split(",").every((part) => {
    const [, sign = "==", other = ""] = /^\s*(>=|<=|==|<|>)?\s*([\d.]+)/.exec(part) ?? [];
    const order = compare(version, other);
    return (
      { ">=": order >= 0, "<=": order <= 0, "==": order === 0, "<": order < 0, ">": order > 0 }[sign] ?? false
    );
  });
}

async function list({ name }: WantedWheel, { index }: WheelOptions): Promise<IndexFile[]> {
  const url = `${index.replace(/\/?$/, "/")}${name}/`;
  const response = await fetch(url, { headers: { accept: "application/vnd.pypi.simple.v1+json" } });
  if (!response.ok) throw new SetupError(`${url} answers ${response.status}.`);
  const { files } = (await response.json()) as { files: IndexFile[] };
  return files
    .filter(({ yanked = false }) => yanked === false)
    .map((file) => ({ ...file, url: new URL(file.url, url).href }));
}

async function download({ filename, url, hashes }: IndexFile, { folder, say }: WheelOptions): Promise<Wheel> {
  const file = join(folder, filename);
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new SetupError(`${url} answers ${response.status}.`);
  const whole = Number(response.headers.get("content-length"));
  const hash = createHash("sha256");
  let [done, reported] = [0, 0];
  const watch = async function* (parts: AsyncIterable<Uint8Array>) {
    for await (const part of parts) {
      hash.update(part);
      done += part.length;
      if (done - reported > 2e7 || done === whole) {
        reported = done;
        say(`${filename}: ${(done / 1e6).toFixed(0)} of ${whole > 0 ? (whole / 1e6).toFixed(0) : "?"} MB`);
      }
      yield part;
    }
  };
  await pipeline(
    Readable.fromWeb(response.body as import("node:stream/web").ReadableStream),
    watch,
    createWriteStream(`${file}.part`),
  );
  const sha256 = hash.digest("hex");
  if (hashes.sha256 !== undefined && hashes.sha256 !== sha256) {
    throw new SetupError(
      `${filename} has the checksum ${sha256}, the index says ${hashes.sha256}. Try again.`,
    );
  }
  renameSync(`${file}.part`, file);
  return {
    file,
    version: versionOf(file),
    sha256,
    checked: hashes.sha256 === undefined ? "nothing" : "the index",
  };
}

/** Downloads by pip, which may have another index, a proxy or a cache where Node cannot reach the index. It checks checksums itself. */
async function byPip(wanted: WantedWheel, { folder, say }: WheelOptions, why: Error): Promise<Wheel> {
  const spec = /^[\d.]+$/.test(wanted.version)
    ? `${wanted.name}==${wanted.version}`
    : `${wanted.name}${wanted.version}`;
  say(`pip download ${spec}`);
  const command = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--dest", folder, spec];
  const { status, stderr } = spawnSync("python3", command, { encoding: "utf8" });
  const file = newest(wanted, filesOf(folder));
  if (status === 0 && file !== undefined) {
    return { file, version: versionOf(file), sha256: await sha256Of(file), checked: "pip" };
  }
  const cause = why.cause instanceof Error ? ` (${why.cause.message})` : "";
  throw new SetupError(
    `The wheel of ${spec} cannot be downloaded: ${why.message}${cause}, and pip: ` +
      `${stderr?.trim().split("\n").at(-1) ?? "python3 is not installed"}. Download it elsewhere and pass --wheel FILE.`,
  );
}

/** The SHA-256 of a file. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest("hex");
}
