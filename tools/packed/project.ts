import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The repository. */
export const root = join(import.meta.dirname, "../..");

/** An empty project in a folder of its own. */
export const project = mkdtempSync(join(tmpdir(), "pellucid-packed-"));

export const typescripts = ["5.9.3", "7.0.2"] as const;

/** Where the compiler of a version is installed. */
export const compilerOf = (version: string): string =>
  join(project, `node_modules/typescript-${version.split(".")[0]}/bin/tsc`);

/**
 * The environment of a shell. Vite sets NODE_ENV in the process that it builds in; Next would build with it what it cannot. The npx
 * that runs the tests leaves its own packages to the npx inside, which then looks in them for every command. A registry that does
 * not answer is asked again, up to six times.
 */
export const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: undefined,
  npm_config_package: undefined,
  npm_config_yes: undefined,
  npm_config_fetch_retries: "6",
});

export const run = (command: string, args: readonly string[], cwd = project): string =>
  execFileSync(command, args, {
    cwd,
    env: environment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

/** Writes a file of the project. */
export const write = (path: string, text: string): void => writeFileSync(join(project, path), text);

/** Packs every published package, as npm would serve it. */
export function pack(): void {
  const tarballs = join(project, "tarballs");
  mkdirSync(tarballs);
  for (const name of readdirSync(join(root, "packages"))) {
    const folder = join(root, "packages", name);
    const { private: hidden } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      private?: boolean;
    };
    if (hidden !== true) run("pnpm", ["pack", "--pack-destination", tarballs], folder);
  }
  write("package.json", JSON.stringify({ name: "empty", private: true, type: "module" }));
}

/** Installs the packed packages, tfjs, both TypeScripts and the types of Node, which programs for Node need. */
export function install(): void {
  const files = readdirSync(join(project, "tarballs")).map((name) => join(project, "tarballs", name));
  const tools = typescripts.map((version) => `typescript-${version.split(".")[0]}@npm:typescript@${version}`);
  npmInstall("@tensorflow/tfjs-core@4.22.0", "@types/node@24.19.2", ...files, ...tools);
}

export const npmInstall = (...packages: readonly string[]): string =>
  run("npm", ["install", "--no-audit", "--no-fund", ...packages]);
