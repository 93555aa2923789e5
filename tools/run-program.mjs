import { spawnSync } from "node:child_process";

const isWindows = process.platform === "win32";

/** Runs a program and ends this process if it fails. On Windows npm's programs are command files, which only a shell starts. */
export function runProgram(program, args) {
  const words = isWindows ? args.map((arg) => (/[^\w./:@=\\-]/.test(arg) ? `"${arg}"` : arg)) : args;
  const { status, error } = spawnSync(program, words, { stdio: "inherit", shell: isWindows });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
