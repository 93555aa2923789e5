import { CALL, states, words } from "./control.ts";

/** How often an idle thread looks for a job before it sleeps: some 50 µs, about what it takes to wake up. */
const LOOKS = 5_000;

/**
 * The program of a thread, as text, so that no bundler needs to know of it: `run(data, ready)` serves the pool until that stops. A thread marks itself as
 * busy before it takes a call, so that the caller, which waits for the call, sees whether a thread has it.
 */
export const threadSource = `"use strict";
const run = ({ module, memory, control, calls, names, number }, ready) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = names.map((name) => exports[name]);
  const state = ${words.STATE} + number;
  const take = () => {
    for (;;) {
      const left = Atomics.sub(control, ${words.LEFT}, 1);
      if (left <= 0) return;
      const at = (left - 1) * ${CALL};
      try {
        functions[calls[at]](...calls.subarray(at + 2, at + 2 + calls[at + 1]));
      } catch (error) {
        const text = String(error).slice(0, 250);
        for (let i = 0; i < text.length; i++) control[${words.TEXT} + i] = text.charCodeAt(i);
        control[${words.LENGTH}] = text.length;
        Atomics.store(control, ${words.FAILED}, number);
      }
      Atomics.add(control, ${words.DONE}, 1);
    }
  };
  let job = Atomics.load(control, ${words.JOB});
  Atomics.store(control, state, ${states.IDLE});
  ready();
  while (Atomics.load(control, ${words.STOP}) === 0) {
    for (let i = 0; i < ${LOOKS} && Atomics.load(control, ${words.JOB}) === job; i++);
    Atomics.wait(control, ${words.JOB}, job);
    job = Atomics.load(control, ${words.JOB});
    Atomics.store(control, state, ${states.BUSY});
    take();
    Atomics.store(control, state, ${states.IDLE});
    Atomics.notify(control, ${words.DONE});
  }
  Atomics.store(control, state, ${states.ENDED});
};
`;
