import type { WasmFunction } from "./wasm-memory.ts";

/** A call of a function: an array, whose numbers a replay may change. */
export interface Call {
  readonly run: WasmFunction;
  readonly values: number[];
  /** Whether it is a function of the host, such as a check, which can throw. */
  readonly isHost?: boolean;
  /** Whether it writes parameters and states where they are, so that a step cannot be undone that fails from here on. */
  readonly isMove?: boolean;
}
