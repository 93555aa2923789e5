// Makes the folder of modules that a page without a bundler imports, as a CDN has it: one file for each package, and what they share once.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const packages = ["backends", "cnn", "core-train", "datasets"];

/** Writes the modules, and the `.wasm` files that they name. */
export async function makeModules(folder: string): Promise<void> {
  const input = Object.fromEntries(
    packages.map((name) => [name, fileURLToPath(import.meta.resolve(`@pellucid/${name}`))]),
  );
  await build({
    configFile: false,
    root: import.meta.dirname,
    base: "./",
    logLevel: "error",
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input, preserveEntrySignatures: "strict", output: { entryFileNames: "[name].js" } },
    },
  });
}

if (import.meta.main) await makeModules(join(import.meta.dirname, "modules"));
