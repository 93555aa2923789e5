/** A project cannot be created: the template is unknown, the folder is not empty, or something that it needs was not given. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}
