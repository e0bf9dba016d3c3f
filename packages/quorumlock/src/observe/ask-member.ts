import { InstanceError } from "../base/errors.ts";
import type { Member } from "../members/member.ts";
import type { Reply, Request } from "../operations/request.ts";

/** Resolves to the reply of one instance. `undefined` if it does not answer in time, or refuses. */
export function ask(member: Member, request: Request): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    member.send(request, {
      onReply: (_index, reply) => resolve(reply instanceof InstanceError ? undefined : reply),
    });
  });
}
