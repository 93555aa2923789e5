import { DownloadError } from "./download-error.ts";

/** A file to download. */
export interface RemoteFile {
  /** `t10k-labels-idx1-ubyte.gz` */
  readonly name: string;
  /** Where it is kept: a folder in the cache. */
  readonly folder: string;
  /** In bytes, where it is known. */
  readonly size?: number;
  /** In hexadecimal. Without one, a file that is kept is used as long as the host says that its own is the same version. */
  readonly sha256?: string;
  /** Throws where these cannot be the file's bytes; they are then not kept. */
  readonly check?: (bytes: Uint8Array) => void;
}

/** Whether these bytes are the file with this size and checksum. */
export async function isFile(bytes: Uint8Array, file: RemoteFile): Promise<boolean> {
  if (file.size !== undefined && bytes.length !== file.size) return false;
  if (file.sha256 === undefined) return true;
  // a page that was not served securely has no `crypto.subtle`, whatever the types say
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined)
    throw new DownloadError(
      "checksum",
      `${file.name}: this page cannot check what it downloads, as it was not served securely. Serve it by https or from localhost, or pass { verify: false }.`,
    );
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes as BufferSource));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return found === file.sha256.toLowerCase();
}
