import type { StepRecording } from "./step-recording.ts";

let now: StepRecording | null = null;
let numbersRead: number[] | null = null;

/** Whether {@link noteNumber} is to be called. */
export const isReadingNumbers = (): boolean => numbersRead !== null;

/** A step gives a number as a promise. */
export function noteNumber(value: number): void {
  numbersRead?.push(value);
}

/** Runs `body`, and collects the numbers that it gives as promises. */
export function readingNumbers<T>(body: () => T): {
  readonly result: T;
  readonly numbers: readonly number[];
} {
  const numbers: number[] = [];
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
