// choosing a backend
export { type BackendReport, type PassedOver, useBackend, type UseBackendOptions } from "./use-backend.ts";
export { type BackendFacts, type BackendName } from "./candidate/candidate.ts";

// errors
export { BackendError } from "./backend-error.ts";
