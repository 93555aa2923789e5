declare global {
  interface Window {
    /** What `desktop/preload.cjs` gives to the page. */
    readonly weights: {
      /** Keeps the bytes of a safetensors file. */
      save(bytes: Uint8Array): Promise<void>;
      /** The bytes that were kept, by this run or an earlier one. */
      load(): Promise<Uint8Array | undefined>;
    };
  }
}

export const { weights } = window;
