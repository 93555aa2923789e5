/** Adds each row to the row of its segment, in their order, so that the sum is the same on every run. Others are left out. */
export function segmentSum(
  rows: usize,
  segments: usize,
  sums: usize,
  count: i32,
  size: i32,
  segmentCount: i32,
): void {
  const bytes = (<usize>size) << 2;
  const whole = bytes & ~15;
  memory.fill(sums, 0, <usize>segmentCount * bytes);
  for (let i = 0; i < count; i++, segments += 4, rows += bytes) {
    const segment = load<u32>(segments);
    if (segment >= <u32>segmentCount) continue;
    const to = sums + <usize>segment * bytes;
    let at: usize = 0;
    for (; at < whole; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(rows + at)));
    for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(rows + at));
  }
}

/** {@link segmentSum} for integers. */
export function segmentSumInt(
  rows: usize,
  segments: usize,
  sums: usize,
  count: i32,
  size: i32,
  segmentCount: i32,
): void {
  const bytes = (<usize>size) << 2;
  memory.fill(sums, 0, <usize>segmentCount * bytes);
  for (let i = 0; i < count; i++, segments += 4, rows += bytes) {
    const segment = load<u32>(segments);
    if (segment >= <u32>segmentCount) continue;
    const to = sums + <usize>segment * bytes;
    for (let at: usize = 0; at < bytes; at += 4)
      store<i32>(to + at, load<i32>(to + at) + load<i32>(rows + at));
  }
}
