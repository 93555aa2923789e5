import { type AddressCodec, keepAddress, readAddress } from "@pellucid/interpret/parts/keep-address";
import { Selection } from "@pellucid/interpret/parts/selection";
import type { LessonName } from "./lesson-order.ts";

let stop: () => void = () => {};

/** What is selected on a lesson's page, kept in the address; what the address of another lesson says is not read. */
export function lessonSelection<S extends object>(
  lesson: LessonName,
  start: S,
  codec: AddressCodec<S>,
  valid: (state: S) => S = (state) => state,
): Selection<S> {
  stop();
  const mine = new URLSearchParams(location.hash.slice(1)).get("lesson") === lesson;
  if (!mine && location.hash !== "")
    history.replaceState(history.state, "", location.pathname + location.search);
  const selection = new Selection(valid(readAddress(location.hash, start, codec)));
  stop = keepAddress(selection, start, codec, { lesson });
  return selection;
}
