import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { SetupError } from "./setup-error.ts";

/** The folder in which node-pre-gyp, which loads the binding of tfjs-node, looks for it, on Node 16 and later. */
export const napi = "napi-v8";

/** Compiles the binding of a tfjs-node package against the headers and libraries in its `deps`. */
export function buildBinding(folder: string): void {
  const prefix = [dirname(dirname(process.execPath)), "/usr", "/usr/local"].find((own) =>
    existsSync(join(own, "include/node/node_api.h")),
  );
  const options = [
    ...(prefix === undefined ? [] : [`--nodedir=${prefix}`]),
    "--napi_build_version=8",
    "--module_name=tfjs_binding",
    `--module_path=${join(folder, "lib", napi)}`,
  ];
  const gyp = nodeGyp();
  const [command, before] = gyp === undefined ? ["npx", ["--yes", "node-gyp"]] : [process.execPath, [gyp]];
  const { status, stdout, stderr, error } = spawnSync(command, [...before, "rebuild", ...options], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (status === 0 && existsSync(join(folder, "lib", napi, "tfjs_binding.node"))) return;
  const said = `${stdout ?? ""}\n${stderr ?? ""}`
    .split("\n")
    .filter((line) => /error|not found|ERR!/i.test(line));
  throw new SetupError(
    "The binding does not compile; it needs python3, make, g++ and the headers of Node. " +
      (error?.message ?? said.slice(0, 8).join("\n")),
  );
}

/** The node-gyp that comes with npm. */
function nodeGyp(): string | undefined {
  const candidates = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "npm"));
  for (const npm of candidates.filter((file) => existsSync(file))) {
    const gyp = join(dirname(dirname(realpathSync(npm))), "node_modules/node-gyp/bin/node-gyp.js");
    if (existsSync(gyp)) return gyp;
  }
  return undefined;
}
