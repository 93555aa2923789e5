import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelFunc } from "@tensorflow/tfjs-core";
import type { WasmKernel } from "../wasm/define-wasm-kernel.ts";
import { instanceIn } from "../wasm/module.ts";

/** What records the calls of a step, for `compile` of the core. It is loaded when it is first asked for. */
export const recorder: readonly WasmKernel[] = [
  {
    kernelName: "PellucidRecorder",
    make: () => (call) => {
      const backend = call.backend as BackendWasm;
      const loaded = import("./wasm-recorder.ts").then(({ WasmRecorder }) => {
        return new WasmRecorder(backend, instanceIn(backend));
      });
      return loaded as unknown as ReturnType<KernelFunc>; // the one kernel that makes no tensor
    },
  },
];
