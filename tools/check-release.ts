// node tools/check-release.ts: a release that goes nowhere. In a copy of the commit it makes versions and changelogs, and publishes every package by
// `changeset publish` to a registry that is a folder, then looks at what a user would get.
import { execFile } from "node:child_process";
import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { check, summarize } from "./packed/check.ts";
import { folderRegistry, type Published } from "./release/folder-registry.ts";

const root = join(import.meta.dirname, "..");
const copy = mkdtempSync(join(tmpdir(), "pellucid-release-"));
const registry = await folderRegistry();
const environment = {
  ...process.env,
  npm_config_registry: registry.address,
  pnpm_config_provenance: "false",
};
const fromStore = {
  ...process.env,
  npm_config_prefer_offline: "true",
  pnpm_config_prefer_offline: "true",
  npm_config_ignore_scripts: "true",
  pnpm_config_ignore_scripts: "true",
};
const start = promisify(execFile); // the registry is in this process, and answers meanwhile
const run = async (
  command: string,
  args: readonly string[],
  cwd = copy,
  env: NodeJS.ProcessEnv = environment,
): Promise<void> => {
  await start(command, args, { cwd, env });
};

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const changeset = join(root, "node_modules/@changesets/cli/bin.js");
const manifests = (): readonly (Manifest & { readonly folder: string })[] =>
  globSync("packages/*/package.json", { cwd: copy })
    .map((path) => ({
      ...(JSON.parse(readFileSync(join(copy, path), "utf8")) as Manifest),
      folder: dirname(path).replaceAll("\\", "/"),
    }))
    .filter((manifest) => manifest.private !== true);

try {
  await run("git", ["clone", "--quiet", "--local", root, copy], root);
  await check("changeset version makes one version and a changelog of each package", async () => {
    await run("node", [changeset, "version"], copy, fromStore); // it installs, which needs what the folder has not
    const versions = new Set(manifests().map(({ version }) => version));
    if (versions.size !== 1 || versions.has("0.0.0")) throw new Error(`versions: ${[...versions].join()}`);
    const without = manifests().filter(({ folder }) => !existsSync(join(copy, folder, "CHANGELOG.md")));
    if (without.length > 0) throw new Error(`no changelog: ${without.map(({ name }) => name).join(" ")}`);
    console.log(`        version ${[...versions].join()}`);
  });
  await run("pnpm", ["install", "--offline", "--ignore-scripts", "--no-frozen-lockfile"]);
  for (const { folder } of manifests()) {
    cpSync(join(root, folder, "dist"), join(copy, folder, "dist"), { recursive: true });
  }
  await run("git", [
    "-c",
    "user.name=release",
    "-c",
    "user.email=release@localhost",
    "commit",
    "--quiet",
    "-am",
    "Release",
  ]);
  const host = registry.address.replace(/^http:/u, "");
  writeFileSync(join(copy, ".npmrc"), `registry=${registry.address}\n${host}:_authToken=none\n`);
  await check("the release asks for provenance, which nothing but a known builder can give", async () => {
    const scripts = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as {
      readonly scripts: { readonly release: string };
    };
    const [, asked = ""] = /(\w+=true) changeset publish/u.exec(scripts.scripts.release) ?? [];
    const [name = "", value] = asked.split("=");
    const said = await start("node", [changeset, "publish", "--no-git-tag"], {
      cwd: copy,
      env: { ...environment, [name]: value, CI: "" },
    }).then(
      ({ stdout }) => `published:\n${stdout}`,
      (error: unknown) => outputOf(error),
    );
    if (!/provenance/iu.test(said) || registry.published.size > 0) throw new Error(said.slice(0, 2000));
  });
  await check("changeset publish puts every package into the registry", async () => {
    await run("node", [changeset, "publish", "--no-git-tag"]);
    const missing = manifests().filter(({ name }) => !registry.published.has(name));
    if (missing.length > 0) throw new Error(`not published: ${missing.map(({ name }) => name).join(" ")}`);
    console.log(`        ${registry.published.size} packages`);
  });
  for (const manifest of manifests()) {
    await check(`${manifest.name}: its files, its dependencies, and what provenance needs`, () => {
      const published = registry.published.get(manifest.name);
      if (published === undefined) throw new Error("it is not published");
      checkTarball(manifest, published);
    });
  }
} finally {
  await registry.close();
  rmSync(copy, { recursive: true, force: true });
}
summarize();

/** All that a program printed that failed. */
function outputOf(error: unknown): string {
  const { message, stdout, stderr } = error as {
    readonly message: string;
    readonly stdout?: string;
    readonly stderr?: string;
  };
  return [message, stdout, stderr].join("\n");
}

/** @throws Error unless the tarball has what a user needs and nothing else, and says where it is from */
function checkTarball(
  manifest: Manifest & { readonly folder: string },
  { files, manifest: sent }: Published,
): void {
  const allowed = /^package\/(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/|src\/|templates\/)/u;
  const refused = /\.test(?:-d)?\.|\.stories\.|fixtures\/|\.tsbuildinfo|node_modules|\.env/u;
  const wrong = files.filter(
    (file) => !allowed.test(file) || (refused.test(file) && !file.includes("/templates/")),
  );
  if (wrong.length > 0) throw new Error(`files: ${wrong.slice(0, 5).join(" ")}`);
  for (const needed of ["package.json", "README.md", "LICENSE"]) {
    if (!files.includes(`package/${needed}`)) throw new Error(`${needed} is missing`);
  }
  const ranges = Object.entries({ ...sent.dependencies, ...sent.peerDependencies });
  const local = ranges.filter(([, range]) => /^(?:workspace|catalog|link|file):/u.test(range));
  if (local.length > 0) throw new Error(`ranges: ${local.join(" ")}`);
  const { url, directory } = sent.repository ?? {};
  if (url !== "git+https://github.com/pellucid-js/pellucid.git" || directory !== manifest.folder) {
    throw new Error(`provenance compares the repository, which is ${url} ${directory}`);
  }
  if (sent.license !== "MIT") throw new Error(`license: ${sent.license}`);
}
