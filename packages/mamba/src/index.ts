// scans
export { selectiveScan } from "./selective-scan.ts";
export { type ScanSequence } from "./scan-step.ts";
export { type DualityInputs, stateSpaceDuality } from "./state-space-duality.ts";
export { trapezoidalScan, type TrapezoidalInputs, type TrapezoidalState } from "./trapezoidal-scan.ts";
export { rotatePairs } from "./rotate-pairs.ts";
export { heavyTail } from "./heavy-tail.ts";
export { semiseparableMask } from "./semiseparable-mask.ts";
export { dualAttention, hiddenAttention } from "./hidden-attention.ts";

// layers
export { Mamba, type MambaOptions } from "./mamba.ts";
export { GatedRMSNorm, Mamba2, type Mamba2Options } from "./mamba2.ts";
export { Mamba3, type Mamba3Options, type Mamba3State } from "./mamba3.ts";
export { S4d, type S4dOptions, type S4dState } from "./s4d.ts";
export { type Parts, S4dKernel } from "./s4d-kernel.ts";
export { MambaBlock } from "./mamba-block.ts";
export { type ConvolvedState, type Mixer, type MixerState } from "./mixer.ts";
export { type TimeStepOptions } from "./time-step.ts";

// linear recurrences whose state is a matrix
export { type ChunkOptions } from "./chunk-size-of.ts";

// language models
export { MambaLm, type MambaLmMixer, type MambaLmOptions } from "./mamba-lm.ts";

// pretrained models
export { mambaArchitectures } from "./architectures.ts";
