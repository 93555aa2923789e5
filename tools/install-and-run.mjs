// node tools/install-and-run.mjs COMMAND...: installs the locked dependencies, then runs COMMAND with their programs on its path.
import { delimiter, join } from "node:path";
import { runProgram } from "./run-program.mjs";

const [program, ...args] = process.argv.slice(2);
process.env.PATH = [join(process.cwd(), "node_modules", ".bin"), process.env.PATH].join(delimiter);
runProgram("pnpm", ["install", "--frozen-lockfile", "--reporter=append-only"]);
if (program !== undefined) runProgram(program, args);
