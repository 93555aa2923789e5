import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { type HasTime, type Row, timed } from "./rows.ts";

/** What PyTorch there is on this machine; `null` if there is none. */
export function torchHere(): { readonly version: string; readonly device: string } | null {
  const asked = "import torch; print(torch.__version__, 'cuda' if torch.cuda.is_available() else 'cpu')";
  const { status, stdout } = spawnSync("python3", ["-c", asked], { encoding: "utf8" });
  if (status !== 0) return null;
  const [version = "", device = ""] = stdout.trim().split(" ");
  return { version, device };
}

/** Steps of a work in PyTorch with its fused Adam: milliseconds of a step, the loss read after each. @param script `compiled/step.py` */
export async function torchSteps(
  script: string,
  name: string,
  device: string,
  hasTime: HasTime,
): Promise<Row> {
  const python = spawn("python3", [script, name, "fused", "1", device], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    return await timed(stepOf(python), hasTime, 50);
  } finally {
    python.kill();
  }
}

function stepOf(python: ChildProcess): () => Promise<number> {
  if (python.stdin === null || python.stdout === null) throw new Error("Python has no pipes");
  const { stdin } = python;
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  return async () => {
    stdin.write("\n");
    const { value = "", done } = await lines.next();
    if (done === true) throw new Error("Python has ended");
    return Number(String(value).split(" ")[0]);
  };
}
