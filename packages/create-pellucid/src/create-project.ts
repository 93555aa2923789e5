import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ProjectError } from "./project-error.ts";
import { isTemplateName, type TemplateName, templates } from "./templates.ts";

/** Options for {@link createProject}. */
export interface CreateProjectOptions {
  /** Which template is copied. */
  readonly template: TemplateName;
}

const home = join(import.meta.dirname, "..");

/**
 * Copies a template into a folder, names the package after the folder, and asks for the release of Pellucid that this package belongs to.
 *
 * @param folder is made where it does not exist
 * @returns the absolute path of the folder
 * @throws ProjectError for a folder that is not empty or an unknown template; then nothing is written
 */
export function createProject(folder: string, options: CreateProjectOptions): string {
  const { template } = Object(options) as Partial<CreateProjectOptions>;
  if (!isTemplateName(template)) {
    throw new ProjectError(
      `There is no template ${JSON.stringify(template)}: there are ${Object.keys(templates).join(", ")}.`,
    );
  }
  const path = resolve(folder);
  checkEmpty(path);
  cpSync(join(home, "templates", template), path, { recursive: true });
  renameSync(join(path, "_gitignore"), join(path, ".gitignore")); // npm packs no file of that name
  const manifest = join(path, "package.json");
  const text = readFileSync(manifest, "utf8");
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  writeFileSync(
    manifest,
    text
      .replace('"name": "template"', `"name": ${JSON.stringify(nameOf(path))}`)
      .replaceAll('"release"', `"^${version}"`),
  );
  return path;
}

/** @throws ProjectError unless the folder is missing, or has nothing but a repository of git */
function checkEmpty(path: string): void {
  if (!existsSync(path)) return;
  let files: readonly string[];
  try {
    files = readdirSync(path).filter((name) => name !== ".git");
  } catch {
    throw new ProjectError(`${path} is a file: name a new or an empty folder.`);
  }
  if (files.length === 0) return;
  const some = files.slice(0, 3).join(", ");
  throw new ProjectError(
    `${path} is not empty (${some}${files.length > 3 ? ", …" : ""}): name a new or an empty folder.`,
  );
}

/** The name of a package that npm accepts, from the name of a folder. */
function nameOf(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/gu, "-")
    .replace(/^[._-]+|-+$/gu, "");
  return name === "" ? "pellucid-app" : name;
}
