/** What the page says to the worker. */
export type ToWorker = { readonly kind: "start"; readonly epochs: number } | { readonly kind: "stop" };

/** What the worker says to the page. */
export type FromWorker =
  | { readonly kind: "progress"; readonly share: number; readonly loss: number }
  | {
      readonly kind: "trained";
      readonly backend: string;
      readonly accuracy: number;
      readonly weights: Uint8Array;
    }
  | { readonly kind: "failed"; readonly message: string };
