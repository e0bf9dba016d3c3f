import { type InstanceError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import type { Member } from "../members/member.ts";
import type { Reply, Request } from "../operations/request.ts";
import { Round } from "../quorum/round.ts";

/** What one instance replied to each request, in the order of the requests, or why it did not. */
export interface Answer {
  readonly member: Member;
  readonly replies: readonly (Reply | InstanceError)[];
}

/** Sends the same requests to all instances of a client. Waits for each of them until the time limit of a request. Never rejects. */
export async function askAll(client: Client, requests: readonly Request[]): Promise<readonly Answer[]> {
  const { members } = client;
  if (!members.isIdentified) await members.identifyAll();
  const { voters } = members;
  const answers = voters.members.map((member) => ({ member, replies: [] as (Reply | InstanceError)[] }));
  await Promise.all(
    requests.map(
      (request, index) =>
        new Promise<void>((resolve) => {
          const missing = new Set(answers);
          if (missing.size === 0) resolve();
          new Round(voters).send(request).listen((memberIndex, reply) => {
            const answer = answers.find(({ member }) => member.index === memberIndex);
            // A late reply of a member that abstained says what the server has, which is what an operator asks for.
            if (answer === undefined) return;
            answer.replies[index] = reply;
            missing.delete(answer);
            if (missing.size === 0) resolve();
          });
        }),
    ),
  );
  return answers;
}
