import type { Module } from "@pellucid/core-train";
import { TorchExportError } from "./torch-export-error.ts";

/** A module that needs a size which none of its inputs has: it has to be written within the module that calls it. */
export class MissingSizeError extends TorchExportError {
  readonly module: Module;

  constructor(module: Module, message: string) {
    super(message);
    this.module = module;
  }
}
