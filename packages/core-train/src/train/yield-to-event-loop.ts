const longest = 12; // milliseconds: a frame at 60 Hz has 16

let last = 0;

/** Yields to timers, input and painting if the last time was longer ago than most of a frame. */
export async function yieldToEventLoop(): Promise<void> {
  if (performance.now() - last < longest) return;
  await turn();
  last = performance.now();
}

/** One turn of the event loop, without the delay that nested timeouts have in browsers. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
