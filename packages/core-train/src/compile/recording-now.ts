import type { StepRecording } from "./step-recording.ts";

let now: StepRecording | null = null;
let numbersRead: Map<unknown, number> | null = null;

/** Whether {@link noteNumber} is to be called. */
export const isReadingNumbers = (): boolean => numbersRead !== null;

/** A step can give a number as this promise. */
export function noteNumber(promise: Promise<number>, value: number): void {
  numbersRead?.set(promise, value);
}

/** Runs `body`, and collects the numbers that it reads, by their promises. */
export function readingNumbers<T>(body: () => T): {
  readonly result: T;
  readonly numbers: ReadonlyMap<unknown, number>;
} {
  const numbers = new Map<unknown, number>();
  numbersRead = numbers;
  try {
    return { result: body(), numbers };
  } finally {
    numbersRead = null;
  }
}

/** The step that is being recorded; `null` at all other times. */
export function recordingNow(): StepRecording | null {
  return now;
}

/** Records what `body` does. */
export function whileRecording<T>(recording: StepRecording, body: () => T): T {
  now = recording;
  try {
    return body();
  } finally {
    now = null;
  }
}
