import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { SetupError } from "./setup-error.ts";

/** The folder of the binding of tfjs-node, named after version 8 of Node-API: where node-pre-gyp, which loads it, looks on Node 16 and later. */
export const napi = "napi-v8";

/** Compiles the binding of a tfjs-node package against the headers and libraries in its `deps`. */
export function buildBinding(folder: string): void {
  const withHeaders = [dirname(dirname(process.execPath)), "/usr", "/usr/local"].find((prefix) =>
    existsSync(join(prefix, "include/node/node_api.h")),
  );
  const options = [
    ...(withHeaders === undefined ? [] : [`--nodedir=${withHeaders}`]), // otherwise node-gyp downloads the headers
    "--napi_build_version=8",
    "--module_name=tfjs_binding",
    `--module_path=${join(folder, "lib", napi)}`,
  ];
  const gyp = nodeGyp();
  const [command, args] = gyp === undefined ? ["npx", ["--yes", "node-gyp"]] : [process.execPath, [gyp]];
  const { status, stdout, stderr, error } = spawnSync(command, [...args, "rebuild", ...options], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  if (status === 0 && existsSync(join(folder, "lib", napi, "tfjs_binding.node"))) return;
  const reasons = `${stdout ?? ""}\n${stderr ?? ""}`
    .split("\n")
    .filter((line) => /error|not found|ERR!/i.test(line));
  throw new SetupError(
    "The binding does not compile; it needs python3, make, g++ and the headers of Node. " +
      (error?.message ?? reasons.slice(0, 8).join("\n")),
  );
}

/** The script of the node-gyp that comes with the first npm of the path. */
function nodeGyp(): string | undefined {
  const candidates = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "npm"));
  for (const npm of candidates.filter((file) => existsSync(file))) {
    const gyp = join(dirname(dirname(realpathSync(npm))), "node_modules/node-gyp/bin/node-gyp.js");
    if (existsSync(gyp)) return gyp;
  }
  return undefined;
}
