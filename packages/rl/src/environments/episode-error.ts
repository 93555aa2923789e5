/** A step outside an episode: before the first reset, or after the end. */
export class EpisodeError extends Error {
  override readonly name = "EpisodeError";
}
