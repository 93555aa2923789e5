import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { folderOf, type TensorflowPackage } from "../tensorflow-package.ts";
import { buildBinding, napi } from "./build-binding.ts";
import { findWheel, type WantedWheel, type WheelOptions } from "./find-wheel.ts";
import { SetupError } from "./setup-error.ts";
import { WheelArchive } from "./wheel-archive.ts";

/** The library for an NVIDIA GPU, or for the processor. */
export type SetupKind = "cuda" | "cpu";

/** Options for {@link setUpTensorflow}. */
export interface SetupOptions {
  /** TensorFlow's version. Default: 2.21.0. */
  readonly version?: string;
  /** A wheel, or a folder of wheels, on disk. Default: they are downloaded. */
  readonly wheel?: string | undefined;
  /** A package index as pip knows them. Default: `PIP_INDEX_URL`, else PyPI. */
  readonly index?: string | undefined;
  /** Whether CUDA's libraries are those of the system, and not the ones that the wheel asks for. Default: false. */
  readonly systemCuda?: boolean;
  /** Where libraries are kept. Default: `pellucid` in the user's cache. */
  readonly cache?: string;
  /** Called with each message of progress. Default: none. */
  readonly say?: (message: string) => void;
}

/** What was set up, as it is recorded next to the libraries. */
export interface SetupReceipt {
  readonly version: string;
  readonly sha256: string;
  readonly libraries: string;
}

const packages = {
  cpu: { node: "@tensorflow/tfjs-node", python: "tensorflow-cpu" },
  cuda: { node: "@tensorflow/tfjs-node-gpu", python: "tensorflow" },
} as const satisfies Record<SetupKind, { node: TensorflowPackage; python: string }>;

/** The C headers that the binding includes. */
const headers = [
  ...[
    "c_api",
    "c_api_macros",
    "tf_attrtype",
    "tf_buffer",
    "tf_datatype",
    "tf_status",
    "tf_tensor",
    "tf_tstring",
  ].map((name) => `tensorflow/c/${name}.h`),
  "tensorflow/c/eager/c_api.h",
  ...["ctstring", "ctstring_internal"].flatMap((name) => [
    `tensorflow/core/platform/${name}.h`,
    `tsl/platform/${name}.h`,
  ]),
  "xla/tsl/c/tsl_status.h",
];

/** Symbolic links, and the libraries that they lead to. The last keeps tfjs' installer from downloading a library. */
const links = [
  ["libtensorflow.so.2", "libtensorflow_cc.so.2"],
  ["libtensorflow.so", "libtensorflow_cc.so.2"],
  ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
  ["libtensorflow.so.2.9.1", "libtensorflow_cc.so.2"],
] as const;

/**
 * Makes tfjs-node, or tfjs-node-gpu, work with the TensorFlow library of the Python wheel. It runs without Python; compiling the
 * binding takes python3, make and g++.
 *
 * @throws SetupError with what to do
 */
export async function setUpTensorflow(kind: SetupKind, options: SetupOptions = {}): Promise<SetupReceipt> {
  const { version = "2.21.0", wheel, say = () => {} } = options;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new SetupError(
      `TensorFlow's wheels have its library for Linux on x86-64; this is ${process.platform} on ${process.arch}. Use webgpu or wasm.`,
    );
  }
  const folder = installed(kind, say);
  const home = join(cacheOf(options), `${packages[kind].python}-${version}`);
  const sources: WheelOptions = {
    from: wheel,
    folder: join(home, "wheels"),
    index: options.index ?? process.env["PIP_INDEX_URL"] ?? "https://pypi.org/simple/",
    say,
  };
  const found = await findWheel({ name: packages[kind].python, version }, sources);
  say(`${found.file}\nsha256 ${found.sha256}, checked against ${found.checked}`);
  const archive = await WheelArchive.open(found.file);
  try {
    await unpack(archive, home, say);
    if (kind === "cuda" && options.systemCuda !== true)
      for (const wanted of await cudaWheels(archive, home)) {
        const { file } = await findWheel(wanted, sources);
        await unpackNvidia(file, home, say);
      }
  } finally {
    archive.close();
  }
  const receipt = { version: found.version, sha256: found.sha256, libraries: home };
  link(folder, home, receipt, kind);
  say("compiling the binding");
  buildBinding(folder);
  rmSync(sources.folder, { recursive: true, force: true });
  return receipt;
}

/** Removes what {@link setUpTensorflow} made: the libraries, the links to them, and the compiled binding. */
export function undoSetup(kind: SetupKind, options: Pick<SetupOptions, "cache" | "say"> = {}): void {
  const { say = () => {} } = options;
  const folder = folderOf(packages[kind].node);
  const note = folder === undefined ? undefined : join(folder, "deps", "pellucid.json");
  if (folder === undefined || note === undefined || !existsSync(note)) {
    throw new SetupError(`Nothing of ${packages[kind].node} was set up here.`);
  }
  const { libraries } = JSON.parse(readFileSync(note, "utf8")) as SetupReceipt;
  for (const path of [libraries, join(folder, "deps"), join(folder, "lib", napi), join(folder, "build")]) {
    rmSync(path, { recursive: true, force: true });
    say(`removed ${path}`);
  }
}

function cacheOf({ cache }: SetupOptions): string {
  return cache ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "pellucid");
}

/** The folder of the package, which is installed if there is a project to install it in. */
function installed(kind: SetupKind, say: (message: string) => void): string {
  const name = packages[kind].node;
  const command = ["install", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@4.22.0`];
  const before = folderOf(name);
  if (before !== undefined) return before;
  if (!existsSync("package.json") || existsSync("pnpm-lock.yaml") || existsSync("yarn.lock")) {
    throw new SetupError(
      `${name} is not installed here: npm ${command.join(" ")}, without its scripts, then this again.`,
    );
  }
  say(`npm ${command.join(" ")}`);
  const { status, stderr } = spawnSync("npm", command, { encoding: "utf8" });
  const folder = folderOf(name);
  if (status !== 0 || folder === undefined) throw new SetupError(`npm cannot install ${name}: ${stderr}`);
  return folder;
}

async function unpack(archive: WheelArchive, home: string, say: (message: string) => void): Promise<void> {
  const files = [
    ...["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"].map((name) => [
      `tensorflow/${name}`,
      `lib/${name}`,
    ]),
    ...headers.map((name) => [`tensorflow/include/${name}`, `include/${name}`]),
  ] as [name: string, to: string][];
  const sizes = new Map(archive.entries.map(({ name, size }) => [name, size]));
  const whole = files.reduce((sum, [name]) => sum + (sizes.get(name) ?? 0), 0);
  let [done, reported] = [0, 0];
  const onBytes = (bytes: number) => {
    done += bytes;
    if (done - reported < whole / 10) return;
    reported = done;
    say(`unpacking: ${(done / 1e6).toFixed(0)} of ${(whole / 1e6).toFixed(0)} MB`);
  };
  for (const [name, to] of files) await archive.extract(name, home, { to, onBytes });
}

/** The wheels with CUDA's libraries that a wheel of TensorFlow requires. */
async function cudaWheels(archive: WheelArchive, home: string): Promise<WantedWheel[]> {
  const metadata = archive.entries.find(({ name }) => name.endsWith(".dist-info/METADATA"));
  if (metadata === undefined)
    throw new SetupError("The wheel has no METADATA: it does not say what CUDA it needs.");
  return cudaRequirements(
    readFileSync(await archive.extract(metadata.name, home, { to: "METADATA" }), "utf8"),
  );
}

/** The packages for CUDA in the metadata of a wheel. */
export function cudaRequirements(metadata: string): WantedWheel[] {
  const lines = metadata.matchAll(
    /^Requires-Dist: (nvidia[\w-]+)\s*\(?([^;)]*)\)?\s*;.*extra == ["']and-cuda["']/gm,
  );
  return [...lines].map(([, name = "", version = ""]) => ({ name, version: version.trim() }));
}

async function unpackNvidia(file: string, home: string, say: (message: string) => void): Promise<void> {
  say(`unpacking ${file}`);
  const archive = await WheelArchive.open(file);
  try {
    for (const { name } of archive.entries)
      if (/^nvidia\/[^/]+\/lib\/[^/]+\.so[^/]*$/.test(name)) await archive.extract(name, home);
  } finally {
    archive.close();
  }
}

function link(folder: string, home: string, receipt: SetupReceipt, kind: SetupKind): void {
  const deps = join(folder, "deps");
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, "lib"), { recursive: true });
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"]) {
    symlinkSync(join(home, "lib", name), join(deps, "lib", name));
  }
  for (const [name, target] of links) symlinkSync(target, join(deps, "lib", name));
  symlinkSync(join(home, "include"), join(deps, "include"));
  if (kind === "cuda" && existsSync(join(home, "nvidia")))
    symlinkSync(join(home, "nvidia"), join(deps, "nvidia"));
  writeFileSync(join(deps, "pellucid.json"), JSON.stringify(receipt, null, 2));
}
