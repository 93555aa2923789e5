import { platform } from "#platform";

/**
 * A file in a folder, or nothing where it is not there.
 *
 * @throws {DownloadError} where it cannot be read, as in a page
 */
export function readLocalFile(folder: string, name: string): Promise<Uint8Array | undefined> {
  return platform.readFile(folder, name);
}

/**
 * The names in a folder.
 *
 * @throws {DownloadError} where it cannot be read, as in a page
 */
export function listFolder(folder: string): Promise<readonly string[]> {
  return platform.list(folder);
}
