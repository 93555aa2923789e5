const failures: string[] = [];
let passed = 0;

/** Runs one check, and says how it ended. */
export async function check(title: string, body: () => void | Promise<void>): Promise<void> {
  const began = performance.now();
  try {
    await body();
    passed++;
    console.log(`ok      ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures.push(title);
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    console.log(`not ok  ${title}: ${String(error)}\n${stdout}\n${stderr}`);
  }
}

/** Says how many checks passed, and sets the exit status. */
export function summarize(): void {
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** @throws Error unless a program printed an accuracy above a bound */
export function expectAccuracy(output: string, bound = 0.9): void {
  const accuracy = Number(/accuracy (0\.\d+|1)/.exec(output)?.[1]);
  if (!(accuracy > bound)) throw new Error(`expected an accuracy above ${bound}, got:\n${output}`);
}
