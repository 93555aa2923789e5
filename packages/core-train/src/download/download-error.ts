/**
 * What went wrong: a file is not there (`missing`), the host could not be reached (`offline`) or answered with an error (`http`),
 * the download ended early (`cut`), the bytes are not those that were asked for (`checksum`), or the cache could not be used
 * (`cache`).
 */
export type DownloadErrorCode = "missing" | "offline" | "http" | "cut" | "checksum" | "cache";

/** A file that could not be had. Its `code` is for programs, its message for people. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";
  readonly code: DownloadErrorCode;
  /** The status that the host answered with, where it answered with an error. */
  readonly status: number | undefined;

  constructor(
    code: DownloadErrorCode,
    message: string,
    { status, ...options }: ErrorOptions & { readonly status?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}
