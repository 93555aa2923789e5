/** The most threads of a pool, the caller's among them. */
export const MOST = 64;

/** What the words of a pool's control are, by their index. */
export const words = {
  /** The number of the job, on which idle threads wait. */
  JOB: 0,
  /** The calls of the job that nobody has taken. A thread that takes one from it, and found more than 0, has that call. */
  LEFT: 1,
  /** The calls that are done, on which the caller waits. */
  DONE: 2,
  /** 1 ends every thread. */
  STOP: 3,
  /** The number of the thread whose call failed; 0 for none. */
  FAILED: 4,
  /** The length of its message, which begins at {@link TEXT}, a character a word. */
  LENGTH: 5,
  /** The states of the threads, one after the other. */
  STATE: 8,
  /** Where the message of an error begins. */
  TEXT: 8 + MOST,
} as const;

/** Words of the control: the last ones are for the message. */
export const WORDS = words.TEXT + 256;

/** What a thread does: it has not begun, waits for a job, takes part in one, or has ended. */
export const states = { STARTING: 0, IDLE: 1, BUSY: 2, ENDED: 3 } as const;

/** Numbers of a call: which function, how many arguments, and these. */
export const CALL = 64;
