import { randomUUID } from "node:crypto";
import { open, readdir, readlink, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Writes a file atomically: a reader, also after a crash at any time (`kill -9`, a power cut), finds the whole old content or
 * the whole new one. The bytes are written to a temporary file in the same folder and flushed to the disk, then that file is renamed.
 * Unfinished temporary files of killed processes are removed. Several threads and processes may write one path: the last one wins.
 * Where `path` is a symbolic link, it stays one, and the file it leads to is written.
 *
 * @throws an error that names `path`, where the disk is full or the folder cannot be written
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await replaceFile(await targetOf(path), bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new Error(`${path} could not be written: ${reason}`, { cause }), {
      path,
      code: codeOf(cause),
    });
  }
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await removeLeftovers(folder, basename(path));
  const temporary = join(folder, `${prefixOf(basename(path))}${process.pid}.${randomUUID()}`);
  const file = await open(temporary, "wx"); // unique among the threads of this process too
  try {
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** The file that symbolic links lead to, which need not exist. */
async function targetOf(path: string): Promise<string> {
  let target = resolve(path);
  for (let links = 0; links < 40; links++) {
    try {
      target = resolve(dirname(target), await readlink(target));
    } catch (error) {
      if (["EINVAL", "ENOENT", "UNKNOWN"].includes(codeOf(error) ?? "")) return target; // not a link, or not there
      throw error;
    }
  }
  throw new Error("its symbolic links lead in a circle, expected a file.");
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}

/** Flushes the new name to the disk; Windows has no such call, and needs none. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeLeftovers(folder: string, name: string): Promise<void> {
  const prefix = prefixOf(name);
  for (const other of await readdir(folder)) {
    const [pid = ""] = other.startsWith(prefix) ? other.slice(prefix.length).split(".") : [];
    if (/^\d+$/.test(pid) && !isAlive(Number(pid))) await rm(join(folder, other), { force: true });
  }
}

/** `.model.safetensors.partial-` comes before the id of the process that writes. */
function prefixOf(name: string): string {
  return `.${name}.partial-`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
