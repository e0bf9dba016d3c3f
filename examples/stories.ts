import { apiLimit } from "./api-limit/story.ts";
import { businessHours } from "./business-hours/story.ts";
import { cacheStampede } from "./cache-stampede/story.ts";
import { chunkedBatch } from "./chunked-batch/story.ts";
import { cronReport } from "./cron-report/story.ts";
import { fencing } from "./fencing/story.ts";
import type { Story } from "./harness/story.ts";
import { inventory } from "./inventory/story.ts";
import { multiTenant } from "./multi-tenant/story.ts";
import { orders } from "./orders/story.ts";
import { taskQueue } from "./task-queue/story.ts";

/** All stories, in the order of the list. A new story needs a folder and a line here. */
export const stories = [
  fencing,
  inventory,
  multiTenant,
  businessHours,
  apiLimit,
  chunkedBatch,
  cronReport,
  cacheStampede,
  taskQueue,
  orders,
] as unknown as readonly Story<never>[];
