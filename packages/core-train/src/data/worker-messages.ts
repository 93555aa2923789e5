import type { BatchRequest } from "./fetch-batch.ts";

/** A request to a worker. */
export interface LoadRequest extends BatchRequest {
  readonly id: number;
}

/** A response of a worker: that it has its dataset, a batch, or an error. */
export type LoadResponse =
  | { readonly kind: "ready" }
  | { readonly kind: "batch"; readonly id: number; readonly batch: unknown }
  | { readonly kind: "failure"; readonly id: number | null; readonly failure: Failure };

/** An error, in a form that can be sent to another thread. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
  readonly item: number | null;
}
