// choosing a backend
export { type BackendReport, type PassedOver, useBackend, type UseBackendOptions } from "./use-backend.ts";
export { type BackendFacts, type BackendName } from "./candidate/candidate.ts";

// finding out what there is
export { type BackendState, diagnose } from "./diagnose.ts";

// a GPU that fails or goes away
export { DeviceLostError, type DeviceLostListener, GpuError, onDeviceLost } from "./device-lost.ts";

// several backends in one process
export { moveTensors } from "./move-tensors.ts";
export {
  onTensorMoved,
  TensorElsewhereError,
  type TensorMove,
  type TensorMoveListener,
} from "./tensor-moves.ts";

// threads of WASM
export { getNumThreads, setNumThreads } from "./threads.ts";

// errors
export { BackendError } from "./backend-error.ts";
