/** Copies `rows` rows of `bytes` that are `fromStep` apart to where they are `toStep` apart. */
export function copyRows(from: usize, to: usize, rows: i32, bytes: i32, fromStep: i32, toStep: i32): void {
  for (let r = 0; r < rows; r++, from += fromStep, to += toStep) memory.copy(to, from, bytes);
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
