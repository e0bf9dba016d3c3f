import { fencing } from "./fencing/story.ts";
import type { Story } from "./harness/story.ts";

/** All stories, in the order of the list. A new story needs a folder and a line here. */
export const stories = [fencing] as unknown as readonly Story<never>[];
