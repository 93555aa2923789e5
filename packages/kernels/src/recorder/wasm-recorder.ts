import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { Recorder } from "@pellucid/core-train/ops";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Instance } from "../wasm/module.ts";
import { WasmMemory } from "./wasm-memory.ts";
import { WasmRecording } from "./wasm-recording.ts";

/** Records what tfjs' WASM backend and our own WebAssembly compute. */
export class WasmRecorder implements Recorder {
  readonly #memory: WasmMemory;

  constructor(backend: BackendWasm, instance: Instance) {
    this.#memory = new WasmMemory(backend, instance);
  }

  begin(): WasmRecording {
    return new WasmRecording(this.#memory);
  }

  split(dataId: TensorInfo["dataId"]): TensorInfo["dataId"] {
    const { backend } = this.#memory;
    const own = { ...backend.dataIdMap.get(dataId), refCount: 1 };
    this.#memory.relocate(dataId);
    const split = { id: backend.dataIdMap.get(dataId).id };
    backend.dataIdMap.set(split, own);
    return split;
  }
}
