import type { Bug } from "./bug.ts";
import { acquiringBugs } from "./bugs/acquiring.ts";
import { clientBugs } from "./bugs/client.ts";
import { discoveryBugs } from "./bugs/discovery.ts";
import { eventsBugs } from "./bugs/events.ts";
import { fairBugs } from "./bugs/fair.ts";
import { holdingBugs } from "./bugs/holding.ts";
import { instancesBugs } from "./bugs/instances.ts";
import { kubernetesBugs } from "./bugs/kubernetes.ts";
import { membersBugs } from "./bugs/members.ts";
import { modesBugs } from "./bugs/modes.ts";
import { operatorBugs } from "./bugs/operator.ts";
import { operationsBugs } from "./bugs/operations.ts";
import { ordersBugs } from "./bugs/orders.ts";
import { patternsBugs } from "./bugs/patterns.ts";
import { policiesBugs } from "./bugs/policies.ts";
import { quorumBugs } from "./bugs/quorum.ts";
import { recordsBugs } from "./bugs/records.ts";
import { slotsBugs } from "./bugs/slots.ts";
import { tenantBugs } from "./bugs/tenant.ts";
import { waitingBugs } from "./bugs/waiting.ts";
import { webLocksBugs } from "./bugs/web-locks.ts";

/** Bugs that lock libraries have had, or could have. Each is planted on its own. */
export const bugs: readonly Bug[] = [
  ...operationsBugs,
  ...modesBugs,
  ...slotsBugs,
  ...fairBugs,
  ...tenantBugs,
  ...instancesBugs,
  ...membersBugs,
  ...quorumBugs,
  ...holdingBugs,
  ...waitingBugs,
  ...acquiringBugs,
  ...clientBugs,
  ...policiesBugs,
  ...patternsBugs,
  ...kubernetesBugs,
  ...discoveryBugs,
  ...eventsBugs,
  ...operatorBugs,
  ...recordsBugs,
  ...ordersBugs,
  ...webLocksBugs,
];
