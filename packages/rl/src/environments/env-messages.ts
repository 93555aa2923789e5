import type { Action, Observation } from "./env.ts";
import type { SyncVectorEnvOptions, VectorTransition } from "./sync-vector-env.ts";

/** What the environments of a worker are to do. */
export type EnvRequest =
  | {
      readonly kind: "open";
      readonly count: number;
      readonly autoreset: NonNullable<SyncVectorEnvOptions["autoreset"]>;
    }
  | { readonly kind: "reset"; readonly seeds: readonly number[] | undefined }
  | { readonly kind: "step"; readonly actions: readonly Action[] };

/** A space without its methods, which cannot be sent. */
export type SentSpace =
  | { readonly kind: "discrete"; readonly n: number }
  | { readonly kind: "box"; readonly low: Float32Array; readonly high: Float32Array };

/** What a worker answers, in the order of the requests. */
export type EnvResponse =
  | { readonly kind: "open"; readonly observationSpace: SentSpace; readonly actionSpace: SentSpace }
  | { readonly kind: "reset"; readonly observations: readonly Observation[] }
  | { readonly kind: "step"; readonly transition: VectorTransition }
  | { readonly kind: "failure"; readonly message: string };
