// Runs are of four bytes, or eight, …; of bools they may be of one.

/** Copies `rows` rows of `bytes` that are `fromStep` apart to where they are `toStep` apart. */
export function copyRows(from: usize, to: usize, rows: i32, bytes: i32, fromStep: i32, toStep: i32): void {
  if (bytes == 4) {
    for (let r = 0; r < rows; r++, from += fromStep, to += toStep) store<i32>(to, load<i32>(from));
  } else if (bytes <= SHORT) {
    for (let r = 0; r < rows; r++, from += fromStep, to += toStep) copyShort(from, to, bytes);
  } else {
    for (let r = 0; r < rows; r++, from += fromStep, to += toStep) memory.copy(to, from, bytes);
  }
}

/**
 * Copies runs of `bytes` from where they are to one after another.
 *
 * @param axes how many there are along each axis, and how far apart, the last axis last
 * @returns where the next would go
 */
export function copyBlock(from: usize, to: usize, bytes: i32, axes: usize, rank: i32): usize {
  const count = load<i32>(axes);
  const step = load<i32>(axes, 4);
  if (rank == 1) {
    copyRows(from, to, count, bytes, step, bytes);
    return to + <usize>count * bytes;
  }
  for (let i = 0; i < count; i++, from += step) to = copyBlock(from, to, bytes, axes + 8, rank - 1);
  return to;
}

/** Up to how many bytes a loop is faster than what the engine has for any number of them. */
const SHORT: i32 = 64;

function copyShort(from: usize, to: usize, bytes: i32): void {
  const end = from + bytes;
  for (const whole = end - 15; from < whole; from += 16, to += 16) v128.store(to, v128.load(from));
  for (const whole = end - 3; from < whole; from += 4, to += 4) store<i32>(to, load<i32>(from));
  for (; from < end; from++, to++) store<u8>(to, load<u8>(from));
}

/** Writes each of `rows` rows of `bytes` `times` times in a row. */
export function repeatRows(from: usize, to: usize, rows: i32, bytes: i32, times: i32): void {
  const size = bytes * times;
  for (let r = 0; r < rows; r++, from += bytes, to += size) {
    if (bytes == 4) {
      fillNumber(load<i32>(from), to, times);
      continue;
    }
    memory.copy(to, from, bytes);
    // What is there is doubled until there is enough.
    for (let done = bytes; done < size; done <<= 1) memory.copy(to + done, to, min(done, size - done));
  }
}

function fillNumber(bits: i32, to: usize, count: i32): void {
  const end = to + ((<usize>count) << 2);
  const four = i32x4.splat(bits);
  for (const whole = end - 12; to < whole; to += 16) v128.store(to, four);
  for (; to < end; to += 4) store<i32>(to, bits);
}
