#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { BackendName } from "../candidate/candidate.ts";
import { diagnose } from "../diagnose.ts";
import { describeDiagnosis, doctor } from "../node/doctor.ts";
import { setUpTensorflow, type SetupKind, undoSetup } from "../node/setup/set-up-tensorflow.ts";
import { SetupError } from "../node/setup/setup-error.ts";

const usage = `npx @pellucid/backends doctor [--json]
    what there is here for training, and what is missing
npx @pellucid/backends setup cuda|cpu [--wheel FILE|FOLDER] [--version 2.21.0] [--index URL] [--system-cuda] [--undo]
    TensorFlow's library for tfjs-node-gpu or tfjs-node, from the Python wheel`;

const { positionals, values } = readArguments();
const [command, kind, ...extra] = positionals;
const program = fileURLToPath(import.meta.url);
const say = (message: string): void => console.log(message);

if (values.help || command === "help") {
  console.log(usage);
} else if (command === "probe") {
  const [state] = await diagnose([kind as BackendName]);
  console.log(JSON.stringify(state));
  process.exit(0); // a GPU may keep the process
} else if (command === "doctor" && kind === undefined) {
  const found = doctor(program);
  console.log(values.json ? JSON.stringify(found, null, 2) : describeDiagnosis(found));
  if (found.chosen === null) process.exitCode = 1;
} else if (command === "setup" && (kind === "cuda" || kind === "cpu") && extra.length === 0) {
  await setup(kind);
} else {
  misused(command === undefined ? "no command was given" : `there is no command ${positionals.join(" ")}`);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        json: { type: "boolean", default: false },
        undo: { type: "boolean", default: false },
        wheel: { type: "string" },
        version: { type: "string", default: "2.21.0" },
        index: { type: "string" },
        "system-cuda": { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error));
  }
}

/** Says what is wrong and how the program is used, and ends it with exit status 2. */
function misused(message: string): never {
  console.error(`${message}\n\n${usage}`);
  process.exit(2);
}

async function setup(own: SetupKind): Promise<void> {
  try {
    if (values.undo) {
      undoSetup(own, { say });
      return;
    }
    const { wheel, version, index } = values;
    const receipt = await setUpTensorflow(own, {
      wheel,
      version,
      index,
      systemCuda: values["system-cuda"],
      say,
    });
    const name: BackendName = own === "cpu" ? "native" : "cuda";
    const state = doctor(program).backends.find((backend) => backend.name === name);
    say(`TensorFlow ${receipt.version} is set up in ${receipt.libraries}`);
    say(
      state?.works === true
        ? `${name} works: ${JSON.stringify(state.facts)}`
        : `${name} does not work: ${state?.reason}`,
    );
    process.exitCode = state?.works === true ? 0 : 1;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
