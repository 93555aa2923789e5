import { type PerAxis, perAxis } from "../op/per-axis.ts";

/** The part of a window's options that is checked alike for all layers with windows. */
interface WindowOptions {
  readonly stride?: PerAxis | undefined;
  readonly padding?: PerAxis | undefined;
  readonly dilation?: PerAxis | undefined;
}

/** @throws {WindowError} Unless kernel size, stride, padding and dilation are integers, one for all spatial axes or one for each. */
export function checkWindow(
  caller: string,
  kernelSize: PerAxis,
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions,
  axes: number,
): void {
  perAxis(caller, "kernelSize", kernelSize, axes, 1);
  perAxis(caller, "stride", stride, axes, 1);
  perAxis(caller, "padding", padding, axes, 0);
  perAxis(caller, "dilation", dilation, axes, 1);
}
