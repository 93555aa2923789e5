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
