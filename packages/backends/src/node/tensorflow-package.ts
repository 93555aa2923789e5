import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The packages that bind TensorFlow's library to Node. */
export type TensorflowPackage = "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu";

/** An installed package that can be loaded. */
export interface Binding {
  readonly name: TensorflowPackage;
  readonly version: string;
  readonly folder: string;
  /** The file to import. */
  readonly entry: string;
}

/** The folder of a package as the user's project resolves it, else as this package does. */
export function folderOf(name: string): string | undefined {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      return dirname(createRequire(from).resolve(`${name}/package.json`));
    } catch {
      // not there
    }
  }
  return undefined;
}

/** The package if it and its library are installed, or a message that says what is missing. */
export function bindingOf(name: TensorflowPackage): Binding | string {
  const folder = folderOf(name);
  if (folder === undefined) return `${name} is not installed`;
  const { version, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version: string;
    main: string;
  };
  const library = process.platform === "win32" ? "tensorflow.dll" : /^libtensorflow\./;
  const libraries = join(folder, "deps", "lib");
  const has = (file: string) => (typeof library === "string" ? file === library : library.test(file));
  if (
    !existsSync(libraries) ||
    !readdirSync(libraries).some((file) => has(file) && existsSync(join(libraries, file)))
  ) {
    return `${name} is installed without TensorFlow's library`;
  }
  const built = existsSync(join(folder, "lib")) ? readdirSync(join(folder, "lib")) : [];
  if (!built.some((napi) => existsSync(join(folder, "lib", napi, "tfjs_binding.node")))) {
    return `${name} is installed without its compiled binding`;
  }
  return { name, version, folder, entry: join(folder, main) };
}
