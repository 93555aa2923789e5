/**
 * What went wrong: the file is not there (`missing`), the host could not be reached (`offline`) or answered with an error
 * (`http`), the download ended early (`cut`), the bytes are not the published ones (`checksum`) or not of the format
 * (`format`), or the cache could not be used (`cache`).
 */
export type DatasetErrorCode = "missing" | "offline" | "http" | "cut" | "checksum" | "format" | "cache";

/** A dataset that could not be had. Its `code` is for programs, its message for people. */
export class DatasetError extends Error {
  override readonly name = "DatasetError";
  readonly code: DatasetErrorCode;

  constructor(code: DatasetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
