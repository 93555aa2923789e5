import { DatasetError } from "../dataset-error.ts";

/** A file that has been the same since it was published. */
export interface PublishedFile {
  /** `t10k-labels-idx1-ubyte.gz` */
  readonly name: string;
  /** Where it is kept: a folder in the cache. */
  readonly dataset: string;
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Whether these bytes are the file. */
export async function isPublished(bytes: Uint8Array, file: PublishedFile): Promise<boolean> {
  if (bytes.length !== file.size) return false;
  // a page that was not served securely has no `crypto.subtle`, whatever the types say
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (subtle === undefined)
    throw new DatasetError(
      "checksum",
      `${file.name}: this page cannot check what it downloads, as it was not served securely. Serve it by https or from localhost, or pass { verify: false }.`,
    );
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes as BufferSource));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") === file.sha256;
}
