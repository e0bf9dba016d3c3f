// Preloaded into a process. It hides packages as if they were not installed. The variable WITHOUT contains their names.
import { register } from "node:module";

const hooks = `
  const missing = ${JSON.stringify((process.env.WITHOUT ?? "").split(","))};
  export async function resolve(specifier, context, next) {
    if (missing.includes(specifier)) throw new Error("Cannot find package '" + specifier + "'");
    return next(specifier, context);
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
