import type { BatchRequest } from "./fetch-batch.ts";

/** What a worker is asked. */
export interface Question extends BatchRequest {
  readonly id: number;
}

/** What it says: that it has its dataset, what was asked for, or why not. */
export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "batch"; readonly id: number; readonly batch: unknown }
  | { readonly kind: "failure"; readonly id: number | null; readonly failure: Failure };

/** An error, in the form in which it crosses to another thread. */
export interface Failure {
  readonly message: string;
  readonly stack: string;
  readonly item: number | null;
}
