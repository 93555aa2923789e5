/** What the bytes of a download that was not finished belong to. */
export interface Origin {
  readonly url: string;
  /** The host's word for this very version of the file: its `ETag`, or `Last-Modified`. */
  readonly validator: string;
}

/** Where downloads are kept: a folder in Node, Cache Storage in a page. */
export interface DownloadCache {
  /** The whole file, or nothing where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Starts to write a file, or resumes where an earlier download ended. */
  begin(name: string): Promise<Draft>;
}

/** A file that is being downloaded. Nobody sees it in the cache before it is committed. */
export interface Draft {
  /** What an earlier download left, where it can be gone on with. */
  readonly kept: Kept | undefined;
  /** Forgets all bytes. Those to come are of `origin`; without one, they can not be gone on with. */
  restart(origin: Origin | undefined): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  /** Makes all bytes so far the file, at once. */
  commit(): Promise<void>;
  /** Ends the draft. What is not committed is kept for the next one, where it can be gone on with. */
  close(): Promise<void>;
}

/** The first bytes of a file, and whose they are. */
export interface Kept {
  readonly origin: Origin;
  readonly bytes: Uint8Array;
}
