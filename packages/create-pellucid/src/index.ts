export { createProject, type CreateProjectOptions } from "./create-project.ts";
export { ProjectError } from "./project-error.ts";
export { type TemplateName, templates } from "./templates.ts";
