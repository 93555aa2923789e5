/** The names of the backends. */
export type BackendName = "cuda" | "webgpu" | "webgl" | "native" | "wasm" | "cpu";

/** Facts about a backend in use: versions, the processor, its abilities. */
export type BackendFacts = Readonly<Record<string, string>>;

/** Options for {@link Candidate.start}. */
export interface StartOptions {
  /** Whether it was asked for by name; then it accepts even a software renderer. */
  readonly forced: boolean;
  /** Where the `.wasm` files of tfjs are, if not next to this package. */
  readonly wasmFolder: string | URL | undefined;
  /** A part of the name of the GPU to take, in Node. */
  readonly gpu?: string | undefined;
}

/** A backend that may or may not work here. */
export interface Candidate {
  readonly name: BackendName;
  /**
   * Loads the backend and makes it tfjs' active one, with the kernels that it lacks.
   *
   * @throws {@link Unavailable} where it cannot be used; whatever else it throws is a reason too
   */
  start(options: StartOptions): Promise<BackendFacts>;
}

/** Why a backend cannot be used here, for the report. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
