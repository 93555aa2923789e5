import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let written = 0;

/**
 * Writes a file atomically: a reader, also after a crash at any time (`kill -9`, a power cut), finds the whole old content or
 * the whole new one. The bytes are written to a temporary file in the same folder and flushed to the disk, then that file is renamed.
 * Unfinished temporary files of killed processes are removed.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await removeLeftovers(folder, basename(path));
  const temporary = join(folder, `${prefixOf(basename(path))}${process.pid}.${written++}`);
  try {
    const file = await open(temporary, "wx");
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
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
