import type { PassedOver } from "./use-backend.ts";

/** The backend asked for does not exist or cannot be used here. */
export class BackendError extends Error {
  override readonly name = "BackendError";
  /** What was tried, and why it cannot be used. */
  readonly passed: readonly PassedOver[];

  constructor(message: string, passed: readonly PassedOver[] = []) {
    super(message);
    this.passed = passed;
  }
}
