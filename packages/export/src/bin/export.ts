#!/usr/bin/env node
import { ExportError } from "../export-error.ts";
import { exportOnnx, usage } from "./export-onnx.ts";

const [command, ...args] = process.argv.slice(2);
if (command === undefined || command === "help" || command === "--help") {
  console.log(usage);
} else if (command === "onnx") {
  try {
    console.log(await exportOnnx(args));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(error instanceof ExportError ? error.message : `${error.name}: ${error.message}`);
    process.exitCode = 1;
  }
} else {
  console.error(`There is no command ${command}.\n\n${usage}`);
  process.exitCode = 1;
}
