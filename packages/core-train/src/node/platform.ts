import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DownloadError } from "../download/download-error.ts";
import type { Platform } from "../download/platform.ts";
import { FolderCache } from "./folder-cache.ts";

export const platform: Platform = {
  cacheAt: (folder) => new FolderCache(folder ?? userCache()),
  async readFile(folder, name) {
    try {
      return await readFile(join(folder, name));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw new DownloadError("missing", `${join(folder, name)} cannot be read: ${String(error)}.`, {
        cause: error,
      });
    }
  },
  locate(source) {
    const url = source instanceof URL ? source : /^(https?|file):/i.test(source) ? new URL(source) : null;
    if (url === null) return { path: String(source) };
    return url.protocol === "file:" ? { path: fileURLToPath(url) } : { url: url.href };
  },
  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      throw new DownloadError("missing", `The folder ${folder} cannot be read: ${String(error)}.`, {
        cause: error,
      });
    }
  },
};

/** Where the programs of this user keep what they can fetch again, or `$PELLUCID_CACHE`. */
function userCache(): string {
  const { env, platform: system } = process;
  const chosen = env["PELLUCID_CACHE"];
  if (chosen !== undefined && chosen !== "") return chosen;
  if (system === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "pellucid", "Cache");
  if (system === "darwin") return join(homedir(), "Library", "Caches", "pellucid");
  return join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "pellucid");
}
